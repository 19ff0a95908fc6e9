//! What takes the space: sizes of the database by what they hold.

use super::reader::Session;
use crate::store::StoreResult;
use rusqlite::Connection;
use std::fs;

/// What takes the space.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Space {
    /// Bytes of the database file.
    pub file_bytes: u64,
    /// Of them, bytes of pages that hold nothing.
    pub free_bytes: u64,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// Rows, those included that are gone and whose space is not given back yet.
    pub rows: u64,
    /// Blocks of rows.
    pub blocks: u64,
    /// Of them, those whose sums are not folded yet.
    pub unfolded_blocks: u64,
    /// Bytes of the columns of blocks.
    pub column_bytes: u64,
    /// Bytes of packed sums.
    pub rollup_bytes: u64,
    /// Entries of the dictionaries, by name.
    pub dictionaries: Vec<(&'static str, u64)>,
    /// Rejected lines that are kept.
    pub rejects: u64,
    /// Places in contents that were read.
    pub checkpoints: u64,
}

/// The dictionaries by number: docs/STORAGE.md.
const DICTIONARIES: [&str; 9] = ["client", "user", "origin", "peer", "agent", "kind", "source", "path", "verdict"];

pub(super) fn space(session: &Session<'_>) -> StoreResult<Space> {
    let db = session.db;
    let page_bytes = number(db, "PRAGMA page_size")?;
    let size = |ending: &str| {
        let mut path = session.readers.path().as_os_str().to_owned();
        path.push(ending);
        fs::metadata(path).map_or(0, |found| found.len())
    };
    let entries = |(at, name): (usize, &'static str)| {
        let (from, to) = ((at as u64) << 40, (at as u64 + 1) << 40);
        let sql = format!("SELECT count(*) FROM dictionary WHERE id >= {from} AND id < {to}");
        Ok((name, number(db, &sql)?))
    };
    Ok(Space {
        file_bytes: size(""),
        free_bytes: number(db, "PRAGMA freelist_count")? * page_bytes,
        wal_bytes: size("-wal"),
        rows: number(db, "SELECT coalesce(sum(rows), 0) FROM block")?,
        blocks: number(db, "SELECT count(*) FROM block")?,
        unfolded_blocks: number(db, "SELECT count(*) FROM block WHERE folded = 0")?,
        column_bytes: number(db, "SELECT coalesce(sum(length(data)), 0) FROM block_column")?,
        rollup_bytes: number(db, "SELECT coalesce(sum(length(data)), 0) FROM rollup")?,
        dictionaries: DICTIONARIES.into_iter().enumerate().map(entries).collect::<StoreResult<_>>()?,
        rejects: number(db, "SELECT count(*) FROM reject")?,
        checkpoints: number(db, "SELECT count(*) FROM checkpoint")?,
    })
}

fn number(db: &Connection, sql: &str) -> StoreResult<u64> {
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}
