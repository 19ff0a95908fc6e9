//! Where to go on reading a content that may be known: by what it holds, not by what it is called.

use crate::format::SharedFormat;
use crate::model::{Fingerprint, Mark};
use crate::source::{ChunkReader, ReadTo};
use crate::store::{EventSink, StoreResult};
use std::io::{self, Read, Seek, SeekFrom};

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The name under which places in this content are kept.
    pub fingerprint: Fingerprint,
    /// Of the beginning that was looked up; the same for all contents that begin alike.
    pub head: Fingerprint,
    /// Bytes that are known.
    pub offset: u64,
    /// Lines that are known.
    pub lines: u64,
    /// The bytes before `offset`, for the next mark.
    pub window: Vec<u8>,
    /// Where the store has this content, for the first step on.
    pub stands: Option<Mark>,
    /// Everything is known: the content is the beginning of one that was read further.
    pub is_prefix: bool,
}

impl Resume {
    /// Whether an import may have ended here, inside a line that has grown since.
    pub(super) fn may_end_inside_a_line(&self) -> bool {
        !self.is_prefix && self.stands.is_some() && self.window.last().is_some_and(|last| *last != b'\n')
    }
}

/// Contents that begin alike are told apart, as many as these.
const SAME_HEAD: u128 = 1024;

/// Two contents have their beginning in common, and not just by chance, from so many bytes on.
const COMMON_BYTES: u64 = 4 * 1024;

impl Fingerprint {
    /// The name of the content of that number among those that begin alike.
    fn numbered(self, number: u128) -> Fingerprint {
        Fingerprint(self.0.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
    }
}

/// What the store knows of a content.
pub(super) struct Known {
    fingerprint: Fingerprint,
    head: Fingerprint,
    stands: Option<Mark>,
    /// Places in it, by rising offset.
    pub(super) marks: Vec<Mark>,
}

impl Known {
    /// What is known of the content of that number among those that begin alike; the first without marks is free.
    pub(super) fn of<S: EventSink>(store: &S, head: Fingerprint, number: u128) -> io::Result<StoreResult<Known>> {
        if number == SAME_HEAD {
            let problem = format!("more than {SAME_HEAD} contents begin with the same line as this one");
            return Err(io::Error::other(problem));
        }
        let fingerprint = head.numbered(number);
        let known = || {
            let marks = store.marks(fingerprint)?;
            let stands = store.checkpoint(fingerprint)?.map(|known| known.mark);
            Ok(Known { fingerprint, head, stands, marks })
        };
        Ok(known())
    }
}

/// Where a content agrees with those that begin alike, and so which of them it is.
#[derive(Default)]
pub(super) struct Agreement {
    same: Option<Resume>,
    prefix: Option<Resume>,
    common: Option<Resume>,
}

impl Agreement {
    /// The content agrees with a known one up to its mark `at`, before which stands `window`; so many of the marks are
    /// `within` its length.
    pub(super) fn add(&mut self, known: &Known, at: usize, window: Vec<u8>, within: usize) {
        let Mark { offset, lines, .. } = known.marks[at];
        let Known { fingerprint, head, stands, .. } = *known;
        // Where the content ends before the next mark, what lies between is taken for known.
        let is_prefix = at + 1 == within && within < known.marks.len();
        let best = match (is_prefix, at + 1 == known.marks.len()) {
            (true, _) => &mut self.prefix,
            (false, true) => &mut self.same,
            (false, false) => &mut self.common,
        };
        if best.as_ref().is_none_or(|best| best.offset < offset) {
            *best = Some(Resume { fingerprint, head, offset, lines, window, stands, is_prefix });
        }
    }

    /// Where to go on, `free` being the first of which nothing is known; `None` where that can't be told as long as the
    /// content is not `complete`.
    pub(super) fn conclude(self, free: &Known, complete: bool) -> Option<Resume> {
        let Agreement { same, prefix, common } = self;
        let longer_than = |found: &Resume| prefix.as_ref().is_none_or(|prefix| prefix.offset <= found.offset);
        if let Some(same) = same.filter(longer_than) {
            return Some(same);
        }
        if prefix.is_some() {
            return prefix.filter(|_| complete);
        }
        let (fingerprint, head, stands) = (free.fingerprint, free.head, None);
        // What it has in common with another content was read there.
        let common = common.filter(|common| common.offset >= COMMON_BYTES);
        Some(match common {
            Some(common) => Resume { fingerprint, stands, ..common },
            None => Resume { fingerprint, head, offset: 0, lines: 0, window: Vec::new(), stands, is_prefix: false },
        })
    }
}

/// Finds where to go on in a seekable content of `length` bytes, which is left standing there. `None` while it can't be
/// told, and `complete` is not set: its head is still short, or it is the beginning of a known content, as a copy in the
/// making is.
///
/// # Errors
/// What reading the content or the store says.
pub fn resume<S: EventSink>(
    store: &S,
    content: &mut (impl Read + Seek),
    length: u64,
    complete: bool,
) -> io::Result<StoreResult<Option<Resume>>> {
    content.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    content.by_ref().take(Fingerprint::HEAD_BYTES as u64).read_to_end(&mut head)?;
    if !complete && !Fingerprint::is_settled(&head) {
        return Ok(Ok(None));
    }
    let head = Fingerprint::of(&head);
    let mut agreement = Agreement::default();
    for number in 0.. {
        let known = match Known::of(store, head, number)? {
            Ok(known) => known,
            Err(error) => return Ok(Err(error)),
        };
        if known.marks.is_empty() {
            let Some(mut found) = agreement.conclude(&known, complete) else { return Ok(Ok(None)) };
            if found.may_end_inside_a_line() {
                found = whole_lines(content, found, length)?;
            }
            content.seek(SeekFrom::Start(found.offset))?;
            return Ok(Ok(Some(found)));
        }
        let within = known.marks.partition_point(|mark| mark.offset <= length);
        for (at, mark) in known.marks[..within].iter().enumerate().rev() {
            if let Some(window) = matches(content, mark)? {
                agreement.add(&known, at, window, within);
                break;
            }
        }
    }
    Ok(Ok(None))
}

/// Where an import ended in the middle of a line that has grown since, the whole line is read again: its beginning was
/// stored or rejected as what it seemed to be, but the line is not lost.
fn whole_lines(content: &mut (impl Read + Seek), found: Resume, length: u64) -> io::Result<Resume> {
    if found.offset >= length || found.window.last() == Some(&b'\n') {
        return Ok(found);
    }
    content.seek(SeekFrom::Start(found.offset))?;
    let mut next = [0];
    content.read_exact(&mut next)?;
    let Some(line) = found.window.iter().rposition(|byte| *byte == b'\n').filter(|_| !matches!(next[0], b'\n' | b'\r'))
    else {
        return Ok(found);
    };
    let back = (found.window.len() - line - 1) as u64;
    let offset = found.offset - back;
    let window_bytes = offset.min(Fingerprint::TAIL_BYTES as u64);
    content.seek(SeekFrom::Start(offset - window_bytes))?;
    let mut window = vec![0; window_bytes as usize];
    content.read_exact(&mut window)?;
    Ok(Resume { offset, lines: found.lines.saturating_sub(1), window, ..found })
}

/// How the lines behind `offset` are read: the format, after what the lines before `offset` say of those behind them.
/// Only formats that have such lines are read for it. The content is left standing anywhere.
///
/// # Errors
/// What reading the content says.
pub fn primed(format: SharedFormat, content: &mut (impl Read + Seek), offset: u64) -> io::Result<SharedFormat> {
    if !format.has_directives() || offset == 0 {
        return Ok(format);
    }
    content.seek(SeekFrom::Start(0))?;
    primed_forward(format, content, offset)
}

/// As [`primed`], for a content that stands at its beginning; it is left standing at `offset`.
///
/// # Errors
/// What reading the content says.
pub fn primed_forward(mut format: SharedFormat, content: &mut impl Read, offset: u64) -> io::Result<SharedFormat> {
    let mut reader = ChunkReader::new(content.take(offset), 0, Vec::new(), ReadTo::LastWholeLine);
    let mut buffer = Vec::new();
    while let Some(chunk) = reader.next_chunk(std::mem::take(&mut buffer))? {
        for line in chunk.bytes.split(|byte| *byte == b'\n') {
            if let Some(next) = format.directive(line.strip_suffix(b"\r").unwrap_or(line)) {
                format = next;
            }
        }
        buffer = chunk.bytes;
    }
    Ok(format)
}

/// The bytes before a mark, if they are those that were there when it was set.
fn matches(content: &mut (impl Read + Seek), mark: &Mark) -> io::Result<Option<Vec<u8>>> {
    let window = mark.offset.min(Fingerprint::TAIL_BYTES as u64);
    content.seek(SeekFrom::Start(mark.offset - window))?;
    let mut bytes = Vec::new();
    content.by_ref().take(window).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == window && Fingerprint::tail(&bytes) == mark.tail).then_some(bytes))
}
