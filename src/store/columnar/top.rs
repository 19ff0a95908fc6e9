//! The largest groups, by what their entries are called: from sums where time alone is asked, or nothing but the groups
//! themselves; otherwise by looking at the rows that pass.

use super::clients::count_clients;
use super::filter::{FilterCache, Resolved};
use super::grouping::Grouping;
use super::groups::{group_sizes, group_sums};
use super::names::group_of;
use super::parallel::over_blocks;
use super::reader::Session;
use super::rollup::Group;
use super::rows::{each_measured, passing, touched};
use super::sinks::{IdPlaces, Sizes};
use super::snapshot::BlockMeta;
use super::tally::{Tallies, Tally};
use crate::model::{Dimension, GroupEntry, GroupOrder, GroupQuery, Groups, Lens, Measure};
use crate::store::StoreResult;
use std::cmp::Reverse;
use std::ops::ControlFlow;

pub(super) fn groups(
    session: &Session<'_>,
    filters: &FilterCache,
    query: &GroupQuery,
    lens: &Lens,
) -> StoreResult<Groups> {
    let filter = filters.resolve(session, &query.filter, lens)?;
    let grouping = Grouping::by(session, filters, Some(query.by), lens)?;
    let found = match group_of(query.by).filter(|group| is_answered_by(&filter, *group)) {
        Some(group) => from_sums(session, filters, group, &filter, &grouping, query)?,
        None => from_rows(session, filters, &filter, &grouping, query)?,
    };
    let clients = match query.by {
        _ if !query.count_clients => vec![0; found.entries.len()],
        Dimension::Client => vec![1; found.entries.len()],
        _ => {
            let numbers: Vec<u32> = found.entries.iter().map(|(number, _)| *number).collect();
            count_clients(session, filters, &filter, &grouping, &numbers, lens)?
        }
    };
    let name = |number: u32| String::from_utf8_lossy(grouping.name(number)).into_owned();
    let entry = |((number, measure), clients)| GroupEntry { name: name(number), measure, clients };
    Ok(Groups { entries: found.entries.into_iter().zip(clients).map(entry).collect(), total: found.total })
}

/// Whether sums of a group answer a filter, so that no rows have to be looked at.
pub(super) fn is_answered_by(filter: &Resolved, group: Group) -> bool {
    filter.is_time_only() || filter.sole_group() == Some(group)
}

/// The groups that are answered, by number, largest first.
struct Found {
    entries: Vec<(u32, Measure)>,
    total: u64,
}

/// First how large each group is; then everything, of those that are answered.
fn from_sums(
    session: &Session<'_>,
    filters: &FilterCache,
    group: Group,
    filter: &Resolved,
    grouping: &Grouping,
    query: &GroupQuery,
) -> StoreResult<Found> {
    let by_id = group_sizes(session, filters, group, filter.range, query.order)?;
    let number = |id: u32| grouping.number(id).filter(|_| filter.accepts(id));
    let mut sizes = Sizes::of(query.order, grouping.len());
    by_id.iter().for_each(|(id, size)| number(id).into_iter().for_each(|number| sizes.add(number, size)));
    let (numbers, total) = largest(sizes.iter(), grouping, query.limit);
    let mut places = Vec::new();
    match query.order {
        // Every entry with rows is among these.
        GroupOrder::Rows => {
            let by_number = Places::of(&numbers);
            let place = |id| by_number.of_number(number(id)?);
            places.extend(by_id.iter().filter_map(|(id, _)| Some((id, place(id)? as u32))));
        }
        // Of all entries that are called so: one may have rows, though none that the order counts.
        GroupOrder::Bytes | GroupOrder::Outcomes(_) => {
            for (place, number) in (0..).zip(&numbers) {
                grouping.each_id(*number, |id| places.extend(filter.accepts(id).then_some((id, place))));
            }
        }
    }
    let places = IdPlaces::of(places);
    let measures = group_sums(session, filters, group, filter.range, &places, numbers.len())?;
    Ok(Found { entries: numbers.into_iter().zip(measures).collect(), total })
}

fn from_rows(
    session: &Session<'_>,
    filters: &FilterCache,
    filter: &Resolved,
    grouping: &Grouping,
    query: &GroupQuery,
) -> StoreResult<Found> {
    let (mut all, tallies) = (Tally::default(), Tallies::default());
    let sums_of = |session: &Session<'_>, block: &BlockMeta| -> StoreResult<Vec<(u32, Measure)>> {
        let Some(rows) = passing(session, filter, block)? else { return Ok(Vec::new()) };
        tallies.lend(|tally| {
            each_measured(session, filters, block, grouping, &rows, |_, number, outcome, bytes, taken| {
                tally.row(number, outcome, bytes, taken);
            })?;
            Ok(tally.drain().collect())
        })
    };
    over_blocks(session, &touched(session, filter), sums_of, |_, sums| {
        sums.iter().for_each(|(number, measure)| all.add(*number, measure));
        Ok(ControlFlow::Continue(()))
    })?;
    let sums: Vec<(u32, Measure)> = all.drain().collect();
    let sizes = sums.iter().map(|(number, measure)| (*number, measure.size(query.order)));
    let counts = |(_, size): &(u32, u64)| *size > 0 || !matches!(query.order, GroupOrder::Outcomes(_));
    let (numbers, total) = largest(sizes.filter(counts), grouping, query.limit);
    let places = Places::of(&numbers);
    let mut entries: Vec<_> = numbers.into_iter().map(|number| (number, Measure::default())).collect();
    for (number, measure) in sums {
        if let Some(place) = places.of_number(number) {
            entries[place].1 = measure;
        }
    }
    Ok(Found { entries, total })
}

/// The numbers of the largest, ties by name, and how many there are in all. Names are only looked at of those as large
/// as the last that is wanted.
fn largest(sizes: impl Iterator<Item = (u32, u64)>, grouping: &Grouping, limit: usize) -> (Vec<u32>, u64) {
    const THINNED_OUT_AT: usize = 4096;
    let (mut kept, mut total, mut least, mut room) = (Vec::new(), 0, 0, THINNED_OUT_AT.max(limit.saturating_mul(2)));
    for (number, size) in sizes {
        total += 1;
        if size >= least {
            kept.push((number, size));
            if kept.len() >= room {
                kept.select_nth_unstable_by_key(limit, |(_, size)| Reverse(*size));
                least = kept[limit].1;
                kept.retain(|(_, size)| *size >= least);
                room = room.max(2 * kept.len());
            }
        }
    }
    let by_size_then_name =
        |a: &(u32, u64), b: &(u32, u64)| b.1.cmp(&a.1).then_with(|| grouping.name(a.0).cmp(grouping.name(b.0)));
    if limit < kept.len() {
        kept.select_nth_unstable_by(limit, by_size_then_name);
        kept.truncate(limit);
    }
    kept.sort_unstable_by(by_size_then_name);
    (kept.into_iter().map(|(number, _)| number).collect(), total)
}

/// The place of what is in no list.
const NOWHERE: u32 = u32::MAX;

/// The places of some numbers in a list.
pub(super) struct Places(Vec<u32>);

impl Places {
    pub(super) fn of(numbers: &[u32]) -> Places {
        let mut places = vec![NOWHERE; numbers.iter().max().map_or(0, |most| *most as usize + 1)];
        (0..).zip(numbers).for_each(|(at, number)| places[*number as usize] = at);
        Places(places)
    }

    #[inline]
    pub(super) fn of_number(&self, number: u32) -> Option<usize> {
        self.0.get(number as usize).filter(|place| **place != NOWHERE).map(|place| *place as usize)
    }
}
