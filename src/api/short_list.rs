//! Lists that are short enough to be read whole: the part a request asks for, by number.

use super::cursor::Cursor;
use super::envelope::Listing;
use super::error::ApiResult;
use super::params::{Asked, Known, PAGING, Paging, Start, document};
use crate::control::keys::Key;
use crate::model::{Order, Position, TimeRange, Timestamp};
use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const KNOWN: Known = &[PAGING];

/// The parameters of a short list, for the OpenAPI document.
pub struct ShortListParams;

impl IntoParams for ShortListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Reads which part is asked for.
///
/// # Errors
/// What is wrong with the parameters.
pub fn asked(uri: &Uri) -> ApiResult<Paging> {
    let mut asked = Asked::of(uri, KNOWN);
    let paging = Paging::read(&mut asked);
    asked.finish().map(|()| paging)
}

/// The part asked for of `rows`, which are in the order of their numbers.
///
/// # Errors
/// When the cursor is none of this listing.
pub fn page<T>(
    rows: Vec<T>,
    number: impl Fn(&T) -> i64,
    paging: &Paging,
    (key, listing): (&Key, &str),
) -> ApiResult<Listing<T>> {
    let total = rows.len() as u64;
    let after = match &paging.start {
        Start::Top => None,
        Start::Row(id) => Some(*id),
        Start::Cursor(parameter, token) => {
            Some(Cursor::open(key, listing, parameter, token, (0, Order::Ascending, 0))?.place.id)
        }
    };
    let skip = usize::try_from(paging.offset).unwrap_or(usize::MAX);
    let behind = rows.into_iter().filter(|row| after.is_none_or(|after| number(row).unsigned_abs() > after));
    let mut behind = behind.skip(skip).peekable();
    let rows: Vec<T> = behind.by_ref().take(paging.limit).collect();
    let last = rows.last().filter(|_| behind.peek().is_some()).map(|last| number(last).unsigned_abs());
    let next = last.map(|id| {
        let position = Position { time: Timestamp(0), id };
        Cursor { place: position.into(), order: Order::Ascending, question: 0, epoch: 0, range: TimeRange::ALL }.seal(key, listing)
    });
    Ok(Listing::new(rows, total, (paging.limit, paging.offset), next.transpose()?).with_pages(paging.pages))
}
