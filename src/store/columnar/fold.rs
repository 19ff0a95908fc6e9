//! Folding: what blocks add to the rollups is merged into hourly and daily sums, a bounded number of blocks at a time,
//! in one transaction that also drops the blocks' deltas. Until then questions read both.

use super::column::{Column, Header};
use super::delta::read_delta;
use super::groups::stored_groups;
use super::reader::corrupt;
use super::rollup::{Entries, Group, Level, merge_sorted, rollup_row};
use super::snapshot::{Floor, read_hours};
use super::sums::{Packing, read_groups, write_groups};
use super::writer::Writer;
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Blocks that may stay unfolded.
const MAX_UNFOLDED_BLOCKS: usize = 64;
/// Rows that may stay unfolded, and rows folded at a time.
const MAX_UNFOLDED_ROWS: u64 = 8 * 65_536;

/// Folds a round if enough is waiting; answers whether a round was folded.
pub(super) fn fold(writer: &mut Writer) -> StoreResult<bool> {
    let (blocks, rows): (usize, u64) = writer
        .db
        .prepare_cached("SELECT count(*), coalesce(sum(rows), 0) FROM block WHERE folded = 0")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if blocks < MAX_UNFOLDED_BLOCKS && rows < MAX_UNFOLDED_ROWS {
        return Ok(false);
    }
    fold_round(writer)
}

/// Folds the oldest unfolded blocks, whatever their number; answers whether there were any.
pub(super) fn fold_round(writer: &mut Writer) -> StoreResult<bool> {
    writer.change(|db, _, state| {
        let floors = Floor::read_all(db)?;
        let mut sums: BTreeMap<(Group, i64), Entries> = BTreeMap::new();
        let (blocks, mut lost) = (waiting(db)?, Vec::new());
        for (block, last_row) in &blocks {
            match block_sums(db, *block, Floor::first_hour(&floors, *last_row), &mut sums) {
                // Without its sums, the hours it has rows in are answered from rows.
                Err(StoreError::Corrupt { block, column, reason }) => {
                    tracing::error!(
                        block,
                        column,
                        reason,
                        "what a block adds can't be read; its hours lose their sums"
                    );
                    hours_of(db, block)?.into_iter().for_each(|hour| lost.push(hour));
                }
                other => other?,
            }
            db.prepare_cached("UPDATE block SET folded = 1 WHERE id = ?1")?.execute([block])?;
            db.prepare_cached("DELETE FROM block_column WHERE id = ?1")?.execute([Column::Delta.row_of(*block)])?;
        }
        let mut days: BTreeMap<(Group, i64), Entries> = BTreeMap::new();
        for ((group, hour), entries) in sums {
            let entries = merge_sorted(entries);
            days.entry((group, hour.div_euclid(24))).or_default().extend_from_slice(&entries);
            add_to_rollup(db, group, Level::Hour, hour, entries)?;
        }
        for ((group, day), entries) in days {
            add_to_rollup(db, group, Level::Day, day, merge_sorted(entries))?;
        }
        for hour in lost {
            for group in Group::ALL {
                forget_sums(db, group, Level::Hour, hour)?;
                forget_sums(db, group, Level::Day, hour.div_euclid(24))?;
            }
        }
        if !blocks.is_empty() {
            state.epoch += 1;
        }
        Ok(!blocks.is_empty())
    })
}

/// Unfolded blocks with their last rows, oldest first, as many as a round takes.
fn waiting(db: &Connection) -> StoreResult<Vec<(u64, u64)>> {
    let mut query = db.prepare_cached("SELECT id, first_row, rows FROM block WHERE folded = 0 ORDER BY first_row")?;
    let mut found = query.query([])?;
    let (mut blocks, mut sum) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let (first_row, rows): (u64, u64) = (row.get(1)?, row.get(2)?);
        sum += rows;
        if !blocks.is_empty() && sum > MAX_UNFOLDED_ROWS {
            break;
        }
        blocks.push((row.get(0)?, first_row + rows.max(1) - 1));
    }
    Ok(blocks)
}

fn block_sums(
    db: &Connection,
    block: u64,
    first_hour: i64,
    sums: &mut BTreeMap<(Group, i64), Entries>,
) -> StoreResult<()> {
    let mut query = db.prepare_cached("SELECT data FROM block_column WHERE id = ?1")?;
    let mut column = |column: Column| -> StoreResult<Vec<u8>> {
        let data = query.query_row([column.row_of(block)], |row| row.get(0)).optional()?;
        data.ok_or_else(|| corrupt(block, column, "the column is missing"))
    };
    let delta = column(Column::Delta)?;
    let mut ids = Vec::with_capacity(Group::ALL.len());
    for group in Group::ALL {
        let stored = column(group.dictionary().column())?;
        ids.push(column_ids(&stored).map_err(|reason| corrupt(block, group.dictionary().column(), reason))?);
    }
    // Nothing is added before everything is read: half a block must not be folded.
    let mut read: Vec<((Group, i64), Entries)> = Vec::new();
    read_delta(&delta, |hour, group, stored| {
        let ids = &ids[group as usize];
        let (mut entries, mut foreign) = (Vec::new(), false);
        read_groups(stored, |code, measure| match ids.get(code as usize) {
            Some(id) => entries.push((*id, measure)),
            None => foreign = true,
        })?;
        read.push(((group, hour), entries));
        if foreign { Err("a code has no id") } else { Ok(()) }
    })
    .map_err(|reason| corrupt(block, Column::Delta, reason))?;
    for (key, entries) in read {
        if key.1 >= first_hour {
            sums.entry(key).or_default().extend(entries);
        }
    }
    Ok(())
}

/// The dictionary ids at the end of a column of codes.
fn column_ids(stored: &[u8]) -> super::codec::Decoded<std::sync::Arc<[u32]>> {
    let header = Header::read(stored)?;
    let frame = header.row_frames();
    let bytes = stored.get(header.span(frame)?).ok_or("a column is shorter than its directory says")?;
    match header.decode(frame, bytes)? {
        super::column::Values::Codes(ids) => Ok(ids),
        _ => Err("a frame is not of its column's kind"),
    }
}

/// The hours that a block has rows in; none where that can't be read either.
pub(super) fn hours_of(db: &Connection, block: u64) -> StoreResult<Vec<i64>> {
    let mut query = db.prepare_cached("SELECT hours FROM block WHERE id = ?1")?;
    let stored: Vec<u8> = query.query_row([block], |row| row.get(0))?;
    Ok(read_hours(&stored).unwrap_or_default().into_iter().map(|(hour, _)| hour).collect())
}

/// Marks a bucket as one without sums: an empty BLOB, which no reader takes for sums. Its rows are looked at instead.
pub(super) fn forget_sums(db: &Connection, group: Group, level: Level, bucket: i64) -> StoreResult<()> {
    db.prepare_cached("INSERT OR REPLACE INTO rollup (id, data) VALUES (?1, x'')")?
        .execute([rollup_row(group, level, bucket)])?;
    Ok(())
}

/// Puts the sums of a day together anew from those of its hours, from `first_hour` on.
pub(super) fn rebuild_day(db: &Connection, group: Group, day: i64, first_hour: i64) -> StoreResult<()> {
    let mut entries = Vec::new();
    for hour in first_hour..(day + 1) * 24 {
        if let Some(stored) = stored_groups(db, group, Level::Hour, hour)?
            && read_groups(&stored, |id, measure| entries.push((id, measure))).is_err()
        {
            return forget_sums(db, group, Level::Day, day);
        }
    }
    write_sums(db, group, Level::Day, day, merge_sorted(entries))
}

/// Writes the sums of a bucket, in place of those it had.
pub(super) fn write_sums(
    db: &Connection,
    group: Group,
    level: Level,
    bucket: i64,
    entries: Entries,
) -> StoreResult<()> {
    let row = rollup_row(group, level, bucket);
    if entries.is_empty() {
        db.prepare_cached("DELETE FROM rollup WHERE id = ?1")?.execute([row])?;
        return Ok(());
    }
    let mut data = Vec::new();
    write_groups(&mut data, &entries, Packing::Small);
    db.prepare_cached("INSERT OR REPLACE INTO rollup (id, data) VALUES (?1, ?2)")?.execute(params![row, data])?;
    Ok(())
}

/// Adds to the sums of a bucket; sums that can't be read stay as they are, and so unread.
pub(super) fn add_to_rollup(
    db: &Connection,
    group: Group,
    level: Level,
    bucket: i64,
    mut entries: Entries,
) -> StoreResult<()> {
    if let Some(stored) = stored_groups(db, group, level, bucket)? {
        if read_groups(&stored, |id, measure| entries.push((id, measure))).is_err() {
            return Ok(());
        }
        entries = merge_sorted(entries);
    }
    write_sums(db, group, level, bucket, entries)
}
