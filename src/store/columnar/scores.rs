//! The highest scores of groups: one look at group and verdict of every row that has points.

use super::block::Dictionary;
use super::column::Column;
use super::filter::FilterCache;
use super::grouping::{Grouping, NO_NUMBER};
use super::parallel::over_blocks;
use super::reader::{Session, corrupt};
use super::rows::{frames, passing, touched};
use super::snapshot::BlockMeta;
use crate::model::{Dimension, EventFilter, Lens, TimeRange, Verdict};
use crate::store::StoreResult;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The highest score of rows of the range, of groups by name; `None` where no row has points.
pub(super) fn max_scores(
    session: &Session<'_>,
    filters: &FilterCache,
    by: Dimension,
    names: &[String],
    range: TimeRange,
    lens: &Lens,
) -> StoreResult<Vec<Option<u32>>> {
    let with_points = EventFilter { min_score: Some(1), ..EventFilter::within(range) };
    let filter = filters.resolve(session, &with_points, lens)?;
    let grouping = Grouping::by(session, filters, Some(by), lens)?;
    let verdicts = filters.names.get(session, Dimension::Verdict, lens)?;
    let score = |id: &u32| verdicts.shown(*id).and_then(Verdict::read).map_or(0, |verdict| verdict.score);
    let in_block = |session: &Session<'_>, block: &BlockMeta| -> StoreResult<HashMap<u32, u32>> {
        let mut most = HashMap::new();
        let Some(rows) = passing(session, &filter, block)? else { return Ok(most) };
        let groups = grouping.of_block(session, block)?;
        let scores: Vec<u32> = session.ids(block, Dictionary::Verdict)?.iter().map(score).collect();
        for (frame, range) in frames(session, block, &rows)? {
            let groups = groups.of_frame(session, block, frame)?;
            let codes = session.codes(block, Column::Verdict, frame)?;
            for at in rows.iter_in(range.clone()).map(|row| row - range.start) {
                let score = scores.get(codes[at] as usize);
                let score = *score.ok_or_else(|| corrupt(block.id, Column::Verdict, "a code has no id"))?;
                let number = groups.number(at);
                if number != NO_NUMBER {
                    let known = most.entry(number).or_default();
                    *known = score.max(*known);
                }
            }
        }
        Ok(most)
    };
    let mut most: HashMap<Vec<u8>, u32> = HashMap::new();
    over_blocks(session, &touched(session, &filter), in_block, |_, found| {
        for (number, score) in found {
            let known = most.entry(grouping.name(number).to_vec()).or_default();
            *known = score.max(*known);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(names.iter().map(|name| most.get(name.as_bytes()).copied()).collect())
}
