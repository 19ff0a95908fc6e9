//! Sums over the part of a window in which something was seen: charts of one client or one domain.

use super::error::ApiResult;
use super::routes::statistics::{Bucket, filled};
use super::statistic::Statistic;
use crate::model::{EventFilter, Resolution, Seen, SeriesQuery, TimeRange, Timestamp};

/// Most buckets of a chart, the newest: ten years of days.
pub const MOST_BUCKETS: i64 = 3_660;

/// The rows per bucket of the part of the filter's range in which it was seen, gaps filled with zeros.
///
/// # Errors
/// When the store can't be read.
pub fn timeline(statistic: &Statistic<'_>, filter: &EventFilter, seen: Seen) -> ApiResult<Vec<Bucket>> {
    let Some((range, resolution)) = buckets(filter.range(), seen) else { return Ok(Vec::new()) };
    let query = SeriesQuery { by: None, filter: EventFilter { range: Some(range), ..filter.clone() }, resolution };
    let points = statistic.store.series(&query, &statistic.lens)?;
    let points = points.into_iter().map(|point| (point.time, point.measure.outcomes));
    Ok(filled(points, range, resolution, statistic.rows.challenges_block))
}

/// The buckets of the part of a range in which something was seen; none where it was not.
pub fn buckets(range: TimeRange, seen: Seen) -> Option<(TimeRange, Resolution)> {
    let until = range.until.min(Timestamp(seen.last.0.saturating_add(1)));
    let from = range.from.max(seen.first);
    if from >= until {
        return None;
    }
    let resolution = Resolution::fitting(until.0.saturating_sub(from.0));
    let from = from.max(Timestamp(until.0.saturating_sub(MOST_BUCKETS * resolution.width_ms())));
    Some((resolution.widened(TimeRange { from, until }), resolution))
}
