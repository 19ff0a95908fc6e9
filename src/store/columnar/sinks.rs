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
}

impl Sizes {
    /// None yet.
    pub(super) fn of(order: GroupOrder) -> Sizes {
        Sizes { order, sizes: Vec::new(), are_there: Vec::new() }
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
            self.sizes.resize(groups, 0);
            if self.order == GroupOrder::Bytes {
                self.are_there.resize(groups, false);
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
        let order = self.order;
        buckets.shared_out(|| Sizes::of(order), |part| self.join(part))
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

/// The places of some dictionary ids in a list.
pub(super) struct IdPlaces {
    places: Vec<u32>,
    /// The ids that have one, in order.
    ids: Vec<u32>,
}

impl IdPlaces {
    const NOWHERE: u32 = u32::MAX;

    /// Of ids below `ids`, in order, each at the place that `found` says.
    pub(super) fn of(ids: u32, found: impl Iterator<Item = (u32, usize)>) -> IdPlaces {
        let mut places = IdPlaces { places: vec![Self::NOWHERE; ids as usize], ids: Vec::new() };
        found.for_each(|(id, place)| {
            places.places[id as usize] = place as u32;
            places.ids.push(id);
        });
        places
    }

    #[inline]
    pub(super) fn of_id(&self, id: u32) -> Option<usize> {
        self.places.get(id as usize).filter(|place| **place != Self::NOWHERE).map(|place| *place as usize)
    }
}

impl Wanted for IdPlaces {
    fn has(&self, id: u32) -> bool {
        self.of_id(id).is_some()
    }

    fn may_have(&self, ids: RangeInclusive<u32>) -> bool {
        let next = self.ids.get(self.ids.partition_point(|id| id < ids.start()));
        next.is_some_and(|next| next <= ids.end())
    }
}
