//! Whether there is a newer Tidegate, asked of nobody but an address that the operator configured (`[updates] url`).
//! What it says is kept for a day; after a failure it is left alone for a quarter of an hour.
//!
//! Not here: who asks ([`crate::api`]), and anything that installs.

mod feed;

pub use feed::{FeedError, Release};

use crate::model::{Clock, Timestamp};
use parking_lot::Mutex;
use std::sync::Arc;

/// What is known of releases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The newest release.
    pub release: Release,
    /// When that was asked.
    pub checked_at: Timestamp,
}

impl Known {
    /// Whether the release is newer than a version, by the order of Semantic Versioning 2.0.0. Nothing is
    /// newer than a version that is none.
    pub fn is_newer_than(&self, version: &str) -> bool {
        semver::Version::parse(version).is_ok_and(|version| self.release.version.cmp_precedence(&version).is_gt())
    }
}

/// Asks for releases, and remembers the answer.
pub struct Updates {
    clock: Arc<dyn Clock>,
    /// Held while somebody asks, so that one question does for all.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    url: Option<String>,
    known: Option<Known>,
    failed_at: Option<Timestamp>,
}

impl Updates {
    /// How long an answer is kept, in milliseconds.
    pub const KEPT_MS: i64 = 24 * 3_600_000;
    /// How long after a failure nobody asks again, in milliseconds.
    pub const BACK_OFF_MS: i64 = 15 * 60_000;

    /// Asks at `url`; nowhere without one.
    pub fn new(url: Option<String>, clock: Arc<dyn Clock>) -> Updates {
        Updates { clock, state: Mutex::new(State { url, ..State::default() }) }
    }

    /// Asks somewhere else from now on, and forgets what is known where that is another address. Waits for a question
    /// that is under way.
    pub fn ask_at(&self, url: Option<String>) {
        let mut state = self.state.lock();
        if state.url != url {
            *state = State { url, ..State::default() };
        }
    }

    /// What is known, without asking.
    pub fn known(&self) -> Option<Known> {
        self.state.lock().known.clone()
    }

    /// What is known, having asked where that is older than a day. Blocks for up to [`feed::DEADLINE`]. A failure is
    /// written to the log, and leaves what was known before.
    pub fn check(&self) -> Option<Known> {
        let mut state = self.state.lock();
        let now = self.clock.now();
        let within =
            |at: Option<Timestamp>, ms: i64| at.is_some_and(|at| (0..ms).contains(&now.0.saturating_sub(at.0)));
        let is_fresh = within(state.known.as_ref().map(|known| known.checked_at), Self::KEPT_MS);
        if let Some(url) = state.url.as_deref().filter(|_| !is_fresh && !within(state.failed_at, Self::BACK_OFF_MS)) {
            match feed::fetch(url) {
                Ok(release) => {
                    state.known = Some(Known { release, checked_at: now });
                    state.failed_at = None;
                }
                Err(cause) => {
                    tracing::warn!(%cause, "could not find out whether there is a newer Tidegate; see [updates] url");
                    state.failed_at = Some(now);
                }
            }
        }
        state.known.clone()
    }
}

#[cfg(test)]
mod tests;
