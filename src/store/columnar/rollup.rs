//! Packed sums per group: sorted ids and, column by column, what is known of each. Used for the rollups (ids of
//! dictionary entries) and for what a block adds to them (the block's own codes).

pub(super) use super::codec::Packing;
use super::codec::{
    Decoded, Planes, Reader, put_packed_ints, put_raw_section, put_section, put_varint, read_section, unzigzag, zigzag,
};
use crate::model::{GroupOrder, Measure, Outcome, OutcomeCounts};

const VERSION: u8 = 1;
/// Of what a block adds; 1 had four groups, 2 had seven.
const DELTA_VERSION: u8 = 3;

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
    Path = 4,
    Source = 5,
    Agent = 6,
    Verdict = 7,
}

impl Group {
    pub(super) const ALL: [Group; 8] = [
        Group::Kind,
        Group::Client,
        Group::Origin,
        Group::User,
        Group::Path,
        Group::Source,
        Group::Agent,
        Group::Verdict,
    ];
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
    let (mut steps, mut before) = (Vec::with_capacity(entries.len()), 0);
    let (mut others, mut other_before) = (Vec::new(), 0);
    for (at, (id, measure)) in entries.iter().enumerate() {
        steps.push(id - before);
        before = *id;
        for outcome in &Outcome::ALL[1..] {
            let count = measure.outcomes.get(*outcome);
            if count > 0 {
                put_varint(&mut others, ((at - other_before) as u64) << 3 | *outcome as u64);
                put_varint(&mut others, count);
                other_before = at;
            }
        }
    }
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
    let hash = xxhash_rust::xxh3::xxh3_64(&out[start..]) as u32;
    out.extend_from_slice(&hash.to_le_bytes());
}

/// Packed sums, taken apart as far as somebody asks.
struct Packed<'b> {
    /// In order.
    ids: Vec<u32>,
    rest: Reader<'b>,
}

impl<'b> Packed<'b> {
    fn open(stored: &'b [u8]) -> Decoded<Packed<'b>> {
        let (body, hash) = stored.split_at_checked(stored.len().wrapping_sub(4)).ok_or("sums are too short")?;
        if Reader(hash).u32()? != xxhash_rust::xxh3::xxh3_64(body) as u32 {
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
        Ok(Packed { ids, rest })
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

/// Hands every group that an order has, and how large it is in it, to `each`, in order of ids: an order by outcomes has
/// only groups with such rows. Reads no more than that takes.
pub(super) fn read_sizes(stored: &[u8], order: GroupOrder, mut each: impl FnMut(u32, u64)) -> Decoded<()> {
    let mut packed = Packed::open(stored)?;
    let GroupOrder::Outcomes(set) = order else {
        if order == GroupOrder::Bytes {
            packed.skip()?;
        }
        let sizes = packed.column()?;
        let mut ids = packed.ids.iter();
        sizes.for_each(packed.ids.len(), |size| ids.next().into_iter().for_each(|id| each(*id, size)));
        return Ok(());
    };
    // Rows of that outcome are those that no other has.
    let rows = if set.has(Outcome::Allowed) {
        Some(packed.column()?)
    } else {
        packed.skip()?;
        None
    };
    for _column in ["bytes", "time_taken_ms"] {
        packed.skip()?;
    }
    let others = packed.others()?;
    let mut others = Reader(&others);
    let mut other = next_other(&mut others, 0)?;
    for (at, &id) in packed.ids.iter().enumerate() {
        if rows.is_none() && other.is_none() {
            break;
        }
        let mut size = rows.as_ref().map_or(0, |rows| rows.get(at));
        while let Some((index, outcome, count)) = other
            && index == at as u64
        {
            match (&rows, set.has(Outcome::ALL[outcome])) {
                (Some(_), false) => size = size.wrapping_sub(count),
                (None, true) => size = size.wrapping_add(count),
                _ => {}
            }
            other = next_other(&mut others, index)?;
        }
        if size > 0 {
            each(id, size);
        }
    }
    Ok(())
}

/// Hands every wanted group to `each`, in order of ids.
pub(super) fn read_sums(
    stored: &[u8],
    wanted: impl Fn(u32) -> bool,
    mut each: impl FnMut(u32, &Measure),
) -> Decoded<()> {
    let mut packed = Packed::open(stored)?;
    let (rows, bytes, times) = (packed.column()?, packed.column()?, packed.column()?);
    let others = packed.others()?;
    let mut others = Reader(&others);
    let mut other = next_other(&mut others, 0)?;
    for (at, &id) in packed.ids.iter().enumerate() {
        let mut outcomes = OutcomeCounts::default();
        while let Some((index, outcome, rows)) = other
            && index == at as u64
        {
            outcomes.0[outcome] += rows;
            other = next_other(&mut others, index)?;
        }
        if wanted(id) {
            outcomes.0[Outcome::Allowed as usize] += rows.get(at).wrapping_sub(outcomes.total());
            let measure = Measure { outcomes, bytes: bytes.get(at), time_taken_ms: unzigzag(times.get(at)) };
            each(id, &measure);
        }
    }
    Ok(())
}

/// A bucket can't have more groups than this: a guard against damage that passes for a length.
const MAX_GROUPS: usize = 1 << 28;

/// Hands every group to `each`, in order of ids.
pub(super) fn read_groups(stored: &[u8], mut each: impl FnMut(u32, Measure)) -> Decoded<()> {
    read_sums(stored, |_| true, |id, measure| each(id, *measure))
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
        let mut out = vec![DELTA_VERSION];
        put_varint(&mut out, hours as u64);
        DeltaWriter { out }
    }

    /// Adds an hour; `groups` in the order of [`Group::ALL`].
    pub(super) fn hour(&mut self, hour: i64, groups: [&[(u32, Measure)]; Group::ALL.len()]) {
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
    if reader.byte()? != DELTA_VERSION {
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
    use crate::model::OutcomeSet;
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
            prop_assert_eq!(&back, &entries);
            for order in [
                GroupOrder::Rows,
                GroupOrder::Bytes,
                GroupOrder::Outcomes(OutcomeSet::blocked(true)),
                GroupOrder::Outcomes(OutcomeSet::default()),
            ] {
                let mut sizes = Vec::new();
                prop_assert_eq!(read_sizes(&stored, order, |id, size| sizes.push((id, size))), Ok(()));
                let has = |size| size > 0 || !matches!(order, GroupOrder::Outcomes(_));
                let sized = entries.iter().map(|(id, measure)| (*id, measure.size(order)));
                let want: Vec<_> = sized.filter(|(_, size)| has(*size)).collect();
                prop_assert_eq!(sizes, want, "{:?}", order);
            }
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
