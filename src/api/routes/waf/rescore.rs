//! `POST /api/waf/rescore`: what today's rules say of the rows that are stored.

use crate::api::audited::audited;
use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::fields::Fields;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::jobs::Progress;
use crate::scoring::rescore;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// A job that was begun.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Started {
    /// Its number: `GET /api/jobs/{id}`.
    pub job_id: u64,
}

/// Scores every stored row by the rules in force, as a job; nothing but scores changes. Rows that were stored under
/// pseudonyms are scored as they are stored.
#[utoipa::path(
    post, path = "/waf/rescore", operation_id = "waf_rescore", tag = "waf",
    responses(
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The job"))),
        Failures, BodyFailures
    )
)]
pub async fn rescore_all(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    fields.finish()?;
    let (actor, inner) = (auth.actor(), state.clone());
    let work = move |progress: &Progress| {
        let done = audited(&inner, &actor, "waf.rescore", "log", json!({}), || {
            let done = rescore(&*inner.store, &inner.scorer, |done, total| progress.set(done, total))?;
            let record = json!({ "rows": done.rows, "changed": done.changed });
            Ok((record.clone(), record))
        });
        done.map_err(|failure: ApiError| failure.to_string())
    };
    let job_id = state.jobs.start("waf.rescore", work).map_err(|busy| ApiError::Conflict(busy.to_string()))?;
    let location = [(LOCATION, format!("/api/jobs/{job_id}"))];
    Ok((StatusCode::ACCEPTED, location, Success::new(Started { job_id })).into_response())
}
