//! Erasing a data subject. The first transaction takes the subject's rows out of every answer: sums and zone maps are
//! put right, and from then on readers pass over whoever is named in `erasing`. The rest is done in short transactions
//! of [`super::blank`], each of which may be the last before a crash: what is left is found again in the tables.

use super::block::Dictionary;
use super::column::Column;
use super::dictionary::{Dictionaries, dictionary_row};
use super::filter::{FilterCache, Resolved};
use super::findings;
use super::fold::forget_sums;
use super::groups::measure_rows;
use super::id_set::IdSet;
use super::page::FrameCache;
use super::reader::{Readers, Session};
use super::rejects;
use super::rollup::{Group, Level};
use super::select::scan;
use super::snapshot::{BlockMeta, State, read_hours, write_hours};
use super::subject::dictionary_of;
use super::writer::{Writer, change_totals};
use crate::model::{Erased, Resolution, Subject, TimeRange, Totals};
use crate::store::{StoreError, StoreResult};
use parking_lot::Mutex;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How often the rows are looked for outside the transaction, before that is done inside.
const TRIES: usize = 4;

/// An erasure that has begun.
#[derive(Debug, Default)]
pub(super) struct Begun {
    pub(super) erased: Erased,
    /// Rows of `erasing`.
    pub(super) ids: Vec<i64>,
}

/// Takes the subject out of every answer. Looking for the rows takes longest, so it is done before the transaction;
/// only what was appended meanwhile is looked at inside.
pub(super) fn begin(
    readers: &Readers,
    filters: &FilterCache,
    writer: &Mutex<Writer>,
    subject: &Subject,
) -> StoreResult<Begun> {
    for attempt in 1..=TRIES {
        let mut found = readers.ask(|session| {
            let mut found = Found::default();
            found.look(session, filters, subject)?;
            Ok(found)
        })?;
        let begun = writer.lock().change(|db, dictionaries, state| {
            let session = readers.inside(db)?;
            if found.epoch != state.epoch {
                // Blocks have moved, and what is known of them with them.
                if attempt < TRIES {
                    return Err(StoreError::Moved);
                }
                found = Found::default();
            }
            found.look(&session, filters, subject)?;
            let begun = found.take_out(db, dictionary_of(subject.kind()), subject, state)?;
            findings::remove_of(&session, subject, (dictionary_of(subject.kind()), &found.ids))?;
            dictionaries.invalidate();
            Ok(begun)
        });
        match begun {
            Err(StoreError::Moved) => {}
            other => return other,
        }
    }
    Err(StoreError::Moved)
}

/// What the subject's rows add up to.
#[derive(Debug, Default)]
struct Found {
    /// The store's epoch when it was looked at.
    epoch: u64,
    /// The subject's dictionary entries, and the first entry not looked at.
    ids: Arc<IdSet>,
    next_id: u32,
    /// The first row not looked at.
    next_row: u64,
    rows: u64,
    /// By block: rows per hour.
    zones: BTreeMap<u64, BTreeMap<i64, u32>>,
    /// By five-minute bucket.
    totals: BTreeMap<i64, Totals>,
    /// Hours whose rollups no longer hold.
    hours: BTreeSet<i64>,
    /// Blocks whose deltas no longer hold.
    unfolded: Vec<u64>,
}

impl Found {
    /// Looks at what was added since the last look.
    fn look(&mut self, session: &Session<'_>, filters: &FilterCache, subject: &Subject) -> StoreResult<()> {
        let dictionary = dictionary_of(subject.kind());
        let (ids, next_id) = (Arc::make_mut(&mut self.ids), &mut self.next_id);
        session.values_from(dictionary, *next_id, |id, value| {
            if subject.is(value) {
                ids.insert(id);
            }
            *next_id = id + 1;
        })?;
        let mut filter = Resolved::within(TimeRange::ALL);
        filter.require(dictionary, Arc::clone(&self.ids));
        let mut literals = HashMap::new();
        let first_row = self.next_row;
        for block in session.snapshot.blocks.iter().filter(|block| block.first_row >= first_row) {
            if !session.is_quarantined(block) && session.ids(block, dictionary)?.iter().any(|id| self.ids.contains(*id))
            {
                self.look_at_block(session, filters, block, &filter, &mut literals)?;
            }
        }
        self.epoch = session.snapshot.state.epoch;
        self.next_row = session.snapshot.state.next_row;
        Ok(())
    }

    fn look_at_block(
        &mut self,
        session: &Session<'_>,
        filters: &FilterCache,
        block: &BlockMeta,
        filter: &Resolved,
        literals: &mut HashMap<u32, bool>,
    ) -> StoreResult<()> {
        if !block.folded {
            // Its delta goes by codes that change with the rows: the block counts as folded, its hours are rebuilt.
            self.unfolded.push(block.id);
            self.hours.extend(block.hours.iter().map(|(hour, _)| *hour));
        }
        let (mut rows, mut times) = (Vec::new(), Vec::new());
        scan(session, block, filter, TimeRange::ALL, |row, time| {
            rows.push(row as usize);
            times.push(time);
        })?;
        self.rows += rows.len() as u64;
        for time in &times {
            *self.zones.entry(block.id).or_default().entry(time.hour()).or_default() += 1;
            self.hours.insert(time.hour());
        }
        let mut measured = Vec::with_capacity(rows.len());
        measure_rows(session, filters, Group::Origin, block, &rows, |row, id, measure| {
            measured.push((row, id, *measure));
        })?;
        let (mut frames, mut traits) = (FrameCache::default(), Vec::new());
        for (time, (row, origin, measure)) in times.into_iter().zip(measured) {
            let is_literal = match literals.get(&origin) {
                Some(is_literal) => *is_literal,
                None => {
                    let is_literal = filters.names.is_ip_literal(&session.value(Dictionary::Origin, origin)?);
                    literals.insert(origin, is_literal);
                    is_literal
                }
            };
            let mut sums = Totals { measure, ..Totals::default() };
            if is_literal {
                sums.ip_literal = measure.outcomes;
            }
            let entropy = match frames.text(session, block, Column::Rest, row) {
                Ok(rest) => (filters.names.classifiers().path)(&rest, b"", &mut traits),
                // The row goes all the same; what its path added to the sums can't be told any more.
                Err(StoreError::Corrupt { .. }) => None,
                Err(error) => return Err(error),
            };
            sums.add_row(frames.cs_bytes(session, block, row)?, entropy);
            self.totals.entry(time.0.div_euclid(Resolution::FiveMinutes.width_ms())).or_default().add(&sums);
        }
        Ok(())
    }

    /// Takes what was found out of sums and zone maps, and names the subject as being erased.
    fn take_out(
        &self,
        db: &Connection,
        dictionary: Dictionary,
        subject: &Subject,
        state: &mut State,
    ) -> StoreResult<Begun> {
        for (block, gone) in &self.zones {
            let stored: Vec<u8> =
                db.prepare_cached("SELECT hours FROM block WHERE id = ?1")?.query_row([block], |row| row.get(0))?;
            let mut hours =
                read_hours(&stored).map_err(|reason| super::reader::corrupt(*block, Column::Time, reason))?;
            hours.iter_mut().for_each(|(hour, rows)| *rows -= gone.get(hour).copied().unwrap_or(0).min(*rows));
            hours.retain(|(_, rows)| *rows > 0);
            db.prepare_cached("UPDATE block SET hours = ?2 WHERE id = ?1")?
                .execute(params![block, write_hours(&hours)])?;
        }
        for block in &self.unfolded {
            db.prepare_cached("UPDATE block SET folded = 1 WHERE id = ?1")?.execute([block])?;
            db.prepare_cached("DELETE FROM block_column WHERE id = ?1")?.execute([Column::Delta.row_of(*block)])?;
        }
        let totals: Vec<_> = self.totals.iter().map(|(bucket, sums)| (*bucket, *sums)).collect();
        change_totals(db, &totals, Totals::subtract)?;
        for hour in &self.hours {
            for group in Group::ALL {
                forget_sums(db, group, Level::Hour, *hour)?;
                forget_sums(db, group, Level::Day, hour.div_euclid(24))?;
            }
            db.prepare_cached("INSERT OR IGNORE INTO dirty_hour (hour) VALUES (?1)")?.execute([hour])?;
        }
        let mut begun = Begun::default();
        let mut insert = db.prepare_cached("INSERT INTO erasing VALUES (?1, ?2, 0, 0)")?;
        for id in self.ids.iter() {
            Dictionaries::remove(db, dictionary, id)?;
            let row = dictionary_row(dictionary, id);
            insert.execute(params![row, state.next_row - 1])?;
            begun.ids.push(row);
        }
        begun.erased.rows = self.rows;
        begun.erased.rejects = rejects::remove_naming(db, subject)?;
        db.execute("UPDATE state SET unwiped = 1", [])?;
        state.version += 1;
        state.epoch += 1;
        state.generation += 1;
        Ok(begun)
    }
}
