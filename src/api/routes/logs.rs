//! `/api/logs` and `/api/logs/{id}`: the stored rows.

use crate::api::cursor::{Cursor, question};
use crate::api::envelope::{Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{LogsRead, Narrowed};
use crate::api::lanes::Lane;
use crate::api::params::{
    Asked, FILTERS, Filters, Kind, Known, PAGING, Paging, Param, Start, WINDOW, Window, document,
};
use crate::api::responses::Failures;
use crate::api::rows::{LogDetail, LogRow, RowSettings};
use crate::api::state::AppState;
use crate::model::{
    EventFilter, EventView, Lens, Order, Page, PageQuery, Place, Position, RowId, Sort, Terms, TimeRange,
};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const LISTING: &str = "logs";
const SORTS: &[&str] =
    &["timestamp", "source_ip", "destination", "status", "bytes", "method", "host", "severity", "message"];
const SORT: &[Param] = &[
    Param::one("sort", Kind::Word(SORTS), "Sorting is by `timestamp`"),
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
    filter: EventFilter,
    order: Order,
    paging: Paging,
    /// Names filter and window as written, for cursors.
    number: u64,
}

impl Question {
    fn read(uri: &Uri, state: &AppState, lens: &Lens) -> ApiResult<Question> {
        let now = state.clock.now();
        let mut asked = Asked::of(uri, KNOWN);
        let order = read_order(&mut asked);
        let paging = Paging::read(&mut asked);
        let window = Window::read(&mut asked, now);
        let filter = Filters::read(&mut asked, lens);
        asked.finish()?;
        let number = question(&(&filter, window));
        Ok(Question { filter: EventFilter { range: window.range(now), ..filter }, order, paging, number })
    }
}

/// Sorting other than by time is known by name and refused; the same thing said twice must be the same.
fn read_order(asked: &mut Asked) -> Order {
    let sorts = [("sort", asked.word("sort")), ("sort_column", asked.word("sort_column"))];
    for (name, sort) in sorts {
        if sort.is_some_and(|sort| sort != "timestamp") {
            asked.faults.add(name, "sorting is by timestamp");
        }
    }
    let (order, synonym) = (asked.word("order"), asked.word("sort_direction"));
    if order.is_some() && synonym.is_some() && order != synonym {
        asked.faults.add("sort_direction", "says something else than order");
    }
    if order.or(synonym) == Some("asc") { Order::Ascending } else { Order::Descending }
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
    if let Some(sources) = &auth.principal.sources {
        question.filter.source = within(&question.filter.source, sources)?;
    }
    let after = start(&state, &mut question, &lens).await?;
    let Question { filter, order, paging, number } = question;
    let lane = if filter == EventFilter::default() { Lane::Pages } else { Lane::Scans };
    let after = after.map(Place::from);
    let query = PageQuery {
        filter: filter.clone(),
        sort: Sort::Time,
        order,
        after,
        offset: paging.offset,
        limit: paging.limit,
    };
    let counted = filter.clone();
    let (page, total): (Page<_>, u64) =
        state.ask(lane, move |store| Ok((store.page(&query, &lens)?, store.count(&counted, &lens)?))).await?;
    let range = filter.range.unwrap_or(TimeRange::ALL);
    let epoch = lens.epoch();
    let cursor = |position| Cursor { position, order, question: number, epoch, range };
    let next = page.next.and_then(|place| place.position());
    let next = next.map(|position| cursor(position).seal(&state.cursor_key, LISTING)).transpose()?;
    let settings = RowSettings::of(&state.control.settings(), &lens);
    let rows = page.rows.iter().map(|event| LogRow::of(EventView::of(event, &lens), &settings)).collect();
    Ok(Listing::new(rows, total, (paging.limit, paging.offset), next).with_pages(paging.pages))
}

/// What is asked of sources, kept to those a key is restricted to.
fn within(asked: &Terms<String>, sources: &[String]) -> ApiResult<Terms<String>> {
    let mut any = sources.to_vec();
    any.retain(|source| asked.any.is_empty() || asked.any.iter().any(|one| one.eq_ignore_ascii_case(source)));
    if any.is_empty() {
        return Err(ApiError::Forbidden("this API key is restricted to other log sources".to_owned()));
    }
    Ok(Terms { any, none: asked.none.clone() })
}

/// Where the page begins; a cursor also brings the window its walk began with.
async fn start(state: &AppState, question: &mut Question, lens: &Lens) -> ApiResult<Option<Position>> {
    match &question.paging.start {
        Start::Top => Ok(None),
        Start::Cursor(parameter, token) => {
            let wanted = (question.number, question.order, lens.epoch());
            let cursor = Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?;
            question.filter.range = question.filter.range.map(|_| cursor.range);
            Ok(Some(cursor.position))
        }
        Start::Row(id) => {
            let id = *id;
            let row = state.ask(Lane::Pages, move |store| store.event(id)).await?;
            let row = row.filter(|row| question.filter.accepts_source(&row.source));
            let row = row.ok_or_else(|| ApiError::invalid("cursor_id", "there is no such row"))?;
            Ok(Some(Position { time: row.time, id: row.id }))
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
    Ok(Success::new(LogDetail::of(EventView::of(&event, &lens), &settings)))
}
