//! Many refusals of the proxy in a short time: something that keeps trying what it may not.
//!
//! Source: MITRE ATT&CK T1071.001 has the channel; that a refused one is tried again and again is what gives it away.

use super::episode::episodes;
use super::profile::{Ground, Profile};
use super::suspicion::{Place, Suspicion};
use crate::model::Outcome;

/// Refusals are counted within this time, in milliseconds.
pub(super) const WIDTH_MS: u32 = 300_000;

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let times = profile.times_of(Outcome::Denied);
    for episode in episodes(&times, WIDTH_MS, ground.limits.denied_burst_requests) {
        let (place, span) = ((profile.client, Place::Anywhere), (episode.first_ms, episode.last_ms));
        let suspicion = Suspicion::of("denied_burst", place, ground.range, span, episode.events);
        out.push(suspicion.measured("peak", episode.peak as f64).strong(episode.peak as f64));
    }
}
