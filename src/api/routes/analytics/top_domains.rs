//! `GET /api/analytics/top-domains`: the registrable domains with most requests, by number only.

use super::{AnalyticsParams, KNOWN};
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::statistic;
use crate::model::{Dimension, EventFilter};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Requests to a domain.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainCount {
    /// The registrable domain.
    pub domain: String,
    /// Requests to it.
    pub count: u64,
}

/// The domains with most requests.
#[utoipa::path(
    get, path = "/analytics/top-domains", operation_id = "analytics_top_domains", tag = "statistics", params(AnalyticsParams),
    responses(
        (status = 200, description = "Domains, most requests first", body = Success<Vec<DomainCount>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn top_domains(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let Extent { range, limit } = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    asked.finish()?;
    statistic((&auth, &state, &headers), &format!("top-domains {range:?} {limit}"), move |statistic| {
        let top = statistic.top(Dimension::Domain, &EventFilter::within(range), limit, false)?.into_iter();
        let domains =
            top.map(|entry| DomainCount { domain: statistic.name(&entry.name), count: entry.measure.outcomes.total() });
        Ok(Success::new(domains.collect::<Vec<_>>()))
    })
    .await
}
