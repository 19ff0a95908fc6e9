//! When groups have their first and last rows: sums say in which hours they have any, and only the first and the last
//! of those are looked at row by row. And which groups were never seen before.

use super::codec::Decoded;
use super::column::Column;
use super::delta::read_delta;
use super::filter::{FilterCache, Resolved};
use super::grouping::{Grouping, NO_NUMBER};
use super::names::{NONE, group_of};
use super::parallel::over_blocks;
use super::reader::{Session, corrupt};
use super::rollup::{Group, Level, rollup_row};
use super::rows::{frames, passing, touched};
use super::series::times;
use super::snapshot::BlockMeta;
use super::sums::read_sizes;
use super::top::Places;
use crate::model::{Dimension, GroupOrder, HOUR_MS, Lens, Seen, TimeRange, Timestamp};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

/// First and last rows of the range, of groups by name.
pub(super) fn seen(
    session: &Session<'_>,
    filters: &FilterCache,
    by: Dimension,
    names: &[String],
    range: TimeRange,
    lens: &Lens,
) -> StoreResult<Vec<Option<Seen>>> {
    let grouping = Grouping::by(session, filters, Some(by), lens)?;
    let seen = match group_of(by) {
        Some(group) => by_sums(session, &grouping, group, names, range)?,
        None => by_rows(session, &grouping, range)?,
    };
    let by_name: HashMap<&[u8], Seen> = seen.into_iter().map(|(number, seen)| (grouping.name(number), seen)).collect();
    Ok(names.iter().map(|name| by_name.get(name.as_bytes()).copied()).collect())
}

/// First and last rows of named groups that have sums, by number.
fn by_sums(
    session: &Session<'_>,
    grouping: &Grouping,
    group: Group,
    names: &[String],
    range: TimeRange,
) -> StoreResult<Vec<(u32, Seen)>> {
    let wanted: BTreeSet<&[u8]> = names.iter().map(String::as_bytes).collect();
    let is_wanted = |number: &u32| wanted.contains(grouping.name(*number));
    let numbers: Vec<u32> = (0..grouping.len() as u32).filter(is_wanted).collect();
    let (places, reading) = (Places::of(&numbers), session.unmoved()?);
    let mut search = Search { session, db: &reading, grouping, group, places: &places, range, added: BTreeMap::new() };
    search.added = search.unfolded()?;
    let first = search.ends(numbers.len(), End::First)?;
    let last = search.ends(numbers.len(), End::Last)?;
    let ends = numbers.into_iter().zip(first.into_iter().zip(last));
    Ok(ends.filter_map(|(number, (first, last))| Some((number, Seen { first: first?, last: last? }))).collect())
}

/// Which end of a range is searched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

struct Search<'s> {
    session: &'s Session<'s>,
    /// In a transaction that sees what the session does.
    db: &'s Connection,
    grouping: &'s Grouping,
    group: Group,
    places: &'s Places,
    range: TimeRange,
    /// The places that blocks not yet folded have rows of, by hour.
    added: BTreeMap<i64, BTreeSet<usize>>,
}

impl Search<'_> {
    fn place(&self, id: u32) -> Option<usize> {
        self.places.of_number(self.grouping.number(id)?)
    }

    fn unfolded(&self) -> StoreResult<BTreeMap<i64, BTreeSet<usize>>> {
        let mut added: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
        for block in self.session.snapshot.blocks.iter().filter(|block| !block.folded) {
            if self.session.is_quarantined(block) {
                continue;
            }
            let delta = self.session.bytes(block.id, Column::Delta)?.ok_or(StoreError::Moved)?;
            let ids = self.session.ids(block, self.group.dictionary())?;
            let places: Vec<Option<usize>> = ids.iter().map(|id| self.place(*id)).collect();
            if places.iter().all(Option::is_none) {
                continue;
            }
            read_delta(&delta, |hour, group, stored| {
                if group == self.group && self.range.touches_hour(hour) {
                    let found = added.entry(hour).or_default();
                    read_sizes(stored, GroupOrder::Rows, |codes, _| {
                        found.extend(codes.iter().filter_map(|code| places.get(*code as usize).copied().flatten()));
                    })?;
                }
                Ok(())
            })
            .map_err(|reason| corrupt(block.id, Column::Delta, reason))?;
        }
        Ok(added)
    }

    /// The times of the first or the last rows, by place.
    fn ends(&self, places: usize, end: End) -> StoreResult<Vec<Option<Timestamp>>> {
        let mut found = vec![None; places];
        let mut hours: Vec<i64> = self.session.snapshot.hours_in(self.range).map(|(hour, _)| hour).collect();
        if end == End::Last {
            hours.reverse();
        }
        for of_day in hours.chunk_by(|a, b| a.div_euclid(24) == b.div_euclid(24)) {
            if !found.contains(&None) {
                break;
            }
            let day = of_day[0].div_euclid(24);
            let is_whole = self.range.contains_hour(day * 24) && self.range.contains_hour(day * 24 + 23);
            if is_whole && !self.may_have_missing(Level::Day, day, &found)? {
                continue;
            }
            for hour in of_day {
                if !found.contains(&None) {
                    return Ok(found);
                }
                if !self.range.contains_hour(*hour) || self.may_have_missing(Level::Hour, *hour, &found)? {
                    self.look_at_rows(*hour, end, &mut found)?;
                }
            }
        }
        Ok(found)
    }

    /// Whether sums have rows in a bucket, of groups that were not found yet; sums that can't be read might.
    fn may_have_missing(&self, level: Level, bucket: i64, found: &[Option<Timestamp>]) -> StoreResult<bool> {
        let is_missing = |place: usize| found[place].is_none();
        let hours = match level {
            Level::Hour => bucket..bucket + 1,
            Level::Day => bucket * 24..(bucket + 1) * 24,
        };
        if self.added.range(hours).any(|(_, places)| places.iter().any(|place| is_missing(*place))) {
            return Ok(true);
        }
        let mut query = self.db.prepare_cached("SELECT data FROM rollup WHERE id = ?1")?;
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Decoded<bool>> {
            let mut has_missing = false;
            let stored = row.get_ref(0)?.as_blob().unwrap_or_default();
            Ok(read_sizes(stored, GroupOrder::Rows, |ids, _| {
                has_missing = has_missing || ids.iter().any(|id| self.place(*id).is_some_and(is_missing));
            })
            .map(|()| has_missing))
        };
        let stored = query.query_row([rollup_row(self.group, level, bucket)], read).optional()?;
        Ok(stored.is_some_and(|has_missing| has_missing.unwrap_or(true)))
    }

    /// Finds what is missing in the rows of an hour.
    fn look_at_rows(&self, hour: i64, end: End, found: &mut [Option<Timestamp>]) -> StoreResult<()> {
        let mut here = vec![None; found.len()];
        let bounds = TimeRange::of_hour(hour);
        let within = TimeRange { from: bounds.from.max(self.range.from), until: bounds.until.min(self.range.until) };
        for (index, _) in self.session.snapshot.hours.get(&hour).into_iter().flatten() {
            let block = &self.session.snapshot.blocks[*index as usize];
            each_seen(self.session, self.grouping, Some(self.places), block, within, |place, time| {
                let best: &mut Option<Timestamp> = &mut here[place as usize];
                *best = Some(match (*best, end) {
                    (None, _) => time,
                    (Some(best), End::First) => best.min(time),
                    (Some(best), End::Last) => best.max(time),
                });
            })?;
        }
        found.iter_mut().zip(here).for_each(|(found, here)| *found = found.or(here));
        Ok(())
    }
}

/// Hands the group and time of every row of the range to `each`; groups are renumbered before, if asked.
fn each_seen(
    session: &Session<'_>,
    grouping: &Grouping,
    places: Option<&Places>,
    block: &BlockMeta,
    within: TimeRange,
    mut each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    let mut groups = grouping.of_block(session, block)?;
    if let Some(places) = places
        && !groups.renumber(|number| places.of_number(number).map(|place| place as u32))
    {
        return Ok(());
    }
    let Some(rows) = passing(session, &Resolved::within(within), block)? else { return Ok(()) };
    let times = times(session, block)?;
    for (frame, range) in frames(session, block, &rows)? {
        let groups = groups.of_frame(session, block, frame)?;
        for row in rows.iter_in(range.clone()) {
            let number = groups.number(row - range.start);
            if number != NO_NUMBER {
                each(number, times.of_row(row));
            }
        }
    }
    Ok(())
}

/// First and last rows of all groups, which are few, by looking at every row.
fn by_rows(session: &Session<'_>, grouping: &Grouping, range: TimeRange) -> StoreResult<Vec<(u32, Seen)>> {
    fn join(all: &mut HashMap<u32, Seen>, number: u32, seen: Seen) {
        let known = all.entry(number).or_insert(seen);
        *known = Seen { first: known.first.min(seen.first), last: known.last.max(seen.last) };
    }
    let in_block = |session: &Session<'_>, block: &BlockMeta| -> StoreResult<HashMap<u32, Seen>> {
        let mut seen = HashMap::new();
        each_seen(session, grouping, None, block, range, |number, time| {
            join(&mut seen, number, Seen { first: time, last: time });
        })?;
        Ok(seen)
    };
    let mut all = HashMap::new();
    over_blocks(session, &touched(session, &Resolved::within(range)), in_block, |_, seen| {
        seen.into_iter().for_each(|(number, seen)| join(&mut all, number, seen));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all.into_iter().collect())
}

/// Groups all of whose origins were first seen in the hour of `since` or later, latest first.
pub(super) fn first_seen(
    session: &Session<'_>,
    filters: &FilterCache,
    by: Dimension,
    since: Timestamp,
    limit: usize,
) -> StoreResult<Vec<(String, Timestamp)>> {
    if !matches!(by, Dimension::Destination | Dimension::Domain | Dimension::Service) {
        return Err(StoreError::Invalid("first seen are destinations, domains and services".to_owned()));
    }
    let names = filters.names.get(session, by, &Lens::PLAIN)?;
    let mut query = session.db.prepare_cached("SELECT id, hour FROM origin_seen WHERE hour >= ?1")?;
    // Of each name how many of its origins are new, and the first hour of one.
    let mut new: Vec<(u32, i64)> = vec![(0, i64::MAX); names.len()];
    let mut rows = query.query([since.hour()])?;
    while let Some(row) = rows.next()? {
        if let Some(number) = names.number(row.get::<_, i64>(0)? as u32) {
            let (origins, first) = &mut new[number as usize];
            (*origins, *first) = (*origins + 1, row.get::<_, i64>(1)?.min(*first));
        }
    }
    let are_all = |number: u32, origins: u32| names.ids_of(number).count() == origins as usize;
    let new = (0_u32..).zip(new).filter(|(number, (origins, _))| *origins > 0 && are_all(*number, *origins));
    let first = new.map(|(number, (_, hour))| (names.name(number), hour));
    let mut found: Vec<(&[u8], i64)> = first.filter(|(name, _)| *name != NONE).collect();
    let latest_then_name = |a: &(&[u8], i64), b: &(&[u8], i64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
    if limit < found.len() {
        found.select_nth_unstable_by(limit, latest_then_name);
        found.truncate(limit);
    }
    found.sort_unstable_by(latest_then_name);
    let shown = |(name, hour): (&[u8], i64)| {
        (String::from_utf8_lossy(name).into_owned(), Timestamp(hour.saturating_mul(HOUR_MS)))
    };
    Ok(found.into_iter().map(shown).collect())
}
