//! Who asks, where reverse proxies stand in front.

use crate::support::api::{Api, as_admin, request};
use axum::body::Body;
use tidegate::api::Peer;

fn behind_proxy() -> Api {
    let api = Api::limited();
    api.set("api_trust_proxy_headers", "true");
    api.set("api_trusted_proxies", "192.0.2.0/24");
    api
}

#[tokio::test]
async fn peers_behind_a_trusted_proxy_are_apart_and_audited() {
    let api = behind_proxy();
    let ask = async |forwarded: &str| {
        let request = request("GET", "/api/logs").header("x-forwarded-for", forwarded);
        api.send(request.body(Body::empty()).unwrap()).await.status.as_u16()
    };
    for n in 0..60 {
        // What the client itself put there doesn't count.
        assert_eq!(ask(&format!("6.6.6.{n}, 203.0.113.1")).await, 401);
    }
    assert_eq!(ask("6.6.6.6, 203.0.113.1").await, 429);
    assert_eq!(ask("203.0.113.2").await, 401);

    let clear = as_admin("POST", "/api/logs/clear").header("x-forwarded-for", "203.0.113.1").body(Body::empty());
    assert_eq!(api.send(clear.unwrap()).await.status, 200);
    assert_eq!(api.get("/api/audit-log").await.body["data"][0]["source_ip"], "203.0.113.1");
}

#[tokio::test]
async fn metrics_are_for_who_connects_not_for_whom_a_header_names() {
    let api = behind_proxy();
    api.set("api_trusted_proxies", "192.0.2.0/24, 127.0.0.0/8");
    for peer in ["192.0.2.1:1", "127.0.0.1:1"] {
        let peer = Peer(peer.parse().unwrap());
        let ask = request("GET", "/metrics").extension(peer).header("x-forwarded-for", "127.0.0.1");
        assert_eq!(api.send(ask.body(Body::empty()).unwrap()).await.status, 401, "{peer:?}");
    }
}
