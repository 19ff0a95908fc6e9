//! `GET /api/version` and `/api/check-update`: which Tidegate this is, and whether there is a newer one.

use crate::api::envelope::{Flat, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Anyone, Authed, NoParams};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::update::Known;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether there is a newer Tidegate, as far as the operator had that asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UpdateState {
    /// Whether there is.
    pub update_available: bool,
    /// What runs.
    #[schema(example = "0.1.0")]
    pub current_version: &'static str,
    /// The newest release; null where nobody was asked, or nobody answered.
    pub latest_version: Option<String>,
    /// Where it is to be had.
    pub download_url: Option<String>,
    /// What is new in it.
    pub release_notes: Option<String>,
    /// When that was found out.
    #[schema(format = DateTime)]
    pub checked_at: Option<String>,
}

impl UpdateState {
    fn of(known: Option<Known>) -> UpdateState {
        UpdateState {
            update_available: known.as_ref().is_some_and(|known| known.is_newer_than(VERSION)),
            current_version: VERSION,
            latest_version: known.as_ref().map(|known| known.release.version.to_string()),
            checked_at: known.as_ref().map(|known| known.checked_at.to_rfc3339()),
            download_url: known.as_ref().and_then(|known| known.release.url.clone()),
            release_notes: known.and_then(|known| known.release.notes),
        }
    }
}

/// Which Tidegate this is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// Always `tidegate`.
    pub name: &'static str,
    /// What runs.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// What is known of newer ones.
    #[serde(flatten)]
    pub update: UpdateState,
}

/// Which Tidegate this is, and what is known of newer ones. Asks nobody.
#[utoipa::path(
    get, path = "/version", operation_id = "version", tag = "service",
    responses((status = 200, description = "The version", body = Success<Version>), Failures)
)]
pub async fn version(_: Authed<Anyone>, State(state): State<AppState>, _: NoParams) -> ApiResult<Success<Version>> {
    // Somebody may be asking, and wait for an answer.
    let updates = Arc::clone(&state.updates);
    let known = tokio::task::spawn_blocking(move || updates.known()).await.map_err(ApiError::internal)?;
    Ok(Success::new(Version { name: env!("CARGO_PKG_NAME"), version: VERSION, update: UpdateState::of(known) }))
}

/// Whether there is a newer Tidegate. Asks where `[updates] url` of config.toml says, once a day; nowhere without.
#[utoipa::path(
    get, path = "/check-update", operation_id = "check_update", tag = "service",
    responses((status = 200, description = "What is known", body = Flat<UpdateState>), Failures)
)]
pub async fn check(_: Authed<Anyone>, State(state): State<AppState>, _: NoParams) -> ApiResult<Flat<UpdateState>> {
    let updates = Arc::clone(&state.updates);
    // Outside the lanes: waiting for somebody else's server must not hold up questions.
    let known = tokio::task::spawn_blocking(move || updates.check()).await.map_err(ApiError::internal)?;
    Ok(Flat::new(UpdateState::of(known)))
}
