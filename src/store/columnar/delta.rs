//! What a block adds to the rollups, until it is folded into them. Layout: docs/STORAGE.md.

use super::codec::{Decoded, Reader, put_varint, unzigzag, zigzag};
use super::rollup::Group;
use super::sums::{Packing, write_groups};
use crate::model::Measure;

/// 1 had four groups, 2 had seven.
const DELTA_VERSION: u8 = 3;

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
    use super::super::sums::read_groups;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hours_are_read_back() {
        let measure = |bytes| Measure { bytes, ..Measure::default() };
        let entries = Group::ALL.map(|group| vec![(group as u32, measure(1)), (group as u32 + 9, measure(2))]);
        let mut writer = DeltaWriter::new(2);
        for hour in [-5, 490_000] {
            writer.hour(hour, std::array::from_fn(|group| &entries[group][..]));
        }
        let mut found = Vec::new();
        let read = read_delta(&writer.finish(), |hour, group, stored| {
            let mut back = Vec::new();
            read_groups(stored, |id, measure| back.push((id, measure)))?;
            assert_eq!(back, entries[group as usize]);
            found.push((hour, group));
            Ok(())
        });
        assert_eq!(read, Ok(()));
        assert_eq!(found, [-5, 490_000].map(|hour| Group::ALL.map(|group| (hour, group))).concat());
    }

    proptest! {
        #[test]
        fn damage_is_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read_delta(&bytes, |_, _, _| Ok(()));
        }
    }
}
