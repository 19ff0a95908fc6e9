//! A content in chunks of whole lines. Memory is bounded whatever the input: a line longer than
//! [`MAX_LINE_BYTES`] is cut to its head and passed over.

use crate::model::{Fingerprint, Mark, Reject};
use std::io::{self, Read};

/// Whole lines, where they begin, and the place behind them.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Where the first line begins in the content, in bytes.
    pub offset: u64,
    /// Whole lines with their ends; the last may lack one at the end of the content.
    pub bytes: Vec<u8>,
    /// Lines longer than a line may be: where each began, and its head.
    pub too_long: Vec<(u64, Box<[u8]>)>,
    /// Behind the last line, in bytes from the start of the content.
    pub end: u64,
    /// [`Fingerprint::tail`] of the content up to `end`.
    pub tail: u64,
}

impl Chunk {
    /// The place behind this chunk, when `lines` lines lie before it.
    pub fn mark(&self, lines: u64) -> Mark {
        Mark { offset: self.end, lines, tail: self.tail }
    }
}

/// What to do with a last line that has no end yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadTo {
    /// The content is complete: it is a line.
    End,
    /// The content may grow: it is held back.
    LastWholeLine,
}

/// The longest line, in bytes; longer ones are rejected.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Reads a content in chunks of whole lines.
#[derive(Debug)]
pub struct ChunkReader<R> {
    input: R,
    read_to: ReadTo,
    chunk_bytes: usize,
    /// Where `carry` begins in the content.
    offset: u64,
    /// Read, but not handed out: the beginning of a line.
    carry: Vec<u8>,
    /// The last bytes handed out, as many as a mark hashes.
    window: Vec<u8>,
    /// Inside a line that is too long: where it began, and its head.
    skipping: Option<(u64, Box<[u8]>)>,
    /// Lines passed over before a read failed, not handed out yet.
    too_long: Vec<(u64, Box<[u8]>)>,
}

impl<R: Read> ChunkReader<R> {
    /// How much is read at a time by default, in bytes.
    pub const CHUNK_BYTES: usize = 8 << 20;

    /// Reads from `offset` on, where `input` stands; `window` is what lies before, at least
    /// [`Fingerprint::TAIL_BYTES`] of it where there is as much.
    pub fn new(input: R, offset: u64, window: Vec<u8>, read_to: ReadTo) -> Self {
        Self::with_chunk_bytes(input, offset, window, read_to, Self::CHUNK_BYTES)
    }

    /// As [`ChunkReader::new`], with another size of chunk.
    pub fn with_chunk_bytes(input: R, offset: u64, window: Vec<u8>, read_to: ReadTo, chunk_bytes: usize) -> Self {
        ChunkReader {
            input,
            read_to,
            chunk_bytes,
            offset,
            carry: Vec::new(),
            window,
            skipping: None,
            too_long: Vec::new(),
        }
    }

    /// From now on the content is complete: a last line without an end is a line.
    pub fn complete(&mut self) {
        self.read_to = ReadTo::End;
    }

    /// The input, when it is to be read in another way.
    pub fn into_input(self) -> R {
        self.input
    }

    /// The input, as when a followed file is to be looked at again.
    pub fn input(&mut self) -> &mut R {
        &mut self.input
    }

    /// The next chunk, into `buffer`'s memory; `None` when there is nothing more for now.
    ///
    /// # Errors
    /// What reading the input says. Nothing is lost: the next call goes on where this one stopped.
    pub fn next_chunk(&mut self, buffer: Vec<u8>) -> io::Result<Option<Chunk>> {
        let too_long = std::mem::take(&mut self.too_long);
        let mut chunk = Chunk { offset: self.offset, bytes: buffer, too_long, ..Chunk::default() };
        chunk.bytes.clear();
        chunk.bytes.append(&mut self.carry);
        loop {
            let room = self.chunk_bytes.saturating_sub(chunk.bytes.len()).max(64 * 1024);
            let read = match (&mut self.input).take(room as u64).read_to_end(&mut chunk.bytes) {
                Ok(read) => read,
                Err(error) => {
                    // What was read before the error is kept for the next call.
                    self.carry = std::mem::take(&mut chunk.bytes);
                    self.too_long = chunk.too_long;
                    return Err(error);
                }
            };
            self.finish_skipping(&mut chunk);
            let end = memchr::memrchr(b'\n', &chunk.bytes).map(|at| at + 1);
            match end {
                Some(end) => {
                    self.carry.extend_from_slice(&chunk.bytes[end..]);
                    chunk.bytes.truncate(end);
                    return Ok(Some(self.hand_out(chunk)));
                }
                None if read == 0 => {
                    if self.read_to == ReadTo::End && (!chunk.bytes.is_empty() || self.skipping.is_some()) {
                        chunk.too_long.extend(self.skipping.take());
                        return Ok(Some(self.hand_out(chunk)));
                    }
                    self.carry = std::mem::take(&mut chunk.bytes);
                    if !chunk.too_long.is_empty() {
                        return Ok(Some(self.hand_out(chunk)));
                    }
                    return Ok(None);
                }
                None => self.start_skipping(&mut chunk),
            }
        }
    }

    /// Inside a line that is too long: drops what was read of it, up to and with its end.
    fn finish_skipping(&mut self, chunk: &mut Chunk) {
        if self.skipping.is_none() {
            return;
        }
        let end = memchr::memchr(b'\n', &chunk.bytes).map(|at| at + 1);
        let dropped = end.unwrap_or(chunk.bytes.len());
        self.pass(&chunk.bytes[..dropped]);
        chunk.offset += dropped as u64;
        chunk.bytes.drain(..dropped);
        if end.is_some() {
            chunk.too_long.extend(self.skipping.take());
        }
    }

    fn start_skipping(&mut self, chunk: &mut Chunk) {
        if self.skipping.is_none() && chunk.bytes.len() > MAX_LINE_BYTES {
            let head = &chunk.bytes[..Reject::KEPT_BYTES];
            self.skipping = Some((chunk.offset, head.into()));
            self.pass(&chunk.bytes);
            chunk.offset += chunk.bytes.len() as u64;
            chunk.bytes.clear();
        }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        let keep = bytes.len().min(Fingerprint::TAIL_BYTES);
        self.window.extend_from_slice(&bytes[bytes.len() - keep..]);
        let excess = self.window.len().saturating_sub(Fingerprint::TAIL_BYTES);
        self.window.drain(..excess);
    }

    fn hand_out(&mut self, mut chunk: Chunk) -> Chunk {
        self.pass(&chunk.bytes);
        chunk.end = self.offset;
        chunk.tail = Fingerprint::tail(&self.window);
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives a few bytes at a time, as a growing file or a pipe does.
    struct Drip<'b>(&'b [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(out.len()).min(self.0.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn chunks(content: &[u8], drip: usize, size: usize, read_to: ReadTo) -> Vec<Chunk> {
        let mut reader = ChunkReader::with_chunk_bytes(Drip(content, drip), 0, Vec::new(), read_to, size);
        std::iter::from_fn(|| reader.next_chunk(Vec::new()).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn chunks_are_whole_lines_and_miss_nothing(
            content in proptest::collection::vec(prop_oneof![4 => Just(b'a'), 1 => Just(b'\n')], 0..3000),
            drip in 1_usize..700, size in 1_usize..900,
        ) {
            let all: Vec<u8> = chunks(&content, drip, size, ReadTo::End).iter().flat_map(|chunk| chunk.bytes.clone()).collect();
            prop_assert_eq!(&all, &content);
            let held = chunks(&content, drip, size, ReadTo::LastWholeLine);
            let whole: Vec<u8> = held.iter().flat_map(|chunk| chunk.bytes.clone()).collect();
            let last = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            prop_assert_eq!(&whole, &content[..last]);
            for chunk in held {
                prop_assert_eq!(&content[chunk.offset as usize..chunk.end as usize], &chunk.bytes[..]);
                prop_assert_eq!(chunk.tail, Fingerprint::tail(&content[..chunk.end as usize]));
            }
        }
    }

    #[test]
    fn a_line_too_long_is_passed_over_and_reported() {
        let long = vec![b'x'; MAX_LINE_BYTES * 3];
        for (content, after) in [
            ([b"first\n", &long[..], b"\nsecond\n"].concat(), &b"second\n"[..]),
            ([b"first\n", &long[..]].concat(), b""),
        ] {
            let got = chunks(&content, 300_000, 100_000, ReadTo::End);
            let lines: Vec<u8> = got.iter().flat_map(|chunk| chunk.bytes.clone()).collect();
            assert_eq!(lines, [b"first\n", after].concat());
            let too_long: Vec<_> = got.iter().flat_map(|chunk| &chunk.too_long).collect();
            assert_eq!(too_long.len(), 1);
            assert_eq!((too_long[0].0, too_long[0].1.len()), (6, Reject::KEPT_BYTES));
            assert_eq!(got.last().unwrap().end, content.len() as u64);
        }
    }
}
