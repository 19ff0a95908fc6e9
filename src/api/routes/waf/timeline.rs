//! `GET /api/waf/timeline`: what the rules said of a window's rows, over time.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::seen_series::MOST_BUCKETS;
use crate::api::statistic::{Statistic, WindowParams, Windowed};
use crate::api::verdicts::{Threats, threat_series};
use crate::model::{Dimension, EventFilter, Resolution, SeriesQuery, TimeRange, Timestamp};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What the rules said of the rows of a bucket of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreatBucket {
    /// Its start, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub time: String,
    /// Rows with a score from the threshold on.
    pub flagged: u64,
    /// The highest score.
    pub max_score: u32,
    /// Rows that a rule of a category matched, by category; those without any are left out.
    pub categories: BTreeMap<String, u64>,
}

/// What the rules said over time, from the first bucket with a row that was scored to the last, gaps filled with zeros:
/// five minutes wide for windows up to three hours, an hour up to fourteen days, then a day.
#[utoipa::path(
    get, path = "/waf/timeline", operation_id = "waf_timeline", tag = "waf", params(WindowParams),
    responses(
        (status = 200, description = "Buckets by rising time", body = Success<Vec<ThreatBucket>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn timeline(asked: Windowed) -> ApiResult<Response> {
    asked.answer("waf timeline", |statistic, Extent { range, .. }| series(statistic, range)).await
}

fn series(statistic: &Statistic<'_>, range: TimeRange) -> ApiResult<Vec<ThreatBucket>> {
    let resolution = Resolution::fitting(range.until.0.saturating_sub(range.from.0));
    let filter = EventFilter::within(resolution.widened(range));
    let query = SeriesQuery { by: Some(Dimension::Verdict), filter, resolution };
    let mut points = threat_series(statistic, &query)?;
    let (Some(first), Some(last)) = (points.keys().next().copied(), points.keys().next_back().copied()) else {
        return Ok(Vec::new());
    };
    let width_ms = resolution.width_ms();
    let from = first.max(Timestamp(last.0.saturating_sub((MOST_BUCKETS - 1) * width_ms)));
    let starts = resolution.starts(TimeRange { from, until: Timestamp(last.0.saturating_add(width_ms)) });
    let bucket = |time: Timestamp| {
        let Threats { flagged, max_score, categories } = points.remove(&time).unwrap_or_default();
        ThreatBucket { time: time.to_sql(), flagged, max_score, categories }
    };
    Ok(starts.map(bucket).collect())
}
