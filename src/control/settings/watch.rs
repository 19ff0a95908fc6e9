//! Notices that another process, such as a command run beside the server, has changed settings.
//!
//! SQLite's `PRAGMA data_version` differs from its last value exactly when another connection has committed since; it
//! reads no page but the first. It is asked at most every [`PAUSE`], by whoever wants settings next.

use super::super::ControlResult;
use parking_lot::{Mutex, MutexGuard};
use rusqlite::Connection;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long settings are handed out without looking.
const PAUSE: Duration = Duration::from_millis(250);

/// The number of a connection's view of other connections' commits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::control) struct DataVersion(i64);

impl DataVersion {
    pub(in crate::control) fn read(connection: &Connection) -> ControlResult<DataVersion> {
        Ok(DataVersion(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }
}

/// When it was last looked, and what was seen.
#[derive(Debug)]
pub(in crate::control) struct Watch {
    since: Instant,
    due_ms: AtomicU64,
    /// Held while settings change, so that snapshots appear in the order their transactions were committed.
    seen: Mutex<DataVersion>,
}

impl Watch {
    /// A watch over settings that were read at this version or later.
    pub(in crate::control) fn new(seen: DataVersion) -> Watch {
        Watch { since: Instant::now(), due_ms: AtomicU64::new(0), seen: Mutex::new(seen) }
    }

    /// Whether it is time to look; says so to one caller each time.
    pub(super) fn is_due(&self) -> bool {
        let now_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due_ms = self.due_ms.load(Ordering::Relaxed);
        let next_ms = now_ms.saturating_add(PAUSE.as_millis() as u64);
        now_ms >= due_ms && self.due_ms.compare_exchange(due_ms, next_ms, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Waits for its turn to change settings.
    pub(super) fn turn(&self) -> MutexGuard<'_, DataVersion> {
        self.seen.lock()
    }

    /// The turn, unless somebody has it: who does will leave newer settings.
    pub(super) fn try_turn(&self) -> Option<MutexGuard<'_, DataVersion>> {
        self.seen.try_lock()
    }
}
