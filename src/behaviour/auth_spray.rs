//! Many names tried at the proxy's login (407) from one client in a short time.
//!
//! Source: MITRE ATT&CK T1110.003.

use super::profile::{Ground, Profile};
use super::suspicion::{Place, Suspicion};
use std::collections::HashMap;

/// Names are counted within this time, in milliseconds.
pub(super) const WIDTH_MS: u32 = 3_600_000;

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let named = profile.challenges.iter().filter(|challenge| ground.names.user(challenge.user) != b"-");
    let tries: Vec<(u32, u32)> = named.map(|challenge| (challenge.at_ms, challenge.user)).collect();
    let (mut from, mut within, mut spray): (usize, HashMap<u32, u32>, Option<Spray>) = (0, HashMap::new(), None);
    for (at, (time, user)) in tries.iter().enumerate() {
        *within.entry(*user).or_default() += 1;
        while time - tries[from].0 >= WIDTH_MS {
            let before = tries[from].1;
            if let Some(count) = within.get_mut(&before) {
                *count -= 1;
                if *count == 0 {
                    within.remove(&before);
                }
            }
            from += 1;
        }
        if (within.len() as u64) < ground.limits.auth_spray_users {
            continue;
        }
        match &mut spray {
            Some(spray) if from <= spray.last => {
                spray.last = at;
                spray.most = spray.most.max(within.len());
            }
            _ => {
                let next = Spray { first: from, last: at, most: within.len() };
                out.extend(spray.replace(next).map(|spray| spray.suspicion(profile, ground, &tries)));
            }
        }
    }
    out.extend(spray.map(|spray| spray.suspicion(profile, ground, &tries)));
}

/// Tries, by their places, in which too many names lie within the width.
struct Spray {
    first: usize,
    last: usize,
    most: usize,
}

impl Spray {
    fn suspicion(&self, profile: &Profile<'_>, ground: &Ground<'_>, tries: &[(u32, u32)]) -> Suspicion {
        let tries = &tries[self.first..=self.last];
        let span = (tries[0].0, tries[tries.len() - 1].0);
        let place = (profile.client, Place::Anywhere);
        let suspicion = Suspicion::of("auth_spray", place, ground.range, span, tries.len() as u64);
        suspicion.measured("users", self.most as f64).strong(self.most as f64)
    }
}
