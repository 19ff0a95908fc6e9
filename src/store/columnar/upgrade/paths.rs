//! Blocks written before layout 4, which have no column of what paths say. What they add to the totals is added with it.
//! Their rollups are taken for unknown where they lack a group, and put together anew in the background.
//!
//! How many bytes came from clients is not found out for them: they stay without.

use super::Old;
use crate::model::{Batch, Classifiers, DictColumn, HOUR_MS, Resolution, SourceName, Totals};
use crate::store::columnar::blank::erased_rows;
use crate::store::columnar::block::Dictionary;
use crate::store::columnar::column::{Column, ERASED, Encoder};
use crate::store::columnar::dictionary::{Dictionaries, dictionary_row};
use crate::store::columnar::paths::{Paths, no_path};
use crate::store::columnar::reader::corrupt;
use crate::store::columnar::rewrite::{Codes, Part, ints, stored_texts};
use crate::store::columnar::rollup::Group;
use crate::store::columnar::snapshot::{Erasing, Floor};
use crate::store::columnar::writer::{Writer, change_totals, insert_columns};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashMap};

/// Groups that rollups have not had before.
const NEW_GROUPS: [Group; 3] = [Group::Path, Group::Source, Group::Agent];

pub(super) fn upgrade(writer: &mut Writer, classifiers: &Classifiers) -> StoreResult<()> {
    let blocks = Old::waiting(&writer.db, Column::Path)?;
    if blocks.is_empty() {
        return Ok(());
    }
    tracing::info!(blocks = blocks.len(), "reading what paths say in blocks of an earlier layout; this happens once");
    for block in blocks {
        writer.change(|db, dictionaries, state| {
            // Another process may have been faster.
            if let Some(block) = Old::read(db, block, Column::Path)? {
                add_paths(block, db, dictionaries, classifiers)?;
                block.forget_sums(db, &NEW_GROUPS)?;
                state.version += 1;
                state.epoch += 1;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn add_paths(
    block: Old,
    db: &Connection,
    dictionaries: &mut Dictionaries,
    classifiers: &Classifiers,
) -> StoreResult<()> {
    let (mut traits, rows) = (DictColumn::default(), block.part.rows);
    match Rows::read(db, block.part) {
        Ok(read) => {
            let paths = Paths::of(&read.batch, classifiers);
            read.add_up(db, dictionaries, &paths, Floor::alive_from(block.first_hour).0)?;
            traits = paths.traits;
        }
        // It is left out of answers as before.
        Err(StoreError::Corrupt { block, column, reason }) => {
            tracing::error!(block, column, reason, "what paths say in a damaged block can't be found out");
            (0..rows).for_each(|_| traits.push(&no_path()));
        }
        Err(error) => return Err(error),
    }
    let mut encoder = Encoder::codes(&traits.codes);
    encoder.ids(&dictionaries.ids(db, Dictionary::Path, &traits.values)?);
    insert_columns(db, block.part.id, &[(Column::Path, encoder.finish())])
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
