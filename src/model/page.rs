//! A page of rows in time order, and where the next one begins.

use super::{EventFilter, RowId, Timestamp};

/// Direction of time order; ties are broken by row id in the same direction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    Descending,
    /// Oldest first.
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

/// Asks for a page.
#[derive(Clone, Debug)]
pub struct PageQuery {
    /// Which rows.
    pub filter: EventFilter,
    /// In which order.
    pub order: Order,
    /// Only rows behind this place.
    pub after: Option<Position>,
    /// Rows to skip, from `after` on.
    pub offset: u64,
    /// Rows wanted at most.
    pub limit: usize,
}

impl PageQuery {
    /// The newest `limit` rows.
    pub fn newest(limit: usize) -> Self {
        PageQuery { filter: EventFilter::default(), order: Order::Descending, after: None, offset: 0, limit }
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position>,
}
