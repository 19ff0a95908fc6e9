//! Checking a backup: that every file is what was written, and that SQLite finds nothing wrong with the databases. Nothing
//! in its directory is changed, so that it may lie where nothing can be written.

use super::BackupError;
use super::manifest::{FileFacts, Manifest};
use crate::control::ControlDb;
use crate::store::columnar::ColumnarStore;
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Checks the backup in a directory; answers what it says of itself. `progress` is told how many bytes are done, of how
/// many.
///
/// # Errors
/// [`BackupError::Damaged`] at the first file that is not what was written.
pub fn verify(dir: &Path, progress: &dyn Fn(u64, u64), stop: &dyn Fn() -> bool) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(dir)?;
    let total = manifest.files.iter().map(|file| file.bytes).sum();
    let mut done = 0;
    for file in &manifest.files {
        if stop() {
            return Err(BackupError::Stopped);
        }
        let path = dir.join(&file.name);
        if FileFacts::of(dir, &file.name).map_err(BackupError::io(&path))? != *file {
            return Err(BackupError::damaged(&path, "it is not what was written; take another backup"));
        }
        done += file.bytes;
        progress(done, total);
    }
    for name in [ColumnarStore::FILE, ControlDb::FILE] {
        if !manifest.files.iter().any(|file| file.name == name) {
            return Err(BackupError::damaged(dir, format!("it has no {name}; take another backup")));
        }
        check_integrity(&dir.join(name))?;
    }
    Ok(manifest)
}

/// Opens a database that nobody writes to, without making a file beside it.
pub(super) fn open_as_is(path: &Path) -> Result<Connection, BackupError> {
    let failed = BackupError::sqlite(path);
    let path = std::path::absolute(path).map_err(BackupError::io(path))?;
    // A URI (RFC 3986), so that SQLite can be told that the file does not change.
    let mut uri = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => {
                // A text takes everything.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(&uri, flags).map_err(&failed)
}

/// Has SQLite look at every page.
pub(super) fn check_integrity(path: &Path) -> Result<(), BackupError> {
    let found = open_as_is(path)?.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    match found.map_err(BackupError::sqlite(path))? {
        said if said == "ok" => Ok(()),
        said => Err(BackupError::damaged(path, format!("SQLite says: {said}"))),
    }
}
