//! `/api/logs` and `/api/logs/{id}`: the stored rows.

use crate::api::cursor::Cursor;
use crate::api::envelope::{Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{LogsRead, Narrowed};
use crate::api::lanes::Lane;
use crate::api::log_question::LogQuestion;
use crate::api::params::{Asked, FILTERS, Kind, Known, PAGING, Paging, Param, Start, WINDOW, document};
use crate::api::responses::Failures;
use crate::api::rows::{LogDetail, LogRow, RowSettings};
use crate::api::state::AppState;
use crate::classify::CLASSIFIERS;
use crate::model::{EventFilter, EventView, Lens, Order, Page, PageQuery, Place, RowId, Sort, TimeRange};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const LISTING: &str = "logs";
const SORTS: &[&str] =
    &["timestamp", "source_ip", "destination", "status", "bytes", "method", "host", "severity", "message"];
const SORT: &[Param] = &[
    Param::one("sort", Kind::Word(SORTS), "What rows are sorted by; `timestamp` unless given"),
    Param::one("sort_column", Kind::Word(SORTS), "The same as `sort`"),
    Param::one("order", Kind::Word(&["desc", "asc"]), "Direction; `desc` unless given"),
    Param::one("sort_direction", Kind::Word(&["desc", "asc"]), "The same as `order`"),
];
const KNOWN: Known = &[PAGING, SORT, FILTERS, WINDOW];

/// The parameters of the log, for the OpenAPI document.
pub struct ListParams;

impl IntoParams for ListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// What a request for a page of the log asks.
struct Question {
    which: LogQuestion,
    sort: Sort,
    order: Order,
    paging: Paging,
}

impl Question {
    fn read(uri: &Uri, state: &AppState, lens: &Lens) -> ApiResult<Question> {
        let mut asked = Asked::of(uri, KNOWN);
        let (sort, order) = read_order(&mut asked);
        let paging = Paging::read(&mut asked);
        let which = LogQuestion::read(&mut asked, state, lens);
        let reach = paging.offset.saturating_add(paging.limit as u64);
        if sort != Sort::Time && reach > PageQuery::MOST_SKIPPED {
            let most = PageQuery::MOST_SKIPPED;
            let field = if paging.pages.is_some() { "page" } else { "offset" };
            asked.faults.add(field, format!("rows beyond {most} in this order are reached by cursor: see next_cursor"));
        }
        asked.finish()?;
        Ok(Question { which, sort, order, paging })
    }

    /// Names filter, window and sort as written, for cursors.
    fn number(&self) -> u64 {
        self.which.number(&self.sort)
    }
}

/// Of synonyms only one is needed; the same thing said twice must be the same.
fn read_order(asked: &mut Asked) -> (Sort, Order) {
    let mut said = |name, synonym| {
        let (word, again) = (asked.word(name), asked.word(synonym));
        if word.is_some() && again.is_some() && word != again {
            asked.faults.add(synonym, format!("says something else than {name}"));
        }
        word.or(again)
    };
    let sort = match said("sort", "sort_column") {
        Some("source_ip") => Sort::Client,
        Some("destination") => Sort::Destination,
        Some("status") => Sort::Status,
        Some("bytes") => Sort::Bytes,
        Some("method") => Sort::Method,
        Some("host") => Sort::Host,
        Some("severity") => Sort::Severity,
        Some("message") => Sort::Url,
        _ => Sort::Time,
    };
    let order = if said("order", "sort_direction") == Some("asc") { Order::Ascending } else { Order::Descending };
    (sort, order)
}

/// The stored rows, filtered, newest first unless asked otherwise.
#[utoipa::path(
    get, path = "/logs", operation_id = "logs_list", tag = "logs", params(ListParams),
    responses((status = 200, description = "A page of rows", body = Listing<LogRow>), Failures)
)]
pub async fn list(
    Narrowed(auth): Narrowed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Listing<LogRow>> {
    let lens = auth.lens;
    let mut question = Question::read(&uri, &state, &lens)?;
    question.which.keep_to(&auth.principal)?;
    let after = start(&state, &mut question, &lens).await?;
    let number = question.number();
    let Question { which: LogQuestion { filter, .. }, sort, order, paging } = question;
    let everything = filter == EventFilter::default() && sort == Sort::Time;
    let lane = if everything { Lane::Pages } else { Lane::Scans };
    let range = filter.range.unwrap_or(TimeRange::ALL);
    let query = PageQuery { filter, sort, order, after, offset: paging.offset, limit: paging.limit };
    let (page, total): (Page<_>, u64) =
        state.ask(lane, move |store| Ok((store.page(&query, &lens)?, store.count(&query.filter, &lens)?))).await?;
    let cursor = |place| Cursor { place, order, question: number, epoch: lens.epoch(), range };
    let next = page.next.map(|place| cursor(place).seal(&state.cursor_key, LISTING)).transpose()?;
    let settings = RowSettings::of(&state.control.settings(), &lens);
    let rows = page.rows.iter().map(|event| LogRow::of(EventView::of(event, &lens), &settings)).collect();
    Ok(Listing::new(rows, total, (paging.limit, paging.offset), next).with_pages(paging.pages))
}

/// Where the page begins; a cursor also brings the window its walk began with.
async fn start(state: &AppState, question: &mut Question, lens: &Lens) -> ApiResult<Option<Place>> {
    match &question.paging.start {
        Start::Top => Ok(None),
        Start::Cursor(parameter, token) => {
            let wanted = (question.number(), question.order, lens.epoch());
            let cursor = Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?;
            question.which.go_on(&cursor);
            Ok(Some(cursor.place))
        }
        Start::Row(id) => {
            let id = *id;
            let row = state.ask(Lane::Pages, move |store| store.event(id)).await?;
            let row = row.filter(|row| question.which.filter.accepts_source(&row.source));
            let row = row.ok_or_else(|| ApiError::invalid("cursor_id", "there is no such row"))?;
            Ok(Some(Place::of(&row, question.sort, lens, &CLASSIFIERS)))
        }
    }
}

/// One row, its line, and why it was taken for what it was.
#[utoipa::path(
    get, path = "/logs/{id}", tag = "logs",
    params(("id" = u64, Path, description = "The row's number")),
    responses((status = 200, description = "The row", body = Success<LogDetail>), Failures)
)]
pub async fn detail(
    Narrowed(auth): Narrowed<LogsRead>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Success<LogDetail>> {
    const ABSENT: ApiError = ApiError::NotFound("there is no row of that id");
    // What does not even decode is no number either.
    let Path(id) = id.map_err(|_| ABSENT)?;
    // A number has one spelling: no sign, no zeros in front.
    let number = id.parse::<RowId>().ok().filter(|number| number.to_string() == id).ok_or(ABSENT)?;
    Asked::of(&uri, &[]).finish()?;
    let lens = auth.lens;
    let open = |name: &str| {
        let sources = auth.principal.sources.as_deref();
        sources.is_none_or(|sources| sources.iter().any(|source| source.eq_ignore_ascii_case(name)))
    };
    let event = state.ask(Lane::Pages, move |store| store.event(number)).await?;
    let event = event.filter(|event| open(&event.source.name)).ok_or(ABSENT)?;
    let settings = RowSettings::of(&state.control.settings(), &lens);
    Ok(Success::new(LogDetail::of(EventView::of(&event, &lens), &settings, &state.scorer)))
}
