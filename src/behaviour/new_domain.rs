//! A domain that nobody had asked for before, and one client asks for a lot.
//!
//! Source: MITRE ATT&CK T1583.001 has the fresh domains of attackers; most of what is new is harmless, so only much
//! traffic of few clients counts.

use super::profile::{Ground, Profile};
use super::suspicion::{Place, Suspicion};

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    if ground.new_domains.is_empty() {
        return;
    }
    for runs in profile.domains() {
        let requests: u64 = runs.iter().map(|run| run.calls.len() as u64).sum();
        let domain = runs[0].domain;
        if requests < ground.limits.new_domain_requests || !ground.new_domains.contains(ground.names.domain(domain)) {
            continue;
        }
        let times = || runs.iter().flat_map(|run| run.calls).map(|call| call.at_ms());
        let span = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
        let mut hours: Vec<u32> = times().map(|at| at / 3_600_000).collect();
        hours.sort_unstable();
        hours.dedup();
        let place = (profile.client, Place::Domain(domain));
        let suspicion = Suspicion::of("new_domain", place, ground.range, span, requests);
        out.push(suspicion.measured("hours", hours.len() as f64));
    }
}
