//! A page of rows, and where the next one begins.

use super::{Classifiers, Event, EventFilter, EventView, Lens, RowId, Timestamp};

/// What rows are ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Sort {
    /// Time of completion.
    #[default]
    Time,
    /// Client, as the lens shows it.
    Client,
    /// `host:port`, as the lens shows it.
    Destination,
    /// Status code, then result code.
    Status,
    /// Bytes sent to the client.
    Bytes,
    /// Method.
    Method,
    /// The machine whose log it is.
    Host,
    /// Severity, from its number: 0 is the worst.
    Severity,
    /// The URL as the lens shows it.
    Url,
}

/// Direction; ties are broken by row id in the same direction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// Newest, largest, last first.
    #[default]
    Descending,
    /// Oldest, smallest, first first.
    Ascending,
}

/// A place between two rows of a time-ordered listing: just behind this row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// The row's time.
    pub time: Timestamp,
    /// The row's number.
    pub id: RowId,
}

/// A place between two rows of a listing in any order: just behind this row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// What the row is ordered by.
    pub value: SortValue,
    /// The row's number.
    pub id: RowId,
}

impl From<Position> for Place {
    fn from(position: Position) -> Place {
        Place { value: SortValue::Number(position.time.0), id: position.id }
    }
}

impl Place {
    /// The place of a row in an order, as the lens shows it.
    pub fn of(event: &Event, sort: Sort, lens: &Lens, classifiers: &Classifiers) -> Place {
        let view = EventView::of(event, lens);
        let text = |text: &str| SortValue::text(text.as_bytes());
        let value = match sort {
            Sort::Time => SortValue::Number(view.time.0),
            Sort::Client => text(view.client_ip.as_deref().unwrap_or_default()),
            Sort::Destination => text((classifiers.destination)(view.origin.as_bytes()).as_deref().unwrap_or("-")),
            Sort::Status => text(&format!("{:03} {}", view.status_code, view.result)),
            Sort::Bytes => SortValue::Number(view.bytes.cast_signed()),
            Sort::Method => text(view.method.as_deref().unwrap_or_default()),
            Sort::Host => text(&view.source.host),
            Sort::Severity => SortValue::Number(view.severity as i64),
            Sort::Url => text(&view.url),
        };
        Place { value, id: view.id }
    }

    /// As a place in time; `None` in other orders.
    pub fn position(&self) -> Option<Position> {
        match self.value {
            SortValue::Number(time) => Some(Position { time: Timestamp(time), id: self.id }),
            SortValue::Text(_) => None,
        }
    }
}

/// What a row is ordered by. Within one order all values are of one kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SortValue {
    /// A time in Unix milliseconds, a size, a severity.
    Number(i64),
    /// A text by its bytes, its first [`SortValue::TEXT_BYTES`]; status and result as `200 TCP_MISS`.
    Text(Box<[u8]>),
}

impl SortValue {
    /// Texts are ordered by as many of their bytes; beyond, by row id.
    pub const TEXT_BYTES: usize = 256;

    /// A text, cut.
    pub fn text(text: &[u8]) -> SortValue {
        SortValue::Text(text[..text.len().min(Self::TEXT_BYTES)].into())
    }
}

/// Asks for a page.
#[derive(Clone, Debug)]
pub struct PageQuery {
    /// Which rows.
    pub filter: EventFilter,
    /// Ordered by what.
    pub sort: Sort,
    /// In which direction.
    pub order: Order,
    /// Only rows behind this place.
    pub after: Option<Place>,
    /// Rows to skip, from `after` on.
    pub offset: u64,
    /// Rows wanted at most.
    pub limit: usize,
}

impl PageQuery {
    /// Offset and limit together reach at most so far in orders other than time; beyond, cursors do.
    pub const MOST_SKIPPED: u64 = 10_000;

    /// The newest `limit` rows.
    pub fn newest(limit: usize) -> Self {
        PageQuery {
            filter: EventFilter::default(),
            sort: Sort::Time,
            order: Order::Descending,
            after: None,
            offset: 0,
            limit,
        }
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Place>,
}

/// Rows as they were stored.
#[derive(Clone, Debug)]
pub struct Arrivals<T> {
    /// The rows that pass, by rising number.
    pub rows: Vec<T>,
    /// Up to which number was looked: ask for those after it next.
    pub up_to: RowId,
}
