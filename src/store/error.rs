//! What can go wrong in a store.

use rusqlite::ErrorCode;
use std::path::PathBuf;

/// A result of the store.
pub type StoreResult<T> = Result<T, StoreError>;

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database engine refused.
    #[error("events database: {0}{mend}", mend = mend(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// The database is from a newer Tidegate, or its migration failed.
    #[error("{path}: {message}")]
    Migration {
        /// The database file.
        path: PathBuf,
        /// What is wrong and what mends it.
        message: String,
    },
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Stored bytes are not what was written.
    #[error("block {block}, column {column}: {reason}; the block is skipped, `tidegate import` of its log restores it")]
    Corrupt {
        /// The block.
        block: u64,
        /// The column's name.
        column: &'static str,
        /// What was found.
        reason: String,
    },
    /// Several people look alike to whoever asks, as under a mask, so that no one of them can be meant.
    #[error("several clients or users are shown like that; name the one that is meant")]
    Ambiguous,
    /// The question can't be answered as put.
    #[error("{0}")]
    Invalid(String),
    /// A content does not stand where the writer believed, or a rejected line is gone.
    #[error("another reader of the same content was faster, or it was cleared meanwhile")]
    Overtaken,
    /// What the answer was being read from has moved; the store asks again by itself.
    #[error("the store changed while it was read")]
    Moved,
}

/// What to do about a refusal that passes once somebody does it.
fn mend(cause: &rusqlite::Error) -> &'static str {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "; free space on the disk that holds the data directory",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; it is locked by another program: wait until that is done or end it, then try again"
        }
        Some(ErrorCode::ReadOnly) => "; make the data directory and its files writable for this user",
        _ => "",
    }
}
