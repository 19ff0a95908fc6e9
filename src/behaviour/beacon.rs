//! Calls at regular intervals to one destination that few others call: what malware does to ask for orders.
//!
//! What is measured are the pauses between calls, where calls within two seconds count as one. They are regular when so
//! many lie within the tolerance around their median that chance can't have done it: with pauses as they fall where
//! requests come at random (exponential), fewer than a quarter lie within 35% of the median, and the likelihood of as many
//! as were seen must be below 10^-7 (Chernoff's bound, by the relative entropy of the two shares). Jitter moves pauses, but
//! not away from the median; a machine that sleeps makes few long ones, which count as misses.
//!
//! Sources: MITRE ATT&CK T1071, T1029; the idea of scoring the dispersion of intervals is common to RITA and others.

use super::profile::{Ground, Profile, Run};
use super::suspicion::{Place, Suspicion};

/// Calls closer than this are one, in milliseconds.
const BURST_MS: u32 = 2_000;
/// The shortest period told from a page that loads, in milliseconds.
const SHORTEST_MS: u32 = 5_000;
/// The share of pauses near their median where requests come at random.
const SHARE_BY_CHANCE: f64 = 0.25;
/// ln 10^7.
const EVIDENCE: f64 = 16.118;
/// The tolerance that is asked about is no smaller than this, in parts of the median: clocks and networks jitter too.
const LEAST_TOLERANCE: f64 = 0.1;

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let mut pauses = Vec::new();
    for run in &profile.runs {
        if let Some(rhythm) = rhythm(run, ground, &mut pauses) {
            let (first, last) = (run.calls[0].at_ms(), run.calls[run.calls.len() - 1].at_ms());
            let place = (profile.client, Place::Destination(run.destination));
            let suspicion = Suspicion::of("beacon", place, ground.range, (first, last), run.calls.len() as u64);
            out.push(
                suspicion
                    .measured("period_seconds", f64::from(rhythm.period_ms) / 1000.0)
                    .measured("jitter_pct", rhythm.jitter_pct)
                    .measured("regular_pct", rhythm.regular * 100.0)
                    .measured("calls", f64::from(rhythm.calls))
                    .strong(rhythm.evidence),
            );
        }
    }
}

/// How regular calls are.
struct Rhythm {
    period_ms: u32,
    /// Of uniform jitter, how far pauses lie off the median at most, in percent of it.
    jitter_pct: f64,
    /// The share of pauses within the tolerance.
    regular: f64,
    calls: u32,
    evidence: f64,
}

fn rhythm(run: &Run<'_>, ground: &Ground<'_>, pauses: &mut Vec<u32>) -> Option<Rhythm> {
    let least = ground.limits.beacon_min_calls;
    if run.calls.len() < least {
        return None;
    }
    pauses.clear();
    let (mut began, mut last) = (run.calls[0].at_ms(), run.calls[0].at_ms());
    for call in &run.calls[1..] {
        let at = call.at_ms();
        if at - last >= BURST_MS {
            pauses.push(at - began);
            began = at;
        }
        last = at;
    }
    if pauses.len() + 1 < least {
        return None;
    }
    let middle = pauses.len() / 2;
    let (_, median, _) = pauses.select_nth_unstable(middle);
    let period_ms = *median;
    if period_ms < SHORTEST_MS {
        return None;
    }
    let tolerance = (ground.limits.beacon_max_jitter_pct / 100.0).max(LEAST_TOLERANCE) + 0.05;
    let off = |pause: u32| f64::from(pause.abs_diff(period_ms)) / f64::from(period_ms);
    let near = pauses.iter().filter(|pause| off(**pause) <= tolerance).count();
    let regular = near as f64 / pauses.len() as f64;
    let evidence = pauses.len() as f64 * relative_entropy(regular, SHARE_BY_CHANCE);
    if regular <= SHARE_BY_CHANCE || evidence < EVIDENCE {
        return None;
    }
    let mut offs: Vec<f64> = pauses.iter().map(|pause| off(*pause)).collect();
    let (_, spread, _) = offs.select_nth_unstable_by(middle, f64::total_cmp);
    let jitter_pct = 200.0 * *spread;
    (jitter_pct <= ground.limits.beacon_max_jitter_pct + 5.0).then_some(Rhythm {
        period_ms,
        jitter_pct,
        regular,
        calls: pauses.len() as u32 + 1,
        evidence,
    })
}

/// Of a coin that shows heads with one probability and not another, in nats.
fn relative_entropy(seen: f64, expected: f64) -> f64 {
    let part = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    part(seen, expected) + part(1.0 - seen, 1.0 - expected)
}
