//! Rate limits, through the router.

use crate::support::api::{Answer, Api, as_admin, basic, request};
use crate::support::memory::Mood;
use axum::body::Body;
use tidegate::api::Peer;

/// Asks without credentials from an address.
async fn stranger(api: &Api, path: &str, address: &str) -> Answer {
    let peer = Peer(format!("{address}:4711").parse().unwrap());
    api.send(request("GET", path).extension(peer).body(Body::empty()).unwrap()).await
}

fn standing(answer: &Answer) -> [&str; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| answer.header(name))
}

fn is_limited(answer: &Answer, retry_after: &str) {
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, retry_after), "{}", answer.text);
    assert_eq!(answer.body["code"], "rate_limited");
    assert_eq!(answer.body["request_id"], answer.header("x-request-id"));
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert_eq!(answer.header("etag"), "");
}

#[tokio::test]
async fn a_burst_passes_then_the_rate() {
    let api = Api::limited();
    for n in 1..=60 {
        let answer = api.get("/api/logs/stats").await;
        assert_eq!(answer.status, 200, "request {n}");
        // Each takes 50 ms to come back.
        assert_eq!(standing(&answer), ["60", &(60 - n).to_string(), &((n + 19) / 20).to_string()]);
    }
    let refused = api.get("/api/logs/stats").await;
    is_limited(&refused, "1");
    assert_eq!(standing(&refused), ["60", "0", "3"]);
    api.later(1000);
    for _ in 0..20 {
        assert_eq!(api.get("/api/logs/stats").await.status, 200);
    }
    is_limited(&api.get("/api/logs/stats").await, "1");
}

#[tokio::test]
async fn classes_hold_on_both_names_and_for_routes_to_come() {
    for (method, path, limit, retry_after) in [
        ("GET", "/api/config", 60, "1"),
        ("GET", "/api/events", 60, "1"),
        ("GET", "/api/sigma-rules/coverage", 10, "6"),
        ("POST", "/api/waf/test-rule", 10, "6"),
    ] {
        let api = Api::limited();
        api.set("api_burst_size", "1000");
        let again = path.replacen("/api", "/api/v1", 1);
        for n in 0..limit {
            let answer = api.admin(method, if n % 2 == 0 { path } else { &again }).await;
            assert_ne!(answer.status, 429, "{path} {n}");
            assert_eq!(standing(&answer)[1], (limit - n - 1).to_string());
        }
        is_limited(&api.admin(method, path).await, retry_after);
        is_limited(&api.admin(method, &again).await, retry_after);
        assert_eq!(api.get("/api/logs/stats").await.status, 200, "the burst bucket is another");
        api.later(retry_after.parse::<i64>().unwrap() * 1000);
        assert_ne!(api.admin(method, path).await.status, 429, "{path}");
    }
}

#[tokio::test]
async fn strangers_are_limited_by_peer_and_before_they_are_told_who_they_are_not() {
    let api = Api::limited();
    for path in
        ["/api/logs", "/api/nothing", "/", "/nothing", "/health", "/api/openapi.json"].into_iter().cycle().take(60)
    {
        let answer = stranger(&api, path, "192.0.2.1").await;
        assert_ne!(answer.status, 429, "{path}");
        assert_eq!(standing(&answer)[0], "60", "{path}");
    }
    for path in ["/api/logs", "/", "/nothing", "/health", "/app.js", "/metrics"] {
        is_limited(&stranger(&api, path, "192.0.2.1").await, "1");
    }
    let wrong = request("GET", "/api/logs").header("authorization", basic("admin", "wrong")).body(Body::empty());
    is_limited(&api.send(wrong.unwrap()).await, "1");
    assert_eq!(stranger(&api, "/api/logs", "192.0.2.2").await.status, 401);
    // Whoever is known has a bucket of their own, wherever they are.
    assert_eq!(api.get("/api/logs").await.status, 200);
}

#[tokio::test]
async fn supervisors_are_always_answered() {
    let api = Api::limited();
    for _ in 0..100 {
        for path in ["/livez", "/readyz"] {
            let answer = api.anonymous("GET", path).await;
            assert_eq!((answer.status.as_u16(), standing(&answer)), (200, ["", "", ""]), "{path}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_how_the_limit_stands() {
    let api = Api::limited();
    let answers = [
        api.get("/api/logs").await,
        api.get("/api/logs?limit=0").await,
        api.get("/api/nothing").await,
        api.admin("DELETE", "/api/logs").await,
        api.get("/icon.svg").await,
    ];
    api.store.set_mood(Mood::Broken);
    let broken = api.get("/api/logs").await;
    let elsewhere = as_admin("POST", "/api/logs/clear").header("origin", "http://b").body(Body::empty()).unwrap();
    let forbidden = api.send(elsewhere).await;
    for (answer, status) in answers.iter().zip([200, 422, 404, 405, 200]).chain([(&broken, 500), (&forbidden, 403)]) {
        assert_eq!(answer.status, status);
        assert_eq!(standing(answer)[0], "60", "{status}");
    }
    assert_eq!(standing(&forbidden)[1], "53");
}

#[tokio::test]
async fn settings_hold_from_the_next_request_on() {
    let api = Api::limited();
    for _ in 0..60 {
        api.get("/api/logs/stats").await;
    }
    is_limited(&api.get("/api/logs/stats").await, "1");
    api.set("api_burst_size", "100");
    let answer = api.get("/api/logs/stats").await;
    assert_eq!((answer.status.as_u16(), standing(&answer)), (200, ["100", "39", "4"]));
    api.set("api_burst_size", "2");
    api.set("api_burst_rate", "1");
    is_limited(&api.get("/api/logs/stats").await, "1");
    api.set("api_rate_limit_enabled", "false");
    let answer = api.get("/api/logs/stats").await;
    assert_eq!((answer.status.as_u16(), standing(&answer)), (200, ["", "", ""]));
}

#[tokio::test]
async fn another_address_in_a_header_is_no_other_peer() {
    for (trust, proxies) in [("false", "0.0.0.0/0"), ("true", ""), ("true", "198.51.100.0/24")] {
        let api = Api::limited();
        api.set("api_trust_proxy_headers", trust);
        api.set("api_trusted_proxies", proxies);
        let ask = async |n: usize| {
            let spoofed = request("GET", "/api/logs").header("x-forwarded-for", format!("203.0.113.{n}, 10.0.0.{n}"));
            api.send(spoofed.header("forwarded", format!("for=203.0.113.{n}")).body(Body::empty()).unwrap()).await
        };
        for n in 0..60 {
            assert_eq!(ask(n).await.status, 401);
        }
        is_limited(&ask(99).await, "1");
    }
}
