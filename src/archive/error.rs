//! What can go wrong with archives.

use crate::store::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong with archives.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is no archive of Tidegate's.
    #[error("{path}: not an archive that Tidegate wrote")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The archive is not what was written.
    #[error("{path}: damaged: {reason}; take another copy of it")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The archive was written by a newer Tidegate.
    #[error("{path}: written by a newer Tidegate (format {found}, this one knows {known}); read it with that version")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format's version.
        found: u64,
        /// The newest version that this build reads.
        known: u64,
    },
    /// No archive has that name.
    #[error("there is no archive of that name")]
    Unknown,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was told to stop; nothing half done is left.
    #[error("stopped before its end")]
    Stopped,
}

impl ArchiveError {
    /// Says which file a failure is of.
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> ArchiveError + '_ {
        |source| ArchiveError::Io { path: path.to_owned(), source }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> ArchiveError {
        ArchiveError::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}
