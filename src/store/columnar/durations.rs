//! How long requests of groups took: one look at every row that passes.

use super::filter::FilterCache;
use super::grouping::Grouping;
use super::parallel::over_blocks;
use super::reader::Session;
use super::rows::{each_measured, passing, touched};
use super::snapshot::BlockMeta;
use crate::model::{Dimension, DurationCounts, Durations, EventFilter, Lens};
use crate::store::StoreResult;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// How long the rows that pass took, of groups by name; `None` where no row passes.
pub(super) fn durations(
    session: &Session<'_>,
    filters: &FilterCache,
    (by, names): (Option<Dimension>, &[String]),
    filter: &EventFilter,
    lens: &Lens,
) -> StoreResult<Vec<Option<Durations>>> {
    let filter = filters.resolve(session, filter, lens)?;
    let grouping = Grouping::by(session, filters, by, lens)?;
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name.as_bytes()).or_insert(place);
    }
    // Names are asked as they are answered.
    let place_of = |number: u32| places.get(String::from_utf8_lossy(grouping.name(number)).as_bytes()).copied();
    let in_block = |session: &Session<'_>, block: &BlockMeta| -> StoreResult<HashMap<usize, DurationCounts>> {
        let mut found: HashMap<usize, DurationCounts> = HashMap::new();
        let Some(rows) = passing(session, &filter, block)? else { return Ok(found) };
        // Some groupings number groups as they meet them.
        let mut known: Vec<Option<Option<usize>>> = Vec::new();
        let mut counts: Vec<Option<DurationCounts>> = vec![None; names.len()];
        each_measured(session, filters, block, &grouping, &rows, |_, number, _, _, taken| {
            let at = number as usize;
            if at >= known.len() {
                known.resize(at + 1, None);
            }
            if let Some(place) = *known[at].get_or_insert_with(|| place_of(number)) {
                counts[place].get_or_insert_default().add(taken);
            }
        })?;
        found.extend(counts.into_iter().enumerate().filter_map(|(place, counts)| Some((place, counts?))));
        Ok(found)
    };
    let mut sums: HashMap<usize, DurationCounts> = HashMap::new();
    over_blocks(session, &touched(session, &filter), in_block, |_, found| {
        found.iter().for_each(|(place, counts)| sums.entry(*place).or_default().merge(counts));
        Ok(ControlFlow::Continue(()))
    })?;
    let summary = |name: &String| sums.get(places.get(name.as_bytes())?)?.summary();
    Ok(names.iter().map(summary).collect())
}
