//! A content in whole lines: up to its end, or up to where it is damaged.

use crate::model::Fingerprint;
use crate::source::{Chunk, ChunkReader, Damage, MAX_LINE_BYTES, ReadTo};
use std::io::{self, Read};

/// Ends where the content is damaged, and keeps what is wrong.
#[derive(Debug)]
pub(in crate::pipeline) struct UntilDamage<R> {
    content: R,
    damage: Option<Damage>,
}

impl<R> UntilDamage<R> {
    pub(in crate::pipeline) fn new(content: R) -> Self {
        UntilDamage { content, damage: None }
    }

    /// What is wrong, if that has been come to.
    pub(in crate::pipeline) fn damage(&self) -> Option<Damage> {
        self.damage.clone()
    }
}

impl<R: Read> Read for UntilDamage<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.damage.is_some() {
            return Ok(0);
        }
        match self.content.read(out) {
            Err(error) => {
                self.damage = Some(Damage::of(&error).cloned().ok_or(error)?);
                Ok(0)
            }
            read => read,
        }
    }
}

/// What lies behind the whole part of a damaged content.
#[derive(Debug)]
pub(super) struct Damaged(pub(super) Damage);

impl Read for Damaged {
    fn read(&mut self, _out: &mut [u8]) -> io::Result<usize> {
        Err(self.0.clone().into())
    }
}

/// The chunks of a content: of a whole one all, its last line with or without an end; of a damaged one those up to its
/// last whole line, and then what is wrong.
#[derive(Debug)]
pub(super) struct WholeLines<R>(ChunkReader<UntilDamage<R>>);

impl<R: Read> WholeLines<R> {
    /// As [`ChunkReader::new`].
    pub(super) fn new(content: R, offset: u64, window: Vec<u8>) -> Self {
        WholeLines(ChunkReader::new(UntilDamage::new(content), offset, window, ReadTo::LastWholeLine))
    }

    /// The next chunk, into `buffer`'s memory; `None` at the end.
    pub(super) fn next_chunk(&mut self, buffer: Vec<u8>) -> io::Result<Option<Chunk>> {
        if let Some(chunk) = self.0.next_chunk(buffer)? {
            return Ok(Some(chunk));
        }
        if let Some(damage) = self.0.input().damage() {
            return Err(damage.into());
        }
        self.0.complete();
        self.0.next_chunk(Vec::new())
    }

    /// Lines, blank ones not counted, and bytes there are from here on; and whether that is all.
    pub(super) fn count(&mut self) -> (u64, u64, io::Result<()>) {
        let (mut lines, mut bytes, mut buffer) = (0, 0, Vec::new());
        loop {
            match self.next_chunk(buffer) {
                Ok(Some(chunk)) => {
                    let is_line = |line: &&[u8]| !matches!(*line, [] | [b'\r']);
                    lines += chunk.too_long.len() as u64;
                    lines += chunk.bytes.split(|byte| *byte == b'\n').filter(is_line).count() as u64;
                    bytes = chunk.end;
                    buffer = chunk.bytes;
                }
                end => return (lines, bytes, end.map(drop)),
            }
        }
    }
}

/// The first bytes of a content, by which it and its format are known.
#[derive(Debug)]
pub(super) struct Sample {
    /// As they stand there.
    pub(super) bytes: Vec<u8>,
    /// Whether there are no more.
    pub(super) ended: bool,
    /// Whether the last line may lack its end.
    is_cut: bool,
}

impl Sample {
    /// How much is taken, in bytes, where lines are not blank or too long.
    const BYTES: usize = 64 * 1024;
    /// As much is looked through where they are.
    const MOST_BYTES: usize = 16 << 20;

    /// Reads them.
    pub(super) fn of(content: &mut impl Read) -> io::Result<Sample> {
        const { assert!(Sample::BYTES >= Fingerprint::HEAD_BYTES) };
        let mut content = UntilDamage::new(content);
        let mut sample = Sample { bytes: Vec::new(), ended: false, is_cut: true };
        let usable = |sample: &Sample| sample.lines().map(<[u8]>::len).sum::<usize>();
        while !sample.ended && sample.bytes.len() < Self::MOST_BYTES && usable(&sample) < Self::BYTES / 2 {
            let wanted = Self::BYTES.max(sample.bytes.len());
            let read = content.by_ref().take(wanted as u64).read_to_end(&mut sample.bytes)?;
            sample.ended = read < wanted;
            sample.is_cut = !sample.ended || content.damage.is_some();
        }
        Ok(sample)
    }

    /// Its whole lines that are neither blank nor too long.
    pub(super) fn whole_lines(&self) -> Vec<u8> {
        self.lines().flatten().copied().collect()
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|line| !self.is_cut || line.ends_with(b"\n"))
            .filter(|line| line.len() <= MAX_LINE_BYTES && !matches!(*line, [b'\n'] | [b'\r', b'\n']))
    }
}
