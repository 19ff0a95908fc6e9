//! What of a question the store can answer by itself, so that not every row has to be looked at: ranges of time and of
//! row ids, and some values. SQLite compares again what comes back, so that it is enough never to leave a row out.

use crate::model::{ClientTerm, EventFilter, Lens, Outcome, RowId, Severity, Terms, TimeRange, Timestamp};
use rusqlite::types::Value;
use std::net::IpAddr;

/// How a column is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    Equal,
    Above,
    AtLeast,
    Below,
    AtMost,
}

const EVERY: [Comparison; 5] =
    [Comparison::Equal, Comparison::Above, Comparison::AtLeast, Comparison::Below, Comparison::AtMost];
/// Columns that are compared in every way.
const RANGES: [&str; 3] = ["id", "timestamp", "time_ms"];
/// Columns that are compared for being equal.
const VALUES: [&str; 10] =
    ["client_ip", "user", "method", "status_code", "outcome", "severity", "source", "host", "domain", "destination"];

/// Which way the rows are walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Walk {
    /// By rising id.
    #[default]
    ById,
    /// By rising time.
    Oldest,
    /// By falling time.
    Newest,
}

impl Walk {
    /// The number that stands for it in a plan.
    pub(super) fn number(self) -> i32 {
        match self {
            Walk::ById => 0,
            Walk::Oldest => 1,
            Walk::Newest => 2,
        }
    }

    pub(super) fn of(number: i32) -> Walk {
        [Walk::ById, Walk::Oldest, Walk::Newest].into_iter().find(|walk| walk.number() == number).unwrap_or_default()
    }

    /// The walk whose order is that of a column; `None` where none is.
    pub(super) fn along(column: &str, descending: bool) -> Option<Walk> {
        match (column, descending) {
            ("id", false) => Some(Walk::ById),
            ("timestamp" | "time_ms", false) => Some(Walk::Oldest),
            ("timestamp" | "time_ms", true) => Some(Walk::Newest),
            _ => None,
        }
    }
}

/// The letter of a comparison in a plan; `None` where the store is of no help.
pub(super) fn letter(column: &str, comparison: Comparison) -> Option<char> {
    letters().find(|(_, known, how)| *known == column && *how == comparison).map(|(letter, ..)| letter)
}

fn letters() -> impl Iterator<Item = (char, &'static str, Comparison)> {
    let ranges = RANGES.into_iter().flat_map(|column| EVERY.map(|how| (column, how)));
    let values = VALUES.map(|column| (column, Comparison::Equal));
    ('A'..).zip(ranges.chain(values)).map(|(letter, (column, how))| (letter, column, how))
}

/// What the store is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Scan {
    pub(super) filter: EventFilter,
    pub(super) walk: Walk,
    /// Only rows with numbers above this.
    pub(super) after: RowId,
    /// Only rows with numbers up to this.
    pub(super) last: RowId,
}

impl Scan {
    /// Of everything.
    pub(super) fn new(walk: Walk) -> Scan {
        Scan { filter: EventFilter::default(), walk, after: 0, last: RowId::MAX }
    }

    /// Narrows what is asked for by a comparison; by nothing where that could leave a row out.
    pub(super) fn narrow(&mut self, letter: char, value: Value, lens: &Lens) {
        let Some((_, column, how)) = letters().find(|(known, ..)| *known == letter) else { return };
        match (column, value) {
            ("id", Value::Integer(id)) => self.ids(how, id),
            ("time_ms", Value::Integer(time)) => self.times(how, time, time.saturating_add(1)),
            ("timestamp", Value::Text(text)) => {
                if let Some((from, until)) = second(&text) {
                    self.times(how, from, until);
                }
            }
            ("status_code", Value::Integer(code)) => {
                if let Ok(code) = u16::try_from(code) {
                    add(&mut self.filter.status_code, code);
                }
            }
            // Bytes that are no UTF-8 are shown as this, and compared as they are.
            (_, Value::Text(text)) if !text.contains('\u{fffd}') => self.value(column, text, lens),
            _ => {}
        }
    }

    fn ids(&mut self, how: Comparison, id: i64) {
        let at = RowId::try_from(id).unwrap_or(0);
        let after = match how {
            Comparison::Equal | Comparison::AtLeast => at.saturating_sub(1),
            Comparison::Above => at,
            Comparison::Below | Comparison::AtMost => 0,
        };
        let last = match how {
            Comparison::Equal | Comparison::AtMost => at,
            Comparison::Below => at.saturating_sub(1),
            Comparison::Above | Comparison::AtLeast => RowId::MAX,
        };
        (self.after, self.last) = (self.after.max(after), self.last.min(last));
    }

    /// Compares with what lies between two instants, all of which look the same; none of time where both are the same.
    fn times(&mut self, how: Comparison, from: i64, until: i64) {
        let TimeRange { from: low, until: high } = self.filter.range();
        let (least, most) = match how {
            Comparison::Equal => (from, until),
            Comparison::AtLeast => (from, i64::MAX),
            Comparison::Above => (until, i64::MAX),
            Comparison::Below => (i64::MIN, from),
            Comparison::AtMost => (i64::MIN, until),
        };
        let range = TimeRange { from: low.max(Timestamp(least)), until: high.min(Timestamp(most)) };
        self.filter.range = Some(TimeRange { until: range.until.max(range.from), ..range });
    }

    fn value(&mut self, column: &str, text: String, lens: &Lens) {
        let filter = &mut self.filter;
        match column {
            "client_ip" => {
                // What a lens shows is a text, also where it looks like a network.
                let address = text.parse::<IpAddr>().map(ClientTerm::Address);
                add(&mut filter.client_ip, address.unwrap_or(ClientTerm::Name(text)));
            }
            "user" => add(&mut filter.user, text),
            "method" => add(&mut filter.method, text),
            "source" => add(&mut filter.source, text),
            "host" => add(&mut filter.host, text),
            "outcome" => Outcome::parse(&text).into_iter().for_each(|outcome| add(&mut filter.outcome, outcome)),
            "severity" => Severity::parse(&text).into_iter().for_each(|severity| add(&mut filter.severity, severity)),
            // A host that a lens hides is left for SQLite to compare.
            "domain" if lens.is_plain() => add(&mut filter.domain, text),
            "destination" if lens.is_plain() => add(&mut filter.destination, text),
            _ => {}
        }
    }
}

/// One value; a second one, which no row can have as well, is left to SQLite.
fn add<T>(terms: &mut Terms<T>, value: T) {
    if terms.any.is_empty() {
        terms.any.push(value);
    }
}

/// The milliseconds that look like a text as a timestamp: a second of `YYYY-MM-DD HH:MM:SS`. The beginning of one stands
/// before all that it begins, and is none of them. `None` for other texts, which stand somewhere between.
fn second(text: &str) -> Option<(i64, i64)> {
    const SHAPE: &str = "0000-00-00 00:00:00";
    let is_like = text.len() <= SHAPE.len()
        && text.bytes().zip(SHAPE.bytes()).all(|(byte, like)| match like {
            b'0' => byte.is_ascii_digit(),
            like => byte == like,
        });
    let whole = match text.len() {
        10 => format!("{text} 00:00:00"),
        16 => format!("{text}:00"),
        19 => text.to_owned(),
        _ => return None,
    };
    let from = Timestamp::parse(&whole, Timestamp(0)).ok().filter(|_| is_like)?;
    // Beyond what the calendar can say, where all looks the same.
    if from == Timestamp::MAX {
        return None;
    }
    Some((from.0, if text.len() == SHAPE.len() { from.0 + 1000 } else { from.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DAY_MS;

    fn range(column: &str, how: Comparison, value: Value) -> Option<(i64, i64)> {
        let mut scan = Scan::new(Walk::ById);
        scan.narrow(letter(column, how).unwrap(), value, &Lens::PLAIN);
        scan.filter.range.map(|range| (range.from.0, range.until.0))
    }

    #[test]
    fn timestamps_are_compared_as_the_texts_they_are() {
        let text = |text: &str| Value::Text(text.to_owned());
        let day = DAY_MS;
        for (how, value, want) in [
            (Comparison::AtLeast, "1970-01-02", Some((day, i64::MAX))),
            (Comparison::Above, "1970-01-02", Some((day, i64::MAX))),
            (Comparison::AtMost, "1970-01-02", Some((i64::MIN, day))),
            (Comparison::Below, "1970-01-02", Some((i64::MIN, day))),
            (Comparison::Equal, "1970-01-02", Some((day, day))),
            (Comparison::AtLeast, "1970-01-02 00:00:00", Some((day, i64::MAX))),
            (Comparison::Above, "1970-01-02 00:00:00", Some((day + 1000, i64::MAX))),
            (Comparison::AtMost, "1970-01-02 00:00:00", Some((i64::MIN, day + 1000))),
            (Comparison::Below, "1970-01-02 00:00", Some((i64::MIN, day))),
            (Comparison::Equal, "1970-01-02 00:00:00", Some((day, day + 1000))),
            (Comparison::AtMost, "1970-01-02T00:00:00Z", None),
            (Comparison::AtMost, "7d", None),
            (Comparison::AtMost, "1970-13-02", None),
            (Comparison::AtLeast, "9999-12-31", None),
        ] {
            assert_eq!(range("timestamp", how, text(value)), want, "{how:?} {value}");
        }
        assert_eq!(range("time_ms", Comparison::Equal, Value::Integer(5)), Some((5, 6)));
        assert_eq!(range("time_ms", Comparison::Above, Value::Integer(5)), Some((6, i64::MAX)));
        assert_eq!(range("time_ms", Comparison::Above, Value::Real(5.5)), None);
    }

    #[test]
    fn ids_are_ranges() {
        for (how, id, want) in [
            (Comparison::Equal, 5, (4, 5)),
            (Comparison::Above, 5, (5, RowId::MAX)),
            (Comparison::AtLeast, 5, (4, RowId::MAX)),
            (Comparison::Below, 5, (0, 4)),
            (Comparison::AtMost, 5, (0, 5)),
            (Comparison::Equal, -5, (0, 0)),
            (Comparison::Above, -5, (0, RowId::MAX)),
        ] {
            let mut scan = Scan::new(Walk::ById);
            scan.narrow(letter("id", how).unwrap(), Value::Integer(id), &Lens::PLAIN);
            assert_eq!((scan.after, scan.last), want, "{how:?} {id}");
        }
    }

    #[test]
    fn nothing_is_left_out_that_a_lens_shows_otherwise() {
        for (lens, column, value, narrows) in [
            (Lens::PLAIN, "domain", "a.example", true),
            (Lens::MASKED, "domain", "a.example", false),
            (Lens::MASKED, "destination", "***:80", false),
            (Lens::PLAIN, "user", "a\u{fffd}", false),
            (Lens::PLAIN, "outcome", "odd", false),
            (Lens::MASKED, "client_ip", "10.0.0.0/24", true),
        ] {
            let mut scan = Scan::new(Walk::ById);
            scan.narrow(letter(column, Comparison::Equal).unwrap(), Value::Text(value.to_owned()), &lens);
            assert_eq!(scan != Scan::new(Walk::ById), narrows, "{column} {value}");
        }
        let names: Vec<_> = super::super::columns::names().collect();
        assert!(letters().all(|(_, column, _)| names.contains(&column)));
    }
}
