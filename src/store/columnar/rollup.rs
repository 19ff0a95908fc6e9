//! Packed sums per group: sorted ids and, column by column, what is known of each. Used for the rollups (ids of
//! dictionary entries) and for what a block adds to them (the block's own codes).

use super::codec::{Decoded, Reader, put_section, put_varint, read_section, unzigzag, zigzag};
use crate::model::{Measure, Outcome};

const VERSION: u8 = 1;

/// Groups by rising id, each with its sums.
pub(super) type Entries = Vec<(u32, Measure)>;

/// What rollups group by; part of the format on disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub(super) enum Group {
    Kind = 0,
    Client = 1,
    Origin = 2,
    User = 3,
}

impl Group {
    pub(super) const ALL: [Group; 4] = [Group::Kind, Group::Client, Group::Origin, Group::User];
}

/// Width of a rollup.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub(super) enum Level {
    Hour = 0,
    Day = 1,
}

/// The row of `rollup` that holds a group's sums of a bucket (hours or days since the epoch).
pub(super) fn rollup_row(group: Group, level: Level, bucket: i64) -> i64 {
    (i64::from(group as u8) * 2 + i64::from(level as u8)) << 40 | (bucket + (1 << 39))
}

/// Appends the sums of `entries`, which are sorted by id, without two of the same.
pub(super) fn write_groups(out: &mut Vec<u8>, entries: &[(u32, Measure)], packing: Packing) {
    let (mut ids, mut totals, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bytes, mut times) = (Vec::new(), Vec::new());
    let (mut before, mut other_before) = (0, 0);
    for (at, (id, measure)) in entries.iter().enumerate() {
        put_varint(&mut ids, u64::from(id - before));
        before = *id;
        put_varint(&mut totals, measure.outcomes.total());
        for outcome in &Outcome::ALL[1..] {
            let count = measure.outcomes.get(*outcome);
            if count > 0 {
                put_varint(&mut others, ((at - other_before) as u64) << 3 | *outcome as u64);
                put_varint(&mut others, count);
                other_before = at;
            }
        }
        put_varint(&mut bytes, measure.bytes);
        put_varint(&mut times, zigzag(measure.time_taken_ms));
    }
    let start = out.len();
    out.push(VERSION);
    put_varint(out, entries.len() as u64);
    for section in [&ids, &totals, &others, &bytes, &times] {
        match packing {
            Packing::Small => put_section(out, section, 1),
            Packing::Quick => {
                out.push(0);
                put_varint(out, section.len() as u64);
                out.extend_from_slice(section);
            }
        }
    }
    let hash = xxhash_rust::xxh3::xxh3_64(&out[start..]) as u32;
    out.extend_from_slice(&hash.to_le_bytes());
}

/// How sums are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packing {
    /// To stay: compressed.
    Small,
    /// To be folded soon: not.
    Quick,
}

/// Hands every group to `each`, in order of ids.
pub(super) fn read_groups(stored: &[u8], mut each: impl FnMut(u32, Measure)) -> Decoded<()> {
    let (body, hash) = stored.split_at_checked(stored.len().wrapping_sub(4)).ok_or("sums are too short")?;
    if Reader(hash).u32()? != xxhash_rust::xxh3::xxh3_64(body) as u32 {
        return Err("the checksum of sums is wrong");
    }
    let mut reader = Reader(body);
    if reader.byte()? != VERSION {
        return Err("sums are of an unknown version");
    }
    let count = reader.varint()?;
    let mut sections: [Vec<u8>; 5] = Default::default();
    for section in &mut sections {
        read_section(&mut reader, section)?;
    }
    let [ids, totals, others, bytes, times] = &sections;
    let (mut ids, mut totals, mut others) = (Reader(ids), Reader(totals), Reader(others));
    let (mut bytes, mut times) = (Reader(bytes), Reader(times));
    let mut id = 0_u64;
    let (mut other_at, mut other) = (0, next_other(&mut others, 0)?);
    for at in 0..count {
        id += ids.varint()?;
        let total = totals.varint()?;
        let mut measure =
            Measure { bytes: bytes.varint()?, time_taken_ms: unzigzag(times.varint()?), ..Measure::default() };
        let mut left = total;
        while let Some((index, outcome, rows)) = other
            && index == at
        {
            measure.outcomes.0[outcome] += rows;
            left = left.wrapping_sub(rows);
            other_at = index;
            other = next_other(&mut others, other_at)?;
        }
        measure.outcomes.0[0] += left;
        each(u32::try_from(id).map_err(|_| "an id exceeds 32 bits")?, measure);
    }
    let _ = other_at;
    Ok(())
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
    Ok(Some((before + (word >> 3), outcome, others.varint()?)))
}

/// Merges lists sorted by id into one.
pub(super) fn merge_sorted(mut entries: Entries) -> Entries {
    entries.sort_by_key(|(id, _)| *id);
    entries.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.add(&next.1);
        }
        same
    });
    entries
}

/// What a block adds to the rollups: per hour, the sums of every [`Group`] by the block's codes.
pub(super) struct DeltaWriter {
    out: Vec<u8>,
}

impl DeltaWriter {
    pub(super) fn new(hours: usize) -> Self {
        let mut out = vec![VERSION];
        put_varint(&mut out, hours as u64);
        DeltaWriter { out }
    }

    /// Adds an hour; `groups` in the order of [`Group::ALL`].
    pub(super) fn hour(&mut self, hour: i64, groups: [&[(u32, Measure)]; 4]) {
        put_varint(&mut self.out, zigzag(hour));
        for entries in groups {
            let length_at = self.out.len();
            self.out.extend_from_slice(&[0; 4]);
            write_groups(&mut self.out, entries, Packing::Quick);
            let length = (self.out.len() - length_at - 4) as u32;
            self.out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// Hands the stored sums of each wanted group and hour to `each`.
pub(super) fn read_delta<'d>(
    stored: &'d [u8],
    mut each: impl FnMut(i64, Group, &'d [u8]) -> Decoded<()>,
) -> Decoded<()> {
    let mut reader = Reader(stored);
    if reader.byte()? != VERSION {
        return Err("a delta is of an unknown version");
    }
    for _ in 0..reader.varint()? {
        let hour = unzigzag(reader.varint()?);
        for group in Group::ALL {
            let length = reader.u32()? as usize;
            each(hour, group, reader.bytes(length)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OutcomeCounts;
    use proptest::prelude::*;

    fn measure() -> impl Strategy<Value = Measure> {
        (proptest::array::uniform6(0_u64..5), any::<u64>(), any::<i64>()).prop_map(|(counts, bytes, time_taken_ms)| {
            Measure { outcomes: OutcomeCounts(counts), bytes, time_taken_ms }
        })
    }

    proptest! {
        #[test]
        fn sums_are_read_back(entries in proptest::collection::btree_map(any::<u32>(), measure(), 0..60), small in any::<bool>()) {
            let entries: Vec<_> = entries.into_iter().collect();
            let mut stored = Vec::new();
            write_groups(&mut stored, &entries, if small { Packing::Small } else { Packing::Quick });
            let mut back = Vec::new();
            prop_assert_eq!(read_groups(&stored, |id, measure| back.push((id, measure))), Ok(()));
            prop_assert_eq!(back, entries);
        }

        #[test]
        fn damage_is_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read_groups(&bytes, |_, _| ());
            let _ = read_delta(&bytes, |_, _, _| Ok(()));
        }
    }

    #[test]
    fn merging_adds_what_has_the_same_id() {
        let one = Measure { outcomes: OutcomeCounts([1, 0, 0, 0, 0, 0]), bytes: 10, time_taken_ms: 1 };
        let merged = merge_sorted(vec![(5, one), (1, one), (5, one)]);
        assert_eq!(merged.iter().map(|(id, sums)| (*id, sums.bytes)).collect::<Vec<_>>(), [(1, 10), (5, 20)]);
    }
}
