//! Scoring rows anew, a block in a transaction: only the column of verdicts changes. The block gets another number, under
//! which its other columns are kept as they are, so that readers never see half of a change. Sums by verdict are put
//! together anew in the background.

use super::ColumnarStore;
use super::block::Dictionary;
use super::column::{Column, Encoder};
use super::dictionary::{Dictionaries, dictionary_row};
use super::filter::Resolved;
use super::page::rows;
use super::reader::Session;
use super::rewrite::Codes;
use super::rollup::Group;
use super::select::scan;
use super::snapshot::State;
use super::upgrade::Old;
use super::verdicts;
use super::writer::insert_columns;
use crate::model::{Event, Interner, RowId, Severity, TimeRange, Verdict};
use crate::store::{Rescored, StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, params};

/// Rows that are looked at together.
const ROWS_AT_ONCE: usize = 4096;

/// Scores the rows of the next block behind `after` anew; `None` where there is none.
pub(super) fn rescore(
    store: &ColumnarStore,
    after: RowId,
    scorer: &mut dyn FnMut(&Event, &mut Vec<u8>),
) -> StoreResult<Option<Rescored>> {
    loop {
        let Some(scored) = store.ask(|session| Scored::next(session, store, after, scorer))? else { return Ok(None) };
        let replaced = store.writer.lock().change(|db, dictionaries, state| scored.replace(db, dictionaries, state));
        match replaced? {
            Some(changed) => return Ok(Some(Rescored { up_to: scored.last_row, rows: scored.rows, changed })),
            // It was written anew meanwhile.
            None => continue,
        }
    }
}

/// A block's rows with what rules say of them.
struct Scored {
    block: u64,
    last_row: RowId,
    rows: u64,
    values: Interner,
    /// By row, the code of its value; `None` of rows that are gone.
    codes: Vec<Option<u32>>,
}

impl Scored {
    fn next(
        session: &Session<'_>,
        store: &ColumnarStore,
        after: RowId,
        scorer: &mut dyn FnMut(&Event, &mut Vec<u8>),
    ) -> StoreResult<Option<Scored>> {
        let behind = session.snapshot.blocks.iter().filter(|block| block.last_row() > after);
        let Some(block) = behind.min_by_key(|block| block.first_row) else { return Ok(None) };
        let mut living = Vec::new();
        let found = scan(session, block, &Resolved::within(TimeRange::ALL), TimeRange::ALL, |row, _| living.push(row));
        let mut scored = Scored {
            block: block.id,
            last_row: block.last_row(),
            rows: 0,
            values: Interner::default(),
            codes: vec![None; block.rows as usize],
        };
        match found {
            // A damaged block is left out of this as of everything.
            Err(StoreError::Corrupt { .. }) => return Ok(Some(scored)),
            other => other?,
        }
        let (mut verdict, mut value) = (Vec::new(), Vec::new());
        for part in living.chunks(ROWS_AT_ONCE) {
            let ids: Vec<RowId> = part.iter().map(|row| block.first_row + u64::from(*row)).collect();
            for (row, event) in part.iter().zip(rows(session, &store.filters, &ids)?) {
                verdict.clear();
                scorer(&event, &mut verdict);
                let severity = Severity::of_row(event.outcome(), Verdict::read(&verdict).as_ref());
                verdicts::write(severity, &verdict, &mut value);
                scored.codes[*row as usize] = Some(scored.values.intern(&value));
                scored.rows += 1;
            }
        }
        Ok(Some(scored))
    }

    /// Puts the new verdicts in place of those there were; answers how many differ, `None` where the block is gone.
    fn replace(&self, db: &Connection, dictionaries: &mut Dictionaries, state: &mut State) -> StoreResult<Option<u64>> {
        let Some(old) = Old::of(db, self.block)? else { return Ok(None) };
        let before = match Codes::read(db, self.block, Dictionary::Verdict) {
            Ok(before) if before.codes.len() == self.codes.len() => before,
            Ok(_) | Err(StoreError::Corrupt { .. }) => return Ok(Some(0)),
            Err(error) => return Err(error),
        };
        let mut value = db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
        let mut known = Vec::with_capacity(before.ids.len());
        for id in before.ids.iter() {
            let row = dictionary_row(Dictionary::Verdict, *id);
            known.push(value.query_row([row], |row| row.get::<_, Vec<u8>>(0)).optional()?);
        }
        let differs =
            |row: usize, code: u32| known[before.codes[row] as usize].as_deref() != Some(self.values.get(code));
        let living = self.codes.iter().enumerate().filter_map(|(row, code)| Some((row, (*code)?)));
        let changed = living.filter(|(row, code)| differs(*row, *code)).count() as u64;
        if changed == 0 {
            return Ok(Some(0));
        }
        let mut ids = dictionaries.ids(db, Dictionary::Verdict, &self.values)?;
        let new_codes = ids.len() as u32;
        ids.extend_from_slice(&before.ids);
        let codes = self.codes.iter().zip(&before.codes).map(|(code, before)| code.unwrap_or(new_codes + before));
        let mut encoder = Encoder::codes(&codes.collect::<Vec<_>>());
        encoder.ids(&ids);
        old.forget_sums(db, &[Group::Verdict])?;
        db.prepare_cached("DELETE FROM block_column WHERE id = ?1")?.execute([Column::Verdict.row_of(self.block)])?;
        let (first, last) = (Column::Time.row_of(self.block), Column::Delta.row_of(self.block));
        let between = Column::Time.row_of(state.next_block) - first;
        db.prepare_cached("UPDATE block_column SET id = id + ?1 WHERE id BETWEEN ?2 AND ?3")?
            .execute([between, first, last])?;
        db.prepare_cached("UPDATE block SET id = ?1 WHERE id = ?2")?.execute(params![state.next_block, self.block])?;
        insert_columns(db, state.next_block, &[(Column::Verdict, encoder.finish())])?;
        state.next_block += 1;
        state.version += 1;
        state.epoch += 1;
        Ok(Some(changed))
    }
}
