//! `DELETE /api/settings/{name}`.

use crate::support::api::Api;
use serde_json::json;

#[tokio::test]
async fn the_default_holds_again() {
    let api = Api::empty();
    api.post("/api/settings", r#"{"log_retention_days":7}"#).await;
    let answer = api.admin("DELETE", "/api/settings/log_retention_days").await;
    let row = &answer.body["data"][0];
    assert_eq!((&row["setting_value"], &row["source"]), (&json!(30), &json!("default")));
    assert_eq!(answer.body["message"], "Setting reset");
    let audited = api.get("/api/audit-log?action=settings.reset").await;
    assert_eq!(audited.body["data"][0]["details"], json!({ "before": 7, "after": 30 }));
    assert_eq!(api.admin("DELETE", "/api/settings/nothing").await.status, 404);
}
