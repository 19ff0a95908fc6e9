//! `GET /api/analytics/top-domains`: the registrable domains with most requests, by number only.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{WindowParams, Windowed};
use crate::model::{Dimension, EventFilter};
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
    get, path = "/analytics/top-domains", operation_id = "analytics_top_domains", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Domains, most requests first", body = Success<Vec<DomainCount>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn top_domains(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("top-domains", |statistic, Extent { range, limit }| {
            let top = statistic.top(Dimension::Domain, &EventFilter::within(range), limit, false)?.into_iter();
            let domains = top.map(|entry| DomainCount {
                domain: statistic.name(&entry.name),
                count: entry.measure.outcomes.total(),
            });
            Ok(domains.collect::<Vec<_>>())
        })
        .await
}
