//! When work is done by itself: a cron pattern of six fields (second, minute, hour, day of month, month, day of week),
//! in UTC. Source: the Open Cron Pattern Specification 1.4, as read by the crate `croner`.

use super::Timestamp;
use chrono::{DateTime, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use std::fmt;

/// A cron pattern.
#[derive(Clone, Debug)]
pub struct Schedule(Cron);

/// A pattern that can't be read, or that no instant fits.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("'{pattern}' is no schedule: {reason}; write six fields in UTC, as in 0 30 3 * * * (every day at 03:30)")]
pub struct ScheduleFault {
    pattern: String,
    reason: String,
}

impl Schedule {
    /// Reads a pattern: six fields, or one of `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    ///
    /// # Errors
    /// [`ScheduleFault`] when it is none, or when it never comes (30 February).
    pub fn parse(pattern: &str) -> Result<Schedule, ScheduleFault> {
        let fault = |reason: String| ScheduleFault { pattern: pattern.to_owned(), reason };
        let parser = CronParser::builder().seconds(Seconds::Required).year(Year::Disallowed).build();
        let schedule = Schedule(parser.parse(pattern).map_err(|cause| fault(cause.to_string()))?);
        // In a leap year every day of the year comes within four years.
        let from = Timestamp(1_767_225_600_000);
        schedule.next_after(from).map(|_| schedule).ok_or_else(|| fault("it never comes".to_owned()))
    }

    /// The first instant after `time`, to the second; `None` when there is none within the calendar.
    pub fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        let next = self.0.find_next_occurrence(&instant(time)?, false).ok()?;
        Some(Timestamp(next.timestamp_millis()))
    }

    /// The last instant before `time`, to the second; `None` when there is none within the calendar.
    pub fn last_before(&self, time: Timestamp) -> Option<Timestamp> {
        let last = self.0.find_previous_occurrence(&instant(time)?, false).ok()?;
        Some(Timestamp(last.timestamp_millis()))
    }
}

fn instant(time: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(time.0)
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_instants_in_utc() {
        // 2026-01-01 is a Thursday.
        let new_year = Timestamp(1_767_225_600_000);
        let cases = [
            ("0 17 3 * * *", "2026-01-01T03:17:00Z", "2025-12-31T03:17:00Z"),
            ("0 0 0 * * *", "2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z"),
            ("*/10 * * * * *", "2026-01-01T00:00:10Z", "2025-12-31T23:59:50Z"),
            ("0 30 4 * * SUN", "2026-01-04T04:30:00Z", "2025-12-28T04:30:00Z"),
            ("@hourly", "2026-01-01T01:00:00Z", "2025-12-31T23:00:00Z"),
            ("0 0 12 29 2 *", "2028-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
        ];
        for (pattern, next, last) in cases {
            let schedule = Schedule::parse(pattern).unwrap();
            assert_eq!(schedule.next_after(new_year).unwrap().to_rfc3339(), next, "{pattern}");
            assert_eq!(schedule.last_before(new_year).unwrap().to_rfc3339(), last, "{pattern}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_an_example() {
        for pattern in ["", "daily", "* * * *", "0 0 3 * *", "61 * * * * *", "0 0 0 30 2 *", "0 0 0 1 1 * 2026"] {
            let said = Schedule::parse(pattern).unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("'{pattern}' is no schedule: ")) && said.contains("0 30 3 * * *"),
                "{said}"
            );
        }
    }
}
