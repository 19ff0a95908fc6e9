//! How receiving goes, for whoever wants to know.

use super::inbox::Inbox;
use super::{Door, ReceiveSpec};
use crate::model::{Observed, Timestamp};
use parking_lot::{Mutex, RwLock};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How a source that is received stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiveState {
    /// The source's name.
    pub source: String,
    /// The machine its lines are of where they name none.
    pub host: String,
    /// How its lines come in.
    pub door: Door,
    /// The format of the lines that came last, as a spec; `None` until some came.
    pub format: Option<String>,
    /// Lines stored or rejected since the start.
    pub lines: u64,
    /// Those rejected.
    pub rejected: u64,
    /// Lines and datagrams lost since the start: the queue was full, or the kernel's buffer; cut off in the middle.
    pub dropped: u64,
    /// Datagrams and connections of senders that may not send, and connections beyond the limit, since the start.
    pub refused: u64,
    /// Connections that are open.
    pub connections: u64,
    /// Lines that wait to be stored.
    pub waiting: u64,
    /// How long the first of them has waited.
    pub waiting_for: Duration,
    /// When a line was last stored, wall clock.
    pub last_line: Option<Timestamp>,
    /// Lines stored a second, over the last minute.
    pub lines_per_second: f64,
    /// What the rows carried.
    pub observed: Observed,
    /// Whether nothing more can come: standard input has ended.
    pub ended: bool,
    /// What is wrong, if anything.
    pub fault: Option<String>,
}

/// How all of them stand; kept up to date while they are received.
#[derive(Debug, Default)]
pub struct ReceiveStatus {
    sources: RwLock<Vec<Arc<Watched>>>,
}

impl ReceiveStatus {
    /// How every source stands.
    pub fn sources(&self) -> Vec<ReceiveState> {
        self.sources.read().iter().map(|source| source.state()).collect()
    }

    /// Whether none of their threads has ended in a panic.
    pub fn is_sound(&self) -> bool {
        self.sources.read().iter().all(|source| !source.faults.lock().panicked)
    }

    /// Which there are now.
    pub(super) fn are(&self, sources: Vec<Arc<Watched>>) {
        *self.sources.write() = sources;
    }
}

/// What is known of one source while it is received.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) spec: ReceiveSpec,
    pub(super) inbox: Inbox,
    /// Where it listens, with the port that was taken.
    pub(super) door: Door,
    pub(super) lost: Counted,
    /// What the kernel said last.
    kernel_lost: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) connections: AtomicU64,
    stored: Counted,
    progress: Mutex<Progress>,
    faults: Mutex<Faults>,
}

#[derive(Debug, Default)]
struct Progress {
    format: Option<String>,
    rejected: u64,
    last_line: Option<Timestamp>,
    observed: Observed,
    ended: bool,
}

/// What is wrong, by who says so.
#[derive(Debug, Default)]
struct Faults {
    /// Whether one of its threads is no more.
    panicked: bool,
    socket: Option<String>,
    store: Option<String>,
}

/// Held by whoever works for a source: when that ends in a panic, the source says so.
pub(super) struct Alarm<'w>(pub(super) &'w Watched);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.faults.lock().panicked = true;
            tracing::error!(source = self.0.spec.source.name, "receiving ended in a panic");
        }
    }
}

/// What a commit stored.
pub(super) struct Stored {
    pub(super) format: Option<String>,
    pub(super) lines: u64,
    pub(super) rejected: u64,
    pub(super) observed: Observed,
    pub(super) at: Timestamp,
}

impl Watched {
    pub(super) fn new(spec: ReceiveSpec, door: Door, inbox: Inbox) -> Watched {
        Watched {
            spec,
            inbox,
            door,
            lost: Counted::default(),
            kernel_lost: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            stored: Counted::default(),
            progress: Mutex::default(),
            faults: Mutex::default(),
        }
    }

    /// Lines have been stored.
    pub(super) fn stored(&self, stored: Stored) {
        self.stored.add(stored.lines);
        let mut progress = self.progress.lock();
        progress.format = stored.format.or(progress.format.take());
        progress.rejected += stored.rejected;
        progress.last_line = Some(stored.at);
        progress.observed.add(&stored.observed);
    }

    /// What the kernel has counted so far.
    pub(super) fn kernel_lost(&self, total: u64) {
        let before = self.kernel_lost.swap(total, Ordering::Relaxed);
        self.lost.add(total.saturating_sub(before));
    }

    /// Counts on from where another ended that received by the same socket.
    pub(super) fn counts_on(&self, former: &Watched) {
        self.stored.total.fetch_add(former.stored.total(), Ordering::Relaxed);
        self.lost.total.fetch_add(former.lost.total(), Ordering::Relaxed);
        self.refused.fetch_add(former.refused.load(Ordering::Relaxed), Ordering::Relaxed);
        let rejected = former.progress.lock().rejected;
        self.progress.lock().rejected += rejected;
    }

    /// What the kernel had counted before this source took over the socket.
    pub(super) fn kernel_lost_before(&self, total: u64) {
        self.kernel_lost.store(total, Ordering::Relaxed);
    }

    /// What the kernel said last.
    pub(super) fn lost_in_kernel(&self) -> u64 {
        self.kernel_lost.load(Ordering::Relaxed)
    }

    pub(super) fn ended(&self) {
        self.progress.lock().ended = true;
    }

    /// What is wrong with where lines come in; `None` when it works. Said once in the log.
    pub(super) fn socket_fault(&self, fault: Option<String>) {
        let mut faults = self.faults.lock();
        if let Some(fault) = fault.as_ref().filter(|fault| faults.socket.as_ref() != Some(*fault)) {
            tracing::error!(source = self.spec.source.name, error = *fault, "source can't be received; trying again");
        }
        faults.socket = fault;
    }

    /// What is wrong with storing; `None` when it works. Said once in the log.
    pub(super) fn store_fault(&self, fault: Option<String>) {
        let mut faults = self.faults.lock();
        match &fault {
            Some(fault) if faults.store.as_ref() != Some(fault) => {
                tracing::error!(source = self.spec.source.name, error = *fault, "lines can't be stored; trying again");
            }
            None if faults.store.is_some() => tracing::info!(source = self.spec.source.name, "lines are stored again"),
            _ => {}
        }
        faults.store = fault;
    }

    fn state(&self) -> ReceiveState {
        let (waiting, since) = self.inbox.waiting();
        let progress = self.progress.lock();
        let faults = self.faults.lock();
        let panicked = faults
            .panicked
            .then(|| "receiving ended by a fault of Tidegate's own; its log says where; restart it".to_owned());
        let lost_lately = self.lost.lately();
        let losing = (lost_lately > 0).then(|| {
            format!(
                "{lost_lately} lines or datagrams were lost in the last minute: they came faster than they are stored"
            )
        });
        ReceiveState {
            source: self.spec.source.name.clone(),
            host: self.spec.source.host.clone(),
            door: self.door,
            format: progress.format.clone(),
            lines: self.stored.total(),
            rejected: progress.rejected,
            dropped: self.lost.total(),
            refused: self.refused.load(Ordering::Relaxed),
            connections: self.connections.load(Ordering::Relaxed),
            waiting,
            waiting_for: since.map(|since| since.elapsed()).unwrap_or_default(),
            last_line: progress.last_line,
            lines_per_second: self.stored.lately() as f64 / Counted::WINDOW.as_secs_f64(),
            observed: progress.observed,
            ended: progress.ended,
            fault: panicked.or(faults.store.clone()).or(faults.socket.clone()).or(losing),
        }
    }
}

/// Something that is counted, in all and over the last minute.
#[derive(Debug, Default)]
pub(super) struct Counted {
    total: AtomicU64,
    /// By second: when it began, and how many came in it.
    recent: Mutex<VecDeque<(Instant, u64)>>,
}

impl Counted {
    /// What is called lately.
    pub(super) const WINDOW: Duration = Duration::from_secs(60);

    pub(super) fn add(&self, count: u64) {
        if count == 0 {
            return;
        }
        self.total.fetch_add(count, Ordering::Relaxed);
        let mut recent = self.recent.lock();
        match recent.back_mut() {
            Some((began, sum)) if began.elapsed() < Duration::from_secs(1) => *sum += count,
            _ => recent.push_back((Instant::now(), count)),
        }
        while recent.front().is_some_and(|(began, _)| began.elapsed() > Self::WINDOW) {
            recent.pop_front();
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    fn lately(&self) -> u64 {
        let recent = self.recent.lock();
        recent.iter().filter(|(began, _)| began.elapsed() <= Self::WINDOW).map(|(_, sum)| sum).sum()
    }
}
