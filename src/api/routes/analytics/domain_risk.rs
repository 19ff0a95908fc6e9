//! `GET /api/analytics/domain-risk`: domains that a program may have made up, that imitate others, or that are new.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{Statistic, WindowParams, Windowed};
use crate::classify::{destination, dga, is_dga, reading};
use crate::model::{Dimension, EventFilter, GroupEntry, Tag, Terms, TimeRange, Timestamp};
use axum::response::Response;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A domain that is worth a look.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskyDomain {
    /// The registrable domain.
    pub domain: String,
    /// The host below it that is asked for most of those that look so; the domain itself where it is only new.
    pub host: String,
    /// How the host's internationalised labels read; null where it has none, or they can't be shown safely.
    pub reading: Option<String>,
    /// Whether the host looks as if a program had made it up.
    pub dga: bool,
    /// How likely that is, 0 to 1; null where nothing can be said.
    pub dga_likelihood: Option<f32>,
    /// The protected name that the host imitates.
    pub look_alike_of: Option<String>,
    /// How it does.
    pub how: Option<&'static str>,
    /// The hour it was first seen in, where that lies in the window; null where it was seen before.
    pub first_seen: Option<String>,
    /// Requests: to the hosts that look so, else to all of the domain.
    pub requests: u64,
    /// Clients that made them.
    pub clients: u64,
    /// Those that count as blocked.
    pub blocked: u64,
}

impl RiskyDomain {
    /// What is known of a domain whose `host` is asked for.
    fn of(
        statistic: &Statistic<'_>,
        entry: &GroupEntry,
        host: Option<&String>,
        first_seen: Option<&Timestamp>,
    ) -> RiskyDomain {
        // What is hidden in the name is hidden from whatever reads it.
        let host = statistic.name(host.unwrap_or(&entry.name));
        let imitated = statistic.rows.lookalikes.of(&host);
        RiskyDomain {
            domain: statistic.name(&entry.name),
            reading: reading(&host),
            dga: is_dga(&host),
            dga_likelihood: dga(&host),
            host,
            how: imitated.as_ref().map(|found| found.how.name()),
            look_alike_of: imitated.map(|found| found.protected),
            first_seen: first_seen.map(|hour| hour.to_rfc3339()),
            requests: entry.measure.outcomes.total(),
            clients: entry.clients,
            blocked: statistic.blocked(entry),
        }
    }
}

/// Hosts looked at to say which of a domain's looks wrong.
const MOST_HOSTS: usize = 10_000;

/// Those that look wrong, then those that are new.
fn find(statistic: &Statistic<'_>, range: TimeRange, limit: usize) -> ApiResult<Vec<RiskyDomain>> {
    let suspicious = statistic.tagged(range, &[Tag::Dga, Tag::LookAlike]);
    let mut hosts: HashMap<String, String> = HashMap::new();
    for entry in statistic.top(Dimension::Destination, &suspicious, MOST_HOSTS, false)? {
        let Some(target) = destination(entry.name.as_bytes()) else { continue };
        hosts.entry(target.domain()).or_insert_with(|| target.host().to_owned());
    }
    let wrong = statistic.top(Dimension::Domain, &suspicious, limit, true)?;
    let first = statistic.store.first_seen(Dimension::Domain, range.from, limit)?;
    let first: HashMap<String, Timestamp> = first.into_iter().collect();
    let mut new = Vec::new();
    if !first.is_empty() {
        let domain = Terms { any: first.keys().cloned().collect(), none: Vec::new() };
        new = statistic.top(Dimension::Domain, &EventFilter { domain, ..EventFilter::within(range) }, limit, true)?;
        new.retain(|entry| first.contains_key(&entry.name) && wrong.iter().all(|known| known.name != entry.name));
    }
    let domains = wrong.iter().chain(&new);
    let domains =
        domains.map(|entry| RiskyDomain::of(statistic, entry, hosts.get(&entry.name), first.get(&entry.name)));
    Ok(domains.take(limit).collect())
}

/// Domains of the window that look made up, imitate a protected name, or were seen for the first time.
#[utoipa::path(
    get, path = "/analytics/domain-risk", operation_id = "analytics_domain_risk", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Domains: those that look wrong first, then new ones, most requests first", body = Success<Vec<RiskyDomain>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn domain_risk(asked: Windowed) -> ApiResult<Response> {
    asked.answer("domain-risk", |statistic, Extent { range, limit }| find(statistic, range, limit)).await
}
