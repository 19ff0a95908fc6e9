//! `GET /api/rejects`: lines that could not be parsed, as they are or, under a masking lens, as their shape.

use crate::api::cursor::{Cursor, question};
use crate::api::envelope::Listing;
use crate::api::error::ApiResult;
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Known, PAGING, Paging, Param, Start, document, terms};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::model::{
    Lens, Order, Position, RejectCount, RejectQuery, RejectReason, RejectView, StoredReject, TimeRange, Timestamp,
};
use crate::store::{EventStore, StoreResult};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const LISTING: &str = "rejects";
const KNOWN: Known = &[
    PAGING,
    &[
        Param::filter("source", "The name of the source, without regard to case; `!` negates"),
        Param::filter("reason", "Why it was rejected, such as `bad_time`; `!` negates"),
    ],
];

/// The parameters of rejected lines, for the OpenAPI document.
pub struct RejectsParams;

impl IntoParams for RejectsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// A rejected line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RejectRow {
    /// Its number; rises in the order in which lines were stored.
    pub id: u64,
    /// The name of its source.
    pub source: String,
    /// The machine whose log it is.
    pub host: String,
    /// The format that it is not in.
    #[schema(example = "squid")]
    pub format: String,
    /// Why it was rejected.
    #[schema(example = "bad_time")]
    pub reason: &'static str,
    /// Where it begins in its content, in bytes.
    pub offset: u64,
    /// What is kept of it: the `whole` line, its `head` or its `shape`. Only whole lines can be read again.
    #[schema(example = "whole")]
    pub kept: &'static str,
    /// The line; while personal data is masked only its shape: digits as 9, letters as a and A.
    pub line: String,
    /// Whether `line` is only the shape.
    pub is_shape: bool,
}

/// How many lines of a source were rejected for a reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RejectCountRow {
    /// The source's name.
    pub source: String,
    /// The reason.
    #[schema(example = "bad_time")]
    pub reason: &'static str,
    /// Rejected lines.
    pub lines: u64,
    /// Of them, those that are kept: the rows of this list.
    pub kept: u64,
    /// Those that are only counted, as the source has as many as are kept of one.
    pub unkept: u64,
}

/// A page of the rejected lines that are kept, and how many there are by source and reason, of those asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RejectListing {
    #[serde(flatten)]
    page: Listing<RejectRow>,
    /// How many by source and reason.
    counts: Vec<RejectCountRow>,
}

impl IntoResponse for RejectListing {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl RejectRow {
    fn of(reject: &StoredReject, lens: &Lens) -> RejectRow {
        let view = RejectView::of(reject, lens);
        RejectRow {
            id: view.id,
            source: view.source.name,
            host: view.source.host,
            format: view.source.format,
            reason: view.reason.name(),
            offset: view.offset,
            kept: view.kept.name(),
            line: view.text,
            is_shape: view.is_shape,
        }
    }
}

/// Lines that could not be parsed, newest first.
#[utoipa::path(
    get, path = "/rejects", operation_id = "rejects_list", tag = "logs", params(RejectsParams),

    responses((status = 200, description = "A page of rejected lines", body = RejectListing), Failures)
)]
pub async fn list(auth: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<RejectListing> {
    let mut asked = Asked::of(&uri, KNOWN);
    let paging = Paging::read(&mut asked);
    let source = terms(&mut asked, "source", |text| Ok(vec![text.to_lowercase()]));
    let reason = terms(&mut asked, "reason", |text| reason_of(text).map(|reason| vec![reason]));
    asked.finish()?;
    let number = question(&(&source, &reason));
    let epoch = auth.lens.epoch();
    let after = match &paging.start {
        Start::Top => None,
        Start::Row(id) => Some(*id),
        Start::Cursor(parameter, token) => {
            let wanted = (number, Order::Descending, epoch);
            Some(Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?.place.id)
        }
    };
    let query = RejectQuery { source, reason, order: Order::Descending, after, limit: paging.limit };
    let offset = paging.offset;
    let (page, counts) = state.ask(Lane::Pages, move |store| page(store, query, offset)).await?;
    let next = page.1.map(|id| {
        let position = Position { time: Timestamp(0), id };
        Cursor { place: position.into(), order: Order::Descending, question: number, epoch, range: TimeRange::ALL }
            .seal(&state.cursor_key, LISTING)
    });
    let rows = page.0.iter().map(|reject| RejectRow::of(reject, &auth.lens)).collect();
    let total = counts.iter().map(|count| count.kept).sum();
    let page = Listing::new(rows, total, (paging.limit, offset), next.transpose()?).with_pages(paging.pages);
    let counts = counts.into_iter().map(|count| RejectCountRow {
        reason: count.reason.name(),
        lines: count.lines,
        kept: count.kept,
        unkept: count.unkept(),
        source: count.source,
    });
    Ok(RejectListing { page, counts: counts.collect() })
}

/// The reason of a name, or what is wrong with the name.
pub(super) fn reason_of(name: &str) -> Result<RejectReason, String> {
    RejectReason::parse(name).ok_or_else(|| {
        let names: Vec<_> = RejectReason::ALL.into_iter().map(RejectReason::name).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// Rows of a page, and where the next one begins.
type Page = (Vec<StoredReject>, Option<u64>);

/// The page `skip` lines behind where the query begins, and the counts of what it asks for.
fn page(store: &dyn EventStore, mut query: RejectQuery, mut skip: u64) -> StoreResult<(Page, Vec<RejectCount>)> {
    const MOST_SKIPPED: u64 = 1000;
    let mut counts = store.reject_counts()?;
    counts.retain(|count| query.accepts(&count.source, count.reason));
    let limit = query.limit;
    while skip > 0 {
        query.limit = skip.min(MOST_SKIPPED) as usize;
        let skipped = store.rejects(&query)?;
        skip -= query.limit as u64;
        query.after = skipped.next;
        if skipped.next.is_none() {
            return Ok(((Vec::new(), None), counts));
        }
    }
    query.limit = limit;
    let page = store.rejects(&query)?;
    Ok(((page.rows, page.next), counts))
}
