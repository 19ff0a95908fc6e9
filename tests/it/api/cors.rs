//! Pages of other origins.

use crate::support::api::{Answer, Api, as_admin, request};
use axum::body::Body;
use axum::http::request::Builder;

const LISTED: &str = "https://soc.example";
const CORS: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-allow-credentials",
];

fn open_to_one() -> Api {
    let api = Api::sample();
    api.set("api_allowed_origins", "https://other.example:8443, https://soc.example");
    api
}

async fn send(api: &Api, request: Builder) -> Answer {
    api.send(request.body(Body::empty()).unwrap()).await
}

fn varies(answer: &Answer) -> bool {
    answer.headers.get_all("vary").iter().any(|value| value.to_str().unwrap().contains("Origin"))
}

fn preflight(path: &str, origin: &str) -> Builder {
    request("OPTIONS", path).header("origin", origin).header("access-control-request-method", "GET")
}

#[tokio::test]
async fn without_the_setting_no_answer_has_a_cors_header() {
    let api = Api::sample();
    for ask in [
        as_admin("GET", "/api/logs").header("origin", LISTED),
        request("GET", "/api/logs").header("origin", LISTED),
        preflight("/api/logs", LISTED),
        request("GET", "/livez").header("origin", LISTED),
    ] {
        let answer = send(&api, ask).await;
        assert!(CORS.iter().all(|name| answer.header(name).is_empty()), "{:?}", answer.headers);
        assert!(!varies(&answer));
    }
}

#[tokio::test]
async fn listed_origins_may_read_every_answer_and_others_none() {
    let api = open_to_one();
    for (path, status) in [("/api/logs/stats", 200), ("/api/nothing", 404), ("/api/logs?x=1", 422), ("/livez", 200)] {
        for (origin, may) in [
            (LISTED, true),
            ("https://other.example:8443", true),
            ("https://other.example", false),
            ("http://soc.example", false),
            ("https://SOC.example", false),
            ("https://soc.example.evil.example", false),
            ("null", false),
        ] {
            let answer = send(&api, as_admin("GET", path).header("origin", origin)).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header(CORS[0]), if may { origin } else { "" }, "{path} {origin}");
            assert_eq!(answer.header(CORS[1]).is_empty(), !may);
            assert_eq!(answer.header(CORS[5]), "");
            assert!(varies(&answer), "{path} {origin}");
        }
        assert!(varies(&send(&api, as_admin("GET", path)).await), "{path}");
    }
    let stranger = send(&api, request("GET", "/api/logs").header("origin", LISTED)).await;
    assert_eq!((stranger.status.as_u16(), stranger.header(CORS[0])), (401, LISTED));
    let large = as_admin("GET", "/api/logs").header("origin", LISTED).header("x-large", "x".repeat(33_000));
    assert_eq!(send(&api, large).await.header(CORS[0]), LISTED, "the frame's own failures, too");
    let twice = as_admin("GET", "/api/logs").header("origin", LISTED).header("origin", LISTED);
    assert_eq!(send(&api, twice).await.header(CORS[0]), "");
    let tagged = send(&api, as_admin("GET", "/api/logs/stats").header("origin", LISTED)).await;
    assert!(tagged.headers.get_all("vary").iter().any(|value| value == "Authorization, Cookie"));
    let exposed = tagged.header(CORS[1]);
    for name in ["etag", "x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"] {
        assert!(exposed.split(", ").any(|exposed| exposed == name), "{name} in {exposed}");
    }
}

#[tokio::test]
async fn preflights_of_listed_origins_need_no_credentials() {
    let api = open_to_one();
    for (path, methods) in [
        ("/api/logs", "GET, HEAD"),
        ("/api/v1/logs", "GET, HEAD"),
        ("/api/logs/5", "GET, HEAD"),
        ("/api/logs/clear", "POST"),
        ("/api/security/rate-limits/192.0.2.1", "DELETE"),
        ("/livez", "GET, HEAD"),
    ] {
        let answer = send(&api, preflight(path, LISTED)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""), "{path}");
        assert_eq!(answer.header(CORS[0]), LISTED);
        assert_eq!(answer.header(CORS[2]), methods, "{path}");
        assert_eq!(answer.header(CORS[3]), "Authorization, Content-Type, If-None-Match, X-CSRF-Token");
        assert_eq!((answer.header(CORS[4]), answer.header(CORS[5])), ("600", ""));
        assert!(varies(&answer));
    }
    // Anything else goes its ordinary way.
    for ask in [
        preflight("/api/logs", "https://evil.example"),
        preflight("/api/nothing", LISTED),
        request("OPTIONS", "/api/logs").header("origin", LISTED),
        request("OPTIONS", "/api/logs").header("access-control-request-method", "GET"),
    ] {
        let answer = send(&api, ask).await;
        assert_eq!((answer.status.as_u16(), answer.header(CORS[2])), (401, ""));
    }
}

#[tokio::test]
async fn preflights_are_limited_like_any_stranger() {
    let api = open_to_one();
    api.set("api_rate_limit_enabled", "true");
    for _ in 0..60 {
        assert_eq!(send(&api, preflight("/api/logs", LISTED)).await.status, 204);
    }
    let refused = send(&api, preflight("/api/logs", LISTED)).await;
    assert_eq!((refused.status.as_u16(), refused.header(CORS[0])), (429, LISTED));
}

#[tokio::test]
async fn listed_origins_may_change_with_a_password_they_send() {
    let api = open_to_one();
    let clear = |origin: &str| as_admin("POST", "/api/logs/clear").header("host", "tidegate").header("origin", origin);
    assert_eq!(send(&api, clear("https://evil.example")).await.status, 403);
    assert_eq!(send(&api, clear(LISTED).header("sec-fetch-site", "cross-site")).await.status, 200);
    api.set("api_allowed_origins", "");
    assert_eq!(send(&api, clear(LISTED)).await.status, 403);
}
