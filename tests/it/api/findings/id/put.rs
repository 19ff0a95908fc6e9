//! `PUT /api/findings/{id}`.

use crate::api::findings::get::{found, look};
use crate::support::api::{Answer, Api};
use serde_json::json;

async fn put(api: &Api, id: u64, body: &str) -> Answer {
    api.send_as("PUT", &format!("/api/findings/{id}"), "application/json", body.to_owned()).await
}

#[tokio::test]
async fn a_dismissed_finding_stays_so_and_the_audit_log_says_by_whom() {
    let api = found().await;
    let done = put(&api, 1, r#"{"status":"dismissed","note":"the printers' monitor"}"#).await;
    assert_eq!((done.status.as_u16(), &done.body["data"]["status"]), (200, &json!("dismissed")), "{}", done.text);
    look(&api).await;
    let finding = api.get("/api/findings/1").await;
    assert_eq!(finding.body["data"]["note"], "the printers' monitor");
    assert_eq!(api.get("/api/findings?status=open").await.ids(), [2]);
    assert_eq!(api.get("/api/dashboard/summary").await.body["data"]["findings"]["open"], 1);
    let entry = &api.get("/api/audit-log?action=findings.update").await.body["data"][0];
    assert_eq!((&entry["username"], &entry["target"]), (&json!("admin"), &json!("1")), "{entry:#}");
    // A note alone leaves the status, and the other way round.
    assert_eq!(put(&api, 1, r#"{"note":""}"#).await.body["data"]["status"], "dismissed");
    assert_eq!(put(&api, 1, r#"{"status":"open"}"#).await.body["data"]["status"], "open");
}

#[tokio::test]
async fn what_is_not_acceptable_changes_nothing() {
    let api = found().await;
    let long = format!(r#"{{"status":"open","note":"{}"}}"#, "x".repeat(501));
    for (body, fields) in [
        (r#"{"status":"solved"}"#, vec!["status"]),
        (&*long, vec!["note"]),
        (r#"{"status":"dismissed","note":"two\nlines"}"#, vec!["note"]),
        (r#"{"status":"dismissed","who":"me"}"#, vec!["who"]),
    ] {
        let refused = put(&api, 1, body).await;
        assert_eq!((refused.status.as_u16(), refused.fields()), (422, fields), "{}", refused.text);
    }
    assert_eq!(put(&api, 9, r#"{"status":"open"}"#).await.status, 404);
    assert_eq!(api.get("/api/findings?status=open").await.ids(), [1, 2]);
}
