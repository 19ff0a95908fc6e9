//! Who comes in.

use crate::support::api::{Api, as_admin, basic, request};
use crate::support::memory::Mood;
use axum::body::Body;

#[tokio::test]
async fn without_credentials_everything_below_api_is_401() {
    let api = Api::sample();
    for (method, path) in [
        ("GET", "/api"),
        ("GET", "/api/logs"),
        ("GET", "/api/v1/logs"),
        ("PATCH", "/api/logs"),
        ("GET", "/api/nothing"),
        ("POST", "/api/logs/clear"),
        ("GET", "/api/logs/x"),
        ("GET", "/api/logs?nonsense=1"),
        ("OPTIONS", "/api/logs"),
    ] {
        let answer = api.anonymous(method, path).await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (401, Some("unauthenticated")), "{path}");
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges, ["Bearer", "Basic realm=\"tidegate\""]);
    }
    assert_eq!(api.get("/api/logs/stats").await.body["data"]["total_count"], 12);
}

#[tokio::test]
async fn wrong_credentials_are_401() {
    let api = Api::empty();
    for header in [
        &basic("admin", "wrong"),
        &basic("nobody", "x"),
        &basic("admin", ""),
        "Basic",
        "Basic !!!",
        "Basic YWRtaW4=",
        "Bearer abc",
    ] {
        let ask = request("GET", "/api/logs").header("authorization", header).body(Body::empty()).unwrap();
        assert_eq!(api.send(ask).await.status, 401, "{header}");
    }
}

#[tokio::test]
async fn fetches_don_t_open_the_browsers_password_box() {
    let api = Api::empty();
    for (name, value) in [("sec-fetch-mode", "cors"), ("cookie", "tidegate_session=x")] {
        let ask = request("GET", "/api/logs").header(name, value).body(Body::empty()).unwrap();
        let answer = api.send(ask).await;
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges, ["Bearer"], "{name}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_change_nothing() {
    let api = Api::sample();
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let ask = as_admin("POST", "/api/logs/clear").header("host", "tidegate:8080").header(name, value);
        let answer = api.send(ask.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (403, Some("forbidden")), "{name}");
    }
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    let own = as_admin("POST", "/api/logs/clear").header("host", "t:8080").header("origin", "http://t:8080");
    assert_eq!(api.send(own.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_broken_store_does_not_keep_anyone_from_being_told_who_they_are_not() {
    let api = Api::empty();
    api.store.set_mood(Mood::Broken);
    assert_eq!(api.anonymous("GET", "/api/logs").await.status, 401);
    assert_eq!(api.get("/api/logs").await.status, 500);
}
