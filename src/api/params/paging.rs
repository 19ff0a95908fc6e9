//! Which page: `limit` and `offset`, `page` and `page_size`, or a place to go on from.

use super::{Asked, Kind, MAX_INTEGER, Param};
use crate::model::RowId;

/// The parameters of paging.
pub const PAGING: &[Param] = &[
    Param::one("limit", Kind::Integer { min: 1, max: 1000 }, "Rows wanted at most; 100 unless given"),
    Param::one("offset", Kind::Integer { min: 0, max: MAX_INTEGER }, "Rows to skip"),
    Param::one("cursor", Kind::Text, "A `next_cursor` of the same question: the rows after it"),
    Param::one("page", Kind::Integer { min: 1, max: MAX_INTEGER }, "Page number, 1 upwards"),
    Param::one("page_size", Kind::Integer { min: 1, max: 1000 }, "Rows of a page; 150 unless given"),
    Param::one("cursor_id", Kind::Text, "A row's id or a `next_cursor`: the rows after that row in the order asked"),
];

const DEFAULT_LIMIT: i64 = 100;
const DEFAULT_PAGE_SIZE: i64 = 150;

/// Where a page begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Start {
    /// At the first row.
    Top,
    /// Behind the place a cursor names; the parameter it came in, and its text.
    Cursor(&'static str, String),
    /// Behind a row.
    Row(RowId),
}

/// Page numbers, where they were asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pages {
    /// Page number.
    pub page: u64,
    /// Rows of a page.
    pub page_size: u64,
}

impl Pages {
    /// How many pages `total` rows fill.
    pub fn of(&self, total: u64) -> u64 {
        total.div_ceil(self.page_size)
    }
}

/// Which page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paging {
    /// Rows wanted at most.
    pub limit: usize,
    /// Rows to skip.
    pub offset: u64,
    /// Where to begin.
    pub start: Start,
    /// Page numbers to repeat in the answer.
    pub pages: Option<Pages>,
}

impl Paging {
    /// Reads the parameters of paging.
    pub fn read(asked: &mut Asked) -> Paging {
        let paged = asked.has("page") || asked.has("page_size");
        let start = read_start(asked);
        let mut limit = asked.integer("limit");
        let mut offset = asked.integer("offset");
        let pages = paged.then(|| {
            let page = asked.integer("page").unwrap_or(1);
            let page_size = asked.integer("page_size").or(limit).unwrap_or(DEFAULT_PAGE_SIZE);
            let skipped = (page - 1).checked_mul(page_size).filter(|skipped| *skipped <= MAX_INTEGER);
            if skipped.is_none() {
                asked.faults.add("page", format!("page and page_size together go beyond row {MAX_INTEGER}"));
            }
            for (name, given, said) in [("limit", limit, Some(page_size)), ("offset", offset, skipped)] {
                if given.is_some() && given != said {
                    asked.faults.add(name, "says something else than page and page_size");
                }
            }
            (limit, offset) = (Some(page_size), skipped);
            Pages { page: page as u64, page_size: page_size as u64 }
        });
        if start != Start::Top && offset.unwrap_or(0) != 0 {
            asked.faults.add(if paged { "page" } else { "offset" }, "a cursor says where the page begins");
        }
        Paging { limit: limit.unwrap_or(DEFAULT_LIMIT) as usize, offset: offset.unwrap_or(0) as u64, start, pages }
    }
}

fn read_start(asked: &mut Asked) -> Start {
    if asked.has("cursor") && asked.has("cursor_id") {
        asked.faults.add("cursor_id", "not together with cursor");
    }
    let by_id = asked.text("cursor_id").map(|text| match text.parse::<RowId>() {
        Ok(id) => Start::Row(id),
        Err(_) => Start::Cursor("cursor_id", text),
    });
    let by_cursor = asked.text("cursor").map(|text| Start::Cursor("cursor", text));
    by_cursor.or(by_id).unwrap_or(Start::Top)
}
