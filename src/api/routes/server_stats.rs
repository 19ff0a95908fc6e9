//! `GET /api/stats`: the counts of the whole store and of what feeds it.

use crate::api::envelope::Flat;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Known, LIMIT, WINDOW, Window, document, limit};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::{Question, statistic};
use crate::classify::{DGA_MODEL_VERSION, dga_is_ready};
use crate::model::{Dimension, EventFilter, Severity, TimeRange};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const KNOWN: Known = &[WINDOW, LIMIT];

/// Most machines told.
const MOST_HOSTS: usize = 1000;

/// The parameters of the counts, for the OpenAPI document.
pub struct StatsParams;

impl IntoParams for StatsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServerStats {
    /// Rows: of the whole store, or of the window asked for.
    pub total: u64,
    /// The same rows by severity: `Emergency` to `Debug`.
    pub severity_counts: BTreeMap<&'static str, u64>,
    /// The machines of their logs, most rows first, at most 1000.
    pub hosts: Vec<String>,
    /// Lines stored a second, of late.
    pub lines_per_second: f64,
    /// Lines ever taken in: rows stored, those removed since too, and lines rejected.
    pub lines_total: u64,
    /// Lines received that are not stored yet. Files are read as they are stored, so theirs have no queue:
    /// `/api/sources` tells how far behind they are.
    pub queue_depth: u64,
    /// Lines left out for being the same as others: always 0, as equal lines are requests of their own. A content that
    /// was read already is known by its fingerprint, and not read again.
    pub dedup_count: u64,
    /// What was learned from data.
    pub models: Vec<Model>,
}

/// Something learned from data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Model {
    /// What it tells.
    #[schema(example = "dga")]
    pub name: &'static str,
    /// Its version.
    pub version: String,
    /// When it was made; null where its file doesn't say.
    pub trained_at: Option<String>,
    /// `ready`, or `failed` where its file can't be read.
    pub state: &'static str,
}

impl Model {
    fn dga() -> Model {
        let state = if dga_is_ready() { "ready" } else { "failed" };
        Model { name: "dga", version: DGA_MODEL_VERSION.to_string(), trained_at: None, state }
    }
}

/// The counts of the whole store, or of a window, and how it is fed.
#[utoipa::path(
    get, path = "/stats", operation_id = "server_stats", tag = "statistics", params(StatsParams),
    responses(
        (status = 200, description = "Counts; the fields stand at the top level, too", body = Flat<ServerStats>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn stats(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let now = state.clock.now();
    let window = Window::read(&mut asked, now);
    let range = if window == Window::default() { TimeRange::ALL } else { window.buckets(now, 0) };
    let limit = limit(&mut asked).unwrap_or(MOST_HOSTS);
    asked.finish()?;
    let health = Arc::clone(&state.health);
    let fed = move || {
        let ingest = health.ingest();
        (ingest.lines_per_second, ingest.waiting)
    };
    // Rates come back to what they were: none stands for longer than ten seconds.
    let asked = format!("stats {range:?} {limit} {}", now.floor_to(10_000).0);
    let question = Question::from(asked).beside(format!("{:?}", fed()));
    statistic((&auth, &state, &headers), question, move |statistic| {
        let filter = EventFilter::within(range);
        let mut severity_counts: BTreeMap<_, u64> = Severity::ALL.into_iter().map(|one| (one.name(), 0)).collect();
        for entry in statistic.top(Dimension::Severity, &filter, Severity::ALL.len(), false)? {
            if let Some(count) = severity_counts.get_mut(entry.name.as_str()) {
                *count = entry.measure.outcomes.total();
            }
        }
        let hosts = statistic.top(Dimension::Host, &filter, limit, false)?;
        let (whole, (lines_per_second, queue_depth)) = (statistic.store.stats()?, fed());
        Ok(Flat::new(ServerStats {
            total: severity_counts.values().sum(),
            severity_counts,
            hosts: hosts.into_iter().map(|entry| entry.name).collect(),
            lines_per_second,
            lines_total: whole.highest_row + whole.rejected_lines,
            queue_depth,
            dedup_count: 0,
            models: vec![Model::dga()],
        }))
    })
    .await
}
