//! Opening `events.db`: settings of the engine, migrations forward, and plain words when the file is not ours.

use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, ErrorCode};
use rusqlite_migration::{M, Migrations};
use std::path::Path;
use std::time::Duration;

/// Marks the file as Tidegate's events ("TgEv").
const APPLICATION_ID: i32 = 0x5467_4576;

pub(super) const MIGRATIONS: [&str; 7] = [
    include_str!("../../../migrations/events/0001_blocks.sql"),
    include_str!("../../../migrations/events/0002_erasure.sql"),
    include_str!("../../../migrations/events/0003_rejects.sql"),
    include_str!("../../../migrations/events/0004_paths.sql"),
    include_str!("../../../migrations/events/0005_index.sql"),
    include_str!("../../../migrations/events/0006_past.sql"),
    include_str!("../../../migrations/events/0007_findings.sql"),
];

pub(super) fn open(path: &Path) -> StoreResult<Connection> {
    let refused = |message: String| StoreError::Migration { path: path.to_owned(), message };
    let mut db = Connection::open(path).map_err(|error| explain(path, error))?;
    db.busy_timeout(Duration::from_secs(60))?;
    let foreign = |error| explain(path, error);
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(foreign)?;
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| explain(path, error))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(refused(
            "not a Tidegate events database; move the file away or name another data directory".into(),
        ));
    }
    if tables == 0 {
        // So that space which is free can be given back in small steps.
        db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        db.pragma_update(None, "page_size", 16_384)?;
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    db.pragma_update(None, "journal_mode", "WAL").map_err(|error| explain(path, error))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    // Only as much as is used: the pages of the dictionaries' indexes that a commit comes by, of some millions of entries.
    db.pragma_update(None, "cache_size", -65_536)?;
    db.pragma_update(None, "wal_autocheckpoint", 2048)?;
    db.set_prepared_statement_cache_capacity(64);
    let known = MIGRATIONS.len();
    let version: usize = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > known {
        return Err(refused(format!(
            "written by a newer Tidegate (layout {version}, this build knows {known}); use that version"
        )));
    }
    let migrations = Migrations::new(MIGRATIONS.into_iter().map(M::up).collect());
    if let Err(error) = migrations.to_latest(&mut db) {
        // Another process may have brought the file up meanwhile.
        let now: usize = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if now != known {
            return Err(refused(format!("migration failed: {error}")));
        }
    }
    Ok(db)
}

fn explain(path: &Path, error: rusqlite::Error) -> StoreError {
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "not a SQLite database, or its header is damaged; restore a backup or move the file away".to_owned()
        }
        Some(ErrorCode::CannotOpen) => {
            format!("can't be opened: {error}; does the directory exist, and is it writable?")
        }
        Some(ErrorCode::ReadOnly) => "read-only; make the file and its directory writable for this user".to_owned(),
        _ => return StoreError::Sqlite(error),
    };
    StoreError::Migration { path: path.to_owned(), message }
}
