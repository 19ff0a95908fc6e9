//! The embedded engine: column blocks in SQLite, with rollups as a rebuildable cache beside them.
//!
//! Every commit writes blocks; background work folds what they add into hourly and daily sums, joins small neighbours
//! and gives back the space of removed rows. Layouts on disk: docs/STORAGE.md; reasons: docs/ARCHITECTURE.md.

mod block;
mod codec;
mod column;
mod compact;
mod dictionary;
mod filter;
mod fold;
mod groups;
mod open;
mod page;
mod reader;
mod retention;
mod rollup;
mod snapshot;
mod top;
mod totals;
mod verify;
mod writer;

pub use block::Prepared;
pub use verify::Verified;

use crate::model::{
    Advance, Batch, Checkpoint, Clock, Event, EventFilter, Fingerprint, Lens, Mark, OriginReader, Page, PageQuery,
    Reject, RejectReason, Resolution, RowId, StoreStats, TimeRange, TimelinePoint, Timestamp, TopEntry, TopQuery,
};
use crate::store::{EventSink, EventStore, StoreResult};
use filter::FilterCache;
use parking_lot::Mutex;
use reader::{Readers, Session};
use std::path::Path;
use std::sync::Arc;
use top::NameCache;
use totals::CountCache;
use writer::Writer;

/// Events in `events.db`.
#[derive(Debug)]
pub struct ColumnarStore {
    writer: Mutex<Writer>,
    readers: Readers,
    filters: FilterCache,
    names: NameCache,
    counts: CountCache,
    origins: OriginReader,
    clock: Arc<dyn Clock>,
}

impl ColumnarStore {
    /// The database's name in the data directory.
    pub const FILE: &'static str = "events.db";

    /// Opens the store in `data_dir`, which must exist; the database is created where there is none.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Migration`] when the file is no database of this kind or is newer than this build;
    /// it is never recreated.
    pub fn open(data_dir: &Path, origins: OriginReader, clock: Arc<dyn Clock>) -> StoreResult<ColumnarStore> {
        let path = data_dir.join(Self::FILE);
        let writer = Writer::new(open::open(&path)?);
        Ok(ColumnarStore {
            writer: Mutex::new(writer),
            readers: Readers::new(&path),
            filters: FilterCache::default(),
            names: NameCache::new(origins),
            counts: CountCache::default(),
            origins,
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

    /// How many damaged blocks are left out of answers.
    pub fn quarantined_blocks(&self) -> usize {
        self.readers.quarantined()
    }

    /// Reads everything: checks every checksum and sums every row.
    pub fn verify(&self) -> StoreResult<Verified> {
        self.readers.ask(|session| verify::verify(session, &self.filters))
    }

    fn ask<T>(&self, question: impl FnMut(&Session<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.readers.ask(question)
    }
}

impl EventStore for ColumnarStore {
    fn version(&self) -> StoreResult<u64> {
        self.ask(|session| Ok(session.snapshot.state.fingerprint()))
    }

    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>> {
        self.ask(|session| page::page(session, &self.filters, query, lens))
    }

    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64> {
        self.ask(|session| totals::count(session, &self.filters, &self.counts, filter, lens))
    }

    fn event(&self, id: RowId, _lens: &Lens) -> StoreResult<Option<Event>> {
        self.ask(|session| page::event(session, &self.filters, id))
    }

    fn stats(&self) -> StoreResult<StoreStats> {
        self.ask(totals::stats)
    }

    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>> {
        self.ask(|session| totals::timeline(session, range, resolution))
    }

    fn top(&self, query: &TopQuery, lens: &Lens) -> StoreResult<Vec<TopEntry>> {
        self.ask(|session| top::top(session, &self.filters, &self.names, query, lens))
    }

    fn reject_counts(&self) -> StoreResult<Vec<(RejectReason, u64)>> {
        self.ask(|session| {
            let mut query = session.db.prepare_cached("SELECT reason, lines FROM reject_count ORDER BY reason")?;
            let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
            let mut counts = Vec::new();
            for row in rows {
                let (name, lines) = row?;
                counts.extend(reason(&name).map(|reason| (reason, lines)));
            }
            Ok(counts)
        })
    }

    fn rejects(&self, limit: usize) -> StoreResult<Vec<(String, Reject)>> {
        self.ask(|session| {
            let mut query = session
                .db
                .prepare_cached("SELECT source, reason, offset, line FROM reject ORDER BY id DESC LIMIT ?1")?;
            let mut rows = query.query([limit as i64])?;
            let mut rejects = Vec::new();
            while let Some(row) = rows.next()? {
                let bytes: Vec<u8> = row.get(3)?;
                if let Some(reason) = reason(&row.get::<_, String>(1)?) {
                    let reject = Reject { reason, offset: row.get(2)?, bytes: bytes.into() };
                    rejects.push((row.get(0)?, reject));
                }
            }
            Ok(rejects)
        })
    }

    fn clear(&self) -> StoreResult<u64> {
        let removed = retention::clear(&mut self.writer.lock())?;
        self.filters.forget();
        self.names.forget();
        self.counts.forget();
        Ok(removed)
    }

    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        retention::clear_before(&mut self.writer.lock(), cutoff.hour())
    }

    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        self.ask(|session| retention::rows_before(session.db, cutoff.hour()))
    }

    fn maintain(&self) -> StoreResult<bool> {
        let mut writer = self.writer.lock();
        Ok(fold::fold(&mut writer)? || retention::reclaim(&mut writer)? || compact::compact(&mut writer)?)
    }
}

fn reason(name: &str) -> Option<RejectReason> {
    RejectReason::ALL.into_iter().find(|reason| reason.name() == name)
}

impl EventSink for ColumnarStore {
    type Prepared = Prepared;

    fn prepare(&self, batch: &Batch) -> StoreResult<Prepared> {
        Ok(Prepared::of(batch, &self.origins))
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
