//! `GET /api/audit-log`: who did what, newest first.

use crate::api::cursor::{Cursor, question};
use crate::api::envelope::Listing;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{AuditRead, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, PAGING, Paging, Param, Start, WINDOW, Window, document};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::control::{AuditFilter, AuditRow, ControlDb};
use crate::model::{Order, Position, TimeRange};
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
        Param::one("action", Kind::Text, "The action, such as `logs.clear`"),
        Param::one("username", Kind::Text, "Who did it"),
        Param::one("target", Kind::Text, "What it was done to"),
        Param::one("q", Kind::Text, "Text in user, address, action, target or details"),
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
    /// Chains the entries; null while they are not chained.
    pub hash: Option<String>,
}

/// How the target was before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditDetails {
    before: Option<Value>,
    after: Option<Value>,
}

impl From<AuditRow> for AuditEntryRow {
    fn from(row: AuditRow) -> AuditEntryRow {
        AuditEntryRow {
            id: row.id.0,
            timestamp: row.at.to_sql(),
            username: row.actor.username,
            source_ip: row.actor.source_ip.map(|ip| ip.to_string()),
            method: row.actor.method,
            action: row.action,
            target: row.target,
            details: AuditDetails { before: row.before, after: row.after },
            state: row.state.name(),
            request_id: row.actor.request_id,
            hash: None,
        }
    }
}

/// What was done, by whom, newest first.
#[utoipa::path(
    get, path = "/audit-log", operation_id = "audit_list", tag = "audit", params(AuditParams),
    responses((status = 200, description = "A page of entries", body = Listing<AuditEntryRow>), Failures)
)]
pub async fn list(_: Authed<AuditRead>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<AuditEntryRow>> {
    let now = state.clock.now();
    let mut asked = Asked::of(&uri, KNOWN);
    let paging = Paging::read(&mut asked);
    let window = Window::read(&mut asked, now);
    let texts = ["action", "username", "target", "q"].map(|name| asked.text(name));
    asked.finish()?;
    let number = question(&(&texts, window));
    let mut range = window.range(now);
    let after = match &paging.start {
        Start::Top => None,
        Start::Row(id) => Some(i64::try_from(*id).unwrap_or(i64::MAX)),
        Start::Cursor(parameter, token) => {
            let wanted = (number, Order::Descending, 0);
            let cursor = Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?;
            range = range.map(|_| cursor.range);
            Some(i64::try_from(cursor.position.id).unwrap_or(i64::MAX))
        }
    };
    let [action, username, target, q] = texts;
    let (from, until) = (range.map(|range| range.from), range.map(|range| range.until));
    let filter = AuditFilter { action, username, target, from, until, q };
    let (limit, offset) = (paging.limit, paging.offset);
    let (rows, total, more) =
        state.work(Lane::Pages, move |state| page(&state.control, &filter, after, limit, offset)).await?;
    let next = rows.last().filter(|_| more).map(|last| {
        let position = Position { time: last.at, id: last.id.0.unsigned_abs() };
        let range = range.unwrap_or(TimeRange::ALL);
        Cursor { position, order: Order::Descending, question: number, epoch: 0, range }
            .seal(&state.cursor_key, LISTING)
    });
    let rows = rows.into_iter().map(AuditEntryRow::from).collect();
    Ok(Listing::new(rows, total, (limit, offset), next.transpose()?).with_pages(paging.pages))
}

/// A page behind the entry `after`: its rows, how many match in all, and whether there are more.
fn page(
    control: &ControlDb,
    filter: &AuditFilter,
    after: Option<i64>,
    limit: usize,
    offset: u64,
) -> ApiResult<(Vec<AuditRow>, u64, bool)> {
    let skip = match after {
        Some(after) => entries_from(control, filter, after)?,
        None => offset,
    };
    let (rows, total) = control.audit_page(filter, limit, skip)?;
    let more = skip + (rows.len() as u64) < total;
    Ok((rows, total, more))
}

/// How many matching entries are not older than entry `id`: numbers fall along the listing, so it is bisected.
fn entries_from(control: &ControlDb, filter: &AuditFilter, id: i64) -> Result<u64, ApiError> {
    let (_, total) = control.audit_page(filter, 0, 0)?;
    let (mut low, mut high) = (0, total);
    while low < high {
        let middle = low + (high - low) / 2;
        match control.audit_page(filter, 1, middle)?.0.first() {
            Some(row) if row.id.0 >= id => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
