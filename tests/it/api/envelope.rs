//! The one envelope, for every failure, the framework's included.

use crate::support::api::{Answer, Api, as_admin};
use crate::support::memory::Mood;
use axum::body::Body;
use std::time::Duration;
use tidegate::api::AppState;

fn is_failure(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let body = &answer.body;
    assert_eq!((&body["status"], &body["success"], &body["code"]), (&"error".into(), &false.into(), &code.into()));
    assert_eq!(body["detail"], body["message"]);
    assert!(body["errors"].is_object());
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert_eq!(answer.header("x-request-id").len(), 24);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(body.as_object().unwrap().len(), 7);
}

#[tokio::test]
async fn framework_failures_are_in_the_envelope() {
    let api = Api::empty();
    let answer = api.anonymous("GET", "/nothing").await;
    is_failure(&answer, 404, "not_found");
    insta::assert_json_snapshot!("not_found", answer.body, { ".request_id" => "[request_id]" });

    let answer = api.get("/api/nothing").await;
    is_failure(&answer, 404, "not_found");

    let answer = api.admin("DELETE", "/api/logs").await;
    is_failure(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    insta::assert_json_snapshot!("method_not_allowed", answer.body, { ".request_id" => "[request_id]" });

    let answer = api.get("/api/logs/clear").await;
    is_failure(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "POST");

    let answer = api.anonymous("GET", "/api/logs").await;
    is_failure(&answer, 401, "unauthenticated");
    insta::assert_json_snapshot!("unauthenticated", answer.body, { ".request_id" => "[request_id]" });
}

#[tokio::test]
async fn bodies_are_refused_with_a_reason() {
    let api = Api::sample();
    let path = "/api/logs/clear-old";
    is_failure(&api.post(path, "{days:").await, 400, "invalid");
    is_failure(&api.post(path, "[30]").await, 422, "invalid");
    let answer = api.post(path, r#"{"days":"soon","years":1,"list":[1]}"#).await;
    is_failure(&answer, 422, "invalid");
    assert_eq!(answer.fields(), ["days", "list", "years"]);
    is_failure(&api.post(path, &format!("\"{}\"", "x".repeat(70_000))).await, 413, "too_large");
    let form = as_admin("POST", path).header("content-type", "application/x-www-form-urlencoded");
    is_failure(&api.send(form.body(Body::from("days=1")).unwrap()).await, 415, "unsupported_media_type");
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}

#[tokio::test]
async fn large_headers_are_refused() {
    let api = Api::empty();
    let large = as_admin("GET", "/api/logs").header("x-large", "x".repeat(33_000)).body(Body::empty()).unwrap();
    is_failure(&api.send(large).await, 431, "headers_too_large");
}

#[tokio::test]
async fn the_servers_failures_say_nothing_of_their_cause() {
    let api = Api::sample();
    for mood in [Mood::Broken, Mood::Panics] {
        api.store.set_mood(mood);
        for path in ["/api/logs", "/api/logs/1", "/api/logs/stats", "/api/logs/timeline", "/api/retention-preview"] {
            let answer = api.get(path).await;
            is_failure(&answer, 500, "internal");
            assert!(!answer.text.contains("fire") && !answer.text.contains("secret"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn requests_end_in_time() {
    let api = Api::with(|state: AppState| state.with_request_timeout(Duration::from_nanos(1)));
    is_failure(&api.get("/api/logs").await, 408, "timeout");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let api = Api::empty();
    for path in ["/api/logs", "/nothing", "/livez", "/", "/api/openapi.json"] {
        let answer = api.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn request_ids_differ() {
    let api = Api::empty();
    let (one, other) = (api.get("/nothing").await, api.get("/nothing").await);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
}
