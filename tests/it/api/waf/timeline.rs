//! `GET /api/waf/timeline`.

use super::scored;
use crate::support::api::Api;
use serde_json::Value;

async fn buckets(api: &Api, query: &str) -> Vec<Value> {
    api.get(&format!("/api/waf/timeline?{query}")).await.body["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn hits_are_those_of_the_categories_bucket_by_bucket() {
    let api = scored();
    for (query, width_minutes) in [("hours=3", 5), ("hours=24", 60), ("days=20", 24 * 60)] {
        let found = buckets(&api, query).await;
        let times: Vec<_> = found.iter().map(|bucket| bucket["time"].as_str().unwrap().to_owned()).collect();
        assert!(times.is_sorted() && !times.is_empty(), "{query}: {times:?}");
        if width_minutes == 5 {
            // From the first row, 90 minutes ago, to the last, 30 minutes ago.
            assert_eq!(found.len(), 13, "{query}: {times:?}");
        }
        let categories = api.get(&format!("/api/waf/categories?{query}")).await.body["data"].clone();
        for category in categories.as_array().unwrap() {
            let name = category["name"].as_str().unwrap();
            let sum: u64 = found.iter().filter_map(|bucket| bucket["categories"][name].as_u64()).sum();
            assert_eq!(sum, category["hits"].as_u64().unwrap(), "{query} {name}");
        }
        let stats = api.get(&format!("/api/waf/stats?{query}")).await.body["data"].clone();
        let flagged: u64 = found.iter().map(|bucket| bucket["flagged"].as_u64().unwrap()).sum();
        assert_eq!(flagged, stats["flagged"].as_u64().unwrap(), "{query}");
        let worst = found.iter().map(|bucket| bucket["max_score"].as_u64().unwrap()).max().unwrap();
        assert_eq!(worst, stats["score_histogram"].as_array().unwrap().last().unwrap()["score"].as_u64().unwrap());
    }
    assert_eq!(buckets(&Api::empty(), "hours=24").await, Vec::<Value>::new());
}
