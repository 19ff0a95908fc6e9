//! [`MemoryStore`]: every question of the store answered by plain loops over a list of rows. Slow and obviously right:
//! the oracle of the store's behaviour suite, and what stands behind the API in its tests.

use parking_lot::{Mutex, MutexGuard};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tidegate::classify::destination;
use tidegate::model::{
    Advance, Batch, Checkpoint, ClientIp, Clock, Dimension, Erased, ErasureProgress, Event, EventFilter, Fingerprint,
    KindParts, Lens, Mark, Measure, Occurrences, Order, OutcomeCounts, Page, PageQuery, Position, Reject, RejectCount,
    RejectPage, RejectQuery, RejectReason, RejectedLine, Resolution, RowId, SourceName, StoreStats, StoredReject,
    Subject, SubjectKind, TimeRange, TimelinePoint, Timestamp, TopEntry, TopQuery, Trace, TracePlace, Traces, Url,
    Username,
};
use tidegate::store::{EventSink, EventStore, StoreError, StoreResult};

/// How the store takes questions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mood {
    /// Answers.
    #[default]
    Well,
    /// Fails every question as a disk would.
    Broken,
    /// Panics at every question.
    Panics,
    /// Stores what it is given, and says it failed.
    StoresAndFails,
}

/// A store in memory.
#[derive(Debug)]
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    mood: Mood,
    rows: Vec<Row>,
    rejects: Vec<Rejected>,
    places: BTreeMap<Fingerprint, Place>,
    /// Rejected lines that were not kept.
    unkept: BTreeMap<(String, RejectReason), u64>,
    highest_row: RowId,
    highest_reject: u64,
    version: u64,
    last_import: Option<Timestamp>,
}

/// How far a content was read: the last step, and the marks left on the way.
#[derive(Debug)]
struct Place {
    last: Checkpoint,
    marks: BTreeMap<u64, Mark>,
}

/// A row; personal values also bare, as this room can't look into the wrappers.
#[derive(Debug)]
struct Row {
    event: Event,
    client: Vec<u8>,
    user: Vec<u8>,
    rest: Vec<u8>,
    referer: Vec<u8>,
    extra: Vec<u8>,
    raw: Vec<u8>,
}

/// A rejected line with its number and source.
#[derive(Debug)]
struct Rejected {
    id: u64,
    source: SourceName,
    reject: Reject,
}

impl MemoryStore {
    /// An empty store whose wall clock is `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> MemoryStore {
        MemoryStore { clock, state: Mutex::default() }
    }

    /// Sets how the store takes questions from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.state.lock().mood = mood;
    }

    /// The targets of all rows behind their origins, as logged.
    pub fn rests(&self) -> Vec<Vec<u8>> {
        self.state.lock().rows.iter().map(|row| row.rest.clone()).collect()
    }

    /// How many lines were rejected.
    pub fn rejected(&self) -> usize {
        let state = self.state.lock();
        state.rejects.len() + state.unkept.values().sum::<u64>() as usize
    }

    /// Appends batches as they are.
    pub fn push(&self, batches: Vec<Batch>) {
        self.append(batches, &[]).unwrap();
    }

    fn store(&self, batches: Vec<Batch>, places: Vec<Checkpoint>) -> StoreResult<()> {
        let mut state = self.state()?;
        self.store_in(&mut state, batches, places);
        Ok(())
    }

    fn store_in(&self, state: &mut State, batches: Vec<Batch>, places: Vec<Checkpoint>) {
        for batch in batches {
            for at in 0..batch.len() {
                state.highest_row += 1;
                let row = Row::of(&batch, at, state.highest_row);
                state.rows.push(row);
            }
            if !batch.is_empty() || !batch.rejects.is_empty() {
                state.last_import = Some(self.clock.now());
            }
            let kept = state.rejects.iter().filter(|kept| kept.source.name == batch.source.name);
            let mut room = (Reject::MOST_LINES, Reject::MOST_BYTES);
            for kept in kept {
                room = (room.0 - 1, room.1 - kept.reject.bytes.len() as u64);
            }
            for (reason, lines) in batch.more_rejects {
                *state.unkept.entry((batch.source.name.clone(), reason)).or_default() += lines;
            }
            for reject in batch.rejects {
                let bytes = reject.bytes.len() as u64;
                if room.0 == 0 || room.1 < bytes {
                    *state.unkept.entry((batch.source.name.clone(), reject.reason)).or_default() += 1;
                    continue;
                }
                room = (room.0 - 1, room.1 - bytes);
                state.highest_reject += 1;
                state.rejects.push(Rejected { id: state.highest_reject, source: batch.source.clone(), reject });
            }
        }
        for mut place in places {
            let before = state.places.remove(&place.fingerprint);
            place.followed |= before.as_ref().is_some_and(|before| before.last.followed);
            let stood = before.as_ref().map_or(0, |before| before.last.mark.offset);
            let mut marks = before.map(|before| before.marks).unwrap_or_default();
            marks.extend(place.between.iter().map(|mark| (mark.offset, *mark)));
            if !place.followed || place.mark.offset >= Mark::next_due(stood) {
                marks.insert(place.mark.offset, place.mark);
            }
            state.places.insert(place.fingerprint, Place { last: place, marks });
        }
        state.version += 1;
    }

    fn state(&self) -> StoreResult<MutexGuard<'_, State>> {
        let state = self.state.lock();
        match state.mood {
            Mood::Well | Mood::StoresAndFails => Ok(state),
            Mood::Panics => panic!("the store was told to panic"),
            Mood::Broken => Err(StoreError::Io {
                path: PathBuf::from("/secret/place/events.db"),
                source: std::io::Error::other("disk on fire"),
            }),
        }
    }
}

impl Row {
    fn of(batch: &Batch, at: usize, id: RowId) -> Row {
        let value = |column: &tidegate::model::DictColumn| column.values.get(column.codes[at]).to_vec();
        let kind = value(&batch.kind);
        let kind = KindParts::read(&kind).expect("a kind");
        let raw = batch.raw.iter().find(|(row, _)| *row as usize == at).map(|(_, line)| line.to_vec());
        let event = Event {
            id,
            time: Timestamp(batch.time_ms[at]),
            time_taken_ms: batch.time_taken_ms[at],
            c_ip: ClientIp::new(value(&batch.client)),
            cs_username: Username::new(value(&batch.user)),
            cs_method: kind.method.into(),
            origin: value(&batch.origin).into(),
            rest: Url::new(batch.rest.get(at)),
            sc_status: kind.status,
            sc_bytes: batch.bytes[at],
            result: kind.result.into(),
            hierarchy: kind.hierarchy.into(),
            peer: value(&batch.peer).into(),
            content_type: kind.content_type.into(),
            user_agent: value(&batch.agent).into(),
            referer: Url::new(batch.referer.get(at)),
            source: batch.source.clone(),
            extra: Url::new(batch.extra.get(at)),
            raw: raw.clone().map(Url::new),
        };
        Row {
            event,
            client: value(&batch.client),
            user: value(&batch.user),
            rest: batch.rest.get(at).to_vec(),
            referer: batch.referer.get(at).to_vec(),
            extra: batch.extra.get(at).to_vec(),
            raw: raw.unwrap_or_default(),
        }
    }

    fn is_of(&self, subject: &Subject) -> bool {
        !subject.is_nobody() && subject.is(self.value(subject.kind()))
    }

    fn value(&self, kind: SubjectKind) -> &[u8] {
        match kind {
            SubjectKind::Client => &self.client,
            SubjectKind::User => &self.user,
        }
    }

    fn matches(&self, filter: &EventFilter, lens: &Lens) -> bool {
        let event = &self.event;
        filter.range().contains(event.time)
            && filter.accepts_kind(&event.cs_method, event.sc_status, event.outcome())
            && filter.accepts_client(&lens.client(&self.client))
            && filter.accepts_source(&event.source.name)
    }

    fn position(&self) -> Position {
        Position { time: self.event.time, id: self.event.id }
    }

    fn measure(&self) -> Measure {
        let mut outcomes = OutcomeCounts::default();
        outcomes.0[self.event.outcome() as usize] = 1;
        Measure { outcomes, bytes: self.event.sc_bytes, time_taken_ms: self.event.time_taken_ms }
    }

    /// The row's group; empty where it has none.
    fn group(&self, by: Dimension, lens: &Lens) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let target = destination(&self.event.origin);
        match by {
            Dimension::Client => text(&lens.client(&self.client)),
            Dimension::User => text(&lens.user(&self.user)),
            Dimension::Destination => target.map(|target| target.to_string()).unwrap_or_default(),
            Dimension::Domain => target.map(|target| target.domain()).unwrap_or_default(),
            Dimension::Method => text(&self.event.cs_method),
            Dimension::Status => format!("{:03}", self.event.sc_status),
        }
    }
}

impl State {
    fn matching<'s>(&'s self, filter: &'s EventFilter, lens: &'s Lens) -> impl Iterator<Item = &'s Row> {
        self.rows.iter().filter(|row| row.matches(filter, lens))
    }

    fn old(&self, cutoff: Timestamp) -> usize {
        self.rows.iter().filter(|row| is_old(row, cutoff)).count()
    }
}

fn is_old(row: &Row, cutoff: Timestamp) -> bool {
    row.event.time.hour() < cutoff.hour()
}

fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> Measure {
    let mut sum = Measure::default();
    rows.for_each(|row| sum.add(&row.measure()));
    sum
}

impl EventStore for MemoryStore {
    fn version(&self) -> StoreResult<u64> {
        Ok(self.state()?.version)
    }

    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>> {
        let state = self.state()?;
        let mut rows: Vec<&Row> = state.matching(&query.filter, lens).collect();
        match query.order {
            Order::Ascending => rows.sort_by_key(|row| row.position()),
            Order::Descending => rows.sort_by_key(|row| Reverse(row.position())),
        }
        if let Some(after) = query.after {
            rows.retain(|row| match query.order {
                Order::Ascending => row.position() > after,
                Order::Descending => row.position() < after,
            });
        }
        let start = usize::try_from(query.offset).unwrap_or(usize::MAX).min(rows.len());
        let end = start.saturating_add(query.limit).min(rows.len());
        let page = &rows[start..end];
        let next = page.last().filter(|_| end < rows.len()).map(|row| row.position());
        Ok(Page { rows: page.iter().map(|row| row.event.clone()).collect(), next })
    }

    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64> {
        Ok(self.state()?.matching(filter, lens).count() as u64)
    }

    fn event(&self, id: RowId) -> StoreResult<Option<Event>> {
        Ok(self.state()?.rows.iter().find(|row| row.event.id == id).map(|row| row.event.clone()))
    }

    fn stats(&self) -> StoreResult<StoreStats> {
        let state = self.state()?;
        let literal = |row: &&Row| destination(&row.event.origin).is_some_and(|target| target.is_ip_literal());
        Ok(StoreStats {
            measure: sum(state.rows.iter()),
            ip_literal: sum(state.rows.iter().filter(literal)).outcomes,
            last_import: state.last_import,
            rejected_lines: state.rejects.len() as u64 + state.unkept.values().sum::<u64>(),
            highest_row: state.highest_row,
        })
    }

    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>> {
        let width_ms = resolution.width_ms();
        let mut buckets: BTreeMap<Timestamp, Measure> = BTreeMap::new();
        for row in &self.state()?.rows {
            let start = row.event.time.floor_to(width_ms);
            let end = Timestamp(start.0.saturating_add(width_ms));
            if range.from < range.until && start < range.until && range.from < end {
                buckets.entry(start).or_default().add(&row.measure());
            }
        }
        Ok(buckets.into_iter().map(|(time, measure)| TimelinePoint { time, measure }).collect())
    }

    fn top(&self, query: &TopQuery, lens: &Lens) -> StoreResult<Vec<TopEntry>> {
        let mut groups: BTreeMap<String, Measure> = BTreeMap::new();
        for row in self.state()?.matching(&query.filter(), lens) {
            let name = Some(row.group(query.by, lens)).filter(|name| !name.is_empty());
            groups.entry(name.unwrap_or_else(|| "-".to_owned())).or_default().add(&row.measure());
        }
        let mut entries: Vec<_> = groups.into_iter().map(|(name, measure)| TopEntry { name, measure }).collect();
        entries.sort_by_key(|entry| Reverse(entry.measure.outcomes.total()));
        entries.truncate(query.limit);
        Ok(entries)
    }

    fn reject_counts(&self) -> StoreResult<Vec<RejectCount>> {
        let state = self.state()?;
        let mut counts: BTreeMap<_, (u64, u64)> = BTreeMap::new();
        for (of, lines) in &state.unkept {
            counts.entry(of.clone()).or_default().0 += lines;
        }
        for Rejected { source, reject, .. } in &state.rejects {
            let count = counts.entry((source.name.clone(), reject.reason)).or_default();
            *count = (count.0 + 1, count.1 + 1);
        }
        let count = |((source, reason), (lines, kept))| RejectCount { source, reason, lines, kept };
        Ok(counts.into_iter().map(count).collect())
    }

    fn rejects(&self, query: &RejectQuery) -> StoreResult<RejectPage> {
        let state = self.state()?;
        let mut wanted: Vec<_> = state.rejects.iter().collect();
        if query.order == Order::Descending {
            wanted.reverse();
        }
        wanted.retain(|found| query.accepts(&found.source.name, found.reject.reason));
        wanted.retain(|found| match (query.after, query.order) {
            (None, _) => true,
            (Some(after), Order::Descending) => found.id < after,
            (Some(after), Order::Ascending) => found.id > after,
        });
        let more = wanted.len() > query.limit;
        wanted.truncate(query.limit);
        let rows = wanted.into_iter().map(|Rejected { id, source, reject }| StoredReject {
            id: *id,
            source: source.clone(),
            reason: reject.reason,
            offset: reject.offset,
            line: RejectedLine::new(reject.bytes.clone()),
            kept: reject.kept,
        });
        let rows: Vec<_> = rows.collect();
        Ok(RejectPage { next: rows.last().filter(|_| more).map(|last| last.id), rows })
    }

    fn replace_rejects(&self, rejects: &[u64], rows: &[Batch]) -> StoreResult<()> {
        let mut state = self.state()?;
        let wanted: BTreeSet<u64> = rejects.iter().copied().collect();
        if state.rejects.iter().filter(|found| wanted.contains(&found.id)).count() < rejects.len() {
            return Err(StoreError::Overtaken);
        }
        state.rejects.retain(|found| !wanted.contains(&found.id));
        self.store_in(&mut state, rows.to_vec(), Vec::new());
        Ok(())
    }

    fn subject(&self, shown: &str, kind: SubjectKind, lens: &Lens) -> StoreResult<Option<Subject>> {
        let wanted = Subject::new(kind, shown.as_bytes());
        let (mut others, mut as_shown): (Vec<Subject>, _) = (Vec::new(), None);
        for row in &self.state()?.rows {
            let value = row.value(kind);
            let seen = match kind {
                SubjectKind::Client => lens.client(value),
                SubjectKind::User => lens.user(value),
            };
            if value.is_empty() || !wanted.is(&seen) {
                continue;
            }
            if wanted.is(value) {
                as_shown = Some(Subject::new(kind, value));
            } else if !others.iter().any(|other| other.is(value)) {
                others.push(Subject::new(kind, value));
            }
        }
        if others.len() > 1 { Err(StoreError::Ambiguous) } else { Ok(others.pop().or(as_shown)) }
    }

    fn subject_rows(&self, subject: &Subject, after: RowId, limit: usize) -> StoreResult<Vec<Event>> {
        let state = self.state()?;
        let rows = state.rows.iter().filter(|row| row.is_of(subject) && row.event.id > after);
        Ok(rows.take(limit).map(|row| row.event.clone()).collect())
    }

    fn erase(&self, subject: &Subject, _: &mut dyn FnMut(ErasureProgress)) -> StoreResult<Erased> {
        if subject.is_nobody() {
            return Err(StoreError::Invalid("name the client or user to erase".to_owned()));
        }
        let mut state = self.state()?;
        let before = (state.rows.len(), state.rejects.len());
        let search = subject.search();
        state.rows.retain(|row| !row.is_of(subject));
        state.rejects.retain(|found| !search.is_named_in(&found.reject.bytes));
        state.version += 1;
        let (rows, rejects) = (before.0 - state.rows.len(), before.1 - state.rejects.len());
        Ok(Erased { rows: rows as u64, rejects: rejects as u64, unreadable_blocks: 0 })
    }

    fn find_traces(&self, subject: &Subject) -> StoreResult<Traces> {
        let (state, search) = (self.state()?, subject.search());
        let mut found: BTreeMap<TracePlace, Occurrences> = BTreeMap::new();
        let mut add = |place, text: &[u8]| found.entry(place).or_default().add(search.count(text));
        let distinct = |value: fn(&Row) -> &[u8]| state.rows.iter().map(value).collect::<BTreeSet<&[u8]>>();
        for (place, values) in [
            (TracePlace::Client, distinct(|row| &row.client)),
            (TracePlace::User, distinct(|row| &row.user)),
            (TracePlace::Origin, distinct(|row| &row.event.origin)),
            (TracePlace::Peer, distinct(|row| &row.event.peer)),
            (TracePlace::UserAgent, distinct(|row| &row.event.user_agent)),
        ] {
            values.into_iter().for_each(|value| add(place, value));
        }
        for row in &state.rows {
            add(TracePlace::Target, &row.rest);
            add(TracePlace::Referer, &row.referer);
            add(TracePlace::Line, &row.extra);
            add(TracePlace::Line, &row.raw);
        }
        state.rejects.iter().for_each(|found| add(TracePlace::Reject, &found.reject.bytes));
        let values = found.into_iter().filter(|(_, found)| found.any()).map(|(place, found)| Trace { place, found });
        Ok(Traces { values: values.collect(), ..Traces::default() })
    }

    fn clear(&self) -> StoreResult<u64> {
        let mut state = self.state()?;
        let gone = state.rows.len() as u64;
        state.rows.clear();
        state.rejects.clear();
        state.unkept.clear();
        state.places.retain(|_, place| place.last.followed);
        state.version += 1;
        Ok(gone)
    }

    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        let mut state = self.state()?;
        let gone = state.old(cutoff);
        state.rows.retain(|row| !is_old(row, cutoff));
        state.version += u64::from(gone > 0);
        Ok(gone as u64)
    }

    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        Ok(self.state()?.old(cutoff) as u64)
    }

    fn maintain(&self) -> StoreResult<bool> {
        self.state().map(|_| false)
    }
}

impl EventSink for MemoryStore {
    type Prepared = Batch;

    fn prepare(&self, batch: &Batch) -> StoreResult<Batch> {
        Ok(batch.clone())
    }

    fn append(&self, batches: Vec<Batch>, advances: &[Advance]) -> StoreResult<()> {
        for advance in advances {
            if self.checkpoint(advance.to.fingerprint)?.map(|known| known.mark) != advance.from {
                return Err(StoreError::Overtaken);
            }
        }
        self.store(batches, advances.iter().map(|advance| advance.to.clone()).collect())?;
        if self.state.lock().mood == Mood::StoresAndFails {
            return Err(StoreError::Invalid("stored, and no longer sure of it".to_owned()));
        }
        Ok(())
    }

    fn checkpoint(&self, fingerprint: Fingerprint) -> StoreResult<Option<Checkpoint>> {
        Ok(self.state()?.places.get(&fingerprint).map(|place| place.last.clone()))
    }

    fn marks(&self, fingerprint: Fingerprint) -> StoreResult<Vec<Mark>> {
        let state = self.state()?;
        let Some(place) = state.places.get(&fingerprint) else { return Ok(Vec::new()) };
        let mut marks = place.marks.clone();
        marks.insert(place.last.mark.offset, place.last.mark);
        Ok(marks.into_values().collect())
    }
}
