//! Names and paths used as a channel: very many made-up hosts below one domain, or long random paths to it, by one client
//! and hardly anybody else.
//!
//! Sources: MITRE ATT&CK T1572, T1132; the measure is Shannon's entropy of what stands before the registrable domain.

use super::profile::{Ground, Profile, Run};
use super::suspicion::{Place, Suspicion};
use crate::classify::entropy_millibits;

/// What stands before the domain is made up when it has so many characters at least, and so much entropy, in thousandths
/// of a bit per character.
const RANDOM_CHARS: usize = 16;
const RANDOM_MILLIBITS: u32 = 3_300;
/// The share of a client's requests to the domain that must have random paths.
const RANDOM_SHARE: f64 = 0.5;

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let limit = ground.limits.tunnel_requests;
    for runs in profile.domains() {
        let requests: u64 = runs.iter().map(|run| run.calls.len() as u64).sum();
        if requests < limit {
            continue;
        }
        let domain = runs[0].domain;
        let made_up = if runs.len() as u64 >= limit { made_up_hosts(runs, ground) } else { 0 };
        let random = runs.iter().flat_map(|run| run.calls).filter(|call| call.has_random_path()).count() as u64;
        let by_paths = random >= limit && random as f64 >= requests as f64 * RANDOM_SHARE;
        if made_up < limit && !by_paths {
            continue;
        }
        let times = || runs.iter().flat_map(|run| run.calls).map(|call| call.at_ms());
        let span = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
        let place = (profile.client, Place::Domain(domain));
        let suspicion = Suspicion::of("tunnel", place, ground.range, span, requests);
        out.push(
            suspicion
                .measured("hosts", made_up as f64)
                .measured("random_paths", random as f64)
                .strong(made_up.max(random) as f64),
        );
    }
}

/// Destinations of which what stands before the domain is made up.
fn made_up_hosts(runs: &[Run<'_>], ground: &Ground<'_>) -> u64 {
    let domain = ground.names.domain(runs[0].domain);
    let is_made_up = |run: &&Run<'_>| {
        let destination = ground.names.destination(run.destination);
        let host = destination.rsplitn(2, |byte| *byte == b':').last().unwrap_or_default();
        let before = host.strip_suffix(domain).and_then(|before| before.strip_suffix(b"."));
        before.is_some_and(|before| {
            let text: Vec<u8> = before.iter().copied().filter(|byte| *byte != b'.').collect();
            text.len() >= RANDOM_CHARS && entropy_millibits(&text).is_some_and(|of| of >= RANDOM_MILLIBITS)
        })
    };
    runs.iter().filter(is_made_up).count() as u64
}
