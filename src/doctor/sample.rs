//! The beginning and the end of a log, and what their rows carry.

use crate::format::SharedFormat;
use crate::model::Observed;
use crate::source::{Decoder, Limits};
use bumpalo::Bump;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// How much is read of each end, in bytes.
const END_BYTES: u64 = 1 << 20;

/// Whole lines of a log.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// From its beginning.
    pub(super) head: Vec<u8>,
    /// From its end, where that is another place.
    pub(super) tail: Vec<u8>,
}

impl Sample {
    /// Reads both ends of a file, or the beginning of what is compressed or no plain file.
    pub(super) fn of(path: &Path) -> io::Result<Sample> {
        let mut file = File::open(path)?;
        let found = file.metadata()?;
        let mut sample = Sample::default();
        let decoder = Decoder::new(&mut file, Limits::default())?;
        let is_compressed = decoder.compression().is_some();
        // Of a damaged one, what came out before.
        let read = decoder.take(END_BYTES).read_to_end(&mut sample.head);
        if !is_compressed || sample.head.is_empty() {
            read?;
        }
        if sample.head.len() as u64 == END_BYTES {
            cut_end(&mut sample.head);
        }
        if !is_compressed && found.is_file() && found.len() > 2 * END_BYTES {
            file.seek(SeekFrom::End(-(END_BYTES as i64)))?;
            file.take(END_BYTES).read_to_end(&mut sample.tail)?;
            let begin = memchr::memchr(b'\n', &sample.tail).map_or(sample.tail.len(), |end| end + 1);
            sample.tail.drain(..begin);
        }
        Ok(sample)
    }

    /// What its rows carry, and the format as its last line has it.
    pub(super) fn observe(&self, format: &SharedFormat) -> (Observed, SharedFormat) {
        let (mut observed, mut format) = (Observed::default(), format.clone());
        let mut arena = Bump::new();
        for line in [&self.head, &self.tail].into_iter().flat_map(|part| part.split(|byte| *byte == b'\n')) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(next) = format.directive(line) {
                format = next;
                continue;
            }
            arena.reset();
            if let Ok(event) = format.parse(line, &arena) {
                observed.see(&event);
            }
        }
        (observed, format)
    }
}

/// Leaves whole lines only, where there is one.
fn cut_end(lines: &mut Vec<u8>) {
    if let Some(end) = memchr::memrchr(b'\n', lines) {
        lines.truncate(end + 1);
    }
}
