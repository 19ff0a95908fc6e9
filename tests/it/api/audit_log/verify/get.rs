//! `GET /api/audit-log/verify`.

use crate::support::api::Api;
use serde_json::{Value, json};
use tidegate::control::{Actor, AuditEntry};

async fn checked(api: &Api) -> Value {
    let answer = api.get("/api/audit-log/verify").await;
    assert_eq!(answer.status, 200);
    answer.body["data"].clone()
}

#[tokio::test]
async fn a_log_as_it_was_written_is_valid_and_survives_the_events() {
    let api = Api::sample();
    assert_eq!(checked(&api).await, json!({"valid": true, "entries": 1, "first_broken_id": null}));
    let before = api.get("/api/audit-log").await.body["data"][0].clone();
    assert_eq!(api.admin("POST", "/api/logs/clear").await.status, 200);
    assert_eq!(api.admin("POST", "/api/logs/clear-old?days=1").await.status, 200);
    // Two actions, each with a begin and an end.
    assert_eq!(checked(&api).await, json!({"valid": true, "entries": 5, "first_broken_id": null}));
    assert_eq!(api.get("/api/audit-log").await.body["data"][2], before);
}

#[tokio::test]
async fn the_first_entry_touched_is_named() {
    for (sql, first, entries) in [
        ("UPDATE audit_log SET username = 'eve' WHERE id IN (3, 5)", 3, 6),
        ("UPDATE audit_log SET after_json = '{}' WHERE id = 6", 6, 6),
        ("DELETE FROM audit_log WHERE id = 1", 1, 5),
        ("DELETE FROM audit_log WHERE id = 4", 4, 5),
        ("DELETE FROM audit_log WHERE id = 6", 6, 5),
        ("DELETE FROM audit_log", 1, 0),
        ("UPDATE audit_log SET id = id + 1 WHERE id = 6", 6, 6),
        ("DELETE FROM audit_head", 7, 6),
    ] {
        let api = Api::empty();
        for n in 0..5 {
            api.control.record(&Actor::system("test"), &AuditEntry::new("settings.update", format!("{n}"))).unwrap();
        }
        let file = rusqlite::Connection::open(api.control.path()).unwrap();
        file.execute_batch("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete").unwrap();
        file.execute_batch(sql).unwrap();
        let found = checked(&api).await;
        assert_eq!(found, json!({"valid": false, "entries": entries, "first_broken_id": first}), "{sql}");
    }
}

#[tokio::test]
async fn it_takes_no_parameters() {
    assert_eq!(Api::empty().get("/api/audit-log/verify?limit=1").await.fields(), ["limit"]);
}
