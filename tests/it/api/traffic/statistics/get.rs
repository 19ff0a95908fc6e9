//! `GET /api/traffic/statistics`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn periods_have_their_buckets_and_labels() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    for (query, count, first, last) in [
        ("", 24, "2025-12-31 13", "2026-01-01 12"),
        ("?period=hour", 12, "2026-01-01 11:05", "2026-01-01 12:00"),
        ("?period=day", 24, "2025-12-31 13", "2026-01-01 12"),
        ("?period=WEEK", 7, "2025-12-26", "2026-01-01"),
        ("?period=month", 30, "2025-12-03", "2026-01-01"),
        ("?period=month&limit=2", 2, "2025-12-31", "2026-01-01"),
    ] {
        let data = api.get(&format!("/api/traffic/statistics{query}")).await.body["data"].clone();
        let labels = data["labels"].as_array().unwrap();
        assert_eq!((labels.len(), &labels[0], &labels[count - 1]), (count, &first.into(), &last.into()), "{query}");
        for field in ["inbound", "outbound", "blocked", "requests"] {
            assert_eq!(data[field].as_array().unwrap().len(), count, "{query} {field}");
        }
    }
    insta::assert_json_snapshot!("day", api.get("/api/traffic/statistics").await.body);
}
