//! `GET /api/retention-preview`: what a clean-up would remove.

use crate::api::envelope::Flat;
use crate::api::error::ApiResult;
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, Param, document};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::model::{DAY_MS, Timestamp};
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// The parameters of a clean-up; the bounds are those of the setting.
pub(super) const KNOWN: Known = &[&[Param::one(
    "days",
    Kind::Integer { min: 1, max: 3650 },
    "How many days to keep; the setting `log_retention_days` unless given",
)]];

/// The parameters of a clean-up, for the OpenAPI document.
pub struct RetentionParams;

impl IntoParams for RetentionParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// The end of what a clean-up removes.
pub(super) fn cutoff(now: Timestamp, days: i64) -> Timestamp {
    Timestamp(now.0.saturating_sub(days.saturating_mul(DAY_MS)))
}

/// What a clean-up would remove.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RetentionPreview {
    /// Rows that would go.
    pub delete_count: u64,
    /// Rows there are.
    pub total_count: u64,
}

/// What `POST /api/logs/clear-old` would remove now.
#[utoipa::path(
    get, path = "/retention-preview", tag = "logs", params(RetentionParams),
    responses((status = 200, description = "How many rows would go", body = Flat<RetentionPreview>), Failures)
)]
pub async fn preview(_: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Flat<RetentionPreview>> {
    let mut asked = Asked::of(&uri, KNOWN);
    let days = asked.integer("days");
    asked.finish()?;
    let cutoff = cutoff(state.clock.now(), days.unwrap_or_else(|| state.retention_days()));
    let preview = state.ask(Lane::Pages, move |store| {
        let total_count = store.stats()?.totals.measure.outcomes.total();
        Ok(RetentionPreview { delete_count: store.count_before(cutoff)?, total_count })
    });
    Ok(Flat::new(preview.await?))
}
