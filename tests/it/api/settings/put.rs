//! `PUT /api/settings/{name}`.

use crate::support::api::{Answer, Api};
use serde_json::{Value, json};

async fn put(api: &Api, name: &str, body: &str) -> Answer {
    api.send_as("PUT", &format!("/api/settings/{name}"), "application/json", body.to_owned()).await
}

#[tokio::test]
async fn values_are_typed_bounded_and_kept() {
    let api = Api::empty();
    for (name, given, want) in [
        ("log_retention_days", json!(90), json!(90)),
        ("log_retention_days", json!("91"), json!(91)),
        ("smtp_tls", json!("tls"), json!("tls")),
        ("notify_severities", json!("error, Alert"), json!(["Alert", "Error"])),
        ("api_allowed_origins", json!(["https://A.example:443"]), json!(["https://a.example"])),
        ("internal_networks", json!("10.1.2.3/8\n192.0.2.1"), json!(["10.0.0.0/8", "192.0.2.1"])),
        ("client_aliases", json!(["10.0.0.1=Front desk"]), json!(["10.0.0.1=Front desk"])),
        ("internal_networks", json!([]), json!([])),
        ("gdpr_mode", json!("true"), json!(true)),
    ] {
        let answer = put(&api, name, &json!({ "value": given }).to_string()).await;
        let row = &answer.body["data"][0];
        assert_eq!(
            (answer.status.as_u16(), &answer.body["message"]),
            (200, &json!("Settings saved")),
            "{}",
            answer.text
        );
        assert_eq!((&row["setting_name"], &row["setting_value"]), (&json!(name), &want));
        assert_eq!(row["source"], "database");
        let listed = api.get("/api/settings").await.body["data"].clone();
        let listed = listed.as_array().unwrap().iter().find(|row| row["setting_name"] == name).unwrap().clone();
        assert_eq!(&listed, row, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_named_and_changes_nothing() {
    let api = Api::empty();
    for (name, body, status, fields) in [
        ("nothing", r#"{"value":1}"#, 404, vec![]),
        ("%FF", r#"{"value":1}"#, 404, vec![]),
        ("log_retention_days", "", 400, vec![]),
        ("log_retention_days", "{", 400, vec![]),
        ("log_retention_days", "{}", 400, vec![]),
        ("log_retention_days", "[1]", 422, vec!["body"]),
        ("log_retention_days", r#"{"value":0}"#, 422, vec!["value"]),
        ("log_retention_days", r#"{"value":1.5}"#, 422, vec!["value"]),
        ("log_retention_days", r#"{"value":null}"#, 422, vec!["value"]),
        ("log_retention_days", r#"{"value":9,"values":9}"#, 422, vec!["values"]),
        ("gdpr_client_level", r#"{"value":"none"}"#, 422, vec!["value"]),
        ("api_allowed_origins", r#"{"value":["*"]}"#, 422, vec!["value"]),
        ("notify_severities", r#"{"value":["Bad"]}"#, 422, vec!["value"]),
        ("ignored_hosts", r#"{"value":["a.example",1]}"#, 422, vec!["value"]),
        ("internal_networks", r#"{"value":["10.0.0.0/33"]}"#, 422, vec!["value"]),
    ] {
        let answer = put(&api, name, body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{name} {body}: {}", answer.text);
    }
    let changed = api.get("/api/audit-log?action=settings.update").await;
    assert_eq!(changed.body["total"], 0);
    let large = json!({ "value": "x".repeat(1024 * 1024) }).to_string();
    assert_eq!(put(&api, "ignored_hosts", &large).await.status, 413);
    let form = api.send_as("PUT", "/api/settings/gdpr_mode", "text/plain", "true").await;
    assert_eq!(form.status, 415);
}

#[tokio::test]
async fn a_secret_is_never_read_back() {
    let api = Api::empty();
    let of = |answer: &Answer| {
        let row = &answer.body["data"][0];
        (row["setting_value"].clone(), row["set"].clone())
    };
    let set = put(&api, "smtp_password", r#"{"value":"hunter2-hunter2"}"#).await;
    assert_eq!(of(&set), (Value::Null, json!(true)));
    let audit = api.get("/api/audit-log?action=settings.update").await;
    assert_eq!(audit.body["data"][0]["details"], json!({ "before": "", "after": "***" }));
    for answer in [&set, &audit, &api.get("/api/settings").await, &api.get("/api/config").await] {
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
    let refused = put(&api, "smtp_password", &json!({ "value": "hunter2\n" }).to_string()).await;
    assert!(refused.status == 422 && !refused.text.contains("hunter2"), "{}", refused.text);
    assert_eq!(of(&put(&api, "smtp_password", r#"{"value":""}"#).await), (Value::Null, json!(false)));
}
