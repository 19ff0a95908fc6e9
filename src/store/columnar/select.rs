//! Which rows of a block pass a filter: what dictionary codes tell first, then time, and texts of what is left last.

use super::block::Dictionary;
use super::column::Column;
use super::filter::{Atom, Resolved};
use super::reader::Session;
use super::selection::Selection;
use super::snapshot::BlockMeta;
use super::{hosts, words};
use crate::model::{TimeRange, Timestamp};
use crate::store::{StoreError, StoreResult};
use std::sync::Arc;

/// The living rows of a block that pass; none of a quarantined one. `within` narrows the filter's range.
pub(super) fn select(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
) -> StoreResult<Selection> {
    if session.is_quarantined(block) {
        return Ok(Selection::none(block.rows as usize));
    }
    select_any(session, block, filter, within)
}

/// As [`select`], of a quarantined block as well.
fn select_any(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
) -> StoreResult<Selection> {
    let range = TimeRange { from: within.from.max(filter.range.from), until: within.until.min(filter.range.until) };
    let touched: u64 =
        block.hours.iter().filter(|(hour, _)| range.touches_hour(*hour)).map(|(_, rows)| u64::from(*rows)).sum();
    if touched == 0 && block.has_zone_map || filter.is_nothing() {
        return Ok(Selection::none(block.rows as usize));
    }
    // What is asked beside time is kept for the next question where time leaves most of the block.
    let key = filter.number.filter(|_| touched * 2 >= u64::from(block.rows)).map(|number| (number, block.id));
    let kept = key.and_then(|key| session.readers.selections.get(&key));
    let mut rows = match kept {
        Some(kept) => Selection::clone(&kept),
        None => {
            let mut rows = Selection::all(block.rows as usize);
            if key.is_none() {
                keep_time(session, block, range, &mut rows)?;
            }
            match &filter.hosts {
                None => keep_clauses(session, block, &filter.clauses, &mut rows)?,
                Some(hosts) => hosts::keep(session, block, filter, hosts, &mut rows)?,
            }
            if !rows.is_empty() && !filter.words.is_empty() {
                words::keep(session, block, filter, &mut rows)?;
            }
            if let Some(key) = key {
                session.readers.selections.insert(key, Arc::new(rows.clone()));
            }
            rows
        }
    };
    keep_living(session, block, &mut rows)?;
    if key.is_some() {
        keep_time(session, block, range, &mut rows)?;
    }
    Ok(rows)
}

/// Hands every living row of a block that passes, with its time, to `each`, in order of rows. `within` narrows the
/// filter's range.
pub(super) fn scan(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
    each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    if session.is_quarantined(block) { Ok(()) } else { scan_any(session, block, filter, within, each) }
}

/// As [`scan`], of a quarantined block as well.
pub(super) fn scan_any(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
    each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    let rows = select_any(session, block, filter, within)?;
    each_time(session, block, &rows, TimeRange::ALL, each)
}

/// Hands the rows of `rows` whose time lies in `range`, with their times, to `each`, in order of rows.
pub(super) fn each_time(
    session: &Session<'_>,
    block: &BlockMeta,
    rows: &Selection,
    range: TimeRange,
    mut each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let header = session.header(block.id, Column::Time)?.ok_or(StoreError::Moved)?;
    for (frame, entry) in header.frames.iter().enumerate() {
        let inside = header.rows_in(frame);
        if entry.most < range.from.0 || entry.least >= range.until.0 || rows.count_in(inside.clone()) == 0 {
            continue;
        }
        let times = session.ints(block, Column::Time, frame)?;
        for row in rows.iter_in(inside.clone()) {
            let time = times.get(row - inside.start).copied().map(Timestamp);
            if let Some(time) = time.filter(|time| range.contains(*time)) {
                each(row as u32, time);
            }
        }
    }
    Ok(())
}

/// Takes out rows beyond a range, and those that are gone.
fn keep_time(session: &Session<'_>, block: &BlockMeta, range: TimeRange, rows: &mut Selection) -> StoreResult<()> {
    let living: u64 = block.hours.iter().map(|(_, rows)| u64::from(*rows)).sum();
    let all_live = living == u64::from(block.rows);
    if all_live && block.hours.iter().all(|(hour, _)| range.contains_hour(*hour)) {
        return Ok(());
    }
    let (from, until) = (range.from.max(block.alive_from).0, range.until.0);
    let header = session.header(block.id, Column::Time)?.ok_or(StoreError::Moved)?;
    for (frame, entry) in header.frames.iter().enumerate() {
        let inside = header.rows_in(frame);
        if entry.most < from || entry.least >= until {
            rows.clear(inside);
        } else if !(all_live && from <= entry.least && entry.most < until) && rows.count_in(inside.clone()) > 0 {
            let times = session.ints(block, Column::Time, frame)?;
            rows.retain(inside, |at| times.get(at).is_some_and(|time| from <= *time && *time < until));
        }
    }
    Ok(())
}

/// Takes out the rows of those who are being erased.
fn keep_living(session: &Session<'_>, block: &BlockMeta, rows: &mut Selection) -> StoreResult<()> {
    let erasing = &session.snapshot.erasing;
    for (dictionary, ids) in [(Dictionary::Client, &erasing.clients), (Dictionary::User, &erasing.users)] {
        if !ids.is_empty() {
            let gone = Atom { dictionary, ids: Arc::new(ids.clone()), wanted: false };
            keep_clauses(session, block, &[vec![gone]], rows)?;
        }
    }
    Ok(())
}

/// Which codes of a column pass.
pub(super) struct Mask {
    column: Column,
    passes: Vec<bool>,
}

impl Mask {
    /// Which codes stand for ids that `holds` of.
    pub(super) fn of(
        session: &Session<'_>,
        block: &BlockMeta,
        dictionary: Dictionary,
        holds: impl Fn(u32) -> bool,
    ) -> StoreResult<Mask> {
        let passes = session.ids(block, dictionary)?.iter().map(|id| holds(*id)).collect();
        Ok(Mask { column: dictionary.column(), passes })
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.passes.contains(&true)
    }

    fn is_full(&self) -> bool {
        !self.passes.contains(&false)
    }

    /// Takes out the rows that don't pass.
    pub(super) fn keep(&self, session: &Session<'_>, block: &BlockMeta, rows: &mut Selection) -> StoreResult<()> {
        if self.is_full() {
            return Ok(());
        }
        let header = session.header(block.id, self.column)?.ok_or(StoreError::Moved)?;
        for frame in 0..header.row_frames() {
            let inside = header.rows_in(frame);
            if rows.count_in(inside.clone()) > 0 {
                let codes = session.codes(block, self.column, frame)?;
                rows.retain(inside, |at| self.passes.get(codes[at] as usize) == Some(&true));
            }
        }
        Ok(())
    }
}

/// Takes out the rows that don't pass all clauses; those that let fewest codes pass come first.
pub(super) fn keep_clauses(
    session: &Session<'_>,
    block: &BlockMeta,
    clauses: &[Vec<Atom>],
    rows: &mut Selection,
) -> StoreResult<()> {
    let mut singles: Vec<(Dictionary, Mask)> = Vec::new();
    let mut others: Vec<Vec<Mask>> = Vec::new();
    for clause in clauses {
        match &clause[..] {
            [] => {
                *rows = Selection::none(block.rows as usize);
                return Ok(());
            }
            [atom] => {
                let mask = Mask::of(session, block, atom.dictionary, |id| atom.holds(id))?;
                match singles.iter_mut().find(|(dictionary, _)| *dictionary == atom.dictionary) {
                    Some((_, known)) => {
                        known.passes.iter_mut().zip(&mask.passes).for_each(|(both, more)| *both &= more)
                    }
                    None => singles.push((atom.dictionary, mask)),
                }
            }
            atoms => {
                let masks = atoms.iter().map(|atom| Mask::of(session, block, atom.dictionary, |id| atom.holds(id)));
                let masks = masks.collect::<StoreResult<Vec<_>>>()?;
                if !masks.iter().any(Mask::is_full) {
                    others.push(masks);
                }
            }
        }
    }
    let impossible = others.iter().any(|masks| masks.iter().all(Mask::is_empty));
    if impossible || singles.iter().any(|(_, mask)| mask.is_empty()) {
        *rows = Selection::none(block.rows as usize);
        return Ok(());
    }
    let share = |mask: &Mask| {
        let passing = mask.passes.iter().filter(|passes| **passes).count();
        passing * 1024 / mask.passes.len().max(1)
    };
    singles.sort_by_cached_key(|(_, mask)| share(mask));
    for (_, mask) in &singles {
        mask.keep(session, block, rows)?;
    }
    for masks in others {
        let mut passing = Selection::none(block.rows as usize);
        for mask in masks.iter().filter(|mask| !mask.is_empty()) {
            let mut more = rows.clone();
            more.remove(&passing);
            mask.keep(session, block, &mut more)?;
            passing.add(&more);
        }
        *rows = passing;
    }
    Ok(())
}
