//! `/api/traffic/statistics`: bytes and requests per bucket of a period.

use crate::api::caching::{tag, unless_known};
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, LIMIT, Param, document, limit};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::model::{Resolution, TimeRange, TimelinePoint, Totals};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const PERIODS: &[&str] = &["hour", "day", "week", "month"];
const KNOWN: Known = &[
    &[Param::one("period", Kind::Word(PERIODS), "12 buckets of five minutes, 24 of an hour, 7 or 30 of a day")],
    LIMIT,
];

/// The parameters of the traffic, for the OpenAPI document.
pub struct TrafficParams;

impl IntoParams for TrafficParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Traffic per bucket: the arrays are as long as each other.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Traffic {
    /// Starts of the buckets in UTC: `YYYY-MM-DD HH:MM`, `YYYY-MM-DD HH` or `YYYY-MM-DD`.
    pub labels: Vec<String>,
    /// Bytes to clients.
    pub inbound: Vec<u64>,
    /// Bytes from clients; all null where no row of the period says them.
    pub outbound: Vec<Option<u64>>,
    /// Requests that count as blocked.
    pub blocked: Vec<u64>,
    /// Requests.
    pub requests: Vec<u64>,
}

/// Bytes and requests per bucket, the current unfinished one last; `limit` keeps the newest buckets.
#[utoipa::path(
    get, path = "/traffic/statistics", operation_id = "traffic_statistics", tag = "statistics", params(TrafficParams),
    responses(
        (status = 200, description = "Buckets by rising time", body = Success<Traffic>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn statistics(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let (resolution, count, label_chars) = match asked.word("period") {
        Some("hour") => (Resolution::FiveMinutes, 12, 16),
        Some("week") => (Resolution::Day, 7, 10),
        Some("month") => (Resolution::Day, 30, 10),
        _ => (Resolution::Hour, 24, 13),
    };
    let count = limit(&mut asked).map_or(count, |limit| count.min(limit as i64));
    asked.finish()?;
    let range = resolution.last(count, state.clock.now());
    let tag = tag(&auth, &state, &format!("traffic {resolution:?} {range:?}")).await?;
    unless_known(&headers, &tag, async || {
        let points = state.ask(Lane::Scans, move |store| store.timeline(range, resolution)).await?;
        Ok(Success::new(Traffic::of(&points, range, (resolution, label_chars), state.challenges_block())))
    })
    .await
}

impl Traffic {
    fn of(
        points: &[TimelinePoint],
        range: TimeRange,
        (resolution, label_chars): (Resolution, usize),
        challenges_block: bool,
    ) -> Traffic {
        let mut traffic = Traffic::default();
        let says_outbound = points.iter().any(|point| point.totals.cs_bytes_rows > 0);
        let mut points = points.iter().peekable();
        for time in resolution.starts(range) {
            let point = points.next_if(|point| point.time == time);
            let Totals { measure, cs_bytes, .. } = point.map(|point| point.totals).unwrap_or_default();
            traffic.labels.push(time.to_sql().chars().take(label_chars).collect());
            traffic.inbound.push(measure.bytes);
            traffic.outbound.push(says_outbound.then_some(cs_bytes));
            traffic.blocked.push(measure.outcomes.blocked(challenges_block));
            traffic.requests.push(measure.outcomes.total());
        }
        traffic
    }
}
