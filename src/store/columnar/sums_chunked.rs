//! Packed sums, format 2, of many groups: each column of each chunk of groups is a piece by itself, so that a question
//! reads the pieces it needs and no others. Integers are bit-packed. Layout: docs/STORAGE.md.

use super::bits::{put_bits, read_bits, read_bits_at};
use super::codec::{Decoded, Reader, put_section, read_section, zigzag};
use super::sums::{Stored, Wanted, checksum, each_measure, keep_outcomes, others_of};
use crate::model::{GroupOrder, Measure, Outcome};
use std::borrow::Cow;
use std::ops::Range;

pub(super) const VERSION: u8 = 2;

/// Groups of a chunk; the last may have fewer.
const CHUNK: usize = 4096;

/// What a piece is of, in the order of the body: what is read most comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Steps between ids, less one; the first is in the head.
    Ids = 0,
    /// Rows, less one.
    Rows = 1,
    /// Rows that are not allowed.
    Others = 2,
    /// Bytes.
    Bytes = 3,
    /// Times taken, zigzag.
    Times = 4,
}

impl Part {
    const ALL: [Part; 5] = [Part::Ids, Part::Rows, Part::Others, Part::Bytes, Part::Times];
}

/// Bytes before the first ids: version and how many groups.
const START: usize = 5;

fn head_bytes(chunks: usize) -> usize {
    START + chunks * (4 + Part::ALL.len() * 8) + 4
}

/// Appends the sums of `entries`.
pub(super) fn write(out: &mut Vec<u8>, entries: &[(u32, Measure)]) {
    let start = out.len();
    out.push(VERSION);
    out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    for chunk in entries.chunks(CHUNK) {
        out.extend_from_slice(&chunk[0].0.to_le_bytes());
    }
    let mut directory = out.len();
    let head_end = start + head_bytes(entries.len().div_ceil(CHUNK));
    out.resize(head_end, 0);
    let mut values = Vec::with_capacity(CHUNK);
    for part in Part::ALL {
        for chunk in entries.chunks(CHUNK) {
            let piece = out.len();
            put_piece(out, part, chunk, &mut values);
            let entry = [(out.len() - piece) as u32, checksum(&out[piece..])];
            for number in entry {
                out[directory..directory + 4].copy_from_slice(&number.to_le_bytes());
                directory += 4;
            }
        }
    }
    let hash = checksum(&out[start..directory]);
    out[directory..head_end].copy_from_slice(&hash.to_le_bytes());
}

fn put_piece(out: &mut Vec<u8>, part: Part, chunk: &[(u32, Measure)], values: &mut Vec<u64>) {
    values.clear();
    match part {
        Part::Ids => {
            values.push(0);
            values.extend(chunk.windows(2).map(|two| u64::from(two[1].0 - two[0].0 - 1)));
        }
        Part::Rows => values.extend(chunk.iter().map(|(_, sums)| sums.outcomes.total().wrapping_sub(1))),
        Part::Others => return put_section(out, &others_of(chunk), 1),
        Part::Bytes => values.extend(chunk.iter().map(|(_, sums)| sums.bytes)),
        Part::Times => values.extend(chunk.iter().map(|(_, sums)| zigzag(sums.time_taken_ms))),
    }
    put_bits(out, values);
}

/// The head: what is where.
struct Chunked<'s, S: ?Sized> {
    stored: &'s S,
    groups: usize,
    /// The first id of each chunk.
    first_ids: Vec<u32>,
    /// Where each piece is and its checksum, part by part.
    pieces: Vec<(Range<usize>, u32)>,
}

impl<'s, S: Stored + ?Sized> Chunked<'s, S> {
    fn open(stored: &'s S) -> Decoded<Chunked<'s, S>> {
        let start = stored.bytes(0..START)?;
        let groups = Reader(&start[1..]).u32()? as usize;
        let chunks = groups.div_ceil(CHUNK);
        let head = stored.bytes(0..head_bytes(chunks))?;
        let (body, hash) = head.split_at(head.len() - 4);
        if Reader(hash).u32()? != checksum(body) {
            return Err("the checksum of the head of sums is wrong");
        }
        let mut reader = Reader(&body[START..]);
        let first_ids = (0..chunks).map(|_| reader.u32()).collect::<Decoded<_>>()?;
        let mut end = head.len();
        let piece = |_| {
            let begin = end;
            end = begin.saturating_add(reader.u32()? as usize);
            Ok((begin..end, reader.u32()?))
        };
        let pieces = (0..chunks * Part::ALL.len()).map(piece).collect::<Decoded<_>>()?;
        if end != stored.len() {
            return Err("sums are not as long as they say");
        }
        Ok(Chunked { stored, groups, first_ids, pieces })
    }

    fn piece(&self, part: Part, chunk: usize) -> &(Range<usize>, u32) {
        &self.pieces[part as usize * self.first_ids.len() + chunk]
    }

    /// How many groups a chunk has.
    fn groups_of(&self, chunk: usize) -> usize {
        CHUNK.min(self.groups - chunk * CHUNK)
    }

    /// Reads one part of these chunks, which rise, and checks it. Between them bytes are read for nothing: SQLite comes
    /// by all pages anyway.
    fn read(&self, part: Part, chunks: &[usize]) -> Decoded<PartBytes<'s>> {
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else {
            return Ok(PartBytes { bytes: Cow::Borrowed(&[]), start: 0 });
        };
        let (start, end) = (self.piece(part, *first).0.start, self.piece(part, *last).0.end);
        let read = PartBytes { bytes: self.stored.bytes(start..end)?, start };
        for chunk in chunks {
            let (span, hash) = self.piece(part, *chunk);
            if checksum(read.of(span)) != *hash {
                return Err("the checksum of sums is wrong");
            }
        }
        Ok(read)
    }

    /// Fills `values` with a column of a chunk, as it is stored.
    fn values(&self, part: Part, read: &PartBytes<'_>, chunk: usize, values: &mut Vec<u64>) -> Decoded<()> {
        values.resize(self.groups_of(chunk), 0);
        read_bits(read.of(&self.piece(part, chunk).0), values)
    }

    fn ids(&self, read: &PartBytes<'_>, chunk: usize, steps: &mut Vec<u64>, ids: &mut Vec<u32>) -> Decoded<()> {
        self.values(Part::Ids, read, chunk, steps)?;
        let mut next = self.first_ids[chunk];
        ids.clear();
        ids.extend(steps.iter().map(|step| {
            let id = next.wrapping_add(*step as u32);
            next = id.wrapping_add(1);
            id
        }));
        Ok(())
    }

    fn rows(&self, read: &PartBytes<'_>, chunk: usize, rows: &mut Vec<u64>) -> Decoded<()> {
        self.values(Part::Rows, read, chunk, rows)?;
        rows.iter_mut().for_each(|rows| *rows = rows.wrapping_add(1));
        Ok(())
    }

    fn others(&self, read: &PartBytes<'_>, chunk: usize, others: &mut Vec<u8>) -> Decoded<()> {
        read_section(&mut Reader(read.of(&self.piece(Part::Others, chunk).0)), others)
    }
}

/// Bytes of some pieces of one part.
struct PartBytes<'s> {
    bytes: Cow<'s, [u8]>,
    /// Where they begin in what is stored.
    start: usize,
}

impl PartBytes<'_> {
    /// Those of a span that was read.
    fn of(&self, span: &Range<usize>) -> &[u8] {
        &self.bytes[span.start - self.start..span.end - self.start]
    }
}

/// As [`super::sums::read_sizes`].
pub(super) fn read_sizes<S: Stored + ?Sized>(
    stored: &S,
    order: GroupOrder,
    mut each: impl FnMut(&[u32], &[u64]),
) -> Decoded<()> {
    let sums = Chunked::open(stored)?;
    let chunks: Vec<usize> = (0..sums.first_ids.len()).collect();
    let read = |part| sums.read(part, &chunks);
    let ids_read = read(Part::Ids)?;
    let (mut steps, mut ids, mut sizes, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    match order {
        GroupOrder::Rows => {
            let rows_read = read(Part::Rows)?;
            for &chunk in &chunks {
                sums.ids(&ids_read, chunk, &mut steps, &mut ids)?;
                sums.rows(&rows_read, chunk, &mut sizes)?;
                each(&ids, &sizes);
            }
        }
        GroupOrder::Bytes => {
            let bytes_read = read(Part::Bytes)?;
            for &chunk in &chunks {
                sums.ids(&ids_read, chunk, &mut steps, &mut ids)?;
                sums.values(Part::Bytes, &bytes_read, chunk, &mut sizes)?;
                each(&ids, &sizes);
            }
        }
        GroupOrder::Outcomes(set) => {
            let rows_read = if set.has(Outcome::Allowed) { Some(read(Part::Rows)?) } else { None };
            let others_read = read(Part::Others)?;
            for &chunk in &chunks {
                sums.ids(&ids_read, chunk, &mut steps, &mut ids)?;
                match &rows_read {
                    Some(read) => sums.rows(read, chunk, &mut sizes)?,
                    None => {
                        sizes.clear();
                        sizes.resize(ids.len(), 0);
                    }
                }
                sums.others(&others_read, chunk, &mut others)?;
                keep_outcomes(set, &mut ids, &mut sizes, &others)?;
                each(&ids, &sizes);
            }
        }
    }
    Ok(())
}

/// As [`super::sums::read_sums`].
pub(super) fn read_sums<S: Stored + ?Sized>(
    stored: &S,
    wanted: &impl Wanted,
    mut each: impl FnMut(u32, &Measure),
) -> Decoded<()> {
    let sums = Chunked::open(stored)?;
    let ends = sums.first_ids.iter().skip(1).copied().chain([u32::MAX]);
    let spans = sums.first_ids.iter().zip(ends);
    let may_have = |(chunk, (first, end)): (usize, (&u32, u32))| wanted.may_have(*first..=end).then_some(chunk);
    let chunks: Vec<usize> = spans.enumerate().filter_map(may_have).collect();
    // All is checked before anything is handed out.
    let read = |part| sums.read(part, &chunks);
    let (ids_read, others_read) = (read(Part::Ids)?, read(Part::Others)?);
    let column = |part| read(part).map(|read| (part, read, Vec::<u64>::new()));
    let mut columns = [column(Part::Rows)?, column(Part::Bytes)?, column(Part::Times)?];
    let (mut steps, mut ids, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for &chunk in &chunks {
        sums.ids(&ids_read, chunk, &mut steps, &mut ids)?;
        let indexes = wanted.indexes_in(&ids);
        if indexes.is_empty() {
            continue;
        }
        sums.others(&others_read, chunk, &mut others)?;
        for (part, read, values) in columns.iter_mut() {
            values.resize(ids.len(), 0);
            read_bits_at(read.of(&sums.piece(*part, chunk).0), &indexes, values)?;
        }
        let [(_, _, rows), (_, _, bytes), (_, _, times)] = &columns;
        each_measure(&ids, &indexes, |at| [rows[at].wrapping_add(1), bytes[at], times[at]], &others, &mut each)?;
    }
    Ok(())
}
