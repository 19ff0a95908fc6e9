//! Tells the supervisor that the process works, as long as it does: the store answers a read, the files are looked at,
//! and no receiver has ended. Where that is so no more the supervisor hears nothing, and starts the process again.
//!
//! What a restart does not mend is no reason for silence: a full disk, a source that can't be read. Those are in `/health`.

use super::sources::Sources;
use super::supervisor::Supervisor;
use crate::model::{Clock, Lens, PageQuery};
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// How often the status is told where the supervisor doesn't ask for more.
const AT_LEAST: Duration = Duration::from_secs(30);

/// What is watched.
pub(super) struct Watched {
    pub(super) supervisor: Arc<Supervisor>,
    pub(super) store: Arc<ColumnarStore>,
    pub(super) sources: Arc<Sources>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) runtime: Handle,
}

impl Watched {
    /// Tells, in a thread of its own, until the process ends.
    pub(super) fn start(self) -> std::io::Result<()> {
        // Three times in the time that is given, so that one late answer is none too many.
        let every = self.supervisor.watchdog().map_or(AT_LEAST, |given| (given / 3).min(AT_LEAST));
        std::thread::Builder::new().name("watchdog".into()).spawn(move || {
            loop {
                let began = Instant::now();
                match self.look(every) {
                    Ok(status) => self.supervisor.works(&status),
                    Err(why) => {
                        tracing::error!(why, "the supervisor is not told that all works");
                        self.supervisor.fails(why);
                    }
                }
                std::thread::sleep(every.saturating_sub(began.elapsed()));
            }
        })?;
        Ok(())
    }

    /// Whether all works.
    fn look(&self, patience: Duration) -> Result<String, &'static str> {
        self.sources.works()?;
        let (store, (tell, told)) = (Arc::clone(&self.store), channel());
        // By way of the runtime that answers requests, which must work, too.
        self.runtime.spawn(async move {
            let read = move || store.page(&PageQuery::newest(1), &Lens::MASKED).map(drop);
            let _ = tell.send(tokio::task::spawn_blocking(read).await);
        });
        match told.recv_timeout(patience) {
            Ok(Ok(Ok(()))) => {}
            Ok(_) => return Err("the store can't be read"),
            Err(RecvTimeoutError::Timeout) => return Err("the store does not answer"),
            Err(RecvTimeoutError::Disconnected) => return Err("requests are not answered"),
        }
        let ingest = self.sources.ingest(&self.store, &*self.clock);
        let (sources, lines) = (ingest.sources.len(), ingest.lines_per_second);
        Ok(format!("{sources} sources, {lines:.0} lines/s"))
    }
}
