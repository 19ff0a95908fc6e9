//! Totals: over everything, per bucket of time, and how many rows a filter names.

use super::block::Dictionary;
use super::filter::{FilterCache, Resolved};
use super::groups::group_sizes;
use super::parallel::over_blocks;
use super::reader::Session;
use super::select::select;
use super::snapshot::{BlockMeta, Snapshot, State};
use super::writer::read_totals;
use crate::model::{
    EventFilter, GroupOrder, HOUR_MS, Lens, Resolution, StoreStats, TimeRange, TimelinePoint, Timestamp,
};
use crate::store::{StoreError, StoreResult};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Counts kept in memory.
const CACHED_COUNTS: usize = 256;

/// Counts of filters that took a scan: up to which row, and as of what else.
#[derive(Debug, Default)]
pub(super) struct CountCache(Mutex<HashMap<(EventFilter, Lens), Counted>>);

#[derive(Clone, Copy, Debug)]
struct Counted {
    as_of: AsOf,
    up_to_row: u64,
    rows: u64,
}

/// What makes a count of the same rows another: removals, and for filters on verdicts whatever moves blocks, as scoring
/// anew does.
type AsOf = (u64, Option<u64>);

pub(super) fn stats(session: &Session<'_>) -> StoreResult<StoreStats> {
    let reading = session.db.unchecked_transaction()?;
    let state = State::read(&reading)?;
    let mut stats = StoreStats {
        last_import: state.last_import,
        highest_row: state.next_row.saturating_sub(1),
        ..StoreStats::default()
    };
    let mut query = reading.prepare_cached("SELECT * FROM total_1h")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let sums = read_totals(row, 1)?;
        stats.totals.add(&sums);
    }
    stats.rejected_lines =
        reading.query_row("SELECT coalesce(sum(lines), 0) FROM reject_count", [], |row| row.get(0))?;
    Ok(stats)
}

pub(super) fn timeline(
    session: &Session<'_>,
    range: TimeRange,
    resolution: Resolution,
) -> StoreResult<Vec<TimelinePoint>> {
    if range.from >= range.until {
        return Ok(Vec::new());
    }
    let (table, width) = match resolution {
        Resolution::FiveMinutes => ("total_5m", resolution.width_ms()),
        Resolution::Hour | Resolution::Day => ("total_1h", HOUR_MS),
    };
    let first = range.from.floor_to(resolution.width_ms()).0.div_euclid(width);
    let end = Timestamp(range.until.0.saturating_sub(1))
        .floor_to(resolution.width_ms())
        .0
        .saturating_add(resolution.width_ms());
    let mut query = session
        .db
        .prepare_cached(&format!("SELECT * FROM {table} WHERE bucket >= ?1 AND bucket < ?2 ORDER BY bucket"))?;
    let mut rows = query.query([first, end.div_euclid(width)])?;
    let mut points: Vec<TimelinePoint> = Vec::new();
    while let Some(row) = rows.next()? {
        let time = Timestamp(row.get::<_, i64>(0)? * width).floor_to(resolution.width_ms());
        let totals = read_totals(row, 1)?;
        match points.last_mut().filter(|point| point.time == time) {
            Some(point) => point.totals.add(&totals),
            None => points.push(TimelinePoint { time, totals }),
        }
    }
    Ok(points)
}

/// Exactly how many rows pass. Time alone is answered by zone maps, what one dictionary answers by rollups; the rest is
/// scanned for once, and then only for newer rows.
pub(super) fn count(
    session: &Session<'_>,
    filters: &FilterCache,
    counts: &CountCache,
    filter: &EventFilter,
    lens: &Lens,
) -> StoreResult<u64> {
    let resolved = filters.resolve(session, filter, lens)?;
    if resolved.is_time_only() {
        return count_by_hours(session, &resolved);
    }
    if resolved.is_nothing() {
        return Ok(0);
    }
    if let Some(group) = resolved.sole_group() {
        let sizes = group_sizes(session, filters, group, resolved.range, GroupOrder::Rows)?;
        return Ok(sizes.iter().filter(|(id, _)| resolved.accepts(*id)).map(|(_, rows)| rows).sum());
    }
    let snapshot = &session.snapshot;
    let as_of: AsOf = (snapshot.removals(), resolved.asks(Dictionary::Verdict).then_some(snapshot.state.epoch));
    let up_to_row = snapshot.blocks.last().map_or(0, |block| block.last_row());
    let key = (filter.clone(), *lens);
    // Who asked at the same time may have seen more rows than this snapshot has: that count is not of these rows.
    let is_of_these = |known: &Counted| known.as_of == as_of && known.up_to_row <= up_to_row;
    let known = counts.0.lock().get(&key).copied().filter(is_of_these);
    let (mut rows, from_row) = known.map_or((0, 0), |known| (known.rows, known.up_to_row));
    let touches = |block: &BlockMeta| block.hours.iter().any(|(hour, _)| resolved.range.touches_hour(*hour));
    let new = snapshot.blocks.iter().filter(|block| block.last_row() > from_row && touches(block));
    let blocks: Vec<_> = new.cloned().collect();
    let work = |session: &Session<'_>, block: &BlockMeta| {
        let counted = (from_row + 1).saturating_sub(block.first_row) as usize;
        Ok(select(session, block, &resolved, TimeRange::ALL)?.count_in(counted..block.rows as usize))
    };
    over_blocks(session, &blocks, work, |_, more| {
        rows += more as u64;
        Ok(ControlFlow::Continue(()))
    })?;
    let mut cache = counts.0.lock();
    if cache.len() >= CACHED_COUNTS {
        cache.clear();
    }
    cache.insert(key, Counted { as_of, up_to_row, rows });
    Ok(rows)
}

fn count_by_hours(session: &Session<'_>, filter: &Resolved) -> StoreResult<u64> {
    let mut rows = 0;
    for (hour, blocks) in session.snapshot.hours_in(filter.range) {
        if filter.range.contains_hour(hour) {
            rows += Snapshot::rows_in_hour(blocks);
            continue;
        }
        let within = TimeRange::of_hour(hour);
        for (index, _) in blocks {
            let block = session.snapshot.blocks.get(*index as usize).ok_or(StoreError::Moved)?;
            rows += select(session, block, filter, within)?.count() as u64;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::super::ColumnarStore;
    use super::super::origin_terms::tests::CLASSIFIERS;
    use super::*;
    use crate::model::{AccessEvent, Batch, ClientTerm, Event, FixedClock, SourceName, Target, Terms};
    use crate::store::{EventSink, EventStore};
    use std::sync::Arc;

    fn append(store: &ColumnarStore, rows: usize) {
        let mut batch = Batch::new(SourceName::default());
        for _ in 0..rows {
            let event = AccessEvent { c_ip: b"10.0.0.1", cs_method: b"GET", canonical: true, ..AccessEvent::default() };
            batch.push(&event, &Target { origin: b"http://a.example", rest: b"/", had_userinfo: false }, b"");
        }
        store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
    }

    /// Two ask the same at the same time, and the slower one began before rows came.
    #[test]
    fn a_count_of_fewer_rows_spoils_no_count_of_more() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(0)));
        let store = ColumnarStore::open(directory.path(), CLASSIFIERS, clock).unwrap();
        let filter = EventFilter {
            client_ip: Terms { any: vec![ClientTerm::parse("10.0.0.1")], none: Vec::new() },
            method: Terms { any: vec!["get".to_owned()], none: Vec::new() },
            ..EventFilter::default()
        };
        let counted = || store.count(&filter, &Lens::PLAIN).unwrap();
        append(&store, 3);
        let slower = store.ask(|session| {
            append(&store, 2);
            assert_eq!(counted(), 5);
            count(session, &store.filters, &store.counts, &filter, &Lens::PLAIN)
        });
        assert_eq!((slower.unwrap(), counted(), counted()), (3, 5, 5));
    }

    #[test]
    fn scoring_anew_counts_anew() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(0)));
        let store = ColumnarStore::open(directory.path(), CLASSIFIERS, clock).unwrap();
        let filter = EventFilter {
            client_ip: Terms { any: vec![ClientTerm::parse("10.0.0.1")], none: Vec::new() },
            min_score: Some(5),
            ..EventFilter::default()
        };
        append(&store, 3);
        assert_eq!(store.count(&filter, &Lens::PLAIN).unwrap(), 0);
        let mut scorer = |_: &Event, out: &mut Vec<u8>| out.extend_from_slice(b"5 2 sql 1:5");
        let mut after = 0;
        while let Some(done) = store.rescore(after, &mut scorer).unwrap() {
            after = done.up_to;
        }
        assert_eq!(store.count(&filter, &Lens::PLAIN).unwrap(), 3);
    }
}
