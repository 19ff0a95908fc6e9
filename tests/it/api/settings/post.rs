//! `POST /api/settings` and `POST /api/settings/{section}`.

use crate::support::api::{Answer, Api};
use serde_json::json;
use tidegate::control::settings::{
    ARCHIVE_ENABLED, GDPR_MODE, LOG_RETENTION_DAYS, NOTIFY_SEVERITIES, SMTP_HOST, SMTP_PORT,
};

fn names(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"].as_array().unwrap().iter().map(|row| row["setting_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn several_are_set_together() {
    let api = Api::empty();
    let answer = api.post("/api/settings", r#"{"gdpr_mode":true,"log_retention_days":"7"}"#).await;
    assert_eq!(names(&answer), ["gdpr_mode", "log_retention_days"]);
    let settings = api.control.settings();
    assert_eq!((settings.get(GDPR_MODE), settings.get(LOG_RETENTION_DAYS)), (true, 7));
}

#[tokio::test]
async fn all_or_nothing_with_each_fault_named() {
    let api = Api::empty();
    let body = r#"{"gdpr_mode":true,"log_retention_days":0,"nothing":1,"smtp_port":null}"#;
    let answer = api.post("/api/settings", body).await;
    assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["log_retention_days", "nothing", "smtp_port"]));
    assert!(!api.control.settings().get(GDPR_MODE));
    assert_eq!(api.post("/api/settings", "{}").await.status, 400);
    assert_eq!(api.get("/api/audit-log?action=settings.update").await.body["total"], 0);
}

#[tokio::test]
async fn a_section_takes_its_names_with_and_without_what_they_share() {
    let api = Api::empty();
    let email = api.post("/api/settings/email", r#"{"host":"mail.example","smtp_port":"25"}"#).await;
    assert_eq!(names(&email), ["smtp_host", "smtp_port"]);
    let notifications = api.post("/api/settings/notifications", r#"{"severities":["Alert"]}"#).await;
    assert_eq!(names(&notifications), ["notify_severities"]);
    let database = api.post("/api/settings/database", r#"{"log_retention_days":5,"archive_enabled":true}"#).await;
    assert_eq!(names(&database), ["archive_enabled", "log_retention_days"]);
    let settings = api.control.settings();
    assert_eq!((settings.get(SMTP_HOST), settings.get(SMTP_PORT)), ("mail.example", 25));
    assert_eq!((settings.get(LOG_RETENTION_DAYS), settings.get(ARCHIVE_ENABLED)), (5, true));
    assert_eq!(settings.get(NOTIFY_SEVERITIES).as_ref(), ["Alert".to_owned()]);

    for (section, body, status, fields) in [
        ("email", r#"{"gdpr_mode":true}"#, 422, vec!["gdpr_mode"]),
        ("email", r#"{"host":"a","smtp_host":"b"}"#, 422, vec!["smtp_host"]),
        ("database", r#"{"retention_days":5}"#, 422, vec!["retention_days"]),
        ("log_retention_days", r#"{"value":5}"#, 404, vec![]),
    ] {
        let answer = api.post(&format!("/api/settings/{section}"), body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{section} {body}");
    }
    let audited = api.get("/api/audit-log?action=settings.update&target=smtp_host").await;
    assert_eq!(audited.body["data"][0]["details"], json!({ "before": "", "after": "mail.example" }));
}
