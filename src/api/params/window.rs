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
    fn what_moves_with_the_clock_is_kept_apart() {
        assert_eq!(Edge::parse("24h"), Ok(Edge::Before(DAY_MS)));
        assert_eq!(Edge::parse("-7d"), Ok(Edge::Before(7 * DAY_MS)));
        assert_eq!(Edge::parse("1970-01-02"), Ok(Edge::At(Timestamp(DAY_MS))));
        assert_eq!(Edge::parse("0h"), Ok(Edge::Before(0)));
        assert!(Edge::parse("soon").is_err());
    }
}
