//! Pages of rows, rows as they arrived, and single rows, put together from all columns. Which rows a page in time order
//! has: [`super::listing`].

use super::block::{Dictionary, cs_bytes};
use super::column::{Column, Values};
use super::filter::FilterCache;
use super::listing;
use super::parallel::over_blocks;
use super::reader::{Session, corrupt};
use super::select::select;
use super::snapshot::BlockMeta;
use super::verdicts;
use crate::model::{
    Arrivals, ClientIp, Event, EventFilter, Lens, Page, PageQuery, Place, RowId, SourceName, TimeRange, Timestamp, Url,
    Username, Verdict,
};
use crate::store::{StoreError, StoreResult};
use std::collections::HashMap;
use std::ops::ControlFlow;

pub(super) fn page(
    session: &Session<'_>,
    cache: &FilterCache,
    query: &PageQuery,
    lens: &Lens,
) -> StoreResult<Page<Event>> {
    let filter = cache.resolve(session, &query.filter, lens)?;
    let (positions, more) = listing::positions(session, &filter, query)?;
    let next = if more { positions.last().copied().map(Place::from) } else { None };
    let rows = rows(session, cache, &positions.iter().map(|position| position.id).collect::<Vec<_>>())?;
    Ok(Page { rows, next })
}

/// Rows with numbers above `after` that pass, by rising number.
pub(super) fn arrivals(
    session: &Session<'_>,
    cache: &FilterCache,
    (filter, lens): (&EventFilter, &Lens),
    after: RowId,
    limit: usize,
) -> StoreResult<Arrivals<Event>> {
    let filter = cache.resolve(session, filter, lens)?;
    let snapshot = &session.snapshot;
    let first = snapshot.blocks.partition_point(|block| block.last_row() <= after);
    let mut found: Vec<RowId> = Vec::new();
    let work = |session: &Session<'_>, block: &BlockMeta| select(session, block, &filter, TimeRange::ALL);
    over_blocks(session, &snapshot.blocks[first..], work, |block, selected| {
        let known = (after + 1).saturating_sub(block.first_row) as usize;
        let new = selected.iter_in(known..block.rows as usize).map(|row| block.first_row + row as u64);
        found.extend(new.take(limit - found.len()));
        Ok(if found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let last = found.last().filter(|_| found.len() == limit).copied();
    let up_to = last.unwrap_or_else(|| snapshot.state.next_row.saturating_sub(1).max(after));
    Ok(Arrivals { rows: rows(session, cache, &found)?, up_to })
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
    let mut values = ValueCache::new(session);
    let mut rows = Vec::with_capacity(ids.len());
    let mut frames = FrameCache::default();
    for id in ids {
        let block = session.snapshot.block_of(*id).ok_or(StoreError::Moved)?;
        let row = (id - block.first_row) as usize;
        let mut code = |dictionary| frames.id(session, block, dictionary, row);
        let kind = code(Dictionary::Kind)?;
        let kind = kinds.get(kind as usize).and_then(Option::as_ref).ok_or(StoreError::Moved)?;
        let (client, user, origin) = (code(Dictionary::Client)?, code(Dictionary::User)?, code(Dictionary::Origin)?);
        let (peer, agent, source) = (code(Dictionary::Peer)?, code(Dictionary::Agent)?, code(Dictionary::Source)?);
        let verdict = code(Dictionary::Verdict)?;
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
            verdict: verdicts::read(&values.get(Dictionary::Verdict, verdict)?)
                .and_then(|(_, text)| Verdict::read(text)),
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

    pub(super) fn code(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        column: Column,
        row: usize,
    ) -> StoreResult<u32> {
        match self.frame(session, block, column, row)? {
            (Values::Codes(codes), at) if at < codes.len() => Ok(codes[at]),
            _ => Err(corrupt(block.id, column, "a row is missing")),
        }
    }

    /// The dictionary entry that a row has.
    pub(super) fn id(
        &mut self,
        session: &Session<'_>,
        block: &BlockMeta,
        dictionary: Dictionary,
        row: usize,
    ) -> StoreResult<u32> {
        let code = self.code(session, block, dictionary.column(), row)?;
        let ids = session.ids(block, dictionary)?;
        ids.get(code as usize).copied().ok_or_else(|| corrupt(block.id, dictionary.column(), "a code has no id"))
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

    pub(super) fn optional_text(
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
pub(super) struct ValueCache<'s> {
    session: &'s Session<'s>,
    values: HashMap<(Dictionary, u32), Box<[u8]>>,
    sources: HashMap<u32, SourceName>,
}

impl<'s> ValueCache<'s> {
    pub(super) fn new(session: &'s Session<'s>) -> ValueCache<'s> {
        ValueCache { session, values: HashMap::new(), sources: HashMap::new() }
    }

    pub(super) fn get(&mut self, dictionary: Dictionary, id: u32) -> StoreResult<Box<[u8]>> {
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
