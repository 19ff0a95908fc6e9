//! Times that are written without their year or zone, and the words of a spec that say them: `until=2026-11-20` (in
//! UTC) and `zone=Europe/Berlin` or `zone=+02:00`.
//!
//! What a spec leaves open, [`super::Format::with_local_time`] says. The zone becomes part of the spec, for the lines
//! are rendered in it; the end doesn't, for rendering needs no year.

use super::{FormatError, LocalTime};
use crate::model::{DAY_MS, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// What is known of the time and place at which lines were written.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// The last moment at which lines may have been written.
    until: Option<Timestamp>,
    zone: TimeZone,
    /// The words of the spec, in their order.
    until_word: Option<String>,
    zone_word: Option<String>,
    /// Whether the spec says what rendering needs.
    is_said: bool,
}

impl Default for Local {
    fn default() -> Self {
        Local { until: None, zone: TimeZone::UTC, until_word: None, zone_word: None, is_said: true }
    }
}

impl Local {
    /// Takes the words off the front of a definition; gives back the rest.
    ///
    /// # Errors
    /// [`FormatError::Definition`] when a word's value is no date or no zone.
    pub fn of<'text>(format: &'static str, mut definition: &'text str) -> Result<(Local, &'text str), FormatError> {
        let mut local = Local::default();
        loop {
            let (word, rest) = definition.split_once(char::is_whitespace).unwrap_or((definition, ""));
            let problem = |problem: String| FormatError::Definition { format, problem };
            if let Some(date) = word.strip_prefix("until=") {
                // A span before now is a time, but no date.
                let until = Some(date)
                    .filter(|date| date.contains('-') && date.starts_with(|first: char| first.is_ascii_digit()))
                    .and_then(|date| Timestamp::parse(date, Timestamp(0)).ok())
                    .ok_or_else(|| problem(format!("{word}: not a date; write until=YYYY-MM-DD")))?;
                (local.until, local.until_word) = (Some(until), Some(word.to_owned()));
            } else if let Some(name) = word.strip_prefix("zone=") {
                local.zone = zone(name)
                    .ok_or_else(|| problem(format!("{word}: no such zone; write zone=Europe/Berlin or zone=+02:00")))?;
                local.zone_word = Some(word.to_owned());
            } else {
                return Ok((local, definition));
            }
            definition = rest.trim_start();
        }
    }

    /// With what the spec left open, in place of what was told before; `None` when nothing was.
    pub fn with(&self, told: &LocalTime) -> Option<Local> {
        if self.until_word.is_some() && self.zone_word.is_some() {
            return None;
        }
        let mut local = self.clone();
        if self.until_word.is_none() {
            local.until = Some(told.until);
        }
        if self.zone_word.is_none() && told.zone != TimeZone::UTC {
            local.zone = told.zone.clone();
            local.zone_word = zone_name(&told.zone).map(|name| format!("zone={name}"));
            local.is_said = local.zone_word.is_some();
        }
        Some(local)
    }

    /// The spec of a format of that name.
    pub fn spec(&self, name: &str, definition: &str) -> String {
        let words = [Some(name), self.until_word.as_deref(), self.zone_word.as_deref(), Some(definition)];
        words.into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Whether a format of the spec renders times as this one reads them.
    pub fn is_said(&self) -> bool {
        self.is_said
    }

    /// The instant of a time of day there; the earlier of two.
    pub fn instant(&self, time: DateTime) -> Option<Timestamp> {
        let instant = self.zone.to_ambiguous_timestamp(time).compatible().ok()?;
        Some(Timestamp(instant.as_millisecond()))
    }

    /// The instant of a time without its year: of the years that have that day, the latest with an instant not a day
    /// after the end; in 1972, the first year with every day, where no end is known.
    pub fn instant_in_year(&self, in_year: impl Fn(i16) -> Option<DateTime>) -> Option<Timestamp> {
        let Some(until) = self.until else { return self.instant(in_year(1972)?) };
        let last = self.time(until)?.year().saturating_add(1);
        // Between two leap years are at most eight.
        (last.saturating_sub(9)..=last)
            .rev()
            .filter_map(|year| self.instant(in_year(year)?))
            .find(|instant| instant.0 <= until.0.saturating_add(DAY_MS))
    }

    /// The time of day of an instant there.
    pub fn time(&self, instant: Timestamp) -> Option<DateTime> {
        Some(self.zone.to_datetime(jiff::Timestamp::from_millisecond(instant.0).ok()?))
    }
}

/// A zone by its name in the IANA database, or by its offset.
fn zone(name: &str) -> Option<TimeZone> {
    match name.as_bytes() {
        [sign @ (b'+' | b'-'), h1 @ b'0'..=b'9', h2 @ b'0'..=b'9', b':', m1 @ b'0'..=b'9', m2 @ b'0'..=b'9'] => {
            let digit = |byte: &u8| i32::from(byte - b'0');
            let seconds = (digit(h1) * 10 + digit(h2)) * 3600 + (digit(m1) * 10 + digit(m2)) * 60;
            let offset = Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds }).ok()?;
            Some(TimeZone::fixed(offset))
        }
        _ => TimeZone::get(name).ok(),
    }
}

/// What [`zone`] makes the zone of; `None` for one that has no name.
fn zone_name(zone: &TimeZone) -> Option<String> {
    if let Some(name) = zone.iana_name() {
        return Some(name.to_owned());
    }
    let seconds = zone.to_fixed_offset().ok()?.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    (minutes * 60 == seconds.abs()).then(|| format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(words: &str) -> Local {
        Local::of("x", words).unwrap().0
    }

    #[test]
    fn words_are_taken_off_and_written_again() {
        let (local, rest) = Local::of("x", "zone=+02:00  until=2026-11-20 csv more").unwrap();
        assert_eq!((local.spec("x", rest).as_str(), rest), ("x until=2026-11-20 zone=+02:00 csv more", "csv more"));
        assert_eq!(local.instant(date(2026, 1, 1).at(2, 0, 0, 0)), Some(Timestamp(1_767_225_600_000)));
        for wrong in ["until=soon", "until=24h", "until=-7d", "zone=Middle/Earth", "zone=+2"] {
            assert!(Local::of("x", wrong).unwrap_err().to_string().contains("write "), "{wrong}");
        }
    }

    #[test]
    fn a_time_without_its_year_is_the_latest_that_was() {
        let year = |words: &str, month: i8, day: i8| {
            let local = of(words);
            local.instant_in_year(|year| DateTime::new(year, month, day, 12, 0, 0, 0).ok()).map(|at| at.to_sql())
        };
        for (words, month, day, want) in [
            ("until=2026-11-20", 11, 20, "2026-11-20 12:00:00"),
            ("until=2026-11-20", 11, 22, "2025-11-22 12:00:00"),
            ("until=2026-01-01", 12, 31, "2025-12-31 12:00:00"),
            ("until=2025-12-31", 1, 1, "2025-01-01 12:00:00"),
            ("until=2025-12-31T23:00", 1, 1, "2026-01-01 12:00:00"),
            ("until=2026-11-20", 2, 29, "2024-02-29 12:00:00"),
            ("until=1903-01-01", 2, 29, "1896-02-29 12:00:00"),
            ("", 2, 29, "1972-02-29 12:00:00"),
            ("until=2026-11-20 zone=Asia/Tokyo", 3, 1, "2026-03-01 03:00:00"),
        ] {
            assert_eq!(year(words, month, day).as_deref(), Some(want), "{words} {month} {day}");
        }
    }

    #[test]
    fn what_a_spec_leaves_open_is_told() {
        let told = |zone| LocalTime { until: Timestamp(1_767_225_600_000), zone };
        let berlin = of("").with(&told(TimeZone::get("Europe/Berlin").unwrap())).unwrap();
        assert_eq!((berlin.spec("x", ""), berlin.is_said()), ("x zone=Europe/Berlin".into(), true));
        let fixed = of("").with(&told(TimeZone::fixed(Offset::constant(-3)))).unwrap();
        assert_eq!(fixed.spec("x", ""), "x zone=-03:00");
        assert_eq!(of("").with(&told(TimeZone::UTC)).unwrap().spec("x", ""), "x");
        assert_eq!(
            of("zone=UTC").with(&told(TimeZone::get("Asia/Tokyo").unwrap())).unwrap().spec("x", ""),
            "x zone=UTC"
        );
        let new_year = |local: &Local| local.instant_in_year(|year| DateTime::new(year, 1, 1, 12, 0, 0, 0).ok());
        let first = of("").with(&told(TimeZone::UTC)).unwrap();
        let next = first.with(&LocalTime { until: Timestamp(1_798_761_600_000), zone: TimeZone::UTC }).unwrap();
        let between = new_year(&next).unwrap().0 - new_year(&first).unwrap().0;
        assert_eq!(between, 365 * DAY_MS, "what is told later counts");
        assert!(of("until=2020-01-01 zone=UTC").with(&told(TimeZone::UTC)).is_none());
    }
}
