//! `GET /api/audit-log`: who did what, newest first; `GET /api/audit-log/verify`: whether that is what was written.

use crate::api::cursor::{Cursor, question};
use crate::api::envelope::{Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{AuditRead, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, PAGING, Paging, Param, Start, WINDOW, Window, document, terms};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::control::{AuditFilter, AuditId, AuditRow};
use crate::model::{Lens, Order, Position, TimeRange};
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const LISTING: &str = "audit-log";
const KNOWN: Known = &[
    PAGING,
    WINDOW,
    &[
        Param::filter("action", "The action, such as `logs.clear`, or all on a noun, `logs.*`; `!` negates"),
        Param::filter("username", "Who did it, without regard to case; `!` negates"),
        Param::filter("target", "What it was done to, without regard to case; `!` negates"),
        Param::one("q", Kind::Text, "Text in user, address, credential, action, target or details"),
    ],
];

/// The parameters of the audit log, for the OpenAPI document.
pub struct AuditParams;

impl IntoParams for AuditParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEntryRow {
    /// Its number; rises, never reused.
    pub id: i64,
    /// When it began, `YYYY-MM-DD HH:MM:SS` in UTC.
    pub timestamp: String,
    /// Who did it.
    pub username: String,
    /// From where; null for the machine itself.
    pub source_ip: Option<String>,
    /// What it was let in by: `password`, `API key 3`; null for the machine itself.
    pub credential: Option<String>,
    /// The HTTP method, or the command.
    pub method: String,
    /// The action, `noun.verb`.
    #[schema(example = "logs.clear")]
    pub action: String,
    /// What it was done to.
    pub target: String,
    /// How that was before and after.
    pub details: AuditDetails,
    /// How far it got: `done`, `failed`, `intent` while it is under way, `interrupted` where its end is unknown.
    #[schema(example = "done")]
    pub state: &'static str,
    /// The request, as in the server's log.
    pub request_id: Option<String>,
    /// SHA-256 of this entry and all before it, in hexadecimal. Note it elsewhere to find out later whether the whole
    /// log was put back to an older state.
    pub hash: String,
}

/// How the target was before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditDetails {
    before: Option<Value>,
    after: Option<Value>,
}

impl AuditEntryRow {
    fn of(row: AuditRow, lens: &Lens) -> AuditEntryRow {
        AuditEntryRow {
            id: row.id.0,
            timestamp: row.at.to_sql(),
            source_ip: row.source_ip_through(lens),
            target: row.target_through(lens),
            username: row.actor.username,
            credential: row.actor.credential,
            method: row.actor.method,
            action: row.action,
            details: AuditDetails { before: row.before, after: row.after },
            state: row.state.name(),
            request_id: row.actor.request_id,
            hash: row.hash.to_string(),
        }
    }
}

/// What was done, by whom, newest first.
#[utoipa::path(
    get, path = "/audit-log", operation_id = "audit_list", tag = "audit", params(AuditParams),
    responses((status = 200, description = "A page of entries", body = Listing<AuditEntryRow>), Failures)
)]
pub async fn list(
    auth: Authed<AuditRead>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Listing<AuditEntryRow>> {
    let now = state.clock.now();
    let mut asked = Asked::of(&uri, KNOWN);
    let paging = Paging::read(&mut asked);
    let window = Window::read(&mut asked, now);
    let [action, username, target] =
        ["action", "username", "target"].map(|name| terms(&mut asked, name, |text| Ok(vec![text.to_owned()])));
    let q = asked.text("q");
    asked.finish()?;
    let (lens, epoch) = (auth.lens, auth.lens.epoch());
    let number = question(&(&action, &username, &target, &q, window));
    let mut range = window.range(now);
    let before = match &paging.start {
        Start::Top => None,
        Start::Row(id) => Some(known_entry(&state, *id).await?),
        Start::Cursor(parameter, token) => {
            let wanted = (number, Order::Descending, epoch);
            let cursor = Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?;
            range = range.map(|_| cursor.range);
            Some(AuditId(cursor.place.id.cast_signed()))
        }
    };
    let (from, until) = (range.map(|range| range.from), range.map(|range| range.until));
    let filter = AuditFilter { action, username, target, from, until, q, lens };
    let (limit, offset) = (paging.limit, paging.offset);
    // One more than wanted, to know whether there are more.
    let (mut rows, total) = state
        .work(Lane::Scans, move |state| match before {
            Some(before) => Ok(state.control.audit_page_before(&filter, limit + 1, before)?),
            None => Ok(state.control.audit_page(&filter, limit + 1, offset)?),
        })
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let position = Position { time: last.at, id: last.id.0.cast_unsigned() };
        let range = range.unwrap_or(TimeRange::ALL);
        Cursor { place: position.into(), order: Order::Descending, question: number, epoch, range }.seal(&state.cursor_key, LISTING)
    });
    let rows = rows.into_iter().map(|row| AuditEntryRow::of(row, &lens)).collect();
    Ok(Listing::new(rows, total, (limit, offset), next.transpose()?).with_pages(paging.pages))
}

/// The entry a client names, if it is one of the listing.
async fn known_entry(state: &AppState, id: u64) -> ApiResult<AuditId> {
    let id = i64::try_from(id).map(AuditId);
    let known = state
        .work(Lane::Pages, move |state| match id {
            Ok(id) => Ok(state.control.has_audit_row(id)?.then_some(id)),
            Err(_) => Ok(None),
        })
        .await?;
    known.ok_or_else(|| ApiError::invalid("cursor_id", "there is no entry of that id"))
}

/// Whether the audit log is what was written.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AuditCheck {
    /// Whether every entry is as it was written and none is missing.
    pub valid: bool,
    /// How many entries the log holds; an action with a begin and an end has two.
    pub entries: u64,
    /// The first entry that was changed, put in or removed; null where there is none.
    pub first_broken_id: Option<i64>,
}

/// Checks hash and signature of every entry.
#[utoipa::path(
    get, path = "/audit-log/verify", operation_id = "audit_verify", tag = "audit",
    responses((status = 200, description = "What was found", body = Success<AuditCheck>), Failures)
)]
pub async fn verify(_: Authed<AuditRead>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<AuditCheck>> {
    Asked::of(&uri, &[]).finish()?;
    let verdict = state.work(Lane::Scans, |state| Ok(state.control.verify_audit()?)).await?;
    Ok(Success::new(AuditCheck {
        valid: verdict.valid(),
        entries: verdict.entries,
        first_broken_id: verdict.first_broken_id().map(|id| id.0),
    }))
}
