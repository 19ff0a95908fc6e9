//! The time window of a question: one pair of edges under three spellings, or a number of hours or days back.

use super::{Asked, Kind, Param, resolve};
use crate::model::{DAY_MS, HOUR_MS, TimeError, TimeRange, Timestamp};

/// The parameters of a window.
pub const WINDOW: &[Param] = &[
    Param::one("from", Kind::Time, "Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d`"),
    Param::one("to", Kind::Time, "End of the window, excluded"),
    Param::one("since", Kind::Time, "The same as `from`"),
    Param::one("until", Kind::Time, "The same as `to`"),
    Param::one("start_date", Kind::Time, "The same as `from`"),
    Param::one("end_date", Kind::Time, "The same as `to`"),
    Param::one("hours", Kind::Integer { min: 1, max: 87_600 }, "The last hours, up to now; not beside `from` or `to`"),
    Param::one("days", Kind::Integer { min: 1, max: 3_650 }, "The last days, up to now; not beside `from` or `to`"),
];

const STARTS: [&str; 3] = ["from", "since", "start_date"];
const ENDS: [&str; 3] = ["to", "until", "end_date"];

/// An edge of a window as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Edge {
    /// A fixed instant.
    At(Timestamp),
    /// Milliseconds before now.
    Before(i64),
}

impl Edge {
    /// Reads every form [`Timestamp::parse`] knows, keeping apart what moves with the clock.
    ///
    /// # Errors
    /// [`TimeError`] when the text is no instant.
    pub fn parse(text: &str) -> Result<Edge, TimeError> {
        let (early, late) = (Timestamp::parse(text, Timestamp(0))?, Timestamp::parse(text, Timestamp(1))?);
        Ok(if early == late { Edge::At(early) } else { Edge::Before(-early.0) })
    }
}

/// A window as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Window {
    from: Option<Edge>,
    until: Option<Edge>,
}

impl Window {
    /// Reads the window's parameters.
    pub fn read(asked: &mut Asked, now: Timestamp) -> Window {
        let from_given = STARTS.iter().chain(&ENDS).any(|name| asked.has(name));
        let mut spans = Vec::new();
        for (name, unit_ms) in [("hours", HOUR_MS), ("days", DAY_MS)] {
            if asked.has(name) {
                if from_given {
                    asked.faults.add(name, "not together with from or to");
                }
                spans.push((name, asked.integer(name).map(|count| count * unit_ms)));
            }
        }
        if spans.len() > 1 {
            asked.faults.add("days", "not together with hours");
        }
        let from = edge_of(asked, &STARTS).or(spans.first().and_then(|(_, span_ms)| span_ms.map(Edge::Before)));
        let window = Window { from, until: edge_of(asked, &ENDS) };
        if window.range(now).is_some_and(|range| range.from > range.until) {
            asked.faults.add("from", "must not be after the end of the window");
        }
        window
    }

    /// The window's instants; `None` when none was asked for.
    pub fn range(&self, now: Timestamp) -> Option<TimeRange> {
        (self.from.is_some() || self.until.is_some()).then(|| TimeRange {
            from: self.from.map_or(TimeRange::ALL.from, |edge| resolve(edge, now)),
            until: self.until.map_or(TimeRange::ALL.until, |edge| resolve(edge, now)),
        })
    }
}

/// The parameter that says how many of each array a statistic answers.
pub const LIMIT: &[Param] =
    &[Param::one("limit", Kind::Integer { min: 1, max: 1000 }, "Entries wanted of each array; 50 unless given")];

/// What a statistic is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// Its window, by [`Window::buckets`].
    pub range: TimeRange,
    /// Entries of each array.
    pub limit: usize,
}

impl Extent {
    /// How far back a statistic looks unless it is told.
    pub const DEFAULT_MS: i64 = 7 * DAY_MS;

    /// Reads window and limit.
    pub fn read(asked: &mut Asked, now: Timestamp, default_ms: i64) -> Extent {
        let range = Window::read(asked, now).buckets(now, default_ms);
        Extent { range, limit: limit(asked).unwrap_or(50) }
    }
}

/// Reads how many entries are wanted.
pub fn limit(asked: &mut Asked) -> Option<usize> {
    asked.integer("limit").and_then(|limit| usize::try_from(limit).ok())
}

/// Widths of the buckets that edges which move with the clock are moved to the ends of, widest first.
const WIDTHS_MS: [i64; 4] = [HOUR_MS, 300_000, 60_000, 1000];

impl Window {
    /// The window of a statistic, `default_ms` up to now where none was asked for. What moves with the clock stands
    /// still within a bucket, so that the same question has the same answer there: an edge some time before now is as
    /// long before the end of the bucket that holds now, by the widest bucket (an hour, five minutes, a minute, a
    /// second) whose multiple the time is. `hours=24` are 24 whole hours, the unfinished one last.
    pub fn buckets(&self, now: Timestamp, default_ms: i64) -> TimeRange {
        let from = if self.from.is_none() && self.until.is_none() { Some(Edge::Before(default_ms)) } else { self.from };
        let spans = [from, self.until].into_iter().flatten();
        let spans: Vec<i64> =
            spans.filter_map(|edge| if let Edge::Before(ms) = edge { Some(ms) } else { None }).collect();
        let width_ms = WIDTHS_MS.into_iter().find(|width_ms| spans.iter().all(|ms| ms % width_ms == 0)).unwrap_or(1);
        let end = Timestamp(now.floor_to(width_ms).0.saturating_add(width_ms));
        let ends = matches!(from, Some(Edge::Before(_)));
        TimeRange {
            from: from.map_or(TimeRange::ALL.from, |edge| resolve(edge, end)),
            until: self.until.map_or(if ends { end } else { TimeRange::ALL.until }, |edge| resolve(edge, end)),
        }
    }
}

fn edge_of(asked: &mut Asked, names: &[&'static str; 3]) -> Option<Edge> {
    let given: Vec<_> = names.iter().filter(|name| asked.has(name)).copied().collect();
    for name in given.iter().skip(1) {
        asked.faults.add(name, format!("says the same as {}; give one of them", given[0]));
    }
    given.into_iter().filter_map(|name| asked.edge(name)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_statistics_stand_still_within_a_bucket() {
        const MINUTE_MS: i64 = 60_000;
        let noon = 20 * DAY_MS + 12 * HOUR_MS;
        let all = TimeRange::ALL;
        for (query, from, until) in [
            ("", noon + HOUR_MS - DAY_MS, noon + HOUR_MS),
            ("hours=2", noon - HOUR_MS, noon + HOUR_MS),
            ("days=1", noon + HOUR_MS - DAY_MS, noon + HOUR_MS),
            ("from=24h", noon + HOUR_MS - DAY_MS, noon + HOUR_MS),
            ("from=15m", noon - 10 * MINUTE_MS, noon + 5 * MINUTE_MS),
            ("from=3h&to=1h", noon - 2 * HOUR_MS, noon),
            ("from=1h&to=10m", noon - 55 * MINUTE_MS, noon - 5 * MINUTE_MS),
            ("from=1970-01-03", 2 * DAY_MS, all.until.0),
            ("to=1970-01-03", all.from.0, 2 * DAY_MS),
        ] {
            for now in [noon + 2 * MINUTE_MS, noon + 5 * MINUTE_MS - 1].map(Timestamp) {
                let uri = format!("/x?{query}").parse().unwrap();
                let mut asked = Asked::of(&uri, &[WINDOW]);
                let range = Window::read(&mut asked, now).buckets(now, DAY_MS);
                assert!(asked.finish().is_ok());
                assert_eq!((range.from.0, range.until.0), (from, until), "{query}");
            }
        }
    }

    #[test]
    fn what_moves_with_the_clock_is_kept_apart() {
        assert_eq!(Edge::parse("24h"), Ok(Edge::Before(DAY_MS)));
        assert_eq!(Edge::parse("-7d"), Ok(Edge::Before(7 * DAY_MS)));
        assert_eq!(Edge::parse("1970-01-02"), Ok(Edge::At(Timestamp(DAY_MS))));
        assert_eq!(Edge::parse("0h"), Ok(Edge::Before(0)));
        assert!(Edge::parse("soon").is_err());
    }
}
