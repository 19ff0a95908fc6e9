//! What clients do over time, and what of it gives them away: regular calls home, bursts of refusals, guessed
//! passwords, data that leaves, names used as a channel. Told from rows that are stored, off their way in; what is found
//! is a [`Finding`] with a sentence that says why, and the rows that it rests on.
//!
//! A detector is a function over what one client did ([`profile::Profile`]), in a file of its own, and one entry of
//! [`DETECTORS`]. Clients are looked at in parts, so that memory stays bounded by the busiest client, 16 bytes a request.
//!
//! Not here: what single requests say (`waf`), whether findings are kept ([`EventStore::keep_findings`]), when detectors
//! run (`jobs`).

mod auth_spray;
mod beacon;
mod call;
mod denied_burst;
mod episode;
mod evidence;
mod fan_out;
mod gather;
mod limits;
mod new_domain;
mod new_service;
mod prevalence;
mod profile;
mod registry;
mod sentence;
mod suspicion;
mod tunnel;
mod upload;
mod volume_out;

pub use limits::Limits;
pub use registry::{DETECTORS, Detector, Needs, detector};
pub use sentence::{Told, tell};

use crate::control::settings::Settings;
use crate::model::{
    ClientIp, DAY_MS, Dimension, EventFilter, Finding, FindingStatus, HOUR_MS, Lens, Resolution, RowId, Severity,
    TimeRange, Timestamp, Url, VisitNames,
};
use crate::store::{EventStore, StoreResult};
use evidence::Collect;
use gather::Gather;
use prevalence::Prevalence;
use profile::{Ground, Profiles};
use std::collections::HashSet;
use suspicion::Suspicion;

/// The longest window that is looked at, in days; of longer ones the end.
pub const MOST_DAYS: i64 = 31;
/// Findings of one detector that a look may have; the strongest are kept.
const MOST_OF_A_DETECTOR: usize = 1_000;
/// Rows looked at together, about: 64 MiB of them.
const PART_ROWS: u64 = 4 << 20;
/// New domains that are known by name.
const MOST_NEW_DOMAINS: usize = 100_000;

/// What a look found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// By detector, in the order of [`DETECTORS`], and time.
    pub findings: Vec<Finding>,
    /// Findings beyond what is kept of a detector.
    pub left_out: u64,
    /// Rows looked at.
    pub rows: u64,
    /// Names of detectors that the rows say nothing for: what they need is not logged.
    pub blind: Vec<&'static str>,
}

/// The window that a look at `now` has: so many days up to the newest row, which need not be of today.
///
/// # Errors
/// When the store can't be read.
pub fn window(store: &dyn EventStore, days: i64, now: Timestamp) -> StoreResult<TimeRange> {
    let reach = TimeRange { from: Timestamp::MIN, until: Timestamp(now.0.saturating_add(1)) };
    let hours = store.timeline(reach, Resolution::Hour)?;
    let until = hours.last().map_or(now, |hour| Timestamp((hour.time.0 + HOUR_MS).min(now.0 + 1)));
    Ok(TimeRange { from: Timestamp(until.0.saturating_sub(days * DAY_MS)), until })
}

/// Looks for everything that is not disabled, in a window, at most its last [`MOST_DAYS`].
///
/// # Errors
/// When the store can't be read.
pub fn detect(store: &dyn EventStore, settings: &Settings, window: TimeRange, now: Timestamp) -> StoreResult<Found> {
    let limits = Limits::of(settings);
    // One line of a year to come must not move the window away from all others.
    let until = Timestamp(window.until.0.min(now.0.saturating_add(1)));
    let range = narrowed(store, TimeRange { until, ..window })?;
    let rows = store.count(&EventFilter::within(range), &Lens::PLAIN)?;
    if rows == 0 {
        return Ok(Found::default());
    }
    let parts = u32::try_from(rows.div_ceil(PART_ROWS)).unwrap_or(u32::MAX);
    let news = news(store, range)?;
    let enabled: Vec<&Detector> = DETECTORS.iter().filter(|detector| limits.wants(detector.name)).collect();
    let mut prevalence = Prevalence::default();
    let mut suspicions: Vec<Suspicion> = Vec::new();
    let mut has_cs_bytes = false;
    let mut names: Vec<Box<dyn VisitNames>> = Vec::new();
    for part in 0..parts {
        let mut gather = Gather::new(range, (part, parts));
        let of_part = store.visits(range, &mut gather)?;
        has_cs_bytes |= gather.has_cs_bytes();
        let ground = Ground { range, limits: &limits, names: &*of_part, new_domains: &news };
        let before = suspicions.len();
        for profile in Profiles::of(gather, &*of_part).iter() {
            prevalence.add(&profile);
            for detector in &enabled {
                (detector.look)(&profile, &ground, &mut suspicions);
            }
        }
        suspicions[before..].iter_mut().for_each(|suspicion| suspicion.part = names.len());
        names.push(of_part);
    }
    suspicions.retain(|suspicion| prevalence.is_rare_enough(suspicion, &limits));
    let left_out = suspicion::keep_strongest(&mut suspicions, MOST_OF_A_DETECTOR);
    let mut evidence = Collect::of(&suspicions, &names);
    let now_named = store.visits(range, &mut evidence)?;
    let rows_of = evidence.rows(&*now_named);
    let finding = |(suspicion, evidence): (&Suspicion, Vec<RowId>)| Finding {
        id: 0,
        detector: suspicion.detector.to_owned(),
        severity: detector(suspicion.detector).map_or(Severity::Notice, |detector| detector.severity),
        client: ClientIp::new(names[suspicion.part].client(suspicion.client)),
        destination: Url::new(suspicion.place.name(&*names[suspicion.part])),
        first: suspicion.first,
        last: suspicion.last,
        found: now,
        requests: suspicion.requests,
        measures: measures(suspicion),
        evidence,
        status: FindingStatus::Open,
        note: String::new(),
    };
    Ok(Found {
        findings: suspicions.iter().zip(rows_of).map(finding).collect(),
        left_out,
        rows,
        blind: enabled
            .iter()
            .filter(|detector| detector.needs == Needs::CsBytes && !has_cs_bytes)
            .map(|detector| detector.name)
            .collect(),
    })
}

fn measures(suspicion: &Suspicion) -> Vec<(String, f64)> {
    let span_seconds = (suspicion.last.0 - suspicion.first.0) as f64 / 1000.0;
    let measures = suspicion.measures.iter().copied().chain([("span_seconds", span_seconds)]);
    measures.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The part of a window that has rows, at most its last [`MOST_DAYS`].
fn narrowed(store: &dyn EventStore, window: TimeRange) -> StoreResult<TimeRange> {
    let hours = store.timeline(window, Resolution::Hour)?;
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        return Ok(TimeRange { from: window.until, until: window.until });
    };
    let until = Timestamp(window.until.0.min(last.time.0 + HOUR_MS));
    let from = window.from.0.max(first.time.0).max(until.0 - MOST_DAYS * DAY_MS);
    Ok(TimeRange { from: Timestamp(from), until })
}

/// Domains that were first asked for within a window, of which something is known from before.
fn news(store: &dyn EventStore, range: TimeRange) -> StoreResult<HashSet<Vec<u8>>> {
    let since = Timestamp(range.from.0 + profile::BASELINE_DAYS * DAY_MS);
    if since >= range.until {
        return Ok(HashSet::new());
    }
    let first = store.first_seen(Dimension::Domain, since, MOST_NEW_DOMAINS)?;
    Ok(first.into_iter().map(|(domain, _)| domain.into_bytes()).collect())
}
