//! What a pseudonym stands for: told to whoever may read personal data, or to whoever a second person lets know, and
//! only once it is on record.

use super::{reason, required, subject_kind};
use crate::api::audited::audited;
use crate::api::body::add_fields;
use crate::api::cursor::{Cursor, question};
use crate::api::envelope::{Changed, Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Anyone, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, PAGING, Paging, Param, Start, document};
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::{Approval, RevealId, RevealRequest};
use crate::model::{Order, Position, Principal, Scope, SubjectKind, TimeRange, Timestamp};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const LISTING: &str = "privacy/reveals";
const FIELDS: Known = &[&[
    Param::one("pseudonym", Kind::Text, "`c-…` or `u-…`, as rows show it"),
    Param::one("reason", Kind::Text, "Why, in 10 to 500 characters; goes into the audit log"),
]];
const KNOWN: Known = &[PAGING];

/// The parameters of the list of requests, for the OpenAPI document.
pub struct RevealsParams;

impl IntoParams for RevealsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Asks what a pseudonym stands for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealBody {
    /// `c-…` or `u-…`, as rows show it.
    #[schema(example = "c-abcdefghijkl")]
    pub pseudonym: String,
    /// Why; goes into the audit log.
    #[schema(min_length = 10, max_length = 500)]
    pub reason: String,
}

/// What a pseudonym stands for.
#[derive(Clone, Serialize, ToSchema)]
pub struct Revealed {
    /// The pseudonym.
    pub pseudonym: String,
    /// `client` or `user`.
    #[schema(example = "client")]
    pub kind: &'static str,
    /// The address or name, as logged.
    pub value: String,
}

/// A request to be told what a pseudonym stands for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealRow {
    /// Its number.
    pub id: i64,
    /// `pending` for a day, `approved` for 15 minutes, then `used` or `expired`.
    #[schema(example = "pending")]
    pub status: &'static str,
    /// The pseudonym.
    pub pseudonym: String,
    /// Why, in the requester's words.
    pub reason: String,
    /// Who asks.
    pub requested_by: String,
    /// When, RFC 3339.
    pub requested_at: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When it was approved, RFC 3339.
    pub approved_at: Option<String>,
    /// When it was answered, RFC 3339.
    pub used_at: Option<String>,
}

impl RevealRow {
    fn of(request: RevealRequest, now: Timestamp) -> RevealRow {
        RevealRow {
            id: request.id.0,
            status: request.state(now).name(),
            pseudonym: request.pseudonym,
            reason: request.reason,
            requested_by: request.requester,
            requested_at: request.at.to_rfc3339(),
            approved_by: request.approver,
            approved_at: request.approved_at.map(Timestamp::to_rfc3339),
            used_at: request.used_at.map(Timestamp::to_rfc3339),
        }
    }
}

enum Answer {
    Revealed(Revealed),
    Waits(RevealRow),
}

/// What a pseudonym stands for, audited before it is told. Without the scope `pii:read`, or where the setting
/// `gdpr_reveal_needs_approval` asks for it, the request waits for a second person (202); once approved, the same
/// request is answered, once and within 15 minutes.
#[utoipa::path(
    post, path = "/privacy/reveal", operation_id = "privacy_reveal", tag = "privacy",
    request_body = RevealBody,
    responses(
        (status = 200, description = "What it stands for", body = Success<Revealed>),
        (status = 202, description = "The request waits for a second person", body = Success<RevealRow>),
        Failures, BodyFailures
    )
)]
pub async fn reveal(
    auth: Authed<Anyone>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    Asked::of(&uri, &[]).finish()?;
    let mut asked = Asked::of(&Uri::default(), FIELDS);
    add_fields(&mut asked, &headers, body).await?;
    let (pseudonym, reason) = (required(&mut asked, "pseudonym")?, reason(&mut asked)?);
    asked.finish()?;
    let none = || ApiError::invalid("pseudonym", "must be c- or u- and 12 characters, as rows show it");
    let kind = subject_kind(&pseudonym).ok_or_else(none)?;
    let answer = state
        .work(Lane::Scans, move |state| {
            let direct = auth.principal.scopes.has(Scope::PiiRead) && !state.privacy.reveal_needs_approval();
            let request = if direct { None } else { Some(filed(state, &auth, &pseudonym, &reason)?) };
            match request {
                Some(request) if request.approved_at.is_none() => {
                    Ok(Answer::Waits(RevealRow::of(request, state.clock.now())))
                }
                approval => tell(state, &auth, kind, pseudonym, &reason, approval).map(Answer::Revealed),
            }
        })
        .await?;
    Ok(match answer {
        Answer::Revealed(revealed) => Success::new(revealed).into_response(),
        Answer::Waits(row) => (StatusCode::ACCEPTED, Success::new(row)).into_response(),
    })
}

/// The caller's request, approved or not; filed where there is none.
fn filed(state: &AppState, auth: &Authed<Anyone>, pseudonym: &str, reason: &str) -> ApiResult<RevealRequest> {
    personal(&auth.principal)?;
    let account = auth.principal.account;
    if let Some(approved) = state.control.approved_reveal(account, pseudonym)? {
        return Ok(approved);
    }
    let filed = state.control.request_reveal(&auth.actor(), account, pseudonym, reason)?;
    let full = || ApiError::Conflict("too many requests of yours wait for approval".to_owned());
    filed.ok_or_else(full)
}

/// Finds out and answers, on record. An approval is used up by it.
fn tell(
    state: &AppState,
    auth: &Authed<Anyone>,
    kind: SubjectKind,
    pseudonym: String,
    reason: &str,
    approval: Option<RevealRequest>,
) -> ApiResult<Revealed> {
    let details = json!({ "reason": reason, "request": approval.as_ref().map(|request| request.id.0) });
    audited(state, &auth.actor(), "privacy.reveal", &pseudonym, details, || {
        let found = state.store.subject(&pseudonym, kind, &state.privacy.pseudonyms())?;
        // What was stored under its pseudonym stands for nobody any more.
        let found = found.filter(|subject| subject.value() != pseudonym.as_bytes());
        let subject = found.ok_or(ApiError::NotFound("no stored client or user has that pseudonym now"))?;
        if let Some(request) = &approval
            && !state.control.use_reveal(request.id)?
        {
            return Err(ApiError::Conflict("the approval was used meanwhile".to_owned()));
        }
        let kind = match kind {
            SubjectKind::Client => "client",
            SubjectKind::User => "user",
        };
        let value = String::from_utf8_lossy(subject.value()).into_owned();
        Ok((json!({ "kind": kind }), Revealed { pseudonym: pseudonym.clone(), kind, value }))
    })
}

/// Whether somebody asks themselves: a key made for a program can't be a second person.
fn personal(principal: &Principal) -> ApiResult<()> {
    if principal.credential.is_personal() {
        return Ok(());
    }
    Err(ApiError::Forbidden("log in for this; API keys and self-signed tokens are for programs".to_owned()))
}

/// Whether a caller may decide about the requests of others, and sees them.
fn decides(principal: &Principal) -> bool {
    principal.scopes.has(Scope::Admin) || principal.scopes.has(Scope::PiiRead)
}

/// Approves somebody else's request; audited. The requester is then answered, once and within 15 minutes.
#[utoipa::path(
    post, path = "/privacy/reveal/{id}/approve", operation_id = "privacy_approve", tag = "privacy",
    params(("id" = i64, Path, description = "The request's number")),
    responses(
        (status = 200, description = "Approved", body = Changed<RevealRow>),
        (status = 409, description = "It is approved, answered or expired already"),
        Failures
    )
)]
pub async fn approve(
    auth: Authed<Anyone>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Changed<RevealRow>> {
    const ABSENT: ApiError = ApiError::NotFound("there is no request of that id");
    if !decides(&auth.principal) {
        return Err(ApiError::Forbidden("this needs the scope admin or pii:read".to_owned()));
    }
    personal(&auth.principal)?;
    Asked::of(&uri, &[]).finish()?;
    let Path(id) = id.map_err(|_| ABSENT)?;
    let number = id.parse::<i64>().ok().filter(|number| number.to_string() == id).ok_or(ABSENT)?;
    let work = state.work(Lane::Pages, move |state| {
        match state.control.approve_reveal(&auth.actor(), auth.principal.account, RevealId(number))? {
            Approval::Approved(request) => Ok(RevealRow::of(request, state.clock.now())),
            Approval::Unknown => Err(ABSENT),
            Approval::SamePerson => Err(ApiError::Forbidden("your own request needs a second person".to_owned())),
            Approval::NotPending => Err(ApiError::Conflict("it is approved, answered or expired already".to_owned())),
        }
    });
    Ok(Changed::new("Approved", work.await?))
}

/// Requests to be told what pseudonyms stand for, newest first: one's own; for whoever may decide about them,
/// everybody's.
#[utoipa::path(
    get, path = "/privacy/reveals", operation_id = "privacy_reveals", tag = "privacy", params(RevealsParams),

    responses((status = 200, description = "A page of requests", body = Listing<RevealRow>), Failures)
)]
pub async fn list(auth: Authed<Anyone>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<RevealRow>> {
    let mut asked = Asked::of(&uri, KNOWN);
    let paging = Paging::read(&mut asked);
    asked.finish()?;
    let of = (!decides(&auth.principal)).then_some(auth.principal.account);
    let number = question(&of.map(|account| account.0));
    let before = match &paging.start {
        Start::Top => None,
        Start::Row(id) => Some(*id),
        Start::Cursor(parameter, token) => {
            let wanted = (number, Order::Descending, 0);
            Some(Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?.place.id)
        }
    };
    let before = before.map(|id| RevealId(i64::try_from(id).unwrap_or(i64::MAX)));
    let (limit, offset) = (paging.limit, paging.offset);
    // One more than wanted tells whether there is a next page.
    let (mut rows, total) =
        state.work(Lane::Pages, move |state| Ok(state.control.reveals(of, before, limit + 1, offset)?)).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let position = Position { time: last.at, id: last.id.0.unsigned_abs() };
        Cursor { place: position.into(), order: Order::Descending, question: number, epoch: 0, range: TimeRange::ALL }
            .seal(&state.cursor_key, LISTING)
    });
    let now = state.clock.now();
    let rows = rows.into_iter().map(|request| RevealRow::of(request, now)).collect();
    Ok(Listing::new(rows, total, (limit, offset), next.transpose()?).with_pages(paging.pages))
}
