//! Removing: everything, or everything before an hour. A floor makes rows invisible in one transaction; their space
//! is given back a few blocks at a time.

use super::findings;
use super::fold::rebuild_day;
use super::past;
use super::rollup::{Group, Level, rollup_row};
use super::snapshot::{Floor, State, read_hours};
use super::writer::{Writer, delete_block};
use crate::model::{HOUR_MS, Resolution};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, params};

/// Blocks removed in one transaction.
const RECLAIMED_AT_ONCE: usize = 8;

/// Removes every row, reject and import checkpoint; answers how many rows went.
pub(super) fn clear(writer: &mut Writer) -> StoreResult<u64> {
    let removed = writer.change(|db, dictionaries, state| {
        let removed = rows_before(db, i64::MAX)?;
        for table in [
            "block",
            "block_column",
            "dictionary",
            "dictionary_hash",
            "total_5m",
            "total_1h",
            "rollup",
            "retention_floor",
            "reject",
            "reject_source",
            "reject_count",
            "erasing",
            "orphan",
            "dirty_hour",
            "origin_seen",
            "total_past",
            "finding",
        ] {
            db.execute(&format!("DELETE FROM {table}"), [])?;
        }
        db.execute(
            "DELETE FROM checkpoint_mark WHERE fingerprint IN (SELECT fingerprint FROM checkpoint WHERE followed = 0)",
            [],
        )?;
        db.execute("DELETE FROM checkpoint WHERE followed = 0", [])?;
        state.version += 1;
        state.epoch += 1;
        state.generation += 1;
        dictionaries.invalidate();
        Ok(removed)
    })?;
    writer.dictionaries.invalidate();
    Ok(removed)
}

/// Rows of hours before `hour`.
pub(super) fn rows_before(db: &Connection, hour: i64) -> StoreResult<u64> {
    let mut query = db.prepare_cached(
        "SELECT coalesce(sum(allowed + denied + origin_forbidden + auth_challenge + aborted + error), 0)
         FROM total_1h WHERE bucket < ?1",
    )?;
    Ok(query.query_row([hour], |row| row.get(0))?)
}

/// Sets a floor at `hour`; answers how many rows went.
pub(super) fn clear_before(writer: &mut Writer, hour: i64) -> StoreResult<u64> {
    writer.change(|db, _, state| set_floor(db, state, hour))
}

/// Sets a floor at `hour`, unless a block that ends behind `up_to` has rows of hours before. A block that was joined with
/// one from before may say so of rows that are not behind it.
pub(super) fn clear_archived(writer: &mut Writer, hour: i64, up_to: u64) -> StoreResult<u64> {
    writer.change(|db, _, state| {
        let floors = Floor::read_all(db)?;
        let mut query =
            db.prepare_cached("SELECT first_row + rows - 1, hours FROM block WHERE first_row + rows - 1 > ?1")?;
        let mut found = query.query([up_to])?;
        while let Some(row) = found.next()? {
            let first_hour = Floor::first_hour(&floors, row.get(0)?);
            let hours = read_hours(row.get_ref(1)?.as_blob().unwrap_or_default());
            if hours.is_ok_and(|hours| hours.iter().any(|(of, _)| (first_hour..hour).contains(of))) {
                return Err(StoreError::Overtaken);
            }
        }
        drop(found);
        set_floor(db, state, hour)
    })
}

fn set_floor(db: &Connection, state: &mut State, hour: i64) -> StoreResult<u64> {
    let removed = rows_before(db, hour)?;
    if removed == 0 {
        return Ok(0);
    }
    let row = state.next_row - 1;
    db.execute("DELETE FROM retention_floor WHERE hour <= ?1", [hour])?;
    db.execute("INSERT INTO retention_floor (hour, row) VALUES (?1, ?2)", params![hour, row])?;
    past::keep(db, hour)?;
    findings::remove_before(db, hour)?;
    db.execute("DELETE FROM total_1h WHERE bucket < ?1", [hour])?;
    db.execute("DELETE FROM total_5m WHERE bucket < ?1", [hour * (HOUR_MS / Resolution::FiveMinutes.width_ms())])?;
    for group in Group::ALL {
        drop_rollups(db, group, hour)?;
    }
    state.version += 1;
    state.epoch += 1;
    Ok(removed)
}

fn drop_rollups(db: &Connection, group: Group, hour: i64) -> StoreResult<()> {
    let lowest = |level| rollup_row(group, level, -(1 << 39));
    let day = hour.div_euclid(24);
    let mut delete = db.prepare_cached("DELETE FROM rollup WHERE id >= ?1 AND id < ?2")?;
    delete.execute([lowest(Level::Hour), rollup_row(group, Level::Hour, hour)])?;
    delete.execute([lowest(Level::Day), rollup_row(group, Level::Day, day + 1)])?;
    // The day that the floor cuts through is put together anew from the hours that are left of it.
    rebuild_day(db, group, day, hour)
}

/// Gives back the space of some blocks of which no row is alive; answers whether there were any.
pub(super) fn reclaim(writer: &mut Writer) -> StoreResult<bool> {
    if dead_blocks(&writer.db)?.is_empty() {
        return Ok(false);
    }
    writer.change(|db, _, state| {
        let dead = dead_blocks(db)?;
        for block in &dead {
            delete_block(db, *block)?;
        }
        state.epoch += u64::from(!dead.is_empty());
        Ok(!dead.is_empty())
    })
}

fn dead_blocks(db: &Connection) -> StoreResult<Vec<u64>> {
    let floors = Floor::read_all(db)?;
    let Some(highest) = floors.iter().map(|floor| floor.row).max() else { return Ok(Vec::new()) };
    let mut query = db.prepare_cached("SELECT id, first_row, rows, hours FROM block WHERE first_row <= ?1")?;
    let mut found = query.query([highest])?;
    let mut dead = Vec::new();
    while let Some(row) = found.next()? {
        let (id, first_row, rows): (u64, u64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let first_hour = Floor::first_hour(&floors, first_row + rows.max(1) - 1);
        let hours = read_hours(row.get_ref(3)?.as_blob().unwrap_or_default());
        if hours.is_ok_and(|hours| hours.iter().all(|(hour, _)| *hour < first_hour)) {
            dead.push(id);
            if dead.len() == RECLAIMED_AT_ONCE {
                break;
            }
        }
    }
    Ok(dead)
}
