//! Sums per bucket of time, by group: from the rollups where time alone is asked, or nothing but the groups themselves;
//! otherwise by looking at the rows that pass.

use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::grouping::Grouping;
use super::groups::bucket_sums;
use super::names::group_of;
use super::parallel::over_blocks;
use super::reader::Session;
use super::rollup::{Group, Level};
use super::rows::{each_measured, passing, touched};
use super::snapshot::BlockMeta;
use super::tally::Tallies;
use super::top::is_answered_by;
use super::totals;
use crate::model::{EventFilter, HOUR_MS, Lens, Measure, Resolution, SeriesPoint, SeriesQuery, Timestamp};
use crate::store::{StoreError, StoreResult};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Sums by bucket and number of the group.
type Buckets = HashMap<(Timestamp, u32), Measure>;

pub(super) fn series(
    session: &Session<'_>,
    filters: &FilterCache,
    query: &SeriesQuery,
    lens: &Lens,
) -> StoreResult<Vec<SeriesPoint>> {
    let range = query.resolution.widened(query.filter.range());
    let filter = EventFilter { range: Some(range), ..query.filter.clone() };
    let filter = filters.resolve(session, &filter, lens)?;
    let grouping = Grouping::by(session, filters, query.by, lens)?;
    let level = match query.resolution {
        Resolution::FiveMinutes => None,
        Resolution::Hour => Some(Level::Hour),
        Resolution::Day => Some(Level::Day),
    };
    let group = match query.by {
        Some(by) => group_of(by).filter(|group| is_answered_by(&filter, *group)),
        None => filter.sole_group(),
    };
    let buckets = match (level, group) {
        _ if query.by.is_none() && filter.is_time_only() => {
            let points = totals::timeline(session, range, query.resolution)?;
            points.into_iter().map(|point| ((point.time, 0), point.totals.measure)).collect()
        }
        (Some(level), Some(group)) => from_sums(session, filters, group, level, &filter, &grouping)?,
        _ => from_rows(session, filters, &filter, &grouping, query.resolution)?,
    };
    let mut points: Vec<_> = buckets.into_iter().collect();
    points.sort_unstable_by(|((time, a), _), ((other, b), _)| {
        time.cmp(other).then_with(|| grouping.name(*a).cmp(grouping.name(*b)))
    });
    let name = |number| String::from_utf8_lossy(grouping.name(number)).into_owned();
    let point = |((time, number), measure)| SeriesPoint { time, name: name(number), measure };
    Ok(points.into_iter().map(point).collect())
}

fn from_sums(
    session: &Session<'_>,
    filters: &FilterCache,
    group: Group,
    level: Level,
    filter: &Resolved,
    grouping: &Grouping,
) -> StoreResult<Buckets> {
    let mut buckets = Buckets::new();
    let wanted = |id| filter.accepts(id);
    bucket_sums(session, filters, group, filter.range, level, wanted, |hour, id, measure| {
        if let Some(number) = grouping.number(id) {
            buckets.entry((Timestamp(hour * HOUR_MS), number)).or_default().add(measure);
        }
    })?;
    Ok(buckets)
}

fn from_rows(
    session: &Session<'_>,
    filters: &FilterCache,
    filter: &Resolved,
    grouping: &Grouping,
    resolution: Resolution,
) -> StoreResult<Buckets> {
    let tallies = Tallies::default();
    let sums_of = |session: &Session<'_>, block: &BlockMeta| -> StoreResult<Vec<((Timestamp, u32), Measure)>> {
        let mut found = Vec::new();
        let Some(rows) = passing(session, filter, block)? else { return Ok(found) };
        let times = times(session, block)?;
        tallies.lend(|tally| {
            let mut bucket = Timestamp(i64::MIN)..Timestamp(i64::MIN);
            each_measured(session, filters, block, grouping, &rows, |row, number, outcome, bytes, taken| {
                let time = times.of_row(row);
                if !bucket.contains(&time) {
                    found.extend(tally.drain().map(|(number, measure)| ((bucket.start, number), measure)));
                    let start = time.floor_to(resolution.width_ms());
                    bucket = start..Timestamp(start.0.saturating_add(resolution.width_ms()));
                }
                tally.row(number, outcome, bytes, taken);
            })?;
            found.extend(tally.drain().map(|(number, measure)| ((bucket.start, number), measure)));
            Ok(found)
        })
    };
    let mut buckets = Buckets::new();
    over_blocks(session, &touched(session, filter), sums_of, |_, sums| {
        sums.iter().for_each(|(key, measure)| buckets.entry(*key).or_default().add(measure));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(buckets)
}

/// The times of a block's rows.
pub(super) struct Times {
    frames: Vec<std::sync::Arc<[i64]>>,
    frame_rows: usize,
}

/// The times of a block's rows.
pub(super) fn times(session: &Session<'_>, block: &BlockMeta) -> StoreResult<Times> {
    let header = session.header(block.id, Column::Time)?.ok_or(StoreError::Moved)?;
    let frames = (0..header.row_frames()).map(|frame| session.ints(block, Column::Time, frame));
    Ok(Times { frames: frames.collect::<StoreResult<_>>()?, frame_rows: header.frame_rows.max(1) })
}

impl Times {
    #[inline]
    pub(super) fn of_row(&self, row: usize) -> Timestamp {
        Timestamp(self.frames[row / self.frame_rows][row % self.frame_rows])
    }
}
