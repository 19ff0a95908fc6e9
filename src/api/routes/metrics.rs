//! `/metrics`: what was counted, for Prometheus. No addresses, users or hosts in it.

use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::peer::TcpPeer;
use crate::api::sources::{Source, SourceKind, SourceState};
use crate::api::state::AppState;
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
    describe_counter!("tidegate_http_requests_total", "Requests answered, by method, route and status");
    describe_histogram!("tidegate_http_request_duration_seconds", "Time to answer, by method and route");
    describe_gauge!("tidegate_store_rows", "Rows stored");
    describe_gauge!("tidegate_store_rejected_lines", "Lines that could not be parsed");
    describe_gauge!("tidegate_store_version", "Changes whenever an answer may");
    describe_gauge!("tidegate_uptime_seconds", "Seconds since the start");
    describe_counter!("tidegate_source_lines_total", "Lines received and stored or rejected, by kind of source");
    describe_counter!(
        "tidegate_source_dropped_total",
        "Lines and datagrams lost before they were stored, by kind of source"
    );
    describe_counter!("tidegate_source_refused_total", "Datagrams and connections turned away, by kind of source");
    describe_gauge!("tidegate_source_lag_bytes", "Bytes of followed files that are not stored yet");
    describe_gauge!("tidegate_sources_degraded", "Sources that don't work as they should");
    describe_counter!("tidegate_metrics_store_errors_total", "Store totals that could not be read for these metrics");
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
    match totals {
        Ok((stats, version)) => {
            gauge!("tidegate_store_rows").set(stats.totals.measure.outcomes.total() as f64);
            gauge!("tidegate_store_rejected_lines").set(stats.rejected_lines as f64);
            gauge!("tidegate_store_version").set(version as f64);
        }
        // What else was counted is worth reading just then.
        Err(_) => counter!("tidegate_metrics_store_errors_total").increment(1),
    }
    count_sources(&state.health.ingest().sources);
    let uptime_ms = (state.clock.now().0 - state.started.0).max(0);
    gauge!("tidegate_uptime_seconds").set(uptime_ms as f64 / 1000.0);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response())
}

/// Sums by kind; nothing of any one source.
fn count_sources(sources: &[Source]) {
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
    let degraded = sources.iter().filter(|source| source.state == SourceState::Degraded).count();
    gauge!("tidegate_sources_degraded").set(degraded as f64);
}

/// Whether a proxy passed the request on, in which case the peer is not who asks.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name == "forwarded" || name.as_str().starts_with("x-forwarded-"))
}
