//! Rows whose host a lens hides, as it is the row's own client or names its user: what is asked of origins is asked of
//! what is shown, row by row, so that nobody finds a person by what is hidden from them.

use super::block::Dictionary;
use super::filter::{HiddenHosts, Resolved};
use super::page::{FrameCache, ValueCache};
use super::reader::Session;
use super::select::keep_clauses;
use super::selection::Selection;
use super::snapshot::BlockMeta;
use super::words::having;
use crate::store::StoreResult;

/// Takes out the rows that don't pass all clauses.
pub(super) fn keep(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    hosts: &HiddenHosts,
    rows: &mut Selection,
) -> StoreResult<()> {
    let doubtful = match &filter.personal {
        Some(personal) => having(session, block, Dictionary::Path, personal, rows)?,
        None => Selection::none(block.rows as usize),
    };
    keep_clauses(session, block, &filter.clauses, rows)?;
    let (mut frames, mut values) = (FrameCache::default(), ValueCache::new(session));
    for row in doubtful.iter() {
        let mut id = |dictionary| frames.id(session, block, dictionary, row);
        let client = values.get(Dictionary::Client, id(Dictionary::Client)?)?;
        let user = values.get(Dictionary::User, id(Dictionary::User)?)?;
        let origin = values.get(Dictionary::Origin, id(Dictionary::Origin)?)?;
        let shown = filter.lens.origin(&origin, &filter.lens.owner(&client, &user));
        if *shown == *origin {
            continue;
        }
        let mut passes = true;
        for (place, clause) in filter.clauses.iter().enumerate() {
            passes = passes && hosts.passes(place, clause, &shown, &mut id)?;
        }
        rows.clear(row..row + 1);
        if passes {
            rows.insert(row);
        }
    }
    Ok(())
}
