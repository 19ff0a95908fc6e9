//! Archives: rows as files that stand for themselves, written before retention removes the rows and stored again
//! whenever they are wanted.
//!
//! An archive is a tar file with rows as zstd-compressed JSON lines, a manifest and checksums: docs/STORAGE.md. What is
//! masked in it is decided when it is written. When and what to archive is others' to say.

mod erase;
mod error;
mod folder;
mod import;
mod manifest;
mod pack;
mod read;
mod write;

pub use erase::{ErasedRows, Person, erase, find_traces, holds};
pub use error::ArchiveError;
pub use folder::{Folder, Listed};
pub use import::{Imported, Storing, import};
pub use manifest::{Manifest, Masked, Part};
pub use read::{Archive, is_archive};
pub use write::{Masking, Writing, Written, write};

use crate::model::MAX_BLOCK_ROWS;

/// Rows of a part at most; a part is stored in one transaction.
const PART_ROWS: u64 = MAX_BLOCK_ROWS as u64;
/// Bytes of rows from which on a part ends, before compression.
const PART_BYTES: u64 = 16 << 20;
/// Bytes of a part at most when it is read: a row alone may be long.
const MOST_PART_BYTES: u64 = 256 << 20;

#[cfg(test)]
mod tests;
