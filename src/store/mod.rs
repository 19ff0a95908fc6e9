//! Where events live. [`EventStore`] asks analytics questions, not SQL; every question carries a [`Lens`], and
//! predicates, groups and sorts see what the lens shows. [`EventSink`] is the way in.
//!
//! Implementations: [`columnar`] (the default, embedded). The behaviour suite in `tests/it/store/` runs against each.

pub mod columnar;
mod error;

pub use error::{StoreError, StoreResult};

use crate::model::{
    Advance, Arrivals, Batch, Checkpoint, Dimension, Durations, Erased, ErasureProgress, Event, EventFilter, Finding,
    FindingStatus, Fingerprint, GroupQuery, Groups, Lens, Mark, Page, PageQuery, People, RejectCount, RejectPage,
    RejectQuery, Resolution, RowId, Seen, SeriesPoint, SeriesQuery, StoreStats, Subject, SubjectKind, TimeRange,
    TimelinePoint, Timestamp, Traces, VisitNames, VisitSink,
};

/// Questions about stored events, the removal of them, and a second try for what was rejected.
pub trait EventStore: Send + Sync {
    /// A number that changes whenever an answer may, and differs between stores.
    fn version(&self) -> StoreResult<u64>;

    /// A random number of the store, the same as long as it lives; copies of it have the same.
    fn identity(&self) -> StoreResult<u128>;

    /// A page of rows.
    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>>;

    /// How many rows match, exactly.
    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64>;

    /// Rows with numbers above `after` that pass, by rising number, at most `limit`; nothing is looked at beyond the
    /// last of them. For those who follow what is stored, and those who want everything.
    fn arrivals(&self, filter: &EventFilter, lens: &Lens, after: RowId, limit: usize) -> StoreResult<Arrivals<Event>>;

    /// One row; `None` when there is none of that number.
    fn event(&self, id: RowId) -> StoreResult<Option<Event>>;

    /// Totals over everything.
    fn stats(&self) -> StoreResult<StoreStats>;

    /// Sums per bucket over the buckets that lie in `range`, in order of time; empty buckets are left out. The
    /// range is widened to whole buckets.
    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>>;

    /// The largest groups, as the lens names them.
    fn groups(&self, query: &GroupQuery, lens: &Lens) -> StoreResult<Groups>;

    /// Sums per bucket and group, in order of time and then name; empty ones are left out.
    fn series(&self, query: &SeriesQuery, lens: &Lens) -> StoreResult<Vec<SeriesPoint>>;

    /// When groups of those names, as the lens shows them, have their first and last rows of the range; `None` for
    /// those that have none.
    fn seen(&self, by: Dimension, names: &[String], range: TimeRange, lens: &Lens) -> StoreResult<Vec<Option<Seen>>>;

    /// The highest scores of rows of the range, of groups of those names as the lens shows them; `None` for those of
    /// which no row has points.
    fn max_scores(
        &self,
        by: Dimension,
        names: &[String],
        range: TimeRange,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<u32>>>;

    /// How long the rows that pass took, of groups of those names as the lens shows them, or of the one group `-` of all;
    /// `None` for those of which no row passes.
    fn durations(
        &self,
        by: Option<Dimension>,
        names: &[String],
        filter: &EventFilter,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<Durations>>>;

    /// Groups whose first row ever (to the hour) is not before `since`, with the start of that hour, latest first, at
    /// most `limit`; by destination, domain or service only.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for other dimensions.
    fn first_seen(&self, by: Dimension, since: Timestamp, limit: usize) -> StoreResult<Vec<(String, Timestamp)>>;

    /// Rejected lines by source and reason, in that order.
    fn reject_counts(&self) -> StoreResult<Vec<RejectCount>>;

    /// A page of rejected lines that are kept.
    fn rejects(&self, query: &RejectQuery) -> StoreResult<RejectPage>;

    /// Stores rows in place of the rejected lines that they were read from, in one transaction: the lines are neither
    /// kept nor counted any more.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when one of the lines is not there: somebody else read it again, or it was removed.
    /// Nothing is changed then.
    fn replace_rejects(&self, rejects: &[u64], rows: &[Batch]) -> StoreResult<()>;

    /// The client or user that the lens shows as `shown`, compared as [`Subject::is`] does; `None` when there is none.
    /// Where one stored value is shown as `shown` and another is `shown` itself, as when pseudonyms were stored for a
    /// while, the first is meant. Rows need not be left: a value may outlast them until its dictionary is tidied.
    ///
    /// # Errors
    /// [`StoreError::Ambiguous`] when several people are shown like that, as under a mask.
    fn subject(&self, shown: &str, kind: SubjectKind, lens: &Lens) -> StoreResult<Option<Subject>>;

    /// Whether there are rows of the subject.
    fn has_subject(&self, subject: &Subject) -> StoreResult<bool> {
        Ok(!self.subject_rows(subject, 0, 1)?.is_empty())
    }

    /// Rows of the subject with numbers above `after`, at most `limit`, by rising number: to hand out everything, ask
    /// again from the last number until nothing comes.
    fn subject_rows(&self, subject: &Subject, after: RowId, limit: usize) -> StoreResult<Vec<Event>>;

    /// Removes every row of the subject, and every rejected line that names it (as [`SubjectSearch::is_named_in`] has
    /// it), which are counted no more. From the first transaction on they are in no answer; what follows is done in
    /// short ones, between which others append, and `progress` is told how far it is. Interrupted, it is gone on with
    /// by [`EventStore::maintain`]. At the end neither a stored value that only these rows had nor an unused part of a
    /// file holds what was there. Row ids are not reused. What arrives later is stored again.
    ///
    /// [`SubjectSearch::is_named_in`]: crate::model::SubjectSearch::is_named_in
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when the subject is nobody. Whatever else fails, and so when there is no space to write
    /// the file anew, what was done stays done, and background work tries again.
    fn erase(&self, subject: &Subject, progress: &mut dyn FnMut(ErasureProgress)) -> StoreResult<Erased>;

    /// Searches everything stored, and the files it is stored in, for the subject. Rows of others may name it: those
    /// are left alone, and counted here.
    fn find_traces(&self, subject: &Subject) -> StoreResult<Traces>;

    /// Has rows with numbers above `after` scored anew, as many as are kept together, in one transaction: `scorer` appends
    /// the text form of a row's verdict. Answers how far that went, `None` where there are no more rows; to score
    /// everything, go on from there. Nothing but verdicts changes.
    fn rescore(&self, after: RowId, scorer: &mut dyn FnMut(&Event, &mut Vec<u8>)) -> StoreResult<Option<Rescored>>;

    /// Removes every event, reject and import checkpoint; places in followed files stay, row ids are not reused.
    /// Answers how many rows went.
    fn clear(&self) -> StoreResult<u64>;

    /// Removes the rows of every hour that began before `cutoff` rounded down to the hour. Answers how many. What these
    /// hours summed up to is kept: [`EventStore::past`].
    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64>;

    /// As [`EventStore::clear_before`], but only while no row of those hours has a number above `up_to`: for those who have
    /// put the rows up to there elsewhere before.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where there may be such rows; nothing is removed then. Look for rows above `up_to`, put
    /// them elsewhere, and try with the number up to which that went.
    fn clear_archived(&self, cutoff: Timestamp, up_to: RowId) -> StoreResult<u64>;

    /// How many rows [`EventStore::clear_before`] would remove.
    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64>;

    /// What rows that [`EventStore::clear_before`] removed summed up to, by the hour, in order of time; nothing of
    /// people is in it. Rows that arrive for such an hour later, or were never old enough, are not among them. The range
    /// is widened to whole hours.
    fn past(&self, range: TimeRange) -> StoreResult<Vec<TimelinePoint>>;

    /// Forgets the sums of [`EventStore::past`] of hours that began before `before` rounded down to the hour. Answers of
    /// how many hours.
    fn forget_past(&self, before: Timestamp) -> StoreResult<u64>;

    /// Writes the database anew, without the space that is free in it. Nobody writes meanwhile, and it takes as much
    /// space again as the database.
    fn vacuum(&self) -> StoreResult<Vacuumed>;

    /// Renews the statistics that the database plans its look-ups by.
    fn analyze(&self) -> StoreResult<()>;

    /// Forgets every sum per group and puts them together anew from the rows; `progress` is told how many hours are
    /// done, of how many. Until an hour is done its rows are looked at, so that answers stay right. Answers of how many
    /// hours. Cut off, it is gone on with by [`EventStore::maintain`].
    fn rebuild_sums(&self, progress: &mut dyn FnMut(u64, u64)) -> StoreResult<u64>;

    /// Hands every row of a range to `sink`, by rising number, and answers what the numbers in them stand for.
    fn visits(&self, range: TimeRange, sink: &mut dyn VisitSink) -> StoreResult<Box<dyn VisitNames>>;

    /// Every finding, by rising number. They go with their rows: with retention once the last of them goes, with the
    /// erasure of a person that they are about, and with [`EventStore::clear`].
    fn findings(&self) -> StoreResult<Vec<Finding>>;

    /// A number that changes whenever rows are removed, and with them what was known of somebody.
    fn removals(&self) -> StoreResult<u64>;

    /// Stores what was found as of [`EventStore::removals`], in one transaction: those that go on in it
    /// ([`Finding::that_goes_on`]) are renewed, the rest are new. Answers how many are new.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when rows were removed since: somebody of these may have been erased. Nothing is stored
    /// then; look again.
    fn keep_findings(&self, found: &[Finding], removals: u64) -> StoreResult<u64>;

    /// Notes what somebody says of a finding; answers whether there is one of that number.
    fn set_finding_status(&self, id: u64, status: FindingStatus, note: &str) -> StoreResult<bool>;

    /// Does a bounded piece of the background work (folding, erasing, reclaiming, compaction, shrinking); answers whether there is more.
    fn maintain(&self) -> StoreResult<bool>;
}

/// Everybody of the log whom a lens hides: nobody where it hides nothing. Reads every name.
///
/// # Errors
/// When the store can't be read.
pub fn hidden_people(store: &dyn EventStore, lens: &Lens) -> StoreResult<People> {
    let names = |is_plain: bool, by| -> StoreResult<Vec<String>> {
        if is_plain {
            return Ok(Vec::new());
        }
        let groups = store.groups(&GroupQuery::of(by, TimeRange::ALL, usize::MAX), &Lens::PLAIN)?;
        Ok(groups.entries.into_iter().map(|entry| entry.name).filter(|name| name != "-").collect())
    };
    let clients = names(lens.client_is_plain(), Dimension::Client)?;
    let users = names(lens.user_is_plain(), Dimension::User)?;
    Ok(People::new(clients.iter().map(String::as_bytes), users.iter().map(String::as_bytes)))
}

/// What [`EventStore::vacuum`] did: sizes of the database, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vacuumed {
    /// Before.
    pub bytes_before: u64,
    /// After.
    pub bytes_after: u64,
}

/// How far [`EventStore::rescore`] went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rescored {
    /// The last row that was looked at.
    pub up_to: RowId,
    /// Rows that were scored.
    pub rows: u64,
    /// Rows of which rules said something else before.
    pub changed: u64,
}

/// The way in.
pub trait EventSink: EventStore {
    /// A batch, made ready outside the writer's lock.
    type Prepared: Send;

    /// The part of storing that needs no lock and can run in many threads: encoding.
    fn prepare(&self, batch: &Batch) -> StoreResult<Self::Prepared>;

    /// Stores rows and rejects of all batches, and the places reached with them, in one transaction: all or nothing.
    /// Row ids follow the order of `batches`. Of rejects, the first [`Reject::MOST_LINES`] and
    /// [`Reject::MOST_BYTES`] of a source are kept; all are counted.
    ///
    /// [`Reject::MOST_LINES`]: crate::model::Reject::MOST_LINES
    /// [`Reject::MOST_BYTES`]: crate::model::Reject::MOST_BYTES
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
