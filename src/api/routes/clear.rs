//! `POST /api/logs/clear` and `/api/logs/clear-old`: events go, the audit log stays.
//!
//! The events are in one database, the audit log in another: intent, act, outcome. Without an intent on record nothing
//! is cleared. The three steps are one piece of blocking work, so that a client that goes away doesn't leave them
//! half done.

use crate::api::body::add_fields;
use crate::api::envelope::Done;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsPurge};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::retention::{KNOWN, RetentionParams, cutoff};
use crate::api::state::AppState;
use crate::control::Actor;
use crate::store::{EventStore, StoreResult};
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
        .work(Lane::Scans, move |state| {
            let before = json!({ "total_count": state.store.stats()?.measure.outcomes.total() });
            audited(state, &actor, "logs.clear", before, |store| store.clear())
        })
        .await?;
    Ok(Done::deleted("All logs cleared", deleted))
}

/// Removes the events older than a number of days, by whole hours.
#[utoipa::path(
    post, path = "/logs/clear-old", tag = "logs", params(RetentionParams),
    request_body(content = Option<RetentionBody>, description = "`days`, unless it is in the query"),
    responses((status = 200, description = "Cleared", body = Done), Failures, BodyFailures)
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
        .work(Lane::Scans, move |state| {
            let days = days.unwrap_or_else(|| state.retention_days());
            let cutoff = cutoff(state.clock.now(), days);
            let before = json!({ "days": days, "cutoff": cutoff.to_rfc3339() });
            audited(state, &actor, "logs.clear_old", before, |store| store.clear_before(cutoff))
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

/// Intent, act, outcome. When the outcome can't be recorded, the intent stays open and says that its end is unknown.
fn audited(
    state: &AppState,
    actor: &Actor,
    action: &'static str,
    before: Value,
    act: impl FnOnce(&dyn EventStore) -> StoreResult<u64>,
) -> ApiResult<u64> {
    let intent = state.control.intent(actor, action, "events", Some(before))?;
    match act(&*state.store) {
        Ok(deleted) => {
            state.control.complete(intent, Some(json!({ "deleted": deleted })))?;
            Ok(deleted)
        }
        Err(failure) => {
            let failure = ApiError::from(failure);
            let reason = failure.kind().1;
            if let Err(cause) = state.control.fail(intent, reason) {
                tracing::error!(%cause, "the outcome of a clean-up was not recorded; its intent stays open");
            }
            Err(failure)
        }
    }
}
