//! The follower's thread: woken by the kernel where it can, and by the clock, as file systems of other machines tell
//! nobody what others write.

use super::Follower;
use crate::source::Wake;
use crate::store::{EventSink, StoreError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Between two looks at least; a busy log is stored in twenty commits a second, not in hundreds.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// Without being woken, open files are looked at this often.
const POLL: Duration = Duration::from_millis(250);
/// Without being woken, directories are listed this often.
const LIST: Duration = Duration::from_secs(1);
/// After the store's background work failed.
const BACK_OFF: Duration = Duration::from_secs(1);

impl<S: EventSink + 'static> Follower<S> {
    /// Follows until `stop` is set; between looks, background work of the store is done.
    pub fn run(&mut self, stop: &AtomicBool) {
        let started = Instant::now();
        let mut wake = Wake::new();
        let (mut listed, mut rest) = (None::<Duration>, Duration::ZERO);
        while !stop.load(Ordering::Relaxed) {
            let now = started.elapsed();
            self.change(now);
            let list = wake.names_changed() || listed.is_none_or(|at| now.saturating_sub(at) >= LIST);
            let has_backlog = self.look_again(now, list).more;
            if list {
                listed = Some(now);
                wake.watch(self.families.iter().flat_map(super::Family::directories));
            }
            // Also while there is a lot to read: what waits to be folded must not pile up.
            while now >= rest && !stop.load(Ordering::Relaxed) {
                match self.maintain() {
                    Ok(true) if started.elapsed() < now + BETWEEN_LOOKS => {}
                    Ok(_) => break,
                    Err(error) => {
                        tracing::error!(%error, "background work of the store failed; trying again");
                        rest = started.elapsed() + BACK_OFF;
                    }
                }
            }
            if has_backlog {
                continue;
            }
            let next = now + BETWEEN_LOOKS;
            wake.wait(POLL.saturating_sub(started.elapsed().saturating_sub(now)));
            std::thread::sleep(next.saturating_sub(started.elapsed()));
        }
    }

    /// Does background work until there is none, and again only when the store has changed.
    fn maintain(&mut self) -> Result<bool, StoreError> {
        let version = self.store.version()?;
        if self.maintained == Some(version) {
            return Ok(false);
        }
        let more = self.store.maintain()?;
        self.maintained = (!more).then_some(version);
        Ok(more)
    }
}
