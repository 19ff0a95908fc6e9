//! The first hour that an origin was seen in, whatever became of its rows since. What is known of an origin is kept in
//! memory, so that one seen before costs a look at a list.

use super::block::Dictionary;
use super::dictionary::dictionary_row;
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// Of an origin that nothing is known of yet.
const UNKNOWN: i32 = i32::MAX;

/// By id of an origin, an hour that the table has for it or an earlier one.
#[derive(Debug, Default)]
pub(super) struct FirstHours {
    hours: Vec<i32>,
    /// The latest hour in the table, once it was asked for.
    latest: Option<i32>,
}

impl FirstHours {
    /// Forgets what others may have changed.
    pub(super) fn others_wrote(&mut self) {
        self.latest = None;
    }

    /// Notes that origins were seen, each in an hour; those from `first_new` on have just been met. Inside the caller's
    /// transaction.
    pub(super) fn note(&mut self, db: &Connection, origins: &[u32], hours: &[i64], first_new: u32) -> StoreResult<()> {
        let latest = self.latest(db)?;
        let seen = origins.iter().copied().zip(hours.iter().map(|hour| in_32_bits(*hour)));
        let (new, known): (Vec<_>, Vec<_>) = seen.partition(|(id, _)| *id >= first_new);
        self.insert(db, new)?;
        self.lower(db, known.into_iter().filter(|(_, hour)| *hour < latest).collect())
    }

    /// As [`FirstHours::note`], of origins that may lack an hour though they are not new.
    pub(super) fn make_up_for(&mut self, db: &Connection, seen: &HashMap<u32, i64>) -> StoreResult<()> {
        self.lower(db, seen.iter().map(|(id, hour)| (*id, in_32_bits(*hour))).collect())
    }

    /// No origin was seen first behind it: a log in order of time needs no more of the table than its end.
    fn latest(&mut self, db: &Connection) -> StoreResult<i32> {
        if self.latest.is_none() {
            let mut query = db.prepare_cached("SELECT max(hour) FROM origin_seen")?;
            let latest: Option<i32> = query.query_row([], |row| row.get(0))?;
            self.latest = Some(latest.unwrap_or(i32::MIN));
        }
        Ok(self.latest.unwrap_or(UNKNOWN))
    }

    fn insert(&mut self, db: &Connection, mut new: Vec<(u32, i32)>) -> StoreResult<()> {
        let mut insert = db.prepare_cached("INSERT INTO origin_seen (id, hour) VALUES (?1, ?2)")?;
        new.sort_unstable();
        for (id, hour) in new {
            insert.execute(params![dictionary_row(Dictionary::Origin, id), hour])?;
            self.remember(id, hour);
            self.latest = self.latest.max(Some(hour));
        }
        Ok(())
    }

    fn lower(&mut self, db: &Connection, mut known: Vec<(u32, i32)>) -> StoreResult<()> {
        let mut find = db.prepare_cached("SELECT hour FROM origin_seen WHERE id = ?1")?;
        // Not one statement that replaces: SQLite would copy every page aside that it touches.
        let mut lower = db.prepare_cached("UPDATE origin_seen SET hour = ?2 WHERE id = ?1")?;
        known.retain(|(id, hour)| self.hours.get(*id as usize).is_none_or(|known| hour < known));
        // In the order of the table, so that each of its pages is come by once.
        known.sort_unstable();
        for (id, hour) in known {
            let row = dictionary_row(Dictionary::Origin, id);
            let Some(stored) = find.query_row([row], |row| row.get::<_, i32>(0)).optional()? else {
                self.insert(db, vec![(id, hour)])?;
                continue;
            };
            if hour < stored {
                lower.execute(params![row, hour])?;
            }
            self.remember(id, stored.min(hour));
        }
        Ok(())
    }

    fn remember(&mut self, id: u32, hour: i32) {
        let at = id as usize;
        if at >= self.hours.len() {
            self.hours.resize(at + 1, UNKNOWN);
        }
        self.hours[at] = hour;
    }
}

fn in_32_bits(hour: i64) -> i32 {
    i32::try_from(hour).unwrap_or(if hour < 0 { i32::MIN } else { UNKNOWN - 1 })
}
