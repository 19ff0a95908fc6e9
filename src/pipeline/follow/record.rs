//! What a source has to remember beside the places in its contents: that it was met before, and which files of it are
//! done with. Kept as checkpoints under names of their own, so that it is committed like places and survives a clear.

use crate::model::{Advance, Checkpoint, Fingerprint, Mark, Timestamp};
use crate::source::{FileId, FileStat};
use crate::store::{EventSink, StoreResult};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_128;

/// The name under which it is kept that the source of that path was met.
pub(super) fn of_source(source: &Path) -> Fingerprint {
    Fingerprint(xxh3_128(&[b"\0source\0", source.as_os_str().as_bytes()].concat()))
}

/// The name under which it is kept that a file is done with, as long as it stays as it is. Renaming doesn't change it.
pub(super) fn of_file(source: &Path, id: FileId, stat: FileStat) -> Fingerprint {
    let mut text = [b"\0file\0", source.as_os_str().as_bytes()].concat();
    // Not the device: its number may be another after a restart of the machine.
    for number in [id.inode, stat.length, stat.modified_ns as u64] {
        text.extend(number.to_be_bytes());
    }
    Fingerprint(xxh3_128(&text))
}

/// Whether it is kept.
pub(super) fn is_kept<S: EventSink>(store: &S, record: Fingerprint) -> StoreResult<bool> {
    Ok(store.checkpoint(record)?.is_some())
}

/// The step that keeps it.
pub(super) fn keep(record: Fingerprint, seen_as: &Path, at: Timestamp) -> Advance {
    let mark = Mark { offset: 0, lines: 0, tail: 0 };
    let seen_as = seen_as.display().to_string();
    let to = Checkpoint { fingerprint: record, mark, between: Vec::new(), followed: true, seen_as, at };
    Advance { from: None, to }
}
