//! The security score as the API gives it: asked anew for whoever wants its evidence, and told to the dashboard, which asks
//! often, as it was kept last.

use super::error::ApiResult;
use super::state::AppState;
use crate::jobs::judge_now;
use crate::posture::{Report, record};
use parking_lot::Mutex;
use std::path::PathBuf;

/// Where the proxy's configuration is.
#[derive(Debug, Default)]
pub struct Posture {
    squid_conf: Option<PathBuf>,
    /// Held by whoever judges for the first time: the others wait for that.
    first: Mutex<()>,
}

impl Posture {
    /// With the squid.conf to look at.
    pub fn of(squid_conf: Option<PathBuf>) -> Posture {
        Posture { squid_conf, first: Mutex::default() }
    }

    /// Asks every check now. Reads many rows: for the lane of scans.
    ///
    /// # Errors
    /// When a database can't be read.
    pub fn report(&self, state: &AppState) -> ApiResult<Report> {
        Ok(judge_now(&*state.store, &state.control, self.squid_conf.as_deref(), state.clock.now())?)
    }

    /// The score that was kept last, by the job `score`; where none ever was, every check is asked once, and that is kept.
    ///
    /// # Errors
    /// As [`Posture::report`], and when the score can't be kept.
    pub fn kept(&self, state: &AppState) -> ApiResult<u32> {
        if let Some(newest) = state.control.newest_posture()? {
            return Ok(newest.score);
        }
        let _first = self.first.lock();
        match state.control.newest_posture()? {
            Some(newest) => Ok(newest.score),
            None => Ok(record(&state.control, &self.report(state)?)?.score),
        }
    }
}
