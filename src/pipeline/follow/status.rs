//! How following goes, for whoever wants to know.

use crate::model::{Observed, Timestamp};
use parking_lot::{Mutex, MutexGuard};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How a followed file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowState {
    /// The source's name.
    pub source: String,
    /// The file.
    pub path: PathBuf,
    /// Whether it is written to; else it was renamed or removed by rotation, and is read to its end.
    pub is_active: bool,
    /// The spec of the format its lines are read in; empty while that is not known.
    pub format: String,
    /// Bytes of its content that are stored.
    pub position: u64,
    /// Bytes there are; of a compressed file, compressed ones.
    pub length: u64,
    /// Bytes not stored yet, a last line without its end included; of a compressed file all until it is read.
    pub unread: u64,
    /// When a line was last stored, wall clock.
    pub last_line: Option<Timestamp>,
    /// What the rows of the source carried since the start.
    pub observed: Observed,
    /// What is wrong, if anything.
    pub fault: Option<String>,
}

/// How following goes; kept up to date while [`Follower::run`] runs.
///
/// [`Follower::run`]: super::Follower::run
#[derive(Debug, Default)]
pub struct FollowStatus {
    files: Mutex<Vec<FollowState>>,
    /// When (monotonic), and lines stored then, of the last [`FollowStatus::WINDOW`].
    recent: Mutex<VecDeque<(Instant, u64)>>,
    lines: AtomicU64,
    /// When the files were last looked at.
    looked: Mutex<Option<Instant>>,
}

impl FollowStatus {
    /// Lines per second are counted over this.
    pub const WINDOW: Duration = Duration::from_secs(60);

    /// Looking at the files takes moments; after this long without, something is wrong.
    pub const STALLED_AFTER: Duration = Duration::from_secs(60);

    /// Whether the follower has not looked for [`FollowStatus::STALLED_AFTER`], having begun.
    pub fn is_stalled(&self) -> bool {
        self.looked.lock().is_some_and(|at| at.elapsed() > Self::STALLED_AFTER)
    }

    /// How every file stands that is followed or still read to its end. A source whose file is not there has one entry.
    pub fn files(&self) -> Vec<FollowState> {
        self.files.lock().clone()
    }

    /// Lines stored per second, over the last minute.
    pub fn lines_per_second(&self) -> f64 {
        let lines: u64 = self.forget_old().iter().map(|(_, lines)| lines).sum();
        lines as f64 / Self::WINDOW.as_secs_f64()
    }

    /// Lines stored or rejected since the start.
    pub fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    pub(super) fn looked(&self, lines: u64, files: Vec<FollowState>) {
        if lines > 0 {
            self.lines.fetch_add(lines, Ordering::Relaxed);
            self.forget_old().push_back((Instant::now(), lines));
        }
        *self.files.lock() = files;
        *self.looked.lock() = Some(Instant::now());
    }

    fn forget_old(&self) -> MutexGuard<'_, VecDeque<(Instant, u64)>> {
        let mut recent = self.recent.lock();
        while recent.front().is_some_and(|(at, _)| at.elapsed() > Self::WINDOW) {
            recent.pop_front();
        }
        recent
    }
}
