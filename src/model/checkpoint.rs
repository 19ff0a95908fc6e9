//! How far a source has been read. A checkpoint is keyed by the content's fingerprint, not by the file's name, and
//! is committed together with the rows it speaks of.

use super::Timestamp;

/// Hash (XXH3, 128 bits) of a content's first line, up to [`Fingerprint::HEAD_BYTES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// How many bytes of the first line are hashed at most.
    pub const HEAD_BYTES: usize = 4096;
    /// How many bytes before a mark are hashed to recognise it.
    pub const TAIL_BYTES: usize = 1024;

    /// The fingerprint of a content that begins with `head`: its first line, or as much of it as there is room for.
    pub fn of(head: &[u8]) -> Fingerprint {
        let head = &head[..head.len().min(Self::HEAD_BYTES)];
        let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..=end]);
        Fingerprint(xxhash_rust::xxh3::xxh3_128(line))
    }

    /// Hash of the bytes just before a mark.
    pub fn tail(before: &[u8]) -> u64 {
        xxhash_rust::xxh3::xxh3_64(&before[before.len().saturating_sub(Self::TAIL_BYTES)..])
    }
}

/// A place in a content up to which every line is stored or rejected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Bytes before the mark.
    pub offset: u64,
    /// Lines before the mark, blank ones not counted.
    pub lines: u64,
    /// [`Fingerprint::tail`] of the bytes before the mark.
    pub tail: u64,
}

/// A step from one place in a content to another. It is only taken from where the content stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advance {
    /// Where the content stood when reading began, or after the step before; `None` where it was not known.
    pub from: Option<Mark>,
    /// Where it stands then.
    pub to: Checkpoint,
}

/// How far one content has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Which content.
    pub fingerprint: Fingerprint,
    /// How far.
    pub mark: Mark,
    /// Places on the way there, by which an older copy of the content is recognised.
    pub between: Vec<Mark>,
    /// Whether the content is a file being followed; such a place survives a clear, that of an import does not.
    pub followed: bool,
    /// Where the content was last seen, for people; never used to recognise it.
    pub seen_as: String,
    /// When this place was reached, wall clock.
    pub at: Timestamp,
}
