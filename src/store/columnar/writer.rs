//! Writing: one transaction per call, `BEGIN IMMEDIATE`, so that an import beside a running server takes turns with it.

use super::block::{Block, Dictionary, Prepared};
use super::column::Column;
use super::dictionary::Dictionaries;
use super::past;
use super::rejects;
use super::snapshot::{State, write_hours};
use crate::model::{Advance, Checkpoint, Clock, Fingerprint, HOUR_MS, Mark, Resolution, Timestamp, Totals};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, HashSet};

/// The one connection that writes, and what it remembers between transactions.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) db: Connection,
    pub(super) dictionaries: Dictionaries,
    /// The state that `dictionaries` is true for.
    seen: State,
    /// Blocks found damaged, which are not joined with others.
    pub(super) damaged: HashSet<u64>,
}

impl Writer {
    pub(super) fn new(db: Connection) -> Writer {
        Writer { db, dictionaries: Dictionaries::default(), seen: State::default(), damaged: HashSet::new() }
    }

    /// Runs a change in one transaction. The state it is given is written back; a failed change leaves nothing.
    pub(super) fn change<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Dictionaries, &mut State) -> StoreResult<T>,
    ) -> StoreResult<T> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut state = State::read(&transaction)?;
        // Another process wrote: what it added is read, what it removed can't be told apart.
        if state.generation != self.seen.generation {
            self.dictionaries.invalidate();
        } else if state.version != self.seen.version {
            self.dictionaries.catch_up(&transaction)?;
        }
        let before = state;
        let done = work(&transaction, &mut self.dictionaries, &mut state).and_then(|answer| {
            if state != before {
                state.write(&transaction)?;
            }
            transaction.commit()?;
            Ok(answer)
        });
        match done {
            Ok(answer) => {
                self.seen = state;
                Ok(answer)
            }
            Err(error) => {
                self.dictionaries.invalidate();
                Err(error)
            }
        }
    }

    /// Puts new entries of the dictionaries into their index once there are many; answers whether there were.
    pub(super) fn index(&mut self) -> StoreResult<bool> {
        let is_due = self.dictionaries.index_is_due();
        if is_due {
            self.change(|db, dictionaries, _| dictionaries.index(db))?;
        }
        Ok(is_due)
    }

    /// Stores batches: rows, sums, rejects and places, all or nothing.
    pub(super) fn append(
        &mut self,
        batches: Vec<Prepared>,
        advances: &[Advance],
        clock: &dyn Clock,
    ) -> StoreResult<()> {
        let now = clock.now();
        self.change(|db, dictionaries, state| {
            store_batches(db, dictionaries, state, batches, now)?;
            for advance in advances {
                write_checkpoint(db, advance)?;
            }
            state.version += 1;
            Ok(())
        })
    }

    /// Stores batches in place of rejected lines, all or nothing.
    pub(super) fn replace_rejects(
        &mut self,
        ids: &[u64],
        batches: Vec<Prepared>,
        clock: &dyn Clock,
    ) -> StoreResult<()> {
        let now = clock.now();
        self.change(|db, dictionaries, state| {
            rejects::remove(db, ids)?;
            store_batches(db, dictionaries, state, batches, now)?;
            state.version += 1;
            Ok(())
        })
    }
}

fn store_batches(
    db: &Connection,
    dictionaries: &mut Dictionaries,
    state: &mut State,
    batches: Vec<Prepared>,
    now: Timestamp,
) -> StoreResult<()> {
    for batch in batches {
        if batch.block.is_some() || !batch.rejects.is_empty() {
            state.last_import = Some(now);
        }
        if let Some(block) = batch.block {
            append_block(db, dictionaries, state, block)?;
        }
        rejects::insert(db, &batch.source, &batch.rejects, &batch.more_rejects)?;
    }
    Ok(())
}

fn append_block(db: &Connection, dictionaries: &mut Dictionaries, state: &mut State, block: Block) -> StoreResult<()> {
    let id = state.next_block;
    let mut columns = block.columns;
    for mut pending in block.codes {
        let first_new = dictionaries.next(db, pending.dictionary)?;
        let ids = dictionaries.ids(db, pending.dictionary, &pending.values)?;
        if pending.dictionary == Dictionary::Origin {
            dictionaries.seen(db, &ids, &block.origin_hours, first_new)?;
        }
        pending.encoder.ids(&ids);
        columns.push((pending.dictionary.column(), pending.encoder.finish()));
    }
    let shape = Shape { first_row: state.next_row, rows: block.rows, text_bytes: block.text_bytes };
    insert_block(db, id, shape, false, &block.hours)?;
    insert_columns(db, id, &columns)?;
    change_totals(db, &block.totals, Totals::add)?;
    if block.comes_back {
        past::take_back(db, &by_hour(&block.totals))?;
    }
    state.next_block += 1;
    state.next_row += u64::from(block.rows);
    Ok(())
}

/// Which rows a block holds, and how much text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) first_row: u64,
    pub(super) rows: u32,
    pub(super) text_bytes: u64,
}

pub(super) fn insert_block(
    db: &Connection,
    id: u64,
    shape: Shape,
    folded: bool,
    hours: &[(i64, u32)],
) -> StoreResult<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO block (id, first_row, rows, folded, text_bytes, hours) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![id, shape.first_row, shape.rows, folded, shape.text_bytes, write_hours(hours)])?;
    Ok(())
}

pub(super) fn insert_columns(db: &Connection, block: u64, columns: &[(Column, Vec<u8>)]) -> StoreResult<()> {
    let mut insert = db.prepare_cached("INSERT INTO block_column (id, data) VALUES (?1, ?2)")?;
    let mut in_order: Vec<_> = columns.iter().collect();
    in_order.sort_by_key(|(column, _)| *column as u8);
    for (column, data) in in_order {
        insert.execute(params![column.row_of(block), data])?;
    }
    Ok(())
}

/// Removes a block and its columns.
pub(super) fn delete_block(db: &Connection, block: u64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM block WHERE id = ?1")?.execute([block])?;
    let columns = (Column::Time.row_of(block), Column::Delta.row_of(block));
    db.prepare_cached("DELETE FROM block_column WHERE id BETWEEN ?1 AND ?2")?.execute([columns.0, columns.1])?;
    Ok(())
}

/// Columns of a row of totals.
const TOTALS_COLUMNS: usize = 19;

/// Changes the stored sums of five-minute buckets, and of their hours, by those given; buckets without rows go.
pub(super) fn change_totals(
    db: &Connection,
    totals: &[(i64, Totals)],
    change: fn(&mut Totals, &Totals),
) -> StoreResult<()> {
    change_table(db, "total_5m", totals, change)?;
    change_table(db, "total_1h", &by_hour(totals), change)
}

/// The sums of five-minute buckets by the hour.
fn by_hour(totals: &[(i64, Totals)]) -> Vec<(i64, Totals)> {
    let per_hour = HOUR_MS / Resolution::FiveMinutes.width_ms();
    let mut hours: BTreeMap<i64, Totals> = BTreeMap::new();
    for (bucket, sums) in totals {
        hours.entry(bucket.div_euclid(per_hour)).or_default().add(sums);
    }
    hours.into_iter().collect()
}

/// Changes the stored sums of a table's buckets by those given; buckets without rows go.
pub(super) fn change_table(
    db: &Connection,
    table: &str,
    rows: &[(i64, Totals)],
    change: fn(&mut Totals, &Totals),
) -> StoreResult<()> {
    let places: Vec<String> = (1..=TOTALS_COLUMNS).map(|at| format!("?{at}")).collect();
    let mut select = db.prepare_cached(&format!("SELECT * FROM {table} WHERE bucket = ?1"))?;
    let mut replace = db.prepare_cached(&format!("INSERT OR REPLACE INTO {table} VALUES ({})", places.join(", ")))?;
    let mut delete = db.prepare_cached(&format!("DELETE FROM {table} WHERE bucket = ?1"))?;
    for (bucket, by) in rows {
        // Added here, not in SQL, where a sum beyond 64 bits would become a float and be refused.
        let mut sums = select.query_row([bucket], |row| read_totals(row, 1)).optional()?.unwrap_or_default();
        change(&mut sums, by);
        if sums.measure.outcomes.total() == 0 {
            delete.execute([bucket])?;
            continue;
        }
        let mut values = [0_i64; TOTALS_COLUMNS];
        values[0] = *bucket;
        for at in 0..6 {
            values[1 + at] = sums.measure.outcomes.0[at] as i64;
            values[7 + at] = sums.ip_literal.0[at] as i64;
        }
        values[13] = sums.measure.bytes as i64;
        values[14] = sums.measure.time_taken_ms;
        values[15] = sums.cs_bytes as i64;
        values[16] = sums.cs_bytes_rows as i64;
        values[17] = sums.entropy_millibits as i64;
        values[18] = sums.entropy_rows as i64;
        replace.execute(values)?;
    }
    Ok(())
}

/// Reads the sums of a row of totals, from column `first` on.
pub(super) fn read_totals(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Totals> {
    let mut sums = Totals::default();
    for at in 0..6 {
        sums.measure.outcomes.0[at] = row.get(first + at)?;
        sums.ip_literal.0[at] = row.get(first + 6 + at)?;
    }
    sums.measure.bytes = row.get::<_, i64>(first + 12)? as u64;
    sums.measure.time_taken_ms = row.get(first + 13)?;
    sums.cs_bytes = row.get::<_, i64>(first + 14)? as u64;
    sums.cs_bytes_rows = row.get(first + 15)?;
    sums.entropy_millibits = row.get(first + 16)?;
    sums.entropy_rows = row.get(first + 17)?;
    Ok(sums)
}

fn write_checkpoint(db: &Connection, advance: &Advance) -> StoreResult<()> {
    let checkpoint = &advance.to;
    let stands = read_checkpoint(db, checkpoint.fingerprint)?.map(|known| known.mark);
    if stands != advance.from {
        return Err(StoreError::Overtaken);
    }
    let fingerprint = checkpoint.fingerprint.0.to_be_bytes();
    let mark = checkpoint.mark;
    db.prepare_cached(
        "INSERT INTO checkpoint VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (fingerprint) DO UPDATE SET offset = excluded.offset, lines = excluded.lines, tail = excluded.tail,
             followed = max(followed, excluded.followed), seen_as = excluded.seen_as, at_ms = excluded.at_ms",
    )?
    .execute(params![
        fingerprint,
        mark.offset,
        mark.lines,
        mark.tail as i64,
        checkpoint.followed,
        checkpoint.seen_as,
        checkpoint.at.0
    ])?;
    // Followed files are committed many times a second; they leave marks where some are due.
    let keep = !checkpoint.followed || mark.offset >= Mark::next_due(stands.map_or(0, |stands| stands.offset));
    let mut insert = db.prepare_cached("INSERT OR REPLACE INTO checkpoint_mark VALUES (?1, ?2, ?3, ?4)")?;
    for mark in checkpoint.between.iter().chain(keep.then_some(&mark)) {
        insert.execute(params![fingerprint, mark.offset, mark.lines, mark.tail as i64])?;
    }
    Ok(())
}

pub(super) fn read_checkpoint(db: &Connection, fingerprint: Fingerprint) -> StoreResult<Option<Checkpoint>> {
    let mut query = db.prepare_cached(
        "SELECT offset, lines, tail, followed, seen_as, at_ms FROM checkpoint WHERE fingerprint = ?1",
    )?;
    let mut rows = query.query([fingerprint.0.to_be_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Checkpoint {
        fingerprint,
        mark: Mark { offset: row.get(0)?, lines: row.get(1)?, tail: row.get::<_, i64>(2)? as u64 },
        between: Vec::new(),
        followed: row.get(3)?,
        seen_as: row.get(4)?,
        at: crate::model::Timestamp(row.get(5)?),
    }))
}

pub(super) fn read_marks(db: &Connection, fingerprint: Fingerprint) -> StoreResult<Vec<Mark>> {
    let mut query = db.prepare_cached(
        "SELECT offset, lines, tail FROM checkpoint_mark WHERE fingerprint = ?1
         UNION SELECT offset, lines, tail FROM checkpoint WHERE fingerprint = ?1 ORDER BY offset",
    )?;
    let marks = query.query_map([fingerprint.0.to_be_bytes()], |row| {
        Ok(Mark { offset: row.get(0)?, lines: row.get(1)?, tail: row.get::<_, i64>(2)? as u64 })
    })?;
    Ok(marks.collect::<Result<_, _>>()?)
}
