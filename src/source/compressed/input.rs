//! A buffer in front of a compressed content, that can look ahead over its own border and counts what was taken from it.

use std::io::{self, BufRead, Read};

const BUFFER_BYTES: usize = 128 * 1024;

pub(super) struct Input<R> {
    inner: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    taken: u64,
}

impl<R> Input<R> {
    /// Bytes taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }
}

impl<R: Read> Input<R> {
    pub(super) fn new(inner: R) -> Self {
        Input { inner, buffer: vec![0; BUFFER_BYTES].into(), start: 0, end: 0, taken: 0 }
    }

    /// The next `count` bytes, or all there are; they are not taken.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.end - self.start < count {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= std::mem::take(&mut self.start);
            while self.end < count {
                match self.inner.read(&mut self.buffer[self.end..]) {
                    Ok(0) => break,
                    Ok(read) => self.end += read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(&self.buffer[self.start..self.end.min(self.start + count)])
    }

    /// Takes zeros up to the next other byte: the padding that tapes and xz streams have behind them.
    pub(super) fn skip_zeros(&mut self) -> io::Result<()> {
        loop {
            let found = self.fill_buf()?;
            let zeros = found.iter().take_while(|byte| **byte == 0).count();
            let more = zeros > 0 && zeros == found.len();
            self.consume(zeros);
            if !more {
                return Ok(());
            }
        }
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, self.inner.read(&mut self.buffer)?);
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
        self.taken += count as u64;
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // What is longer than the buffer goes past it.
        let read = if self.start == self.end && out.len() >= self.buffer.len() {
            self.inner.read(out)?
        } else {
            let mut found = self.fill_buf()?;
            let read = found.read(out)?;
            self.start += read;
            read
        };
        self.taken += read as u64;
        Ok(read)
    }
}
