//! Counts requests, caller by caller, in memory: what was counted is gone after a restart.
//!
//! The callers are spread over shards, each behind a lock of its own that is held for one look-up. A shard that is full
//! drops callers who have everything back, then strangers, those in least debt first and those who are turned away
//! last; principals stay, there are only as many as there are accounts and keys.

use super::blocked::{Blocked, BlockedPeer};
use super::bucket::{Bucket, Standing, Window};
use super::class::{Charge, Class, Quota};
use super::rules::Rules;
use super::who::{Network, Who};
use crate::control::settings::Settings;
use crate::model::{Clock, Timestamp};
use parking_lot::{Mutex, RwLock};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;

const SHARDS: usize = 64;
/// Callers a shard remembers, some 200 bytes each.
const MOST_PER_SHARD: usize = 512;
/// How many strangers go at once when a shard is full, so that the next ones find room.
const SHED: usize = MOST_PER_SHARD / 8;

/// Counts requests.
pub struct Limiter {
    clock: Arc<dyn Clock>,
    shards: [Mutex<HashMap<Who, Entry>>; SHARDS],
    spread: RandomState,
    /// The settings' version, and the rules made from it.
    rules: RwLock<(u64, Option<Rules>)>,
}

/// A request that is turned away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// How the limit stands that was reached.
    pub standing: Standing,
    /// Milliseconds until the same request is let through; at least 1.
    pub wait_ms: i64,
}

/// What is counted of one caller.
#[derive(Clone, Copy, Default, Debug)]
struct Entry {
    burst: Bucket,
    classes: [Bucket; Class::COUNT],
    quotas: [Window; Quota::COUNT],
    /// Of the last request.
    address: Option<IpAddr>,
    /// Requests turned away since everything was last back.
    refused: u64,
    blocked_until: Timestamp,
}

impl Limiter {
    /// A limiter that has counted nothing.
    pub fn new(clock: Arc<dyn Clock>, settings: &Settings) -> Limiter {
        Limiter {
            clock,
            shards: std::array::from_fn(|_| Mutex::default()),
            spread: RandomState::new(),
            rules: RwLock::new((settings.version(), Rules::of(settings))),
        }
    }

    /// The rules in force under these settings; `None` when limits are off.
    pub fn rules(&self, settings: &Settings) -> Option<Rules> {
        let (version, rules) = *self.rules.read();
        if version == settings.version() {
            return rules;
        }
        let rules = Rules::of(settings);
        *self.rules.write() = (settings.version(), rules);
        rules
    }

    /// Counts a request against everything that limits it, or against nothing when any of that turns it away. Answers
    /// how the tightest limit stands then.
    ///
    /// # Errors
    /// [`Refusal`] when a limit is reached.
    pub fn take(&self, rules: &Rules, who: Who, address: Option<IpAddr>, charge: Charge) -> Result<Standing, Refusal> {
        let now = self.clock.now();
        let mut shard = self.shard(&who).lock();
        if shard.len() >= MOST_PER_SHARD && !shard.contains_key(&who) {
            make_room(&mut shard, now);
        }
        shard.entry(who).or_default().take(rules, who, address, charge, now)
    }

    /// How many callers are remembered.
    pub fn tracked(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }

    fn shard(&self, who: &Who) -> &Mutex<HashMap<Who, Entry>> {
        &self.shards[self.spread.hash_one(who) as usize % SHARDS]
    }
}

impl Entry {
    fn take(
        &mut self,
        rules: &Rules,
        who: Who,
        address: Option<IpAddr>,
        charge: Charge,
        now: Timestamp,
    ) -> Result<Standing, Refusal> {
        if self.expires_at(now) <= now {
            self.refused = 0;
        }
        self.address = address;
        let burst = rules.burst(who.is_session());
        let class = charge.class.map(|class| (rules.class(class), class as usize));
        let quota = charge.quota.filter(|_| who.is_api_key()).map(|quota| (rules.quota(quota), quota as usize));
        let waits_ms = [
            Some(self.burst.wait_ms(burst, now)),
            class.map(|(rate, at)| self.classes[at].wait_ms(rate, now)),
            quota.map(|(most, at)| self.quotas[at].wait_ms(most, now)),
        ];
        let wait_ms = waits_ms.into_iter().flatten().max().unwrap_or(0);
        if wait_ms == 0 {
            self.burst.take(burst, now);
            if let Some((rate, at)) = class {
                self.classes[at].take(rate, now);
            }
            if let Some((_, at)) = quota {
                self.quotas[at].take(now);
            }
        }
        let plain = self.burst.standing(burst, now);
        let others = [
            class.map(|(rate, at)| self.classes[at].standing(rate, now)),
            quota.map(|(most, at)| self.quotas[at].standing(most, now)),
        ];
        let tighter = others.into_iter().flatten().chain([plain]);
        let standing = tighter.min_by_key(|one| (one.remaining, Reverse(one.reset_ms))).unwrap_or(plain);
        if wait_ms == 0 {
            return Ok(standing);
        }
        self.refused = self.refused.saturating_add(1);
        self.blocked_until = Timestamp(now.0.saturating_add(wait_ms));
        Err(Refusal { standing, wait_ms })
    }

    /// When everything is back that was taken.
    fn expires_at(&self, now: Timestamp) -> Timestamp {
        let buckets = self.classes.iter().chain([&self.burst]).map(|bucket| bucket.full_at());
        let windows = self.quotas.iter().map(|window| window.ends_at(now));
        buckets.chain(windows).max().unwrap_or(now)
    }

    fn is_blocked(&self, now: Timestamp) -> bool {
        self.blocked_until > now
    }
}

/// Drops the callers who have everything back; where that is not enough, strangers.
fn make_room(shard: &mut HashMap<Who, Entry>, now: Timestamp) {
    shard.retain(|_, entry| entry.expires_at(now) > now);
    if shard.len() < MOST_PER_SHARD {
        return;
    }
    let strangers = shard.iter().filter(|(who, _)| !who.is_principal());
    let mut strangers: Vec<_> =
        strangers.map(|(who, entry)| (entry.is_blocked(now), entry.expires_at(now), *who)).collect();
    if strangers.len() > SHED {
        strangers.select_nth_unstable_by_key(SHED, |(blocked, expires_at, _)| (*blocked, *expires_at));
    }
    for (_, _, who) in strangers.into_iter().take(SHED) {
        shard.remove(&who);
    }
}

impl Blocked for Limiter {
    fn list(&self) -> Vec<BlockedPeer> {
        let now = self.clock.now();
        let listed = |entry: &Entry| {
            let expires_at = entry.expires_at(now);
            let address = entry.address.filter(|_| entry.refused > 0 && expires_at > now)?;
            Some(BlockedPeer { address, attempts: entry.refused, blocked: entry.is_blocked(now), expires_at })
        };
        self.shards.iter().flat_map(|shard| shard.lock().values().filter_map(listed).collect::<Vec<_>>()).collect()
    }

    fn clear(&self, address: IpAddr) -> bool {
        let network = Network::of(address);
        let of_peer = |entry: &Entry| entry.address.is_some_and(|address| Network::of(address) == network);
        let mut found = false;
        for shard in &self.shards {
            shard.lock().retain(|_, entry| {
                let kept = !of_peer(entry);
                found |= !kept;
                kept
            });
        }
        found
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Limiter").field("tracked", &self.tracked()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
