//! Copying databases that others write to. Both are held still for an instant, in which a reading transaction begins on
//! each: what these see is of one moment, however long copying takes. Readers and writers go on meanwhile; what they write
//! stays in the write-ahead logs until the copy is made.
//!
//! Not SQLite's backup in the usual small steps: that begins anew whenever another process has written.

use super::BackupError;
use crate::model::{Clock, Timestamp};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a copy waits until whoever writes is done with a transaction.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pages copied between two looks at whether to stop.
const PAGES_AT_ONCE: i32 = 256;

/// A database as it is at a moment.
pub(super) struct Snapshot {
    path: PathBuf,
    db: Connection,
}

/// The databases as they are at one moment, and when that was.
pub(super) fn snapshots(paths: &[PathBuf], clock: &dyn Clock) -> Result<(Vec<Snapshot>, Timestamp), BackupError> {
    let open = |path: &PathBuf, flags| {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(PATIENCE)?;
        Ok::<_, rusqlite::Error>(db)
    };
    let mut writers = Vec::with_capacity(paths.len());
    for path in paths {
        let failed = BackupError::sqlite(path);
        let writer = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(&failed)?;
        // Nobody else writes from here on, until the writer is dropped.
        writer.execute_batch("BEGIN IMMEDIATE").map_err(&failed)?;
        writers.push(writer);
    }
    let mut snapshots = Vec::with_capacity(paths.len());
    for path in paths {
        let failed = BackupError::sqlite(path);
        let db = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(&failed)?;
        db.execute_batch("BEGIN").map_err(&failed)?;
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(&failed)?;
        snapshots.push(Snapshot { path: path.clone(), db });
    }
    Ok((snapshots, clock.now()))
}

impl Snapshot {
    /// How many pages there are.
    pub(super) fn pages(&self) -> Result<u64, BackupError> {
        let pages = self.db.query_row("PRAGMA page_count", [], |row| row.get(0));
        pages.map_err(BackupError::sqlite(&self.path))
    }

    /// Copies it to a new file, readable for this user alone, and has the disk keep it. `progress` is told how many pages
    /// are done.
    pub(super) fn copy(
        &self,
        target: &Path,
        progress: &mut dyn FnMut(u64),
        stop: &dyn Fn() -> bool,
    ) -> Result<(), BackupError> {
        let failed = BackupError::io(target);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(target).map_err(&failed)?;
        let refused = BackupError::sqlite(target);
        let mut copy = Connection::open(target).map_err(&refused)?;
        // What is left half done is thrown away, and the whole is given to the disk at the end.
        copy.pragma_update(None, "synchronous", "OFF").map_err(&refused)?;
        copy.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(())).map_err(&refused)?;
        let backup = Backup::new(&self.db, &mut copy).map_err(&refused)?;
        loop {
            if stop() {
                return Err(BackupError::Stopped);
            }
            let step = backup.step(PAGES_AT_ONCE).map_err(&refused)?;
            let done = backup.progress();
            progress(done.pagecount.saturating_sub(done.remaining).max(0) as u64);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        drop(backup);
        copy.close().map_err(|(_, cause)| refused(cause))?;
        File::open(target).and_then(|file| file.sync_all()).map_err(&failed)
    }
}
