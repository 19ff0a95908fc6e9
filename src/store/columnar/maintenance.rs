//! Upkeep of the database file: its free space given back, at once or in small steps, its statistics renewed, and all
//! sums per group put together anew.

use super::column::Column;
use super::rollup::{Group, Level, rollup_row};
use super::writer::Writer;
use crate::store::{StoreResult, Vacuumed};
use rusqlite::Connection;

/// Free pages are left for what is written next up to this many: 64 MiB.
const FREE_PAGES: i64 = 4096;
/// And up to this part of all pages.
const FREE_PART: i64 = 4;
/// Pages given back at once, 4 MiB: others wait to write meanwhile.
const SHRUNK_AT_ONCE: i64 = 256;
/// `PRAGMA auto_vacuum`: pages know who points to them, so that they can be moved.
const INCREMENTAL: i64 = 2;

fn pragma(db: &Connection, name: &str) -> StoreResult<i64> {
    Ok(db.pragma_query_value(None, name, |row| row.get(0))?)
}

fn size_bytes(db: &Connection) -> StoreResult<u64> {
    Ok((pragma(db, "page_count")? * pragma(db, "page_size")?) as u64)
}

/// Writes the database anew without its free pages; from then on they can be given back in small steps.
pub(super) fn vacuum(db: &Connection) -> StoreResult<Vacuumed> {
    let bytes_before = size_bytes(db)?;
    db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    db.execute_batch("VACUUM")?;
    checkpoint(db)?;
    Ok(Vacuumed { bytes_before, bytes_after: size_bytes(db)? })
}

/// Moves what can be moved of the write-ahead log into the database.
fn checkpoint(db: &Connection) -> StoreResult<()> {
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Renews the planner's statistics.
pub(super) fn analyze(db: &Connection) -> StoreResult<()> {
    Ok(db.execute_batch("ANALYZE; PRAGMA optimize;")?)
}

/// Gives some free pages back to the file system where there are many; answers whether there were. A database made
/// before this was known keeps its free pages until it is written anew.
pub(super) fn shrink(db: &Connection) -> StoreResult<bool> {
    let free = pragma(db, "freelist_count")?;
    if free <= FREE_PAGES || free * FREE_PART <= pragma(db, "page_count")? || pragma(db, "auto_vacuum")? != INCREMENTAL
    {
        return Ok(false);
    }
    let mut step = db.prepare_cached(&format!("PRAGMA incremental_vacuum({SHRUNK_AT_ONCE})"))?;
    let mut pages = step.query([])?;
    while pages.next()?.is_some() {}
    Ok(true)
}

/// Forgets every sum per group and what blocks are yet to add to them; answers how many hours have rows.
pub(super) fn forget_all_sums(writer: &mut Writer) -> StoreResult<u64> {
    writer.change(|db, _, state| {
        db.execute("DELETE FROM rollup", [])?;
        for group in Group::ALL {
            forget_group(db, group)?;
        }
        db.execute(
            "DELETE FROM block_column WHERE id IN (SELECT id * 64 + ?1 FROM block WHERE folded = 0)",
            [Column::Delta as u8],
        )?;
        db.execute("UPDATE block SET folded = 1 WHERE folded = 0", [])?;
        db.execute("INSERT OR IGNORE INTO dirty_hour (hour) SELECT bucket FROM total_1h", [])?;
        state.epoch += 1;
        state.version += 1;
        dirty_hours(db)
    })
}

/// Marks a group's hours and days as without sums, so that their rows are looked at.
fn forget_group(db: &Connection, group: Group) -> StoreResult<()> {
    let (hour, day) = (rollup_row(group, Level::Hour, 0), rollup_row(group, Level::Day, 0));
    db.execute("INSERT OR REPLACE INTO rollup (id, data) SELECT bucket + ?1, x'' FROM total_1h", [hour])?;
    // Hours before the epoch belong to the day before it too.
    db.execute(
        "INSERT OR REPLACE INTO rollup (id, data)
         SELECT DISTINCT (bucket - (bucket % 24 + 24) % 24) / 24 + ?1, x'' FROM total_1h",
        [day],
    )?;
    Ok(())
}

/// Hours whose sums are yet to be put together.
pub(super) fn dirty_hours(db: &Connection) -> StoreResult<u64> {
    Ok(db.prepare_cached("SELECT count(*) FROM dirty_hour")?.query_row([], |row| row.get(0))?)
}
