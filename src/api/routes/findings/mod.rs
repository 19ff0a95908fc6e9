//! `GET /api/findings`, `GET` and `PUT /api/findings/{id}`, `GET /api/findings/detectors`: what behaviour gave away.
//!
//! Findings are few, so that lists are made from all of them: each is shown through the lens first, and filters and
//! orders see what it shows.

mod change;
mod detectors;
mod list;
mod row;

pub use change::{__path_set, set};
pub use detectors::{__path_detectors, detectors};
pub use list::{__path_detail, __path_list, detail, list};
pub use row::{FindingsCount, counts};

use crate::api::error::ApiError;
use crate::model::Finding;
use crate::store::{EventStore, StoreResult};

const ABSENT: ApiError = ApiError::NotFound("there is no finding of that id");

/// The finding of a number as it stands in a path: no sign, no zeros in front.
fn number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

fn find(store: &dyn EventStore, id: u64) -> StoreResult<Option<Finding>> {
    Ok(store.findings()?.into_iter().find(|finding| finding.id == id))
}
