//! Sums per group over a window: whole days and whole hours from the rollups and from what blocks have not yet had
//! folded into them, the rest of an hour by looking at its rows.

use super::block::Dictionary;
use super::codec::Decoded;
use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::parallel::{Helpers, over_items};
use super::reader::{Session, corrupt};
use super::rollup::{Group, Level, read_delta, read_sizes, read_sums, rollup_row};
use super::select::scan;
use super::snapshot::{BlockMeta, Snapshot};
use crate::model::{GroupOrder, Measure, TimeRange};
use crate::store::{StoreError, StoreResult};
use rusqlite::OptionalExtension;
use std::collections::BTreeSet;

impl Group {
    pub(super) fn dictionary(self) -> Dictionary {
        match self {
            Group::Kind => Dictionary::Kind,
            Group::Client => Dictionary::Client,
            Group::Origin => Dictionary::Origin,
            Group::User => Dictionary::User,
            Group::Path => Dictionary::Path,
            Group::Source => Dictionary::Source,
            Group::Agent => Dictionary::Agent,
        }
    }
}

/// A window, taken apart: what is answered from daily sums, from hourly sums, and from rows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    days: BTreeSet<i64>,
    hours: BTreeSet<i64>,
    /// Hours only partly inside the window.
    edges: BTreeSet<i64>,
}

impl Parts {
    fn of(hours: impl Iterator<Item = i64>, range: TimeRange, coarsest: Level) -> Parts {
        let mut parts = Parts::default();
        for hour in hours {
            let day = hour.div_euclid(24);
            if coarsest == Level::Day && range.contains_hour(day * 24) && range.contains_hour(day * 24 + 23) {
                parts.days.insert(day);
            } else if range.contains_hour(hour) {
                parts.hours.insert(hour);
            } else {
                parts.edges.insert(hour);
            }
        }
        parts
    }

    /// Takes a bucket's hours from those answered by sums.
    fn look_at_rows(&mut self, level: Level, bucket: i64, snapshot: &Snapshot) {
        let hours = match level {
            Level::Hour => bucket..bucket + 1,
            Level::Day => bucket * 24..(bucket + 1) * 24,
        };
        self.days.retain(|day| level != Level::Day || *day != bucket);
        self.hours.retain(|hour| level != Level::Hour || *hour != bucket);
        self.edges.extend(snapshot.hours.range(hours).map(|(hour, _)| *hour));
    }

    fn is_whole(&self, hour: i64) -> bool {
        self.hours.contains(&hour) || self.days.contains(&hour.div_euclid(24))
    }
}

/// What takes the groups of a window, piece by piece; pieces of the same group are to be added up.
trait Sink {
    /// What follows is of this hour, or of the day that begins with it.
    fn at(&mut self, _hour: i64) {}
    /// Packed sums, by dictionary id, or by codes that stand for `ids`.
    fn packed(&mut self, stored: &[u8], ids: Option<&[u32]>) -> Decoded<()>;
    /// One row.
    fn row(&mut self, id: u32, measure: &Measure);
    /// Packed sums of whole buckets, by dictionary id, the work shared with `helpers` where that can be. Answers which
    /// are damaged, and why; nothing of these was taken.
    fn buckets(&mut self, _helpers: &Helpers, buckets: &[Bucket]) -> Vec<Damage> {
        let mut damaged = Vec::new();
        for bucket in buckets {
            self.at(bucket.first_hour());
            // A checksum comes first, so nothing of a damaged bucket has been taken.
            damaged.extend(self.packed(&bucket.stored, None).err().map(|reason| (bucket.level, bucket.number, reason)));
        }
        damaged
    }
}

/// Sums of an hour or a day as they are stored.
struct Bucket {
    level: Level,
    number: i64,
    stored: Vec<u8>,
}

impl Bucket {
    fn first_hour(&self) -> i64 {
        if self.level == Level::Day { self.number * 24 } else { self.number }
    }
}

/// A bucket that can't be read, and why.
type Damage = (Level, i64, &'static str);

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
        |(sink, damaged), bucket| {
            sink.at(bucket.first_hour());
            damaged.extend(sink.packed(&bucket.stored, None).err().map(|reason| (bucket.level, bucket.number, reason)));
        },
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

    /// One more than the highest id.
    pub(super) fn ids(&self) -> usize {
        self.sizes.len()
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
struct PlacedSums<'p> {
    places: &'p IdPlaces,
    sums: Vec<Measure>,
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
struct Sums<W, F> {
    hour: i64,
    wanted: W,
    each: F,
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
    pub(super) fn of(ids: usize, found: impl Iterator<Item = (u32, usize)>) -> IdPlaces {
        let mut places = vec![Self::NOWHERE; ids];
        found.for_each(|(id, place)| places[id as usize] = place as u32);
        IdPlaces(places)
    }

    #[inline]
    pub(super) fn of_id(&self, id: u32) -> Option<usize> {
        self.0.get(id as usize).filter(|place| **place != Self::NOWHERE).map(|place| *place as usize)
    }
}

/// How many rows every group of the window has, by dictionary id.
pub(super) fn group_rows(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
) -> StoreResult<Sizes> {
    group_sizes(session, cache, group, range, GroupOrder::Rows)
}

/// As [`group_rows`], with how large each group is in that order.
pub(super) fn group_sizes(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
    order: GroupOrder,
) -> StoreResult<Sizes> {
    let mut sizes = Sizes::of(order);
    visit(session, cache, group, range, Level::Day, &mut sizes)?;
    Ok(sizes)
}

/// Everything known of the groups that have a place, `count` places in all.
pub(super) fn group_sums(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
    places: &IdPlaces,
    count: usize,
) -> StoreResult<Vec<Measure>> {
    let mut sums = PlacedSums { places, sums: vec![Measure::default(); count] };
    visit(session, cache, group, range, Level::Day, &mut sums)?;
    Ok(sums.sums)
}

/// Everything known of the wanted groups, by hours, or by days given by their first hours.
pub(super) fn bucket_sums(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
    level: Level,
    wanted: impl Fn(u32) -> bool,
    mut each: impl FnMut(i64, u32, &Measure),
) -> StoreResult<()> {
    let each = |hour: i64, id, measure: &Measure| match level {
        Level::Hour => each(hour, id, measure),
        Level::Day => each(hour.div_euclid(24) * 24, id, measure),
    };
    visit(session, cache, group, range, level, &mut Sums { hour: 0, wanted, each })
}

/// As many bytes of stored sums are read before they are taken apart.
const SHARE_BYTES: usize = 16 << 20;
/// Fewer bytes than this are not worth another thread.
const ALONE_BYTES: usize = 256 << 10;

/// `coarsest` are the widest sums to be used. The session's snapshot and the rollups are read in one transaction, so
/// that nothing is counted in both.
fn visit(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
    coarsest: Level,
    sink: &mut impl Sink,
) -> StoreResult<()> {
    let reading = session.unmoved()?;
    let snapshot = &session.snapshot;
    let mut parts = Parts::of(snapshot.hours_in(range).map(|(hour, _)| hour), range, coarsest);
    let days: Vec<_> = parts.days.iter().map(|day| (Level::Day, *day)).collect();
    let hours: Vec<_> = parts.hours.iter().map(|hour| (Level::Hour, *hour)).collect();
    let mut query = reading.prepare_cached("SELECT data FROM rollup WHERE id = ?1")?;
    let mut left = days.into_iter().chain(hours).peekable();
    while left.peek().is_some() {
        let (mut buckets, mut bytes) = (Vec::new(), 0);
        for (level, number) in left.by_ref() {
            let mut found = query.query([rollup_row(group, level, number)])?;
            let Some(row) = found.next()? else { continue };
            let stored = row.get_ref(0)?.as_blob().unwrap_or_default().to_vec();
            bytes += stored.len();
            buckets.push(Bucket { level, number, stored });
            if bytes > SHARE_BYTES {
                break;
            }
        }
        let helpers = if bytes < ALONE_BYTES { &Helpers::none() } else { &session.readers.helpers };
        for (level, number, reason) in sink.buckets(helpers, &buckets) {
            tracing::warn!(reason, "sums can't be read; their rows are counted instead");
            parts.look_at_rows(level, number, snapshot);
        }
    }
    for block in snapshot.blocks.iter().filter(|block| !block.folded) {
        if block.hours.iter().any(|(hour, _)| parts.is_whole(*hour)) && !session.is_quarantined(block) {
            let delta = session.bytes(block.id, Column::Delta)?.ok_or(StoreError::Moved)?;
            let ids = session.ids(block, group.dictionary())?;
            read_delta(&delta, |hour, found, stored| {
                if found == group && hour >= block.alive_from.hour() && parts.is_whole(hour) {
                    sink.at(hour);
                    sink.packed(stored, Some(&ids))?;
                }
                Ok(())
            })
            .map_err(|reason| corrupt(block.id, Column::Delta, reason))?;
        }
    }
    for hour in &parts.edges {
        sink.at(*hour);
        edge(session, cache, group, *hour, range, sink)?;
    }
    Ok(())
}

/// The rows of an hour that lie in the window, one by one.
fn edge(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    hour: i64,
    range: TimeRange,
    sink: &mut impl Sink,
) -> StoreResult<()> {
    let everything = Resolved::within(range);
    for (index, _) in session.snapshot.hours.get(&hour).into_iter().flatten() {
        let block = &session.snapshot.blocks[*index as usize];
        let mut rows = Vec::new();
        scan(session, block, &everything, TimeRange::of_hour(hour), |row, _| rows.push(row as usize))?;
        measure_rows(session, cache, group, block, &rows, |_, id, measure| sink.row(id, measure))?;
    }
    Ok(())
}

/// Hands each of `rows`, which rise, with the id of its group and what is known of it to `each`.
pub(super) fn measure_rows(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    block: &BlockMeta,
    rows: &[usize],
    mut each: impl FnMut(usize, u32, &Measure),
) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let kinds = cache.kinds(session)?;
    let (group_ids, kind_ids) = (session.ids(block, group.dictionary())?, session.ids(block, Dictionary::Kind)?);
    let frame_rows = session.header(block.id, Column::Bytes)?.ok_or(StoreError::Moved)?.frame_rows;
    for in_frame in rows.chunk_by(|a, b| a / frame_rows == b / frame_rows) {
        let frame = in_frame[0] / frame_rows;
        let codes = session.codes(block, group.dictionary().column(), frame)?;
        let kind_codes = session.codes(block, Column::Kind, frame)?;
        let bytes = session.ints(block, Column::Bytes, frame)?;
        let taken = session.ints(block, Column::TimeTaken, frame)?;
        for row in in_frame {
            let at = row % frame_rows;
            let kind = kind_ids.get(kind_codes[at] as usize).and_then(|id| kinds.get(*id as usize)?.as_ref());
            let (Some(kind), Some(id)) = (kind, group_ids.get(codes[at] as usize)) else {
                return Err(corrupt(block.id, Column::Kind, "a code has no id"));
            };
            let mut measure = Measure { bytes: bytes[at] as u64, time_taken_ms: taken[at], ..Measure::default() };
            measure.outcomes.0[kind.outcome as usize] = 1;
            each(*row, *id, &measure);
        }
    }
    Ok(())
}

/// The stored sums of a bucket.
pub(super) fn stored_groups(
    db: &rusqlite::Connection,
    group: Group,
    level: Level,
    bucket: i64,
) -> StoreResult<Option<Vec<u8>>> {
    let mut query = db.prepare_cached("SELECT data FROM rollup WHERE id = ?1")?;
    Ok(query.query_row([rollup_row(group, level, bucket)], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HOUR_MS, Timestamp};

    #[test]
    fn a_window_is_taken_apart_without_gap_or_overlap() {
        let range = TimeRange { from: Timestamp(22 * HOUR_MS + 1), until: Timestamp(50 * HOUR_MS + 5) };
        let parts = Parts::of(20..60, range, Level::Day);
        assert_eq!(parts.days, BTreeSet::from([1]));
        assert_eq!(parts.hours, BTreeSet::from([23, 48, 49]));
        let inside: BTreeSet<i64> = parts.edges.iter().copied().filter(|hour| range.touches_hour(*hour)).collect();
        assert_eq!(inside, BTreeSet::from([22, 50]));
        assert!(parts.is_whole(30) && parts.is_whole(23) && !parts.is_whole(22));
        let parts = Parts::of(20..60, range, Level::Hour);
        assert_eq!((parts.days, parts.hours), (BTreeSet::new(), (23..50).collect()));
    }
}
