//! `GET /api/clients/statistics`: the clients with most requests, or with the highest scores.

use super::rows_of;
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent, Kind, Known, LIMIT, Param, WINDOW, document};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::{Statistic, statistic};
use crate::model::{ClientTerm, Dimension, EventFilter, GroupEntry, GroupOrder, Seen, TimeRange, Timestamp};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// How long a client that is not seen any more counts as active.
const ACTIVE_MS: i64 = 15 * MINUTE_MS;
const MINUTE_MS: i64 = 60_000;
/// Clients that are looked at for the highest scores; there are not as many.
const MOST_CLIENTS: usize = 1_000_000;

const BY_SCORE: &str = "max_score";
const KNOWN: Known = &[
    WINDOW,
    LIMIT,
    &[Param::one("sort", Kind::Word(&["requests", BY_SCORE]), "What is highest first; requests unless given")],
];

/// The parameters of clients, for the OpenAPI document.
pub struct ClientsParams;

impl IntoParams for ClientsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// The clients of a window.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientStatistics {
    /// How many there are.
    pub total_clients: u64,
    /// Those with most requests, or with the highest scores.
    pub clients: Vec<Client>,
}

/// A client.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Client {
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
    /// Its last request in the window, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub last_seen: Option<String>,
    /// `Active` where that is at most 15 minutes ago, counted from the start of the minute; else `Idle`.
    #[schema(example = "Active")]
    pub status: &'static str,
    /// The highest score of a request; null where no rule matched any.
    pub max_score: Option<u32>,
}

/// The clients with most requests, or with the highest scores.
#[utoipa::path(
    get, path = "/clients/statistics", operation_id = "clients_statistics", tag = "statistics", params(ClientsParams),
    responses(
        (status = 200, description = "Clients, most requests or highest score first", body = Success<ClientStatistics>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn statistics(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let now = state.clock.now();
    let Extent { range, limit } = Extent::read(&mut asked, now, Extent::DEFAULT_MS);
    let by_score = asked.word("sort") == Some(BY_SCORE);
    asked.finish()?;
    let active_since = Timestamp(now.floor_to(MINUTE_MS).0 - ACTIVE_MS);
    let question = format!("clients {range:?} {limit} {by_score} {}", active_since.0);
    statistic((&auth, &state, &headers), question, move |statistic| {
        let filter = EventFilter::within(range);
        let looked_at = if by_score { MOST_CLIENTS } else { limit };
        let groups = statistic.groups(Dimension::Client, &filter, GroupOrder::Rows, looked_at, false)?;
        let names: Vec<String> = groups.entries.iter().map(|entry| entry.name.clone()).collect();
        let scores = statistic.store.max_scores(Dimension::Client, &names, range, &statistic.lens)?;
        let mut clients: Vec<_> = groups.entries.into_iter().zip(scores).collect();
        if by_score {
            // Those of the same score stay by requests.
            clients.sort_by_key(|(_, max_score)| Reverse(*max_score));
            clients.truncate(limit);
        }
        let names: Vec<String> = clients.iter().map(|(entry, _)| entry.name.clone()).collect();
        let seen = statistic.store.seen(Dimension::Client, &names, range, &statistic.lens)?;
        let client =
            |((entry, max_score), seen)| Client { max_score, ..Client::of(statistic, entry, seen, active_since) };
        let clients = clients.into_iter().zip(seen).map(client).collect();
        let total_clients = groups.total - u64::from(names_nobody(statistic, range)?);
        Ok(Success::new(ClientStatistics { total_clients, clients }))
    })
    .await
}

/// Whether rows of the range name no client: those are a group, but no client.
fn names_nobody(statistic: &Statistic<'_>, range: TimeRange) -> ApiResult<bool> {
    let nobody = rows_of(ClientTerm::Name(String::new()), range);
    Ok(statistic.store.count(&nobody, &statistic.lens)? > 0)
}

impl Client {
    fn of(statistic: &Statistic<'_>, entry: GroupEntry, seen: Option<Seen>, active_since: Timestamp) -> Client {
        let last = seen.map(|seen| seen.last);
        Client {
            client_name: statistic.rows.client_name(&entry.name),
            requests: entry.measure.outcomes.total(),
            blocked: statistic.blocked(&entry),
            bytes: entry.measure.bytes,
            last_seen: last.map(Timestamp::to_sql),
            status: if last.is_some_and(|last| last >= active_since) { "Active" } else { "Idle" },
            max_score: None,
            ip_address: entry.name,
        }
    }
}
