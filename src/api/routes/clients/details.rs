//! `GET /api/clients/{ip}/details`: everything about one client.

use super::rows_of;
use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::routes::statistics::Bucket;
use crate::api::rows::LogRow;
use crate::api::seen_series::{buckets, timeline};
use crate::api::state::AppState;
use crate::api::statistic::{Statistic, WindowParams, statistic};
use crate::api::verdicts::threat_series;
use crate::classify::service_named;
use crate::model::{
    ClientTerm, Dimension, EventFilter, EventView, Lens, Measure, PageQuery, PseudonymKind, Seen, SeriesQuery,
    TimeRange,
};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

const ABSENT: ApiError = ApiError::NotFound("no client of that address or pseudonym was stored");

/// A client with everything that is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientDetails {
    /// Its address.
    pub ip_address: String,
    /// What the setting `client_aliases` calls it; null for those who may not see its address.
    pub client_name: Option<String>,
    /// Its requests, in the whole store.
    pub total_requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
    /// Bytes sent to it, in the whole store.
    pub bytes: u64,
    /// Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub first_seen: Option<String>,
    /// Its last request in the store.
    pub last_seen: Option<String>,
    /// Where it went most in the window.
    pub top_domains: Vec<ClientDestination>,
    /// Its newest requests in the window.
    pub recent: Vec<ClientRequest>,
    /// Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
    /// three hours, an hour up to fourteen days, then a day.
    pub timeline: Vec<Bucket>,
    /// The services it used most in the window.
    pub services: Vec<ClientService>,
    /// Its highest score in each bucket of the timeline in which it has requests that were scored.
    pub score_history: Vec<ClientScore>,
}

/// Where a client went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientDestination {
    /// `host:port`.
    pub destination: String,
    /// Its requests there.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
}

/// A request of a client.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientRequest {
    /// When it was completed, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub timestamp: String,
    /// Method.
    pub method: Option<String>,
    /// `host:port`.
    pub destination: String,
    /// Code and result code.
    pub status: String,
    /// Bytes sent to it.
    pub bytes: u64,
}

/// A service that a client used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientService {
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: Option<&'static str>,
    /// Requests to it.
    pub requests: u64,
    /// Bytes sent to the client.
    pub bytes: u64,
    /// Whether it may be used.
    pub sanctioned: bool,
}

/// A client's score at some time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientScore {
    /// When.
    pub time: String,
    /// The score.
    pub score: u32,
}

/// Everything about a client: an address, or a pseudonym as rows show it.
#[utoipa::path(
    get, path = "/clients/{ip}/details", operation_id = "clients_details", tag = "statistics",
    params(("ip" = String, Path, description = "The client's address or pseudonym"), WindowParams),
    responses(
        (status = 200, description = "The client", body = Success<ClientDetails>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn details(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    ip: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, WindowParams::KNOWN);
    let extent = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    let client = ip.ok().and_then(|Path(text)| shown_as(&text, &auth.lens));
    if client.is_none() {
        asked.faults.add("ip", "must be an address or a pseudonym, as rows show it");
    }
    asked.finish()?;
    let client = client.ok_or(ABSENT)?;
    let question = format!("client {client:?} {extent:?}");
    statistic((&auth, &state, &headers), question, move |statistic| {
        Ok(Success::new(ClientDetails::find(statistic, &client, extent)?))
    })
    .await
}

/// What a text means among clients as the lens shows them. An address is one whatever the lens shows; behind a lens that
/// hides it, nobody has it.
fn shown_as(text: &str, lens: &Lens) -> Option<ClientTerm> {
    match ClientTerm::parse(text) {
        ClientTerm::Network(network) if lens.shows_network(network) => Some(ClientTerm::Name(network.to_string())),
        ClientTerm::Network(_) => None,
        ClientTerm::Name(name) => {
            let is_pseudonym = PseudonymKind::of(name.as_bytes()) == Some(PseudonymKind::Client);
            is_pseudonym.then_some(ClientTerm::Name(name))
        }
        address => Some(address),
    }
}

impl ClientDetails {
    fn find(statistic: &Statistic<'_>, client: &ClientTerm, extent: Extent) -> ApiResult<ClientDetails> {
        let (store, lens) = (statistic.store, &statistic.lens);
        let Extent { range, limit } = extent;
        // One client may have been logged in several spellings.
        let ever = rows_of(client.clone(), TimeRange::ALL);
        let spellings = statistic.top(Dimension::Client, &ever, usize::from(u8::MAX), false)?;
        let names: Vec<String> = spellings.iter().map(|entry| entry.name.clone()).collect();
        let ip_address = names.first().ok_or(ABSENT)?.clone();
        let mut whole = Measure::default();
        spellings.iter().for_each(|entry| whole.add(&entry.measure));
        let seen = store.seen(Dimension::Client, &names, TimeRange::ALL, lens)?.into_iter().flatten();
        let seen = seen.reduce(|one, other| Seen { first: one.first.min(other.first), last: one.last.max(other.last) });

        let filter = rows_of(client.clone(), range);
        let destinations = statistic.top(Dimension::Destination, &filter, limit, false)?.into_iter();
        let services = statistic.top(Dimension::Service, &filter, limit, false)?.into_iter();
        let page = store.page(&PageQuery { filter: filter.clone(), ..PageQuery::newest(limit) }, lens)?;
        let rows = page.rows.iter().map(|event| LogRow::of(EventView::of(event, lens), &statistic.rows));
        Ok(ClientDetails {
            client_name: statistic.rows.client_name(&ip_address),
            ip_address,
            total_requests: whole.outcomes.total(),
            blocked: whole.outcomes.blocked(statistic.rows.challenges_block),
            bytes: whole.bytes,
            first_seen: seen.map(|seen| seen.first.to_sql()),
            last_seen: seen.map(|seen| seen.last.to_sql()),
            top_domains: destinations
                .map(|entry| ClientDestination {
                    destination: statistic.name(&entry.name),
                    requests: entry.measure.outcomes.total(),
                    blocked: statistic.blocked(&entry),
                })
                .collect(),
            recent: rows.map(ClientRequest::of).collect(),
            score_history: seen.map_or(Ok(Vec::new()), |seen| score_history(statistic, &filter, seen))?,
            timeline: seen.map_or(Ok(Vec::new()), |seen| timeline(statistic, &filter, seen))?,
            services: services
                .map(|entry| {
                    let category = service_named(&entry.name).map(|service| service.category.name());
                    ClientService {
                        category,
                        requests: entry.measure.outcomes.total(),
                        bytes: entry.measure.bytes,
                        sanctioned: statistic.rows.sanctions.allow(&entry.name, category.unwrap_or_default()),
                        name: entry.name,
                    }
                })
                .collect(),
        })
    }
}

impl ClientRequest {
    fn of(row: LogRow) -> ClientRequest {
        ClientRequest {
            timestamp: row.timestamp,
            method: row.method,
            destination: row.destination,
            status: row.status,
            bytes: row.bytes,
        }
    }
}

/// The highest scores per bucket of that part.
fn score_history(statistic: &Statistic<'_>, filter: &EventFilter, seen: Seen) -> ApiResult<Vec<ClientScore>> {
    let Some((range, resolution)) = buckets(filter.range(), seen) else { return Ok(Vec::new()) };
    let filter = EventFilter { range: Some(range), ..filter.clone() };
    let query = SeriesQuery { by: Some(Dimension::Verdict), filter, resolution };
    let scores = threat_series(statistic, &query)?.into_iter();
    Ok(scores.map(|(time, threats)| ClientScore { time: time.to_rfc3339(), score: threats.max_score }).collect())
}
