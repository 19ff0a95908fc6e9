//! Stored rows, scored anew by the rules in force.

use super::scorer::Scorer;
use crate::format::resolve;
use crate::model::FieldSet;
use crate::store::{EventStore, Rescored, StoreResult};
use std::collections::HashMap;
use std::sync::Arc;

/// Scores every row anew; `progress` is told how many rows are done, of how many. A row whose log's format is not known to
/// this build is scored without headers. Rows that come in meanwhile are scored on their way in.
///
/// # Errors
/// When the store can't be read or written; what was done stays.
pub fn rescore(store: &dyn EventStore, scorer: &Arc<Scorer>, progress: impl Fn(u64, u64)) -> StoreResult<Rescored> {
    let total = store.stats()?.totals.measure.outcomes.total();
    let mut scores = scorer.row_scorer_always();
    let mut fields: HashMap<String, FieldSet> = HashMap::new();
    let mut all = Rescored { up_to: 0, rows: 0, changed: 0 };
    progress(0, total);
    while let Some(done) = store.rescore(all.up_to, &mut |event, out| {
        let known = match fields.get(&event.source.format) {
            Some(known) => *known,
            None => {
                let found = resolve(&event.source.format).map_or(FieldSet::default(), |format| format.fields());
                fields.insert(event.source.format.clone(), found);
                found
            }
        };
        event.scored(&mut *scores, known, out);
    })? {
        all = Rescored { up_to: done.up_to, rows: all.rows + done.rows, changed: all.changed + done.changed };
        progress(all.rows, total.max(all.rows));
    }
    Ok(all)
}
