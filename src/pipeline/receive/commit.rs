//! From an inbox to the store: one thread per source takes what waits, reads it and commits it, a few times a second.
//! What the store refuses is kept and tried again, while the inbox fills.

use super::inbox::{Bundle, Patience, Waiting};
use super::status::{Alarm, Stored, Watched};
use crate::format::{FormatChoice, LocalTime, SharedFormat, Squid, detect};
use crate::model::{Batch, Clock, SourceName};
use crate::pipeline::parse::{Parsed, StoredAs, parse_chunk};
use crate::source::Chunk;
use crate::store::{EventSink, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Lines are committed when so many wait, or the first has waited so long.
const PROMPT: Patience = Patience { lines: 10_000, wait: Duration::from_millis(100) };
/// The same while the format is yet to be found out.
const LOOKING: Patience = Patience { lines: 64, wait: Duration::from_secs(1) };
/// How much is looked at to find out a format.
const SAMPLE_BYTES: usize = 64 * 1024;
/// How long to wait before a refused commit is tried again: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long what can't be stored is tried for at the end.
const LAST_TRIES: Duration = Duration::from_secs(2);

/// Stores what one source receives.
pub(super) struct Committer<S: EventSink> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    stored_as: StoredAs,
    watched: Arc<Watched>,
    /// How the lines of each machine are read.
    machines: BTreeMap<Box<str>, Machine>,
    /// Where the next line stands among all that came, in bytes.
    offset: u64,
}

/// How the lines of a machine are read.
#[derive(Clone)]
struct Machine {
    format: SharedFormat,
    /// Whether it was found out and explained most of the last lines.
    fits: bool,
}

impl<S: EventSink> Committer<S> {
    pub(super) fn new(store: Arc<S>, clock: Arc<dyn Clock>, stored_as: StoredAs, watched: Arc<Watched>) -> Self {
        Committer { store, clock, stored_as, watched, machines: BTreeMap::new(), offset: 0 }
    }

    /// Commits until the inbox is closed and empty.
    pub(super) fn run(mut self) {
        let watched = Arc::clone(&self.watched);
        let _alarm = Alarm(&watched);
        while let Some(waiting) = self.watched.inbox.take(self.patience()) {
            let lines = waiting.lines;
            let chunks = self.chunks(waiting);
            let mut pause = FIRST_PAUSE;
            let mut closed_at = None;
            while let Err(cause) = self.commit(&chunks) {
                self.watched.store_fault(Some(cause.to_string()));
                if self.watched.inbox.pause(pause) {
                    let closed_at = *closed_at.get_or_insert_with(Instant::now);
                    if closed_at.elapsed() > LAST_TRIES {
                        let lines = lines + self.watched.inbox.waiting().0;
                        tracing::error!(source = self.watched.spec.source.name, lines, "lines are lost at the end");
                        return;
                    }
                    std::thread::sleep(FIRST_PAUSE);
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            self.watched.store_fault(None);
        }
    }

    fn patience(&self) -> Patience {
        let looking = matches!(self.watched.spec.format, FormatChoice::Auto) && self.machines.is_empty();
        if looking { LOOKING } else { PROMPT }
    }

    /// What waited, as the lines of each machine.
    fn chunks(&mut self, waiting: Waiting) -> Vec<(Box<str>, Chunk)> {
        let chunk = |(host, Bundle { bytes, too_long })| {
            let offset = self.offset;
            self.offset += bytes.len() as u64;
            let too_long = too_long.into_iter().map(|head| (offset, head)).collect();
            (host, Chunk { offset, bytes, too_long, end: self.offset, tail: 0 })
        };
        waiting.by_host.into_iter().map(chunk).collect()
    }

    /// Stores everything in one transaction; nothing has changed when it fails.
    fn commit(&mut self, chunks: &[(Box<str>, Chunk)]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut storing = (self.stored_as)();
        let local = LocalTime { until: now, zone: self.watched.spec.zone.clone() };
        let (mut prepared, mut machines) = (Vec::new(), BTreeMap::new());
        let (mut sums, mut batch) = (Parsed::default(), Batch::default());
        for (host, chunk) in chunks {
            let mut machine = self.machine(host, &chunk.bytes);
            if let Some(format) = machine.format.with_local_time(&local) {
                machine.format = format;
            }
            let own = &self.watched.spec.source;
            let source =
                SourceName { host: if host.is_empty() { &own.host } else { &**host }.to_owned(), ..own.clone() };
            let parsed = parse_chunk(&mut machine.format, &source, chunk, &mut storing, &mut batch, |batch, _| {
                if !batch.is_empty() || !batch.rejects.is_empty() {
                    prepared.push(self.store.prepare(batch)?);
                }
                Ok::<_, StoreError>(())
            })?;
            machine.fits = parsed.stored * 2 > parsed.lines;
            sums.add(&parsed);
            machines.insert(host.clone(), machine);
        }
        self.store.append(prepared, &[])?;
        let format = machines.values().next_back().map(|machine| machine.format.spec().to_owned());
        self.machines.extend(machines);
        let (lines, rejected) = (sums.lines, sums.lines - sums.stored);
        self.watched.stored(Stored { format, lines, rejected, observed: sums.observed, at: now });
        Ok(())
    }

    /// How the lines of a machine are read: as it was said; else as its last lines were, where that explained them;
    /// else as these lines look; else as its lines were read so far, or those of any other machine; else as Squid's, so
    /// that they are kept as rejects.
    fn machine(&self, host: &str, lines: &[u8]) -> Machine {
        let known = self.machines.get(host);
        let given = match &self.watched.spec.format {
            FormatChoice::Given(format) => Some(format),
            FormatChoice::Auto => None,
        };
        if let Some(known) = known.filter(|known| known.fits || given.is_some()) {
            return known.clone();
        }
        let found = given.cloned().or_else(|| {
            let sample = &lines[..lines.len().min(SAMPLE_BYTES)];
            let whole = memchr::memrchr(b'\n', sample).map_or(sample.len(), |end| end + 1);
            detect(&sample[..whole]).format().cloned()
        });
        let others = || self.machines.values().find(|machine| machine.fits).cloned();
        let found = found.map(|format| Machine { format, fits: true });
        let machine = found.or_else(|| known.cloned()).or_else(others);
        machine.unwrap_or_else(|| Machine { format: Arc::new(Squid), fits: false })
    }
}
