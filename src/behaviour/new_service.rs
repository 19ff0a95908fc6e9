//! A client that begins to use a service which nobody sanctioned.

use super::profile::{BASELINE_DAYS, Ground, Profile};
use super::suspicion::{Place, Suspicion};
use crate::classify::{Risk, service_named};
use crate::model::{DAY_MS, Outcome};
use std::collections::BTreeMap;

/// Days that a client must have been seen on before, and the service not, in milliseconds.
const BASELINE_MS: u32 = (BASELINE_DAYS * DAY_MS) as u32;

/// The use of a service: first and last request, and how many were let through.
#[derive(Clone, Copy)]
struct Use {
    destination: u32,
    first_ms: u32,
    last_ms: u32,
    requests: u64,
}

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    let mut uses: BTreeMap<&[u8], Use> = BTreeMap::new();
    for run in &profile.runs {
        let service = ground.names.service_of(run.destination);
        if service == b"-" {
            continue;
        }
        let through = || run.calls.iter().filter(|call| call.is(Outcome::Allowed)).map(|call| call.at_ms());
        let (Some(first), Some(last)) = (through().next(), through().next_back()) else { continue };
        let fresh = Use { destination: run.destination, first_ms: first, last_ms: last, requests: 0 };
        let of = uses.entry(service).or_insert(fresh);
        of.first_ms = of.first_ms.min(first);
        of.last_ms = of.last_ms.max(last);
        of.requests += through().count() as u64;
    }
    let seen_since = profile.first_ms();
    for (name, of) in uses {
        let Some(service) = service_named(&String::from_utf8_lossy(name)) else { continue };
        let is_new = of.first_ms >= seen_since.saturating_add(BASELINE_MS);
        let may = ground.limits.sanctions.allow(service.name, service.category.name());
        if !is_new || may || service.risk == Risk::Low || of.requests < ground.limits.new_service_requests {
            continue;
        }
        let span = (of.first_ms, of.last_ms);
        let place = (profile.client, Place::Service(of.destination));
        let suspicion = Suspicion::of("new_service", place, ground.range, span, of.requests);
        let days = f64::from(of.first_ms - seen_since) / DAY_MS as f64;
        out.push(suspicion.measured("days_before", days.floor()));
    }
}
