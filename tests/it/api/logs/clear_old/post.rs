//! `POST /api/logs/clear-old`.

use crate::support::api::Api;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;

#[tokio::test]
async fn days_come_from_the_query_the_body_or_the_setting() {
    for (path, body, deleted) in [
        ("/api/logs/clear-old", "", 2),
        ("/api/logs/clear-old?days=36", "", 1),
        ("/api/logs/clear-old", r#"{"days":1}"#, 3),
        ("/api/logs/clear-old", r#"{"days":"36"}"#, 1),
        ("/api/logs/clear-old", "{}", 2),
        ("/api/logs/clear-old?days=41", "", 0),
    ] {
        let api = Api::sample();
        let answer = api.post(path, body).await;
        assert_eq!((&answer.body["deleted"], &answer.body["data"]["deleted"]), (&deleted.into(), &deleted.into()));
        assert_eq!(answer.body["message"], "Cleared old logs");
        assert_eq!(api.get("/api/logs").await.body["total"], 12 - deleted, "{path} {body}");
        let entries = api.get("/api/audit-log?q=clear_old").await;
        assert_eq!(entries.body["data"][0]["details"]["after"]["deleted"], deleted);
    }
}

#[tokio::test]
async fn the_preview_says_what_goes() {
    let api = Api::sample();
    let actor = Actor::system("test");
    api.control.set_setting("log_retention_days", SettingValue::Int(36), &actor).unwrap();
    let preview = api.get("/api/retention-preview").await.body["delete_count"].clone();
    assert_eq!(api.admin("POST", "/api/logs/clear-old").await.body["deleted"], preview);
    assert_eq!(preview, 1);
}

#[tokio::test]
async fn days_out_of_range_or_said_twice_are_422() {
    let api = Api::sample();
    for path in ["/api/logs/clear-old?days=0", "/api/logs/clear-old?days=3651", "/api/logs/clear-old?days=x"] {
        let answer = api.admin("POST", path).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["days"]), "{path}");
    }
    assert_eq!(api.post("/api/logs/clear-old?days=5", r#"{"days":5}"#).await.fields(), ["days"]);
    assert_eq!(api.post("/api/logs/clear-old", r#"{"days":1.5}"#).await.fields(), ["days"]);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    assert_eq!(api.get("/api/audit-log?action=logs.clear_old").await.body["total"], 0);
}
