//! `/metrics`: what was counted, for Prometheus. No addresses, users or hosts in it.

use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::health::{Condition, Ingest};
use crate::api::lanes::Lane;
use crate::api::peer::TcpPeer;
use crate::api::process::{Usage, held_bytes};
use crate::api::routes::health::Components;
use crate::api::sources::{Source, SourceKind, SourceState};
use crate::api::state::AppState;
use crate::model::Timestamp;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Makes the process count, once at its start; the handle goes into [`crate::api::Parts`].
///
/// # Errors
/// When another recorder is installed already.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()?;
    describe();
    Ok(handle)
}

/// What was counted, in Prometheus' text format. Open to a peer on this machine that is no proxy.
#[utoipa::path(
    get, path = "/metrics", tag = "service", security((), ("basic" = []), ("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "Metrics", body = String, content_type = "text/plain"))
)]
pub async fn metrics(State(state): State<AppState>, request: Request) -> ApiResult<Response> {
    let (mut parts, _) = request.into_parts();
    // Whoever a proxy speaks for: this is about who can connect.
    let local = parts.extensions.get::<TcpPeer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    if !local || is_forwarded(&parts.headers) {
        Authed::<LogsRead>::from_request_parts(&mut parts, &state).await?;
    }
    let totals = state.ask(Lane::Pages, |store| Ok((store.stats()?, store.version()?))).await;
    let ingest = state.health.ingest();
    count_parts(&Components::of(&state, &ingest, totals.is_ok()));
    match totals {
        Ok((stats, version)) => {
            gauge!("tidegate_store_rows").set(stats.totals.measure.outcomes.total() as f64);
            gauge!("tidegate_store_rejected_lines").set(stats.rejected_lines as f64);
            gauge!("tidegate_store_version").set(version as f64);
            if let Some(at) = stats.last_import {
                gauge!("tidegate_store_last_import_timestamp_seconds").set(seconds(at));
            }
        }
        // What else was counted is worth reading just then.
        Err(_) => counter!("tidegate_metrics_store_errors_total").increment(1),
    }
    gauge!("tidegate_store_damaged_blocks").set(ingest.damaged_blocks as f64);
    count_sources(&ingest);
    count_process(&state);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response())
}

/// Seconds since 1970, as Prometheus has times.
fn seconds(at: Timestamp) -> f64 {
    at.0 as f64 / 1000.0
}

/// As `/health` has them.
fn count_parts(parts: &Components) {
    let all = [("database", parts.database), ("receivers", parts.receivers), ("detectors", parts.detectors)];
    for (part, condition) in all {
        let number = match condition {
            Condition::Ok => 0.0,
            Condition::Degraded => 1.0,
            Condition::Down => 2.0,
        };
        gauge!("tidegate_component_condition", "component" => part).set(number);
    }
}

/// Sums by kind; nothing of any one source.
fn count_sources(ingest: &Ingest) {
    let sources = &ingest.sources;
    counter!("tidegate_source_lines_total", "kind" => SourceKind::File.word()).absolute(ingest.lines_followed);
    for kind in SourceKind::ALL.into_iter().filter(|kind| *kind != SourceKind::File) {
        let sum = |count: fn(&Source) -> u64| sources.iter().filter(|source| source.kind == kind).map(count).sum();
        let word = kind.word();
        counter!("tidegate_source_lines_total", "kind" => word)
            .absolute(sum(|source| source.lines.unwrap_or_default()));
        counter!("tidegate_source_dropped_total", "kind" => word).absolute(sum(|source| source.dropped));
        counter!("tidegate_source_refused_total", "kind" => word).absolute(sum(|source| source.refused));
    }
    let lag: u64 = sources.iter().filter_map(|source| source.lag_bytes).sum();
    gauge!("tidegate_source_lag_bytes").set(lag as f64);
    gauge!("tidegate_source_lag_seconds").set(ingest.lag_seconds());
    gauge!("tidegate_ingest_waiting_lines").set(ingest.waiting as f64);
    gauge!("tidegate_ingest_lines_per_second").set(ingest.lines_per_second);
    let degraded = sources.iter().filter(|source| source.state == SourceState::Degraded).count();
    gauge!("tidegate_sources").set(sources.len() as f64);
    gauge!("tidegate_sources_degraded").set(degraded as f64);
}

/// What the process is, and what it takes.
fn count_process(state: &AppState) {
    gauge!("tidegate_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!("tidegate_waf_rules").set(state.scorer.book().applied() as f64);
    let uptime_ms = (state.clock.now().0 - state.started.0).max(0);
    gauge!("tidegate_uptime_seconds").set(uptime_ms as f64 / 1000.0);
    gauge!("process_start_time_seconds").set(seconds(state.started));
    if let Some(end) = state.tls.not_after() {
        gauge!("tidegate_tls_certificate_end_timestamp_seconds").set(seconds(end));
    }
    let usage = Usage::now();
    let known = [
        ("tidegate_store_bytes", held_bytes(state.data_dir())),
        ("tidegate_store_free_bytes", state.free_bytes()),
        ("process_resident_memory_bytes", usage.resident_bytes),
        ("process_open_fds", usage.open_fds),
        ("process_max_fds", usage.max_fds),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            gauge!(name).set(value as f64);
        }
    }
    if let Some(seconds) = usage.cpu_seconds {
        gauge!("process_cpu_seconds_total").set(seconds);
    }
}

/// Whether a proxy passed the request on, in which case the peer is not who asks.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name == "forwarded" || name.as_str().starts_with("x-forwarded-"))
}

/// What each name means.
fn describe() {
    describe_counter!("tidegate_http_requests_total", "Requests answered, by method, route and status");
    describe_histogram!("tidegate_http_request_duration_seconds", "Time to answer, by method and route");
    describe_counter!("tidegate_source_lines_total", "Lines stored or rejected, by kind of source");
    describe_counter!(
        "tidegate_source_dropped_total",
        "Lines and datagrams lost before they were stored, by kind of source"
    );
    describe_counter!("tidegate_source_refused_total", "Datagrams and connections turned away, by kind of source");
    describe_counter!("tidegate_job_runs_total", "Runs of jobs that have ended, by job and outcome");
    describe_gauge!("tidegate_job_duration_seconds", "How long the last run of a job took");
    describe_gauge!("tidegate_job_last_success_timestamp_seconds", "When a job was last done, Unix seconds");
    describe_counter!("tidegate_metrics_store_errors_total", "Store totals that could not be read for these metrics");
    for (name, what) in [
        ("tidegate_store_rows", "Rows stored"),
        ("tidegate_store_rejected_lines", "Lines that could not be parsed"),
        ("tidegate_store_version", "Changes whenever an answer may"),
        ("tidegate_store_last_import_timestamp_seconds", "When rows were last stored"),
        ("tidegate_store_damaged_blocks", "Blocks that are left out of answers for being damaged"),
        ("tidegate_store_bytes", "What the files of the data directory take"),
        ("tidegate_store_free_bytes", "What is free in the file system of the data directory"),
        ("tidegate_component_condition", "0 ok, 1 degraded, 2 down, by part as in /health"),
        ("tidegate_source_lag_bytes", "Bytes of followed files that are not stored yet"),
        ("tidegate_source_lag_seconds", "How long the line has waited to be stored that waits longest"),
        ("tidegate_ingest_waiting_lines", "Lines received that are not stored yet"),
        ("tidegate_ingest_lines_per_second", "Lines stored a second, over the last minute"),
        ("tidegate_sources", "Sources, each file of its own"),
        ("tidegate_sources_degraded", "Sources that don't work as they should"),
        ("tidegate_waf_rules", "Rules that lines are scored by"),
        ("tidegate_uptime_seconds", "Seconds since the start"),
        ("tidegate_build_info", "Always 1; the version is in the label"),
        ("tidegate_tls_certificate_end_timestamp_seconds", "When the certificate ends that HTTPS is served with"),
        ("process_start_time_seconds", "When the process was started"),
        ("process_resident_memory_bytes", "Memory the process holds"),
        ("process_open_fds", "Files and sockets the process has open"),
        ("process_max_fds", "Files and sockets the process may have open"),
        ("process_cpu_seconds_total", "Time of the process on any core"),
    ] {
        describe_gauge!(name, what);
    }
}
