//! What happened when: over the window, and over the week.

use super::asker::Asker;
use crate::model::{HOUR_MS, Outcome, Resolution, Timestamp};
use crate::report::contents::{Bucket, Traffic, Week};
use crate::store::StoreResult;

/// Up to so many hours, buckets are of five minutes.
const SHORT_HOURS: i64 = 12;
/// Buckets at most.
const MOST_BUCKETS: i64 = 240;
/// Widths of buckets: hours and days that people reckon in.
const WIDTHS_HOURS: [i64; 8] = [1, 2, 3, 6, 12, 24, 7 * 24, 28 * 24];

/// The width of buckets by which a span of so many hours has at most [`MOST_BUCKETS`], in milliseconds.
fn width_ms(hours: i64) -> i64 {
    if hours <= SHORT_HOURS {
        return Resolution::FiveMinutes.width_ms();
    }
    let fits = |width: &i64| hours <= MOST_BUCKETS * width;
    // A line of the year 9999 makes for few, wide ones.
    let widest = hours / MOST_BUCKETS + 1;
    WIDTHS_HOURS.into_iter().find(fits).unwrap_or(widest) * HOUR_MS
}

/// Requests and bytes per bucket.
pub(super) fn traffic(ask: &Asker<'_>) -> StoreResult<Traffic> {
    let range = ask.range;
    let span_ms = range.until.0.saturating_sub(range.from.0);
    let width_ms = width_ms(span_ms / HOUR_MS);
    let resolution = if width_ms < HOUR_MS { Resolution::FiveMinutes } else { Resolution::Hour };
    // Buckets begin where the window does, but those of days at midnight.
    let align_ms = width_ms.min(24 * HOUR_MS);
    let start = range.from.floor_to(align_ms);
    let count = (range.until.0.saturating_sub(start.0).max(0) + width_ms - 1) / width_ms;
    let empty = |at: i64| Bucket {
        time: Timestamp(start.0 + at * width_ms),
        requests: 0,
        blocked: 0,
        errors: 0,
        bytes_sent: 0,
    };
    let mut buckets: Vec<Bucket> = (0..count).map(empty).collect();
    for point in ask.store.timeline(range, resolution)? {
        let at = (point.time.0 - start.0).div_euclid(width_ms);
        if let Some(bucket) = usize::try_from(at).ok().and_then(|at| buckets.get_mut(at)) {
            let measure = point.totals.measure;
            bucket.requests += measure.outcomes.total();
            bucket.blocked += ask.blocked(&measure.outcomes);
            bucket.errors += measure.outcomes.get(Outcome::Error);
            bucket.bytes_sent = bucket.bytes_sent.saturating_add(measure.bytes);
        }
    }
    Ok(Traffic { bucket_seconds: width_ms / 1000, buckets })
}

/// Requests by weekday and hour.
pub(super) fn week(ask: &Asker<'_>) -> StoreResult<Week> {
    let mut requests = [[0; 24]; 7];
    for hour in ask.store.timeline(ask.range, Resolution::Hour)? {
        // The first day of 1970 was a Thursday.
        let weekday = (hour.time.day() + 3).rem_euclid(7) as usize;
        requests[weekday][hour.time.hour().rem_euclid(24) as usize] += hour.totals.measure.outcomes.total();
    }
    let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    Ok(Week { weekdays, requests })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_few_and_round() {
        for (hours, wide_hours) in [(13, 1), (240, 1), (241, 2), (31 * 24, 6), (366 * 24, 7 * 24)] {
            assert_eq!(width_ms(hours), wide_hours * HOUR_MS, "{hours}");
        }
        assert_eq!(width_ms(12), 300_000);
        assert!(70_000_000 * HOUR_MS <= MOST_BUCKETS * width_ms(70_000_000));
    }
}
