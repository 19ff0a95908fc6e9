//! `GET`, `PUT` and `DELETE /api/users/{id}`.

use crate::support::api::Api;
use crate::support::people::Way;
use serde_json::{Value, json};
use tidegate::model::Role;

#[tokio::test]
async fn everybody_changes_how_they_are_called_and_nothing_else() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let bob = api.person("bob", Role::Viewer);
    let (own, other) = (format!("/api/users/{}", ada.id.0), format!("/api/users/{}", bob.id.0));
    let session = api.who(&ada, Way::Session, None);
    let change = json!({ "display_name": "Ada L.", "email": "ada@example.org", "theme": "dark" });
    let answer = api.ask(&session, "PUT", &own, Some(&change)).await;
    assert_eq!((answer.status.as_u16(), &answer.body["message"]), (200, &json!("User updated")));
    let seen = api.ask(&session, "GET", &own, None).await.body["data"].clone();
    assert_eq!((&seen["display_name"], &seen["theme"]), (&json!("Ada L."), &json!("dark")));
    let unchanged = json!({ "display_name": "x".repeat(300), "email": "nowhere" });
    assert_eq!(api.ask(&session, "PUT", &own, Some(&unchanged)).await.fields(), ["display_name", "email"]);
    for beyond in
        [json!({ "role": "admin" }), json!({ "enabled": true }), json!({ "pii_read": true }), json!({ "scopes": [] })]
    {
        assert_eq!(api.ask(&session, "PUT", &own, Some(&beyond)).await.status, 403, "{beyond}");
    }
    for (method, path) in [("GET", &other), ("PUT", &other), ("DELETE", &own), ("GET", &"/api/users/4711".to_owned())] {
        let body = (method == "PUT").then(|| json!({}));
        assert_eq!(api.ask(&session, method, path, body.as_ref()).await.status, 403, "{method} {path}");
    }
    for way in [Way::Key, Way::SelfSigned] {
        assert_eq!(api.ask(&api.who(&ada, way, None), "GET", &own, None).await.status, 403, "{way:?}");
    }
    for odd in ["/api/users/x", "/api/users/02", "/api/users/-1", "/api/users/%FF"] {
        assert_eq!(api.get(odd).await.status, 404, "{odd}");
    }
}

#[tokio::test]
async fn the_last_admin_stays() {
    let api = Api::empty();
    let two = api.person("two", Role::Admin);
    let path = format!("/api/users/{}", two.id.0);
    let put = async |path: &str, body: Value| api.ask(&as_admin(&api), "PUT", path, Some(&body)).await.status.as_u16();
    assert_eq!(put(&path, json!({ "enabled": false })).await, 200);
    assert_eq!(put("/api/users/1", json!({ "role": "auditor" })).await, 409);
    assert_eq!(put("/api/users/1", json!({ "enabled": false })).await, 409);
    assert_eq!(api.admin("DELETE", "/api/users/1").await.status, 409);
    assert_eq!(put(&path, json!({ "enabled": true })).await, 200);
    assert_eq!(api.admin("DELETE", "/api/users/1").await.status, 200);
    assert_eq!(api.get("/api/users").await.status, 401);
}

fn as_admin(api: &Api) -> crate::support::api::Who {
    api.who(&api.control.account("admin").unwrap().unwrap(), Way::Basic, None)
}

#[tokio::test]
async fn personal_data_is_granted_by_another_admin_in_person() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let path = format!("/api/users/{}", ada.id.0);
    let put = async |path: &str, body: Value| api.ask(&as_admin(&api), "PUT", path, Some(&body)).await;
    let oneself = put("/api/users/1", json!({ "pii_read": true })).await;
    assert_eq!(oneself.status, 403);
    assert!(oneself.text.contains("tidegate user grant-pii"));
    let key = api.who(&api.control.account("admin").unwrap().unwrap(), Way::Key, None);
    assert_eq!(api.ask(&key, "PUT", &path, Some(&json!({ "pii_read": true }))).await.status, 403);
    let session = api.who(&ada, Way::Session, None);
    let wanted = json!({ "name": "ci", "scopes": ["logs:read", "pii:read"] });
    assert_eq!(api.ask(&session, "POST", "/api/api-keys", Some(&wanted)).await.fields(), ["scopes"]);
    assert_eq!(put(&path, json!({ "scopes": ["pii:read"] })).await.body["data"]["pii_read"], true);
    let me = api.ask(&session, "GET", "/api/auth/me", None).await;
    assert!(me.body["data"]["scopes"].as_array().unwrap().contains(&json!("pii:read")));
    let made = api.ask(&session, "POST", "/api/api-keys", Some(&wanted)).await;
    assert_eq!(made.status, 201);
    let key = ("authorization", format!("Bearer {}", made.body["data"]["key"].as_str().unwrap()));
    let scopes = async |who| api.ask(&who, "GET", "/api/auth/me", None).await.body["data"]["scopes"].to_string();
    assert!(scopes(key.clone()).await.contains("pii:read"));
    assert_eq!(put(&path, json!({ "pii_read": false })).await.status, 200);
    assert!(!scopes(key).await.contains("pii:read"));
    assert_eq!(put(&path, json!({ "scopes": ["admin"] })).await.fields(), ["scopes"]);
    let rows = api.get("/api/audit-log?target=ada").await.body["data"].clone();
    let actions: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"user.grant_pii") && actions.contains(&"user.revoke_pii"), "{actions:?}");
}

#[tokio::test]
async fn a_narrowed_key_comes_to_no_more_through_other_accounts_or_its_own() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    api.person("another", Role::Admin);
    let admin = api.control.account("admin").unwrap().unwrap();
    let reset = format!("/api/users/{}/reset-password", ada.id.0);
    let manager = "users:write logs:read alerts:read alertrules:read entities:read search:read logsource:read";
    let key = api.who(&admin, Way::Key, Some(manager));
    assert_eq!(api.ask(&key, "POST", &reset, None).await.status, 200);
    let (path, grant) = (format!("/api/users/{}", ada.id.0), json!({ "pii_read": true }));
    assert_eq!(api.ask(&as_admin(&api), "PUT", &path, Some(&grant)).await.status, 200);
    // Whoever is told the password reads what the account may.
    for who in [&key, &api.who(&admin, Way::Key, None)] {
        assert_eq!(api.ask(who, "POST", &reset, None).await.status, 403);
    }
    assert_eq!(api.ask(&as_admin(&api), "POST", &reset, None).await.status, 200);
    for change in [json!({ "role": "viewer" }), json!({ "enabled": false }), json!({ "email": "evil@example.org" })] {
        assert_eq!(api.ask(&key, "PUT", "/api/users/1", Some(&change)).await.status, 403, "{change}");
    }
}
