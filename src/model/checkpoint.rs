//! How far a source has been read. A checkpoint is keyed by the content's fingerprint, not by the file's name, and
//! is committed together with the rows it speaks of.

use super::Timestamp;

/// Hash (XXH3, 128 bits) of a content's first line and the lines beginning with `#` before it (W3C logs open with the
/// same header every day), up to [`Fingerprint::HEAD_BYTES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// How many bytes of the head are hashed at most.
    pub const HEAD_BYTES: usize = 4096;
    /// How many bytes before a mark are hashed to recognise it.
    pub const TAIL_BYTES: usize = 1024;

    /// The fingerprint of a content that begins with `head`: its first line, or as much of it as there is room for.
    pub fn of(head: &[u8]) -> Fingerprint {
        let head = &head[..head.len().min(Self::HEAD_BYTES)];
        Fingerprint(xxhash_rust::xxh3::xxh3_128(&head[..Self::hashed(head).unwrap_or(head.len())]))
    }

    /// Whether [`Fingerprint::of`] stays what it is for `head` when the content grows.
    pub fn is_settled(head: &[u8]) -> bool {
        head.len() >= Self::HEAD_BYTES || Self::hashed(head).is_some()
    }

    /// Bytes up to the end of the first line that is no header.
    fn hashed(head: &[u8]) -> Option<usize> {
        let mut start = 0;
        loop {
            let end = start + memchr::memchr(b'\n', &head[start..])? + 1;
            if head[start] != b'#' {
                return Some(end);
            }
            start = end;
        }
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

impl Mark {
    /// Marks on the way are at most this far apart, in bytes.
    pub const EVERY_BYTES: u64 = 64 * 1024;

    /// The place from which on the next mark on the way is due, after one at `offset`: behind the first line, then twice
    /// as far each time, then every [`Mark::EVERY_BYTES`]. So a copy that is only begun is recognised however short it is.
    pub fn next_due(offset: u64) -> u64 {
        if offset < Self::EVERY_BYTES {
            if offset == 0 { 1 } else { (offset + 1).next_power_of_two() }
        } else {
            (offset / Self::EVERY_BYTES + 1) * Self::EVERY_BYTES
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_of_the_first_line_that_is_no_header() {
        let of = |text: &str| Fingerprint::of(text.as_bytes());
        assert_eq!(of("one\ntwo\n"), of("one\nthree\n"));
        assert_ne!(of("#Fields: a\none\n"), of("#Fields: a\ntwo\n"));
        assert_eq!(of("#Fields: a\none\ntwo"), of("#Fields: a\none\n"));
        for (head, settled) in [("", false), ("one", false), ("one\n", true), ("#one\n", false), ("#one\ntwo\n", true)]
        {
            assert_eq!(Fingerprint::is_settled(head.as_bytes()), settled, "{head:?}");
        }
        assert!(Fingerprint::is_settled(&[b'#'; Fingerprint::HEAD_BYTES]));
    }

    #[test]
    fn marks_come_after_the_first_line_then_at_double_distance_then_evenly() {
        let mut due = vec![Mark::next_due(0)];
        while due.last() < Some(&200_000) {
            due.push(Mark::next_due(due[due.len() - 1]));
        }
        let every = Mark::EVERY_BYTES;
        assert_eq!(due[..5], [1, 2, 4, 8, 16]);
        assert_eq!(due[due.len() - 4..], [every, 2 * every, 3 * every, 4 * every]);
    }
}
