//! Values and their ids. The writer keeps a bounded cache of hash -> id in front of the table, so that a log with
//! millions of hosts costs look-ups, not memory. Ids are never given out twice.

use super::block::Dictionary;
use super::first_seen::FirstHours;
use crate::model::Interner;
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// Entries kept in memory over all dictionaries, at 21 bytes each; just below where the table would double.
const CACHED_ENTRIES: usize = (1 << 20) / 8 * 7;

/// The id of what is not known yet.
const NEW: u32 = u32::MAX;

/// The writer's side of the dictionaries.
#[derive(Debug, Default)]
pub(super) struct Dictionaries {
    next: [u32; Dictionary::ALL.len()],
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
        let mut ids: Vec<u32> = hashes.iter().map(|hash| self.cache.get(hash).copied().unwrap_or(NEW)).collect();
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
        for (id, value) in ids.iter_mut().zip(values.iter()).filter(|(id, _)| **id == NEW) {
            *id = *next;
            *next += 1;
            insert.execute(params![dictionary_row(dictionary, *id), value])?;
        }
        if *next != first_new {
            db.prepare_cached("INSERT OR REPLACE INTO dictionary_next (dictionary, next) VALUES (?1, ?2)")?
                .execute(params![dictionary as u8, *next])?;
        }
        let mut index = db.prepare_cached("INSERT INTO dictionary_hash (hash, id) VALUES (?1, ?2)")?;
        for (hash, at) in unknown {
            if ids[at] >= first_new {
                index.execute([hash, dictionary_row(dictionary, ids[at])])?;
            }
            self.remember(hashes[at], ids[at]);
        }
        Ok(ids)
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

    /// Notes that origins were seen, each in an hour.
    pub(super) fn seen(&mut self, db: &Connection, origins: &[u32], hours: &[i64]) -> StoreResult<()> {
        self.first_hours.note(db, origins, hours)
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
        self.catch_up(db)
    }

    /// Reads what another process added.
    pub(super) fn catch_up(&mut self, db: &Connection) -> StoreResult<()> {
        if !self.loaded {
            return Ok(());
        }
        let mut next = db.prepare_cached("SELECT next FROM dictionary_next WHERE dictionary = ?1")?;
        let mut entries = db.prepare_cached("SELECT id, value FROM dictionary WHERE id >= ?1 AND id < ?2")?;
        for dictionary in Dictionary::ALL {
            let number = dictionary as usize;
            let known = self.next[number];
            let now: u32 = next.query_row([number as i64], |row| row.get(0)).optional()?.unwrap_or(0);
            if now > known && self.complete {
                let mut rows = entries.query([dictionary_row(dictionary, known), dictionary_row(dictionary, now)])?;
                while let Some(row) = rows.next()? {
                    let id: i64 = row.get(0)?;
                    let value = row.get_ref(1)?.as_bytes().unwrap_or_default();
                    self.cache.insert(Hash128::of(dictionary, value), id as u32);
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
