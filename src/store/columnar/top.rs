//! The largest groups. What a group is called is found once per dictionary entry and remembered: registrable domain
//! and destination of an origin, method and status of a kind; clients and users go by what the lens shows.

use super::filter::FilterCache;
use super::groups::{group_rows, group_sums};
use super::reader::Session;
use super::rollup::Group;
use crate::model::{Dimension, Interner, Lens, Measure, OriginReader, TopEntry, TopQuery};
use crate::store::{StoreError, StoreResult};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// The name of rows that have none.
const NONE: &[u8] = b"-";

/// What dictionary entries are called, by dimension.
#[derive(Debug)]
pub(super) struct NameCache {
    origins: OriginReader,
    names: Mutex<HashMap<(Dimension, Lens), Arc<Names>>>,
}

/// Entry id -> name number, and the names.
#[derive(Clone, Debug, Default)]
struct Names {
    number_of: Vec<u32>,
    names: Interner,
}

impl NameCache {
    pub(super) fn new(origins: OriginReader) -> NameCache {
        NameCache { origins, names: Mutex::default() }
    }

    /// Forgets everything, as after a clear.
    pub(super) fn forget(&self) {
        self.names.lock().clear();
    }

    fn get(&self, session: &Session<'_>, by: Dimension, lens: &Lens) -> StoreResult<Arc<Names>> {
        // Only clients and users depend on the lens.
        let lens = if matches!(by, Dimension::Client | Dimension::User) { *lens } else { Lens::PLAIN };
        let mut all = self.names.lock();
        let names = all.entry((by, lens)).or_default();
        let first = names.number_of.len() as u32;
        let mut new = Vec::new();
        session.values_from(group_of(by).dictionary(), first, |id, value| {
            new.push((id, name(&self.origins, by, &lens, value)))
        })?;
        if !new.is_empty() {
            let grown = Arc::make_mut(names);
            for (id, name) in new {
                let number = grown.names.intern(if name.is_empty() { NONE } else { &name });
                // Entries that are gone leave gaps, which nothing refers to.
                grown.number_of.resize(id as usize + 1, number);
            }
        }
        Ok(Arc::clone(names))
    }
}

fn group_of(by: Dimension) -> Group {
    match by {
        Dimension::Client => Group::Client,
        Dimension::User => Group::User,
        Dimension::Destination | Dimension::Domain => Group::Origin,
        Dimension::Method | Dimension::Status => Group::Kind,
    }
}

fn name(origins: &OriginReader, by: Dimension, lens: &Lens, value: &[u8]) -> Vec<u8> {
    let kind = |part: fn(crate::model::KindParts<'_>) -> Vec<u8>| crate::model::KindParts::read(value).map(part);
    match by {
        Dimension::Client => lens.client(value).into_owned(),
        Dimension::User => lens.user(value).into_owned(),
        Dimension::Destination => (origins.destination)(value).unwrap_or_default().into_bytes(),
        Dimension::Domain => (origins.domain)(value).unwrap_or_default().into_bytes(),
        Dimension::Method => kind(|parts| parts.method.to_vec()).unwrap_or_default(),
        Dimension::Status => kind(|parts| format!("{:03}", parts.status).into_bytes()).unwrap_or_default(),
    }
}

pub(super) fn top(
    session: &Session<'_>,
    filters: &FilterCache,
    names: &NameCache,
    query: &TopQuery,
    lens: &Lens,
) -> StoreResult<Vec<TopEntry>> {
    let group = group_of(query.by);
    let names = names.get(session, query.by, lens)?;
    if query.limit == 0 {
        return Ok(Vec::new());
    }
    // First how many rows each name has; then everything, of the names that are answered.
    let mut rows = vec![0_u64; names.names.len()];
    let mut unnamed = false;
    group_rows(session, filters, group, query.range, |id, more| match names.number_of.get(id as usize) {
        Some(number) => rows[*number as usize] += more,
        None => unnamed = true,
    })?;
    if unnamed {
        // An entry newer than the names: the store moved on between the two.
        return Err(StoreError::Moved);
    }
    let mut order: Vec<u32> = (0..rows.len() as u32).filter(|number| rows[*number as usize] > 0).collect();
    let by_size_then_name = |a: &u32, b: &u32| {
        let larger = rows[*b as usize].cmp(&rows[*a as usize]);
        larger.then_with(|| names.names.get(*a).cmp(names.names.get(*b)))
    };
    if query.limit < order.len() {
        order.select_nth_unstable_by(query.limit - 1, by_size_then_name);
        order.truncate(query.limit);
    }
    order.sort_unstable_by(by_size_then_name);
    let mut place = vec![NO_PLACE; rows.len()];
    order.iter().enumerate().for_each(|(at, number)| place[*number as usize] = at as u32);
    let place_of = |id: u32| names.number_of.get(id as usize).map_or(NO_PLACE, |number| place[*number as usize]);
    let mut sums = vec![Measure::default(); order.len()];
    let wanted = |id| place_of(id) != NO_PLACE;
    group_sums(session, filters, group, query.range, wanted, |id, measure| sums[place_of(id) as usize].add(measure))?;
    let name = |number: u32| String::from_utf8_lossy(names.names.get(number)).into_owned();
    Ok(order.into_iter().zip(sums).map(|(number, measure)| TopEntry { name: name(number), measure }).collect())
}

/// Of a name that is not answered.
const NO_PLACE: u32 = u32::MAX;
