//! Having files to oneself: locks, and databases that nobody else has open.

use super::BackupError;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a process that is just ending is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Locks an open file or directory until it is closed.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), BackupError> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(_) => Err(BackupError::Busy { path: path.to_owned() }),
    }
}

/// Keeps every other process from opening databases, as long as what is answered lives; those that are not there, and
/// those that SQLite can't read, are left out. Their write-ahead logs are moved into them first.
///
/// # Errors
/// [`BackupError::InUse`] when another process has one open, if only to read.
pub(super) fn hold_databases(paths: &[PathBuf]) -> Result<Vec<Connection>, BackupError> {
    let mut held = Vec::new();
    for path in paths.iter().filter(|path| path.is_file()) {
        match hold(path) {
            Ok(db) => held.push(db),
            Err(cause) => match cause.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    return Err(BackupError::InUse { path: path.clone() });
                }
                // Damaged, which may be why a backup is to be restored.
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {}
                _ => return Err(BackupError::sqlite(path)(cause)),
            },
        }
    }
    Ok(held)
}

/// Whoever has a database in WAL mode open holds a shared lock on it all the time.
fn hold(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    // Without a write-ahead log there is none that could be taken for that of the database that comes in its place.
    db.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    db.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    Ok(db)
}

/// Makes a directory for this user alone where there is none.
pub(super) fn make_dir(path: &Path) -> Result<(), BackupError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => Err(BackupError::io(path)(cause)),
        _ => Ok(()),
    }
}

/// Has the disk keep the names in a directory and in those below it.
pub(super) fn sync_dirs(dir: &Path) -> Result<(), BackupError> {
    let failed = BackupError::io(dir);
    for entry in fs::read_dir(dir).map_err(&failed)? {
        let entry = entry.map_err(&failed)?;
        if entry.file_type().map_err(&failed)?.is_dir() {
            sync_dirs(&entry.path())?;
        }
    }
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(&failed)
}
