//! `POST /api/waf/rescore`: what today's rules say of the rows that are stored.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Admin, Authed};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::jobs::{Started, started};
use crate::api::state::AppState;
use crate::jobs::Wanted;
use axum::extract::State;
use axum::response::Response;

/// Scores every stored row by the rules in force, as a job; nothing but scores changes. Rows that were stored under
/// pseudonyms are scored as they are stored.
#[utoipa::path(
    post, path = "/waf/rescore", operation_id = "waf_rescore", tag = "waf",
    responses(
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn rescore_all(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    fields.finish()?;
    let actor = auth.actor();
    let run = state.work(Lane::Pages, move |state| state.start_job("waf.rescore", Wanted::By(actor))).await?;
    Ok(started(run.id))
}
