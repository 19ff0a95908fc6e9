//! `/api/jobs`: work that goes on by itself, on a schedule or because somebody asked for it.

use crate::api::envelope::{Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, Param, document};
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::{JobOutcome, JobRun, JobRunId};
use crate::jobs::{JOBS, Job, Jobs, StartError, Wanted, job};
use crate::model::Schedule;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const NO_RUN: ApiError = ApiError::NotFound("there is no run of that number");
const NO_JOB: ApiError = ApiError::NotFound("there is no job of that name; GET /api/jobs lists them");

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobInfo {
    /// Its name.
    #[schema(example = "retention.rows")]
    pub name: &'static str,
    /// What it does.
    pub help: &'static str,
    /// When it runs by itself: a cron pattern of six fields in UTC; null for only when asked.
    #[schema(example = "0 17 3 * * *")]
    pub schedule: Option<String>,
    /// The setting that holds the schedule; null for a job that can't have one.
    pub schedule_setting: Option<&'static str>,
    /// When it runs next by itself, RFC 3339.
    pub next_run: Option<String>,
    /// Whether it runs now.
    pub running: bool,
    /// Its newest run.
    pub last_run: Option<JobRow>,
    /// When its newest run that was done ended, RFC 3339.
    pub last_success: Option<String>,
}

/// A run of a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobRow {
    /// Its number.
    pub id: i64,
    /// The job.
    #[schema(example = "waf.rescore")]
    pub name: String,
    /// Who had it run: an account's name, or `schedule`.
    pub started_by: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended.
    pub finished: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// `running`, `done`, `failed`, or `interrupted` where the process ended first.
    #[schema(example = "done")]
    pub outcome: &'static str,
    /// How far it is, while it runs.
    pub progress: Option<JobProgress>,
    /// What came of it.
    pub result: Option<Value>,
    /// Why it failed.
    pub error: Option<String>,
}

/// How far a run is; 0 of 0 before that is known.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobProgress {
    /// How much is done.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

/// A run that was begun.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Started {
    /// Its number: `GET /api/jobs/{id}`.
    pub job_id: i64,
}

/// The answer to a run that was begun.
pub(super) fn started(id: JobRunId) -> Response {
    let location = [(LOCATION, format!("/api/jobs/{}", id.0))];
    (StatusCode::ACCEPTED, location, Success::new(Started { job_id: id.0 })).into_response()
}

impl JobRow {
    pub(super) fn of(run: JobRun, jobs: &Jobs) -> JobRow {
        let progress = jobs.progress(run.id).map(|(done, total)| JobProgress { done, total });
        JobRow {
            id: run.id.0,
            name: run.job,
            started_by: run.started_by,
            started: run.started.to_rfc3339(),
            finished: run.finished.map(|at| at.to_rfc3339()),
            duration_ms: run.finished.map(|at| at.0 - run.started.0),
            outcome: run.outcome.name(),
            progress,
            result: if let JobOutcome::Done(result) = &run.outcome { Some(result.clone()) } else { None },
            error: if let JobOutcome::Failed(reason) = run.outcome { Some(reason) } else { None },
        }
    }
}

impl AppState {
    /// Begins a job by its name.
    ///
    /// # Errors
    /// 404 when there is none, 409 when it runs.
    pub(super) fn start_job(&self, name: &str, wanted: Wanted) -> ApiResult<JobRun> {
        self.jobs.start(job(name).ok_or(NO_JOB)?, wanted).map_err(|refused| match refused {
            StartError::Busy { .. } => ApiError::Conflict(refused.to_string()),
            StartError::Control(cause) => cause.into(),
        })
    }

    fn job_info(&self, job: &'static Job) -> ApiResult<JobInfo> {
        let settings = self.control.settings();
        let schedule = job.schedule.map(|setting| settings.get(setting)).filter(|pattern| !pattern.is_empty());
        let parsed = schedule.and_then(|pattern| Schedule::parse(pattern).ok());
        let (last, done) = self.control.last_job_runs(job.name)?;
        Ok(JobInfo {
            name: job.name,
            help: job.help,
            schedule: schedule.map(str::to_owned),
            schedule_setting: job.schedule.map(|setting| setting.spec.name),
            next_run: parsed.and_then(|parsed| parsed.next_after(self.clock.now())).map(|at| at.to_rfc3339()),
            running: last.as_ref().is_some_and(|run| self.jobs.progress(run.id).is_some()),
            last_run: last.map(|run| JobRow::of(run, &self.jobs)),
            last_success: done.and_then(|run| run.finished).map(|at| at.to_rfc3339()),
        })
    }
}

/// Every job: when it runs, and what came of it last.
#[utoipa::path(
    get, path = "/jobs", operation_id = "jobs_list", tag = "service",
    responses((status = 200, description = "Jobs", body = Success<Vec<JobInfo>>), Failures)
)]
pub async fn list(_: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<Vec<JobInfo>>> {
    Asked::of(&uri, &[]).finish()?;
    let jobs = state.work(Lane::Pages, |state| JOBS.iter().map(|job| state.job_info(job)).collect()).await?;
    Ok(Success::new(jobs))
}

const RUNS: Known = &[&[
    Param::one("limit", Kind::Integer { min: 1, max: 1000 }, "Most runs of a page; 100 unless given"),
    Param::one("offset", Kind::Integer { min: 0, max: 1_000_000 }, "Runs before the page; 0 unless given"),
    Param::one("name", Kind::Text, "Runs of this job alone"),
]];

/// The parameters of the history, for the OpenAPI document.
pub struct RunsParams;

impl IntoParams for RunsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(RUNS)
    }
}

/// Runs of jobs, newest first.
#[utoipa::path(
    get, path = "/jobs/runs", operation_id = "jobs_runs", tag = "service", params(RunsParams),
    responses((status = 200, description = "A page of runs", body = Listing<JobRow>), Failures)
)]
pub async fn runs(_: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<JobRow>> {
    let mut asked = Asked::of(&uri, RUNS);
    let limit = asked.integer("limit").map_or(100, |limit| limit as usize);
    let offset = asked.integer("offset").map_or(0, |offset| offset as u64);
    let name = asked.text("name");
    asked.finish()?;
    let (rows, total) = state
        .work(Lane::Pages, move |state| {
            let (runs, total) = state.control.job_runs(name.as_deref(), limit, offset)?;
            Ok((runs.into_iter().map(|run| JobRow::of(run, &state.jobs)).collect(), total))
        })
        .await?;
    Ok(Listing::new(rows, total, (limit, offset), None))
}

/// One run, and how far it is.
#[utoipa::path(
    get, path = "/jobs/{id}", operation_id = "jobs_detail", tag = "service",
    params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The run", body = Success<JobRow>), Failures)
)]
pub async fn detail(
    _: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    id: Result<Path<String>, PathRejection>,
) -> ApiResult<Success<JobRow>> {
    Asked::of(&uri, &[]).finish()?;
    let id = id.ok().and_then(|Path(id)| id.parse::<i64>().ok().filter(|number| number.to_string() == id));
    let id = JobRunId(id.ok_or(NO_RUN)?);
    let run = state.work(Lane::Pages, move |state| Ok(state.control.job_run(id)?)).await?.ok_or(NO_RUN)?;
    Ok(Success::new(JobRow::of(run, &state.jobs)))
}

/// Has a job run now.
#[utoipa::path(
    post, path = "/jobs/{name}/run", operation_id = "jobs_run", tag = "service",
    params(("name" = String, Path, description = "The job's name", example = "retention.rows")),
    responses(
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn run(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    fields: Fields,
) -> ApiResult<Response> {
    fields.finish()?;
    let Path(name) = name.map_err(|_| NO_JOB)?;
    let actor = auth.actor();
    let run = state.work(Lane::Pages, move |state| state.start_job(&name, Wanted::By(actor))).await?;
    Ok(started(run.id))
}
