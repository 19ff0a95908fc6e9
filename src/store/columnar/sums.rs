//! Packed sums per group: sorted ids and, column by column, what is known of each. Used for the rollups (ids of
//! dictionary entries) and for what a block adds to them (the block's own codes). Here is what both formats share;
//! few groups are read as a whole ([`super::sums_whole`]), many in chunks ([`super::sums_chunked`]).

pub(super) use super::codec::Packing;
use super::codec::{Decoded, Reader, put_varint, unzigzag};
use super::{sums_chunked, sums_whole};
use crate::model::{GroupOrder, Measure, Outcome, OutcomeCounts, OutcomeSet};
use rusqlite::blob::Blob;
use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// Groups from which on they are written in chunks.
const MANY: usize = 1024;

/// Where packed sums are read.
pub(super) trait Stored {
    /// Length in bytes.
    fn len(&self) -> usize;
    /// The bytes of a span.
    fn bytes(&self, span: Range<usize>) -> Decoded<Cow<'_, [u8]>>;
}

impl Stored for [u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn bytes(&self, span: Range<usize>) -> Decoded<Cow<'_, [u8]>> {
        self.get(span).map(Cow::Borrowed).ok_or("sums are too short")
    }
}

impl Stored for Blob<'_> {
    fn len(&self) -> usize {
        Blob::len(self)
    }

    fn bytes(&self, span: Range<usize>) -> Decoded<Cow<'_, [u8]>> {
        if span.end > Blob::len(self) {
            return Err("sums are too short");
        }
        let mut bytes = vec![0; span.len()];
        self.read_at_exact(&mut bytes, span.start).map_err(|_| "the database does not give the bytes of sums")?;
        Ok(Cow::Owned(bytes))
    }
}

/// Which groups are wanted.
pub(super) trait Wanted {
    /// Whether this one is.
    fn has(&self, id: u32) -> bool;
    /// Whether any of a range may be.
    fn may_have(&self, _ids: RangeInclusive<u32>) -> bool {
        true
    }
    /// The indexes of those that are, among ids that rise.
    fn indexes_in(&self, ids: &[u32]) -> Vec<u32> {
        (0..).zip(ids).filter(|(_, id)| self.has(**id)).map(|(at, _)| at).collect()
    }
}

impl<F: Fn(u32) -> bool> Wanted for F {
    fn has(&self, id: u32) -> bool {
        self(id)
    }
}

/// Appends the sums of `entries`, which are sorted by id, without two of the same.
pub(super) fn write_groups(out: &mut Vec<u8>, entries: &[(u32, Measure)], packing: Packing) {
    if packing == Packing::Small && entries.len() >= MANY {
        sums_chunked::write(out, entries);
    } else {
        sums_whole::write(out, entries, packing);
    }
}

/// Hands every group that an order has, and how large it is in it, to `each`, in order of ids, many at a time: an order
/// by outcomes has only groups with such rows. Reads no more than that takes. Nothing is handed out of damaged sums.
pub(super) fn read_sizes<S: Stored + ?Sized>(
    stored: &S,
    order: GroupOrder,
    each: impl FnMut(&[u32], &[u64]),
) -> Decoded<()> {
    match stored.bytes(0..1)?[0] {
        sums_chunked::VERSION => sums_chunked::read_sizes(stored, order, each),
        _ => sums_whole::read_sizes(&stored.bytes(0..stored.len())?, order, each),
    }
}

/// Hands every wanted group to `each`, in order of ids. Nothing is handed out of damaged sums.
pub(super) fn read_sums<S: Stored + ?Sized>(
    stored: &S,
    wanted: &impl Wanted,
    each: impl FnMut(u32, &Measure),
) -> Decoded<()> {
    match stored.bytes(0..1)?[0] {
        sums_chunked::VERSION => sums_chunked::read_sums(stored, wanted, each),
        _ => sums_whole::read_sums(&stored.bytes(0..stored.len())?, wanted, each),
    }
}

/// Hands every group to `each`, in order of ids.
pub(super) fn read_groups(stored: &[u8], mut each: impl FnMut(u32, Measure)) -> Decoded<()> {
    read_sums(stored, &|_| true, |id, measure| each(id, *measure))
}

/// Low half of the hash: the checksum of what is stored.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    xxhash_rust::xxh3::xxh3_64(bytes) as u32
}

/// What is not of the outcome that most rows are of: varints of the steps between the groups' indexes << 3 | outcome,
/// and rows.
pub(super) fn others_of(entries: &[(u32, Measure)]) -> Vec<u8> {
    let (mut others, mut before) = (Vec::new(), 0);
    for (at, (_, measure)) in entries.iter().enumerate() {
        for outcome in &Outcome::ALL[1..] {
            let count = measure.outcomes.get(*outcome);
            if count > 0 {
                put_varint(&mut others, ((at - before) as u64) << 3 | *outcome as u64);
                put_varint(&mut others, count);
                before = at;
            }
        }
    }
    others
}

fn next_other(others: &mut Reader<'_>, before: u64) -> Decoded<Option<(u64, usize, u64)>> {
    if others.0.is_empty() {
        return Ok(None);
    }
    let word = others.varint()?;
    let outcome = (word & 7) as usize;
    if outcome >= Outcome::ALL.len() {
        return Err("sums have an unknown outcome");
    }
    Ok(Some((before.wrapping_add(word >> 3), outcome, others.varint()?)))
}

/// Makes of rows the rows of these outcomes, and keeps only the groups that have any. `rows` are those of all outcomes
/// where allowed is one of the wanted ones, which are then those that no other has; else they are 0.
pub(super) fn keep_outcomes(set: OutcomeSet, ids: &mut Vec<u32>, rows: &mut Vec<u64>, others: &[u8]) -> Decoded<()> {
    let is_of_all = set.has(Outcome::Allowed);
    let (mut others, mut before) = (Reader(others), 0);
    while let Some((index, outcome, count)) = next_other(&mut others, before)? {
        let at = usize::try_from(index).map_err(|_| UNKNOWN_GROUP)?;
        let rows = rows.get_mut(at).ok_or(UNKNOWN_GROUP)?;
        match (is_of_all, set.has(Outcome::ALL[outcome])) {
            (true, false) => *rows = rows.wrapping_sub(count),
            (false, true) => *rows = rows.wrapping_add(count),
            _ => {}
        }
        before = index;
    }
    let mut kept = 0;
    for at in 0..ids.len() {
        (ids[kept], rows[kept]) = (ids[at], rows[at]);
        kept += usize::from(rows[at] > 0);
    }
    ids.truncate(kept);
    rows.truncate(kept);
    Ok(())
}

const UNKNOWN_GROUP: &str = "sums have outcomes of an unknown group";

/// Hands the groups at these indexes, which rise, to `each`; `values` says rows, bytes and zigzag time of one.
pub(super) fn each_measure(
    ids: &[u32],
    indexes: &[u32],
    values: impl Fn(usize) -> [u64; 3],
    others: &[u8],
    mut each: impl FnMut(u32, &Measure),
) -> Decoded<()> {
    let mut others = Reader(others);
    let mut other = next_other(&mut others, 0)?;
    for at in indexes {
        let (mut outcomes, mut not_allowed) = (OutcomeCounts::default(), 0_u64);
        while let Some((index, outcome, rows)) = other
            && index <= u64::from(*at)
        {
            if index == u64::from(*at) {
                outcomes.0[outcome] = outcomes.0[outcome].wrapping_add(rows);
                not_allowed = not_allowed.wrapping_add(rows);
            }
            other = next_other(&mut others, index)?;
        }
        let at = *at as usize;
        let [rows, bytes, time] = values(at);
        outcomes.0[Outcome::Allowed as usize] = rows.wrapping_sub(not_allowed);
        each(ids[at], &Measure { outcomes, bytes, time_taken_ms: unzigzag(time) });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
