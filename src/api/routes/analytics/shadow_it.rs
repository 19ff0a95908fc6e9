//! `GET /api/analytics/shadow-it`: the services that are used, and whether they may be.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{Statistic, WindowParams, Windowed};
use crate::classify::{Service, service_named};
use crate::model::{Dimension, GroupEntry, Timestamp};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// A service and how it is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceUse {
    /// Its name.
    #[schema(example = "Dropbox")]
    pub name: String,
    /// Of its domains the one that is called as it is, else the shortest.
    #[schema(example = "dropbox.com")]
    pub domain: Option<&'static str>,
    /// Its category.
    #[schema(example = "storage")]
    pub category: Option<&'static str>,
    /// Requests to it.
    pub requests: u64,
    /// Those that count as blocked.
    pub blocked: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
    /// Clients that used it.
    pub clients: u64,
    /// Whether it may be used: by the settings `sanctioned_services`, `unsanctioned_services` and
    /// `sanctioned_categories`.
    pub sanctioned: bool,
    /// What its use means where nobody sanctioned it: `low`, `medium`, `high`.
    #[schema(example = "medium")]
    pub risk: Option<&'static str>,
    /// The hour it was first seen in, where that lies in the window; null where it was seen before.
    pub first_seen: Option<String>,
}

impl ServiceUse {
    fn of(statistic: &Statistic<'_>, entry: GroupEntry, first_seen: Option<&Timestamp>) -> ServiceUse {
        let service = service_named(&entry.name);
        let category = service.map(|service| service.category.name());
        ServiceUse {
            domain: service.and_then(main_domain),
            category,
            requests: entry.measure.outcomes.total(),
            blocked: statistic.blocked(&entry),
            bytes: entry.measure.bytes,
            clients: entry.clients,
            sanctioned: statistic.rows.sanctions.allow(&entry.name, category.unwrap_or_default()),
            risk: service.map(|service| service.risk.name()),
            first_seen: first_seen.map(|hour| hour.to_rfc3339()),
            name: entry.name,
        }
    }
}

/// Of a service's domains the one that is called as it is, below `com` where there is a choice; else the shortest.
fn main_domain(service: &Service) -> Option<&'static str> {
    let called = |domain: &str| {
        let label = domain.split('.').next().unwrap_or_default();
        label.eq_ignore_ascii_case(&service.name.replace(' ', ""))
    };
    service.domains.iter().copied().min_by_key(|domain| (!called(domain), !domain.ends_with(".com"), domain.len()))
}

/// The services with most requests, sanctioned or not.
#[utoipa::path(
    get, path = "/analytics/shadow-it", operation_id = "analytics_shadow_it", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Services, most requests first", body = Success<Vec<ServiceUse>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn shadow_it(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("shadow-it", |statistic, Extent { range, limit }| {
            let (top, new) = statistic.top_and_new(Dimension::Service, range, limit)?;
            let uses = top.into_iter().map(|entry| {
                let first_seen = new.get(&entry.name);
                ServiceUse::of(statistic, entry, first_seen)
            });
            Ok(uses.collect::<Vec<_>>())
        })
        .await
}
