//! What takes the sums of a window, piece by piece: how large each group is, everything known of some groups, or
//! everything with its hour. Where nothing depends on the order, whole buckets are shared out among cores.

use super::codec::Decoded;
use super::parallel::{Helpers, over_items};
use super::rollup::{Level, read_sizes, read_sums};
use crate::model::{GroupOrder, Measure};

/// What takes the groups of a window, piece by piece; pieces of the same group are to be added up.
pub(super) trait Sink {
    /// What follows is of this hour, or of the day that begins with it.
    fn at(&mut self, _hour: i64) {}
    /// Packed sums, by dictionary id, or by codes that stand for `ids`.
    fn packed(&mut self, stored: &[u8], ids: Option<&[u32]>) -> Decoded<()>;
    /// One row.
    fn row(&mut self, id: u32, measure: &Measure);
    /// The sums of a whole bucket, by dictionary id. A checksum comes first, so nothing of a damaged one is taken.
    fn bucket(&mut self, bucket: &Bucket) -> Option<Damage> {
        self.at(if bucket.level == Level::Day { bucket.number * 24 } else { bucket.number });
        self.packed(&bucket.stored, None).err().map(|reason| (bucket.level, bucket.number, reason))
    }
    /// Packed sums of whole buckets, by dictionary id, the work shared with `helpers` where that can be. Answers which
    /// are damaged, and why; nothing of these was taken.
    fn buckets(&mut self, _helpers: &Helpers, buckets: &[Bucket]) -> Vec<Damage> {
        buckets.iter().filter_map(|bucket| self.bucket(bucket)).collect()
    }
}

/// Sums of an hour or a day as they are stored.
pub(super) struct Bucket {
    pub(super) level: Level,
    pub(super) number: i64,
    pub(super) stored: Vec<u8>,
}

/// A bucket that can't be read, and why.
pub(super) type Damage = (Level, i64, &'static str);

/// Shares buckets out among sinks of their own, which `join` puts together.
fn shared<S: Sink + Send>(
    helpers: &Helpers,
    buckets: &[Bucket],
    fork: impl Fn() -> S + Sync,
    mut join: impl FnMut(S),
) -> Vec<Damage> {
    let parts = over_items(
        helpers,
        buckets,
        || (fork(), Vec::new()),
        |(sink, damaged), bucket| damaged.extend(sink.bucket(bucket)),
    );
    let mut all = Vec::new();
    for (sink, damaged) in parts {
        join(sink);
        all.extend(damaged);
    }
    all
}

/// How large each group is, by dictionary id.
pub(super) struct Sizes {
    order: GroupOrder,
    sizes: Vec<u64>,
    /// Whether there is such a group: it may be of size 0.
    are_there: Vec<bool>,
}

impl Sizes {
    /// None yet.
    pub(super) fn of(order: GroupOrder) -> Sizes {
        Sizes { order, sizes: Vec::new(), are_there: Vec::new() }
    }

    /// Adds to a group.
    #[inline]
    pub(super) fn add(&mut self, id: u32, size: u64) {
        let at = id as usize;
        if at >= self.sizes.len() {
            self.sizes.resize(at + 1, 0);
            self.are_there.resize(at + 1, false);
        }
        self.sizes[at] = self.sizes[at].wrapping_add(size);
        self.are_there[at] = true;
    }

    /// The groups that the order has, by rising ids, and how large they are.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        let sized = (0..).zip(self.sizes.iter().copied()).zip(&self.are_there);
        let by_outcome = matches!(self.order, GroupOrder::Outcomes(_));
        sized.filter(move |((_, size), is_there)| **is_there && (*size > 0 || !by_outcome)).map(|(sized, _)| sized)
    }
}

impl Sink for Sizes {
    fn packed(&mut self, stored: &[u8], ids: Option<&[u32]>) -> Decoded<()> {
        let order = self.order;
        let Some(ids) = ids else { return read_sizes(stored, order, |id, size| self.add(id, size)) };
        let mut foreign = false;
        read_sizes(stored, order, |code, size| match ids.get(code as usize) {
            Some(id) => self.add(*id, size),
            None => foreign = true,
        })?;
        if foreign { Err("a code has no id") } else { Ok(()) }
    }

    fn row(&mut self, id: u32, measure: &Measure) {
        self.add(id, measure.size(self.order));
    }

    fn buckets(&mut self, helpers: &Helpers, buckets: &[Bucket]) -> Vec<Damage> {
        let order = self.order;
        shared(helpers, buckets, || Sizes::of(order), |part| part.iter().for_each(|(id, size)| self.add(id, size)))
    }
}

/// Sums of some groups, each at the place that its id has.
pub(super) struct PlacedSums<'p> {
    pub(super) places: &'p IdPlaces,
    pub(super) sums: Vec<Measure>,
}

impl Sink for PlacedSums<'_> {
    fn packed(&mut self, stored: &[u8], ids: Option<&[u32]>) -> Decoded<()> {
        let PlacedSums { places, sums } = self;
        let mut foreign = false;
        let id = |code: u32| ids.map_or(Some(code), |ids| ids.get(code as usize).copied());
        let wanted = |code: u32| id(code).is_none_or(|id| places.of_id(id).is_some());
        read_sums(stored, wanted, |code, measure| match id(code) {
            Some(id) => places.of_id(id).into_iter().for_each(|place| sums[place].add(measure)),
            None => foreign = true,
        })?;
        if foreign { Err("a code has no id") } else { Ok(()) }
    }

    fn row(&mut self, id: u32, measure: &Measure) {
        self.places.of_id(id).into_iter().for_each(|place| self.sums[place].add(measure));
    }

    fn buckets(&mut self, helpers: &Helpers, buckets: &[Bucket]) -> Vec<Damage> {
        let (places, count) = (self.places, self.sums.len());
        let fork = || PlacedSums { places, sums: vec![Measure::default(); count] };
        shared(helpers, buckets, fork, |part: PlacedSums<'_>| {
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

    fn packed(&mut self, stored: &[u8], ids: Option<&[u32]>) -> Decoded<()> {
        let hour = self.hour;
        let Some(ids) = ids else {
            return read_sums(stored, &self.wanted, |id, measure| (self.each)(hour, id, measure));
        };
        let id = |code: u32| ids.get(code as usize).copied();
        let wanted = |code: u32| id(code).is_none_or(&self.wanted);
        let mut foreign = false;
        read_sums(stored, wanted, |code, measure| match id(code) {
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
pub(super) struct IdPlaces(Vec<u32>);

impl IdPlaces {
    const NOWHERE: u32 = u32::MAX;

    /// Of ids below `ids`, each at the place that `place` says, if any.
    pub(super) fn of(ids: u32, found: impl Iterator<Item = (u32, usize)>) -> IdPlaces {
        let mut places = vec![Self::NOWHERE; ids as usize];
        found.for_each(|(id, place)| places[id as usize] = place as u32);
        IdPlaces(places)
    }

    #[inline]
    pub(super) fn of_id(&self, id: u32) -> Option<usize> {
        self.0.get(id as usize).filter(|place| **place != Self::NOWHERE).map(|place| *place as usize)
    }
}
