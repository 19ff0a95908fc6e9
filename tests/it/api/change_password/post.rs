//! `POST /api/change-password`, and what is shut until it was done.

use crate::support::api::{Api, PASSWORD, Who, basic};
use crate::support::people::{Way, tester};
use serde_json::{Value, json};
use tidegate::model::Role;

const NEW: &str = "four unrelated words here";

fn body(current: &str, new: &str) -> Value {
    json!({ "current_password": current, "new_password": new })
}

#[tokio::test]
async fn missing_wrong_and_weak_are_told_apart() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    for (body, status, field) in [
        (json!({ "current_password": PASSWORD }), 400, ""),
        (json!({ "new_password": NEW }), 400, ""),
        (body("wrong", NEW), 403, ""),
        (body(PASSWORD, "short"), 422, "new_password"),
        (body(PASSWORD, "password1234"), 422, "new_password"),
        (body(PASSWORD, PASSWORD), 422, "new_password"),
        (body(PASSWORD, &"x".repeat(2000)), 422, "new_password"),
    ] {
        let answer = api.ask(&session, "POST", "/api/change-password", Some(&body)).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert_eq!(answer.fields().join(","), field, "{body}");
    }
    assert_eq!(api.ask(&session, "GET", "/api/auth/me", None).await.status, 200);
}

#[tokio::test]
async fn every_login_ends_and_the_one_at_hand_begins_anew() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let (other, key) = (api.who(&ada, Way::Access, None), api.who(&ada, Way::Key, None));
    let session = api.who(&ada, Way::Session, None);
    let answer = api.ask(&session, "POST", "/api/change-password", Some(&body(PASSWORD, NEW))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let anew: Who = ("cookie", answer.header("set-cookie").split(';').next().unwrap().to_owned());
    for (who, status) in [(&session, 401), (&other, 401), (&anew, 200), (&key, 200)] {
        assert_eq!(api.ask(who, "GET", "/api/auth/me", None).await.status, status);
    }
    assert_eq!(api.ask(&("authorization", basic("ada", PASSWORD)), "GET", "/api/auth/me", None).await.status, 401);
    let access = api.who(&api.control.account("ada").unwrap().unwrap(), Way::Access, None);
    let back = api.ask(&access, "POST", "/api/change-password", Some(&body(NEW, PASSWORD))).await;
    let next = ("authorization", format!("Bearer {}", back.body["data"]["access_token"].as_str().unwrap()));
    assert_eq!(api.ask(&next, "GET", "/api/auth/me", None).await.status, 200);
    let entry = &api.get("/api/audit-log?action=user.change_password").await.body["data"][0];
    assert_eq!((&entry["username"], &entry["target"]), (&json!("ada"), &json!("ada")));
    for program in [&key, &api.who(&ada, Way::SelfSigned, None)] {
        let answer = api.ask(program, "POST", "/api/change-password", Some(&body(PASSWORD, NEW))).await;
        assert_eq!(answer.status, 403);
    }
}

#[tokio::test]
async fn until_a_forced_change_is_done_everything_else_is_shut() {
    let api = Api::sample();
    let ada = api.person("ada", Role::Admin);
    let key = api.who(&ada, Way::Key, None);
    let drawn = api.authenticator.reset_password(ada.id, &tester()).unwrap();
    let login = json!({ "username": "ada", "password": drawn.expose() });
    let answer = api.ask(&("x-nobody", String::new()), "POST", "/api/auth/login", Some(&login)).await;
    assert_eq!((answer.status.as_u16(), &answer.body["password_change_required"]), (200, &json!(true)));
    let bearer: Who = ("authorization", format!("Bearer {}", answer.body["access_token"].as_str().unwrap()));
    let basic: Who = ("authorization", basic("ada", drawn.expose()));
    for who in [&bearer, &basic, &key] {
        for (method, path) in [("GET", "/api/logs"), ("POST", "/api/logs/clear"), ("GET", "/api/users"), ("GET", "/")] {
            let answer = api.ask(who, method, path, None).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.body["code"]),
                (403, &json!("password_change_required")),
                "{path}"
            );
        }
        let me = api.ask(who, "GET", "/api/auth/me", None).await;
        assert_eq!((me.status.as_u16(), &me.body["data"]["password_change_required"]), (200, &json!(true)));
    }
    let done = api.ask(&bearer, "POST", "/api/change-password", Some(&body(drawn.expose(), NEW))).await;
    assert_eq!(done.status, 200);
    let bearer = ("authorization", format!("Bearer {}", done.body["data"]["access_token"].as_str().unwrap()));
    for who in [&bearer, &key] {
        assert_eq!(api.ask(who, "GET", "/api/logs", None).await.status, 200);
    }
    assert_eq!(api.ask(&bearer, "POST", "/api/logout", None).await.status, 200);
    assert_eq!(api.ask(&bearer, "GET", "/api/logs", None).await.status, 401);
}
