//! Lockout: after five failures within 300 seconds of one account's name, or from one peer, nothing more is judged for
//! that name or peer until the oldest of them is 300 seconds past. Names that no account has count like any other.
//!
//! A place among the five is taken before anything is judged, so that guesses made side by side don't slip through:
//! where the places left are all taken by judgements under way, the next waits for one of them to end. IPv6 peers count
//! by their /64, which is what one customer has.

use crate::model::{Clock, Timestamp};
use parking_lot::{Condvar, Mutex};
use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

/// Failures of a name or peer that are let in.
const MOST_FAILURES: usize = 5;
/// How long a failure counts.
const WINDOW_MS: i64 = 300_000;
/// Names and peers remembered at most.
const MOST_KEYS: usize = 50_000;
/// How many may wait for judgements under way.
const MOST_WAITING: usize = 32;

/// Whose failures are counted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum LockoutKey {
    /// An account's name, in lower case.
    Account(String),
    /// A peer's address; of IPv6 the /64.
    Peer(IpAddr),
}

impl LockoutKey {
    /// The key of an account's name.
    pub fn account(name: &str) -> LockoutKey {
        // No account's name is longer; what is given may be.
        LockoutKey::Account(name.chars().take(64).collect::<String>().to_ascii_lowercase())
    }

    /// The key of a peer.
    pub fn peer(ip: IpAddr) -> LockoutKey {
        LockoutKey::Peer(match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
            ip => ip,
        })
    }
}

impl fmt::Debug for LockoutKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            LockoutKey::Account(_) => "Account(***)",
            LockoutKey::Peer(_) => "Peer(***)",
        })
    }
}

/// The failures of a name or peer, as an administrator sees them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockoutEntry {
    /// Whose.
    pub key: LockoutKey,
    /// How many count.
    pub attempts: usize,
    /// Whether nothing more is judged.
    pub blocked: bool,
    /// When the oldest failure counts no more: the block's end, where there is one.
    pub expires_at: Timestamp,
}

/// Why no place was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refused {
    /// Five failures.
    Locked {
        /// Seconds until the oldest counts no more.
        retry_after_s: u64,
    },
    /// More wait for judgements under way than may.
    Busy,
}

/// Counts failed logins.
pub struct Lockout {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    counts: HashMap<LockoutKey, Count>,
    waiting: usize,
}

#[derive(Default)]
struct Count {
    /// When those that count were, oldest first.
    failures: Vec<Timestamp>,
    under_way: usize,
}

impl Count {
    fn forget(&mut self, now: Timestamp) {
        // A clock that was set back ends what lies ahead of it.
        self.failures.retain(|at| (0..WINDOW_MS).contains(&now.0.saturating_sub(at.0)));
    }

    fn ends_at(&self) -> Option<Timestamp> {
        self.failures.first().map(|at| Timestamp(at.0 + WINDOW_MS))
    }

    fn is_locked(&self) -> bool {
        self.failures.len() >= MOST_FAILURES
    }

    fn is_full(&self) -> bool {
        self.failures.len() + self.under_way >= MOST_FAILURES
    }
}

impl Lockout {
    /// Without failures.
    pub fn new(clock: Arc<dyn Clock>) -> Lockout {
        Lockout { clock, state: Mutex::default(), ended: Condvar::new() }
    }

    /// Takes a place for a judgement of `account` asked for by `peer`. Blocks while others under way may yet decide.
    pub(super) fn reserve(&self, account: &str, peer: Option<IpAddr>) -> Result<Reservation<'_>, Refused> {
        let keys: Vec<_> =
            [Some(LockoutKey::account(account)), peer.map(LockoutKey::peer)].into_iter().flatten().collect();
        let mut state = self.state.lock();
        loop {
            let now = self.clock.now();
            let mut full = false;
            let mut locked_until = None;
            for key in &keys {
                let Some(count) = state.counts.get_mut(key) else { continue };
                count.forget(now);
                full |= count.is_full();
                if count.is_locked() {
                    locked_until = locked_until.max(count.ends_at());
                }
            }
            if let Some(until) = locked_until {
                let retry_after_s = (until.0 - now.0).max(1).unsigned_abs().div_ceil(1000);
                return Err(Refused::Locked { retry_after_s });
            }
            if !full {
                break;
            }
            if state.waiting >= MOST_WAITING {
                return Err(Refused::Busy);
            }
            state.waiting += 1;
            self.ended.wait(&mut state);
            state.waiting -= 1;
        }
        for key in &keys {
            if state.counts.len() >= MOST_KEYS && !state.counts.contains_key(key) {
                make_room(&mut state.counts, self.clock.now());
            }
            state.counts.entry(key.clone()).or_default().under_way += 1;
        }
        Ok(Reservation { lockout: self, keys, outcome: Outcome::Failure })
    }

    /// Whether nothing is judged for this name or peer, and for how many seconds more.
    pub(super) fn locked_for_s(&self, account: &str, peer: Option<IpAddr>) -> Option<u64> {
        let now = self.clock.now();
        let mut state = self.state.lock();
        let keys = [Some(LockoutKey::account(account)), peer.map(LockoutKey::peer)];
        let ends = keys.into_iter().flatten().filter_map(|key| {
            let count = state.counts.get_mut(&key)?;
            count.forget(now);
            if count.is_locked() { count.ends_at() } else { None }
        });
        ends.max().map(|until| (until.0 - now.0).max(1).unsigned_abs().div_ceil(1000))
    }

    /// Every name and peer with failures that count, those that end last first.
    pub fn list(&self) -> Vec<LockoutEntry> {
        let now = self.clock.now();
        let mut state = self.state.lock();
        state.counts.retain(|_, count| {
            count.forget(now);
            count.under_way > 0 || !count.failures.is_empty()
        });
        let mut entries: Vec<_> = state
            .counts
            .iter()
            .filter_map(|(key, count)| {
                Some(LockoutEntry {
                    key: key.clone(),
                    attempts: count.failures.len(),
                    blocked: count.is_locked(),
                    expires_at: count.ends_at()?,
                })
            })
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.expires_at));
        entries
    }

    /// Forgets the failures of a name or peer; answers whether there were any.
    pub fn clear(&self, key: &LockoutKey) -> bool {
        let mut state = self.state.lock();
        let Some(count) = state.counts.get_mut(key) else { return false };
        let any = !count.failures.is_empty();
        count.failures.clear();
        self.ended.notify_all();
        any
    }

    fn end(&self, reservation: &Reservation<'_>) {
        let now = self.clock.now();
        let mut state = self.state.lock();
        for key in &reservation.keys {
            let Some(count) = state.counts.get_mut(key) else { continue };
            count.under_way = count.under_way.saturating_sub(1);
            match (reservation.outcome, key) {
                (Outcome::Failure, _) => count.failures.push(now),
                (Outcome::Success, LockoutKey::Account(_)) => count.failures.clear(),
                (Outcome::Success, LockoutKey::Peer(_)) | (Outcome::Undecided, _) => {}
            }
            if count.under_way == 0 && count.failures.is_empty() {
                state.counts.remove(key);
            }
        }
        self.ended.notify_all();
    }
}

impl fmt::Debug for Lockout {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lockout").field("keys", &self.state.lock().counts.len()).finish_non_exhaustive()
    }
}

/// Lets go of what counts no more, else of the key with the fewest failures: one that is locked last.
fn make_room(counts: &mut HashMap<LockoutKey, Count>, now: Timestamp) {
    counts.retain(|_, count| {
        count.forget(now);
        count.under_way > 0 || !count.failures.is_empty()
    });
    if counts.len() < MOST_KEYS {
        return;
    }
    let least = counts
        .iter()
        .filter(|(_, count)| count.under_way == 0)
        .min_by_key(|(_, count)| (count.failures.len(), count.failures.last().copied()));
    if let Some(key) = least.map(|(key, _)| key.clone()) {
        counts.remove(&key);
    }
}

#[derive(Clone, Copy, Debug)]
enum Outcome {
    Failure,
    Success,
    Undecided,
}

/// A place for one judgement; counts as a failure unless it is said to be something else.
#[derive(Debug)]
pub(super) struct Reservation<'l> {
    lockout: &'l Lockout,
    keys: Vec<LockoutKey>,
    outcome: Outcome,
}

impl Reservation<'_> {
    /// It was right: the place is given back, and the account's failures are forgotten.
    pub(super) fn succeeded(mut self) {
        self.outcome = Outcome::Success;
    }

    /// Nothing was judged: the place is given back.
    pub(super) fn undecided(mut self) {
        self.outcome = Outcome::Undecided;
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.lockout.end(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FixedClock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const START: i64 = 1_767_225_600_000;

    fn scene() -> (Arc<FixedClock>, Lockout) {
        let clock = Arc::new(FixedClock::at(Timestamp(START)));
        (clock.clone(), Lockout::new(clock))
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn five_failures_lock_a_name_without_case_until_the_oldest_is_past() {
        let (clock, lockout) = scene();
        for n in 0..5 {
            clock.set(Timestamp(START + n * 1000));
            drop(lockout.reserve("Ada", ip("192.0.2.1")).unwrap());
        }
        let refused = |name: &str, peer| lockout.reserve(name, peer).err();
        assert_eq!(refused("aDA", ip("192.0.2.2")), Some(Refused::Locked { retry_after_s: 296 }));
        assert_eq!(refused("bob", ip("192.0.2.1")), Some(Refused::Locked { retry_after_s: 296 }));
        assert_eq!(lockout.locked_for_s("ada", None), Some(296));
        lockout.reserve("bob", ip("192.0.2.2")).unwrap().undecided();
        clock.set(Timestamp(START + 299_999));
        assert_eq!(refused("ada", None), Some(Refused::Locked { retry_after_s: 1 }));
        clock.set(Timestamp(START + 300_000));
        drop(lockout.reserve("ada", None).unwrap());
        assert!(refused("ada", None).is_some(), "the other four still count");
    }

    #[test]
    fn success_forgets_the_accounts_failures_and_not_the_peers() {
        let (_, lockout) = scene();
        for _ in 0..4 {
            drop(lockout.reserve("ada", ip("192.0.2.1")).unwrap());
        }
        lockout.reserve("ada", ip("192.0.2.1")).unwrap().succeeded();
        let entries = lockout.list();
        assert_eq!(entries.len(), 1);
        assert_eq!((&entries[0].key, entries[0].attempts), (&LockoutKey::peer(ip("192.0.2.1").unwrap()), 4));
        drop(lockout.reserve("ada", ip("192.0.2.1")).unwrap());
        assert_eq!(lockout.list().iter().filter(|entry| entry.blocked).count(), 1);
        assert!(lockout.reserve("bob", ip("192.0.2.1")).is_err());
        assert!(lockout.clear(&LockoutKey::peer(ip("192.0.2.1").unwrap())));
        assert!(!lockout.clear(&LockoutKey::peer(ip("192.0.2.1").unwrap())));
        lockout.reserve("bob", ip("192.0.2.1")).unwrap().undecided();
    }

    #[test]
    fn guesses_side_by_side_are_five_and_right_ones_all_pass() {
        let (_, lockout) = scene();
        for (name, right, want) in [("guessed", false, 5), ("right", true, 20)] {
            let (judged, most, now) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
            std::thread::scope(|scope| {
                for _ in 0..20 {
                    scope.spawn(|| {
                        let Ok(reservation) = lockout.reserve(name, None) else { return };
                        judged.fetch_add(1, Ordering::SeqCst);
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(2));
                        now.fetch_sub(1, Ordering::SeqCst);
                        if right {
                            reservation.succeeded();
                        }
                    });
                }
            });
            assert_eq!(judged.into_inner(), want, "{name}");
            assert!(most.into_inner() <= 5, "{name}");
        }
    }

    #[test]
    fn peers_of_one_network_count_together() {
        let (_, lockout) = scene();
        for n in 0..5 {
            drop(lockout.reserve(&format!("name{n}"), ip(&format!("2001:db8:1:2::{n}"))).unwrap());
        }
        assert!(lockout.reserve("other", ip("2001:db8:1:2:ffff::")).is_err());
        lockout.reserve("other", ip("2001:db8:1:3::1")).unwrap().undecided();
        assert_eq!(LockoutKey::peer(ip("::ffff:192.0.2.1").unwrap()), LockoutKey::peer(ip("192.0.2.1").unwrap()));
    }

    #[test]
    fn memory_is_bounded_and_the_locked_stay_longest() {
        let (_, lockout) = scene();
        for _ in 0..5 {
            drop(lockout.reserve("locked", None).unwrap());
        }
        for n in 0..MOST_KEYS + 100 {
            drop(lockout.reserve(&n.to_string(), None).unwrap());
        }
        assert!(lockout.state.lock().counts.len() <= MOST_KEYS);
        assert!(lockout.reserve("locked", None).is_err());
    }
}
