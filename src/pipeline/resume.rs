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

/// Two contents may begin with the same line; as many are told apart.
const SAME_HEAD: u128 = 64;

/// The names under which contents may be kept that begin with the same line, in the order in which they are taken.
pub(super) fn alike(head: Fingerprint) -> impl Iterator<Item = Fingerprint> {
    (0..SAME_HEAD).map(move |number| {
        Fingerprint(head.0.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
    })
}

/// Finds where to go on in a seekable content of `length` bytes, which is left standing there. `None` while its first
/// line is not complete and `complete` is not set.
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
    if !complete && !head.contains(&b'\n') && head.len() < Fingerprint::HEAD_BYTES {
        return Ok(Ok(None));
    }
    let head = Fingerprint::of(&head);
    for fingerprint in alike(head) {
        let marks = match store.marks(fingerprint) {
            Ok(marks) => marks,
            Err(error) => return Ok(Err(error)),
        };
        let stands = match store.checkpoint(fingerprint) {
            Ok(known) => known.map(|known| known.mark),
            Err(error) => return Ok(Err(error)),
        };
        let start = Resume { fingerprint, offset: 0, lines: 0, window: Vec::new(), stands, is_prefix: false };
        if marks.is_empty() {
            content.seek(SeekFrom::Start(0))?;
            return Ok(Ok(Some(start)));
        }
        let known = marks.partition_point(|mark| mark.offset <= length);
        for (at, mark) in marks[..known].iter().enumerate().rev() {
            let Some(window) = matches(content, mark)? else { continue };
            // What lies behind the last mark that fits is known where the content ends before the next one would.
            let is_prefix = at + 1 == known && known < marks.len();
            if is_prefix && !complete {
                // A copy in the making: it is waited for.
                return Ok(Ok(None));
            }
            let found = Resume { offset: mark.offset, lines: mark.lines, window, is_prefix, ..start };
            let found = if is_prefix { found } else { whole_lines(content, found, length)? };
            content.seek(SeekFrom::Start(found.offset))?;
            return Ok(Ok(Some(found)));
        }
    }
    content.seek(SeekFrom::Start(0))?;
    Ok(Ok(Some(Resume { fingerprint: head, offset: 0, lines: 0, window: Vec::new(), stands: None, is_prefix: false })))
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
