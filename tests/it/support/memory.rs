//! [`MemoryStore`]: every question of the store answered by plain loops over a list of rows. Slow and obviously right:
//! the oracle of the store's behaviour suite, and what stands behind the API in its tests.

use parking_lot::{Mutex, MutexGuard};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tidegate::classify::{CLASSIFIERS, destination};
use tidegate::model::{
    Advance, Arrivals, Batch, Checkpoint, ClientIp, Clock, Dimension, DurationCounts, Durations, Erased,
    ErasureProgress, Event, EventFilter, EventView, Finding, FindingStatus, Fingerprint, GroupEntry, GroupOrder,
    GroupQuery, Groups, HOUR_MS, KindParts, Lens, Mark, Measure, Occurrences, Order, OutcomeCounts, Page, PageQuery,
    PathTraits, Place as PagePlace, Reject, RejectCount, RejectPage, RejectQuery, RejectReason, RejectedLine,
    Resolution, RowId, Seen, SeriesPoint, SeriesQuery, Sort, SortValue, SourceName, StoreStats, StoredReject, Subject,
    SubjectKind, TagTest, TimeRange, TimelinePoint, Timestamp, Totals, Trace, TracePlace, Traces, Url, Username,
    Verdict, Visit, VisitNames, VisitSink,
};
use tidegate::store::{EventSink, EventStore, Rescored, StoreError, StoreResult, Vacuumed};

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
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Runs once, as soon as somebody asks where a content stands.
    looked_up: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

#[derive(Debug, Default)]
struct State {
    mood: Mood,
    rows: Vec<Row>,
    rejects: Vec<Rejected>,
    places: BTreeMap<Fingerprint, Place>,
    /// What removed rows summed up to, by the hour.
    past: BTreeMap<i64, Totals>,
    /// What behaviour gave away.
    findings: Vec<Finding>,
    /// Changes when rows go.
    removals: u64,
    highest_finding: u64,
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
        MemoryStore { clock, state: Mutex::default(), looked_up: Mutex::default() }
    }

    /// Does this once, as soon as somebody asks where a content stands.
    pub fn when_looked_up(&self, act: impl FnOnce() + Send + 'static) {
        *self.looked_up.lock() = Some(Box::new(act));
    }

    /// Keeps everybody else out until what it answers is dropped.
    pub fn hold(&self) -> impl Sized + use<'_> {
        self.state.lock()
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
            let mut hours: BTreeMap<i64, Totals> = BTreeMap::new();
            for at in 0..batch.len() {
                state.highest_row += 1;
                let row = Row::of(&batch, at, state.highest_row);
                hours.entry(row.event.time.hour()).or_default().add(&row.totals());
                state.rows.push(row);
            }
            if batch.comes_back {
                for (hour, sums) in hours {
                    state.past.entry(hour).and_modify(|past| past.subtract(&sums));
                }
                state.past.retain(|_, past| past.measure.outcomes.total() > 0);
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
            cs_bytes: u64::try_from(batch.cs_bytes[at]).ok(),
            result: kind.result.into(),
            hierarchy: kind.hierarchy.into(),
            peer: value(&batch.peer).into(),
            content_type: kind.content_type.into(),
            user_agent: value(&batch.agent).into(),
            referer: Url::new(batch.referer.get(at)),
            source: batch.source.clone(),
            extra: Url::new(batch.extra.get(at)),
            raw: raw.clone().map(Url::new),
            verdict: Verdict::read(batch.verdict.values.get(batch.verdict.codes[at])),
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
            && filter.accepts_kind(&event.cs_method, &event.result, event.sc_status)
            && filter.accepts_client(&lens.client(&self.client))
            && filter.accepts_user(&lens.user(&self.user))
            && filter.accepts_source(&event.source)
            && filter.accepts_origin(&self.origin(lens), &CLASSIFIERS)
            && filter.tag.accept(|test| self.has(test, lens))
            && filter.accepts_verdict(event.severity(), &self.verdict())
            && self.says(&filter.keywords, lens)
    }

    /// The origin as the lens shows it.
    fn origin(&self, lens: &Lens) -> Vec<u8> {
        lens.origin(&self.event.origin, &lens.owner(&self.client, &self.user)).into_owned()
    }

    fn has(&self, test: &TagTest, lens: &Lens) -> bool {
        match test {
            TagTest::Outcome(set) => set.has(self.event.outcome()),
            TagTest::Origin(test) => (test.holds)(&self.origin(lens)),
            TagTest::Path(test) => test.holds(&PathTraits::read(&self.path()).expect("traits")),
            TagTest::Score(least) => self.event.verdict.as_ref().is_some_and(|verdict| verdict.score >= *least),
        }
    }

    /// What rules said, in its text form.
    fn verdict(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.event.verdict.iter().for_each(|verdict| verdict.write(&mut out));
        out
    }

    /// What the path says, in its text form.
    fn path(&self) -> Vec<u8> {
        let mut out = Vec::new();
        (CLASSIFIERS.path)(&self.rest, &self.event.content_type, &mut out);
        out
    }

    /// Whether every keyword is a part of one of the texts, as the lens shows them.
    fn says(&self, keywords: &[String], lens: &Lens) -> bool {
        let view = EventView::of(&self.event, lens);
        let texts = [Some(view.url), view.user_agent, view.referer, view.user];
        let texts: Vec<String> = texts.into_iter().flatten().map(|text| text.to_ascii_lowercase()).collect();
        keywords.iter().all(|word| texts.iter().any(|text| text.contains(&word.to_ascii_lowercase())))
    }

    fn place(&self, sort: Sort, lens: &Lens) -> PagePlace {
        let view = EventView::of(&self.event, lens);
        let text = |text: &str| SortValue::text(text.as_bytes());
        let value = match sort {
            Sort::Time => SortValue::Number(view.time.0),
            Sort::Client => text(view.client_ip.as_deref().unwrap_or_default()),
            Sort::Destination => text(&(CLASSIFIERS.destination)(view.origin.as_bytes()).unwrap_or_else(|| "-".into())),
            Sort::Status => text(&format!("{:03} {}", view.status_code, view.result)),
            Sort::Bytes => SortValue::Number(view.bytes.cast_signed()),
            Sort::Method => text(view.method.as_deref().unwrap_or_default()),
            Sort::Host => text(&view.source.host),
            Sort::Severity => SortValue::Number(view.severity as i64),
            Sort::Url => text(&view.url),
        };
        PagePlace { value, id: self.event.id }
    }

    fn measure(&self) -> Measure {
        let mut outcomes = OutcomeCounts::default();
        outcomes.0[self.event.outcome() as usize] = 1;
        Measure { outcomes, bytes: self.event.sc_bytes, time_taken_ms: self.event.time_taken_ms }
    }

    fn totals(&self) -> Totals {
        let measure = self.measure();
        let literal = (CLASSIFIERS.is_ip_literal)(&self.event.origin);
        let ip_literal = if literal { measure.outcomes } else { OutcomeCounts::default() };
        let mut totals = Totals { measure, ip_literal, ..Totals::default() };
        totals.add_row(self.event.cs_bytes, (CLASSIFIERS.path)(&self.rest, b"", &mut Vec::new()));
        totals
    }

    /// The row's group; `-` where it has none.
    fn group(&self, by: Dimension, lens: &Lens) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (event, origin) = (&self.event, &self.event.origin);
        let target = destination(origin);
        let path = self.path();
        let traits = PathTraits::read(&path).expect("traits");
        let name = match by {
            Dimension::Client => text(&lens.client(&self.client)),
            Dimension::User => text(&lens.user(&self.user)),
            Dimension::Destination => target.map(|target| target.to_string()).unwrap_or_default(),
            Dimension::Domain => target.map(|target| target.domain()).unwrap_or_default(),
            Dimension::Method => text(&event.cs_method),
            Dimension::Status => format!("{:03}", event.sc_status),
            Dimension::ResultCode => text(&event.result),
            Dimension::Severity => event.severity().name().to_owned(),
            Dimension::Verdict => String::from_utf8(self.verdict()).unwrap(),
            Dimension::Source => event.source.name.clone(),
            Dimension::Host => event.source.host.clone(),
            Dimension::Service => (CLASSIFIERS.service)(origin).unwrap_or_default().to_owned(),
            Dimension::ServiceCategory => (CLASSIFIERS.service_category)(origin).unwrap_or_default().to_owned(),
            Dimension::ServiceType => (CLASSIFIERS.service_type)(origin).to_owned(),
            Dimension::Agent => {
                let agent = (CLASSIFIERS.agent)(&event.user_agent);
                format!("{}\n{}", agent.family, agent.class)
            }
            Dimension::Extension => text(traits.extension),
            Dimension::FileCategory => (CLASSIFIERS.file_category)(traits.extension, &event.content_type).to_owned(),
        };
        if name.is_empty() { "-".to_owned() } else { name }
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

fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> Totals {
    let mut sum = Totals::default();
    rows.for_each(|row| sum.add(&row.totals()));
    sum
}

/// What the numbers of visits stand for.
#[derive(Debug, Default)]
struct Numbered {
    clients: Vec<Vec<u8>>,
    users: Vec<Vec<u8>>,
    destinations: Vec<Vec<u8>>,
    domains: Vec<Vec<u8>>,
    /// By number of a destination: its domain's number, and its service.
    of_destination: Vec<(u32, Vec<u8>)>,
}

fn number(names: &mut Vec<Vec<u8>>, name: &[u8]) -> u32 {
    let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_vec());
        names.len() - 1
    });
    u32::try_from(at).expect("few names")
}

impl VisitNames for Numbered {
    fn client(&self, number: u32) -> &[u8] {
        &self.clients[number as usize]
    }

    fn user(&self, number: u32) -> &[u8] {
        &self.users[number as usize]
    }

    fn destination(&self, number: u32) -> &[u8] {
        &self.destinations[number as usize]
    }

    fn domain_of(&self, destination: u32) -> u32 {
        self.of_destination[destination as usize].0
    }

    fn domain(&self, number: u32) -> &[u8] {
        &self.domains[number as usize]
    }

    fn service_of(&self, destination: u32) -> &[u8] {
        &self.of_destination[destination as usize].1
    }
}

impl EventStore for MemoryStore {
    fn version(&self) -> StoreResult<u64> {
        Ok(self.state()?.version)
    }

    fn identity(&self) -> StoreResult<u128> {
        // Its address: no two live at one.
        Ok(std::ptr::from_ref(self) as usize as u128)
    }

    fn page(&self, query: &PageQuery, lens: &Lens) -> StoreResult<Page<Event>> {
        let state = self.state()?;
        let matching = state.matching(&query.filter, lens);
        let mut rows: Vec<(PagePlace, &Row)> = matching.map(|row| (row.place(query.sort, lens), row)).collect();
        rows.sort_by(|a, b| match query.order {
            Order::Ascending => a.0.cmp(&b.0),
            Order::Descending => b.0.cmp(&a.0),
        });
        if let Some(after) = &query.after {
            rows.retain(|(place, _)| match query.order {
                Order::Ascending => place > after,
                Order::Descending => place < after,
            });
        }
        let start = usize::try_from(query.offset).unwrap_or(usize::MAX).min(rows.len());
        let end = start.saturating_add(query.limit).min(rows.len());
        let page = &rows[start..end];
        let next = page.last().filter(|_| end < rows.len()).map(|(place, _)| place.clone());
        Ok(Page { rows: page.iter().map(|(_, row)| row.event.clone()).collect(), next })
    }

    fn arrivals(&self, filter: &EventFilter, lens: &Lens, after: RowId, limit: usize) -> StoreResult<Arrivals<Event>> {
        let state = self.state()?;
        let new = state.matching(filter, lens).filter(|row| row.event.id > after);
        let rows: Vec<Event> = new.take(limit).map(|row| row.event.clone()).collect();
        let last = rows.last().filter(|_| rows.len() == limit).map(|last| last.id);
        Ok(Arrivals { up_to: last.unwrap_or(state.highest_row.max(after)), rows })
    }

    fn count(&self, filter: &EventFilter, lens: &Lens) -> StoreResult<u64> {
        Ok(self.state()?.matching(filter, lens).count() as u64)
    }

    fn event(&self, id: RowId) -> StoreResult<Option<Event>> {
        Ok(self.state()?.rows.iter().find(|row| row.event.id == id).map(|row| row.event.clone()))
    }

    fn stats(&self) -> StoreResult<StoreStats> {
        let state = self.state()?;
        Ok(StoreStats {
            totals: sum(state.rows.iter()),
            last_import: state.last_import,
            rejected_lines: state.rejects.len() as u64 + state.unkept.values().sum::<u64>(),
            highest_row: state.highest_row,
        })
    }

    fn timeline(&self, range: TimeRange, resolution: Resolution) -> StoreResult<Vec<TimelinePoint>> {
        let width_ms = resolution.width_ms();
        let mut buckets: BTreeMap<Timestamp, Totals> = BTreeMap::new();
        for row in &self.state()?.rows {
            let start = row.event.time.floor_to(width_ms);
            let end = Timestamp(start.0.saturating_add(width_ms));
            if range.from < range.until && start < range.until && range.from < end {
                buckets.entry(start).or_default().add(&row.totals());
            }
        }
        Ok(buckets.into_iter().map(|(time, totals)| TimelinePoint { time, totals }).collect())
    }

    fn groups(&self, query: &GroupQuery, lens: &Lens) -> StoreResult<Groups> {
        let mut groups: BTreeMap<String, (Measure, BTreeSet<Vec<u8>>)> = BTreeMap::new();
        for row in self.state()?.matching(&query.filter, lens) {
            let (measure, clients) = groups.entry(row.group(query.by, lens)).or_default();
            measure.add(&row.measure());
            if query.count_clients {
                clients.insert(lens.client(&row.client).into_owned());
            }
        }
        let size = |entry: &GroupEntry| match query.order {
            GroupOrder::Rows => entry.measure.outcomes.total(),
            GroupOrder::Bytes => entry.measure.bytes,
            GroupOrder::Outcomes(set) => entry.measure.outcomes.of(set),
        };
        let entry = |(name, (measure, clients)): (_, (_, BTreeSet<_>))| GroupEntry {
            name,
            measure,
            clients: clients.len() as u64,
        };
        let mut entries: Vec<_> = groups.into_iter().map(entry).collect();
        if matches!(query.order, GroupOrder::Outcomes(_)) {
            entries.retain(|entry| size(entry) > 0);
        }
        let total = entries.len() as u64;
        entries.sort_by_key(|entry| Reverse(size(entry)));
        entries.truncate(query.limit);
        Ok(Groups { entries, total })
    }

    fn series(&self, query: &SeriesQuery, lens: &Lens) -> StoreResult<Vec<SeriesPoint>> {
        let width_ms = query.resolution.width_ms();
        let range = query.resolution.widened(query.filter.range());
        let filter = EventFilter { range: Some(range), ..query.filter.clone() };
        let mut buckets: BTreeMap<(Timestamp, String), Measure> = BTreeMap::new();
        for row in self.state()?.matching(&filter, lens) {
            let name = query.by.map_or_else(|| "-".to_owned(), |by| row.group(by, lens));
            buckets.entry((row.event.time.floor_to(width_ms), name)).or_default().add(&row.measure());
        }
        let point = |((time, name), measure)| SeriesPoint { time, name, measure };
        Ok(buckets.into_iter().map(point).collect())
    }

    fn seen(&self, by: Dimension, names: &[String], range: TimeRange, lens: &Lens) -> StoreResult<Vec<Option<Seen>>> {
        let state = self.state()?;
        let seen = |name: &String| {
            let rows = state.rows.iter().filter(|row| range.contains(row.event.time) && row.group(by, lens) == *name);
            let times: BTreeSet<Timestamp> = rows.map(|row| row.event.time).collect();
            Some(Seen { first: *times.first()?, last: *times.last()? })
        };
        Ok(names.iter().map(seen).collect())
    }

    fn max_scores(
        &self,
        by: Dimension,
        names: &[String],
        range: TimeRange,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<u32>>> {
        let state = self.state()?;
        let most = |name: &String| {
            let rows = state.rows.iter().filter(|row| range.contains(row.event.time) && row.group(by, lens) == *name);
            rows.filter_map(|row| row.event.verdict.as_ref())
                .map(|verdict| verdict.score)
                .filter(|score| *score > 0)
                .max()
        };
        Ok(names.iter().map(most).collect())
    }

    fn durations(
        &self,
        by: Option<Dimension>,
        names: &[String],
        filter: &EventFilter,
        lens: &Lens,
    ) -> StoreResult<Vec<Option<Durations>>> {
        let state = self.state()?;
        let found = |name: &String| {
            let mut counts = DurationCounts::default();
            let named = |row: &&Row| by.map_or_else(|| "-".to_owned(), |by| row.group(by, lens)) == *name;
            state.matching(filter, lens).filter(named).for_each(|row| counts.add(row.event.time_taken_ms));
            counts.summary()
        };
        Ok(names.iter().map(found).collect())
    }

    fn first_seen(&self, by: Dimension, since: Timestamp, limit: usize) -> StoreResult<Vec<(String, Timestamp)>> {
        if !matches!(by, Dimension::Destination | Dimension::Domain | Dimension::Service) {
            return Err(StoreError::Invalid("first seen are destinations, domains and services".to_owned()));
        }
        let mut first: BTreeMap<String, Timestamp> = BTreeMap::new();
        for row in &self.state()?.rows {
            let hour = row.event.time.floor_to(Resolution::Hour.width_ms());
            let seen = first.entry(row.group(by, &Lens::PLAIN)).or_insert(hour);
            *seen = hour.min(*seen);
        }
        let mut new: Vec<_> =
            first.into_iter().filter(|(name, hour)| name != "-" && *hour >= since.floor_to(3_600_000)).collect();
        new.sort_by_key(|(name, hour)| (Reverse(*hour), name.clone()));
        new.truncate(limit);
        Ok(new)
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
        let living: BTreeSet<RowId> = state.rows.iter().map(|row| row.event.id).collect();
        let is_left = |finding: &Finding| finding.evidence.iter().any(|row| living.contains(row));
        state.findings.retain(|finding| !finding.is_of(subject) && is_left(finding));
        state.removals += 1;
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
            (TracePlace::Finding, state.findings.iter().map(|finding| finding.places().0).collect()),
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

    fn rescore(&self, after: RowId, scorer: &mut dyn FnMut(&Event, &mut Vec<u8>)) -> StoreResult<Option<Rescored>> {
        let mut state = self.state()?;
        let mut behind = state.rows.iter_mut().filter(|row| row.event.id > after).take(100).peekable();
        if behind.peek().is_none() {
            return Ok(None);
        }
        let mut done = Rescored { up_to: after, rows: 0, changed: 0 };
        for row in behind {
            let mut text = Vec::new();
            scorer(&row.event, &mut text);
            let verdict = Verdict::read(&text);
            done.changed += u64::from(verdict != row.event.verdict);
            (row.event.verdict, done.up_to, done.rows) = (verdict, row.event.id, done.rows + 1);
        }
        state.version += u64::from(done.changed > 0);
        Ok(Some(done))
    }

    fn visits(&self, range: TimeRange, sink: &mut dyn VisitSink) -> StoreResult<Box<dyn VisitNames>> {
        let state = self.state()?;
        let mut names = Numbered::default();
        let visits = state.rows.iter().filter(|row| range.contains(row.event.time)).map(|row| Visit {
            row: row.event.id,
            time: row.event.time,
            client: number(&mut names.clients, row.group(Dimension::Client, &Lens::PLAIN).as_bytes()),
            user: number(&mut names.users, row.group(Dimension::User, &Lens::PLAIN).as_bytes()),
            destination: number(&mut names.destinations, row.group(Dimension::Destination, &Lens::PLAIN).as_bytes()),
            outcome: row.event.outcome(),
            sends: [&b"POST"[..], b"PUT", b"PATCH"].contains(&&*row.event.cs_method),
            random_path: PathTraits::read(&row.path()).expect("traits").high_entropy,
            time_taken_ms: row.event.time_taken_ms,
            sc_bytes: row.event.sc_bytes,
            cs_bytes: row.event.cs_bytes,
        });
        let visits: Vec<Visit> = visits.collect();
        names.of_destination = vec![Default::default(); names.destinations.len()];
        for row in &state.rows {
            let of = |by| row.group(by, &Lens::PLAIN).into_bytes();
            let destination = of(Dimension::Destination);
            if let Some(at) = names.destinations.iter().position(|name| *name == destination) {
                names.of_destination[at] = (number(&mut names.domains, &of(Dimension::Domain)), of(Dimension::Service));
            }
        }
        sink.begin();
        sink.visits(&visits);
        Ok(Box::new(names))
    }

    fn findings(&self) -> StoreResult<Vec<Finding>> {
        Ok(self.state()?.findings.clone())
    }

    fn removals(&self) -> StoreResult<u64> {
        Ok(self.state()?.removals)
    }

    fn keep_findings(&self, found: &[Finding], removals: u64) -> StoreResult<u64> {
        let mut state = self.state()?;
        if state.removals != removals {
            return Err(StoreError::Overtaken);
        }
        let (mut taken, mut new) = (BTreeSet::new(), 0);
        for finding in found {
            let free = state.findings.iter_mut().filter(|known| !taken.contains(&known.id));
            if let Some(known) = Finding::that_goes_on(free, finding) {
                known.renew(finding);
                taken.insert(known.id);
                continue;
            }
            state.highest_finding += 1;
            let id = state.highest_finding;
            state.findings.push(Finding { id, ..finding.clone() });
            taken.insert(id);
            new += 1;
        }
        state.version += 1;
        Ok(new)
    }

    fn set_finding_status(&self, id: u64, status: FindingStatus, note: &str) -> StoreResult<bool> {
        let mut state = self.state()?;
        let Some(finding) = state.findings.iter_mut().find(|finding| finding.id == id) else { return Ok(false) };
        (finding.status, finding.note) = (status, note.to_owned());
        state.version += 1;
        Ok(true)
    }

    fn clear(&self) -> StoreResult<u64> {
        let mut state = self.state()?;
        let gone = state.rows.len() as u64;
        state.rows.clear();
        state.rejects.clear();
        state.unkept.clear();
        state.past.clear();
        state.findings.clear();
        state.removals += 1;
        state.places.retain(|_, place| place.last.followed);
        state.version += 1;
        Ok(gone)
    }

    fn clear_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        let mut state = self.state()?;
        let gone = state.old(cutoff);
        let State { rows, past, .. } = &mut *state;
        for row in rows.iter().filter(|row| is_old(row, cutoff)) {
            past.entry(row.event.time.hour()).or_default().add(&row.totals());
        }
        state.rows.retain(|row| !is_old(row, cutoff));
        if gone > 0 {
            state.removals += 1;
            state.findings.retain(|finding| finding.last.hour() >= cutoff.hour());
        }
        state.version += u64::from(gone > 0);
        Ok(gone as u64)
    }

    fn clear_archived(&self, cutoff: Timestamp, up_to: RowId) -> StoreResult<u64> {
        if self.state()?.rows.iter().any(|row| row.event.id > up_to && is_old(row, cutoff)) {
            return Err(StoreError::Overtaken);
        }
        self.clear_before(cutoff)
    }

    fn count_before(&self, cutoff: Timestamp) -> StoreResult<u64> {
        Ok(self.state()?.old(cutoff) as u64)
    }

    fn past(&self, range: TimeRange) -> StoreResult<Vec<TimelinePoint>> {
        let state = self.state()?;
        let points = state.past.iter().filter(|_| range.from < range.until).filter(|(hour, _)| {
            let start = Timestamp(**hour * HOUR_MS);
            start < range.until && range.from.0 < start.0 + HOUR_MS
        });
        Ok(points.map(|(hour, totals)| TimelinePoint { time: Timestamp(hour * HOUR_MS), totals: *totals }).collect())
    }

    fn forget_past(&self, before: Timestamp) -> StoreResult<u64> {
        let mut state = self.state()?;
        let all = state.past.len();
        state.past.retain(|hour, _| *hour >= before.hour());
        let gone = (all - state.past.len()) as u64;
        state.version += u64::from(gone > 0);
        Ok(gone)
    }

    fn vacuum(&self) -> StoreResult<Vacuumed> {
        self.state().map(|_| Vacuumed { bytes_before: 0, bytes_after: 0 })
    }

    fn analyze(&self) -> StoreResult<()> {
        self.state().map(drop)
    }

    fn rebuild_sums(&self, progress: &mut dyn FnMut(u64, u64)) -> StoreResult<u64> {
        let hours: BTreeSet<i64> = self.state()?.rows.iter().map(|row| row.event.time.hour()).collect();
        progress(hours.len() as u64, hours.len() as u64);
        Ok(hours.len() as u64)
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
        if let Some(act) = self.looked_up.lock().take() {
            act();
        }
        let state = self.state()?;
        let Some(place) = state.places.get(&fingerprint) else { return Ok(Vec::new()) };
        let mut marks = place.marks.clone();
        marks.insert(place.last.mark.offset, place.last.mark);
        Ok(marks.into_values().collect())
    }
}
