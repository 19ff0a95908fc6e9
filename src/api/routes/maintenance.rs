//! `POST /api/maintenance/…`: upkeep of the database of events. Each is a job; what is done soon is answered at once.

use super::jobs::{JobRow, Started, started};
use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::JobRunId;
use crate::jobs::Wanted;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long an answer waits for the end of what it began.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes the database of events anew, and answers how many MB that gave back.
#[utoipa::path(
    post, path = "/maintenance/vacuum", tag = "service",
    responses(
        (status = 200, description = "Done: `result.reclaimed_mb` says how many MiB it gave back", body = Success<JobRow>),
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn vacuum(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    maintain(auth, state, fields, "maintenance.vacuum").await
}

/// Renews the statistics that the database of events plans its look-ups by.
#[utoipa::path(
    post, path = "/maintenance/analyze", tag = "service",
    responses(
        (status = 200, description = "Done", body = Success<JobRow>),
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn analyze(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    maintain(auth, state, fields, "maintenance.analyze").await
}

/// Puts all sums per group together anew from the rows.
#[utoipa::path(
    post, path = "/maintenance/rebuild-stats", tag = "service",
    responses(
        (status = 200, description = "Done", body = Success<JobRow>),
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn rebuild_stats(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    maintain(auth, state, fields, "maintenance.rebuild-stats").await
}

async fn maintain(auth: Authed<Admin>, state: AppState, fields: Fields, name: &'static str) -> ApiResult<Response> {
    fields.finish()?;
    let actor = auth.actor();
    let run = state.work(Lane::Pages, move |state| state.start_job(name, Wanted::By(actor))).await?;
    let (id, jobs) = (run.id, state.jobs.clone());
    let ended = tokio::task::spawn_blocking(move || jobs.wait(id, PATIENCE)).await.unwrap_or(false);
    if !ended { Ok(started(id)) } else { done(&state, id).await }
}

async fn done(state: &AppState, id: JobRunId) -> ApiResult<Response> {
    let run = state.work(Lane::Pages, move |state| Ok(state.control.job_run(id)?)).await?;
    let run = run.ok_or(ApiError::NotFound("the run is gone"))?;
    match &run.outcome {
        crate::control::JobOutcome::Failed(_) => Err(ApiError::internal("a maintenance job failed")),
        _ => Ok(Success::new(JobRow::of(run, &state.jobs)).into_response()),
    }
}
