//! `/api/jobs`: work that goes on after its request was answered.

use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::jobs::{Outcome, Run};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

const NO_JOB: ApiError = ApiError::NotFound("there is no job of that number");

/// A run of a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobRow {
    /// Its number.
    pub id: u64,
    /// What is done.
    #[schema(example = "waf.rescore")]
    pub name: &'static str,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended.
    pub finished: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// `running`, `done` or `failed`.
    #[schema(example = "done")]
    pub outcome: &'static str,
    /// How far it is.
    pub progress: JobProgress,
    /// What came of it.
    pub result: Option<Value>,
    /// Why it failed.
    pub error: Option<String>,
}

/// How far a job is; 0 of 0 before that is known.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobProgress {
    /// How much is done.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

impl JobRow {
    fn of(run: Run) -> JobRow {
        let (done, total) = run.progress();
        let (outcome, result, error) = match run.outcome {
            Outcome::Running => ("running", None, None),
            Outcome::Done(result) => ("done", Some(result), None),
            Outcome::Failed(reason) => ("failed", None, Some(reason)),
        };
        JobRow {
            id: run.id,
            name: run.name,
            started: run.started.to_rfc3339(),
            finished: run.finished.map(|at| at.to_rfc3339()),
            duration_ms: run.finished.map(|at| at.0 - run.started.0),
            outcome,
            progress: JobProgress { done, total },
            result,
            error,
        }
    }
}

/// Jobs since the server was started, newest first.
#[utoipa::path(
    get, path = "/jobs", operation_id = "jobs_list", tag = "service",
    responses((status = 200, description = "Jobs", body = Success<Vec<JobRow>>), Failures)
)]
pub async fn list(_auth: Authed<Admin>, State(state): State<AppState>) -> ApiResult<Success<Vec<JobRow>>> {
    Ok(Success::new(state.jobs.runs().into_iter().map(JobRow::of).collect()))
}

/// One job, and how far it is.
#[utoipa::path(
    get, path = "/jobs/{id}", operation_id = "jobs_detail", tag = "service",
    params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The job", body = Success<JobRow>), Failures)
)]
pub async fn detail(
    _auth: Authed<Admin>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> ApiResult<Success<JobRow>> {
    let id = id.ok().and_then(|Path(id)| id.parse::<u64>().ok().filter(|number| number.to_string() == id));
    let run = id.and_then(|id| state.jobs.run(id)).ok_or(NO_JOB)?;
    Ok(Success::new(JobRow::of(run)))
}
