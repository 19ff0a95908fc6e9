//! `GET /api/analytics/domain-risk`.

use crate::support::api::Api;
use crate::support::lines::{batch, line, office};

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/analytics/domain-risk").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/analytics/domain-risk").await.body);
}

#[tokio::test]
async fn what_looks_wrong_stands_before_what_is_new() {
    let api = Api::empty();
    api.store.push(vec![batch(&[
        line(10, "10.0.0.1", "CONNECT", ("www.example.com:443", ""), 200, "TCP_TUNNEL"),
        line(9, "10.0.0.1", "CONNECT", ("www.example.com:443", ""), 200, "TCP_TUNNEL"),
        line(8, "10.0.0.2", "CONNECT", ("login.paypa1.com:443", ""), 200, "TCP_TUNNEL"),
    ])]);
    let rows = api.get("/api/analytics/domain-risk").await.body["data"].clone();
    assert_eq!((&rows[0]["domain"], &rows[0]["host"]), (&"paypa1.com".into(), &"login.paypa1.com".into()));
    assert!(rows[0]["look_alike_of"].as_str().unwrap().contains("paypal"), "{rows}");
    assert_eq!(rows[1]["domain"], "example.com");
    assert_eq!(rows[1]["first_seen"], "2026-01-01T11:00:00Z");
    let tags = api.get("/api/logs/3").await.body["data"]["tags"].clone();
    assert_eq!(tags, serde_json::json!(["look_alike"]));
}
