//! The first hour that an origin was seen in, whatever became of its rows since. What is known of an origin is kept in
//! memory, so that one seen before costs a look at a list.

use super::block::Dictionary;
use super::dictionary::dictionary_row;
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension, params};

/// Of an origin that nothing is known of yet.
const UNKNOWN: i32 = i32::MAX;

/// By id of an origin, an hour that the table has for it or an earlier one.
#[derive(Debug, Default)]
pub(super) struct FirstHours(Vec<i32>);

impl FirstHours {
    /// Notes that origins were seen, each in an hour; inside the caller's transaction.
    pub(super) fn note(&mut self, db: &Connection, origins: &[u32], hours: &[i64]) -> StoreResult<()> {
        let mut find = db.prepare_cached("SELECT hour FROM origin_seen WHERE id = ?1")?;
        // Not one statement that replaces: SQLite would copy every page aside that it touches.
        let mut insert = db.prepare_cached("INSERT INTO origin_seen (id, hour) VALUES (?1, ?2)")?;
        let mut lower = db.prepare_cached("UPDATE origin_seen SET hour = ?2 WHERE id = ?1")?;
        let mut earlier = Vec::new();
        for (id, hour) in origins.iter().zip(hours) {
            let hour = i32::try_from(*hour).unwrap_or(if *hour < 0 { i32::MIN } else { UNKNOWN - 1 });
            let at = *id as usize;
            if at >= self.0.len() {
                self.0.resize(at + 1, UNKNOWN);
            }
            if hour < self.0[at] {
                earlier.push((*id, hour));
            }
        }
        // In the order of the table, so that each of its pages is come by once.
        earlier.sort_unstable();
        for (id, hour) in earlier {
            let row = dictionary_row(Dictionary::Origin, id);
            let stored: Option<i32> = find.query_row([row], |row| row.get(0)).optional()?;
            match stored {
                None => insert.execute(params![row, hour])?,
                Some(stored) if hour < stored => lower.execute(params![row, hour])?,
                Some(_) => 0,
            };
            self.0[id as usize] = stored.unwrap_or(hour).min(hour);
        }
        Ok(())
    }
}
