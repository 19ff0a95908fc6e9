//! `POST /api/maintenance/{vacuum,analyze,rebuild-stats}`, over the embedded store.

use crate::store::columnar;
use crate::support::api::Api;
use crate::support::lines::{SAMPLE, batch};
use serde_json::json;

#[tokio::test]
async fn upkeep_is_done_and_says_what_came_of_it() {
    let temporary = columnar();
    crate::store::append(&*temporary.store, &[batch(&SAMPLE)]);
    let api = Api::over(temporary.store.clone());
    let top = async || api.get("/api/analytics/top-domains?days=90").await.body["data"].clone();
    let before = top().await;
    for (verb, name) in [
        ("vacuum", "maintenance.vacuum"),
        ("analyze", "maintenance.analyze"),
        ("rebuild-stats", "maintenance.rebuild-stats"),
    ] {
        let done = api.post(&format!("/api/maintenance/{verb}"), "").await;
        let run = &done.body["data"];
        assert_eq!(
            (done.status.as_u16(), &run["name"], &run["outcome"]),
            (200, &json!(name), &json!("done")),
            "{verb}"
        );
        assert_eq!(run["result"]["reclaimed_mb"].is_f64(), verb == "vacuum", "{run:#}");
        assert_eq!(run["result"]["hours"].as_u64().is_some_and(|hours| hours > 0), verb == "rebuild-stats", "{run:#}");
        assert_eq!(top().await, before, "{verb}");
    }
    assert_eq!(api.post("/api/maintenance/vacuum", r#"{"full":true}"#).await.status, 422);
    assert_eq!(api.post("/api/maintenance/defrag", "").await.status, 404);
    assert!(temporary.store.verify().unwrap().damaged.is_empty());
}
