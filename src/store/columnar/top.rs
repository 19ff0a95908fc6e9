//! The largest groups, by what their entries are called.

use super::filter::FilterCache;
use super::groups::{group_rows, group_sums};
use super::names::group_of;
use super::reader::Session;
use crate::model::{GroupEntry, GroupQuery, Groups, Lens, Measure};
use crate::store::{StoreError, StoreResult};

pub(super) fn groups(
    session: &Session<'_>,
    filters: &FilterCache,
    query: &GroupQuery,
    lens: &Lens,
) -> StoreResult<Groups> {
    let range = query.filter.range();
    let group = group_of(query.by);
    let names = filters.names.get(session, query.by, lens)?;
    if query.limit == 0 {
        return Ok(Groups::default());
    }
    // First how many rows each name has; then everything, of the names that are answered.
    let mut rows = vec![0_u64; names.len()];
    let mut unnamed = false;
    group_rows(session, filters, group, range, |id, more| match names.number(id) {
        Some(number) => rows[number as usize] += more,
        // Only a damaged block, which could not be looked at when the entry went, still names it.
        None if id < names.ids() => {}
        None => unnamed = true,
    })?;
    if unnamed {
        // An entry newer than the names: the store moved on between the two.
        return Err(StoreError::Moved);
    }
    let mut order: Vec<u32> = (0..rows.len() as u32).filter(|number| rows[*number as usize] > 0).collect();
    let total = order.len() as u64;
    let by_size_then_name = |a: &u32, b: &u32| {
        let larger = rows[*b as usize].cmp(&rows[*a as usize]);
        larger.then_with(|| names.name(*a).cmp(names.name(*b)))
    };
    if query.limit < order.len() {
        order.select_nth_unstable_by(query.limit - 1, by_size_then_name);
        order.truncate(query.limit);
    }
    order.sort_unstable_by(by_size_then_name);
    let mut place = vec![NO_PLACE; rows.len()];
    order.iter().enumerate().for_each(|(at, number)| place[*number as usize] = at as u32);
    let place_of = |id: u32| names.number(id).map_or(NO_PLACE, |number| place[number as usize]);
    let mut sums = vec![Measure::default(); order.len()];
    let wanted = |id| place_of(id) != NO_PLACE;
    group_sums(session, filters, group, range, wanted, |id, measure| sums[place_of(id) as usize].add(measure))?;
    let name = |number: u32| String::from_utf8_lossy(names.name(number)).into_owned();
    let entry = |(number, measure)| GroupEntry { name: name(number), measure, clients: 0 };
    Ok(Groups { entries: order.into_iter().zip(sums).map(entry).collect(), total })
}

/// Of a name that is not answered.
const NO_PLACE: u32 = u32::MAX;
