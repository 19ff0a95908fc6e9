//! The security score as the API gives it: what it looks at is read anew for each answer; the dashboard, which asks often,
//! is told one of the last minutes.

use super::error::ApiResult;
use super::state::AppState;
use crate::jobs::judge_now;
use crate::model::Timestamp;
use crate::posture::Report;
use parking_lot::Mutex;
use std::path::PathBuf;

/// How long a score is told to those who ask often.
const KEPT_MS: i64 = 5 * 60_000;

/// Where the proxy's configuration is, and the last score.
#[derive(Debug, Default)]
pub struct Posture {
    squid_conf: Option<PathBuf>,
    last: Mutex<Option<Last>>,
    /// Held by whoever asks every check for those who ask often: the others wait for that answer.
    turn: Mutex<()>,
}

/// A score, and what it was told of.
#[derive(Clone, Copy, Debug)]
struct Last {
    at: Timestamp,
    settings: u64,
    score: u32,
}

impl Posture {
    /// With the squid.conf to look at.
    pub fn of(squid_conf: Option<PathBuf>) -> Posture {
        Posture { squid_conf, last: Mutex::default(), turn: Mutex::default() }
    }

    /// Asks every check now. Reads many rows: for the lane of scans.
    ///
    /// # Errors
    /// When a database can't be read.
    pub fn report(&self, state: &AppState) -> ApiResult<Report> {
        let now = state.clock.now();
        let report = judge_now(&*state.store, &state.control, self.squid_conf.as_deref(), now)?;
        let last = Last { at: now, settings: state.control.settings().version(), score: report.score };
        *self.last.lock() = Some(last);
        Ok(report)
    }

    /// The score of the last minutes, of the settings as they are.
    ///
    /// # Errors
    /// As [`Posture::report`].
    pub fn recent(&self, state: &AppState) -> ApiResult<u32> {
        if let Some(score) = self.known(state) {
            return Ok(score);
        }
        let _turn = self.turn.lock();
        match self.known(state) {
            Some(score) => Ok(score),
            None => Ok(self.report(state)?.score),
        }
    }

    /// The last score, while it is young and of the settings as they are.
    fn known(&self, state: &AppState) -> Option<u32> {
        let last = (*self.last.lock())?;
        let (now, settings) = (state.clock.now(), state.control.settings().version());
        let is_young = (0..KEPT_MS).contains(&(now.0 - last.at.0));
        (last.settings == settings && is_young).then_some(last.score)
    }
}
