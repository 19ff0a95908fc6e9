//! Tokens that must not work, and that nobody can tell why.

use crate::support::api::{Answer, Api, request};
use crate::support::people::{HEADER, Way, claims, forge, tester};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::sync::Arc;
use tidegate::control::keys::{KeyName, KeyRing};
use tidegate::control::{AccountChange, Actor};
use tidegate::model::{Clock, Role, Timestamp};

async fn with(api: &Api, token: &str) -> Answer {
    api.ask(&("authorization", format!("Bearer {token}")), "GET", "/api/auth/me", None).await
}

async fn log_in(api: &Api, name: &str) -> (String, String) {
    let body = json!({ "username": name, "password": crate::support::api::PASSWORD });
    let answer = api.ask(&("x-nobody", String::new()), "POST", "/api/auth/login", Some(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = |name: &str| answer.body[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

async fn refresh(api: &Api, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    api.ask(&("x-nobody", String::new()), "POST", "/api/auth/refresh", Some(&body)).await
}

/// A body without what differs from request to request.
fn anonymous(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    body["request_id"] = Value::Null;
    body
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_the_answer_is_one() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Admin);
    let key = KeyRing::open(api.control.path().parent().unwrap()).unwrap().key(KeyName::Token).clone();
    let key = key.bytes();
    let (access, refresh_token) = log_in(&api, "ada").await;
    assert_eq!(with(&api, &access).await.status, 200);
    let good = claims(&access);
    // The claims of a good token, with one changed; null takes it out.
    let but = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().retain(|known, _| known != name);
        if !value.is_null() {
            claims[name] = value;
        }
        forge(HEADER, &claims.to_string(), key)
    };
    assert_eq!(with(&api, &but("scope", Value::Null)).await.status, 200, "forging itself is right");
    let text = good.to_string();
    let [head, body, signature] = access.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let now_s = api.clock.now().0 / 1000;
    let secret = api.authenticator.renew_access_secret(ada.id, &tester()).unwrap();
    let own = |claims: Value, key: &[u8]| forge(HEADER, &claims.to_string(), key);
    let self_signed =
        |sub: &str, exp: i64| json!({ "iss": "self-signed", "sub": sub, "iat": now_s, "exp": exp, "scope": "admin" });
    let ended = log_in(&api, "ada").await;
    let out = api.ask(&("authorization", format!("Bearer {}", ended.0)), "POST", "/api/logout", None).await;
    assert_eq!((out.status.as_u16(), &out.body["data"]["ended"]), (200, &json!(true)));

    let table: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("no token", "abc".into()),
        ("dots", "..".into()),
        ("alg none, unsigned", format!("{none}.{body}.")),
        ("alg none, without its last part", format!("{none}.{body}")),
        ("alg none, with a signature", format!("{none}.{body}.{signature}")),
        ("alg none, rightly signed", forge(r#"{"alg":"none"}"#, &text, key)),
        ("alg nOnE", forge(r#"{"alg":"nOnE"}"#, &text, key)),
        ("RS256 by the HMAC key", forge(r#"{"alg":"RS256"}"#, &text, key)),
        ("HS256 by a public key", forge(HEADER, &text, b"-----BEGIN PUBLIC KEY-----\nMIIB")),
        ("HS512", forge(r#"{"alg":"HS512"}"#, &text, key)),
        ("HS256 by no key", forge(HEADER, &text, b"")),
        ("kid that names a file", forge(r#"{"alg":"HS256","kid":"../../../dev/null"}"#, &text, b"")),
        ("kid, rightly signed", forge(r#"{"alg":"HS256","kid":"1' OR '1'='1"}"#, &text, key)),
        ("jku", forge(r#"{"alg":"HS256","jku":"http://127.0.0.1:1/keys"}"#, &text, b"mine")),
        ("jwk", forge(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"bWluZQ"}}"#, &text, b"mine")),
        ("crit", forge(r#"{"alg":"HS256","crit":["none"]}"#, &text, key)),
        ("expired", but("exp", json!(now_s))),
        ("from the future", but("iat", json!(now_s + 61))),
        ("not yet", but("nbf", json!(now_s + 61))),
        ("times as texts", but("exp", json!("9999999999"))),
        ("without an end", but("exp", Value::Null)),
        ("another issuer", but("iss", json!("https://elsewhere.example"))),
        ("without an issuer", but("iss", Value::Null)),
        ("another audience", but("aud", json!("elsewhere"))),
        ("without an audience", but("aud", Value::Null)),
        ("another type", but("type", json!("id"))),
        ("without a type", but("type", Value::Null)),
        ("another user", but("sub", json!("admin"))),
        ("another login", but("sid", json!(4711))),
        ("without a login", but("sid", Value::Null)),
        ("without a number", but("jti", Value::Null)),
        ("self-signed by the server's key", but("iss", json!("self-signed"))),
        ("refresh as access", refresh_token.clone()),
        ("a claim twice", forge(HEADER, &text.replacen('{', r#"{"sub":"ada","#, 1), key)),
        ("cut", access[..access.len() - 1].to_owned()),
        ("cut in half", access[..access.len() / 2].to_owned()),
        ("without a signature", format!("{head}.{body}.")),
        ("huge", forge(HEADER, &json!({ "sub": "x".repeat(20_000) }).to_string(), key)),
        ("deep", forge(HEADER, &"[".repeat(2000), key)),
        ("after logout", ended.0.clone()),
        ("self-signed by another secret", own(self_signed("ada", now_s + 60), b"guess")),
        ("self-signed by no secret", own(self_signed("admin", now_s + 60), b"")),
        ("self-signed for too long", own(self_signed("ada", now_s + 24 * 3600 + 1), secret.expose().as_bytes())),
        ("self-signed for another", own(self_signed("admin", now_s + 60), secret.expose().as_bytes())),
        ("self-signed for nobody", own(self_signed("nobody", now_s + 60), secret.expose().as_bytes())),
        ("a key nobody has", format!("tg_live_{}", "A".repeat(43))),
        ("a key's beginning", "tg_live_".into()),
    ];
    let want = anonymous(&api.anonymous("GET", "/api/auth/me").await);
    for (name, token) in &table {
        let answer = with(&api, token).await;
        assert_eq!((answer.status.as_u16(), anonymous(&answer)), (401, want.clone()), "{name}");
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges, ["Bearer", "Basic realm=\"tidegate\""], "{name}");
        let answer = refresh(&api, if token == &refresh_token { &access } else { token }).await;
        assert_eq!((answer.status.as_u16(), anonymous(&answer)), (401, want.clone()), "refreshing with {name}");
    }
    assert_eq!(refresh(&api, &ended.1).await.status, 401, "refreshing after logout");
    // None of that did any harm.
    assert_eq!(with(&api, &access).await.status, 200);
    assert_eq!(refresh(&api, &refresh_token).await.status, 200);
}

#[tokio::test]
async fn two_logins_in_one_second_are_two() {
    let api = Api::empty();
    let (one, two) = (log_in(&api, "admin").await, log_in(&api, "admin").await);
    assert!(one.0 != two.0 && one.1 != two.1);
    api.ask(&("authorization", format!("Bearer {}", one.0)), "POST", "/api/logout", None).await;
    assert_eq!((with(&api, &one.0).await.status.as_u16(), with(&api, &two.0).await.status.as_u16()), (401, 200));
}

#[tokio::test]
async fn a_used_refresh_token_ends_its_login_and_no_other() {
    let api = Api::empty();
    let (first, other) = (log_in(&api, "admin").await, log_in(&api, "admin").await);
    let second = refresh(&api, &first.1).await;
    assert_eq!(second.status, 200);
    for field in ["status", "access_token", "refresh_token", "token_type", "expires_in"] {
        assert!(second.body[field].is_string() || second.body[field] == 28_800, "{field}");
    }
    let second = (second.body["access_token"].as_str().unwrap(), second.body["refresh_token"].as_str().unwrap());
    assert_eq!(with(&api, second.0).await.status, 200);
    assert_eq!(refresh(&api, &first.1).await.status, 401);
    for token in [&first.0, second.0] {
        assert_eq!(with(&api, token).await.status, 401);
    }
    assert_eq!(refresh(&api, second.1).await.status, 401);
    assert_eq!(with(&api, &other.0).await.status, 200);
    assert_eq!(api.get("/api/audit-log?action=auth.refresh_reused").await.body["total"], 1);
}

#[tokio::test]
async fn tokens_end_in_time_and_with_what_they_stand_on() {
    let api = Api::empty();
    let start = api.clock.now().0;
    let ada = api.person("ada", Role::Viewer);
    let (access, refresh_token) = log_in(&api, "ada").await;
    for (after_s, access_works) in [(8 * 3600 - 1, 200), (8 * 3600, 401)] {
        api.clock.set(Timestamp(start + after_s * 1000));
        assert_eq!(with(&api, &access).await.status, access_works, "{after_s}");
    }
    api.clock.set(Timestamp(start + 7 * 24 * 3600 * 1000));
    assert_eq!(refresh(&api, &refresh_token).await.status, 401);
    type Change = fn(&mut AccountChange);
    let changes: [(&str, Change); 2] =
        [("role", |change| change.role = Some(Role::Auditor)), ("disabled", |change| change.enabled = Some(false))];
    for (name, set) in changes {
        let pair = log_in(&api, "ada").await;
        let session = api.who(&api.control.account("ada").unwrap().unwrap(), Way::Session, None);
        let mut change = AccountChange::default();
        set(&mut change);
        api.control.change_account(ada.id, &change, &Actor::system("test")).unwrap();
        assert_eq!(with(&api, &pair.0).await.status, 401, "{name}");
        assert_eq!(refresh(&api, &pair.1).await.status, 401, "{name}");
        assert_eq!(api.ask(&session, "GET", "/api/auth/me", None).await.status, 401, "{name}");
    }
}

#[tokio::test]
async fn what_is_on_its_way_in_when_credentials_are_revoked_is_not_done() {
    let api = Api::empty();
    for (n, way) in [Way::Basic, Way::Access, Way::Key, Way::SelfSigned, Way::Session].into_iter().enumerate() {
        let eve = api.person(&format!("eve{n}"), Role::Admin);
        for (revoked, user, setting) in [(false, 201, 200), (true, 401, 401)] {
            let account = json!({ "username": format!("door{n}{revoked}"), "role": "admin" });
            for (method, path, body, want) in [
                ("POST", "/api/users", account, user),
                ("PUT", "/api/settings/gdpr_mode", json!({ "value": !revoked }), setting),
            ] {
                let enable = AccountChange { enabled: Some(true), ..AccountChange::default() };
                let eve = api.control.change_account(eve.id, &enable, &tester()).unwrap();
                let (name, value) = api.who(&eve, way, None);
                let (control, text) = (Arc::clone(&api.control), body.to_string());
                let pieces = [text[..5].to_owned(), text[5..].to_owned()];
                // The end of the body comes after the account was shut out.
                let pieces = stream::iter(pieces).enumerate().map(move |(piece, text)| {
                    let shut = AccountChange { enabled: Some(piece == 0 || !revoked), ..AccountChange::default() };
                    control.change_account(eve.id, &shut, &tester()).map(|_| text)
                });
                let ask = request(method, path).header(name, value).header("content-type", "application/json");
                let answer = api.send(ask.body(Body::from_stream(pieces)).unwrap()).await;
                assert_eq!(answer.status, want, "{way:?} {path} {revoked}: {}", answer.text);
            }
        }
        assert!(api.control.account(&format!("door{n}true")).unwrap().is_none());
    }
}
