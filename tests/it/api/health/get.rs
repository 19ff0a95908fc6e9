//! `GET /health`, `/api/health`, `/livez`, `/readyz`.

use crate::support::api::{Api, basic, request};
use crate::support::memory::Mood;
use axum::body::Body;
use tidegate::api::{Source, SourceState};

const PATHS: [&str; 3] = ["/health", "/api/health", "/api/v1/health"];

#[tokio::test]
async fn healthy_for_everyone() {
    let api = Api::sample();
    for path in PATHS {
        let answer = api.anonymous("GET", path).await;
        assert_eq!(answer.status, 200);
        insta::assert_json_snapshot!("healthy", answer.body, { ".version" => "[version]" });
    }
    let wrong = request("GET", "/health").header("authorization", basic("admin", "wrong")).body(Body::empty()).unwrap();
    assert_eq!(api.send(wrong).await.status, 200);
    assert_eq!(api.anonymous("POST", "/health").await.status, 405);
}

#[tokio::test]
async fn a_source_in_trouble_is_degraded_and_only_the_known_are_told_why() {
    let api = Api::sample();
    api.ingest.lock().sources.push(Source {
        name: "squid".into(),
        path: Some("/var/log/squid/access.log".into()),
        state: SourceState::Degraded,
        reason: Some("permission denied".into()),
        dropped: 3,
        ..Source::default()
    });
    for path in PATHS {
        let answer = api.anonymous("GET", path).await;
        assert_eq!((answer.status.as_u16(), &answer.body["status"]), (503, &"degraded".into()));
        assert_eq!(answer.body["components"]["receivers"], "degraded");
        assert!(!answer.text.contains("squid") && !answer.text.contains("permission"), "{}", answer.text);
        let told = api.get(path).await;
        assert_eq!(told.status, 503);
        insta::assert_json_snapshot!("degraded", told.body, { ".version" => "[version]" });
    }
    assert_eq!(api.anonymous("GET", "/readyz").await.status, 200);
    api.ingest.lock().stalled = true;
    let stalled = api.get("/health").await.body;
    assert_eq!(stalled["components"]["receivers"], "down");
    assert_eq!(stalled["reasons"][0], "sources: nobody has looked at the files for a minute");
}

#[tokio::test]
async fn a_store_that_can_t_be_read_is_said_so() {
    let api = Api::sample();
    assert_eq!(api.anonymous("GET", "/readyz").await.body, serde_json::json!({ "status": "ready" }));
    for mood in [Mood::Broken, Mood::Panics] {
        api.store.set_mood(mood);
        let health = api.anonymous("GET", "/health").await;
        assert_eq!((health.status.as_u16(), &health.body["components"]["database"]), (503, &"down".into()));
        assert!(!health.text.contains("fire") && !health.text.contains("secret"), "{}", health.text);
        let ready = api.anonymous("GET", "/readyz").await;
        assert_eq!((ready.status.as_u16(), &ready.body["status"]), (503, &"unready".into()));
        let live = api.anonymous("GET", "/livez").await;
        assert_eq!((live.status.as_u16(), live.body), (200, serde_json::json!({ "status": "healthy" })));
    }
}

#[tokio::test]
async fn accounts_that_can_t_be_read_are_said_so() {
    let api = Api::sample();
    rusqlite::Connection::open(api.control.path())
        .unwrap()
        .execute_batch("ALTER TABLE account RENAME TO away")
        .unwrap();
    let health = api.get("/health").await;
    assert_eq!((health.status.as_u16(), &health.body["components"]["database"]), (503, &"down".into()));
    assert!(health.body.get("reasons").is_none());
    assert_eq!(api.anonymous("GET", "/readyz").await.status, 503);
    assert_eq!(api.get("/api/logs").await.status, 500);
}

#[tokio::test]
async fn many_probes_at_once_find_the_same() {
    let api = std::sync::Arc::new(Api::sample());
    let mut probes = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let api = std::sync::Arc::clone(&api);
        probes.spawn(async move { api.anonymous("GET", "/readyz").await.status.as_u16() });
    }
    while let Some(status) = probes.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
}
