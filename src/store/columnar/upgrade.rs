//! Blocks written before layout 4, which have no column of what paths say: they get it when the database is opened, a
//! block in a transaction, so that a start that is cut off goes on where it was. What they add to the totals is added
//! with it. Their rollups are taken for unknown where they lack a group, and put together anew in the background.
//!
//! How many bytes came from clients is not found out for them: they stay without.

use super::blank::erased_rows;
use super::block::Dictionary;
use super::column::{Column, ERASED, Encoder};
use super::dictionary::{Dictionaries, dictionary_row};
use super::fold::{forget_sums, hours_of};
use super::paths::{Paths, no_path};
use super::reader::corrupt;
use super::rewrite::{Codes, Part, ints, stored_texts};
use super::rollup::{Group, Level};
use super::snapshot::{Erasing, Floor};
use super::writer::{Writer, change_totals, insert_columns};
use crate::model::{Batch, Classifiers, DictColumn, HOUR_MS, Resolution, SourceName, Totals};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashMap};

/// Groups that rollups have not had before.
const NEW_GROUPS: [Group; 3] = [Group::Path, Group::Source, Group::Agent];

/// Brings every block up to this layout.
pub(super) fn upgrade(writer: &mut Writer, classifiers: &Classifiers) -> StoreResult<()> {
    let blocks = waiting(&writer.db)?;
    if blocks.is_empty() {
        return Ok(());
    }
    tracing::info!(blocks = blocks.len(), "reading what paths say in blocks of an earlier layout; this happens once");
    for block in blocks {
        writer.change(|db, dictionaries, state| {
            // Another process may have been faster.
            if let Some(block) = Old::read(db, block)? {
                block.add_paths(db, dictionaries, classifiers)?;
                state.version += 1;
                state.epoch += 1;
            }
            Ok(())
        })?;
    }
    Ok(())
}

const WITHOUT_PATHS: &str = "NOT EXISTS (SELECT 1 FROM block_column WHERE block_column.id = block.id * 64 + 14)";

fn waiting(db: &Connection) -> StoreResult<Vec<u64>> {
    let mut query = db.prepare(&format!("SELECT id FROM block WHERE {WITHOUT_PATHS} ORDER BY first_row"))?;
    let ids = query.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// A block without what its paths say.
#[derive(Clone, Copy, Debug)]
struct Old {
    part: Part,
    first_row: u64,
    folded: bool,
}

impl Old {
    /// The block of that id; `None` where it is gone or has been brought up to date.
    fn read(db: &Connection, id: u64) -> StoreResult<Option<Old>> {
        let mut query =
            db.prepare_cached(&format!("SELECT rows, first_row, folded FROM block WHERE id = ?1 AND {WITHOUT_PATHS}"))?;
        let block = query.query_row([id], |row| {
            Ok(Old { part: Part { id, rows: row.get(0)? }, first_row: row.get(1)?, folded: row.get(2)? })
        });
        Ok(block.optional()?)
    }

    fn add_paths(self, db: &Connection, dictionaries: &mut Dictionaries, classifiers: &Classifiers) -> StoreResult<()> {
        let floors = Floor::read_all(db)?;
        let first_hour = Floor::first_hour(&floors, self.first_row + u64::from(self.part.rows.max(1)) - 1);
        let mut traits = DictColumn::default();
        match Rows::read(db, self.part) {
            Ok(rows) => {
                let paths = Paths::of(&rows.batch, classifiers);
                rows.add_up(db, dictionaries, &paths, Floor::alive_from(first_hour).0)?;
                traits = paths.traits;
            }
            // It is left out of answers as before.
            Err(StoreError::Corrupt { block, column, reason }) => {
                tracing::error!(block, column, reason, "what paths say in a damaged block can't be found out");
                (0..self.part.rows).for_each(|_| traits.push(&no_path()));
            }
            Err(error) => return Err(error),
        }
        let mut encoder = Encoder::codes(&traits.codes);
        encoder.ids(&dictionaries.ids(db, Dictionary::Path, &traits.values)?);
        insert_columns(db, self.part.id, &[(Column::Path, encoder.finish())])?;
        if !self.folded {
            // What it adds lacks groups: it counts as folded.
            db.prepare_cached("UPDATE block SET folded = 1 WHERE id = ?1")?.execute([self.part.id])?;
            db.prepare_cached("DELETE FROM block_column WHERE id = ?1")?
                .execute([Column::Delta.row_of(self.part.id)])?;
        }
        let groups = if self.folded { &NEW_GROUPS[..] } else { &Group::ALL };
        for hour in hours_of(db, self.part.id)?.into_iter().filter(|hour| *hour >= first_hour) {
            for group in groups {
                forget_sums(db, *group, Level::Hour, hour)?;
                forget_sums(db, *group, Level::Day, hour.div_euclid(24))?;
            }
            db.prepare_cached("INSERT OR IGNORE INTO dirty_hour (hour) VALUES (?1)")?.execute([hour])?;
        }
        Ok(())
    }
}

/// The rows of a block, as far as they are needed.
struct Rows {
    batch: Batch,
    origin_ids: Codes,
    /// Those of who is being erased.
    erased: Vec<bool>,
}

impl Rows {
    fn read(db: &Connection, part: Part) -> StoreResult<Rows> {
        let mut batch = Batch::new(SourceName::default());
        batch.time_ms = ints(db, part.id, Column::Time)?;
        batch.rest = stored_texts(db, part, Column::Rest)?;
        batch.referer = stored_texts(db, part, Column::Referer)?;
        for (dictionary, column) in [
            (Dictionary::Client, &mut batch.client),
            (Dictionary::User, &mut batch.user),
            (Dictionary::Origin, &mut batch.origin),
            (Dictionary::Agent, &mut batch.agent),
            (Dictionary::Kind, &mut batch.kind),
        ] {
            let Codes { codes, ids } = Codes::read(db, part.id, dictionary)?;
            let mut query = db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
            let mut value = |id: &u32| query.query_row([dictionary_row(dictionary, *id)], |row| row.get(0)).optional();
            // Who is being erased has no entry any more.
            let values: Vec<Option<Vec<u8>>> = ids.iter().map(&mut value).collect::<Result<_, _>>()?;
            codes.iter().for_each(|code| column.push(values[*code as usize].as_deref().unwrap_or_default()));
        }
        let rows = part.rows as usize;
        let columns = [&batch.client, &batch.user, &batch.origin, &batch.agent, &batch.kind];
        let lengths = [batch.time_ms.len(), batch.rest.ends.len(), batch.referer.ends.len()];
        if lengths.iter().any(|length| *length != rows) || columns.iter().any(|column| column.codes.len() != rows) {
            return Err(corrupt(part.id, Column::Time, "a column has not as many rows as its block"));
        }
        let origin_ids = Codes::read(db, part.id, Dictionary::Origin)?;
        Ok(Rows { batch, origin_ids, erased: erased_rows(db, part, &Erasing::read(db)?)? })
    }

    /// Adds the entropies of living rows to the totals, and notes when origins were seen.
    fn add_up(
        &self,
        db: &Connection,
        dictionaries: &mut Dictionaries,
        paths: &Paths,
        alive_from: i64,
    ) -> StoreResult<()> {
        let width_ms = Resolution::FiveMinutes.width_ms();
        let (mut totals, mut first_hours): (BTreeMap<i64, Totals>, HashMap<u32, i64>) = Default::default();
        for (row, time) in self.batch.time_ms.iter().enumerate().filter(|(_, time)| **time != ERASED) {
            let origin = self.origin_ids.ids[self.origin_ids.codes[row] as usize];
            let (hour, first) = (time.div_euclid(HOUR_MS), first_hours.entry(origin).or_insert(i64::MAX));
            *first = hour.min(*first);
            if *time >= alive_from && !self.erased[row] {
                let sums = totals.entry(time.div_euclid(width_ms)).or_default();
                sums.add_row(None, paths.entropy_millibits[row].map(u32::from));
            }
        }
        let totals: Vec<_> = totals.into_iter().collect();
        change_totals(db, &totals, Totals::add)?;
        dictionaries.make_up_for(db, &first_hours)
    }
}
