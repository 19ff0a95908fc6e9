//! The security score as the API gives it: asked anew for whoever wants its evidence, and told to the dashboard, which asks
//! often, as it was kept last.

use super::error::ApiResult;
use super::state::AppState;
use crate::jobs::{judge_now, judge_settings};
use crate::posture::Report;
use std::path::PathBuf;

/// Where the proxy's configuration is.
#[derive(Debug, Default)]
pub struct Posture {
    squid_conf: Option<PathBuf>,
}

impl Posture {
    /// With the squid.conf to look at.
    pub fn of(squid_conf: Option<PathBuf>) -> Posture {
        Posture { squid_conf }
    }

    /// Asks every check now. Reads many rows: for the lane of scans.
    ///
    /// # Errors
    /// When a database can't be read.
    pub fn report(&self, state: &AppState) -> ApiResult<Report> {
        Ok(judge_now(&*state.store, &state.control, self.squid_conf.as_deref(), state.clock.now())?)
    }

    /// The score that was kept last, by the job `score`. Where none was yet, in the first minute of a server, it is that of
    /// settings and squid.conf: what traffic says would take many rows to read.
    ///
    /// # Errors
    /// When the control database can't be read.
    pub fn kept(&self, state: &AppState) -> ApiResult<u32> {
        match state.control.newest_posture()? {
            Some(newest) => Ok(newest.score),
            None => Ok(judge_settings(&state.control, self.squid_conf.as_deref(), state.clock.now())?.score),
        }
    }
}
