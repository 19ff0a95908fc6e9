//! Sums over many rows: what can be grouped by, what is counted, and the shape of the answers.

use super::{EventFilter, OutcomeCounts, OutcomeSet, TimeRange, Timestamp};

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
    /// Result code, as Squid calls it: `TCP_HIT`.
    ResultCode,
    /// Severity.
    Severity,
    /// What rules said: the text form of [`Verdict`](super::Verdict); [none](Dimension) of rows that were not scored.
    Verdict,
    /// The name of the source.
    Source,
    /// The machine whose log it is.
    Host,
    /// Service that the destination belongs to.
    Service,
    /// Category of that service.
    ServiceCategory,
    /// Kind of service, by its category or else by scheme and port.
    ServiceType,
    /// Family and class of the user agent, separated by a line feed.
    Agent,
    /// Extension of the path, in lower case, without the dot.
    Extension,
    /// Category of the file, by extension and MIME type.
    FileCategory,
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

    /// How large a group of these sums is in an order.
    pub fn size(&self, order: GroupOrder) -> u64 {
        match order {
            GroupOrder::Rows => self.outcomes.total(),
            GroupOrder::Outcomes(set) => self.outcomes.of(set),
            GroupOrder::Bytes => self.bytes,
        }
    }

    /// Takes away `other`, which is part of this.
    pub fn subtract(&mut self, other: &Measure) {
        self.outcomes.subtract(&other.outcomes);
        self.bytes = self.bytes.wrapping_sub(other.bytes);
        self.time_taken_ms = self.time_taken_ms.wrapping_sub(other.time_taken_ms);
    }
}

/// What groups are ordered by, the largest first; ties are broken by name, ascending.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum GroupOrder {
    /// Rows.
    #[default]
    Rows,
    /// Rows of these outcomes; groups without any are left out.
    Outcomes(OutcomeSet),
    /// Bytes sent to clients.
    Bytes,
}

/// Asks for the largest groups.
#[derive(Clone, Debug)]
pub struct GroupQuery {
    /// Grouped by what.
    pub by: Dimension,
    /// Which rows.
    pub filter: EventFilter,
    /// Which groups are the largest.
    pub order: GroupOrder,
    /// Groups wanted at most.
    pub limit: usize,
    /// Whether the clients of each group are to be counted.
    pub count_clients: bool,
}

impl GroupQuery {
    /// The groups of a range with most rows.
    pub fn of(by: Dimension, range: TimeRange, limit: usize) -> GroupQuery {
        let filter = EventFilter::within(range);
        GroupQuery { by, filter, order: GroupOrder::Rows, limit, count_clients: false }
    }
}

/// The largest groups.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Groups {
    /// Largest first.
    pub entries: Vec<GroupEntry>,
    /// How many there are, those that are not answered included.
    pub total: u64,
}

/// A group and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupEntry {
    /// The group's name, as the lens shows it; `-` for rows without one.
    pub name: String,
    /// Its sums.
    pub measure: Measure,
    /// How many clients it has, as the lens tells them apart; 0 where that was not asked.
    pub clients: u64,
}

/// Asks for sums per bucket of time, by group.
#[derive(Clone, Debug)]
pub struct SeriesQuery {
    /// Grouped by what; `None` for one group named `-`.
    pub by: Option<Dimension>,
    /// Which rows. The range is widened to whole buckets.
    pub filter: EventFilter,
    /// Width of the buckets.
    pub resolution: Resolution,
}

/// A group's sums in a bucket of time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeriesPoint {
    /// The bucket's start.
    pub time: Timestamp,
    /// The group's name.
    pub name: String,
    /// What happened in it.
    pub measure: Measure,
}

/// When a group was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Its first row.
    pub first: Timestamp,
    /// Its last row.
    pub last: Timestamp,
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
    /// The width for a chart of so long a time: five minutes up to three hours, an hour up to fourteen days, then a day.
    pub fn fitting(length_ms: i64) -> Resolution {
        match length_ms {
            length if length <= 3 * super::HOUR_MS => Resolution::FiveMinutes,
            length if length <= 14 * super::DAY_MS => Resolution::Hour,
            _ => Resolution::Day,
        }
    }

    /// The width in milliseconds.
    pub fn width_ms(self) -> i64 {
        match self {
            Resolution::FiveMinutes => 300_000,
            Resolution::Hour => super::HOUR_MS,
            Resolution::Day => super::DAY_MS,
        }
    }

    /// The last `count` buckets, the one that holds `now` last.
    pub fn last(self, count: i64, now: Timestamp) -> TimeRange {
        let width_ms = self.width_ms();
        let until = Timestamp(now.floor_to(width_ms).0.saturating_add(width_ms));
        TimeRange { from: Timestamp(until.0.saturating_sub(count.saturating_mul(width_ms))), until }
    }

    /// Where the buckets of a range of whole buckets begin, in order.
    pub fn starts(self, range: TimeRange) -> impl Iterator<Item = Timestamp> {
        let after = move |time: &Timestamp| Some(Timestamp(time.0.checked_add(self.width_ms())?));
        std::iter::successors(Some(range.from), after).take_while(move |time| *time < range.until)
    }

    /// A range, widened to whole buckets; an empty one stays empty.
    pub fn widened(self, range: TimeRange) -> TimeRange {
        if range.from >= range.until {
            return range;
        }
        let width_ms = self.width_ms();
        let last = Timestamp(range.until.0.saturating_sub(1)).floor_to(width_ms);
        TimeRange { from: range.from.floor_to(width_ms), until: Timestamp(last.0.saturating_add(width_ms)) }
    }
}

/// Sums over all rows of some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Rows, bytes and time.
    pub measure: Measure,
    /// Of the rows, those whose destination is an IP literal.
    pub ip_literal: OutcomeCounts,
    /// Bytes from clients, of rows whose log says so.
    pub cs_bytes: u64,
    /// How many rows that are.
    pub cs_bytes_rows: u64,
    /// The entropies of paths in thousandths of a bit per byte, of rows that have a path to measure.
    pub entropy_millibits: u64,
    /// How many rows that are.
    pub entropy_rows: u64,
}

impl Totals {
    /// Adds `other`.
    pub fn add(&mut self, other: &Totals) {
        self.measure.add(&other.measure);
        self.ip_literal.add(&other.ip_literal);
        self.cs_bytes = self.cs_bytes.wrapping_add(other.cs_bytes);
        self.cs_bytes_rows += other.cs_bytes_rows;
        self.entropy_millibits += other.entropy_millibits;
        self.entropy_rows += other.entropy_rows;
    }

    /// Adds what a row says beyond its measure: bytes from the client, and the entropy of its path.
    pub fn add_row(&mut self, cs_bytes: Option<u64>, entropy_millibits: Option<u32>) {
        self.cs_bytes = self.cs_bytes.wrapping_add(cs_bytes.unwrap_or_default());
        self.cs_bytes_rows += u64::from(cs_bytes.is_some());
        self.entropy_millibits += u64::from(entropy_millibits.unwrap_or_default());
        self.entropy_rows += u64::from(entropy_millibits.is_some());
    }

    /// Takes away `other`, which is part of this.
    pub fn subtract(&mut self, other: &Totals) {
        self.measure.subtract(&other.measure);
        self.ip_literal.subtract(&other.ip_literal);
        self.cs_bytes = self.cs_bytes.wrapping_sub(other.cs_bytes);
        self.cs_bytes_rows = self.cs_bytes_rows.saturating_sub(other.cs_bytes_rows);
        self.entropy_millibits = self.entropy_millibits.saturating_sub(other.entropy_millibits);
        self.entropy_rows = self.entropy_rows.saturating_sub(other.entropy_rows);
    }
}

/// One bucket of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimelinePoint {
    /// The bucket's start.
    pub time: Timestamp,
    /// What happened in it.
    pub totals: Totals,
}

/// Totals over the whole store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StoreStats {
    /// Sums over all rows.
    pub totals: Totals,
    /// When rows were last stored, wall clock.
    pub last_import: Option<Timestamp>,
    /// Lines that could not be parsed.
    pub rejected_lines: u64,
    /// The highest row id ever given out.
    pub highest_row: u64,
}
