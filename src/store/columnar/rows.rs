//! Looking at rows one by one: those of a block that pass a filter, and what is known of each.

use super::block::Dictionary;
use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::grouping::{Grouping, NO_NUMBER};
use super::reader::{Session, corrupt};
use super::select::select;
use super::selection::Selection;
use super::snapshot::BlockMeta;
use crate::model::{Outcome, TimeRange};
use crate::store::{StoreError, StoreResult};
use std::ops::Range;
use std::sync::Arc;

/// The blocks that have rows in the filter's range.
pub(super) fn touched(session: &Session<'_>, filter: &Resolved) -> Vec<Arc<BlockMeta>> {
    let touches = |block: &&Arc<BlockMeta>| block.hours.iter().any(|(hour, _)| filter.range.touches_hour(*hour));
    session.snapshot.blocks.iter().filter(touches).cloned().collect()
}

/// Rows of a block that pass a filter; `None` where there is none.
pub(super) fn passing(session: &Session<'_>, filter: &Resolved, block: &BlockMeta) -> StoreResult<Option<Selection>> {
    let rows = select(session, block, filter, TimeRange::ALL)?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// The frames, by number and rows, that have selected rows; of columns other than texts.
pub(super) fn frames(
    session: &Session<'_>,
    block: &BlockMeta,
    rows: &Selection,
) -> StoreResult<Vec<(usize, Range<usize>)>> {
    let header = session.header(block.id, Column::Time)?.ok_or(StoreError::Moved)?;
    let frames = (0..header.row_frames()).map(|frame| (frame, header.rows_in(frame)));
    Ok(frames.filter(|(_, range)| rows.count_in(range.clone()) > 0).collect())
}

/// The outcome of each code of a block's kinds.
pub(super) fn outcomes(session: &Session<'_>, cache: &FilterCache, block: &BlockMeta) -> StoreResult<Vec<Outcome>> {
    let (kinds, ids) = (cache.kinds(session)?, session.ids(block, Dictionary::Kind)?);
    let outcome = |id: &u32| kinds.get(*id as usize).and_then(Option::as_ref).map(|kind| kind.outcome);
    ids.iter().map(|id| outcome(id).ok_or_else(|| session.without_entry(block, Column::Kind))).collect()
}

/// Hands each of the rows with its group, outcome, bytes and milliseconds to `each`.
pub(super) fn each_measured(
    session: &Session<'_>,
    cache: &FilterCache,
    block: &BlockMeta,
    grouping: &Grouping,
    rows: &Selection,
    mut each: impl FnMut(usize, u32, Outcome, u64, i64),
) -> StoreResult<()> {
    let (outcomes, groups) = (outcomes(session, cache, block)?, grouping.of_block(session, block)?);
    for (frame, range) in frames(session, block, rows)? {
        let groups = groups.of_frame(session, block, frame)?;
        let kinds = session.codes(block, Column::Kind, frame)?;
        let bytes = session.ints(block, Column::Bytes, frame)?;
        let taken = session.ints(block, Column::TimeTaken, frame)?;
        if kinds.iter().any(|code| *code as usize >= outcomes.len()) {
            return Err(corrupt(block.id, Column::Kind, "a code has no id"));
        }
        rows.iter_in(range.clone()).for_each(|row| {
            let at = row - range.start;
            let number = groups.number(at);
            if number != NO_NUMBER {
                each(row, number, outcomes[kinds[at] as usize], bytes[at] as u64, taken[at]);
            }
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::ColumnarStore;
    use super::super::origin_terms::tests::CLASSIFIERS;
    use super::super::top;
    use crate::model::{
        AccessEvent, Batch, Dimension, EventFilter, FixedClock, GroupQuery, Lens, SourceName, Subject, SubjectKind,
        Target, Terms, TimeRange, Timestamp,
    };
    use crate::store::{EventSink, EventStore};
    use std::sync::Arc;

    /// Somebody is erased, and with them a kind of request, while a question is being answered.
    #[test]
    fn an_entry_that_went_meanwhile_is_no_damage() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(0)));
        let store = ColumnarStore::open(directory.path(), CLASSIFIERS, clock).unwrap();
        let mut batch = Batch::new(SourceName::default());
        for (client, method) in [("10.0.0.1", "GET"), ("10.0.0.2", "PURGE")] {
            let (c_ip, cs_method) = (client.as_bytes(), method.as_bytes());
            let event = AccessEvent { c_ip, cs_method, canonical: true, ..AccessEvent::default() };
            batch.push(&event, &Target { origin: b"http://a.example", rest: b"/", had_userinfo: false }, b"");
        }
        store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
        let user = Terms { any: Vec::new(), none: vec!["nobody".to_owned()] };
        let filter = EventFilter { user, ..EventFilter::default() };
        let query = GroupQuery { filter, ..GroupQuery::of(Dimension::Client, TimeRange::ALL, 9) };
        let (mut tries, subject) = (0, Subject::new(SubjectKind::Client, b"10.0.0.2"));
        let groups = store.ask(|session| {
            tries += 1;
            if tries == 1 {
                assert_eq!(top::groups(session, &store.filters, &query, &Lens::PLAIN)?.total, 2);
                assert_eq!(store.erase(&subject, &mut |_| {}).unwrap().rows, 1);
                assert_eq!(store.groups(&query, &Lens::PLAIN).unwrap().total, 1);
            }
            top::groups(session, &store.filters, &query, &Lens::PLAIN)
        });
        assert_eq!((groups.unwrap().total, tries, store.quarantined_blocks()), (1, 2, 0));
    }
}
