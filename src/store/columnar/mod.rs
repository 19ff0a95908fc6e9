//! The embedded engine: column blocks in SQLite, with rollups as a rebuildable cache beside them.
//!
//! Every commit writes blocks; background work folds what they add into hourly and daily sums, joins small neighbours
//! and gives back the space of removed rows. Layouts on disk: docs/STORAGE.md; reasons: docs/ARCHITECTURE.md.

mod asked;
mod best;
mod bits;
mod blank;
mod block;
mod buckets;
mod clients;
mod codec;
mod column;
mod compact;
mod delta;
mod dictionary;
mod durations;
mod erase;
mod file_category;
mod filter;
mod findings;
mod first_seen;
mod fold;
mod grouping;
mod groups;
mod hosts;
mod id_set;
mod listing;
mod maintenance;
mod names;
mod open;
mod origin_terms;
mod page;
mod parallel;
mod past;
mod paths;
mod ranks;
mod reader;
mod rejects;
mod rescore;
mod retention;
mod rewrite;
mod rollup;
mod rows;
mod scores;
mod seen;
mod select;
mod selection;
mod series;
mod sinks;
mod sizes;
mod snapshot;
mod sort;
mod space;
mod subject;
mod sums;
mod sums_chunked;
mod sums_whole;
mod tally;
mod top;
mod totals;
mod traces;
mod upgrade;
mod url;
mod verdicts;
mod verify;
mod visits;
mod words;
mod writer;

pub use block::Prepared;
pub use space::Space;
pub use verify::Verified;

use crate::model::{
    Advance, Arrivals, Batch, Checkpoint, Classifiers, Clock, Dimension, Durations, Erased, ErasureProgress, Event,
    EventFilter, Finding, FindingStatus, Fingerprint, GroupQuery, Groups, Lens, Mark, Page, PageQuery, RejectCount,
    RejectPage, RejectQuery, Resolution, RowId, Seen, SeriesPoint, SeriesQuery, Sort, StoreStats, Subject, SubjectKind,
    TimeRange, TimelinePoint, Timestamp, Traces, VisitNames, VisitSink,
};
use crate::store::{EventSink, EventStore, Rescored, StoreError, StoreResult, Vacuumed};
use erase::Begun;
use filter::FilterCache;
use parking_lot::Mutex;
use ranks::RankCache;
use reader::{Readers, Session};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use totals::CountCache;
use writer::Writer;

/// Events in `events.db`.
#[derive(Debug)]
pub struct ColumnarStore {
    writer: Mutex<Writer>,
    readers: Readers,
    filters: FilterCache,
    counts: CountCache,
    ranks: RankCache,
    classifiers: Classifiers,
    clock: Arc<dyn Clock>,
}

impl ColumnarStore {
    /// The database's name in the data directory.
    pub const FILE: &'static str = "events.db";
    /// The layout that this build writes, and the newest that it reads.
    pub const LAYOUT: u64 = open::MIGRATIONS.len() as u64;

    /// Opens the store in `data_dir`, which must exist; the database is created where there is none.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Migration`] when the file is no database of this kind or is newer than this build;
    /// it is never recreated.
    pub fn open(data_dir: &Path, classifiers: Classifiers, clock: Arc<dyn Clock>) -> StoreResult<ColumnarStore> {
        let path = data_dir.join(Self::FILE);
        let mut writer = Writer::new(open::open(&path)?);
        upgrade::upgrade(&mut writer, &classifiers)?;
        Ok(ColumnarStore {
            writer: Mutex::new(writer),
            readers: Readers::new(&path),
            filters: FilterCache::new(classifiers),
            counts: CountCache::default(),
            ranks: RankCache::default(),
            classifiers,
            clock,
        })
    }

    /// Folds and joins all there is and moves the write-ahead log into the database: the smallest the store gets.
    pub fn settle(&self) -> StoreResult<()> {
        while fold::fold_round(&mut self.writer.lock())? {}
        while self.maintain()? {}
        self.writer.lock().db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// How long a change waits while another process changes the database, before it fails; a minute unless told.
    ///
    /// # Errors
    /// What the database engine says.
    pub fn wait_for_others(&self, patience: Duration) -> StoreResult<()> {
        Ok(self.writer.lock().db.busy_timeout(patience)?)
    }

    /// How many damaged blocks are left out of answers.
    pub fn quarantined_blocks(&self) -> usize {
        self.readers.quarantined()
    }

    /// Reads everything: checks every checksum and sums every row.
    pub fn verify(&self) -> StoreResult<Verified> {
        self.readers.ask(|session| verify::verify(session, &self.filters))
    }

    /// What takes the space.
    pub fn space(&self) -> StoreResult<Space> {
        self.ask(space::space)
    }

    fn ask<T>(&self, question: impl FnMut(&Session<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.readers.ask(question)
    }
}

impl EventStore for ColumnarStore {
    fn version(&self) -> StoreResult<u64> {
        self.ask(|session| Ok(session.snapshot.state.fingerprint()))
    }

    fn identity(&self) -> StoreResult<u128> {
        self.ask(|session| Ok(session.snapshot.state.identity()))
    }

    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>> {
        self.ask(|session| match query.sort {
            Sort::Time => page::page(session, &self.filters, query, lens),
            _ => sort::page(session, &self.filters, &self.ranks, query, lens),
        })
    }

    fn arrivals(&self, filter: &EventFilter, lens: &Lens, after: RowId, limit: usize) -> StoreResult<Arrivals<Event>> {
        self.ask(|session| page::arrivals(session, &self.filters, (filter, lens), after, limit))
    }

    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64> {
        self.ask(|session| totals::count(session, &self.filters, &self.counts, filter, lens))
    }

    fn event(&self, id: RowId) -> StoreResult<Option<Event>> {
        self.ask(|session| page::event(session, &self.filters, id))
    }

    fn stats(&self) -> StoreResult<StoreStats> {
        self.ask(totals::stats)
    }

    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>> {
        self.ask(|session| totals::timeline(session, range, resolution))
    }

    fn groups(&self, query: &GroupQuery, lens: &Lens) -> StoreResult<Groups> {
        self.ask(|session| top::groups(session, &self.filters, query, lens))
    }

    fn series(&self, query: &SeriesQuery, lens: &Lens) -> StoreResult<Vec<SeriesPoint>> {
        self.ask(|session| series::series(session, &self.filters, query, lens))
    }

    fn seen(&self, by: Dimension, names: &[String], range: TimeRange, lens: &Lens) -> StoreResult<Vec<Option<Seen>>> {
        self.ask(|session| seen::seen(session, &self.filters, by, names, range, lens))
    }

    fn max_scores(
        &self,
        by: Dimension,
        names: &[String],
        range: TimeRange,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<u32>>> {
        self.ask(|session| scores::max_scores(session, &self.filters, by, names, range, lens))
    }

    fn durations(
        &self,
        by: Option<Dimension>,
        names: &[String],
        filter: &EventFilter,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<Durations>>> {
        self.ask(|session| durations::durations(session, &self.filters, (by, names), filter, lens))
    }

    fn first_seen(&self, by: Dimension, since: Timestamp, limit: usize) -> StoreResult<Vec<(String, Timestamp)>> {
        self.ask(|session| seen::first_seen(session, &self.filters, by, since, limit))
    }

    fn reject_counts(&self) -> StoreResult<Vec<RejectCount>> {
        self.ask(rejects::counts)
    }

    fn rejects(&self, query: &RejectQuery) -> StoreResult<RejectPage> {
        self.ask(|session| rejects::page(session, query))
    }

    fn replace_rejects(&self, rejects: &[u64], rows: &[Batch]) -> StoreResult<()> {
        let prepared = rows.iter().map(|batch| Prepared::of(batch, &self.classifiers)).collect();
        self.writer.lock().replace_rejects(rejects, prepared, &*self.clock)
    }

    fn subject(&self, shown: &str, kind: SubjectKind, lens: &Lens) -> StoreResult<Option<Subject>> {
        self.ask(|session| subject::subject(session, &self.filters, shown, kind, lens))
    }

    fn subject_rows(&self, subject: &Subject, after: RowId, limit: usize) -> StoreResult<Vec<Event>> {
        self.ask(|session| subject::subject_rows(session, &self.filters, subject, after, limit))
    }

    fn erase(&self, subject: &Subject, progress: &mut dyn FnMut(ErasureProgress)) -> StoreResult<Erased> {
        if subject.is_nobody() {
            return Err(StoreError::Invalid("name the client or user to erase".to_owned()));
        }
        let Begun { mut erased, ids } = erase::begin(&self.readers, &self.filters, &self.writer, subject)?;
        let mut now = ErasureProgress::default();
        loop {
            // Others write between two steps.
            let left = blank::progress(&self.writer.lock().db)?;
            now = left.unwrap_or(ErasureProgress { done: now.total, ..now });
            progress(now);
            if !blank::step(&self.readers, &self.filters, &mut self.writer.lock())? {
                break;
            }
        }
        for id in ids {
            erased.unreadable_blocks = erased.unreadable_blocks.max(blank::unreadable(&self.writer.lock().db, id)?);
        }
        Ok(erased)
    }

    fn find_traces(&self, subject: &Subject) -> StoreResult<Traces> {
        self.ask(|session| traces::find(session, self.readers.path(), subject))
    }

    fn rescore(&self, after: RowId, scorer: &mut dyn FnMut(&Event, &mut Vec<u8>)) -> StoreResult<Option<Rescored>> {
        rescore::rescore(self, after, scorer)
    }

    fn clear(&self) -> StoreResult<u64> {
        retention::clear(&mut self.writer.lock())
    }

    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        retention::clear_before(&mut self.writer.lock(), cutoff.hour())
    }

    fn clear_archived(&self, cutoff: Timestamp, up_to: RowId) -> StoreResult<u64> {
        retention::clear_archived(&mut self.writer.lock(), cutoff.hour(), up_to)
    }

    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        self.ask(|session| retention::rows_before(session.db, cutoff.hour()))
    }

    fn past(&self, range: TimeRange) -> StoreResult<Vec<TimelinePoint>> {
        self.ask(|session| past::hours(session.db, range))
    }

    fn forget_past(&self, before: Timestamp) -> StoreResult<u64> {
        past::forget(&mut self.writer.lock(), before.hour())
    }

    fn vacuum(&self) -> StoreResult<Vacuumed> {
        maintenance::vacuum(&self.writer.lock().db)
    }

    fn analyze(&self) -> StoreResult<()> {
        maintenance::analyze(&self.writer.lock().db)
    }

    fn rebuild_sums(&self, progress: &mut dyn FnMut(u64, u64)) -> StoreResult<u64> {
        let hours = maintenance::forget_all_sums(&mut self.writer.lock())?;
        loop {
            let left = maintenance::dirty_hours(&self.writer.lock().db)?;
            progress(hours.saturating_sub(left), hours);
            if left == 0 {
                return Ok(hours);
            }
            // Others write between two steps.
            blank::step(&self.readers, &self.filters, &mut self.writer.lock())?;
        }
    }

    fn visits(&self, range: TimeRange, sink: &mut dyn VisitSink) -> StoreResult<Box<dyn VisitNames>> {
        self.ask(|session| visits::visits(session, &self.filters, range, sink))
    }

    fn findings(&self) -> StoreResult<Vec<Finding>> {
        self.ask(|session| findings::all(session.db))
    }

    fn removals(&self) -> StoreResult<u64> {
        self.ask(|session| Ok(session.snapshot.removals()))
    }

    fn keep_findings(&self, found: &[Finding], removals: u64) -> StoreResult<u64> {
        findings::keep(&mut self.writer.lock(), found, removals)
    }

    fn set_finding_status(&self, id: u64, status: FindingStatus, note: &str) -> StoreResult<bool> {
        findings::set_status(&mut self.writer.lock(), id, status, note)
    }

    fn maintain(&self) -> StoreResult<bool> {
        let mut writer = self.writer.lock();
        Ok(fold::fold(&mut writer)?
            || writer.index()?
            || blank::step(&self.readers, &self.filters, &mut writer)?
            || retention::reclaim(&mut writer)?
            || compact::compact(&mut writer)?
            || maintenance::shrink(&writer.db)?)
    }
}

impl EventSink for ColumnarStore {
    type Prepared = Prepared;

    fn prepare(&self, batch: &Batch) -> StoreResult<Prepared> {
        Ok(Prepared::of(batch, &self.classifiers))
    }

    fn append(&self, batches: Vec<Prepared>, advances: &[Advance]) -> StoreResult<()> {
        self.writer.lock().append(batches, advances, &*self.clock)
    }

    fn checkpoint(&self, fingerprint: Fingerprint) -> StoreResult<Option<Checkpoint>> {
        self.ask(|session| writer::read_checkpoint(session.db, fingerprint))
    }

    fn marks(&self, fingerprint: Fingerprint) -> StoreResult<Vec<Mark>> {
        self.ask(|session| writer::read_marks(session.db, fingerprint))
    }
}
