//! Sums over many rows: what can be grouped by, what is counted, and the shape of the answers.

use super::{EventFilter, OutcomeCounts, TimeRange, Timestamp};

/// What rows can be grouped by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dimension {
    /// Client, as the lens shows it.
    Client,
    /// User, as the lens shows it.
    User,
    /// Destination `host:port`.
    Destination,
    /// Registrable domain of the destination, by the public suffix list; an IP literal stands for itself.
    Domain,
    /// Request method.
    Method,
    /// Status code.
    Status,
}

/// What is known of a group of rows. Every part is exact and can be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Measure {
    /// Rows per outcome.
    pub outcomes: OutcomeCounts,
    /// Bytes sent to clients.
    pub bytes: u64,
    /// Milliseconds taken, negative durations counted as they are.
    pub time_taken_ms: i64,
}

impl Measure {
    /// Adds `other`.
    pub fn add(&mut self, other: &Measure) {
        self.outcomes.add(&other.outcomes);
        self.bytes = self.bytes.wrapping_add(other.bytes);
        self.time_taken_ms = self.time_taken_ms.wrapping_add(other.time_taken_ms);
    }

    /// Takes away `other`, which is part of this.
    pub fn subtract(&mut self, other: &Measure) {
        self.outcomes.subtract(&other.outcomes);
        self.bytes = self.bytes.wrapping_sub(other.bytes);
        self.time_taken_ms = self.time_taken_ms.wrapping_sub(other.time_taken_ms);
    }
}

/// Asks for the largest groups by row count.
#[derive(Clone, Debug)]
pub struct TopQuery {
    /// Grouped by what.
    pub by: Dimension,
    /// Which rows, by time.
    pub range: TimeRange,
    /// Groups wanted at most; ties are broken by name, ascending.
    pub limit: usize,
}

/// A group and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TopEntry {
    /// The group's name, as the lens shows it; `-` for rows without one.
    pub name: String,
    /// Its sums.
    pub measure: Measure,
}

/// Width of a timeline's buckets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Resolution {
    /// Five minutes.
    FiveMinutes,
    /// One hour.
    Hour,
    /// One UTC day.
    Day,
}

impl Resolution {
    /// The width in milliseconds.
    pub fn width_ms(self) -> i64 {
        match self {
            Resolution::FiveMinutes => 300_000,
            Resolution::Hour => super::HOUR_MS,
            Resolution::Day => super::DAY_MS,
        }
    }
}

/// One bucket of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimelinePoint {
    /// The bucket's start.
    pub time: Timestamp,
    /// What happened in it.
    pub measure: Measure,
}

/// Totals over the whole store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StoreStats {
    /// Rows and sums over all of them.
    pub measure: Measure,
    /// Rows per outcome whose destination host is an IP literal.
    pub ip_literal: OutcomeCounts,
    /// When rows were last stored, wall clock.
    pub last_import: Option<Timestamp>,
    /// Lines that could not be parsed.
    pub rejected_lines: u64,
    /// The highest row id ever given out.
    pub highest_row: u64,
}

impl TopQuery {
    /// A filter that names the same rows.
    pub fn filter(&self) -> EventFilter {
        EventFilter { range: Some(self.range), ..EventFilter::default() }
    }
}
