//! Pages of rows in other orders than time. Each block says what its first rows can be at best, so that blocks are
//! looked at in that order, and no more of them than might hold rows of the page.

use super::best::{Best, Key};
use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::page::rows;
use super::parallel::over_blocks;
use super::ranks::{RankCache, Ranks};
use super::reader::{Session, corrupt};
use super::rows::{frames, passing, touched};
use super::snapshot::BlockMeta;
use super::url::by_url;
use crate::model::{Event, Lens, Order, Page, PageQuery, Place, RowId, Sort, SortValue};
use crate::store::{StoreError, StoreResult};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Blocks looked at first; then twice as many each time.
const FIRST_BLOCKS: usize = 4;

pub(super) fn page(
    session: &Session<'_>,
    filters: &FilterCache,
    ranks: &RankCache,
    query: &PageQuery,
    lens: &Lens,
) -> StoreResult<Page<Event>> {
    let filter = filters.resolve(session, &query.filter, lens)?;
    let seen_by = (lens, filters.names.classifiers());
    let mut places = match query.sort {
        // Hosts that a lens hides are in another order than those of the dictionary.
        Sort::Destination if !lens.is_plain() => {
            by_url(session, &*ranks.get(session, filters, query.sort, lens)?, &filter, query, seen_by)?
        }
        Sort::Url => by_url(session, &*ranks.get(session, filters, query.sort, lens)?, &filter, query, seen_by)?,
        Sort::Bytes => by_keys(session, &By::Bytes, &filter, query)?,
        _ => by_keys(session, &By::Rank(ranks.get(session, filters, query.sort, lens)?), &filter, query)?,
    };
    places.drain(..places.len().min(usize::try_from(query.offset).unwrap_or(usize::MAX)));
    let more = places.len() > query.limit;
    places.truncate(query.limit);
    let ids: Vec<RowId> = places.iter().map(|place| place.id).collect();
    Ok(Page { rows: scattered_rows(session, filters, &ids)?, next: places.pop().filter(|_| more) })
}

/// How many rows of an order have to be known: those of the page, those before it, and whether there are more.
pub(super) fn most(query: &PageQuery) -> usize {
    usize::try_from(query.offset).unwrap_or(usize::MAX).saturating_add(query.limit).saturating_add(1)
}

/// Looks at blocks in turns, the most promising first. What `work` finds of a block, which is told from which key on
/// nothing is wanted any more, is kept; `promise` says whether it may find anything.
pub(super) fn in_turns<V: Ord + Clone + Send + Sync>(
    session: &Session<'_>,
    mut blocks: Vec<Arc<BlockMeta>>,
    query: &PageQuery,
    promise: impl Fn(&BlockMeta, &Key<V>) -> bool,
    work: impl Fn(&Session<'_>, &BlockMeta, &mut Best<V>) -> StoreResult<()> + Sync,
) -> StoreResult<Vec<Key<V>>> {
    let most = most(query);
    let mut best: Best<V> = Best::new(query.order, most, None);
    let mut turn = FIRST_BLOCKS;
    while !blocks.is_empty() {
        let bound = best.bound().cloned();
        if let Some(bound) = &bound {
            blocks.retain(|block| promise(block, bound));
        }
        let rest = blocks.split_off(turn.min(blocks.len()));
        let in_block = |session: &Session<'_>, block: &BlockMeta| {
            let mut found = Best::new(query.order, most, bound.clone());
            work(session, block, &mut found)?;
            Ok(found.into_keys())
        };
        over_blocks(session, &blocks, in_block, |_, keys| {
            keys.into_iter().for_each(|key| best.push(key));
            Ok(ControlFlow::Continue(()))
        })?;
        blocks = rest;
        turn *= 2;
    }
    Ok(best.into_sorted())
}

/// What makes a number that rows are ordered by.
enum By {
    /// The order of a dictionary's entries.
    Rank(Arc<Ranks>),
    /// The size.
    Bytes,
}

/// The value of a dictionary entry that is gone: no living row has it.
const GONE: u64 = u64::MAX;

/// A signed number as one that orders the same.
fn ordered(number: i64) -> u64 {
    number.cast_unsigned() ^ 1 << 63
}

impl By {
    /// Ranks leave room between them, for values that are not there any more.
    fn of_rank(rank: u32) -> u64 {
        u64::from(rank) * 2 + 1
    }

    fn key(&self, place: &Place) -> StoreResult<Key<u64>> {
        let value = match (self, &place.value) {
            (By::Bytes, SortValue::Number(bytes)) => ordered(*bytes),
            (By::Bytes, SortValue::Text(_)) => {
                return Err(StoreError::Invalid("the place is one of another order".to_owned()));
            }
            (By::Rank(ranks), value) => {
                let (before, is_there) = ranks.find(value);
                if is_there { Self::of_rank(before) } else { u64::from(before) * 2 }
            }
        };
        Ok((value, place.id))
    }

    fn place(&self, (value, id): Key<u64>) -> Place {
        let value = match self {
            By::Bytes => SortValue::Number((value ^ 1 << 63).cast_signed()),
            By::Rank(ranks) => ranks.value((value / 2) as u32),
        };
        Place { value, id }
    }

    /// The least and greatest value of each frame; of all together where only that is known.
    fn bounds(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<Vec<(u64, u64)>> {
        match self {
            By::Bytes => {
                let header = session.header(block.id, Column::Bytes)?.ok_or(StoreError::Moved)?;
                let bounds = header.frames.iter().map(|frame| match (frame.least, frame.most) {
                    // Nothing is said of frames written by older versions.
                    (0, 0) => (u64::MIN, u64::MAX),
                    (least, most) => (ordered(least), ordered(most)),
                });
                Ok(bounds.collect())
            }
            By::Rank(_) => {
                let mut values = self.by_code(session, block)?;
                values.retain(|value| *value != GONE);
                let bounds = values.iter().min().zip(values.iter().max());
                Ok(bounds.map(|(least, most)| (*least, *most)).into_iter().collect())
            }
        }
    }

    /// The value of each code of a block.
    fn by_code(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<Vec<u64>> {
        let By::Rank(ranks) = self else { return Ok(Vec::new()) };
        let ids = session.ids(block, ranks.dictionary)?;
        Ok(ids.iter().map(|id| ranks.of_id(*id).map_or(GONE, Self::of_rank)).collect())
    }
}

/// The places of the first rows by a number.
fn by_keys(session: &Session<'_>, by: &By, filter: &Resolved, query: &PageQuery) -> StoreResult<Vec<Place>> {
    let after = query.after.as_ref().map(|place| by.key(place)).transpose()?;
    let behind = |key: &Key<u64>| after.is_none_or(|after| Best::compare(query.order, &after, key) == Ordering::Less);
    // A block's first row at best.
    let first = |block: &BlockMeta, bounds: (u64, u64)| match query.order {
        Order::Ascending => (bounds.0, block.first_row),
        Order::Descending => (bounds.1, block.last_row()),
    };
    // Its last row at worst.
    let last = |block: &BlockMeta, bounds: (u64, u64)| match query.order {
        Order::Ascending => (bounds.1, block.last_row()),
        Order::Descending => (bounds.0, block.first_row),
    };
    let mut promises: HashMap<u64, Key<u64>> = HashMap::new();
    let mut blocks = Vec::new();
    for block in touched(session, filter) {
        if session.is_quarantined(&block) {
            continue;
        }
        let bounds = by.bounds(session, &block)?;
        let firsts =
            bounds.iter().filter(|bounds| behind(&last(&block, **bounds))).map(|bounds| first(&block, *bounds));
        if let Some(promise) = firsts.min_by(|a, b| Best::compare(query.order, a, b)) {
            promises.insert(block.id, promise);
            blocks.push(block);
        }
    }
    blocks.sort_by(|a, b| Best::compare(query.order, &promises[&a.id], &promises[&b.id]));
    let promise =
        |block: &BlockMeta, bound: &Key<u64>| Best::compare(query.order, &promises[&block.id], bound) == Ordering::Less;
    let work = |session: &Session<'_>, block: &BlockMeta, found: &mut Best<u64>| -> StoreResult<()> {
        let Some(rows) = passing(session, filter, block)? else { return Ok(()) };
        let take = |found: &mut Best<u64>, row: usize, value: u64| {
            let key = (value, block.first_row + row as u64);
            if behind(&key) {
                found.push(key);
            }
        };
        let (bounds, by_code) = match by {
            By::Bytes => (by.bounds(session, block)?, Vec::new()),
            By::Rank(_) => (Vec::new(), by.by_code(session, block)?),
        };
        for (frame, range) in frames(session, block, &rows)? {
            match by {
                By::Bytes => {
                    if bounds.get(frame).is_some_and(|bounds| !found.wants(&first(block, *bounds))) {
                        continue;
                    }
                    let bytes = session.ints(block, Column::Bytes, frame)?;
                    rows.iter_in(range.clone()).for_each(|row| take(found, row, ordered(bytes[row - range.start])));
                }
                By::Rank(ranks) => {
                    let column = ranks.dictionary.column();
                    let codes = session.codes(block, column, frame)?;
                    for row in rows.iter_in(range.clone()) {
                        let value = by_code.get(codes[row - range.start] as usize);
                        match *value.ok_or_else(|| corrupt(block.id, column, "a code has no id"))? {
                            GONE => {}
                            value => take(found, row, value),
                        }
                    }
                }
            }
        }
        Ok(())
    };
    let keys = in_turns(session, blocks, query, promise, work)?;
    Ok(keys.into_iter().map(|key| by.place(key)).collect())
}

/// Rows from all over, in the order given: those of a block are read together.
fn scattered_rows(session: &Session<'_>, filters: &FilterCache, ids: &[RowId]) -> StoreResult<Vec<Event>> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let blocks = sorted.iter().map(|id| session.snapshot.block_of(*id).cloned().ok_or(StoreError::Moved));
    let mut blocks = blocks.collect::<StoreResult<Vec<Arc<BlockMeta>>>>()?;
    blocks.dedup_by_key(|block| block.id);
    let in_block = |session: &Session<'_>, block: &BlockMeta| {
        let first = sorted.partition_point(|id| *id < block.first_row);
        let end = sorted.partition_point(|id| *id <= block.last_row());
        rows(session, filters, &sorted[first..end])
    };
    let mut events: HashMap<RowId, Event> = HashMap::with_capacity(ids.len());
    over_blocks(session, &blocks, in_block, |_, rows| {
        events.extend(rows.into_iter().map(|row| (row.id, row)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(ids.iter().filter_map(|id| events.remove(id)).collect())
}
