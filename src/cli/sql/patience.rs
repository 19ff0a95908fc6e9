//! How long a question may take, and how much may be written meanwhile.

use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How large the write-ahead log may become while a question is answered. A server that stores lines beside it must find
/// a moment to move them into the database.
const MOST_WAL_BYTES: u64 = 1 << 30;
/// How often its size is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The patience with a question.
#[derive(Debug)]
pub(super) struct Patience {
    until: Instant,
    timeout: Duration,
    wal: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    look_at: Instant,
    spent: Option<String>,
}

impl Patience {
    /// With a question to the database `events` that begins now.
    pub(super) fn new(timeout: Duration, events: &Path) -> Patience {
        let mut wal = events.as_os_str().to_owned();
        wal.push("-wal");
        let now = Instant::now();
        Patience { until: now + timeout, timeout, wal: wal.into(), state: Mutex::new(State { look_at: now, spent: None }) }
    }

    /// Whether it is at its end.
    pub(super) fn is_spent(&self) -> bool {
        let mut state = self.state.lock();
        let now = Instant::now();
        if state.spent.is_none() && now >= self.until {
            let seconds = self.timeout.as_secs();
            state.spent = Some(format!("stopped after {seconds} s; narrow the question, or give it more with --timeout"));
        }
        if state.spent.is_none() && now >= state.look_at {
            state.look_at = now + LOOK_EVERY;
            let bytes = std::fs::metadata(&self.wal).map_or(0, |file| file.len());
            if bytes > MOST_WAL_BYTES {
                let path = self.wal.display();
                state.spent = Some(format!("stopped: {path} has grown beyond 1 GiB; ask again when less is stored"));
            }
        }
        state.spent.is_some()
    }

    /// Why it is at its end, if so.
    pub(super) fn spent(&self) -> Option<String> {
        self.state.lock().spent.clone()
    }
}
