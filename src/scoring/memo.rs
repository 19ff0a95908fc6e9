//! Verdicts of requests seen lately. A log repeats itself: CONNECTs to the same host by the same program, beacons, polls.
//! A request is known again by a hash of everything that rules look at, under a seed nobody knows, so that no request
//! can be made to pass for another.

use crate::model::Interner;
use std::hash::{BuildHasher, RandomState};
use xxhash_rust::xxh3::Xxh3;

/// Requests that are remembered, at 32 bytes each.
const REMEMBERED: usize = 1 << 17;
/// Distinct verdicts among them.
const MOST_VERDICTS: usize = 1 << 12;

/// A request's hash; never 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Key(u128);

/// Verdicts by request.
pub(super) struct Memo {
    hasher: Xxh3,
    slots: Vec<(u128, u32)>,
    verdicts: Interner,
}

impl Default for Memo {
    fn default() -> Memo {
        let seed = RandomState::new().hash_one(0);
        Memo { hasher: Xxh3::with_seed(seed), slots: vec![(0, 0); REMEMBERED], verdicts: Interner::default() }
    }
}

impl Memo {
    /// The key of a request with these parts.
    pub(super) fn key<'p>(&mut self, parts: impl IntoIterator<Item = &'p [u8]>) -> Key {
        self.hasher.reset();
        for part in parts {
            self.hasher.update(&(part.len() as u32).to_le_bytes());
            self.hasher.update(part);
        }
        Key(self.hasher.digest128().max(1))
    }

    pub(super) fn get(&self, key: Key) -> Option<&[u8]> {
        let (known, verdict) = self.slots[key.slot()];
        (known == key.0).then(|| self.verdicts.get(verdict))
    }

    pub(super) fn put(&mut self, key: Key, verdict: &[u8]) {
        if self.verdicts.len() >= MOST_VERDICTS {
            self.verdicts = Interner::default();
            self.slots.fill((0, 0));
        }
        self.slots[key.slot()] = (key.0, self.verdicts.intern(verdict));
    }
}

impl Key {
    fn slot(self) -> usize {
        self.0 as usize % REMEMBERED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_found_again_until_there_are_too_many() {
        let mut memo = Memo::default();
        let one = memo.key([&b"GET"[..], b"http://a/", b""]);
        let other = memo.key([&b"GE"[..], b"Thttp://a/", b""]);
        assert_ne!(one, other);
        memo.put(one, b"5 2 sql 1:5");
        assert_eq!((memo.get(one), memo.get(other)), (Some(&b"5 2 sql 1:5"[..]), None));
        for at in 0..MOST_VERDICTS as u32 {
            let key = memo.key([&at.to_le_bytes()[..]]);
            memo.put(key, &at.to_le_bytes());
            assert_eq!(memo.get(key), Some(&at.to_le_bytes()[..]));
        }
        assert_eq!(memo.get(one), None);
    }
}
