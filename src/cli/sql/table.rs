//! `proxy_logs` as SQLite sees it: a virtual table over the store, read piece by piece. Source:
//! <https://sqlite.org/vtab.html>.
//!
//! The one file with `unsafe`: SQLite casts pointers to a table and its cursors to its own structs, which is right as
//! long as these come first in ours and the layout is C's. Both are below; nothing else is done with pointers.
#![allow(unsafe_code)]

use super::columns::{Row, declaration, names};
use super::patience::Patience;
use super::plan::{Comparison, Scan, Walk, letter};
use crate::api::RowSettings;
use crate::model::{Event, Lens, Order, PageQuery, Place, Sort};
use crate::store::EventStore;
use rusqlite::types::Value;
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConnection, VTabCursor, sqlite3_vtab,
    sqlite3_vtab_cursor,
};
use rusqlite::{Connection, Error, Result};
use std::borrow::Cow;
use std::ffi::{CStr, CString, c_int};
use std::sync::Arc;
use std::vec::IntoIter;

/// The table's name.
pub(super) const NAME: &CStr = c"proxy_logs";
/// Rows read at first: as many as somebody looks at.
const FIRST_ROWS: usize = 128;
/// Rows read at a time, later.
const MOST_ROWS: usize = 8192;

/// What the table shows, and how.
pub(super) struct Shown {
    pub(super) store: Arc<dyn EventStore>,
    pub(super) lens: Lens,
    pub(super) settings: RowSettings,
    pub(super) patience: Arc<Patience>,
}

/// Makes the table known to a connection.
pub(super) fn register(connection: &Connection, shown: Arc<Shown>) -> Result<()> {
    const MODULE: Module<'_, Table> = Module::eponymous_only_module();
    connection.create_module(NAME, &MODULE, Some(shown))
}

#[repr(C)]
struct Table {
    base: sqlite3_vtab,
    shown: Arc<Shown>,
}

// SAFETY: `base` comes first, and the layout is C's.
unsafe impl<'vtab> VTab<'vtab> for Table {
    type Aux = Arc<Shown>;
    type Cursor = Cursor;

    fn connect(
        _: &mut VTabConnection,
        aux: Option<&Arc<Shown>>,
        _: &[u8],
        _: &[u8],
        _: &[u8],
        _: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Table)> {
        let shown = Arc::clone(aux.ok_or_else(|| Error::ModuleError("the table shows nothing".to_owned()))?);
        let declared = CString::new(declaration()).map_err(|fault| Error::ModuleError(fault.to_string()))?;
        Ok((Cow::Owned(declared), Table { base: sqlite3_vtab::default(), shown }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let names: Vec<_> = names().collect();
        // The row's own number is its id.
        let name = |column: c_int| usize::try_from(column).map_or(Some("id"), |at| names.get(at).copied());
        let compared: Vec<_> = info
            .constraints()
            .enumerate()
            .filter(|(_, constraint)| constraint.is_usable())
            .filter_map(|(at, constraint)| {
                // Others, such as RTRIM, take texts for equal that the store doesn't.
                info.collation(at).ok().filter(|order| ["BINARY", "NOCASE"].contains(order))?;
                let how = match constraint.operator() {
                    IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ => Comparison::Equal,
                    IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GT => Comparison::Above,
                    IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GE => Comparison::AtLeast,
                    IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LT => Comparison::Below,
                    IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LE => Comparison::AtMost,
                    _ => return None,
                };
                let column = name(constraint.column())?;
                Some((at, column, letter(column, how)?, how))
            })
            .collect();
        let (mut plan, mut rows) = (String::new(), 1e8_f64);
        for (place, (at, column, letter, how)) in (1..).zip(&compared) {
            info.constraint_usage(*at).set_argv_index(place);
            plan.push(*letter);
            rows /= match (*column, how) {
                ("id", Comparison::Equal) => 1e8,
                (_, Comparison::Equal) => 100.0,
                _ => 4.0,
            };
        }
        let order = info.order_bys().map(|by| (by.column(), by.is_order_by_desc())).collect::<Vec<_>>();
        let walk = match order[..] {
            [(column, descending)] => name(column).and_then(|column| Walk::along(column, descending)),
            _ => None,
        };
        info.set_order_by_consumed(walk.is_some());
        info.set_idx_num(walk.unwrap_or_default().number());
        info.set_idx_str(&plan);
        info.set_estimated_cost(rows.max(1.0));
        info.set_estimated_rows(rows.max(1.0) as i64);
        Ok(true)
    }

    fn open(&'vtab mut self) -> Result<Cursor> {
        Ok(Cursor {
            base: sqlite3_vtab_cursor::default(),
            shown: Arc::clone(&self.shown),
            scan: Scan::new(Walk::ById),
            place: None,
            is_last: true,
            piece: Vec::new().into_iter(),
            piece_rows: FIRST_ROWS,
            row: None,
        })
    }
}

#[repr(C)]
struct Cursor {
    base: sqlite3_vtab_cursor,
    shown: Arc<Shown>,
    scan: Scan,
    /// Where the next piece begins, walking by time.
    place: Option<Place>,
    /// Whether there is no piece after this one.
    is_last: bool,
    piece: IntoIter<Event>,
    piece_rows: usize,
    row: Option<Row>,
}

impl Cursor {
    fn read(&mut self) -> Result<()> {
        if self.shown.patience.is_spent() {
            return Err(Error::ModuleError("stopped".to_owned()));
        }
        let failed = |cause: crate::store::StoreError| Error::ModuleError(cause.to_string());
        let Shown { store, lens, .. } = &*self.shown;
        let order = match self.scan.walk {
            Walk::ById => {
                let found =
                    store.arrivals(&self.scan.filter, lens, self.scan.after, self.piece_rows).map_err(failed)?;
                self.is_last = found.rows.len() < self.piece_rows || found.up_to >= self.scan.last;
                self.scan.after = found.up_to;
                self.piece = found.rows.into_iter();
                self.piece_rows = (self.piece_rows * 2).min(MOST_ROWS);
                return Ok(());
            }
            Walk::Oldest => Order::Ascending,
            Walk::Newest => Order::Descending,
        };
        let query = PageQuery {
            filter: self.scan.filter.clone(),
            sort: Sort::Time,
            order,
            after: self.place.take(),
            offset: 0,
            limit: self.piece_rows,
        };
        let found = store.page(&query, lens).map_err(failed)?;
        self.is_last = found.next.is_none();
        self.place = found.next;
        self.piece = found.rows.into_iter();
        self.piece_rows = (self.piece_rows * 2).min(MOST_ROWS);
        Ok(())
    }
}

// SAFETY: `base` comes first, and the layout is C's.
unsafe impl VTabCursor for Cursor {
    fn filter(&mut self, number: c_int, plan: Option<&str>, values: &Filters<'_>) -> Result<()> {
        self.scan = Scan::new(Walk::of(number));
        for (at, letter) in plan.unwrap_or_default().chars().enumerate() {
            self.scan.narrow(letter, values.get::<Value>(at)?, &self.shown.lens);
        }
        (self.place, self.is_last, self.piece_rows) = (None, false, FIRST_ROWS);
        self.piece = Vec::new().into_iter();
        self.next()
    }

    fn next(&mut self) -> Result<()> {
        loop {
            if let Some(event) = self.piece.next() {
                let inside = (self.scan.walk == Walk::ById || event.id > self.scan.after) && event.id <= self.scan.last;
                if inside {
                    self.row = Some(Row::of(event));
                    return Ok(());
                }
            } else if self.is_last {
                self.row = None;
                return Ok(());
            } else {
                self.read()?;
            }
        }
    }

    fn eof(&self) -> bool {
        self.row.is_none()
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        let value = self.row.as_ref().zip(usize::try_from(column).ok());
        let value = value.map(|(row, at)| row.value(at, &self.shown.lens, &self.shown.settings));
        context.set_result(&value.unwrap_or(Value::Null))
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.row.as_ref().map_or(0, |row| row.id().cast_signed()))
    }
}
