//! `POST /api/logs/clear`.

use crate::support::api::Api;
use crate::support::memory::Mood;

#[tokio::test]
async fn events_go_and_the_audit_log_stays() {
    let api = Api::sample();
    let answer = api.admin("POST", "/api/logs/clear").await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!("cleared", answer.body);
    assert_eq!(api.get("/api/logs").await.body["total"], 0);
    let entry = &api.get("/api/audit-log?action=logs.clear").await.body["data"][0];
    assert_eq!(entry["request_id"], answer.header("x-request-id"));
    insta::assert_json_snapshot!("audited", entry, { ".request_id" => "[request_id]", ".hash" => "[hash]" });
}

#[tokio::test]
async fn a_request_that_says_what_to_clear_does_not_clear_everything() {
    let api = Api::sample();
    assert_eq!(api.admin("POST", "/api/logs/clear?before=2026").await.fields(), ["before"]);
    assert_eq!(api.post("/api/logs/clear", r#"{"days":30}"#).await.fields(), ["days"]);
    assert_eq!(api.post("/api/logs/clear", r#"{"client_ip":null}"#).await.fields(), ["client_ip"]);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    assert_eq!(api.post("/api/logs/clear", "{}").await.status, 200);
}

#[tokio::test]
async fn a_failure_is_audited_as_one() {
    let api = Api::sample();
    api.store.set_mood(Mood::Broken);
    assert_eq!(api.admin("POST", "/api/logs/clear-old?days=1").await.status, 500);
    api.store.set_mood(Mood::Well);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    let entry = &api.get("/api/audit-log?action=logs.clear_old").await.body["data"][0];
    assert_eq!((&entry["state"], &entry["details"]["after"]["error"]), (&"failed".into(), &"internal".into()));
}

#[tokio::test]
async fn without_an_intent_on_record_nothing_is_cleared() {
    let api = Api::sample();
    // The login is remembered before the audit log's table goes.
    assert_eq!(api.get("/api/logs").await.status, 200);
    let file = rusqlite::Connection::open(api.control.path()).unwrap();
    file.execute_batch("ALTER TABLE audit_log RENAME TO elsewhere").unwrap();
    for path in ["/api/logs/clear", "/api/logs/clear-old"] {
        assert_eq!(api.admin("POST", path).await.status, 500, "{path}");
    }
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}
