//! `/api/lists`: the lists of settings that are too long to be shown among them, entry by entry, and their import.

use crate::api::body::read;
use crate::api::cursor::{Cursor, question};
use crate::api::envelope::{Changed, Listing, Success};
use crate::api::error::{ApiError, ApiResult, Faults};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, PAGING, Paging, Param, Start, document};
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::lists::{BadLine, List};
use crate::control::settings::{ImportMode, ListImport, SettingKind, SettingSpec, SettingValue, lists};
use crate::model::{Order, Position, TimeRange, Timestamp};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// The largest file read.
const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

const KNOWN: Known = &[PAGING, &[Param::one("q", Kind::Text, "Text in an entry, without regard to ASCII case")]];
const IMPORT: Known = &[&[
    Param::one(
        "mode",
        Kind::Word(&["append", "replace"]),
        "What becomes of the entries there are; `append` unless given",
    ),
    Param::one("strict", Kind::Word(&["true", "false"]), "Whether one bad line leaves the list as it is"),
]];

/// The parameters of a list, for the OpenAPI document.
pub struct EntriesParams;

impl IntoParams for EntriesParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// The parameters of an import, for the OpenAPI document.
pub struct ImportParams;

impl IntoParams for ImportParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(IMPORT)
    }
}

/// A list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListRow {
    /// Its name, which is its setting's.
    #[schema(example = "ignored_hosts")]
    pub name: &'static str,
    /// How many entries it has.
    pub count: usize,
    /// How many it may have.
    pub max_count: usize,
    /// What it does.
    pub help: &'static str,
    /// Where it comes from: `default`, `file` (config.toml) or `database`.
    pub source: &'static str,
}

/// An entry of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryRow {
    /// An address, a network or a host.
    #[schema(example = "10.1.0.0/16")]
    pub entry: String,
    /// What it is called; null in lists without names.
    pub name: Option<String>,
}

/// The lists and how long they are.
#[utoipa::path(
    get, path = "/lists", operation_id = "lists_all", tag = "settings",
    responses((status = 200, description = "The lists", body = Success<Vec<ListRow>>), Failures)
)]
pub async fn all(_: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<Vec<ListRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let settings = state.control.settings();
    let rows = lists().map(|spec| ListRow {
        name: spec.name,
        count: if let SettingValue::List(list) = settings.value(spec) { list.len() } else { 0 },
        max_count: if let SettingKind::List { max_items, .. } = spec.kind { max_items } else { 0 },
        help: spec.help,
        source: settings.source(spec).name(),
    });
    Ok(Success::new(rows.collect()))
}

/// The entries of a list, networks by address, hosts by name. Names of clients need the scope `pii:read` while masking
/// is on.
#[utoipa::path(
    get, path = "/lists/{name}", operation_id = "lists_entries", tag = "settings",
    params(("name" = String, Path, description = "The list's name"), EntriesParams),
    responses((status = 200, description = "A page of entries", body = Listing<EntryRow>), Failures)
)]
pub async fn entries(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Listing<EntryRow>> {
    let spec = known(name)?;
    let mut asked = Asked::of(&uri, KNOWN);
    let paging = Paging::read(&mut asked);
    let q = asked.text("q").map(|text| text.to_ascii_lowercase());
    asked.finish()?;
    let settings = state.control.settings();
    let SettingValue::List(list) = settings.value(spec) else { return Err(NO_LIST) };
    if matches!(list, List::Aliases(_)) && !auth.lens.is_plain() {
        return Err(ApiError::Forbidden("the names of clients need the scope pii:read".to_owned()));
    }
    let (listing, number) = (format!("lists {}", spec.name), question(&q));
    // Places are counted, so a changed list has none in common with what it was.
    let epoch = settings.version();
    let offset = match &paging.start {
        Start::Top => paging.offset,
        Start::Row(_) => return Err(ApiError::invalid("cursor_id", "entries have no number; take a next_cursor")),
        Start::Cursor(parameter, token) => {
            let wanted = (number, Order::Ascending, epoch);
            Cursor::open(&state.cursor_key, &listing, parameter, token, wanted)?.place.id
        }
    };
    let (limit, skipped) = (paging.limit, usize::try_from(offset).unwrap_or(usize::MAX));
    let (rows, total) = state.work(Lane::Pages, move |_| Ok(page(&list, q.as_deref(), limit, skipped))).await?;
    let next = offset + rows.len() as u64;
    let next = (!rows.is_empty() && next < total).then(|| {
        let position = Position { time: Timestamp(0), id: next };
        Cursor { place: position.into(), order: Order::Ascending, question: number, epoch, range: TimeRange::ALL }
            .seal(&state.cursor_key, &listing)
    });
    Ok(Listing::new(rows, total, (limit, paging.offset), next.transpose()?).with_pages(paging.pages))
}

/// A page of the entries with a text in them, and how many those are.
fn page(list: &List, q: Option<&str>, limit: usize, skipped: usize) -> (Vec<EntryRow>, u64) {
    let matching = || list.texts().filter(|text| q.is_none_or(|q| text.to_ascii_lowercase().contains(q)));
    let total = if q.is_none() { list.len() } else { matching().count() };
    let rows = matching().skip(skipped).take(limit).map(|text| match text.split_once('=') {
        Some((entry, name)) => EntryRow { entry: entry.to_owned(), name: Some(name.to_owned()) },
        None => EntryRow { entry: text.into_owned(), name: None },
    });
    (rows.collect(), total as u64)
}

/// What came of an import.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Imported {
    /// `plain` or `hosts`.
    #[schema(example = "plain")]
    pub format: &'static str,
    /// Entries the list had not.
    pub added: usize,
    /// Aliases that have another name now.
    pub renamed: usize,
    /// Entries the list had.
    pub already_there: usize,
    /// Entries that went; only where the file replaces the list.
    pub removed: usize,
    /// Entries the list has now.
    pub total: usize,
    /// The first 100 bad lines; they were passed over.
    pub bad: Vec<BadLineRow>,
    /// How many lines are bad.
    pub bad_count: usize,
}

/// A line that holds no entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BadLineRow {
    /// Its number, 1 upwards.
    pub line: usize,
    /// Its text, at most 100 characters of it.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl From<BadLine> for BadLineRow {
    fn from(bad: BadLine) -> BadLineRow {
        BadLineRow { line: bad.line, text: bad.text, reason: bad.reason }
    }
}

impl From<ListImport> for Imported {
    fn from(report: ListImport) -> Imported {
        Imported {
            format: report.format.name(),
            added: report.added,
            renamed: report.renamed,
            already_there: report.already_there,
            removed: report.removed,
            total: report.total,
            bad: report.bad.into_iter().map(BadLineRow::from).collect(),
            bad_count: report.bad_count,
        }
    }
}

/// Takes entries from a file: one a line, or in the format of hosts(5). At most 16 MiB.
#[utoipa::path(
    post, path = "/lists/{name}/import", operation_id = "lists_import", tag = "settings",
    params(("name" = String, Path, description = "The list's name"), ImportParams),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "Imported", body = Changed<Imported>), Failures, BodyFailures)
)]
pub async fn import(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Imported>> {
    let spec = known(name)?;
    let mut asked = Asked::of(&uri, IMPORT);
    let mode = if asked.word("mode") == Some("replace") { ImportMode::Replace } else { ImportMode::Append };
    let strict = asked.word("strict") == Some("true");
    asked.finish()?;
    if !is_text(&headers) {
        return Err(ApiError::UnsupportedMediaType("text/plain"));
    }
    let bytes = read(body, MAX_FILE_BYTES).await?;
    let actor = auth.actor();
    let report = state
        .work(Lane::Pages, move |state| Ok(state.control.import_list(spec.name, &bytes, mode, strict, &actor)?))
        .await?;
    if !report.imported {
        let lines = report.bad.iter().map(|bad| format!("line {} ('{}') {}", bad.line, bad.text, bad.reason));
        let mut faults = Faults::default();
        lines.for_each(|line| faults.add("body", line));
        return Err(ApiError::Invalid(faults));
    }
    Ok(Changed::new("List imported", report.into()))
}

const NO_LIST: ApiError = ApiError::NotFound("there is no list of that name");

fn known(name: Result<Path<String>, PathRejection>) -> ApiResult<&'static SettingSpec> {
    let Path(name) = name.map_err(|_| NO_LIST)?;
    lists().find(|spec| spec.name == name).ok_or(NO_LIST)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/plain")
}
