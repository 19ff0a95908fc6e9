//! `GET /api/logs/timeline`.

use crate::support::api::{Api, as_admin};
use crate::support::lines::NOON;
use axum::body::Body;
use tidegate::model::{HOUR_MS, Timestamp};

#[tokio::test]
async fn buckets_have_no_gaps_and_the_unfinished_one_is_last() {
    let api = Api::sample();
    insta::assert_json_snapshot!("hours", api.get("/api/logs/timeline?hours=4").await.body);
    insta::assert_json_snapshot!("days", api.get("/api/logs/timeline?hours=49&resolution=1d").await.body);
    for (query, count) in [("", 24), ("?hours=1", 1), ("?hours=720", 720), ("?hours=2&resolution=5m", 24)] {
        let answer = api.get(&format!("/api/logs/timeline{query}")).await;
        assert_eq!(answer.body["data"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(answer.body.as_object().unwrap().len(), 3, "a series has no paging");
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::empty();
    for (query, fields) in [
        ("hours=0", vec!["hours"]),
        ("hours=721", vec!["hours"]),
        ("hours=1.5&resolution=2h", vec!["hours", "resolution"]),
        ("from=1h", vec!["from"]),
        ("from=1h&hours=1", vec!["from"]),
        ("hour=1", vec!["hour"]),
    ] {
        let answer = api.get(&format!("/api/logs/timeline?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields), "{query}");
    }
}

#[tokio::test]
async fn the_tag_moves_with_the_window_and_not_before() {
    let api = Api::sample();
    let path = "/api/logs/timeline?hours=3";
    let tag = api.get(path).await.header("etag").to_owned();
    let again = || as_admin("GET", path).header("if-none-match", &tag).body(Body::empty()).unwrap();
    api.clock.set(Timestamp(NOON.0 + HOUR_MS - 1));
    assert_eq!(api.send(again()).await.status, 304);
    api.clock.set(Timestamp(NOON.0 + HOUR_MS));
    assert_eq!(api.send(again()).await.status, 200);
    assert_ne!(api.get("/api/logs/timeline?hours=4").await.header("etag"), tag);
}
