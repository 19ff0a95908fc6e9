//! `GET /api/charts/volume`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/charts/volume?hours=4").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/charts/volume?hours=4").await.body);
}

#[tokio::test]
async fn the_machine_is_asked_for_by_name() {
    let api = Api::sample();
    api.store.push(vec![office()]);
    for (query, count) in [("", 21), ("&host=PROXY2", 12), ("&host=!proxy2", 9), ("&host=none", 0)] {
        let data = api.get(&format!("/api/charts/volume?hours=24{query}")).await.body["data"].clone();
        let data = data.as_array().unwrap();
        assert_eq!(data.len(), 24);
        assert_eq!(data.iter().map(|hour| hour["count"].as_u64().unwrap()).sum::<u64>(), count, "{query}");
    }
}
