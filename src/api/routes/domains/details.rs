//! `GET /api/domains/{domain}/details`: everything about one domain, with all names below it.

use super::statistics::DomainRow;
use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent, domain};
use crate::api::responses::Failures;
use crate::api::routes::statistics::Bucket;
use crate::api::seen_series::timeline;
use crate::api::state::AppState;
use crate::api::statistic::{Statistic, WindowParams, statistic};
use crate::api::verdicts::VerdictSums;
use crate::model::{Dimension, EventFilter, GroupEntry, Measure, Order, PageQuery, Seen, Terms, TimeRange, Timestamp};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::ToSchema;

const ABSENT: ApiError = ApiError::NotFound("no request to that domain was stored");

/// Most registrable domains that lie below a name: below `co.uk` there are many.
const MOST_BELOW: usize = 1000;

/// A domain with everything that is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainDetails {
    /// Its name: a registrable domain, a name below or above one, or an address.
    pub domain_name: String,
    /// Requests to it, in the window.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
    /// Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub first_seen: Option<String>,
    /// Its last request in the store.
    pub last_seen: Option<String>,
    /// The category of the service it belongs to; null where that is not known.
    pub category: Option<&'static str>,
    /// Whether it looks as if a program had made it up.
    pub dga: bool,
    /// The protected name it imitates.
    pub look_alike_of: Option<String>,
    /// The hosts with most requests.
    pub hosts: Vec<DomainHost>,
    /// The clients with most requests to it.
    pub clients: Vec<DomainClient>,
    /// The rules that matched requests to it most.
    pub rules: Vec<DomainRule>,
    /// Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
    /// three hours, an hour up to fourteen days, then a day.
    pub timeline: Vec<Bucket>,
}

/// A host of a domain.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainHost {
    /// `host:port`.
    pub destination: String,
    /// Requests to it.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
}

/// A client that asked for a domain.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainClient {
    /// Its address.
    pub ip_address: String,
    /// What the setting `client_aliases` calls it; null for those who may not see its address.
    pub client_name: Option<String>,
    /// Its requests.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
    /// Bytes sent to it.
    pub bytes: u64,
}

/// A rule that matched requests to a domain.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainRule {
    /// Its id.
    pub id: u32,
    /// What it says; empty where it is not there any more.
    pub message: String,
    /// Requests that it matched.
    pub count: u64,
}

/// Everything about a domain and the names below it.
#[utoipa::path(
    get, path = "/domains/{domain}/details", operation_id = "domains_details", tag = "statistics",
    params(("domain" = String, Path, description = "The domain, as rows show it"), WindowParams),
    responses(
        (status = 200, description = "The domain", body = Success<DomainDetails>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn details(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, WindowParams::KNOWN);
    let extent = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    let text = name.map(|Path(text)| text).unwrap_or_default();
    let name = domain(&text).map_err(|fault| asked.faults.add("domain", fault)).ok();
    asked.finish()?;
    let name = name.ok_or(ABSENT)?.to_ascii_lowercase();
    statistic((&auth, &state, &headers), format!("domain {name:?} {extent:?}"), move |statistic| {
        Ok(Success::new(DomainDetails::find(statistic, &name, extent)?))
    })
    .await
}

/// Rows of a range whose destination is a domain or lies below it.
fn rows_of(domain: &str, range: TimeRange) -> EventFilter {
    EventFilter { domain: Terms { any: vec![domain.to_owned()], none: Vec::new() }, ..EventFilter::within(range) }
}

impl DomainDetails {
    fn find(statistic: &Statistic<'_>, name: &str, Extent { range, limit }: Extent) -> ApiResult<DomainDetails> {
        let seen = seen(statistic, name)?.ok_or(ABSENT)?;
        let filter = rows_of(name, range);
        let domains = statistic.top(Dimension::Domain, &filter, MOST_BELOW, false)?;
        let mut whole = Measure::default();
        domains.iter().for_each(|entry| whole.add(&entry.measure));
        // What is said of a name is said of it, whatever lies below it.
        let named = GroupEntry { name: name.to_owned(), measure: whole, clients: 0 };
        let DomainRow { domain_name, requests, blocked, bytes, category, dga, look_alike_of, .. } =
            DomainRow::of(statistic, &named, None);
        let hosts = statistic.top(Dimension::Destination, &filter, limit, false)?;
        let clients = statistic.top(Dimension::Client, &filter, limit, false)?;
        Ok(DomainDetails {
            domain_name,
            requests,
            blocked,
            bytes,
            first_seen: Some(seen.first.to_sql()),
            last_seen: Some(seen.last.to_sql()),
            category,
            dga,
            look_alike_of,
            hosts: hosts
                .iter()
                .map(|entry| DomainHost {
                    destination: statistic.name(&entry.name),
                    requests: entry.measure.outcomes.total(),
                    blocked: statistic.blocked(entry),
                })
                .collect(),
            clients: clients
                .into_iter()
                .map(|entry| DomainClient {
                    client_name: statistic.rows.client_name(&entry.name),
                    requests: entry.measure.outcomes.total(),
                    blocked: statistic.blocked(&entry),
                    bytes: entry.measure.bytes,
                    ip_address: entry.name,
                })
                .collect(),
            rules: rules(statistic, &filter, limit)?,
            timeline: timeline(statistic, &filter, seen)?,
        })
    }
}

/// When requests to a domain were stored first and last; none where there are none.
fn seen(statistic: &Statistic<'_>, name: &str) -> ApiResult<Option<Seen>> {
    // Of rows that the reader finds by that name, and no others.
    let edge = |order| -> ApiResult<Option<Timestamp>> {
        let query = PageQuery { filter: rows_of(name, TimeRange::ALL), order, ..PageQuery::newest(1) };
        Ok(statistic.store.page(&query, &statistic.lens)?.rows.first().map(|event| event.time))
    };
    let (first, last) = (edge(Order::Ascending)?, edge(Order::Descending)?);
    Ok(first.zip(last).map(|(first, last)| Seen { first, last }))
}

/// The rules that matched most of the rows that pass.
fn rules(statistic: &Statistic<'_>, filter: &EventFilter, limit: usize) -> ApiResult<Vec<DomainRule>> {
    let sums = VerdictSums::find(statistic, filter)?;
    let mut rules: Vec<_> = sums.rules.into_iter().collect();
    rules.sort_by_key(|(id, count)| (Reverse(*count), *id));
    rules.truncate(limit);
    let message = |id| statistic.book.rule(id).map(|rule| rule.message.clone()).unwrap_or_default();
    Ok(rules.into_iter().map(|(id, count)| DomainRule { id, message: message(id), count }).collect())
}
