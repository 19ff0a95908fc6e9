//! `PUT /api/services/{name}`.

use crate::support::api::{Answer, Api};
use crate::support::lines::office;
use serde_json::json;

async fn put(api: &Api, name: &str, body: &str) -> Answer {
    api.send_as("PUT", &format!("/api/services/{name}"), "application/json", body.to_owned()).await
}

#[tokio::test]
async fn a_decision_shows_in_rows_and_statistics_and_is_audited() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    let sanctioned = async || {
        let uses = api.get("/api/analytics/shadow-it").await.body["data"].clone();
        let found = uses.as_array().unwrap().iter().find(|row| row["name"] == "Dropbox").unwrap().clone();
        let tags = api.get("/api/logs/1").await.body["data"]["tags"].clone();
        let shadow = tags.as_array().unwrap().contains(&json!("shadow_it"));
        assert_ne!(found["sanctioned"], json!(shadow));
        !shadow
    };
    assert!(!sanctioned().await);
    for (decided, name) in [(true, "Dropbox"), (false, "dropbox"), (true, "DROPBOX")] {
        let answer = put(&api, name, &json!({ "sanctioned": decided }).to_string()).await;
        let row = json!({ "name": "Dropbox", "category": "storage", "sanctioned": decided, "risk": answer.body["data"]["risk"] });
        assert_eq!((answer.status.as_u16(), &answer.body["data"]), (200, &row), "{}", answer.text);
        assert_eq!(sanctioned().await, decided);
    }
    let audit = api.get("/api/audit-log?action=services.update").await.body["data"].clone();
    let details: Vec<_> = audit.as_array().unwrap().iter().map(|entry| entry["details"].clone()).collect();
    let change = |before: serde_json::Value, after: bool| json!({ "before": { "sanctioned": before }, "after": { "sanctioned": after } });
    assert_eq!(details, [change(json!(false), true), change(json!(true), false), change(json!(null), true)]);
    assert_eq!(audit[0]["target"], "Dropbox");
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::empty();
    for (name, body, status, fields) in [
        ("no%20such%20service", r#"{"sanctioned":true}"#, 404, vec![]),
        ("%FF", r#"{"sanctioned":true}"#, 404, vec![]),
        ("Dropbox", "{}", 400, vec![]),
        ("Dropbox", "", 400, vec![]),
        ("Dropbox", "{", 400, vec![]),
        ("Dropbox", r#"{"sanctioned":"yes"}"#, 422, vec!["sanctioned"]),
        ("Dropbox", r#"{"sanctioned":true,"risk":"low"}"#, 422, vec!["risk"]),
    ] {
        let answer = put(&api, name, body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{name} {body}: {}", answer.text);
    }
    assert_eq!(api.get("/api/audit-log?action=services.update").await.body["total"], 0);
}
