//! `/api/logs/stats` and `/api/logs/timeline`: totals over everything, and sums over time.

use crate::api::caching::{tag, unless_known};
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, Param, document};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::model::{HOUR_MS, Outcome, OutcomeCounts, Resolution, StoreStats, TimeRange, Timestamp, Totals};
use crate::store::{EventStore, StoreResult};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// Totals over the whole store.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogStats {
    /// Rows.
    pub total_count: u64,
    /// Rows that count as blocked: denied and forbidden, and challenges where the setting says so.
    pub blocked_count: u64,
    /// Blocked rows whose destination host is an address.
    pub ip_blocks_count: u64,
    /// When rows were last stored, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub last_import: Option<String>,
    /// Rows the proxy refused.
    pub proxy_denied_count: u64,
    /// Rows the origin answered with 403.
    pub origin_forbidden_count: u64,
    /// Rows with a request for credentials (407).
    pub auth_challenge_count: u64,
    /// Lines that could not be parsed.
    pub rejected_lines: u64,
}

impl LogStats {
    fn of(stats: &StoreStats, challenges_block: bool) -> LogStats {
        let outcomes = stats.totals.measure.outcomes;
        LogStats {
            total_count: outcomes.total(),
            blocked_count: outcomes.blocked(challenges_block),
            ip_blocks_count: stats.totals.ip_literal.blocked(challenges_block),
            last_import: stats.last_import.map(Timestamp::to_sql),
            proxy_denied_count: outcomes.get(Outcome::Denied),
            origin_forbidden_count: outcomes.get(Outcome::OriginForbidden),
            auth_challenge_count: outcomes.get(Outcome::AuthChallenge),
            rejected_lines: stats.rejected_lines,
        }
    }
}

/// Totals over the whole store.
#[utoipa::path(
    get, path = "/logs/stats", tag = "logs",
    responses(
        (status = 200, description = "Totals", body = Success<LogStats>),
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
    Asked::of(&uri, &[]).finish()?;
    let tag = tag(&auth, &state, "stats").await?;
    unless_known(&headers, &tag, async || {
        let stats = state.ask(Lane::Pages, |store| store.stats()).await?;
        Ok(Success::new(LogStats::of(&stats, state.challenges_block())))
    })
    .await
}

const KNOWN: Known = &[&[
    Param::one("hours", Kind::Integer { min: 1, max: 720 }, "How many hours, the current one last; 24 unless given"),
    Param::one(
        "days",
        Kind::Integer { min: 1, max: 3650 },
        "How many days, today last, in buckets of a day; instead of `hours`",
    ),
    Param::one("resolution", Kind::Word(&["5m", "1h", "1d"]), "Width of a bucket; `1h` unless given"),
]];

/// The parameters of the timeline, for the OpenAPI document.
pub struct TimelineParams;

impl IntoParams for TimelineParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// A bucket of the timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bucket {
    /// Its start, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub time: String,
    /// Rows.
    pub total: u64,
    /// Rows that count as blocked.
    pub blocked: u64,
}

/// Rows per bucket of time, the current unfinished one last. Buckets of an hour or a day count rows that retention has
/// removed too, as long as their sums are kept (the setting `rollup_retention_days`).
#[utoipa::path(
    get, path = "/logs/timeline", tag = "logs", params(TimelineParams),
    responses(
        (status = 200, description = "Buckets by rising time, gaps filled with zeros", body = Success<Vec<Bucket>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn timeline(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let (hours, days) = (asked.integer("hours"), asked.integer("days"));
    let resolution = match (asked.word("resolution"), days) {
        (Some("5m"), _) => Resolution::FiveMinutes,
        (Some("1d"), _) | (None, Some(_)) => Resolution::Day,
        _ => Resolution::Hour,
    };
    if days.is_some() && (hours.is_some() || resolution != Resolution::Day) {
        asked.faults.add("days", "not together with hours, and only in buckets of a day");
    }
    asked.finish()?;
    let hours = days.map(|days| days * 24).or(hours).unwrap_or(24);
    let range = buckets(hours, resolution, state.clock.now());
    let tag = tag(&auth, &state, &format!("timeline {resolution:?} {} {}", range.from.0, range.until.0)).await?;
    unless_known(&headers, &tag, async || {
        let points = state.ask(Lane::Scans, move |store| with_past(store, range, resolution)).await?;
        let points = points.into_iter().map(|(time, totals)| (time, totals.measure.outcomes));
        Ok(Success::new(filled(points, range, resolution, state.challenges_block())))
    })
    .await
}

/// Sums per bucket, of rows and, where buckets are wide enough, of rows that retention has removed.
fn with_past(
    store: &dyn EventStore,
    range: TimeRange,
    resolution: Resolution,
) -> StoreResult<BTreeMap<Timestamp, Totals>> {
    let mut buckets: BTreeMap<_, _> =
        store.timeline(range, resolution)?.into_iter().map(|point| (point.time, point.totals)).collect();
    if resolution != Resolution::FiveMinutes {
        for point in store.past(range)? {
            buckets.entry(point.time.floor_to(resolution.width_ms())).or_default().add(&point.totals);
        }
    }
    Ok(buckets)
}

/// As many buckets as cover `hours`, the one that holds `now` last.
fn buckets(hours: i64, resolution: Resolution, now: Timestamp) -> TimeRange {
    let width_ms = resolution.width_ms();
    resolution.last((hours * HOUR_MS + width_ms - 1) / width_ms, now)
}

/// A bucket for each of a range, from those that have rows, which come in order of time.
pub fn filled(
    points: impl IntoIterator<Item = (Timestamp, OutcomeCounts)>,
    range: TimeRange,
    resolution: Resolution,
    challenges_block: bool,
) -> Vec<Bucket> {
    let mut points = points.into_iter().peekable();
    let bucket = |time: Timestamp| {
        let outcomes = points.next_if(|(start, _)| *start == time).map(|(_, outcomes)| outcomes).unwrap_or_default();
        Bucket { time: time.to_sql(), total: outcomes.total(), blocked: outcomes.blocked(challenges_block) }
    };
    resolution.starts(range).map(bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DAY_MS;

    #[test]
    fn the_unfinished_bucket_is_the_last() {
        let now = Timestamp(10 * DAY_MS + 90 * 60_000);
        let range = buckets(24, Resolution::Hour, now);
        assert_eq!((range.from.0, range.until.0), (9 * DAY_MS + 2 * HOUR_MS, 10 * DAY_MS + 2 * HOUR_MS));
        let range = buckets(1, Resolution::FiveMinutes, now);
        assert_eq!(filled([], range, Resolution::FiveMinutes, false).len(), 12);
        let range = buckets(25, Resolution::Day, now);
        assert_eq!((range.from.0, range.until.0), (9 * DAY_MS, 11 * DAY_MS));
    }
}
