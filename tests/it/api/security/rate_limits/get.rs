//! `GET /api/security/rate-limits`.

use crate::support::api::{Api, request};
use axum::body::Body;
use tidegate::api::Peer;

/// An API that has turned away three requests from one address and one from another.
pub async fn with_blocked() -> Api {
    let api = Api::limited();
    for (address, requests) in [("192.0.2.9", 63), ("[2001:db8::9]", 61), ("192.0.2.8", 5)] {
        for _ in 0..requests {
            let peer = Peer(format!("{address}:4711").parse().unwrap());
            api.send(request("GET", "/api/logs").extension(peer).body(Body::empty()).unwrap()).await;
        }
    }
    api
}

#[tokio::test]
async fn the_turned_away_and_the_limits_in_force() {
    let api = with_blocked().await;
    let body = api.get("/api/security/rate-limits").await.body;
    insta::assert_json_snapshot!("blocked", body);
    api.later(50);
    let body = api.get("/api/security/rate-limits").await.body;
    assert_eq!(body["data"][0]["blocked"], false);
    assert_eq!(body["data"].as_array().unwrap().len(), 2);
    api.later(3000);
    let body = api.get("/api/security/rate-limits").await.body;
    assert_eq!(body["data"], serde_json::json!([]));
    assert_eq!(api.get("/api/security/rate-limits?ip=1").await.fields(), ["ip"]);
}
