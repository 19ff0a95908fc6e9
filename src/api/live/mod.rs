//! Rows as they are stored, sent to whoever looks on: how many may, and what wakes them. One look at the store's
//! version, several times a second, serves every stream; another process may have stored the rows.
//!
//! What a stream sends is [`stream`]'s.

pub mod stream;

use super::lanes::Lane;
use super::state::AppState;
use crate::model::AccountId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Streams at a time.
const MOST: usize = 64;
/// Streams of one account at a time: a few browser tabs.
const MOST_OF_ONE: usize = 8;
/// How often the store is looked at while anybody looks on.
const PERIOD: Duration = Duration::from_millis(200);

/// Every open stream.
#[derive(Debug)]
pub struct Live {
    open: Mutex<Open>,
    /// The store's version when it was last looked at.
    version: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Open {
    by_account: HashMap<AccountId, usize>,
    /// Whether somebody looks at the store.
    watched: bool,
}

impl Default for Live {
    fn default() -> Live {
        Live { open: Mutex::default(), version: watch::Sender::new(0) }
    }
}

impl Live {
    /// A place for one more stream; `None` when there is none.
    pub fn take(self: &Arc<Self>, account: AccountId) -> Option<Place> {
        let mut open = self.open.lock();
        let all: usize = open.by_account.values().sum();
        let own = open.by_account.get(&account).copied().unwrap_or_default();
        if all >= MOST || own >= MOST_OF_ONE {
            return None;
        }
        open.by_account.insert(account, own + 1);
        metrics::gauge!("tidegate_live_streams").set((all + 1) as f64);
        Some(Place { live: Arc::clone(self), account })
    }

    /// Changes whenever the store has; from now on, and as long as any stream is open.
    fn wake(self: &Arc<Self>, state: &AppState) -> watch::Receiver<u64> {
        if !std::mem::replace(&mut self.open.lock().watched, true) {
            tokio::spawn(Arc::clone(self).look(state.clone()));
        }
        self.version.subscribe()
    }

    async fn look(self: Arc<Self>, state: AppState) {
        loop {
            tokio::time::sleep(PERIOD).await;
            {
                let mut open = self.open.lock();
                if open.by_account.is_empty() {
                    open.watched = false;
                    return;
                }
            }
            // Whoever waits for rows finds out by itself what ails the store.
            if let Ok(version) = state.ask(Lane::Pages, |store| store.version()).await {
                self.version.send_if_modified(|known| std::mem::replace(known, version) != version);
            }
        }
    }
}

/// A stream's place, free again when dropped.
#[derive(Debug)]
pub struct Place {
    live: Arc<Live>,
    account: AccountId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.live.open.lock();
        if let Some(own) = open.by_account.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                open.by_account.remove(&self.account);
            }
        }
        metrics::gauge!("tidegate_live_streams").set(open.by_account.values().sum::<usize>() as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_for_all_and_for_each_and_given_back() {
        let live = Arc::new(Live::default());
        let mut own: Vec<_> = std::iter::from_fn(|| live.take(AccountId(1))).collect();
        assert_eq!(own.len(), MOST_OF_ONE);
        let others: Vec<_> = (2..1000).filter_map(|account| live.take(AccountId(account))).collect();
        assert_eq!(others.len(), MOST - MOST_OF_ONE);
        own.pop();
        assert!(live.take(AccountId(2)).is_some() && live.take(AccountId(1)).is_some());
        drop((own, others));
        assert!(live.open.lock().by_account.is_empty());
    }
}
