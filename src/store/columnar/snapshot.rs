//! Which blocks there are, by hour: what a question is planned on. A snapshot is immutable and shared; it is renewed
//! when the store's version or epoch has moved, incrementally where blocks were only added.

use super::block::Dictionary;
use super::codec::{Decoded, Reader, put_varint, unzigzag, zigzag};
use super::column::ERASED;
use super::id_set::IdSet;
use crate::model::{HOUR_MS, TimeRange, Timestamp};
use crate::store::StoreResult;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The one row of `state`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct State {
    /// Rises with every change of what questions are answered.
    pub(super) version: u64,
    /// Rises when blocks are anything but added.
    pub(super) epoch: u64,
    /// Rises when dictionary entries go, and their rows with them. Rows may go without: see [`State::removals`].
    pub(super) generation: u64,
    pub(super) next_block: u64,
    pub(super) next_row: u64,
    pub(super) last_import: Option<Timestamp>,
    /// Of the store, not of its content.
    identity: [u8; 16],
}

impl State {
    pub(super) fn read(db: &Connection) -> StoreResult<State> {
        let mut query = db.prepare_cached(
            "SELECT version, epoch, generation, next_block, next_row, last_import_ms, identity FROM state",
        )?;
        Ok(query.query_row([], |row| {
            Ok(State {
                version: row.get(0)?,
                epoch: row.get(1)?,
                generation: row.get(2)?,
                next_block: row.get(3)?,
                next_row: row.get(4)?,
                last_import: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                identity: row.get(6)?,
            })
        })?)
    }

    /// The number of the store.
    pub(super) fn identity(&self) -> u128 {
        u128::from_be_bytes(self.identity)
    }

    /// Differs from that of every other state of this store and of other stores, a restored copy included.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(&self.identity);
        for number in [self.version, self.generation, self.next_row, self.last_import.map_or(0, |at| at.0 as u64)] {
            hash.update(&number.to_le_bytes());
        }
        hash.digest()
    }

    /// Differs whenever rows have gone: with dictionary entries, or below a floor.
    pub(super) fn removals(&self, floors: &[Floor]) -> u64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(&self.generation.to_le_bytes());
        for floor in floors {
            hash.update(&floor.hour.to_le_bytes());
            hash.update(&floor.row.to_le_bytes());
        }
        hash.digest()
    }

    pub(super) fn write(&self, db: &Connection) -> StoreResult<()> {
        let mut update = db.prepare_cached(
            "UPDATE state SET version = ?1, epoch = ?2, generation = ?3, next_block = ?4, next_row = ?5, last_import_ms = ?6",
        )?;
        let last_import = self.last_import.map(|at| at.0);
        update.execute(rusqlite::params![
            self.version,
            self.epoch,
            self.generation,
            self.next_block,
            self.next_row,
            last_import
        ])?;
        Ok(())
    }
}

/// Rows of hours before `hour` with numbers up to `row` are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Floor {
    pub(super) hour: i64,
    pub(super) row: u64,
}

impl Floor {
    pub(super) fn read_all(db: &Connection) -> StoreResult<Vec<Floor>> {
        let mut query = db.prepare_cached("SELECT hour, row FROM retention_floor ORDER BY hour")?;
        let rows = query.query_map([], |row| Ok(Floor { hour: row.get(0)?, row: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first hour that is alive in a block whose last row is `last_row`; blocks never straddle a floor's row.
    pub(super) fn first_hour(floors: &[Floor], last_row: u64) -> i64 {
        let above = floors.iter().filter(|floor| last_row <= floor.row);
        above.map(|floor| floor.hour).max().unwrap_or(i64::MIN)
    }

    /// The first time that is alive, by the first hour; never [`ERASED`].
    pub(super) fn alive_from(first_hour: i64) -> Timestamp {
        Timestamp(first_hour.saturating_mul(HOUR_MS).max(ERASED + 1))
    }
}

/// A block, as a question needs it.
#[derive(Debug)]
pub(super) struct BlockMeta {
    pub(super) id: u64,
    pub(super) first_row: u64,
    pub(super) rows: u32,
    pub(super) folded: bool,
    /// Rows per hour, living ones only.
    pub(super) hours: Vec<(i64, u32)>,
    /// Times before this are gone, [`ERASED`] among them.
    pub(super) alive_from: Timestamp,
    /// Whether the zone map could be read; `hours` is empty where not.
    pub(super) has_zone_map: bool,
}

impl BlockMeta {
    pub(super) fn last_row(&self) -> u64 {
        self.first_row + u64::from(self.rows) - 1
    }
}

/// Clients and users being erased: rows that have them are gone, though blocks may still hold them.
#[derive(Clone, Debug, Default)]
pub(super) struct Erasing {
    pub(super) clients: IdSet,
    pub(super) users: IdSet,
}

impl Erasing {
    pub(super) fn read(db: &Connection) -> StoreResult<Erasing> {
        let mut query = db.prepare_cached("SELECT id FROM erasing")?;
        let mut rows = query.query([])?;
        let mut erasing = Erasing::default();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if id >> 40 == Dictionary::Client as i64 {
                erasing.clients.insert(id as u32);
            } else {
                erasing.users.insert(id as u32);
            }
        }
        Ok(erasing)
    }
}

/// Encodes a zone map.
pub(super) fn write_hours(hours: &[(i64, u32)]) -> Vec<u8> {
    let mut out = vec![1];
    put_varint(&mut out, hours.len() as u64);
    let mut before = 0;
    for (hour, rows) in hours {
        put_varint(&mut out, zigzag(hour - before));
        put_varint(&mut out, u64::from(*rows));
        before = *hour;
    }
    out
}

/// Decodes a zone map.
pub(super) fn read_hours(stored: &[u8]) -> Decoded<Vec<(i64, u32)>> {
    let mut reader = Reader(stored);
    if reader.byte()? != 1 {
        return Err("a zone map is of an unknown version");
    }
    let count = reader.varint()?;
    let mut hours = Vec::with_capacity(count.min(1 << 16) as usize);
    let mut hour = 0_i64;
    for _ in 0..count {
        hour = hour.wrapping_add(unzigzag(reader.varint()?));
        let rows = u32::try_from(reader.varint()?).map_err(|_| "a zone map counts too many rows")?;
        hours.push((hour, rows));
    }
    Ok(hours)
}

/// Everything a question is planned on.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    pub(super) state: State,
    /// By rising row number.
    pub(super) blocks: Vec<Arc<BlockMeta>>,
    /// Hour -> (index into `blocks`, living rows of that hour).
    pub(super) hours: BTreeMap<i64, Vec<(u32, u32)>>,
    pub(super) floors: Vec<Floor>,
    pub(super) erasing: Erasing,
}

impl Snapshot {
    /// The snapshot of what `db` sees now, made from `old` where that is cheaper.
    pub(super) fn renewed(old: &Arc<Snapshot>, db: &Connection) -> StoreResult<Arc<Snapshot>> {
        let _reading = db.unchecked_transaction()?;
        Self::read(old, db)
    }

    /// As [`Snapshot::renewed`], inside the caller's transaction.
    pub(super) fn read(old: &Arc<Snapshot>, db: &Connection) -> StoreResult<Arc<Snapshot>> {
        let state = State::read(db)?;
        if state == old.state {
            return Ok(Arc::clone(old));
        }
        let mut new = if state.epoch == old.state.epoch && old.state.next_block > 0 {
            Snapshot::clone(old)
        } else {
            Snapshot { floors: Floor::read_all(db)?, erasing: Erasing::read(db)?, ..Snapshot::default() }
        };
        let known = new.blocks.last().map_or(0, |block| block.first_row);
        let mut query = db.prepare_cached(
            "SELECT id, first_row, rows, folded, hours FROM block WHERE first_row > ?1 ORDER BY first_row",
        )?;
        let mut rows = query.query([known])?;
        while let Some(row) = rows.next()? {
            let id: u64 = row.get(0)?;
            let (first_row, count): (u64, u32) = (row.get(1)?, row.get(2)?);
            // A block whose zone map can't be read is left out; `db verify` names it.
            let hours = read_hours(row.get_ref(4)?.as_blob().unwrap_or_default()).inspect_err(|reason| {
                tracing::error!(block = id, reason, "a block's zone map can't be read; its rows are left out");
            });
            let last_row = first_row + u64::from(count.max(1)) - 1;
            let first_hour = Floor::first_hour(&new.floors, last_row);
            new.push(BlockMeta {
                id,
                first_row,
                rows: count,
                folded: row.get(3)?,
                has_zone_map: hours.is_ok(),
                hours: hours.unwrap_or_default().into_iter().filter(|(hour, _)| *hour >= first_hour).collect(),
                alive_from: Floor::alive_from(first_hour),
            });
        }
        new.state = state;
        Ok(Arc::new(new))
    }

    /// As [`State::removals`].
    pub(super) fn removals(&self) -> u64 {
        self.state.removals(&self.floors)
    }

    fn push(&mut self, block: BlockMeta) {
        let index = self.blocks.len() as u32;
        for (hour, rows) in &block.hours {
            self.hours.entry(*hour).or_default().push((index, *rows));
        }
        self.blocks.push(Arc::new(block));
    }

    /// The hours that have rows and touch `range`.
    pub(super) fn hours_in(&self, range: TimeRange) -> impl DoubleEndedIterator<Item = (i64, &Vec<(u32, u32)>)> {
        let (first, last) = (range.from.hour(), Timestamp(range.until.0.saturating_sub(1)).hour());
        let last = if range.until <= range.from { first - 1 } else { last };
        let bounds = if last < first { 1..1 } else { first..last + 1 };
        self.hours.range(bounds).map(|(hour, blocks)| (*hour, blocks))
    }

    /// Living rows of an hour.
    pub(super) fn rows_in_hour(blocks: &[(u32, u32)]) -> u64 {
        blocks.iter().map(|(_, rows)| u64::from(*rows)).sum()
    }

    /// The block that holds a row.
    pub(super) fn block_of(&self, row: u64) -> Option<&Arc<BlockMeta>> {
        let index = self.blocks.partition_point(|block| block.first_row <= row).checked_sub(1)?;
        self.blocks.get(index).filter(|block| row <= block.last_row())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_maps_are_read_back() {
        let hours = vec![(-5, 1), (490_896, 65_000), (70_389_528, 1)];
        assert_eq!(read_hours(&write_hours(&hours)), Ok(hours));
        assert!(read_hours(&[1, 5]).is_err());
    }
}
