//! Where blocking work waits its turn. The store and the control database block; each call runs on a thread of its
//! own, behind one of four semaphores, so that a burst of scans never keeps a page or a login waiting.
//!
//! The permit belongs to the call, not to the request: a request that is given up leaves its lane busy until the
//! call has ended.

use super::error::{ApiError, ApiResult};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Calls of the authenticator at a time.
const LOGINS: usize = 128;

/// Which queue a call stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// Pages, totals, settings: short.
    Pages,
    /// Questions that read many rows, and the audit log: long.
    Scans,
    /// Clearing: waits for no question, but for whatever else clears.
    Clearing,
    /// Checking passwords: costs memory and time on purpose.
    Logins,
}

/// The four queues.
#[derive(Clone, Debug)]
pub struct Lanes {
    pages: Arc<Semaphore>,
    scans: Arc<Semaphore>,
    clearing: Arc<Semaphore>,
    logins: Arc<Semaphore>,
}

impl Lanes {
    /// Lanes for a machine with that many cores: scans as wide as the cores, pages four times. Logins are let through
    /// widely: the authenticator itself limits how many hash at once, and known credentials need not wait for those.
    pub fn new(cores: usize) -> Lanes {
        let cores = cores.max(1);
        let of = |width| Arc::new(Semaphore::new(width));
        Lanes { pages: of(cores * 4), scans: of(cores), clearing: of(1), logins: of(LOGINS) }
    }

    /// Runs `work` on a thread for blocking work when its lane has room.
    ///
    /// # Errors
    /// What `work` answers, and [`ApiError::Internal`] when it panicked.
    pub async fn run<T, E, F>(&self, lane: Lane, work: F) -> ApiResult<T>
    where
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
        F: FnOnce() -> Result<T, E> + Send + 'static,
    {
        let semaphore = match lane {
            Lane::Pages => &self.pages,
            Lane::Scans => &self.scans,
            Lane::Clearing => &self.clearing,
            Lane::Logins => &self.logins,
        };
        let permit = Arc::clone(semaphore).acquire_owned().await.map_err(ApiError::internal)?;
        let call = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(permit);
            answer
        });
        match call.await {
            Ok(answer) => answer.map_err(Into::into),
            Err(gone) => Err(ApiError::internal(format!("blocking work ended early: {gone}"))),
        }
    }
}
