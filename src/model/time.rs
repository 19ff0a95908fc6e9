//! Instants in Unix milliseconds (UTC), half-open ranges, and the one clock.
//!
//! Text forms: RFC 3339 and `YYYY-MM-DD HH:MM:SS`, both proleptic Gregorian, years -9999 to 9999 (jiff's range).

use std::fmt;

/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z; may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The latest instant that has a text form (9999-12-30T22:00:00Z, jiff's limit, in milliseconds).
    pub const MAX: Timestamp = Timestamp(253_402_207_200_000);
    /// The earliest instant that has a text form.
    pub const MIN: Timestamp = Timestamp(-377_705_023_201_000);

    /// Hours since the epoch, rounded down.
    pub fn hour(self) -> i64 {
        self.0.div_euclid(HOUR_MS)
    }

    /// Days since the epoch, rounded down.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// The start of the bucket of `width_ms` that holds this instant.
    pub fn floor_to(self, width_ms: i64) -> Timestamp {
        Timestamp(self.0.div_euclid(width_ms).saturating_mul(width_ms))
    }

    /// `YYYY-MM-DD HH:MM:SS` in UTC.
    pub fn to_sql(self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// RFC 3339 with `Z`; milliseconds only where there are any.
    pub fn to_rfc3339(self) -> String {
        let format = if self.0.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S.%3fZ" };
        self.civil().strftime(format).to_string()
    }

    fn civil(self) -> jiff::civil::DateTime {
        let clamped = self.0.clamp(Self::MIN.0, Self::MAX.0);
        let instant = jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        jiff::tz::Offset::UTC.to_datetime(instant)
    }

    /// Reads RFC 3339, `YYYY-MM-DDTHH:MM[:SS]`, `YYYY-MM-DD HH:MM:SS`, `YYYY-MM-DD` (no zone means UTC), or a
    /// span before `now`: `24h`, `-24h`, `7d`, `30m`.
    ///
    /// # Errors
    /// [`TimeError`] when the text is none of these or outside the supported years.
    pub fn parse(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
        let text = text.trim();
        if let Some(span_ms) = relative_ms(text) {
            return Ok(Timestamp(now.0.saturating_sub(span_ms)));
        }
        // jiff also reads a zone's name in brackets; it would go unheard where there is no offset.
        if text.contains('[') {
            return Err(TimeError(text.to_owned()));
        }
        // Beyond what the library can say, and a common word for the end of time.
        if text.starts_with("9999-12-31") {
            return Ok(Timestamp::MAX);
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(Timestamp(instant.as_millisecond()));
        }
        let civil: jiff::civil::DateTime = text.parse().map_err(|_| TimeError(text.to_owned()))?;
        let instant = jiff::tz::Offset::UTC.to_timestamp(civil).map_err(|_| TimeError(text.to_owned()))?;
        Ok(Timestamp(instant.as_millisecond()))
    }
}

fn relative_ms(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let unit_ms = match digits.as_bytes().last()? {
        b's' => 1000,
        b'm' => 60_000,
        b'h' => HOUR_MS,
        b'd' => DAY_MS,
        _ => return None,
    };
    let count: u32 = digits[..digits.len() - 1].parse().ok()?;
    i64::from(count).checked_mul(unit_ms)
}

/// A text that is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a time: use RFC 3339, 'YYYY-MM-DD HH:MM:SS' (UTC), or a span such as 24h or 7d")]
pub struct TimeError(pub String);

/// A half-open range `[from, until)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TimeRange {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
}

impl TimeRange {
    /// Everything.
    pub const ALL: TimeRange = TimeRange { from: Timestamp(i64::MIN), until: Timestamp(i64::MAX) };

    /// An hour, by its number since the epoch.
    pub fn of_hour(hour: i64) -> TimeRange {
        let start = hour.saturating_mul(HOUR_MS);
        TimeRange { from: Timestamp(start), until: Timestamp(start.saturating_add(HOUR_MS)) }
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether every instant of `hour` lies inside.
    pub fn contains_hour(&self, hour: i64) -> bool {
        self.from.0 <= hour.saturating_mul(HOUR_MS) && (hour + 1).saturating_mul(HOUR_MS) <= self.until.0
    }

    /// Whether any instant of `hour` lies inside.
    pub fn touches_hour(&self, hour: i64) -> bool {
        self.from.0 < (hour + 1).saturating_mul(HOUR_MS) && hour.saturating_mul(HOUR_MS) < self.until.0
    }
}

/// Where the time of day comes from. Production has [`SystemClock`]; tests have [`FixedClock`].
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that asks the machine
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands where it was put.
#[derive(Debug, Default)]
pub struct FixedClock(std::sync::atomic::AtomicI64);

impl FixedClock {
    /// A clock standing at `at`.
    pub fn at(at: Timestamp) -> Self {
        FixedClock(std::sync::atomic::AtomicI64::new(at.0))
    }

    /// Moves the clock to `at`, back as well as forth.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_documented_form() {
        let now = Timestamp(1_767_225_600_000);
        for (text, want) in [
            ("2026-01-01T00:00:00Z", 1_767_225_600_000),
            ("2026-01-01T01:00:00+01:00", 1_767_225_600_000),
            ("2026-01-01T00:00", 1_767_225_600_000),
            ("2026-01-01 00:00:00", 1_767_225_600_000),
            ("2026-01-01", 1_767_225_600_000),
            ("24h", 1_767_225_600_000 - DAY_MS),
            ("-24h", 1_767_225_600_000 - DAY_MS),
            ("7d", 1_767_225_600_000 - 7 * DAY_MS),
            ("9999-12-31T23:59:59Z", Timestamp::MAX.0),
            ("30m", 1_767_225_600_000 - HOUR_MS / 2),
        ] {
            assert_eq!(Timestamp::parse(text, now), Ok(Timestamp(want)), "{text}");
        }
        for bad in ["", "h", "2026-11-20T10:00[Europe/Berlin]", "yesterday", "2026-13-01", "12", "99999999999d"] {
            assert!(Timestamp::parse(bad, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn writes_both_forms_and_survives_the_extremes() {
        assert_eq!(Timestamp(1_767_225_600_123).to_sql(), "2026-01-01 00:00:00");
        assert_eq!(Timestamp(1_767_225_600_123).to_rfc3339(), "2026-01-01T00:00:00.123Z");
        assert_eq!(Timestamp(1_767_225_600_000).to_rfc3339(), "2026-01-01T00:00:00Z");
        assert!(Timestamp(i64::MAX).to_sql().starts_with("9999-12-30"));
        assert_eq!(Timestamp(-1).hour(), -1);
    }

    #[test]
    fn ranges_are_half_open() {
        let range = TimeRange { from: Timestamp(HOUR_MS), until: Timestamp(3 * HOUR_MS - 1) };
        assert!(range.contains(Timestamp(HOUR_MS)));
        assert!(!range.contains(Timestamp(3 * HOUR_MS - 1)));
        assert!(range.contains_hour(1));
        assert!(!range.contains_hour(2));
        assert!(range.touches_hour(2));
        assert!(!range.touches_hour(0));
        assert!(!range.touches_hour(3));
    }
}
