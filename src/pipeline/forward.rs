//! Where to go on in a content that can only be read forward, as a compressed one: one pass over it checks every place
//! that is known, and nothing is put aside. A damaged content is looked at up to where it is whole.

use super::resume::{Resume, alike};
use crate::model::{Fingerprint, Mark};
use crate::source::Damage;
use crate::store::{EventSink, StoreResult};
use std::io::{self, Chain, Cursor, Read};

/// A content, standing where it is to be read on.
#[derive(Debug)]
pub struct Forward<R> {
    /// Where that is.
    pub start: Resume,
    /// What lies behind.
    pub content: Chain<Cursor<Vec<u8>>, R>,
}

/// As [`resume`](super::resume()), for a content that `open` gives from its beginning, at most twice. The answer is the
/// same as for the content in a file of its own; `None` also while no line of a damaged content is whole.
///
/// # Errors
/// What opening or reading the content or the store says; damage behind the whole part is left to whoever reads on.
pub fn resume_forward<S: EventSink, R: Read>(
    store: &S,
    mut open: impl FnMut() -> io::Result<R>,
    complete: bool,
) -> io::Result<StoreResult<Option<Forward<R>>>> {
    let mut passed = Passed::over(open()?);
    passed.advance(Fingerprint::HEAD_BYTES as u64)?;
    let has_line = passed.window.contains(&b'\n') || passed.window.len() == Fingerprint::HEAD_BYTES;
    if !has_line && (!complete || passed.damaged) {
        return Ok(Ok(None));
    }
    let head = Fingerprint::of(&passed.window);
    let mut alike = match known_alike(store, head) {
        Ok(alike) => alike,
        Err(error) => return Ok(Err(error)),
    };
    compare(&mut passed, &mut alike)?;
    let start =
        |fingerprint, stands| Resume { fingerprint, offset: 0, lines: 0, window: Vec::new(), stands, is_prefix: false };
    for Known { fingerprint, stands, marks, fits } in alike {
        let start = start(fingerprint, stands);
        let Some((at, window)) = fits else {
            if marks.is_empty() {
                return Ok(Ok(Some(go_to(start, passed, open)?)));
            }
            continue;
        };
        let known = if passed.ended { marks.partition_point(|mark| mark.offset <= passed.offset) } else { marks.len() };
        let is_prefix = at + 1 == known && known < marks.len();
        if is_prefix && !complete {
            return Ok(Ok(None));
        }
        let Mark { offset, lines, .. } = marks[at];
        return Ok(Ok(Some(go_to(Resume { offset, lines, window, is_prefix, ..start }, passed, open)?)));
    }
    Ok(Ok(Some(go_to(start(head, None), passed, open)?)))
}

/// What the store knows of a content that begins with the same line.
struct Known {
    fingerprint: Fingerprint,
    stands: Option<Mark>,
    marks: Vec<Mark>,
    /// The last mark that fits, and the bytes before it.
    fits: Option<(usize, Vec<u8>)>,
}

/// All of them, up to the first of which nothing is known.
fn known_alike<S: EventSink>(store: &S, head: Fingerprint) -> StoreResult<Vec<Known>> {
    let mut found = Vec::new();
    for fingerprint in alike(head) {
        let marks = store.marks(fingerprint)?;
        let stands = store.checkpoint(fingerprint)?.map(|known| known.mark);
        let is_last = marks.is_empty();
        found.push(Known { fingerprint, stands, marks, fits: None });
        if is_last {
            break;
        }
    }
    Ok(found)
}

/// Passes over the content and finds for each the last mark that fits.
fn compare<R: Read>(passed: &mut Passed<R>, alike: &mut [Known]) -> io::Result<()> {
    let mut places: Vec<(u64, usize, usize)> = Vec::new();
    for (number, known) in alike.iter().enumerate() {
        places.extend(known.marks.iter().enumerate().map(|(at, mark)| (mark.offset, number, at)));
    }
    places.sort_unstable();
    for (offset, number, at) in places {
        passed.advance(offset)?;
        if passed.offset < offset {
            break;
        }
        let (before, known) = (passed.before(offset), &mut alike[number]);
        if Fingerprint::tail(before) == known.marks[at].tail {
            let (last, window) = known.fits.get_or_insert_default();
            *last = at;
            window.clear();
            window.extend_from_slice(before);
        }
    }
    Ok(())
}

/// The content from `start` on, which may be moved to the beginning of its line.
fn go_to<R: Read>(
    mut start: Resume,
    passed: Passed<R>,
    mut open: impl FnMut() -> io::Result<R>,
) -> io::Result<Forward<R>> {
    let mut content = passed.content;
    if passed.offset != start.offset {
        content = open()?;
        if io::copy(&mut content.by_ref().take(start.offset), &mut io::sink())? < start.offset {
            return Err(io::Error::other("it became shorter while it was read; try again"));
        }
    }
    let mut ahead = Vec::new();
    let window_bytes = Fingerprint::TAIL_BYTES;
    if !start.is_prefix && start.window.last().is_some_and(|last| *last != b'\n') {
        // Where an import ended in the middle of a line that has grown since, the whole line is read again.
        until_damage(content.by_ref().take(1).read_to_end(&mut ahead))?;
        let near = &start.window[start.window.len().saturating_sub(window_bytes)..];
        let begun = near.iter().rev().take_while(|byte| **byte != b'\n').count();
        if begun < near.len() && !matches!(ahead[..], [] | [b'\n' | b'\r']) {
            ahead.splice(..0, start.window.drain(start.window.len() - begun..));
            start.offset -= begun as u64;
            start.lines = start.lines.saturating_sub(1);
        }
    }
    start.window.drain(..start.window.len().saturating_sub(window_bytes));
    Ok(Forward { start, content: Cursor::new(ahead).chain(content) })
}

/// A content that is being passed over, and the last bytes of it.
struct Passed<R> {
    content: R,
    offset: u64,
    window: Vec<u8>,
    ended: bool,
    damaged: bool,
}

impl<R: Read> Passed<R> {
    /// The first line, as far as it is hashed, or the bytes before a mark and those before the line the mark is in.
    const WINDOW_BYTES: usize = Fingerprint::HEAD_BYTES;

    fn over(content: R) -> Self {
        Passed { content, offset: 0, window: Vec::new(), ended: false, damaged: false }
    }

    /// Goes on to `offset`, or to the end.
    fn advance(&mut self, offset: u64) -> io::Result<()> {
        let mut buffer = [0; 32 * 1024];
        while self.offset < offset && !self.ended {
            let wanted = (offset - self.offset).min(buffer.len() as u64) as usize;
            let read = match self.content.read(&mut buffer[..wanted]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => until_damage(read)?,
            };
            let read = read.unwrap_or_else(|| {
                self.damaged = true;
                0
            });
            self.ended = read == 0;
            self.offset += read as u64;
            self.window.extend_from_slice(&buffer[..read]);
            self.window.drain(..self.window.len().saturating_sub(Self::WINDOW_BYTES));
        }
        Ok(())
    }

    /// The bytes before a place not long passed: as many as a mark hashes, twice.
    fn before(&self, offset: u64) -> &[u8] {
        let end = self.window.len() - (self.offset - offset) as usize;
        &self.window[end.saturating_sub(2 * Fingerprint::TAIL_BYTES)..end]
    }
}

/// `None` where the content is damaged: it ends there.
fn until_damage(read: io::Result<usize>) -> io::Result<Option<usize>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if Damage::of(&error).is_some() => Ok(None),
        Err(error) => Err(error),
    }
}
