//! `POST /api/logs/clear` and `/api/logs/clear-old`: events go, the audit log stays.

use crate::api::audited::audited;
use crate::api::body::add_fields;
use crate::api::envelope::Done;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsPurge};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::retention::{KNOWN, RetentionParams, cutoff};
use crate::api::state::AppState;
use crate::jobs::{self, Progress};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use serde_json::{Value, json};

/// Removes every event and everything derived from them.
#[utoipa::path(
    post, path = "/logs/clear", tag = "logs",
    responses((status = 200, description = "Cleared", body = Done), Failures, BodyFailures)
)]
pub async fn clear(
    auth: Authed<LogsPurge>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Done> {
    // A body that says what to clear must not clear everything.
    let mut asked = Asked::of(&uri, &[]);
    add_fields(&mut asked, &headers, body).await?;
    asked.finish()?;
    let actor = auth.actor();
    let deleted = state
        .work(Lane::Clearing, move |state| {
            let before = json!({ "total_count": state.store.stats()?.totals.measure.outcomes.total() });
            audited(state, &actor, "logs.clear", "events", before, || recorded(state.store.clear()?))
        })
        .await?;
    Ok(Done::deleted("All logs cleared", deleted))
}

/// Removes the events older than a number of days, by whole hours; where the setting `archive_enabled` says so, once they
/// are in an archive.
#[utoipa::path(
    post, path = "/logs/clear-old", tag = "logs", params(RetentionParams),
    request_body(content = Option<RetentionBody>, description = "`days`, unless it is in the query"),
    responses(
        (status = 200, description = "Cleared", body = Done),
        (status = 409, description = "What is to go can't be archived now; nothing was removed", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn clear_old(
    auth: Authed<LogsPurge>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Done> {
    let mut asked = Asked::of(&uri, KNOWN);
    add_fields(&mut asked, &headers, body).await?;
    let days = asked.integer("days");
    asked.finish()?;
    let actor = auth.actor();
    let deleted = state
        .work(Lane::Clearing, move |state| {
            let days = days.unwrap_or_else(|| state.retention_days());
            let cutoff = cutoff(state.clock.now(), days);
            let before = json!({ "days": days, "cutoff": cutoff.to_rfc3339() });
            audited(state, &actor, "logs.clear_old", "events", before, || {
                let cleared = jobs::clear_old(state.jobs.context(), cutoff, &Progress::default())?;
                Ok((cleared.to_json(), cleared.deleted))
            })
        })
        .await?;
    Ok(Done::deleted("Cleared old logs", deleted))
}

/// The body of a clean-up.
#[derive(Clone, Copy, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct RetentionBody {
    /// How many days to keep; the setting `log_retention_days` unless given.
    #[schema(minimum = 1, maximum = 3650)]
    pub days: Option<i64>,
}

/// How many rows went, for the record and for the answer.
fn recorded(deleted: u64) -> ApiResult<(Value, u64)> {
    Ok((json!({ "deleted": deleted }), deleted))
}
