//! `POST /api/users` and `/api/users/{id}/reset-password`.

use crate::support::api::{Api, PASSWORD, Who, basic};
use crate::support::people::Way;
use serde_json::json;
use tidegate::model::Role;

#[tokio::test]
async fn an_account_is_made_with_a_password_given_or_drawn() {
    let api = Api::empty();
    let wanted = json!({ "username": "Ada", "password": PASSWORD, "role": "auditor" });
    let made = api.post("/api/users", &wanted.to_string()).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/users/2"));
    insta::assert_json_snapshot!("made", made.body);
    let who = ("authorization", basic("ada", PASSWORD));
    assert_eq!(api.ask(&who, "GET", "/api/audit-log", None).await.status, 200);
    let drawn = api.post("/api/users", r#"{"username":"bob"}"#).await;
    let password = drawn.body["data"]["temporary_password"].as_str().unwrap();
    assert_eq!((password.len(), &drawn.body["data"]["role"]), (24, &json!("viewer")));
    let who: Who = ("authorization", basic("bob", password));
    assert_eq!(api.ask(&who, "GET", "/api/logs", None).await.body["code"], "password_change_required");
    for (body, status, field) in [
        (json!({}), 400, ""),
        (json!({ "username": "aDA" }), 409, ""),
        (json!({ "username": "a:b" }), 422, "username"),
        (json!({ "username": "c", "password": "short" }), 422, "password"),
        (
            json!({ "username": "c", "role": "root", "email": "nobody", "theme": "pink", "x": 1 }),
            422,
            "email,role,theme,x",
        ),
    ] {
        let answer = api.post("/api/users", &body.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.fields().join(",").as_str()), (status, field), "{body}");
    }
    let audit = api.get("/api/audit-log?action=user.create").await.text;
    assert!(!audit.contains(password) && !audit.contains(PASSWORD) && !audit.contains("argon2"));
}

#[tokio::test]
async fn a_reset_password_works_once_and_must_be_changed() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    let reset = api.admin("POST", &format!("/api/users/{}/reset-password", ada.id.0)).await;
    let password = reset.body["data"]["temporary_password"].as_str().unwrap();
    assert_eq!(api.ask(&session, "GET", "/api/auth/me", None).await.status, 401);
    let me = api.ask(&("authorization", basic("ada", password)), "GET", "/api/auth/me", None).await;
    assert_eq!(me.body["data"]["password_change_required"], true);
    assert_eq!(api.admin("POST", "/api/users/4711/reset-password").await.status, 404);
}

#[tokio::test]
async fn whoever_manages_accounts_gives_nothing_they_don_t_have() {
    let api = Api::empty();
    let admin = api.control.account("admin").unwrap().unwrap();
    let ada = api.person("ada", Role::Viewer);
    let viewer = "logs:read alerts:read alertrules:read entities:read search:read logsource:read";
    let key = api.who(&admin, Way::Key, Some(&format!("users:write {viewer}")));
    let new = |role: &str| json!({ "username": format!("new-{role}"), "role": role });
    assert_eq!(api.ask(&key, "POST", "/api/users", Some(&new("viewer"))).await.status, 201);
    for role in ["auditor", "admin"] {
        assert_eq!(api.ask(&key, "POST", "/api/users", Some(&new(role))).await.status, 403, "{role}");
    }
    let path = format!("/api/users/{}", ada.id.0);
    assert_eq!(api.ask(&key, "PUT", &path, Some(&json!({ "role": "admin" }))).await.status, 403);
    assert_eq!(api.ask(&key, "PUT", &path, Some(&json!({ "pii_read": true }))).await.status, 403);
    assert_eq!(api.ask(&key, "PUT", &path, Some(&json!({ "enabled": false }))).await.status, 200);
    assert_eq!(api.ask(&key, "POST", "/api/users/1/reset-password", None).await.status, 403);
    assert_eq!(api.ask(&key, "PUT", "/api/users/1", Some(&json!({ "role": "viewer" }))).await.status, 403);
    assert_eq!(api.ask(&key, "DELETE", "/api/users/1", None).await.status, 403);
    assert_eq!(api.ask(&key, "DELETE", &path, None).await.status, 200);
    assert_eq!(api.ask(&key, "DELETE", &path, None).await.status, 404);
}
