//! `GET /api/sources`.

use crate::support::api::Api;
use tidegate::api::{BlindSpot, Source, SourceKind, SourceState};
use tidegate::model::{Role, Timestamp};

fn with_sources() -> Api {
    let api = Api::sample();
    let file = Source {
        name: "squid".into(),
        host: "proxy1".into(),
        path: Some("/var/log/squid/access.log".into()),
        format: Some("squid".into()),
        position_bytes: Some(4_000),
        length_bytes: Some(5_000),
        lag_bytes: Some(1_000),
        lag_seconds: 1.5,
        last_line_at: Some(Timestamp(1_767_225_600_000)),
        blind_spots: vec![BlindSpot {
            id: "queries",
            what: "no query strings".into(),
            loses: vec!["argument_rules"],
            fix: vec!["strip_query_terms off".into()],
        }],
        ..Source::default()
    };
    let datagrams = Source {
        name: "Edge".into(),
        kind: SourceKind::Udp,
        listen: Some("udp://0.0.0.0:5514".into()),
        state: SourceState::Degraded,
        reason: Some("7 lines were lost".into()),
        lines: Some(12),
        lines_per_second: Some(0.2),
        rejected: Some(1),
        dropped: 7,
        refused: 2,
        ..Source::default()
    };
    api.ingest.lock().sources = vec![file, datagrams];
    api
}

#[tokio::test]
async fn every_source_is_told_with_what_its_log_can_t_show() {
    let api = with_sources();
    insta::assert_json_snapshot!("sources", api.get("/api/sources").await.body);
    assert_eq!(api.get("/api/sources?hours=1").await.fields(), ["hours"]);
    assert_eq!(api.anonymous("GET", "/api/sources").await.status, 401);
}

#[tokio::test]
async fn a_key_restricted_to_some_is_told_of_those() {
    let api = with_sources();
    let admin = api.person("admin", Role::Admin);
    let key = api.key(&admin, admin.scopes(), Some("edge"));
    let told = api.ask(&("authorization", format!("Bearer {}", key.expose())), "GET", "/api/sources", None).await.body;
    let names: Vec<_> = told["data"].as_array().unwrap().iter().map(|source| source["name"].clone()).collect();
    assert_eq!(names, ["Edge"]);
}

#[tokio::test]
async fn metrics_sum_them_up_and_name_none() {
    let api = with_sources();
    let text = api.get("/metrics").await.text;
    for line in [
        r#"tidegate_source_lag_bytes 1000"#,
        r#"tidegate_sources_degraded 1"#,
        r#"tidegate_source_dropped_total{kind="udp"} 7"#,
        r#"tidegate_source_lines_total{kind="udp"} 12"#,
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("Edge") && !text.contains("5514"), "{text}");
}
