//! The end of a file that is not to be read, as of those there are when a source is met: a place in its content, so that
//! it is known under whatever name, and compressed, too.

use super::FollowError;
use super::file::Followed;
use super::reader::{Way, read_at};
use crate::model::{Advance, Checkpoint, Fingerprint, Mark};
use crate::pipeline::resume::resume;
use crate::source::Compression;
use crate::store::EventSink;
use std::fs::File;
use std::io;
use std::time::Duration;

/// The end of a file that is not to be read.
#[derive(Debug)]
pub(super) enum End {
    /// Behind its last whole line.
    At(Box<Advance>),
    /// It has no place that could be kept: it is compressed, or without a whole line.
    Unplaced,
    /// Some of it was read before, so that the rest is wanted.
    Known,
}

impl Followed {
    /// Where to begin so that nothing is read of what is there.
    ///
    /// # Errors
    /// What reading or the store says.
    pub(super) fn end<S: EventSink + 'static>(mut self, way: &Way<'_, S>, now: Duration) -> Result<End, FollowError> {
        if !self.open(now)? {
            return Ok(End::Unplaced);
        }
        let path = self.path.clone();
        let Some(mut file) = self.into_handle() else { return Ok(End::Unplaced) };
        if Compression::of(&read_at(&file, 0, Compression::HEAD_BYTES)?).is_some() {
            return Ok(End::Unplaced);
        }
        let length = file.metadata()?.len();
        let Some(start) = resume(&**way.store, &mut file, length, false)?? else { return Ok(End::Unplaced) };
        if start.stands.is_some() || start.offset > 0 {
            return Ok(End::Known);
        }
        let Some(offset) = last_line_end(&file, length)? else { return Ok(End::Unplaced) };
        let window = offset.min(Fingerprint::TAIL_BYTES as u64);
        let tail = Fingerprint::tail(&read_at(&file, offset - window, window as usize)?);
        let to = Checkpoint {
            fingerprint: start.fingerprint,
            mark: Mark { offset, lines: 0, tail },
            // By these a copy in the making is recognised.
            between: marks_before(&file, offset)?,
            followed: true,
            seen_as: path.display().to_string(),
            at: way.clock.now(),
        };
        Ok(End::At(Box::new(Advance { from: None, to })))
    }
}

/// Behind the last line feed.
fn last_line_end(file: &File, length: u64) -> io::Result<Option<u64>> {
    const STEP: u64 = 64 * 1024;
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        let bytes = read_at(file, start, (end - start) as usize)?;
        if let Some(at) = memchr::memrchr(b'\n', &bytes) {
            return Ok(Some(start + at as u64 + 1));
        }
        end = start;
    }
    Ok(None)
}

/// Marks behind lines on the way to `end`, each about twice as far as the one before.
fn marks_before(file: &File, end: u64) -> io::Result<Vec<Mark>> {
    let (mut marks, mut due) = (Vec::new(), 1_u64);
    while due < end {
        let block = read_at(file, due - 1, 64 * 1024)?;
        if let Some(at) = memchr::memchr(b'\n', &block) {
            let offset = due + at as u64;
            if offset >= end {
                break;
            }
            let window = offset.min(Fingerprint::TAIL_BYTES as u64);
            let tail = Fingerprint::tail(&read_at(file, offset - window, window as usize)?);
            marks.push(Mark { offset, lines: 0, tail });
            due = offset;
        }
        due = (due + 1).next_power_of_two();
    }
    Ok(marks)
}
