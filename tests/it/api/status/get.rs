//! `GET /api/status`.

use crate::support::api::Api;
use tidegate::api::{Source, SourceState};

#[tokio::test]
async fn the_proxy_runs_while_lines_come() {
    let api = Api::empty();
    let status = async |api: &Api| api.get("/api/status").await.body["data"].clone();
    assert_eq!(status(&api).await["proxy_status"], "idle");
    let api = Api::sample();
    let running = status(&api).await;
    assert_eq!((&running["proxy_status"], &running["requests_count"]), (&"running".into(), &12.into()));
    assert_eq!(running["timestamp"], "2026-01-01T12:00:00Z");
    assert!(running["memory_bytes"].as_u64().unwrap() > 1024 * 1024);
    api.later(15 * 60_000);
    assert_eq!(status(&api).await["proxy_status"], "running");
    api.later(1);
    let idle = status(&api).await;
    assert_eq!((&idle["proxy_status"], &idle["uptime_seconds"]), (&"idle".into(), &900.into()));
    api.ingest.lock().sources.push(Source { state: SourceState::Degraded, ..Source::default() });
    let troubled = status(&api).await;
    assert_eq!((&troubled["proxy_status"], &troubled["health"]["status"]), (&"error".into(), &"degraded".into()));
    assert_eq!(troubled["health"]["reasons"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&running["health"]["status"], &running["health"]["components"]["database"]),
        (&"healthy".into(), &"ok".into())
    );
}
