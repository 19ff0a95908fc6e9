//! Where events live. [`EventStore`] asks analytics questions, not SQL; every question carries a [`Lens`], and
//! predicates, groups and sorts see what the lens shows. [`EventSink`] is the way in.
//!
//! Implementations: [`columnar`] (the default, embedded). The behaviour suite in `tests/it/store/` runs against each.

pub mod columnar;
mod error;

pub use error::{StoreError, StoreResult};

use crate::model::{
    Advance, Batch, Checkpoint, Event, EventFilter, Fingerprint, Lens, Mark, Page, PageQuery, Reject, RejectReason,
    Resolution, RowId, StoreStats, TimeRange, TimelinePoint, Timestamp, TopEntry, TopQuery,
};

/// Questions about stored events, and the removal of them.
pub trait EventStore: Send + Sync {
    /// A number that changes whenever an answer may, and differs between stores.
    fn version(&self) -> StoreResult<u64>;

    /// A page of rows in time order.
    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>>;

    /// How many rows match, exactly.
    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64>;

    /// One row; `None` when there is none of that number.
    fn event(&self, id: RowId, lens: &Lens) -> StoreResult<Option<Event>>;

    /// Totals over everything.
    fn stats(&self) -> StoreResult<StoreStats>;

    /// Sums per bucket over the buckets that lie in `range`, in order of time; empty buckets are left out. The
    /// range is widened to whole buckets.
    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>>;

    /// The largest groups, by rows, as the lens names them.
    fn top(&self, query: &TopQuery, lens: &Lens) -> StoreResult<Vec<TopEntry>>;

    /// Rejected lines by reason.
    fn reject_counts(&self) -> StoreResult<Vec<(RejectReason, u64)>>;

    /// The newest rejected lines, at most `limit`, with the name of their source.
    fn rejects(&self, limit: usize) -> StoreResult<Vec<(String, Reject)>>;

    /// Removes every event, reject and import checkpoint; places in followed files stay, row ids are not reused.
    /// Answers how many rows went.
    fn clear(&self) -> StoreResult<u64>;

    /// Removes the rows of every hour that began before `cutoff` rounded down to the hour. Answers how many.
    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64>;

    /// How many rows [`EventStore::clear_before`] would remove.
    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64>;

    /// Does a bounded piece of the background work (folding, compaction, reclaiming); answers whether there is more.
    fn maintain(&self) -> StoreResult<bool>;
}

/// The way in.
pub trait EventSink: EventStore {
    /// A batch, made ready outside the writer's lock.
    type Prepared: Send;

    /// The part of storing that needs no lock and can run in many threads: encoding.
    fn prepare(&self, batch: &Batch) -> StoreResult<Self::Prepared>;

    /// Stores rows and rejects of all batches, and the places reached with them, in one transaction: all or nothing.
    /// Row ids follow the order of `batches`.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when a content does not stand where an advance begins: somebody else read on in it, or
    /// it was cleared. Nothing is stored then; look up where it stands and go on from there.
    fn append(&self, batches: Vec<Self::Prepared>, advances: &[Advance]) -> StoreResult<()>;

    /// The furthest known place of a content.
    fn checkpoint(&self, fingerprint: Fingerprint) -> StoreResult<Option<Checkpoint>>;

    /// Every place of a content that was ever committed, by rising offset.
    fn marks(&self, fingerprint: Fingerprint) -> StoreResult<Vec<Mark>>;
}
