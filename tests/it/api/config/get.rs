//! `GET /api/config`.

use crate::support::api::Api;

#[tokio::test]
async fn what_is_in_force_and_where_it_comes_from() {
    let api = Api::empty();
    api.post("/api/settings", r#"{"smtp_password":"hunter2","log_retention_days":7}"#).await;
    let answer = api.get("/api/config").await;
    let data = &answer.body["data"];
    assert_eq!(data["config"]["data_dir"], "tidegate-data");
    for (name, value, source) in [
        ("log_retention_days", serde_json::json!(7), "database"),
        ("gdpr_mode", serde_json::json!(false), "default"),
        ("smtp_password", serde_json::json!(null), "database"),
    ] {
        assert_eq!(data["settings"][name], serde_json::json!({ "value": value, "source": source }), "{name}");
    }
    assert!(!answer.text.contains("hunter2"));
    assert_eq!(api.get("/api/config?x=1").await.fields(), ["x"]);
}
