//! Pages of rows in time order, and single rows. Hours are visited in order; where an offset covers a whole hour,
//! its row count is enough.

use super::block::{Dictionary, cs_bytes};
use super::column::{Column, Values};
use super::filter::{FilterCache, Resolved, scan};
use super::reader::{Session, corrupt};
use super::snapshot::{BlockMeta, Snapshot};
use crate::model::{
    ClientIp, Event, Lens, Order, Page, PageQuery, Place, Position, RowId, SourceName, TimeRange, Timestamp, Url,
    Username,
};
use crate::store::{StoreError, StoreResult};
use std::collections::HashMap;

pub(super) fn page(
    session: &Session<'_>,
    cache: &FilterCache,
    query: &PageQuery,
    lens: &Lens,
) -> StoreResult<Page<Event>> {
    let filter = cache.resolve(session, &query.filter, lens)?;
    let (positions, more) = positions(session, &filter, query)?;
    let next = if more { positions.last().copied().map(Place::from) } else { None };
    let rows = rows(session, cache, &positions.iter().map(|position| position.id).collect::<Vec<_>>())?;
    Ok(Page { rows, next })
}

/// The places of the rows of a page, in order, and whether there are more behind them.
fn positions(session: &Session<'_>, filter: &Resolved, query: &PageQuery) -> StoreResult<(Vec<Position>, bool)> {
    let snapshot = &session.snapshot;
    let range = after_bound(filter.range, query);
    let mut skip = query.offset;
    let mut found: Vec<Position> = Vec::new();
    let mut in_hour: Vec<Position> = Vec::new();
    let mut visit = |hour: i64, blocks: &[(u32, u32)]| -> StoreResult<bool> {
        let whole = filter.is_time_only() && range.contains_hour(hour) && !touches_cursor(query, hour);
        let rows = Snapshot::rows_in_hour(blocks);
        if whole && rows <= skip {
            skip -= rows;
            return Ok(false);
        }
        in_hour.clear();
        let bounds = TimeRange::of_hour(hour);
        let bounds = TimeRange { from: bounds.from.max(range.from), until: bounds.until.min(range.until) };
        for (index, _) in blocks {
            let block = &snapshot.blocks[*index as usize];
            scan(session, block, filter, bounds, |row, time| {
                let position = Position { time, id: block.first_row + u64::from(row) };
                if behind(query, position) {
                    in_hour.push(position);
                }
            })?;
            // Only the first of an hour are wanted, however many rows it has.
            let most = usize::try_from(skip).unwrap_or(usize::MAX).saturating_add(query.limit + 1);
            if in_hour.len() / 2 >= most && in_hour.len() > KEPT_POSITIONS {
                keep_first(&mut in_hour, most, query.order);
            }
        }
        let wanted = query.limit + 1 - found.len().min(query.limit + 1);
        let most = usize::try_from(skip).unwrap_or(usize::MAX).saturating_add(wanted);
        if (in_hour.len() as u64) <= skip {
            skip -= in_hour.len() as u64;
            return Ok(false);
        }
        keep_first(&mut in_hour, most, query.order);
        match query.order {
            Order::Descending => in_hour.sort_unstable_by(|a, b| b.cmp(a)),
            Order::Ascending => in_hour.sort_unstable(),
        }
        found.extend(&in_hour[skip as usize..]);
        skip = 0;
        Ok(found.len() > query.limit)
    };
    let hours = snapshot.hours_in(range);
    match query.order {
        Order::Descending => visit_until(hours.rev(), &mut visit)?,
        Order::Ascending => visit_until(hours, &mut visit)?,
    }
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    Ok((found, more))
}

/// Positions of an hour are thinned out only beyond this many.
const KEPT_POSITIONS: usize = 65_536;

/// Drops all but the first `most`, in no order.
fn keep_first(positions: &mut Vec<Position>, most: usize, order: Order) {
    if most == 0 || most >= positions.len() {
        return;
    }
    match order {
        Order::Descending => positions.select_nth_unstable_by(most - 1, |a, b| b.cmp(a)),
        Order::Ascending => positions.select_nth_unstable(most - 1),
    };
    positions.truncate(most);
}

fn visit_until<'h>(
    hours: impl Iterator<Item = (i64, &'h Vec<(u32, u32)>)>,
    visit: &mut impl FnMut(i64, &[(u32, u32)]) -> StoreResult<bool>,
) -> StoreResult<()> {
    for (hour, blocks) in hours {
        if visit(hour, blocks)? {
            break;
        }
    }
    Ok(())
}

/// The filter's range, narrowed by the place to start behind.
fn after_bound(range: TimeRange, query: &PageQuery) -> TimeRange {
    match (after(query), query.order) {
        (None, _) => range,
        (Some(after), Order::Descending) => {
            TimeRange { until: range.until.min(Timestamp(after.time.0.saturating_add(1))), ..range }
        }
        (Some(after), Order::Ascending) => TimeRange { from: range.from.max(after.time), ..range },
    }
}

fn after(query: &PageQuery) -> Option<Position> {
    query.after.as_ref().and_then(Place::position)
}

fn touches_cursor(query: &PageQuery, hour: i64) -> bool {
    after(query).is_some_and(|after| after.time.hour() == hour)
}

fn behind(query: &PageQuery, position: Position) -> bool {
    match (after(query), query.order) {
        (None, _) => true,
        (Some(after), Order::Descending) => position < after,
        (Some(after), Order::Ascending) => position > after,
    }
}

/// One row; `None` when it is gone or never was.
pub(super) fn event(session: &Session<'_>, cache: &FilterCache, id: RowId) -> StoreResult<Option<Event>> {
    let Some(block) = session.snapshot.block_of(id) else { return Ok(None) };
    if session.is_quarantined(block) || !is_alive(session, block, (id - block.first_row) as usize)? {
        return Ok(None);
    }
    Ok(rows(session, cache, &[id])?.pop())
}

/// Whether a row is neither too old nor erased.
fn is_alive(session: &Session<'_>, block: &BlockMeta, row: usize) -> StoreResult<bool> {
    let mut frames = FrameCache::default();
    if frames.int(session, block, Column::Time, row)? < block.alive_from.0 {
        return Ok(false);
    }
    let erasing = &session.snapshot.erasing;
    for (dictionary, unwanted) in [(Dictionary::Client, &erasing.clients), (Dictionary::User, &erasing.users)] {
        if !unwanted.is_empty() {
            let code = frames.code(session, block, dictionary.column(), row)?;
            if session.ids(block, dictionary)?.get(code as usize).is_some_and(|id| unwanted.contains(*id)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Rows by number, in the order given.
pub(super) fn rows(session: &Session<'_>, cache: &FilterCache, ids: &[RowId]) -> StoreResult<Vec<Event>> {
    let kinds = cache.kinds(session)?;
    let mut values = ValueCache { session, values: HashMap::new(), sources: HashMap::new() };
    let mut rows = Vec::with_capacity(ids.len());
    let mut frames = FrameCache::default();
    for id in ids {
        let block = session.snapshot.block_of(*id).ok_or(StoreError::Moved)?;
        let row = (id - block.first_row) as usize;
        let mut code = |dictionary: Dictionary| -> StoreResult<u32> {
            let code = frames.code(session, block, dictionary.column(), row)?;
            let ids = session.ids(block, dictionary)?;
            ids.get(code as usize).copied().ok_or_else(|| corrupt(block.id, dictionary.column(), "a code has no id"))
        };
        let kind = code(Dictionary::Kind)?;
        let kind = kinds.get(kind as usize).and_then(Option::as_ref).ok_or(StoreError::Moved)?;
        let (client, user, origin) = (code(Dictionary::Client)?, code(Dictionary::User)?, code(Dictionary::Origin)?);
        let (peer, agent, source) = (code(Dictionary::Peer)?, code(Dictionary::Agent)?, code(Dictionary::Source)?);
        rows.push(Event {
            id: *id,
            time: Timestamp(frames.int(session, block, Column::Time, row)?),
            time_taken_ms: frames.int(session, block, Column::TimeTaken, row)?,
            c_ip: ClientIp::new(values.get(Dictionary::Client, client)?),
            cs_username: Username::new(values.get(Dictionary::User, user)?),
            cs_method: kind.method.clone(),
            origin: values.get(Dictionary::Origin, origin)?,
            rest: Url::new(frames.text(session, block, Column::Rest, row)?),
            sc_status: kind.status,
            sc_bytes: frames.int(session, block, Column::Bytes, row)? as u64,
            cs_bytes: frames.cs_bytes(session, block, row)?,
            result: kind.result.clone(),
            hierarchy: kind.hierarchy.clone(),
            peer: values.get(Dictionary::Peer, peer)?,
            content_type: kind.content_type.clone(),
            user_agent: values.get(Dictionary::Agent, agent)?,
            referer: Url::new(frames.optional_text(session, block, Column::Referer, row)?),
            source: values.source(source)?,
            extra: Url::new(frames.optional_text(session, block, Column::Extra, row)?),
            raw: frames.sparse(session, block, row)?.map(Url::new),
        });
    }
    Ok(rows)
}

/// The frame used last of each column: neighbours in a page mostly share it.
#[derive(Default)]
pub(super) struct FrameCache {
    last: HashMap<Column, (u64, std::ops::Range<usize>, Values)>,
}

impl FrameCache {
    /// The frame that holds a row, and the row's place in it.
    fn frame(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        column: Column,
        row: usize,
    ) -> StoreResult<(Values, usize)> {
        if let Some((id, rows, values)) = self.last.get(&column)
            && *id == block.id
            && rows.contains(&row)
        {
            return Ok((values.clone(), row - rows.start));
        }
        let header = session.header(block.id, column)?.ok_or(StoreError::Moved)?;
        let frame = header.frame_of(row);
        let values = session.frame(block, column, frame)?;
        let rows = header.rows_in(frame);
        self.last.insert(column, (block.id, rows.clone(), values.clone()));
        Ok((values, row.saturating_sub(rows.start)))
    }

    fn int(&mut self, session: &Session<'_>, block: &BlockMeta, column: Column, row: usize) -> StoreResult<i64> {
        match self.frame(session, block, column, row)? {
            (Values::Ints(values), at) if at < values.len() => Ok(values[at]),
            _ => Err(corrupt(block.id, column, "a row is missing")),
        }
    }

    /// Bytes from the client, where the row says so.
    pub(super) fn cs_bytes(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        row: usize,
    ) -> StoreResult<Option<u64>> {
        if session.header(block.id, Column::CsBytes)?.is_none() {
            return Ok(None);
        }
        Ok(cs_bytes(self.int(session, block, Column::CsBytes, row)?))
    }

    fn code(&mut self, session: &Session<'_>, block: &BlockMeta, column: Column, row: usize) -> StoreResult<u32> {
        match self.frame(session, block, column, row)? {
            (Values::Codes(codes), at) if at < codes.len() => Ok(codes[at]),
            _ => Err(corrupt(block.id, column, "a row is missing")),
        }
    }

    pub(super) fn text(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        column: Column,
        row: usize,
    ) -> StoreResult<Box<[u8]>> {
        match self.frame(session, block, column, row)? {
            (Values::Texts(texts), at) if at < texts.ends.len() => Ok(texts.get(at).into()),
            _ => Err(corrupt(block.id, column, "a row is missing")),
        }
    }

    fn optional_text(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        column: Column,
        row: usize,
    ) -> StoreResult<Box<[u8]>> {
        if session.header(block.id, column)?.is_none() {
            Ok(Box::default())
        } else {
            self.text(session, block, column, row)
        }
    }

    /// The line kept beside a row, if any.
    fn sparse(&mut self, session: &Session<'_>, block: &BlockMeta, row: usize) -> StoreResult<Option<Box<[u8]>>> {
        if session.header(block.id, Column::Raw)?.is_none() {
            return Ok(None);
        }
        let frame = match self.last.get(&Column::Raw) {
            Some((id, _, values)) if *id == block.id => values.clone(),
            _ => session.frame(block, Column::Raw, 0)?,
        };
        self.last.insert(Column::Raw, (block.id, 0..block.rows as usize, frame.clone()));
        let Values::Sparse(rows, texts) = frame else {
            return Err(corrupt(block.id, Column::Raw, "a frame is not of its column's kind"));
        };
        Ok(rows.binary_search(&(row as u32)).ok().map(|at| texts.get(at).into()))
    }
}

/// Dictionary values already looked up for this page.
struct ValueCache<'s> {
    session: &'s Session<'s>,
    values: HashMap<(Dictionary, u32), Box<[u8]>>,
    sources: HashMap<u32, SourceName>,
}

impl ValueCache<'_> {
    fn get(&mut self, dictionary: Dictionary, id: u32) -> StoreResult<Box<[u8]>> {
        if let Some(value) = self.values.get(&(dictionary, id)) {
            return Ok(value.clone());
        }
        let value = self.session.value(dictionary, id)?;
        self.values.insert((dictionary, id), value.clone());
        Ok(value)
    }

    fn source(&mut self, id: u32) -> StoreResult<SourceName> {
        if let Some(source) = self.sources.get(&id) {
            return Ok(source.clone());
        }
        let source = self.session.source(id)?;
        self.sources.insert(id, source.clone());
        Ok(source)
    }
}
