//! Packed sums, format 1: planes of bytes behind one checksum, read as a whole. Of few groups, and of what a block adds;
//! rollups of many groups had it in earlier versions, and are still read. Layout: docs/STORAGE.md.

use super::codec::{
    Decoded, Packing, Planes, Reader, put_packed_ints, put_raw_section, put_section, put_varint, read_section, zigzag,
};
use super::sums::{Wanted, checksum, each_measure, keep_outcomes, others_of};
use crate::model::{GroupOrder, Measure, Outcome};

const VERSION: u8 = 1;

/// There can't be more groups than this: a guard against damage that passes for a length.
const MAX_GROUPS: usize = 1 << 28;

/// Appends the sums of `entries`.
pub(super) fn write(out: &mut Vec<u8>, entries: &[(u32, Measure)], packing: Packing) {
    let (mut steps, mut before) = (Vec::with_capacity(entries.len()), 0);
    for (id, _) in entries {
        steps.push(id - before);
        before = *id;
    }
    let others = others_of(entries);
    let start = out.len();
    out.push(VERSION);
    put_varint(out, entries.len() as u64);
    let mut plane = Vec::new();
    put_packed_ints(out, &steps, &mut plane, packing);
    let mut column = |out: &mut Vec<u8>, value: fn(&Measure) -> u64| {
        let values: Vec<u64> = entries.iter().map(|(_, measure)| value(measure)).collect();
        put_packed_ints(out, &values, &mut plane, packing);
    };
    column(out, |measure| measure.outcomes.total());
    column(out, |measure| measure.bytes);
    column(out, |measure| zigzag(measure.time_taken_ms));
    match packing {
        Packing::Small => put_section(out, &others, 1),
        Packing::Quick => put_raw_section(out, &others),
    }
    let hash = checksum(&out[start..]);
    out.extend_from_slice(&hash.to_le_bytes());
}

/// Sums taken apart as far as somebody asks.
struct Whole<'b> {
    /// In order.
    ids: Vec<u32>,
    rest: Reader<'b>,
}

impl<'b> Whole<'b> {
    fn open(stored: &'b [u8]) -> Decoded<Whole<'b>> {
        let (body, hash) = stored.split_at_checked(stored.len().wrapping_sub(4)).ok_or("sums are too short")?;
        if Reader(hash).u32()? != checksum(body) {
            return Err("the checksum of sums is wrong");
        }
        let mut rest = Reader(body);
        if rest.byte()? != VERSION {
            return Err("sums are of an unknown version");
        }
        let groups = usize::try_from(rest.varint()?).map_err(|_| "sums have an impossible length")?;
        if groups > MAX_GROUPS {
            return Err("sums have an impossible length");
        }
        let (mut ids, mut id) = (Vec::with_capacity(groups), 0_u64);
        Planes::read(&mut rest, groups)?.for_each(groups, |step| {
            id = id.wrapping_add(step);
            ids.push(id as u32);
        });
        Ok(Whole { ids, rest })
    }

    /// The next column: rows, bytes, times.
    fn column(&mut self) -> Decoded<Planes<'b>> {
        Planes::read(&mut self.rest, self.ids.len())
    }

    /// Goes past the next column.
    fn skip(&mut self) -> Decoded<()> {
        Planes::skip(&mut self.rest)
    }

    /// What is not of the outcome that most are of, behind the columns.
    fn others(&mut self) -> Decoded<Vec<u8>> {
        let mut others = Vec::new();
        read_section(&mut self.rest, &mut others)?;
        Ok(others)
    }
}

/// As [`super::sums::read_sizes`].
pub(super) fn read_sizes(stored: &[u8], order: GroupOrder, mut each: impl FnMut(&[u32], &[u64])) -> Decoded<()> {
    let mut whole = Whole::open(stored)?;
    let groups = whole.ids.len();
    let values = |column: Planes<'_>| {
        let mut values = Vec::with_capacity(groups);
        column.for_each(groups, |value| values.push(value));
        values
    };
    let set = match order {
        GroupOrder::Rows => None,
        GroupOrder::Bytes => {
            whole.skip()?;
            None
        }
        GroupOrder::Outcomes(set) => Some(set),
    };
    let Some(set) = set else {
        let sizes = values(whole.column()?);
        each(&whole.ids, &sizes);
        return Ok(());
    };
    let mut rows = if set.has(Outcome::Allowed) {
        values(whole.column()?)
    } else {
        whole.skip()?;
        vec![0; groups]
    };
    for _column in ["bytes", "time_taken_ms"] {
        whole.skip()?;
    }
    let others = whole.others()?;
    keep_outcomes(set, &mut whole.ids, &mut rows, &others)?;
    each(&whole.ids, &rows);
    Ok(())
}

/// As [`super::sums::read_sums`].
pub(super) fn read_sums(stored: &[u8], wanted: &impl Wanted, each: impl FnMut(u32, &Measure)) -> Decoded<()> {
    let mut whole = Whole::open(stored)?;
    let (rows, bytes, times) = (whole.column()?, whole.column()?, whole.column()?);
    let others = whole.others()?;
    let indexes = wanted.indexes_in(&whole.ids);
    each_measure(&whole.ids, &indexes, |at| [rows.get(at), bytes.get(at), times.get(at)], &others, each)
}
