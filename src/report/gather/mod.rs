//! From questions to the store to a [`Report`]: the same whether the rows were just read from files or lie in a database.

mod asker;
mod cache;
mod flagged;
mod groups;
mod times;
mod traffic;

use super::contents::{BlindSpot, Finding, Masking, Read, Reason, Rejected, Report, Rule, Top, Totals, Window};
use super::figures::share_pct;
use crate::control::settings::Settings;
use crate::model::People;
use crate::model::{
    ClientLevel, Dimension, EventView, HOUR_MS, Lens, Outcome, Resolution, TimeRange, Timestamp, UrlLevel, UserLevel,
};
use crate::store::{EventStore, StoreResult};
use asker::Asker;
use std::collections::BTreeMap;

/// What a report is to be made of.
pub struct Asking<'a> {
    /// The events.
    pub store: &'a dyn EventStore,
    /// How people appear.
    pub lens: Lens,
    /// Everybody whom that hides.
    pub people: &'a People,
    /// What counts as blocked, flagged and sanctioned.
    pub settings: &'a Settings,
    /// Only rows of these hours; it is widened to whole ones.
    pub range: TimeRange,
    /// How many rows tables have at most.
    pub top: usize,
    /// Now.
    pub now: Timestamp,
    /// What was read; how many rows and rejected lines there are, and their sources, is found out here for a database.
    pub read: Read,
    /// What is known of a rule, by its id.
    pub rule: &'a dyn Fn(u32) -> Rule,
    /// Why a request has its points, as far as what is shown of it says so.
    pub reasons: &'a dyn Fn(&EventView) -> Vec<Reason>,
    /// What behaves suspiciously, the worst first.
    pub findings: Top<Finding>,
    /// What the log can't show; nothing where that is not known.
    pub blind_spots: Option<Vec<BlindSpot>>,
}

/// Asks everything.
///
/// # Errors
/// When the store can't be read.
pub fn gather(asking: Asking<'_>) -> StoreResult<Report> {
    let (found, first_row, last_row) = extent(asking.store, asking.range)?;
    let ask = Asker::new(&asking, found)?;
    let sources = groups::top(&ask, Dimension::Source, usize::MAX)?.rows;
    let read = read_from(asking.store, asking.read, &sources)?;
    let flagged = flagged::flagged(&ask, asking.rule, asking.reasons)?;
    let clients = groups::clients(&ask)?;
    let users = groups::top(&ask, Dimension::User, ask.top)?;
    let domains = groups::with_clients(&ask, Dimension::Domain)?;
    let services = groups::services(&ask)?;
    let mut totals = totals(&ask)?;
    (totals.clients, totals.users) = (clients.total, users.total);
    (totals.domains, totals.services) = (domains.total, services.total);
    totals.flagged = flagged.as_ref().map(|flagged| flagged.flagged);
    let durations = times::times(&ask, &domains)?;
    Ok(Report {
        generator: concat!("Tidegate ", env!("CARGO_PKG_VERSION")).to_owned(),
        generated_at: asking.now,
        read: Read { sources, ..read },
        window: Window { from: found.from, until: found.until, first_row, last_row, timezone: "UTC" },
        masking: masking(&asking.lens),
        totals,
        traffic: traffic::traffic(&ask)?,
        week: traffic::week(&ask)?,
        clients,
        users,
        domains,
        services,
        file_categories: groups::top(&ask, Dimension::FileCategory, ask.top)?,
        extensions: groups::extensions(&ask)?,
        agents: groups::agents(&ask)?,
        denied: groups::denied(&ask)?,
        flagged,
        findings: asking.findings,
        cache: cache::cache(&ask)?,
        durations,
        status: groups::top(&ask, Dimension::Status, usize::MAX)?,
        methods: groups::top(&ask, Dimension::Method, ask.top)?,
        blind_spots: asking.blind_spots,
    })
}

/// The whole hours of a range; where it has no beginning or end, those that hold rows. And its first and last row.
fn extent(store: &dyn EventStore, range: TimeRange) -> StoreResult<(TimeRange, Option<Timestamp>, Option<Timestamp>)> {
    let hours = store.timeline(range, Resolution::Hour)?;
    let (Some(oldest), Some(newest)) = (hours.first(), hours.last()) else {
        let from = Timestamp(range.from.0.max(0)).floor_to(HOUR_MS);
        let until = if range.until == TimeRange::ALL.until { from } else { range.until.max(from) };
        return Ok((Resolution::Hour.widened(TimeRange { from, until }), None, None));
    };
    let held = TimeRange { from: oldest.time, until: Timestamp(newest.time.0.saturating_add(HOUR_MS)) };
    let widened = Resolution::Hour.widened(range);
    let from = if range.from == TimeRange::ALL.from { held.from } else { widened.from };
    let until = if range.until == TimeRange::ALL.until { held.until } else { widened.until };
    let names: Vec<String> = store
        .groups(&crate::model::GroupQuery::of(Dimension::Source, held, usize::MAX), &Lens::PLAIN)?
        .entries
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    let seen = store.seen(Dimension::Source, &names, held, &Lens::PLAIN)?;
    let seen = || seen.iter().flatten();
    Ok((TimeRange { from, until }, seen().map(|seen| seen.first).min(), seen().map(|seen| seen.last).max()))
}

/// Of a database: how many rows there are in the window, and what was rejected ever.
fn read_from(store: &dyn EventStore, read: Read, sources: &[super::Group]) -> StoreResult<Read> {
    if read.lines.is_some() {
        return Ok(read);
    }
    let mut rejected: BTreeMap<&'static str, u64> = BTreeMap::new();
    for count in store.reject_counts()? {
        *rejected.entry(count.reason.name()).or_default() += count.lines;
    }
    let rejected = rejected.into_iter().map(|(reason, lines)| Rejected { reason, lines }).collect();
    Ok(Read { stored: sources.iter().map(|source| source.requests).sum(), rejected, ..read })
}

fn totals(ask: &Asker<'_>) -> StoreResult<Totals> {
    let mut sum = crate::model::Totals::default();
    ask.store.timeline(ask.range, Resolution::Hour)?.iter().for_each(|hour| sum.add(&hour.totals));
    let outcomes = sum.measure.outcomes;
    let (requests, blocked) = (outcomes.total(), ask.blocked(&outcomes));
    Ok(Totals {
        requests,
        allowed: outcomes.get(Outcome::Allowed),
        denied: outcomes.get(Outcome::Denied),
        origin_forbidden: outcomes.get(Outcome::OriginForbidden),
        auth_challenges: outcomes.get(Outcome::AuthChallenge),
        aborted: outcomes.get(Outcome::Aborted),
        errors: outcomes.get(Outcome::Error),
        blocked,
        blocked_pct: share_pct(blocked, requests),
        ip_literals: sum.ip_literal.total(),
        bytes_sent: sum.measure.bytes,
        bytes_received: (sum.cs_bytes_rows > 0).then_some(sum.cs_bytes),
        ..Totals::default()
    })
}

fn masking(lens: &Lens) -> Masking {
    Masking {
        masked: !lens.is_plain(),
        clients: match lens.client {
            ClientLevel::Plain => "as logged",
            ClientLevel::Prefix => "networks",
            ClientLevel::Pseudonym(_) => "pseudonyms",
            ClientLevel::Mask => "hidden",
        },
        users: match lens.user {
            UserLevel::Plain => "as logged",
            UserLevel::Pseudonym(_) => "pseudonyms",
            UserLevel::Mask => "hidden",
        },
        urls: match lens.url {
            UrlLevel::Plain => "as logged",
            UrlLevel::Personal => "personal parts hidden",
            UrlLevel::Pseudonym(_) => "personal parts under pseudonyms",
            UrlLevel::Mask => "hidden",
        },
    }
}
