//! `/api/api-keys`.

use crate::support::api::{Api, Who};
use crate::support::people::Way;
use serde_json::{Value, json};
use tidegate::model::{Clock, DAY_MS, Role, Scopes, Timestamp};

#[tokio::test]
async fn a_key_is_shown_once_and_works_until_it_ends() {
    let api = Api::sample();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    let body = json!({ "name": "ci", "scopes": "read:logs", "expires_in_days": 1 });
    let made = api.ask(&session, "POST", "/api/api-keys", Some(&body)).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/api-keys/1"));
    insta::assert_json_snapshot!("made", made.body, { ".data.key" => "[key]", ".data.prefix" => "[prefix]" });
    let secret = made.body["data"]["key"].as_str().unwrap();
    assert!(secret.starts_with(made.body["data"]["prefix"].as_str().unwrap()));
    let key: Who = ("authorization", format!("Bearer {secret}"));
    assert_eq!(api.ask(&key, "GET", "/api/logs", None).await.status, 200);
    assert_eq!(api.ask(&key, "POST", "/api/logs/clear", None).await.status, 403);
    let listed = api.ask(&session, "GET", "/api/api-keys", None).await;
    assert_eq!((listed.ids(), listed.text.contains(secret)), (vec![1], false));
    assert!(listed.body["data"][0]["last_used"].is_string());
    assert!(!api.get("/api/audit-log").await.text.contains(secret));
    let file = std::fs::read(api.control.path()).unwrap();
    assert!(memchr::memmem::find(&file, secret.as_bytes()).is_none());
    api.clock.set(Timestamp(api.clock.now().0 + DAY_MS));
    assert_eq!(api.ask(&key, "GET", "/api/logs", None).await.status, 401);
    let other = api.who(&api.person("bob", Role::Viewer), Way::Access, None);
    assert_eq!(api.ask(&other, "DELETE", "/api/api-keys/1", None).await.status, 404);
    let session = api.who(&ada, Way::Session, None);
    assert_eq!(api.ask(&session, "DELETE", "/api/api-keys/1", None).await.status, 200);
    assert_eq!(api.ask(&session, "DELETE", "/api/api-keys/1", None).await.status, 404);
}

#[tokio::test]
async fn what_a_key_may_be_is_checked() {
    let api = Api::empty();
    let ada = api.who(&api.person("ada", Role::Viewer), Way::Session, None);
    for (body, status, field) in [
        (json!({}), 400, ""),
        (json!({ "name": "" }), 422, "name"),
        (json!({ "name": "a", "scopes": ["root"] }), 422, "scopes"),
        (json!({ "name": "a", "scopes": [] }), 422, "scopes"),
        (json!({ "name": "a", "scopes": ["audit:read"] }), 422, "scopes"),
        (json!({ "name": "a", "sources": [] }), 422, "sources"),
        (json!({ "name": "a", "expires_in_days": 0 }), 422, "expires_in_days"),
        (json!({ "name": "a", "expires_at": "2001-01-01" }), 422, "expires_at"),
        (json!({ "name": "a", "expires_at": "2026-03-01", "expires_in_days": 9 }), 422, "expires_in_days"),
        (json!({ "name": "a", "scope": "logs:read" }), 422, "scope"),
        (json!({ "name": "a" }), 201, ""),
    ] {
        let answer = api.ask(&ada, "POST", "/api/api-keys", Some(&body)).await;
        assert_eq!((answer.status.as_u16(), answer.fields().join(",").as_str()), (status, field), "{body}");
    }
}

#[tokio::test]
async fn a_key_restricted_to_sources_gets_only_what_keeps_to_them() {
    let api = Api::sample();
    let admin = api.control.account("admin").unwrap().unwrap();
    let key = api.key(&admin, Scopes::parse("logs:read admin users:write").unwrap(), Some("edge"));
    let key: Who = ("authorization", format!("Bearer {}", key.expose()));
    for path in ["/api/logs/stats", "/api/logs/timeline", "/api/users", "/api/retention-preview", "/"] {
        assert_eq!(api.ask(&key, "GET", path, None).await.status, 403, "{path}");
    }
    let me = api.ask(&key, "GET", "/api/auth/me", None).await;
    assert_eq!(me.body["data"]["sources"], json!(["edge"]));
    assert!(api.ask(&key, "GET", "/api/health", None).await.body["sources"].is_null());
    assert!(api.get("/api/health").await.body["sources"].is_array());
}

#[tokio::test]
async fn another_access_secret_ends_what_the_one_before_signed() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    let signed = api.who(&ada, Way::SelfSigned, Some("logs:read"));
    assert_eq!(api.ask(&signed, "GET", "/api/logs", None).await.status, 200);
    let answer = api.ask(&session, "POST", "/api/api-keys/access-secret", None).await;
    let secret: &Value = &answer.body["data"]["access_secret"];
    assert_eq!((answer.status.as_u16(), secret.as_str().unwrap().len()), (201, 43));
    assert_eq!(api.ask(&signed, "GET", "/api/logs", None).await.status, 401);
    let file = std::fs::read(api.control.path().with_extension("db-wal")).unwrap();
    assert!(memchr::memmem::find(&file, secret.as_str().unwrap().as_bytes()).is_none(), "it is sealed");
}
