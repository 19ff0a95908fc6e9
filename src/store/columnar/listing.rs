//! Which rows a page in time order has. Hours are visited in order; where an offset covers a whole hour, its row count
//! is enough.

use super::filter::Resolved;
use super::parallel::over_blocks;
use super::reader::Session;
use super::select::{each_time, scan, select};
use super::selection::Selection;
use super::snapshot::{BlockMeta, Snapshot};
use crate::model::{Order, PageQuery, Place, Position, TimeRange, Timestamp};
use crate::store::StoreResult;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The places of the rows of a page, in order, and whether there are more behind them.
pub(super) fn positions(
    session: &Session<'_>,
    filter: &Resolved,
    query: &PageQuery,
) -> StoreResult<(Vec<Position>, bool)> {
    let mut listing = Listing::new(filter, query);
    match filter.is_time_only() {
        true => listing.all(session)?,
        false => listing.selected(session)?,
    }
    let more = listing.found.len() > query.limit;
    listing.found.truncate(query.limit);
    Ok((listing.found, more))
}

/// Positions of an hour are thinned out only beyond this many.
const KEPT_POSITIONS: usize = 65_536;

/// A block's rows of an hour, and how many they are.
type Part = (Arc<BlockMeta>, Arc<Selection>, u64);

/// A page in the making.
struct Listing<'q> {
    filter: &'q Resolved,
    query: &'q PageQuery,
    /// The place to start behind.
    after: Option<Position>,
    /// The filter's range, narrowed by that place.
    range: TimeRange,
    /// Rows still to be skipped.
    skip: u64,
    /// One more than the page has, where there are.
    found: Vec<Position>,
    in_hour: Vec<Position>,
}

impl<'q> Listing<'q> {
    fn new(filter: &'q Resolved, query: &'q PageQuery) -> Listing<'q> {
        let after = query.after.as_ref().and_then(Place::position);
        let range = match (after, query.order) {
            (None, _) => filter.range,
            (Some(after), Order::Descending) => {
                let until = filter.range.until.min(Timestamp(after.time.0.saturating_add(1)));
                TimeRange { until, ..filter.range }
            }
            (Some(after), Order::Ascending) => TimeRange { from: filter.range.from.max(after.time), ..filter.range },
        };
        Listing { filter, query, after, range, skip: query.offset, found: Vec::new(), in_hour: Vec::new() }
    }

    /// Visits hours of which everything is wanted.
    fn all(&mut self, session: &Session<'_>) -> StoreResult<()> {
        let (snapshot, filter) = (&session.snapshot, self.filter);
        let hours = snapshot.hours_in(self.range);
        let hours: Box<dyn Iterator<Item = _>> = match self.query.order {
            Order::Descending => Box::new(hours.rev()),
            Order::Ascending => Box::new(hours),
        };
        for (hour, blocks) in hours {
            if self.range.contains_hour(hour) && self.skips(hour, Snapshot::rows_in_hour(blocks)) {
                continue;
            }
            let bounds = self.bounds(hour);
            for (index, _) in blocks {
                let block = &snapshot.blocks[*index as usize];
                scan(session, block, filter, bounds, |row, time| self.add(block, row, time))?;
                self.thin_out();
            }
            if self.close_hour() {
                break;
            }
        }
        Ok(())
    }

    /// Visits hours of which some rows are wanted: blocks are selected from in the order in which their first hours
    /// come, each once; an hour is complete when no block to come reaches it.
    fn selected(&mut self, session: &Session<'_>) -> StoreResult<()> {
        let (filter, range, order) = (self.filter, self.range, self.query.order);
        let first_hour = |block: &BlockMeta| {
            let hours = block.hours.iter().map(|(hour, _)| *hour).filter(|hour| range.touches_hour(*hour));
            match order {
                Order::Descending => hours.max().map(|hour| -hour),
                Order::Ascending => hours.min(),
            }
        };
        let mut blocks: Vec<(i64, &Arc<BlockMeta>)> =
            session.snapshot.blocks.iter().filter_map(|block| Some((first_hour(block)?, block))).collect();
        blocks.sort_by_key(|(hour, _)| *hour);
        let (turns, blocks): (Vec<i64>, Vec<Arc<BlockMeta>>) =
            blocks.into_iter().map(|(turn, block)| (turn, Arc::clone(block))).unzip();
        let mut next_turns = turns.into_iter().skip(1);
        // By how soon it comes, an hour's rows so far.
        let mut open: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
        let work = |session: &Session<'_>, block: &BlockMeta| {
            let rows = select(session, block, filter, range)?;
            let hours = rows_by_hour(session, block, &rows)?;
            Ok((rows, hours))
        };
        over_blocks(session, &blocks, work, |block, (rows, hours)| {
            let rows = Arc::new(rows);
            for (hour, count) in hours {
                let turn = if order == Order::Descending { -hour } else { hour };
                open.entry(turn).or_default().push((Arc::clone(block), Arc::clone(&rows), count));
            }
            let coming = next_turns.next().unwrap_or(i64::MAX);
            while let Some(entry) = open.first_entry().filter(|entry| *entry.key() < coming) {
                let (turn, parts) = entry.remove_entry();
                if self.visit(session, if order == Order::Descending { -turn } else { turn }, &parts)? {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Takes an hour's selected rows; whether the page is full.
    fn visit(&mut self, session: &Session<'_>, hour: i64, parts: &[Part]) -> StoreResult<bool> {
        if self.skips(hour, parts.iter().map(|(_, _, count)| count).sum()) {
            return Ok(false);
        }
        let bounds = self.bounds(hour);
        for (block, rows, _) in parts {
            each_time(session, block, rows, bounds, |row, time| self.add(block, row, time))?;
            self.thin_out();
        }
        Ok(self.close_hour())
    }

    /// Skips an hour, all of whose `rows` come behind the place to start at, where the offset covers it.
    fn skips(&mut self, hour: i64, rows: u64) -> bool {
        let holds_place = self.after.is_some_and(|after| after.time.hour() == hour);
        let skipped = !holds_place && rows <= self.skip;
        if skipped {
            self.skip -= rows;
        }
        skipped
    }

    fn bounds(&self, hour: i64) -> TimeRange {
        let hour = TimeRange::of_hour(hour);
        TimeRange { from: hour.from.max(self.range.from), until: hour.until.min(self.range.until) }
    }

    fn add(&mut self, block: &BlockMeta, row: u32, time: Timestamp) {
        let position = Position { time, id: block.first_row + u64::from(row) };
        let is_behind = self.after.is_none_or(|after| match self.query.order {
            Order::Descending => position < after,
            Order::Ascending => position > after,
        });
        if is_behind {
            self.in_hour.push(position);
        }
    }

    /// How many of the hour's first rows the page can need.
    fn most(&self) -> usize {
        let wanted = self.query.limit + 1 - self.found.len().min(self.query.limit + 1);
        usize::try_from(self.skip).unwrap_or(usize::MAX).saturating_add(wanted)
    }

    /// Only the first of an hour are wanted, however many rows it has.
    fn thin_out(&mut self) {
        let most = self.most();
        if self.in_hour.len() / 2 >= most && self.in_hour.len() > KEPT_POSITIONS {
            keep_first(&mut self.in_hour, most, self.query.order);
        }
    }

    /// Takes the hour's rows over into the page; whether that is full.
    fn close_hour(&mut self) -> bool {
        if self.in_hour.len() as u64 <= self.skip {
            self.skip -= self.in_hour.len() as u64;
            self.in_hour.clear();
            return false;
        }
        let most = self.most();
        keep_first(&mut self.in_hour, most, self.query.order);
        match self.query.order {
            Order::Descending => self.in_hour.sort_unstable_by(|a, b| b.cmp(a)),
            Order::Ascending => self.in_hour.sort_unstable(),
        }
        self.found.extend(&self.in_hour[self.skip as usize..]);
        self.in_hour.clear();
        self.skip = 0;
        self.found.len() > self.query.limit
    }
}

/// How many of some rows each hour has.
fn rows_by_hour(session: &Session<'_>, block: &BlockMeta, rows: &Selection) -> StoreResult<Vec<(i64, u64)>> {
    if let [(hour, _)] = block.hours[..] {
        let count = rows.count() as u64;
        return Ok(if count == 0 { Vec::new() } else { vec![(hour, count)] });
    }
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    let mut run = (TimeRange::of_hour(0), 0_u64);
    each_time(session, block, rows, TimeRange::ALL, |_, time| {
        if !run.0.contains(time) {
            add(&mut hours, run);
            run = (TimeRange::of_hour(time.hour()), 0);
        }
        run.1 += 1;
    })?;
    add(&mut hours, run);
    Ok(hours.into_iter().collect())
}

fn add(hours: &mut BTreeMap<i64, u64>, (hour, rows): (TimeRange, u64)) {
    if rows > 0 {
        *hours.entry(hour.from.hour()).or_default() += rows;
    }
}

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
