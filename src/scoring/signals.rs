//! What the classifiers know of a request's host, in the words of rules: keys of `TX` that are set before the first rule.

use crate::classify::{LookAlikes, destination, is_dga, service_of, without_userinfo};
use crate::model::Target;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use xxhash_rust::xxh3::Xxh3Builder;

/// The keys, in the order of [`Signals`].
pub(super) const NAMES: [&str; 5] = ["dga", "look_alike", "ip_literal", "unusual_port", "service_category"];

/// What rules are told of a host, by `TX:dga`, `TX:look_alike`, `TX:ip_literal`, `TX:unusual_port` and `TX:service_category`: of each
/// that is set `1`, or the category's name.
pub type Signals = [Option<&'static [u8]>; NAMES.len()];

/// Origins whose signals are kept.
const KEPT: usize = 1 << 16;

/// Signals by origin, as far as they were asked for; hashed under a seed nobody knows.
pub(super) struct SignalCache(HashMap<Box<[u8]>, Signals, Xxh3Builder>);

impl Default for SignalCache {
    fn default() -> SignalCache {
        let seed = RandomState::new().hash_one(0);
        SignalCache(HashMap::with_hasher(Xxh3Builder::new().with_seed(seed)))
    }
}

impl SignalCache {
    /// Of a target's origin.
    pub(super) fn of(&mut self, target: &Target<'_>, look_alikes: &LookAlikes) -> Signals {
        if target.had_userinfo {
            return signals(&without_userinfo(target.origin), look_alikes);
        }
        if let Some(known) = self.0.get(target.origin) {
            return *known;
        }
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        let found = signals(target.origin, look_alikes);
        self.0.insert(target.origin.into(), found);
        found
    }
}

fn signals(origin: &[u8], look_alikes: &LookAlikes) -> Signals {
    let Some(destination) = destination(origin) else { return Signals::default() };
    let set = |holds: bool| holds.then_some(&b"1"[..]);
    [
        set(is_dga(destination.host())),
        set(look_alikes.of(destination.host()).is_some()),
        set(destination.is_ip_literal() && !destination.is_private()),
        set(destination.has_unusual_port()),
        service_of(destination.host()).map(|service| service.category.name().as_bytes()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_say_what_the_classifiers_do() {
        let look_alikes = LookAlikes::new(["example.com"]);
        let mut cache = SignalCache::default();
        for _ in 0..2 {
            for (origin, want) in [
                ("http://www.example.org", [None; 5]),
                ("http://203.0.113.9:4444", [None, None, Some("1"), Some("1"), None]),
                ("http://10.0.0.9", [None; 5]),
                ("https://examp1e.com", [None, Some("1"), None, None, None]),
                ("pastebin.com:443", [None, None, None, None, Some("paste")]),
                ("http://xjwqkzvplmrtbq.com", [Some("1"), None, None, None, None]),
                ("", [None; 5]),
            ] {
                let target = Target { origin: origin.as_bytes(), ..Target::default() };
                let found = cache.of(&target, &look_alikes);
                assert_eq!(found.map(|value| value.map(|value| std::str::from_utf8(value).unwrap())), want, "{origin}");
            }
        }
        let target = Target { origin: b"http://u:p@203.0.113.9", rest: b"/", had_userinfo: true };
        assert_eq!(cache.of(&target, &look_alikes)[2], Some(&b"1"[..]));
    }
}
