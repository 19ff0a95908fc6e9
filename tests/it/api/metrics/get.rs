//! `GET /metrics`.

use crate::support::api::{Api, request};
use crate::support::memory::Mood;
use axum::body::Body;
use axum::http::Request;
use tidegate::api::Peer;

fn from(peer: &str) -> axum::http::request::Builder {
    Request::get("/metrics").extension(Peer(peer.parse().unwrap()))
}

#[tokio::test]
async fn open_on_this_machine_only() {
    let api = Api::sample();
    for local in ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5"] {
        assert_eq!(api.send(from(local).body(Body::empty()).unwrap()).await.status, 200, "{local}");
    }
    for header in ["forwarded", "x-forwarded-for", "x-forwarded-host"] {
        let passed_on = from("127.0.0.1:5").header(header, "x").body(Body::empty()).unwrap();
        assert_eq!(api.send(passed_on).await.status, 401, "{header}");
    }
    assert_eq!(api.anonymous("GET", "/metrics").await.status, 401);
    assert_eq!(api.send(Request::get("/metrics").body(Body::empty()).unwrap()).await.status, 401);
    assert_eq!(api.get("/metrics").await.status, 200);
}

#[tokio::test]
async fn requests_are_counted_by_route_and_nobody_is_named() {
    let api = Api::sample();
    api.get("/api/logs/5").await;
    api.anonymous("GET", "/no/such/10.9.8.7").await;
    api.send(request("BREW", "/api/logs").body(Body::empty()).unwrap()).await;
    let text = api.get("/metrics").await.text;
    assert!(
        text.contains(r#"tidegate_http_requests_total{method="GET",route="/api/logs/{id}",status="200"}"#),
        "{text}"
    );
    assert!(text.contains(r#"tidegate_http_requests_total{method="GET",route="none",status="404"}"#), "{text}");
    assert!(text.contains(r#"method="other""#), "{text}");
    assert!(text.contains("tidegate_http_request_duration_seconds_bucket"), "{text}");
    assert!(text.contains("tidegate_store_rows "), "{text}");
    for secret in ["10.9.8.7", "10.0.0", "192.0.2.1", "example", "admin", "ada"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    api.store.set_mood(Mood::Broken);
    assert_eq!(api.get("/metrics").await.status, 200);
}
