//! The sums per group that rollups hold: of what groups, how wide, in which row. How they are packed is in
//! [`super::sums`].

use crate::model::Measure;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OutcomeCounts;

    #[test]
    fn merging_adds_what_has_the_same_id() {
        let one = Measure { outcomes: OutcomeCounts([1, 0, 0, 0, 0, 0]), bytes: 10, time_taken_ms: 1 };
        let merged = merge_sorted(vec![(5, one), (1, one), (5, one)]);
        assert_eq!(merged.iter().map(|(id, sums)| (*id, sums.bytes)).collect::<Vec<_>>(), [(1, 10), (5, 20)]);
    }
}
