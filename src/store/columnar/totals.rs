//! Totals: over everything, per bucket of time, and how many rows a filter names.

use super::filter::{FilterCache, Resolved, scan};
use super::groups::group_rows;
use super::reader::Session;
use super::rollup::Group;
use super::snapshot::{Snapshot, State};
use super::writer::read_totals;
use crate::model::{EventFilter, HOUR_MS, Lens, Resolution, StoreStats, TimeRange, TimelinePoint, Timestamp};
use crate::store::{StoreError, StoreResult};
use parking_lot::Mutex;
use std::collections::HashMap;

/// Counts kept in memory.
const CACHED_COUNTS: usize = 256;

/// Counts of filters that took a scan: up to which row, in which generation.
#[derive(Debug, Default)]
pub(super) struct CountCache(Mutex<HashMap<(EventFilter, Lens), Counted>>);

#[derive(Clone, Copy, Debug)]
struct Counted {
    /// The store's generation: changes when rows go.
    generation: u64,
    up_to_row: u64,
    rows: u64,
}

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

/// Exactly how many rows pass. Time alone is answered by zone maps, one more predicate by rollups; several are
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
    let single = match &resolved {
        Resolved { kinds: Some(kinds), clients: None, users: None, sources: None, .. } => Some((Group::Kind, kinds)),
        Resolved { kinds: None, clients: Some(clients), users: None, sources: None, .. } => {
            Some((Group::Client, clients))
        }
        _ => None,
    };
    if let Some((group, ids)) = single {
        let mut rows = 0;
        group_rows(session, filters, group, resolved.range, |id, more| {
            if ids.contains(id) {
                rows += more;
            }
        })?;
        return Ok(rows);
    }
    let snapshot = &session.snapshot;
    let generation = snapshot.state.generation;
    let key = (filter.clone(), *lens);
    let known = counts.0.lock().get(&key).copied().filter(|known| known.generation == generation);
    let (mut rows, from_row) = known.map_or((0, 0), |known| (known.rows, known.up_to_row));
    for block in snapshot.blocks.iter().filter(|block| block.last_row() > from_row) {
        let skip = from_row.saturating_sub(block.first_row - 1);
        if block.hours.iter().any(|(hour, _)| resolved.range.touches_hour(*hour)) {
            scan(session, block, &resolved, TimeRange::ALL, |row, _| rows += u64::from(u64::from(row) >= skip))?;
        }
    }
    let up_to_row = snapshot.blocks.last().map_or(0, |block| block.last_row());
    let mut cache = counts.0.lock();
    if cache.len() >= CACHED_COUNTS {
        cache.clear();
    }
    cache.insert(key, Counted { generation, up_to_row, rows });
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
            scan(session, block, filter, within, |_, _| rows += 1)?;
        }
    }
    Ok(rows)
}
