//! Values and their ids. The writer keeps a bounded cache of hash -> id in front of the table, so that a log with
//! millions of hosts costs look-ups, not memory. Ids are never given out twice.
//!
//! Hashes lie all over their index, so a commit that added its few new entries would write a good part of it anew. New
//! entries are kept in memory until there are many: the table itself tells which they are, as their ids are the last.

use super::block::Dictionary;
use super::first_seen::FirstHours;
use crate::model::Interner;
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// Entries kept in memory over all dictionaries, at 21 bytes each; just below where the table would double.
const CACHED_ENTRIES: usize = (1 << 20) / 8 * 7;

/// As many entries are put into the index together.
const INDEXED_TOGETHER: usize = 1 << 17;

/// The id of what is not known yet.
const NEW: u32 = u32::MAX;

/// The writer's side of the dictionaries.
#[derive(Debug, Default)]
pub(super) struct Dictionaries {
    next: [u32; Dictionary::ALL.len()],
    /// The first ids that may be missing in the index.
    indexed: [u32; Dictionary::ALL.len()],
    /// Rows of `dictionary` from those ids on.
    unindexed: HashMap<Hash128, i64, Unhashed>,
    /// By id of an origin, the first hour it was seen in, as far as is known here.
    first_hours: FirstHours,
    /// Hash of (dictionary, value) -> id. A collision would take 2^64 values.
    cache: HashMap<Hash128, u32, Unhashed>,
    /// Whether the cache holds every entry of the table, so that what is not in it is new.
    complete: bool,
    loaded: bool,
}

/// The row of `dictionary` that holds a value.
pub(super) fn dictionary_row(dictionary: Dictionary, id: u32) -> i64 {
    i64::from(dictionary as u8) << 40 | i64::from(id)
}

/// A 128-bit hash, in words of 32 so that it packs tightly beside an id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Hash128([u32; 4]);

impl Hash128 {
    fn of(dictionary: Dictionary, value: &[u8]) -> Hash128 {
        let hash = xxhash_rust::xxh3::xxh3_128_with_seed(value, dictionary as u64);
        Hash128([hash as u32, (hash >> 32) as u32, (hash >> 64) as u32, (hash >> 96) as u32])
    }

    /// The 32 bits by which values are found in the table.
    fn stored(self) -> i64 {
        i64::from(self.0[0])
    }
}

impl std::hash::Hash for Hash128 {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0[0]) | u64::from(self.0[1]) << 32);
    }
}

impl Dictionaries {
    /// Forgets what is cached, as after another process wrote or a transaction was rolled back.
    pub(super) fn invalidate(&mut self) {
        *self = Dictionaries::default();
    }

    /// The ids of all values, new ones where needed; inside the caller's transaction.
    pub(super) fn ids(&mut self, db: &Connection, dictionary: Dictionary, values: &Interner) -> StoreResult<Vec<u32>> {
        self.load(db)?;
        let hashes: Vec<Hash128> = values.iter().map(|value| Hash128::of(dictionary, value)).collect();
        let mut ids: Vec<u32> = hashes.iter().map(|hash| self.known(hash).unwrap_or(NEW)).collect();
        // In the order of the index, so that each of its pages is come by once.
        let mut unknown: Vec<(i64, usize)> =
            (0..ids.len()).filter(|at| ids[*at] == NEW).map(|at| (hashes[at].stored(), at)).collect();
        unknown.sort_unstable();
        if !self.complete {
            let mut find = db.prepare_cached(
                "SELECT dictionary.id, value FROM dictionary_hash JOIN dictionary USING (id) WHERE hash = ?1",
            )?;
            for (hash, at) in &unknown {
                ids[*at] = lookup(&mut find, dictionary, *hash, values.get(*at as u32))?.unwrap_or(NEW);
            }
        }
        let mut insert = db.prepare_cached("INSERT INTO dictionary (id, value) VALUES (?1, ?2)")?;
        let next = &mut self.next[dictionary as usize];
        let first_new = *next;
        for ((id, value), hash) in ids.iter_mut().zip(values.iter()).zip(&hashes).filter(|((id, _), _)| **id == NEW) {
            *id = *next;
            *next += 1;
            let row = dictionary_row(dictionary, *id);
            insert.execute(params![row, value])?;
            self.unindexed.insert(*hash, row);
        }
        if *next != first_new {
            db.prepare_cached(
                "INSERT INTO dictionary_next (dictionary, next) VALUES (?1, ?2)
                 ON CONFLICT (dictionary) DO UPDATE SET next = excluded.next",
            )?
            .execute(params![dictionary as u8, *next])?;
        }
        unknown.iter().for_each(|(_, at)| self.remember(hashes[*at], ids[*at]));
        Ok(ids)
    }

    fn known(&self, hash: &Hash128) -> Option<u32> {
        let unindexed = || self.unindexed.get(hash).map(|row| *row as u32);
        self.cache.get(hash).copied().or_else(unindexed)
    }

    /// Whether enough entries wait for being put into the index.
    pub(super) fn index_is_due(&self) -> bool {
        self.unindexed.len() >= INDEXED_TOGETHER
    }

    /// Puts all entries into the index that are not there; inside the caller's transaction.
    pub(super) fn index(&mut self, db: &Connection) -> StoreResult<()> {
        self.load(db)?;
        // Another process may have been faster.
        self.read_indexed(db)?;
        let mut entries: Vec<_> = self.unindexed.iter().map(|(hash, row)| (hash.stored(), *row)).collect();
        // In the order of the index, so that each of its pages is come by once.
        entries.sort_unstable();
        let mut insert = db.prepare_cached("INSERT INTO dictionary_hash (hash, id) VALUES (?1, ?2)")?;
        for (hash, row) in entries {
            insert.execute([hash, row])?;
        }
        db.prepare_cached("UPDATE dictionary_next SET indexed = next")?.execute([])?;
        self.read_indexed(db)
    }

    /// Learns which entries are in the index.
    fn read_indexed(&mut self, db: &Connection) -> StoreResult<()> {
        let mut query = db.prepare_cached("SELECT dictionary, indexed FROM dictionary_next")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(indexed) = self.indexed.get_mut(row.get::<_, usize>(0)?) {
                *indexed = row.get(1)?;
            }
        }
        let indexed = &self.indexed;
        self.unindexed.retain(|_, row| *row as u32 >= indexed[(*row >> 40) as usize]);
        Ok(())
    }

    /// Removes an entry, where there is one; inside the caller's transaction, after which the cache is to be forgotten.
    pub(super) fn remove(db: &Connection, dictionary: Dictionary, id: u32) -> StoreResult<()> {
        let row = dictionary_row(dictionary, id);
        let mut query = db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
        let value: Option<Vec<u8>> = query.query_row([row], |row| row.get(0)).optional()?;
        let Some(value) = value else { return Ok(()) };
        db.prepare_cached("DELETE FROM dictionary_hash WHERE hash = ?1 AND id = ?2")?
            .execute([Hash128::of(dictionary, &value).stored(), row])?;
        db.prepare_cached("DELETE FROM dictionary WHERE id = ?1")?.execute([row])?;
        if dictionary == Dictionary::Origin {
            db.prepare_cached("DELETE FROM origin_seen WHERE id = ?1")?.execute([row])?;
        }
        Ok(())
    }

    /// The id that the next new value gets.
    pub(super) fn next(&mut self, db: &Connection, dictionary: Dictionary) -> StoreResult<u32> {
        self.load(db)?;
        Ok(self.next[dictionary as usize])
    }

    /// Notes that origins were seen, each in an hour; those from `first_new` on for the first time.
    pub(super) fn seen(&mut self, db: &Connection, origins: &[u32], hours: &[i64], first_new: u32) -> StoreResult<()> {
        self.first_hours.note(db, origins, hours, first_new)
    }

    /// Notes the hours that origins were seen in, by their ids, where they may lack one.
    pub(super) fn make_up_for(&mut self, db: &Connection, seen: &HashMap<u32, i64>) -> StoreResult<()> {
        self.first_hours.make_up_for(db, seen)
    }

    fn remember(&mut self, hash: Hash128, id: u32) {
        if self.cache.len() >= CACHED_ENTRIES {
            self.cache.clear();
            self.complete = false;
        }
        self.cache.insert(hash, id);
    }

    fn load(&mut self, db: &Connection) -> StoreResult<()> {
        if self.loaded {
            return Ok(());
        }
        let given_out: u64 =
            db.query_row("SELECT coalesce(sum(next), 0) FROM dictionary_next", [], |row| row.get(0))?;
        self.complete = given_out < CACHED_ENTRIES as u64 / 2;
        self.loaded = true;
        self.read_indexed(db)?;
        self.catch_up(db)
    }

    /// Reads what another process added.
    pub(super) fn catch_up(&mut self, db: &Connection) -> StoreResult<()> {
        if !self.loaded {
            return Ok(());
        }
        self.first_hours.others_wrote();
        let mut next = db.prepare_cached("SELECT next FROM dictionary_next WHERE dictionary = ?1")?;
        let mut entries = db.prepare_cached("SELECT id, value FROM dictionary WHERE id >= ?1 AND id < ?2")?;
        for dictionary in Dictionary::ALL {
            let number = dictionary as usize;
            let known = self.next[number];
            let now: u32 = next.query_row([number as i64], |row| row.get(0)).optional()?.unwrap_or(0);
            let from = if self.complete { known } else { known.max(self.indexed[number]) };
            if now > from {
                let mut rows = entries.query([dictionary_row(dictionary, from), dictionary_row(dictionary, now)])?;
                while let Some(row) = rows.next()? {
                    let id: i64 = row.get(0)?;
                    let hash = Hash128::of(dictionary, row.get_ref(1)?.as_bytes().unwrap_or_default());
                    if self.complete {
                        self.cache.insert(hash, id as u32);
                    }
                    if id as u32 >= self.indexed[number] {
                        self.unindexed.insert(hash, id);
                    }
                }
            }
            self.next[number] = now;
        }
        Ok(())
    }
}

fn lookup(
    find: &mut rusqlite::CachedStatement<'_>,
    dictionary: Dictionary,
    hash: i64,
    value: &[u8],
) -> StoreResult<Option<u32>> {
    let mut rows = find.query([hash])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if id >> 40 == i64::from(dictionary as u8) && row.get_ref(1)?.as_bytes().unwrap_or_default() == value {
            return Ok(Some(id as u32));
        }
    }
    Ok(None)
}

/// A hasher for keys that are hashes already.
#[derive(Debug, Default, Clone)]
pub(super) struct Unhashed;

impl std::hash::BuildHasher for Unhashed {
    type Hasher = AsItIs;
    fn build_hasher(&self) -> AsItIs {
        AsItIs(0)
    }
}

/// Takes a number as it is.
#[derive(Debug)]
pub(super) struct AsItIs(u64);

impl std::hash::Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64(bytes);
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests;
