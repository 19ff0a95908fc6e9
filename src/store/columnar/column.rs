//! One column of one block: a header, a directory of frames, the frames. Frames are independent, so that a page of
//! rows decodes one of them; each has its own checksum, so that a reader needs no more bytes than it asks for.

use super::codec::{Decoded, Reader, put_ints, put_section, read_codes, read_ints, read_section, unzigzag, zigzag};
use crate::model::TextColumn;
use std::sync::Arc;

/// Layout version of a column.
const VERSION: u8 = 1;
/// Bytes before the directory.
pub(super) const HEADER_BYTES: usize = 16;
/// Bytes of a directory entry.
pub(super) const ENTRY_BYTES: usize = 24;
/// Rows in a frame.
const FRAME_ROWS: usize = 16_384;
/// A frame of texts ends early once it holds as many bytes.
const TEXT_FRAME_BYTES: usize = 1 << 20;
/// How hard texts are compressed: zstd's level.
const TEXT_LEVEL: i32 = 3;

/// The time of a row that was erased: no log has it, and no question reaches it.
pub(super) const ERASED: i64 = i64::MIN;

/// The columns of a block by number; part of the format on disk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Column {
    Time = 0,
    TimeTaken = 1,
    Bytes = 2,
    Client = 3,
    User = 4,
    Origin = 5,
    Peer = 6,
    Agent = 7,
    Kind = 8,
    Source = 9,
    Rest = 10,
    Referer = 11,
    Raw = 12,
    Extra = 13,
    /// What the path says.
    Path = 14,
    /// Bytes from the client.
    CsBytes = 15,
    /// What rules said, and how bad the row is.
    Verdict = 16,
    /// What the block adds to the rollups, until it is folded.
    Delta = 63,
}

impl Column {
    pub(super) fn name(self) -> &'static str {
        match self {
            Column::Time => "time",
            Column::TimeTaken => "time_taken",
            Column::Bytes => "bytes",
            Column::Client => "client",
            Column::User => "user",
            Column::Origin => "origin",
            Column::Peer => "peer",
            Column::Agent => "agent",
            Column::Kind => "kind",
            Column::Source => "source",
            Column::Rest => "rest",
            Column::Referer => "referer",
            Column::Raw => "raw",
            Column::Extra => "extra",
            Column::Path => "path",
            Column::CsBytes => "cs_bytes",
            Column::Verdict => "verdict",
            Column::Delta => "delta",
        }
    }

    /// The row of `block_column` that holds this column of a block.
    pub(super) fn row_of(self, block: u64) -> i64 {
        (block * 64 + self as u64) as i64
    }
}

/// How the frames of a column are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Codec {
    /// Differences to the value before, signed.
    Delta = 1,
    /// Signed values.
    Signed = 2,
    /// Unsigned values.
    Unsigned = 3,
    /// Codes; the last frame lists the dictionary ids they stand for.
    Dictionary = 4,
    /// Texts.
    Text = 5,
    /// Texts of few rows: rows, then texts, in one frame.
    Sparse = 6,
}

/// A column being encoded.
#[derive(Debug)]
pub(super) struct Encoder {
    codec: Codec,
    rows: u32,
    frame_rows: u32,
    directory: Vec<Frame>,
    payload: Vec<u8>,
}

/// A directory entry: where a frame ends, its checksum, and the least and greatest value (of times and, in newer
/// columns, of sizes; of older ones both are 0), the number of entries (of a list of ids) or the first row (of texts).
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) end: u32,
    hash: u32,
    pub(super) least: i64,
    pub(super) most: i64,
}

impl Encoder {
    fn new(codec: Codec, rows: usize, frame_rows: usize) -> Self {
        Encoder { codec, rows: rows as u32, frame_rows: frame_rows as u32, directory: Vec::new(), payload: Vec::new() }
    }

    fn frame(&mut self, least: i64, most: i64, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.payload.len();
        write(&mut self.payload);
        let hash = xxhash_rust::xxh3::xxh3_64(&self.payload[start..]) as u32;
        self.directory.push(Frame { end: self.payload.len() as u32, hash, least, most });
    }

    /// Times: differences, with the least and greatest of each frame in the directory, erased rows left aside.
    pub(super) fn times(values: &[i64]) -> Encoder {
        let mut column = Encoder::new(Codec::Delta, values.len(), FRAME_ROWS);
        let (mut steps, mut plane) = (Vec::new(), Vec::new());
        for frame in values.chunks(FRAME_ROWS) {
            let (mut least, mut most, mut before) = (i64::MAX, i64::MIN, frame[0]);
            steps.clear();
            for &value in frame {
                if value != ERASED {
                    least = least.min(value);
                    most = most.max(value);
                }
                steps.push(zigzag(value.wrapping_sub(before)));
                before = value;
            }
            column.frame(least, most, |out| {
                out.extend_from_slice(&frame[0].to_le_bytes());
                put_ints(out, &steps, &mut plane);
            });
        }
        column
    }

    /// Signed integers.
    pub(super) fn signed(values: &[i64]) -> Encoder {
        let mut column = Encoder::new(Codec::Signed, values.len(), FRAME_ROWS);
        let (mut unsigned, mut plane) = (Vec::new(), Vec::new());
        for frame in values.chunks(FRAME_ROWS) {
            unsigned.clear();
            unsigned.extend(frame.iter().copied().map(zigzag));
            column.frame(0, 0, |out| put_ints(out, &unsigned, &mut plane));
        }
        column
    }

    /// Unsigned integers, with the least and greatest of each frame, as signed ones, in the directory.
    pub(super) fn unsigned(values: &[u64]) -> Encoder {
        let mut column = Encoder::new(Codec::Unsigned, values.len(), FRAME_ROWS);
        let mut plane = Vec::new();
        for frame in values.chunks(FRAME_ROWS) {
            let signed = || frame.iter().map(|value| value.cast_signed());
            let (least, most) = (signed().min().unwrap_or_default(), signed().max().unwrap_or_default());
            column.frame(least, most, |out| put_ints(out, frame, &mut plane));
        }
        column
    }

    /// Codes into a list of dictionary ids, which [`Encoder::ids`] adds.
    pub(super) fn codes(values: &[u32]) -> Encoder {
        let mut column = Encoder::new(Codec::Dictionary, values.len(), FRAME_ROWS);
        let mut plane = Vec::new();
        for frame in values.chunks(FRAME_ROWS) {
            column.frame(0, 0, |out| put_ints(out, frame, &mut plane));
        }
        column
    }

    /// Adds the ids that codes stand for.
    pub(super) fn ids(&mut self, ids: &[u32]) {
        self.frame(ids.len() as i64, 0, |out| put_ints(out, ids, &mut Vec::new()));
    }

    /// Texts.
    pub(super) fn texts(texts: &TextColumn) -> Encoder {
        let mut column = Encoder::new(Codec::Text, texts.ends.len(), FRAME_ROWS);
        let (mut lengths, mut plane, mut first, mut start) = (Vec::new(), Vec::new(), 0, 0);
        while first < texts.ends.len() {
            lengths.clear();
            let mut end = start;
            for &next in texts.ends[first..].iter().take(FRAME_ROWS) {
                lengths.push(next - end);
                end = next;
                if (end - start) as usize >= TEXT_FRAME_BYTES {
                    break;
                }
            }
            let bytes = &texts.bytes[start as usize..end as usize];
            column.frame(first as i64, 0, |out| {
                put_ints(out, &lengths, &mut plane);
                put_section(out, bytes, TEXT_LEVEL);
            });
            first += lengths.len();
            start = end;
        }
        column
    }

    /// Texts of few rows.
    pub(super) fn sparse(entries: &[(u32, Box<[u8]>)]) -> Encoder {
        let mut column = Encoder::new(Codec::Sparse, entries.len(), entries.len());
        let rows: Vec<u32> = entries.iter().map(|(row, _)| *row).collect();
        let lengths: Vec<u32> = entries.iter().map(|(_, text)| text.len() as u32).collect();
        let bytes: Vec<u8> = entries.iter().flat_map(|(_, text)| text.iter().copied()).collect();
        let mut plane = Vec::new();
        column.frame(0, 0, |out| {
            put_ints(out, &rows, &mut plane);
            put_ints(out, &lengths, &mut plane);
            put_section(out, &bytes, TEXT_LEVEL);
        });
        column
    }

    /// The bytes to store.
    pub(super) fn finish(self) -> Vec<u8> {
        let header = HEADER_BYTES + self.directory.len() * ENTRY_BYTES + 4;
        let mut out = Vec::with_capacity(header + self.payload.len());
        out.extend_from_slice(&[VERSION, self.codec as u8, 0, 0]);
        out.extend_from_slice(&self.rows.to_le_bytes());
        out.extend_from_slice(&self.frame_rows.to_le_bytes());
        out.extend_from_slice(&(self.directory.len() as u32).to_le_bytes());
        for frame in &self.directory {
            out.extend_from_slice(&frame.end.to_le_bytes());
            out.extend_from_slice(&frame.hash.to_le_bytes());
            out.extend_from_slice(&frame.least.to_le_bytes());
            out.extend_from_slice(&frame.most.to_le_bytes());
        }
        let hash = xxhash_rust::xxh3::xxh3_64(&out) as u32;
        out.extend_from_slice(&hash.to_le_bytes());
        out.extend_from_slice(&self.payload);
        out
    }
}

/// The header and directory of a stored column.
#[derive(Clone, Debug)]
pub(super) struct Header {
    codec: Codec,
    pub(super) rows: usize,
    pub(super) frame_rows: usize,
    pub(super) frames: Vec<Frame>,
    /// Where the payload begins.
    payload: usize,
}

impl Header {
    /// How many bytes header and directory take, from the first [`HEADER_BYTES`].
    pub(super) fn length(start: &[u8]) -> Decoded<usize> {
        let mut reader = Reader(start);
        if reader.byte()? != VERSION {
            return Err("a column is of an unknown version");
        }
        reader.bytes(11)?;
        let frames = reader.u32()? as usize;
        if frames > 1 << 16 {
            return Err("a column has too many frames");
        }
        Ok(HEADER_BYTES + frames * ENTRY_BYTES + 4)
    }

    /// Reads header and directory.
    pub(super) fn read(bytes: &[u8]) -> Decoded<Header> {
        let length = Self::length(bytes)?;
        let bytes = bytes.get(..length).ok_or("a column is shorter than its header")?;
        let (body, hash) = bytes.split_at(length - 4);
        if Reader(hash).u32()? != xxhash_rust::xxh3::xxh3_64(body) as u32 {
            return Err("the checksum of a column's header is wrong");
        }
        let mut reader = Reader(&body[1..]);
        let codec = match reader.byte()? {
            1 => Codec::Delta,
            2 => Codec::Signed,
            3 => Codec::Unsigned,
            4 => Codec::Dictionary,
            5 => Codec::Text,
            6 => Codec::Sparse,
            _ => return Err("a column is of an unknown codec"),
        };
        reader.bytes(2)?;
        let (rows, frame_rows, count) = (reader.u32()? as usize, reader.u32()? as usize, reader.u32()?);
        let mut frames = Vec::with_capacity(count as usize);
        for _ in 0..count {
            frames.push(Frame { end: reader.u32()?, hash: reader.u32()?, least: reader.i64()?, most: reader.i64()? });
        }
        if frame_rows == 0 && rows > 0 || rows > crate::model::MAX_BLOCK_ROWS {
            return Err("a column has impossible sizes");
        }
        let in_order = |pair: &[Frame]| 0 <= pair[0].least && pair[0].least <= pair[1].least;
        if codec == Codec::Text
            && !(frames.windows(2).all(in_order) && frames.last().is_none_or(|last| last.least <= rows as i64))
        {
            return Err("a directory is out of order");
        }
        Ok(Header { codec, rows, frame_rows, frames, payload: length })
    }

    /// Where a frame's bytes lie in the column.
    pub(super) fn span(&self, frame: usize) -> Decoded<std::ops::Range<usize>> {
        let entry = self.frames.get(frame).ok_or("a frame is missing")?;
        let start = if frame == 0 { 0 } else { self.frames[frame - 1].end };
        if start > entry.end {
            return Err("a directory is out of order");
        }
        Ok(self.payload + start as usize..self.payload + entry.end as usize)
    }

    /// How many frames hold rows (a dictionary column has one more, its ids).
    pub(super) fn row_frames(&self) -> usize {
        self.frames.len() - usize::from(self.codec == Codec::Dictionary && !self.frames.is_empty())
    }

    /// The rows that a frame holds.
    pub(super) fn rows_in(&self, frame: usize) -> std::ops::Range<usize> {
        if self.codec == Codec::Text {
            let first = |frame: usize| self.frames.get(frame).map_or(self.rows, |entry| entry.least as usize);
            return first(frame)..first(frame + 1);
        }
        (frame * self.frame_rows).min(self.rows)..((frame + 1) * self.frame_rows).min(self.rows)
    }

    /// The frame that holds a row.
    pub(super) fn frame_of(&self, row: usize) -> usize {
        if self.codec == Codec::Text {
            return self.frames.partition_point(|entry| entry.least as usize <= row).saturating_sub(1);
        }
        row / self.frame_rows.max(1)
    }

    /// Decodes a frame from its bytes.
    pub(super) fn decode(&self, frame: usize, bytes: &[u8]) -> Decoded<Values> {
        let entry = self.frames.get(frame).ok_or("a frame is missing")?;
        if xxhash_rust::xxh3::xxh3_64(bytes) as u32 != entry.hash {
            return Err("the checksum of a frame is wrong");
        }
        let rows = self.rows_in(frame).len();
        let mut reader = Reader(bytes);
        Ok(match self.codec {
            Codec::Delta => {
                let mut before = reader.i64()?;
                let steps = read_ints(&mut reader, rows)?;
                Values::Ints(
                    steps
                        .into_iter()
                        .map(|step| {
                            before = before.wrapping_add(unzigzag(step));
                            before
                        })
                        .collect(),
                )
            }
            Codec::Signed => Values::Ints(read_ints(&mut reader, rows)?.into_iter().map(unzigzag).collect()),
            Codec::Unsigned => {
                Values::Ints(read_ints(&mut reader, rows)?.into_iter().map(|value| value as i64).collect())
            }
            Codec::Dictionary if frame + 1 == self.frames.len() => {
                let count = usize::try_from(entry.least).map_err(|_| "a list of ids has an impossible length")?;
                if count > crate::model::MAX_BLOCK_ROWS {
                    return Err("a list of ids has an impossible length");
                }
                Values::Codes(read_codes(&mut reader, count)?.into())
            }
            Codec::Dictionary => Values::Codes(read_codes(&mut reader, rows)?.into()),
            Codec::Text => Values::Texts(read_texts(&mut reader, rows)?.into()),
            Codec::Sparse => {
                let rows = read_codes(&mut reader, self.rows)?;
                Values::Sparse(rows.into(), read_texts(&mut reader, self.rows)?.into())
            }
        })
    }
}

fn read_texts(reader: &mut Reader<'_>, rows: usize) -> Decoded<TextColumn> {
    let mut ends = read_codes(reader, rows)?;
    let mut end = 0_u32;
    for length in &mut ends {
        end = end.checked_add(*length).ok_or("texts are too long")?;
        *length = end;
    }
    let mut bytes = Vec::new();
    read_section(reader, &mut bytes)?;
    if bytes.len() != end as usize {
        return Err("texts are not as long as their lengths say");
    }
    Ok(TextColumn { bytes, ends })
}

/// A decoded frame, shared with the cache.
#[derive(Clone, Debug)]
pub(super) enum Values {
    /// Times, durations, sizes (as bits of a signed integer).
    Ints(Arc<[i64]>),
    /// Codes, or the ids they stand for.
    Codes(Arc<[u32]>),
    /// Texts.
    Texts(Arc<TextColumn>),
    /// Rows within the block, and their texts.
    Sparse(Arc<[u32]>, Arc<TextColumn>),
}

impl Values {
    /// About how much memory this takes, in bytes.
    pub(super) fn weight(&self) -> u64 {
        let texts = |texts: &TextColumn| texts.bytes.len() + texts.ends.len() * 4;
        64 + match self {
            Values::Ints(values) => values.len() * 8,
            Values::Codes(codes) => codes.len() * 4,
            Values::Texts(column) => texts(column),
            Values::Sparse(rows, column) => rows.len() * 4 + texts(column),
        } as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(bytes: &[u8]) -> Vec<Values> {
        let header = Header::read(bytes).unwrap();
        (0..header.frames.len())
            .map(|frame| header.decode(frame, &bytes[header.span(frame).unwrap()]).unwrap())
            .collect()
    }

    fn ints(bytes: &[u8]) -> Vec<i64> {
        frames(bytes)
            .iter()
            .flat_map(|values| match values {
                Values::Ints(values) => values.to_vec(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn every_codec_reads_back_over_frame_borders() {
        let n = FRAME_ROWS * 2 + 5;
        let times: Vec<i64> = (0..n as i64).map(|at| 1_767_225_600_000 + at * 7 - (at % 3) * 50).collect();
        assert_eq!(ints(&Encoder::times(&times).finish()), times);
        let extremes = vec![i64::MIN, i64::MAX, 0, -1, 253_402_207_200_000];
        assert_eq!(ints(&Encoder::times(&extremes).finish()), extremes);
        assert_eq!(ints(&Encoder::signed(&extremes).finish()), extremes);
        let sizes: Vec<u64> = (0..n as u64).map(|at| at * at).chain([u64::MAX]).collect();
        assert_eq!(
            ints(&Encoder::unsigned(&sizes).finish()),
            sizes.iter().map(|size| *size as i64).collect::<Vec<_>>()
        );
        let mut codes = Encoder::codes(&[0, 1, 2, 1]);
        codes.ids(&[70, 9, 4_000_000_000]);
        let codes = frames(&codes.finish());
        assert!(
            matches!(&codes[..], [Values::Codes(a), Values::Codes(b)] if a[..] == [0, 1, 2, 1] && b[..] == [70, 9, 4_000_000_000])
        );
        let mut texts = TextColumn::default();
        (0..FRAME_ROWS + 3).for_each(|at| texts.push(format!("/{}", at * 31).repeat(at % 4).as_bytes()));
        let Values::Texts(second) = &frames(&Encoder::texts(&texts).finish())[1] else { panic!() };
        assert_eq!(second.get(1), texts.get(FRAME_ROWS + 1));
        let mut long = TextColumn::default();
        (0..50).for_each(|at| long.push(&vec![b'a' + at; 100_000]));
        let stored = Encoder::texts(&long).finish();
        let header = Header::read(&stored).unwrap();
        assert!(header.frames.len() > 3);
        for row in [0, 10, 11, 49] {
            let frame = header.frame_of(row);
            let Values::Texts(texts) = &frames(&stored)[frame] else { panic!() };
            assert_eq!(texts.get(row - header.rows_in(frame).start), long.get(row));
        }
        let raw = [(3, b"abc".to_vec().into()), (9, b"".to_vec().into())];
        let Values::Sparse(rows, kept) = &frames(&Encoder::sparse(&raw).finish())[0] else { panic!() };
        assert_eq!((&rows[..], kept.get(0), kept.get(1)), (&[3, 9][..], &b"abc"[..], &b""[..]));
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_noticed(at in any::<proptest::sample::Index>(), flip in 1_u8..) {
            let mut bytes = Encoder::times(&[5, 6, 7, 900]).finish();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            let noticed = match Header::read(&bytes) {
                Err(_) => true,
                Ok(header) => header.span(0).and_then(|span| header.decode(0, bytes.get(span).ok_or("short")?)).is_err(),
            };
            prop_assert!(noticed);
        }
    }
}
