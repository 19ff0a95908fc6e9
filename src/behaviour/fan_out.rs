//! Very many destinations in a short time: a scan, a worm, a crawler. A page with all that it loads has dozens.
//!
//! Source: MITRE ATT&CK T1046.

use super::profile::{Ground, Profile};
use super::suspicion::{Place, Suspicion};
use std::collections::BTreeMap;

/// Destinations are counted in windows of this width, in milliseconds.
pub(super) const WINDOW_MS: u32 = 600_000;

/// What a window has.
#[derive(Clone, Copy, Default)]
struct Window {
    destinations: u64,
    requests: u64,
    first_ms: u32,
    last_ms: u32,
}

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let limit = ground.limits.fan_out_hosts;
    if (profile.runs.len() as u64) < limit {
        return;
    }
    let mut windows: BTreeMap<u32, Window> = BTreeMap::new();
    for run in &profile.runs {
        for calls in run.calls.chunk_by(|call, next| call.at_ms() / WINDOW_MS == next.at_ms() / WINDOW_MS) {
            let (first, last) = (calls[0].at_ms(), calls[calls.len() - 1].at_ms());
            let window = windows.entry(first / WINDOW_MS).or_insert(Window { first_ms: first, ..Window::default() });
            window.destinations += 1;
            window.requests += calls.len() as u64;
            window.first_ms = window.first_ms.min(first);
            window.last_ms = window.last_ms.max(last);
        }
    }
    let full: Vec<(u32, Window)> = windows.into_iter().filter(|(_, window)| window.destinations >= limit).collect();
    for stretch in full.chunk_by(|(at, _), (next, _)| next - at <= 1) {
        let (first, last) = (stretch[0].1.first_ms, stretch[stretch.len() - 1].1.last_ms);
        let requests = stretch.iter().map(|(_, window)| window.requests).sum();
        let most = stretch.iter().map(|(_, window)| window.destinations).max().unwrap_or_default();
        let place = (profile.client, Place::Anywhere);
        let suspicion = Suspicion::of("fan_out", place, ground.range, (first, last), requests);
        out.push(suspicion.measured("destinations", most as f64).strong(most as f64));
    }
}
