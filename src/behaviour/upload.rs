//! Much sent to one place that shares files, or that nobody knows.
//!
//! Where the log has the bytes from clients (`%>st`), they are summed by day. Where it hasn't, requests that send (POST,
//! PUT, PATCH) and get little back are timed: hours of them are an upload. Of an opaque tunnel without byte counts nothing
//! can be told.
//!
//! Source: MITRE ATT&CK T1567.

use super::call::Call;
use super::profile::{Ground, Profile, Run};
use super::suspicion::{Place, Suspicion};
use crate::classify::{Service, ServiceCategory, service_named};
use crate::model::{DAY_MS, Outcome};

/// Fewest requests of an upload that is told by time.
const LEAST_REQUESTS: u64 = 30;
/// Categories that take in files and texts for others to fetch.
const SHARING: [ServiceCategory; 6] = [
    ServiceCategory::Paste,
    ServiceCategory::Storage,
    ServiceCategory::Transfer,
    ServiceCategory::Webhook,
    ServiceCategory::Torrent,
    ServiceCategory::CodeHosting,
];

pub(super) fn look(profile: &Profile<'_>, ground: &Ground<'_>, out: &mut Vec<Suspicion>) {
    for run in profile.runs.iter().filter(|run| may_be_one(profile, run, ground)) {
        let day = |call: &Call| i64::from(call.at_ms()) / DAY_MS;
        let is_known = ground.names.service_of(run.destination) != b"-";
        for calls in run.calls.chunk_by(|call, next| day(call) == day(next)) {
            let today = day(&calls[0]);
            let bytes: u64 = profile
                .sent_to(run.destination)
                .iter()
                .filter(|sent| i64::from(sent.day) == today)
                .map(|sent| sent.bytes)
                .sum();
            let sending = || {
                let through = |call: &&Call| call.sends() && call.has_small_reply() && call.is(Outcome::Allowed);
                calls.iter().filter(through)
            };
            let (requests, taken_ms) =
                sending().fold((0_u64, 0_u64), |(n, sum), call| (n + 1, sum + u64::from(call.taken_ms())));
            let by_bytes = bytes >= ground.limits.upload_bytes;
            let by_time = bytes == 0 && requests >= LEAST_REQUESTS && taken_ms >= ground.limits.upload_minutes * 60_000;
            if !by_bytes && !by_time {
                continue;
            }
            let shown: Vec<&Call> = if by_time { sending().collect() } else { calls.iter().collect() };
            let span = (shown[0].at_ms(), shown[shown.len() - 1].at_ms());
            let place = (profile.client, Place::Destination(run.destination));
            let suspicion = Suspicion::of("upload", place, ground.range, span, shown.len() as u64);
            out.push(
                suspicion
                    .measured("megabytes", bytes as f64 / 1e6)
                    .measured("minutes", taken_ms as f64 / 60_000.0)
                    .strong(bytes as f64 / 1e6 + taken_ms as f64 / 60_000.0)
                    .whoever_goes_there(is_known),
            );
        }
    }
}

/// The service of the catalogue that it goes to; looked for once a run, as that goes through all of them.
fn service(run: &Run<'_>, ground: &Ground<'_>) -> Option<&'static Service> {
    let name = ground.names.service_of(run.destination);
    if name == b"-" { None } else { service_named(&String::from_utf8_lossy(name)) }
}

/// Known services that are for other things, or that may be used, are left aside.
fn may_be_one(profile: &Profile<'_>, run: &Run<'_>, ground: &Ground<'_>) -> bool {
    match service(run, ground) {
        Some(service) => {
            let may = ground.limits.sanctions.allow(service.name, service.category.name());
            SHARING.contains(&service.category) && !may
        }
        None => !profile.sent_to(run.destination).is_empty() || run.calls.len() as u64 >= LEAST_REQUESTS,
    }
}
