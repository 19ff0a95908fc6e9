//! `GET /api/retention-preview`.

use crate::support::api::Api;

#[tokio::test]
async fn counts_stand_at_the_top_too() {
    let api = Api::sample();
    insta::assert_json_snapshot!("thirty_days", api.get("/api/retention-preview").await.body);
    assert_eq!(api.get("/api/retention-preview?days=1").await.body["data"]["delete_count"], 3);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}

#[tokio::test]
async fn days_out_of_range_are_422() {
    let api = Api::sample();
    for query in ["days=0", "days=-3", "days=3651", "days=", "days=1&days=2", "day=1"] {
        assert_eq!(api.get(&format!("/api/retention-preview?{query}")).await.status, 422, "{query}");
    }
}
