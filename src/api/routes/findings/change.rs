//! `PUT /api/findings/{id}`: somebody has looked into it.

use super::row::FindingRow;
use super::{ABSENT, find, number};
use crate::api::audited::audited;
use crate::api::envelope::Changed;
use crate::api::error::ApiResult;
use crate::api::extract::{AlertsWrite, Authed};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::model::FindingStatus;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Characters of a note.
const MOST_CHARS: usize = 500;

/// The body that says what came of looking into a finding.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingBody {
    /// `open`, or `dismissed`: it stays so while it goes on; as it is where this is not given.
    #[schema(example = "dismissed")]
    pub status: Option<String>,
    /// Why, for others: at most 500 characters on one line. Everybody who may read findings sees it, so no names in it.
    pub note: Option<String>,
}

/// Dismisses a finding or opens it again, with a note why.
#[utoipa::path(
    put, path = "/findings/{id}", operation_id = "findings_set", tag = "findings",
    params(("id" = u64, Path, description = "The finding's number")),
    request_body = FindingBody,
    responses((status = 200, description = "Noted", body = Changed<FindingRow>), Failures, BodyFailures)
)]
pub async fn set(
    auth: Authed<AlertsWrite>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    mut fields: Fields,
) -> ApiResult<Changed<FindingRow>> {
    let Path(id) = id.map_err(|_| ABSENT)?;
    let id = number(&id).ok_or(ABSENT)?;
    let status = fields.word("status", FindingStatus::named, "open or dismissed");
    let note = fields.line("note", MOST_CHARS);
    fields.finish()?;
    let (actor, lens) = (auth.actor(), auth.lens);
    let row = state.work(Lane::Pages, move |state| {
        let before = find(&*state.store, id)?.ok_or(ABSENT)?;
        let status = status.unwrap_or(before.status);
        let details = json!({ "detector": before.detector, "before": before.status.name(), "after": status.name() });
        audited(state, &actor, "findings.update", &id.to_string(), details, || {
            let note = note.unwrap_or_else(|| before.note.clone());
            if !state.store.set_finding_status(id, status, &note)? {
                return Err(ABSENT);
            }
            let after = find(&*state.store, id)?.ok_or(ABSENT)?;
            let row = FindingRow::of(&after, (&lens, &*state.people(&lens)?));
            Ok((json!({ "status": status.name() }), row))
        })
    });
    Ok(Changed::new("Finding saved", row.await?))
}
