//! `POST /api/auth/login`, and what stands between a guesser and a login.

use crate::support::api::{Answer, Api, PASSWORD, Who, basic};
use crate::support::people::Way;
use serde_json::{Value, json};
use tidegate::control::AccountChange;
use tidegate::model::{Clock, Role, Timestamp};

fn nobody() -> Who {
    ("x-nobody", String::new())
}

async fn log_in(api: &Api, body: Value) -> Answer {
    api.ask(&nobody(), "POST", "/api/auth/login", Some(&body)).await
}

#[tokio::test]
async fn a_name_and_password_are_traded_for_tokens() {
    let api = Api::empty();
    let answer = log_in(&api, json!({ "username": "ADMIN", "password": PASSWORD })).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!("tokens", answer.body, {
        ".access_token" => "[access]", ".refresh_token" => "[refresh]"
    });
    let bearer = ("authorization", format!("bearer {}", answer.body["access_token"].as_str().unwrap()));
    let me = api.ask(&bearer, "GET", "/api/auth/me", None).await;
    insta::assert_json_snapshot!("me", me.body["data"]);
    let entry = &api.get("/api/audit-log?action=auth.login").await.body["data"][0];
    assert_eq!((&entry["username"], &entry["source_ip"]), (&json!("admin"), &json!("192.0.2.1")));
}

#[tokio::test]
async fn what_is_missing_is_400_and_what_is_odd_422() {
    let api = Api::empty();
    for (body, status) in [
        (json!({}), 400),
        (json!({ "username": "admin" }), 400),
        (json!({ "password": PASSWORD }), 400),
        (json!({ "username": 1, "password": PASSWORD }), 422),
        (json!({ "username": "admin", "password": null }), 422),
        (json!({ "username": "admin", "password": PASSWORD, "remember": true }), 422),
        (json!([]), 422),
    ] {
        assert_eq!(log_in(&api, body.clone()).await.status, status, "{body}");
    }
    let answer = api.ask(&nobody(), "POST", "/api/auth/login?next=/", Some(&json!({}))).await;
    assert_eq!(answer.fields(), ["next"]);
}

#[tokio::test]
async fn a_stranger_learns_nothing() {
    let api = Api::empty();
    let off = api.person("off", Role::Viewer);
    let change = AccountChange { enabled: Some(false), ..AccountChange::default() };
    api.control.change_account(off.id, &change, &crate::support::people::tester()).unwrap();
    let mut bodies = Vec::new();
    for (username, password) in [("admin", "wrong"), ("nobody", PASSWORD), ("off", PASSWORD), ("off", "wrong")] {
        let mut answer = log_in(&api, json!({ "username": username, "password": password })).await;
        assert_eq!(answer.status, 401, "{username}");
        answer.body["request_id"] = Value::Null;
        bodies.push(answer.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    let entries = api.get("/api/audit-log?action=auth.fail").await.body["data"].clone();
    let reasons: Vec<_> =
        entries.as_array().unwrap().iter().map(|entry| &entry["details"]["after"]["reason"]).collect();
    assert_eq!(reasons, ["wrong password", "disabled", "unknown name", "wrong password"]);
    assert!(!entries.to_string().contains(PASSWORD));
}

#[tokio::test]
async fn five_failures_lock_the_name_out_whoever_asks_and_however() {
    let api = Api::empty();
    let start = api.clock.now().0;
    let session = api.who(&api.control.account("admin").unwrap().unwrap(), Way::Session, None);
    assert_eq!(api.get("/api/auth/me").await.status, 200);
    for n in 0..5 {
        // From another peer each time, so that it is the name that is locked.
        let peer = tidegate::api::Peer(format!("198.51.100.{n}:1").parse().unwrap());
        let mut ask =
            crate::support::api::request("POST", "/api/auth/login").header("content-type", "application/json");
        ask.extensions_mut().unwrap().insert(peer);
        let body = json!({ "username": "Admin", "password": "wrong" }).to_string();
        assert_eq!(api.send(ask.body(body.into()).unwrap()).await.status, 401);
    }
    let body = json!({ "username": "admin", "password": PASSWORD });
    for (answer, what) in [
        (log_in(&api, body.clone()).await, "login"),
        (api.ask(&nobody(), "POST", "/login", Some(&body)).await, "session"),
        (api.get("/api/auth/me").await, "a remembered password"),
        (api.ask(&("authorization", basic("aDMIN", "x")), "GET", "/api/nothing", None).await, "basic"),
    ] {
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (429, &json!("rate_limited")), "{what}");
        assert_eq!(answer.header("retry-after"), "300", "{what}");
    }
    assert_eq!(api.ask(&session, "GET", "/api/auth/me", None).await.status, 200, "what is open stays open");
    let change = json!({ "current_password": PASSWORD, "new_password": "another long sentence" });
    assert_eq!(api.ask(&session, "POST", "/api/change-password", Some(&change)).await.status, 429);
    assert_eq!(log_in(&api, json!({ "username": "other", "password": "x" })).await.status, 401);
    api.clock.set(Timestamp(start + 300_000));
    assert_eq!(log_in(&api, body).await.status, 200);
}

#[tokio::test]
async fn five_failures_lock_the_peer_out_and_an_unknown_name_like_a_known_one() {
    let api = Api::empty();
    for n in 0..5 {
        assert_eq!(log_in(&api, json!({ "username": format!("guess{n}"), "password": "x" })).await.status, 401);
    }
    assert_eq!(log_in(&api, json!({ "username": "fresh", "password": "x" })).await.status, 429);
    let admin = api.who(&api.control.account("admin").unwrap().unwrap(), Way::Session, None);
    let listed = api.ask(&admin, "GET", "/api/security/rate-limits", None).await;
    assert_eq!(
        (&listed.body["data"][0]["ip"], &listed.body["data"][0]["blocked"]),
        (&json!("192.0.2.1"), &json!(true))
    );
    assert_eq!(api.ask(&admin, "DELETE", "/api/security/rate-limits/192.0.2.1", None).await.status, 200);
    assert_eq!(log_in(&api, json!({ "username": "fresh", "password": "x" })).await.status, 401);
    let api = Api::empty();
    let mut elsewhere = Vec::new();
    for n in 0..6 {
        let mut ask = crate::support::api::request("GET", "/api/logs").header("authorization", basic("nobody", "x"));
        ask.extensions_mut().unwrap().insert(tidegate::api::Peer(format!("198.51.100.{n}:1").parse().unwrap()));
        elsewhere.push(api.send(ask.body(axum::body::Body::empty()).unwrap()).await.status.as_u16());
    }
    assert_eq!(elsewhere, [401, 401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn a_right_password_forgets_the_failures_before_it() {
    let api = Api::empty();
    for _ in 0..3 {
        // Four of a name in a row, with a right one from elsewhere each time; never five.
        for n in 0..4 {
            let mut ask = crate::support::api::request("GET", "/api/logs").header("authorization", basic("admin", "x"));
            ask.extensions_mut().unwrap().insert(tidegate::api::Peer(format!("203.0.113.{n}:1").parse().unwrap()));
            assert_eq!(api.send(ask.body(axum::body::Body::empty()).unwrap()).await.status, 401);
        }
        let now = api.clock.now().0;
        let answer = log_in(&api, json!({ "username": "admin", "password": PASSWORD })).await;
        assert_eq!(answer.status, 200);
        api.clock.set(Timestamp(now + 150_000));
    }
}
