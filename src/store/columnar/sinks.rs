//! What takes the sums of a window, piece by piece: how large each group is, everything known of some groups, or
//! everything with its hour. Where nothing depends on the order, whole buckets are shared out among cores.

use super::buckets::{Buckets, Damage};
use super::codec::Decoded;
use super::sums::{Stored, Wanted, read_sizes, read_sums};
use crate::model::{GroupOrder, Measure};
use crate::store::StoreResult;
use std::ops::RangeInclusive;

/// What takes the groups of a window, piece by piece; pieces of the same group are to be added up.
pub(super) trait Sink {
    /// What follows is of this hour, or of the day that begins with it.
    fn at(&mut self, _hour: i64) {}
    /// Packed sums, by dictionary id, or by codes that stand for `ids`. Checksums come first, so nothing of damaged ones
    /// is taken.
    fn packed<S: Stored + ?Sized>(&mut self, stored: &S, ids: Option<&[u32]>) -> Decoded<()>;
    /// One row.
    fn row(&mut self, id: u32, measure: &Measure);
    /// Packed sums of whole buckets, by dictionary id, shared out among cores where that can be. Answers which are
    /// damaged, and why; nothing of these was taken.
    fn buckets(&mut self, buckets: &Buckets<'_>) -> StoreResult<Vec<Damage>> {
        buckets.one_by_one(self)
    }
}

/// How large each group is, by dictionary id.
pub(super) struct Sizes {
    order: GroupOrder,
    sizes: Vec<u64>,
    /// Whether there is such a group, where it may be of size 0: by bytes. Else it has rows.
    are_there: Vec<bool>,
    /// Groups that there may be: room for all is had at once, and costs nothing where it is not come by.
    room: usize,
}

impl Sizes {
    /// None yet, of about so many ids that there are.
    pub(super) fn of(order: GroupOrder, room: usize) -> Sizes {
        Sizes { order, sizes: Vec::new(), are_there: Vec::new(), room }
    }

    /// Adds to groups.
    fn add_all(&mut self, ids: &[u32], sizes: &[u64]) {
        let Some(most) = ids.iter().max() else { return };
        self.reach(*most);
        ids.iter().zip(sizes).for_each(|(id, size)| {
            let sum = &mut self.sizes[*id as usize];
            *sum = sum.wrapping_add(*size);
        });
        if self.order == GroupOrder::Bytes {
            ids.iter().for_each(|id| self.are_there[*id as usize] = true);
        }
    }

    /// Adds to a group.
    #[inline]
    pub(super) fn add(&mut self, id: u32, size: u64) {
        self.reach(id);
        let sum = &mut self.sizes[id as usize];
        *sum = sum.wrapping_add(size);
        if self.order == GroupOrder::Bytes {
            self.are_there[id as usize] = true;
        }
    }

    /// Makes room for groups up to this one.
    #[inline]
    fn reach(&mut self, id: u32) {
        let groups = id as usize + 1;
        if groups > self.sizes.len() {
            if self.sizes.is_empty() {
                self.sizes = vec![0; groups.max(self.room)];
            } else {
                self.sizes.resize(groups, 0);
            }
            if self.order == GroupOrder::Bytes {
                self.are_there.resize(self.sizes.len(), false);
            }
        }
    }

    /// Adds the groups of another.
    fn join(&mut self, mut part: Sizes) {
        if part.sizes.len() > self.sizes.len() {
            std::mem::swap(self, &mut part);
        }
        self.sizes.iter_mut().zip(&part.sizes).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
        self.are_there.iter_mut().zip(&part.are_there).for_each(|(is_there, more)| *is_there |= *more);
    }

    /// The groups that the order has, by rising ids, and how large they are.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        let is_there = |id: u32, size: u64| match self.order {
            GroupOrder::Bytes => self.are_there[id as usize],
            GroupOrder::Rows | GroupOrder::Outcomes(_) => size > 0,
        };
        (0..).zip(self.sizes.iter().copied()).filter(move |(id, size)| is_there(*id, *size))
    }
}

impl Sink for Sizes {
    fn packed<S: Stored + ?Sized>(&mut self, stored: &S, ids: Option<&[u32]>) -> Decoded<()> {
        let order = self.order;
        let Some(ids) = ids else { return read_sizes(stored, order, |ids, sizes| self.add_all(ids, sizes)) };
        let mut foreign = false;
        read_sizes(stored, order, |codes, sizes| {
            for (code, size) in codes.iter().zip(sizes) {
                match ids.get(*code as usize) {
                    Some(id) => self.add(*id, *size),
                    None => foreign = true,
                }
            }
        })?;
        if foreign { Err("a code has no id") } else { Ok(()) }
    }

    fn row(&mut self, id: u32, measure: &Measure) {
        self.add(id, measure.size(self.order));
    }

    fn buckets(&mut self, buckets: &Buckets<'_>) -> StoreResult<Vec<Damage>> {
        let (order, room) = (self.order, self.room);
        buckets.shared_out(|| Sizes::of(order, room), |part| self.join(part))
    }
}

/// Sums of some groups, each at the place that its id has.
pub(super) struct PlacedSums<'p> {
    pub(super) places: &'p IdPlaces,
    pub(super) sums: Vec<Measure>,
}

impl Sink for PlacedSums<'_> {
    fn packed<S: Stored + ?Sized>(&mut self, stored: &S, ids: Option<&[u32]>) -> Decoded<()> {
        let PlacedSums { places, sums } = self;
        let mut add = |id, measure: &Measure| places.of_id(id).into_iter().for_each(|place| sums[place].add(measure));
        let Some(ids) = ids else { return read_sums(stored, *places, add) };
        let mut foreign = false;
        let id = |code: u32| ids.get(code as usize).copied();
        let wanted = |code: u32| id(code).is_none_or(|id| places.has(id));
        read_sums(stored, &wanted, |code, measure| match id(code) {
            Some(id) => add(id, measure),
            None => foreign = true,
        })?;
        if foreign { Err("a code has no id") } else { Ok(()) }
    }

    fn row(&mut self, id: u32, measure: &Measure) {
        self.places.of_id(id).into_iter().for_each(|place| self.sums[place].add(measure));
    }

    fn buckets(&mut self, buckets: &Buckets<'_>) -> StoreResult<Vec<Damage>> {
        let (places, count) = (self.places, self.sums.len());
        let fork = || PlacedSums { places, sums: vec![Measure::default(); count] };
        buckets.shared_out(fork, |part: PlacedSums<'_>| {
            self.sums.iter_mut().zip(&part.sums).for_each(|(sum, more)| sum.add(more));
        })
    }
}

/// Takes everything known of the wanted groups, with the hour or day it is of.
pub(super) struct Sums<W, F> {
    pub(super) hour: i64,
    pub(super) wanted: W,
    pub(super) each: F,
}

impl<W: Fn(u32) -> bool, F: FnMut(i64, u32, &Measure)> Sink for Sums<W, F> {
    fn at(&mut self, hour: i64) {
        self.hour = hour;
    }

    fn packed<S: Stored + ?Sized>(&mut self, stored: &S, ids: Option<&[u32]>) -> Decoded<()> {
        let hour = self.hour;
        let Some(ids) = ids else {
            return read_sums(stored, &self.wanted, |id, measure| (self.each)(hour, id, measure));
        };
        let id = |code: u32| ids.get(code as usize).copied();
        let wanted = |code: u32| id(code).is_none_or(&self.wanted);
        let mut foreign = false;
        read_sums(stored, &wanted, |code, measure| match id(code) {
            Some(id) => (self.each)(hour, id, measure),
            None => foreign = true,
        })?;
        if foreign { Err("a code has no id") } else { Ok(()) }
    }

    fn row(&mut self, id: u32, measure: &Measure) {
        if (self.wanted)(id) {
            (self.each)(self.hour, id, measure);
        }
    }
}

/// The places of some dictionary ids in a list: bits of which ids have one, and how many have one below each word of
/// them, so that a place is found in one step, and nothing is as long as a dictionary is large.
pub(super) struct IdPlaces {
    bits: Vec<u64>,
    below: Vec<u32>,
    /// The ids that have a place, rising, and their places.
    ids: Vec<u32>,
    places: Vec<u32>,
}

impl IdPlaces {
    /// Of ids, no two the same, with their places.
    pub(super) fn of(mut found: Vec<(u32, u32)>) -> IdPlaces {
        found.sort_unstable();
        let (ids, places): (Vec<u32>, Vec<u32>) = found.into_iter().unzip();
        let mut bits = vec![0_u64; ids.last().map_or(0, |last| *last as usize / 64 + 1)];
        ids.iter().for_each(|id| bits[*id as usize / 64] |= 1 << (id % 64));
        let below = bits.iter().scan(0, |sum, word| Some(std::mem::replace(sum, *sum + word.count_ones()))).collect();
        IdPlaces { bits, below, ids, places }
    }

    #[inline]
    pub(super) fn of_id(&self, id: u32) -> Option<usize> {
        let (at, bit) = (id as usize / 64, 1 << (id % 64));
        let word = self.bits.get(at).filter(|word| **word & bit != 0)?;
        let index = self.below[at] + (word & (bit - 1)).count_ones();
        Some(self.places[index as usize] as usize)
    }

    /// The ids of a range that have a place.
    fn within(&self, ids: RangeInclusive<u32>) -> &[u32] {
        let start = self.ids.partition_point(|id| id < ids.start());
        let count = self.ids[start..].partition_point(|id| id <= ids.end());
        &self.ids[start..start + count]
    }
}

/// So many ids are looked at one by one in less time than one is searched for.
const SEARCH_COSTS: usize = 16;

impl Wanted for IdPlaces {
    fn has(&self, id: u32) -> bool {
        self.bits.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    fn may_have(&self, ids: RangeInclusive<u32>) -> bool {
        !self.within(ids).is_empty()
    }

    fn indexes_in(&self, ids: &[u32]) -> Vec<u32> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Vec::new() };
        let wanted = self.within(*first..=*last);
        if wanted.len() * SEARCH_COSTS < ids.len() {
            wanted.iter().filter_map(|id| ids.binary_search(id).ok()).map(|at| at as u32).collect()
        } else {
            (0..).zip(ids).filter(|(_, id)| self.has(**id)).map(|(at, _)| at).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_are_found_at_their_places(
            found in proptest::collection::btree_map(0..3000_u32, 0..900_u32, 0..400),
            asked in proptest::collection::btree_set(0..4000_u32, 0..2000),
            range in (0..4000_u32, 0..4000_u32),
        ) {
            let places = IdPlaces::of(found.clone().into_iter().collect());
            let of = |id: u32| found.get(&id).map(|place| *place as usize);
            for id in 0..4000 {
                prop_assert_eq!(places.of_id(id), of(id));
                prop_assert_eq!(places.has(id), of(id).is_some());
            }
            let range = range.0.min(range.1)..=range.0.max(range.1);
            prop_assert_eq!(places.may_have(range.clone()), found.range(range).next().is_some());
            let asked: Vec<u32> = asked.into_iter().collect();
            let want: Vec<u32> = (0..).zip(&asked).filter(|(_, id)| found.contains_key(id)).map(|(at, _)| at).collect();
            prop_assert_eq!(places.indexes_in(&asked), want);
        }
    }

    #[test]
    fn few_among_many_are_found_too() {
        let places = IdPlaces::of(vec![(70, 1), (4_000_000, 0), (5, 7)]);
        let ids: Vec<u32> = (0..1000).map(|id| id * 10).collect();
        assert_eq!(places.indexes_in(&ids), [7]);
        assert_eq!([5, 70, 4_000_000, 6].map(|id| places.of_id(id)), [Some(7), Some(1), Some(0), None]);
        assert!(IdPlaces::of(Vec::new()).indexes_in(&ids).is_empty());
    }
}
