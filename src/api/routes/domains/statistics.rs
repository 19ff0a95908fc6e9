//! `GET /api/domains/statistics`: the registrable domains with most requests.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{Statistic, WindowParams, Windowed};
use crate::classify::{is_dga, service_of};
use crate::model::{Dimension, GroupEntry, Timestamp};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// A registrable domain; an IP literal stands for itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainRow {
    /// Its name.
    pub domain_name: String,
    /// Requests to it.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
    /// Clients that asked for it.
    pub clients: u64,
    /// `Allowed` where nothing was blocked, `Blocked` where everything was, else `Mixed`.
    #[schema(example = "Mixed")]
    pub status: &'static str,
    /// The category of the service it belongs to; null where that is not known.
    pub category: Option<&'static str>,
    /// The hour it was first seen in, where that lies in the window; null where it was seen before.
    pub first_seen: Option<String>,
    /// Whether it looks as if a program had made it up.
    pub dga: bool,
    /// The protected name it imitates.
    pub look_alike_of: Option<String>,
}

/// The domains with most requests.
#[utoipa::path(
    get, path = "/domains/statistics", operation_id = "domains_statistics", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Domains, most requests first", body = Success<Vec<DomainRow>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn statistics(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("domains", |statistic, Extent { range, limit }| {
            let (top, new) = statistic.top_and_new(Dimension::Domain, range, limit)?;
            let rows = top.into_iter().map(|entry| DomainRow::of(statistic, &entry, new.get(&entry.name)));
            Ok(rows.collect::<Vec<_>>())
        })
        .await
}

impl DomainRow {
    pub(super) fn of(statistic: &Statistic<'_>, entry: &GroupEntry, first_seen: Option<&Timestamp>) -> DomainRow {
        let (requests, blocked) = (entry.measure.outcomes.total(), statistic.blocked(entry));
        let name = statistic.name(&entry.name);
        DomainRow {
            requests,
            blocked,
            bytes: entry.measure.bytes,
            clients: entry.clients,
            status: match blocked {
                0 => "Allowed",
                _ if blocked == requests => "Blocked",
                _ => "Mixed",
            },
            category: service_of(&name).map(|service| service.category.name()),
            first_seen: first_seen.map(|hour| hour.to_rfc3339()),
            dga: is_dga(&name),
            look_alike_of: statistic.rows.lookalikes.of(&name).map(|found| found.protected),
            domain_name: name,
        }
    }
}
