//! Sums per group over a window: whole days and whole hours from the rollups and from what blocks have not yet had
//! folded into them, the rest of an hour by looking at its rows.

use super::block::Dictionary;
use super::buckets::Buckets;
use super::column::Column;
use super::delta::read_delta;
use super::filter::{FilterCache, Resolved};
use super::reader::{Session, corrupt};
use super::rollup::{Group, Level, rollup_row};
use super::select::scan;
use super::sinks::{IdPlaces, PlacedSums, Sink, Sizes, Sums};
use super::sizes::GroupSizes;
use super::snapshot::{BlockMeta, Snapshot};
use crate::model::{GroupOrder, Measure, TimeRange};
use crate::store::{StoreError, StoreResult};
use rusqlite::OptionalExtension;
use std::collections::BTreeSet;
use std::sync::Arc;

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
            Group::Verdict => Dictionary::Verdict,
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

/// How large every group of the window is in that order, by dictionary id.
pub(super) fn group_sizes(
    session: &Session<'_>,
    cache: &FilterCache,
    group: Group,
    range: TimeRange,
    order: GroupOrder,
) -> StoreResult<Arc<GroupSizes>> {
    cache.sizes.get(session, (group, range, order), || {
        let room = session.highest_id(group.dictionary())?.map_or(0, |highest| highest as usize + 1);
        let mut sizes = Sizes::of(order, room);
        visit(session, cache, group, range, Level::Day, &mut sizes)?;
        Ok(sizes)
    })
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
    let (buckets, forgotten) = Buckets::find(session, &reading, group, days.into_iter().chain(hours))?;
    // Sums that were forgotten will be put together anew: nothing is wrong with them.
    forgotten.into_iter().for_each(|(level, number)| parts.look_at_rows(level, number, snapshot));
    for (level, number, reason) in sink.buckets(&buckets)? {
        tracing::warn!(reason, "sums can't be read; their rows are counted instead");
        parts.look_at_rows(level, number, snapshot);
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
            let (Some(kind), Some(id)) = (kind_ids.get(kind_codes[at] as usize), group_ids.get(codes[at] as usize))
            else {
                return Err(corrupt(block.id, Column::Kind, "a code has no id"));
            };
            let kind = kinds.get(*kind as usize).and_then(Option::as_ref);
            let kind = kind.ok_or_else(|| session.without_entry(block, Column::Kind))?;
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
    use super::super::ColumnarStore;
    use super::super::erase;
    use super::super::origin_terms::tests::CLASSIFIERS;
    use super::*;
    use crate::model::{
        AccessEvent, Batch, Dimension, FixedClock, GroupQuery, HOUR_MS, Lens, SourceName, Subject, SubjectKind, Target,
        Timestamp,
    };
    use crate::store::{EventSink, EventStore};
    use parking_lot::Mutex;

    /// What is logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_sums_that_were_damaged_are_warned_of() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(0)));
        let store = ColumnarStore::open(directory.path(), CLASSIFIERS, clock).unwrap();
        let mut batch = Batch::new(SourceName::default());
        for c_ip in [&b"10.0.0.1"[..], b"10.0.0.2", b"10.0.0.2"] {
            let event = AccessEvent { c_ip, canonical: true, ..AccessEvent::default() };
            batch.push(&event, &Target { origin: b"http://a.example", rest: b"/", had_userinfo: false }, b"");
        }
        store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
        store.settle().unwrap();
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let rows_of = |hours: i64| {
            let range = TimeRange { from: Timestamp(0), until: Timestamp(hours * HOUR_MS) };
            let groups = store.groups(&GroupQuery::of(Dimension::Client, range, 9), &Lens::PLAIN).unwrap();
            groups.entries.iter().map(|entry| entry.measure.outcomes.total()).collect::<Vec<_>>()
        };
        tracing::subscriber::with_default(subscriber, || {
            assert_eq!(rows_of(24), [2, 1]);
            let subject = Subject::new(SubjectKind::Client, b"10.0.0.1");
            erase::begin(&store.readers, &store.filters, &store.writer, &subject).unwrap();
            assert_eq!(rows_of(24), [2]);
            assert_eq!(String::from_utf8_lossy(&log.0.lock()), "");
            store.writer.lock().db.execute("UPDATE rollup SET data = x'0102030405'", []).unwrap();
            // Of another window: the store doesn't know that it was changed.
            assert_eq!(rows_of(48), [2]);
            assert!(String::from_utf8_lossy(&log.0.lock()).contains("sums can't be read"));
        });
    }

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
