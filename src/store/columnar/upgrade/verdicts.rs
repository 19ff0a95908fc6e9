//! Blocks written before rows were scored: how bad their rows are is told by the outcome alone. What rules say of them is
//! found out by scoring them anew, not here.

use super::Old;
use crate::model::{Interner, Severity};
use crate::store::columnar::block::{Dictionary, kind_outcome};
use crate::store::columnar::column::{Column, Encoder};
use crate::store::columnar::dictionary::{Dictionaries, dictionary_row};
use crate::store::columnar::fold::{forget_sums, write_sums};
use crate::store::columnar::rewrite::Codes;
use crate::store::columnar::rollup::{Entries, Group, Level, merge_sorted, rollup_row};
use crate::store::columnar::sums::read_groups;
use crate::store::columnar::verdicts;
use crate::store::columnar::writer::{Writer, insert_columns};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

pub(super) fn upgrade(writer: &mut Writer) -> StoreResult<()> {
    for block in Old::waiting(&writer.db, Column::Verdict)? {
        writer.change(|db, dictionaries, state| {
            // Another process may have been faster.
            if let Some(block) = Old::read(db, block, Column::Verdict)? {
                add_verdicts(block, db, dictionaries)?;
                block.forget_sums(db, &[])?;
                state.version += 1;
                state.epoch += 1;
            }
            Ok(())
        })?;
    }
    if !without_sums(&writer.db)?.is_empty() {
        writer.change(|db, dictionaries, state| {
            state.epoch += 1;
            let mut values = Values::default();
            without_sums(db)?
                .into_iter()
                .try_for_each(|(level, bucket)| add_sums(db, dictionaries, &mut values, level, bucket))
        })?;
    }
    Ok(())
}

fn add_verdicts(block: Old, db: &Connection, dictionaries: &mut Dictionaries) -> StoreResult<()> {
    let mut values = Values::default();
    let (codes, ids) = match Codes::read(db, block.part.id, Dictionary::Kind) {
        Ok(kinds) if kinds.codes.len() == block.part.rows as usize => {
            let ids = kinds.ids.iter().map(|kind| values.of_kind(db, dictionaries, *kind));
            (kinds.codes, ids.collect::<StoreResult<Vec<u32>>>()?)
        }
        // It is left out of answers as before.
        Ok(_) | Err(StoreError::Corrupt { .. }) => {
            tracing::error!(block = block.part.id, "how bad the rows of a damaged block are can't be found out");
            (vec![0; block.part.rows as usize], vec![values.of_severity(db, dictionaries, Severity::Informational)?])
        }
        Err(error) => return Err(error),
    };
    let mut encoder = Encoder::codes(&codes);
    encoder.ids(&ids);
    insert_columns(db, block.part.id, &[(Column::Verdict, encoder.finish())])
}

/// Buckets that have sums of kinds and none of verdicts.
fn without_sums(db: &Connection) -> StoreResult<Vec<(Level, i64)>> {
    let mut found = Vec::new();
    for level in [Level::Hour, Level::Day] {
        let zero = rollup_row(Group::Kind, level, 0);
        let between = rollup_row(Group::Verdict, level, 0) - zero;
        let mut query = db.prepare_cached(
            "SELECT id FROM rollup WHERE id BETWEEN ?1 AND ?2
             AND NOT EXISTS (SELECT 1 FROM rollup AS other WHERE other.id = rollup.id + ?3)",
        )?;
        let mut rows = query.query([zero - (1 << 39), zero + (1 << 39) - 1, between])?;
        while let Some(row) = rows.next()? {
            found.push((level, row.get::<_, i64>(0)? - zero));
        }
    }
    Ok(found)
}

/// The sums of a bucket by severity, from those by kind.
fn add_sums(
    db: &Connection,
    dictionaries: &mut Dictionaries,
    values: &mut Values,
    level: Level,
    bucket: i64,
) -> StoreResult<()> {
    let mut query = db.prepare_cached("SELECT data FROM rollup WHERE id = ?1")?;
    let stored: Vec<u8> = query.query_row([rollup_row(Group::Kind, level, bucket)], |row| row.get(0))?;
    let mut kinds = Entries::new();
    if read_groups(&stored, |kind, measure| kinds.push((kind, measure))).is_err() {
        return forget_sums(db, Group::Verdict, level, bucket);
    }
    let mut sums = Entries::new();
    for (kind, measure) in kinds {
        sums.push((values.of_kind(db, dictionaries, kind)?, measure));
    }
    write_sums(db, Group::Verdict, level, bucket, merge_sorted(sums))
}

/// The ids of rows that were not scored, by kind and by severity.
#[derive(Default)]
struct Values {
    by_kind: HashMap<u32, u32>,
    by_severity: HashMap<Severity, u32>,
}

impl Values {
    fn of_kind(&mut self, db: &Connection, dictionaries: &mut Dictionaries, kind: u32) -> StoreResult<u32> {
        if let Some(known) = self.by_kind.get(&kind) {
            return Ok(*known);
        }
        let mut query = db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
        // Who is being erased has no entry any more.
        let value: Option<Vec<u8>> =
            query.query_row([dictionary_row(Dictionary::Kind, kind)], |row| row.get(0)).optional()?;
        let severity = value.map_or(Severity::Informational, |value| Severity::of(kind_outcome(&value)));
        let id = self.of_severity(db, dictionaries, severity)?;
        self.by_kind.insert(kind, id);
        Ok(id)
    }

    fn of_severity(
        &mut self,
        db: &Connection,
        dictionaries: &mut Dictionaries,
        severity: Severity,
    ) -> StoreResult<u32> {
        if let Some(known) = self.by_severity.get(&severity) {
            return Ok(*known);
        }
        let (mut value, mut values) = (Vec::new(), Interner::default());
        verdicts::write(severity, b"", &mut value);
        values.intern(&value);
        let id = dictionaries.ids(db, Dictionary::Verdict, &values)?.first().copied().unwrap_or_default();
        self.by_severity.insert(severity, id);
        Ok(id)
    }
}
