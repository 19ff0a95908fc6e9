//! A report as people read it: sections of facts, tables and charts, in the order of the page. Every format but JSON is
//! written from this, so that all say the same.

mod sections;

pub(super) use sections::sections;

use super::figures::minute;
use super::{Report, Shown};
use crate::model::Timestamp;

/// The window, for people.
pub(super) fn window(report: &Report) -> String {
    let window = &report.window;
    if window.from == window.until {
        return "no requests".to_owned();
    }
    format!("{} to {} UTC", minute(window.from), minute(window.until))
}

/// A part of the report.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Section {
    /// A stable word: the anchor in HTML, the first column in CSV.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is to be known before; empty where nothing is.
    pub note: String,
    /// What it shows.
    pub blocks: Vec<Block>,
}

/// Something shown.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Block {
    /// Single figures.
    Facts(Vec<(&'static str, Cell)>),
    /// A table.
    Table(Table),
    /// A chart; the table with its figures follows it.
    Chart(Chart),
}

/// A table.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Table {
    /// A stable word within the section.
    pub id: &'static str,
    /// What its rows are.
    pub title: &'static str,
    /// Headings of columns.
    pub columns: Vec<&'static str>,
    /// How many columns at the left tell rows apart; with none, rows are known by their number.
    pub keys: usize,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows there would be, where there are more.
    pub total: u64,
    /// The column whose numbers are shown as bars too.
    pub bars: Option<usize>,
    /// Whether it only says again what a chart shows, so that it may be folded away.
    pub behind_chart: bool,
}

/// What a cell holds.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell {
    /// Nothing, as nothing is known.
    Nothing,
    /// A word of this program.
    Word(&'static str),
    /// A text from a log.
    Text(Shown),
    /// Several, a line each.
    Lines(Vec<Shown>),
    /// Lines to be pasted somewhere.
    Code(Vec<Shown>),
    /// A number.
    Count(u64),
    /// A size.
    Bytes(u64),
    /// Hundredths.
    Percent(f64),
    /// A span of time.
    Millis(u64),
    /// An instant.
    Time(Timestamp),
}

/// A chart.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Chart {
    /// Columns over time, or the hours of a day.
    Columns(Columns),
    /// Weekdays by hours.
    Heat(Box<Heat>),
}

/// Columns side by side, each of parts upon each other.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Columns {
    /// What it shows.
    pub title: &'static str,
    /// What the parts are, the lowest first.
    pub parts: Vec<&'static str>,
    /// What is below each column, and its parts.
    pub columns: Vec<(String, Vec<u64>)>,
    /// Whether numbers are sizes in bytes.
    pub is_bytes: bool,
}

/// A field of hours.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Heat {
    /// What it shows.
    pub title: &'static str,
    /// The rows.
    pub weekdays: [&'static str; 7],
    /// By row and hour.
    pub requests: [[u64; 24]; 7],
}

impl Cell {
    /// For people, on one line but for lines and code.
    pub fn words(&self) -> String {
        use super::figures::{bytes, millis, percent};
        use crate::model::grouped;
        match self {
            Cell::Nothing => String::new(),
            Cell::Word(word) => (*word).to_owned(),
            Cell::Text(text) => text.as_str().to_owned(),
            Cell::Lines(lines) | Cell::Code(lines) => lines.iter().map(Shown::as_str).collect::<Vec<_>>().join("\n"),
            Cell::Count(number) => grouped(*number),
            Cell::Bytes(size) => bytes(*size),
            Cell::Percent(share) => percent(*share),
            Cell::Millis(ms) => millis(*ms),
            Cell::Time(time) => time.to_sql(),
        }
    }

    /// For programs: the bare number, in the unit of [`Cell::unit`].
    pub fn value(&self) -> String {
        match self {
            Cell::Count(number) | Cell::Bytes(number) | Cell::Millis(number) => number.to_string(),
            Cell::Percent(share) => share.to_string(),
            Cell::Time(time) => time.to_rfc3339(),
            _ => self.words(),
        }
    }

    /// The unit of its number; empty where it has none.
    pub fn unit(&self) -> &'static str {
        match self {
            Cell::Bytes(_) => "bytes",
            Cell::Percent(_) => "percent",
            Cell::Millis(_) => "ms",
            _ => "",
        }
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Cell::Count(_) | Cell::Bytes(_) | Cell::Percent(_) | Cell::Millis(_))
    }

    /// How long its bar is; 0 for what has none.
    pub fn size(&self) -> u64 {
        match self {
            Cell::Count(number) | Cell::Bytes(number) | Cell::Millis(number) => *number,
            _ => 0,
        }
    }
}

impl Table {
    /// Whether a column holds numbers.
    pub fn is_number(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_number))
    }

    /// What is said below it where it does not show everything.
    pub fn rest(&self) -> Option<String> {
        let shown = self.rows.len() as u64;
        (self.total > shown)
            .then(|| format!("{} of {}", crate::model::grouped(shown), crate::model::grouped(self.total)))
    }
}
