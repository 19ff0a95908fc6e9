//! `PUT /api/services/{name}`: whether a service may be used.

use crate::api::envelope::Changed;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, SettingsWrite};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::classify::service_named;
use crate::control::settings::Sanctions;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

const NO_SERVICE: ApiError = ApiError::NotFound("there is no service of that name");

/// A service of the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceRow {
    /// Its name.
    #[schema(example = "Dropbox")]
    pub name: &'static str,
    /// Its category.
    #[schema(example = "storage")]
    pub category: &'static str,
    /// Whether it may be used.
    pub sanctioned: bool,
    /// What its use means where nobody sanctioned it: `low`, `medium`, `high`.
    #[schema(example = "medium")]
    pub risk: &'static str,
}

/// The body that decides about a service.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceBody {
    /// Whether it may be used.
    pub sanctioned: bool,
}

/// Decides whether a service may be used, whatever its category: keeps its name in one of the settings
/// `sanctioned_services` and `unsanctioned_services`. Rows and statistics say so from then on, for the past too.
#[utoipa::path(
    put, path = "/services/{name}", operation_id = "services_set", tag = "statistics",
    params(("name" = String, Path, description = "The service's name, without regard to case")),
    request_body = ServiceBody,
    responses((status = 200, description = "Decided", body = Changed<ServiceRow>), Failures, BodyFailures)
)]
pub async fn set(
    auth: Authed<SettingsWrite>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    mut fields: Fields,
) -> ApiResult<Changed<ServiceRow>> {
    let service = name.ok().and_then(|Path(name)| service_named(&name)).ok_or(NO_SERVICE)?;
    let sanctioned = fields.required_truth("sanctioned");
    fields.finish()?;
    let actor = auth.actor();
    let settings = state
        .work(Lane::Pages, move |state| Ok(state.control.sanction_service(service.name, sanctioned, &actor)?))
        .await?;
    let category = service.category.name();
    let row = ServiceRow {
        name: service.name,
        category,
        sanctioned: Sanctions::of(&settings).allow(service.name, category),
        risk: service.risk.name(),
    };
    Ok(Changed::new("Service saved", row))
}
