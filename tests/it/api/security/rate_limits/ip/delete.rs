//! `DELETE /api/security/rate-limits/{ip}`.

use super::super::get::with_blocked;
use crate::support::api::{Api, request};
use axum::body::Body;
use tidegate::api::Peer;

async fn status_from(api: &Api, address: &str) -> u16 {
    let peer = Peer(format!("{address}:4711").parse().unwrap());
    api.send(request("GET", "/api/logs").extension(peer).body(Body::empty()).unwrap()).await.status.as_u16()
}

#[tokio::test]
async fn the_peer_is_let_in_and_nobody_else() {
    let api = with_blocked().await;
    for (ip, other) in [("192.0.2.9", "[2001:db8::9]"), ("2001:DB8:0::9", "192.0.2.77")] {
        let answer = api.admin("DELETE", &format!("/api/security/rate-limits/{ip}")).await;
        assert_eq!((answer.status.as_u16(), answer.body["message"].is_string()), (200, true), "{}", answer.text);
        if other.starts_with('[') {
            assert_eq!(status_from(&api, "192.0.2.9").await, 401);
            assert_eq!(status_from(&api, other).await, 429);
        } else {
            assert_eq!(status_from(&api, "[2001:db8::9]").await, 401);
        }
        let audited = &api.get("/api/audit-log").await.body["data"][0];
        assert_eq!(audited["action"], "rate_limits.clear");
        assert_eq!(audited["username"], "admin");
    }
    assert_eq!(api.get("/api/security/rate-limits").await.body["data"], serde_json::json!([]));
}

#[tokio::test]
async fn who_was_not_turned_away_is_unknown() {
    let api = with_blocked().await;
    let before = api.get("/api/audit-log").await.body["total"].clone();
    for ip in ["192.0.2.8", "203.0.113.1", "nonsense", "***", "%20"] {
        let answer = api.admin("DELETE", &format!("/api/security/rate-limits/{ip}")).await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (404, Some("not_found")), "{ip}");
    }
    assert_eq!(api.admin("DELETE", "/api/security/rate-limits/192.0.2.9?x=1").await.fields(), ["x"]);
    assert_eq!(api.get("/api/audit-log").await.body["total"], before);
}
