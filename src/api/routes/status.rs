//! `GET /api/status`: whether lines come, and what the process takes.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead, NoParams};
use crate::api::health::Condition;
use crate::api::lanes::Lane;
use crate::api::process::resident_bytes;
use crate::api::responses::Failures;
use crate::api::routes::health::Health;
use crate::api::state::AppState;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// How long the proxy counts as running after a line was stored.
const RUNNING_MS: i64 = 15 * 60_000;

/// How the proxy and the server are doing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Status {
    /// `error` where a source of lines is in trouble or the database can't be read, `running` where a line was stored in
    /// the last 15 minutes, else `idle`.
    #[schema(example = "running")]
    pub proxy_status: &'static str,
    /// Now.
    #[schema(example = "2026-01-01T12:00:00Z")]
    pub timestamp: String,
    /// Tidegate's version.
    pub version: &'static str,
    /// Rows in the store; null where it can't be read.
    pub requests_count: Option<u64>,
    /// Seconds since the start.
    pub uptime_seconds: i64,
    /// Memory the process holds (resident set); null where the system doesn't say.
    pub memory_bytes: Option<u64>,
    /// What `/health` says, whatever it is, under HTTP status 200.
    pub health: Health,
}

/// Whether lines come, and what the process takes. Never the same twice, so it has no tag.
#[utoipa::path(
    get, path = "/status", operation_id = "status", tag = "statistics",
    responses((status = 200, description = "The status", body = Success<Status>), Failures)
)]
pub async fn status(_: Authed<LogsRead>, State(state): State<AppState>, _: NoParams) -> ApiResult<Success<Status>> {
    // Why it can't be read is told by the health.
    let stats = state.ask(Lane::Pages, |store| store.stats()).await.ok();
    let now = state.clock.now();
    let last_import = stats.as_ref().and_then(|stats| stats.last_import);
    let stored_lately = last_import.is_some_and(|at| now.0.saturating_sub(at.0) <= RUNNING_MS);
    Ok(Success::new(Status {
        proxy_status: match state.health.ingest().condition() {
            _ if stats.is_none() => "error",
            Condition::Degraded | Condition::Down => "error",
            Condition::Ok if stored_lately => "running",
            Condition::Ok => "idle",
        },
        timestamp: now.to_rfc3339(),
        version: env!("CARGO_PKG_VERSION"),
        requests_count: stats.map(|stats| stats.totals.measure.outcomes.total()),
        uptime_seconds: (now.0 - state.started.0).max(0) / 1000,
        memory_bytes: state.work(Lane::Pages, |_| Ok(resident_bytes())).await?,
        health: Health::find(&state, true).await,
    }))
}
