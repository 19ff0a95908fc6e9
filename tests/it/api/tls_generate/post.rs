//! `POST /api/tls-generate`.

use crate::support::api::Api;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn it_is_for_the_hosts_and_days_asked_for() {
    let api = Api::empty();
    for (body, sans, days) in [
        ("", json!(["localhost", "127.0.0.1", "::1"]), 825),
        (
            r#"{"type":"https","hosts":["proxy.example","*.proxy.example","192.0.2.7"],"days":30}"#,
            json!(["proxy.example", "*.proxy.example", "192.0.2.7"]),
            30,
        ),
        (r#"{"type":"syslog","hosts":[]}"#, json!(["localhost", "127.0.0.1", "::1"]), 825),
    ] {
        let answer = if body.is_empty() {
            api.admin("POST", "/api/tls-generate").await
        } else {
            api.post("/api/tls-generate", body).await
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
        let data = &answer.body["data"];
        assert_eq!((&data["certificate"]["sans"], &data["fault"]), (&sans, &json!(null)), "{}", answer.text);
        assert_eq!(data["certificate"]["days_left"], days);
        assert!(!answer.text.contains("PRIVATE"));
    }
    let mode = |name: &str| api.data_dir().join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("tls"), mode("tls/https.key"), mode("tls/syslog.key")), (0o700, 0o600, 0o600));
}

#[tokio::test]
async fn what_can_not_be_made_is_refused() {
    let api = Api::empty();
    for (body, fields) in [
        (r#"{"type":"smtp"}"#, &["type"][..]),
        (r#"{"days":0}"#, &["days"]),
        (r#"{"days":4000,"type":"x"}"#, &["days", "type"]),
        (r#"{"hosts":["a b"]}"#, &["hosts"]),
        (r#"{"hosts":["https://proxy.example/"]}"#, &["hosts"]),
        (r#"{"hosts":[""]}"#, &["hosts"]),
        (r#"{"hosts":"proxy.example"}"#, &["body"]),
        (r#"{"host":["proxy.example"]}"#, &["body"]),
    ] {
        let answer = api.post("/api/tls-generate", body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields.to_vec()), "{body}: {}", answer.text);
    }
    let many = json!({"hosts": vec!["a.example"; 101]}).to_string();
    assert_eq!(api.post("/api/tls-generate", &many).await.fields(), ["hosts"]);
    assert!(!api.data_dir().join("tls").exists());
}
