//! What is left to do of erasures, a short transaction at a time: sums are rebuilt, blocks are written anew without
//! the erased cells, dictionary entries that nobody else has go, and the file is written anew so that no unused part of
//! it holds what was there.

use super::block::{Dictionary, source_value};
use super::column::{Column, ERASED};
use super::dictionary::Dictionaries;
use super::filter::{FilterCache, Resolved};
use super::fold::{rebuild_day, write_sums};
use super::groups::measure_rows;
use super::paths::no_path;
use super::reader::{Readers, Session};
use super::rewrite::{Blank, Codes, Part, ints, rewritten};
use super::rollup::{Entries, Group, Level};
use super::select::scan;
use super::snapshot::{Erasing, State};
use super::writer::{Shape, Writer, delete_block, insert_block, insert_columns};
use crate::model::{ErasureProgress, Interner, KindParts, Measure, SourceName, TimeRange, Timestamp};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// Blocks looked at in one transaction; only one is written anew.
const BLOCKS_AT_ONCE: usize = 16;

/// Does the next piece; answers whether there was one.
pub(super) fn step(readers: &Readers, filters: &FilterCache, writer: &mut Writer) -> StoreResult<bool> {
    let asks = |db: &Connection, sql: &str| -> StoreResult<bool> {
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    };
    if asks(&writer.db, "SELECT EXISTS (SELECT 1 FROM dirty_hour)")? {
        writer.change(|db, _, _| rebuild_hour(readers, filters, db))?;
    } else if asks(&writer.db, "SELECT EXISTS (SELECT 1 FROM erasing WHERE done_row < last_row)")? {
        writer.change(blank_next)?;
    } else if asks(
        &writer.db,
        "SELECT EXISTS (SELECT 1 FROM orphan) OR EXISTS (SELECT 1 FROM erasing WHERE unreadable_blocks = 0)",
    )? {
        writer.change(|db, dictionaries, state| sweep(readers, db, dictionaries, state))?;
    } else {
        return wipe(&writer.db);
    }
    Ok(true)
}

/// How far erasures are; `None` when every block has been looked at.
pub(super) fn progress(db: &Connection) -> StoreResult<Option<ErasureProgress>> {
    let mut query = db.prepare_cached("SELECT min(done_row), max(last_row) FROM erasing WHERE done_row < last_row")?;
    let (done, total): (Option<u64>, Option<u64>) = query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(done.zip(total).map(|(done, total)| ErasureProgress { done, total }))
}

/// How many blocks could not be read when the one of that row of `erasing` was erased.
pub(super) fn unreadable(db: &Connection, id: i64) -> StoreResult<u64> {
    let mut query = db.prepare_cached("SELECT unreadable_blocks FROM erasing WHERE id = ?1")?;
    Ok(query.query_row([id], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Puts the sums of an hour together anew from its rows, and those of its day with the day's last hour.
fn rebuild_hour(readers: &Readers, filters: &FilterCache, db: &Connection) -> StoreResult<()> {
    let hour: Option<i64> = db.prepare_cached("SELECT min(hour) FROM dirty_hour")?.query_row([], |row| row.get(0))?;
    let Some(hour) = hour else { return Ok(()) };
    match hour_sums(&readers.inside(db)?, filters, hour) {
        Ok(sums) => {
            for (group, entries) in Group::ALL.into_iter().zip(sums) {
                write_sums(db, group, Level::Hour, hour, entries)?;
            }
        }
        // Without sums, the hour is answered from the rows that can be read.
        Err(StoreError::Corrupt { block, column, reason }) => {
            tracing::error!(block, column, reason, "an hour's sums can't be rebuilt");
        }
        Err(error) => return Err(error),
    }
    db.prepare_cached("DELETE FROM dirty_hour WHERE hour = ?1")?.execute([hour])?;
    let day = hour.div_euclid(24);
    let mut others = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM dirty_hour WHERE hour BETWEEN ?1 AND ?2)")?;
    if !others.query_row([day * 24, day * 24 + 23], |row| row.get(0))? {
        for group in Group::ALL {
            rebuild_day(db, group, day, day * 24)?;
        }
    }
    Ok(())
}

/// What the rows of an hour add up to, by group; those of blocks that are yet to be folded not among them.
fn hour_sums(session: &Session<'_>, filters: &FilterCache, hour: i64) -> StoreResult<[Entries; Group::ALL.len()]> {
    let everything = Resolved::within(TimeRange::of_hour(hour));
    let mut sums: [BTreeMap<u32, Measure>; Group::ALL.len()] = Default::default();
    for (index, _) in session.snapshot.hours.get(&hour).into_iter().flatten() {
        let block = &session.snapshot.blocks[*index as usize];
        if !block.folded {
            continue;
        }
        let mut rows = Vec::new();
        scan(session, block, &everything, TimeRange::ALL, |row, _| rows.push(row as usize))?;
        for (group, sums) in Group::ALL.into_iter().zip(&mut sums) {
            measure_rows(session, filters, group, block, &rows, |_, id, measure| {
                sums.entry(id).or_default().add(measure);
            })?;
        }
    }
    Ok(sums.map(|sums| sums.into_iter().collect()))
}

/// Writes the next block anew that holds rows of who is being erased.
fn blank_next(db: &rusqlite::Transaction<'_>, dictionaries: &mut Dictionaries, state: &mut State) -> StoreResult<()> {
    let Some(ErasureProgress { mut done, total }) = progress(db)? else { return Ok(()) };
    let erasing = Erasing::read(db)?;
    let (mut unreadable, mut found) = (0, false);
    for (part, first_row) in blocks_behind(db, done, total)? {
        let last_row = first_row + u64::from(part.rows.max(1)) - 1;
        match blank_block(db, dictionaries, state, &erasing, part, first_row) {
            Ok(rewritten) => found = rewritten,
            Err(StoreError::Corrupt { block, column, reason }) => {
                tracing::error!(block, column, reason, "a damaged block may hold rows of who is being erased");
                unreadable += 1;
            }
            Err(error) => return Err(error),
        }
        done = last_row;
        if found {
            break;
        }
    }
    if !found && blocks_behind(db, done, total)?.is_empty() {
        done = total;
    }
    db.prepare_cached(
        "UPDATE erasing SET done_row = max(done_row, ?1), unreadable_blocks = unreadable_blocks + ?2
         WHERE done_row < last_row",
    )?
    .execute(params![done, unreadable])?;
    Ok(())
}

/// Blocks that reach beyond row `done` and begin at `total` at the latest, with their first rows.
fn blocks_behind(db: &Connection, done: u64, total: u64) -> StoreResult<Vec<(Part, u64)>> {
    let mut query = db.prepare_cached(
        "SELECT id, rows, first_row FROM block WHERE first_row + rows - 1 > ?1 AND first_row <= ?2
         ORDER BY first_row LIMIT ?3",
    )?;
    let found = query.query_map(params![done, total, BLOCKS_AT_ONCE], |row| {
        Ok((Part { id: row.get(0)?, rows: row.get(1)? }, row.get(2)?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Blanks the rows of a block; answers whether there were any. A block without living rows goes.
fn blank_block(
    db: &Connection,
    dictionaries: &mut Dictionaries,
    state: &mut State,
    erasing: &Erasing,
    part: Part,
    first_row: u64,
) -> StoreResult<bool> {
    let rows = erased_rows(db, part, erasing)?;
    if !rows.contains(&true) {
        return Ok(false);
    }
    let mut hours: BTreeMap<i64, u32> = BTreeMap::new();
    for (time, is_blank) in ints(db, part.id, Column::Time)?.into_iter().zip(&rows) {
        if time != ERASED && !is_blank {
            *hours.entry(Timestamp(time).hour()).or_default() += 1;
        }
    }
    let mut orphans = BTreeSet::new();
    for dictionary in Dictionary::ALL {
        let Codes { codes, ids } = Codes::read(db, part.id, dictionary)?;
        let blanked = codes.iter().zip(&rows).filter(|(_, is_blank)| **is_blank);
        orphans.extend(blanked.map(|(code, _)| super::dictionary::dictionary_row(dictionary, ids[*code as usize])));
    }
    let blank = Blank { rows, ids: empty_values(db, dictionaries)? };
    let columns = if hours.is_empty() { Vec::new() } else { rewritten(db, &[part], Some(&blank))? };
    let mut query = db.prepare_cached("SELECT text_bytes FROM block WHERE id = ?1")?;
    let text_bytes = query.query_row([part.id], |row| row.get(0))?;
    delete_block(db, part.id)?;
    if !hours.is_empty() {
        let shape = Shape { first_row, rows: part.rows, text_bytes };
        let hours: Vec<_> = hours.into_iter().collect();
        insert_block(db, state.next_block, shape, true, &hours)?;
        insert_columns(db, state.next_block, &columns)?;
        state.next_block += 1;
    }
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO orphan (id) VALUES (?1)")?;
    for orphan in orphans {
        insert.execute([orphan])?;
    }
    state.epoch += 1;
    Ok(true)
}

/// Of every row of a block, whether it is of who is being erased.
pub(super) fn erased_rows(db: &Connection, part: Part, erasing: &Erasing) -> StoreResult<Vec<bool>> {
    let mut rows = vec![false; part.rows as usize];
    for (dictionary, unwanted) in [(Dictionary::Client, &erasing.clients), (Dictionary::User, &erasing.users)] {
        if unwanted.is_empty() {
            continue;
        }
        let Codes { codes, ids } = Codes::read(db, part.id, dictionary)?;
        if ids.iter().any(|id| unwanted.contains(*id)) {
            rows.iter_mut().zip(&codes).for_each(|(row, code)| *row |= unwanted.contains(ids[*code as usize]));
        }
    }
    Ok(rows)
}

/// The ids of what blanked cells hold, by dictionary.
fn empty_values(db: &Connection, dictionaries: &mut Dictionaries) -> StoreResult<[u32; Dictionary::ALL.len()]> {
    let mut kind = Vec::new();
    KindParts { method: b"", result: b"", status: 0, hierarchy: b"", content_type: b"" }.write(&mut kind);
    let mut ids = [0; Dictionary::ALL.len()];
    for dictionary in Dictionary::ALL {
        let mut value = Interner::default();
        value.intern(&match dictionary {
            Dictionary::Kind => kind.clone(),
            Dictionary::Source => source_value(&SourceName::default()),
            Dictionary::Path => no_path(),
            _ => Vec::new(),
        });
        ids[dictionary as usize] = dictionaries.ids(db, dictionary, &value)?.first().copied().unwrap_or_default();
    }
    Ok(ids)
}

/// Removes the dictionary entries that only erased rows had, and names nobody as being erased any more but those whom
/// damaged blocks may still hold.
fn sweep(readers: &Readers, db: &Connection, dictionaries: &mut Dictionaries, state: &mut State) -> StoreResult<()> {
    let mut orphans: [BTreeSet<u32>; Dictionary::ALL.len()] = Default::default();
    let mut query = db.prepare_cached("SELECT id FROM orphan")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if let Some(orphans) = orphans.get_mut((id >> 40) as usize) {
            orphans.insert(id as u32);
        }
    }
    let session = readers.inside(db)?;
    for block in &session.snapshot.blocks {
        for (dictionary, orphans) in Dictionary::ALL.into_iter().zip(&mut orphans) {
            match session.ids(block, dictionary) {
                _ if orphans.is_empty() => {}
                Ok(ids) => ids.iter().for_each(|id| _ = orphans.remove(id)),
                // Nobody can tell which entries it needs.
                Err(StoreError::Corrupt { .. } | StoreError::Moved) => orphans.clear(),
                Err(error) => return Err(error),
            }
        }
    }
    for (dictionary, orphans) in Dictionary::ALL.into_iter().zip(orphans) {
        for id in orphans {
            Dictionaries::remove(db, dictionary, id)?;
        }
    }
    db.execute("DELETE FROM orphan", [])?;
    db.execute("DELETE FROM erasing WHERE unreadable_blocks = 0", [])?;
    dictionaries.invalidate();
    state.epoch += 1;
    state.generation += 1;
    Ok(())
}

/// Writes the file anew, so that no free page and no gap in a page holds what was erased, and then empties the
/// write-ahead log; answers whether there was something to do.
fn wipe(db: &Connection) -> StoreResult<bool> {
    let unwiped: Option<u8> =
        db.prepare_cached("SELECT unwiped FROM state")?.query_row([], |row| row.get(0)).optional()?;
    match unwiped {
        Some(1) => {
            db.execute_batch("VACUUM")?;
            db.execute("UPDATE state SET unwiped = 2", [])?;
        }
        Some(2) => {
            let is_busy: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if is_busy {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                let message = "the write-ahead log is being read and can't be emptied yet".to_owned();
                return Err(rusqlite::Error::SqliteFailure(code, Some(message)).into());
            }
            db.execute("UPDATE state SET unwiped = 0", [])?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
