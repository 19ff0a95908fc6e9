//! What can go wrong with backups.

use crate::store::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong with backups.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The database engine refused.
    #[error("{path}: {source}")]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
    /// There is no such database to back up.
    #[error("{path}: no such database; name its directory with --data-dir")]
    Missing {
        /// The database file.
        path: PathBuf,
    },
    /// The directory that a backup was to be written to holds something.
    #[error("{path}: there is something already; name a directory that is empty or not there yet")]
    Occupied {
        /// The directory.
        path: PathBuf,
    },
    /// Another process writes a backup there, or restores one.
    #[error("{path}: another backup or restore is under way there; wait until it is done")]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// A process has a database open that was to be replaced.
    #[error("{path}: in use; stop the server, and whatever else has it open, and try again")]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// There are databases that were not to be replaced.
    #[error("{path}: there are databases already; --force replaces them")]
    Exists {
        /// The data directory.
        path: PathBuf,
    },
    /// The directory holds no backup.
    #[error("{path}: not a backup that Tidegate wrote")]
    Foreign {
        /// The directory.
        path: PathBuf,
    },
    /// The backup, or the database that was copied, is not what was written.
    #[error("{path}: damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found, and what mends it.
        reason: String,
    },
    /// The backup was written by a newer Tidegate.
    #[error(
        "{path}: written by a newer Tidegate ({what} {found}, this one knows {known}); restore it with that version"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// Of what the number is.
        what: &'static str,
        /// Its number.
        found: u64,
        /// The newest that this build knows.
        known: u64,
    },
    /// The copy could not be opened as a store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was told to stop; nothing half done is left.
    #[error("stopped before its end")]
    Stopped,
}

impl BackupError {
    /// Says which file a failure is of.
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
        |source| BackupError::Io { path: path.to_owned(), source }
    }

    /// Says which database a failure is of.
    pub(super) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> BackupError + '_ {
        |source| BackupError::Sqlite { path: path.to_owned(), source }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> BackupError {
        BackupError::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}
