//! Remembers for a while which credentials were right, since API clients send them with every request and a hash takes
//! tens of milliseconds. An entry is a keyed digest of name, password and stored hash: nothing can be read from it, and
//! once the password is changed no entry fits any more. Wrong credentials are not remembered.

use crate::control::PasswordHash;
use crate::model::Timestamp;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// How long credentials are remembered.
const TTL_MS: i64 = 5 * 60 * 1000;
/// How many are remembered at most.
const MAX_ENTRIES: usize = 1024;

/// What an entry is known by.
type Tag = [u8; 32];

pub(super) struct Cache {
    key: [u8; 32],
    since: Mutex<HashMap<Tag, Timestamp>>,
}

impl Cache {
    /// An empty cache with a key of its own.
    pub(super) fn new() -> Result<Cache, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Cache { key, since: Mutex::default() })
    }

    /// The tag of credentials: a digest over the key and a keyed digest of the parts, each after its length.
    pub(super) fn tag(&self, username: &str, password: &[u8], hash: &PasswordHash) -> Tag {
        let mut inner = Sha256::new();
        inner.update(self.key);
        for part in [username.as_bytes(), password, hash.as_str().as_bytes()] {
            inner.update((part.len() as u64).to_le_bytes());
            inner.update(part);
        }
        let mut outer = Sha256::new();
        outer.update(self.key);
        outer.update(inner.finalize());
        outer.finalize().into()
    }

    /// Whether these credentials were right a short while ago.
    pub(super) fn holds(&self, tag: &Tag, now: Timestamp) -> bool {
        self.since.lock().get(tag).is_some_and(|since| fresh(*since, now))
    }

    /// Remembers credentials that are right.
    pub(super) fn insert(&self, tag: Tag, now: Timestamp) {
        let mut since = self.since.lock();
        if since.len() >= MAX_ENTRIES && !since.contains_key(&tag) {
            since.retain(|_, since| fresh(*since, now));
            if since.len() >= MAX_ENTRIES
                && let Some(oldest) = since.iter().min_by_key(|(_, since)| **since).map(|(tag, _)| *tag)
            {
                since.remove(&oldest);
            }
        }
        since.insert(tag, now);
    }
}

/// A clock that was set back ends an entry too: how old it is can't be told any more.
fn fresh(since: Timestamp, now: Timestamp) -> bool {
    (0..TTL_MS).contains(&now.0.saturating_sub(since.0))
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache").field("entries", &self.since.lock().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> PasswordHash {
        PasswordHash::new(text.to_owned())
    }

    #[test]
    fn every_part_and_every_border_counts() {
        let cache = Cache::new().unwrap();
        let tag = cache.tag("ada", b"secret", &hash("h"));
        assert_eq!(tag, cache.tag("ada", b"secret", &hash("h")));
        for other in [
            cache.tag("bob", b"secret", &hash("h")),
            cache.tag("ada", b"Secret", &hash("h")),
            cache.tag("ada", b"secret", &hash("h2")),
            cache.tag("adas", b"ecret", &hash("h")),
            cache.tag("ada", b"secreth", &hash("")),
            Cache::new().unwrap().tag("ada", b"secret", &hash("h")),
        ] {
            assert_ne!(tag, other);
        }
    }

    #[test]
    fn entries_end_after_five_minutes_or_when_the_clock_steps_back() {
        let cache = Cache::new().unwrap();
        cache.insert([1; 32], Timestamp(1_000_000));
        for (now, want) in [(1_000_000, true), (1_299_999, true), (1_300_000, false), (999_999, false)] {
            assert_eq!(cache.holds(&[1; 32], Timestamp(now)), want, "{now}");
        }
        assert!(!cache.holds(&[2; 32], Timestamp(1_000_000)));
    }

    #[test]
    fn the_oldest_makes_room() {
        let cache = Cache::new().unwrap();
        let tag = |n: usize| {
            let mut tag = [0; 32];
            tag[..8].copy_from_slice(&(n as u64).to_le_bytes());
            tag
        };
        for n in 0..MAX_ENTRIES + 10 {
            cache.insert(tag(n), Timestamp(n as i64));
        }
        assert_eq!(cache.since.lock().len(), MAX_ENTRIES);
        let now = Timestamp((MAX_ENTRIES + 10) as i64);
        assert!(!cache.holds(&tag(9), now) && cache.holds(&tag(10), now) && cache.holds(&tag(MAX_ENTRIES + 9), now));
    }
}
