//! Blocks written by earlier layouts, brought up to this one when the database is opened: a block in a transaction, so
//! that a start that is cut off goes on where it was.

mod paths;
mod verdicts;

use super::column::Column;
use super::fold::{forget_sums, hours_of};
use super::rewrite::Part;
use super::rollup::{Group, Level};
use super::snapshot::Floor;
use super::writer::Writer;
use crate::model::Classifiers;
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension};

/// Brings every block up to this layout.
pub(super) fn upgrade(writer: &mut Writer, classifiers: &Classifiers) -> StoreResult<()> {
    paths::upgrade(writer, classifiers)?;
    verdicts::upgrade(writer)
}

/// A block of which something was written before what is written now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Old {
    part: Part,
    folded: bool,
    /// The first hour that has not been cleared.
    first_hour: i64,
}

impl Old {
    /// Blocks without a column, oldest first.
    fn waiting(db: &Connection, column: Column) -> StoreResult<Vec<u64>> {
        let mut query = db.prepare(&format!("SELECT id FROM block WHERE {} ORDER BY first_row", without(column)))?;
        let ids = query.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The block of that id; `None` where it is gone or has been brought up to date.
    fn read(db: &Connection, id: u64, column: Column) -> StoreResult<Option<Old>> {
        Old::found(db, id, &without(column))
    }

    /// The block of that id; `None` where it is gone.
    pub(super) fn of(db: &Connection, id: u64) -> StoreResult<Option<Old>> {
        Old::found(db, id, "true")
    }

    fn found(db: &Connection, id: u64, which: &str) -> StoreResult<Option<Old>> {
        let sql = format!("SELECT rows, first_row, folded FROM block WHERE id = ?1 AND {which}");
        let block = db.prepare_cached(&sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let Some((rows, first_row, folded)): Option<(u32, u64, bool)> = block.optional()? else { return Ok(None) };
        let first_hour = Floor::first_hour(&Floor::read_all(db)?, first_row + u64::from(rows.max(1)) - 1);
        Ok(Some(Old { part: Part { id, rows }, folded, first_hour }))
    }

    /// Takes the sums of its hours for unknown in groups that lacked something: they are put together anew in the
    /// background. What a block adds that is yet to be folded lacks something in all.
    pub(super) fn forget_sums(self, db: &Connection, groups: &[Group]) -> StoreResult<()> {
        let groups = if self.folded { groups } else { &Group::ALL };
        if !self.folded {
            db.prepare_cached("UPDATE block SET folded = 1 WHERE id = ?1")?.execute([self.part.id])?;
            db.prepare_cached("DELETE FROM block_column WHERE id = ?1")?
                .execute([Column::Delta.row_of(self.part.id)])?;
        }
        if groups.is_empty() {
            return Ok(());
        }
        for hour in hours_of(db, self.part.id)?.into_iter().filter(|hour| *hour >= self.first_hour) {
            for group in groups {
                forget_sums(db, *group, Level::Hour, hour)?;
                forget_sums(db, *group, Level::Day, hour.div_euclid(24))?;
            }
            db.prepare_cached("INSERT OR IGNORE INTO dirty_hour (hour) VALUES (?1)")?.execute([hour])?;
        }
        Ok(())
    }
}

fn without(column: Column) -> String {
    let number = column as u8;
    format!("NOT EXISTS (SELECT 1 FROM block_column WHERE block_column.id = block.id * 64 + {number})")
}
