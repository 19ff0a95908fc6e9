//! Compaction: neighbouring small blocks, as a live tail leaves them, become one; row numbers stay. Blocks are joined
//! by size class, so that a row is rewritten a few times at most. Only folded blocks are joined, and never across the
//! row up to which a retention floor reaches.

use super::block::Dictionary;
use super::column::{Column, Encoder, Header, Values};
use super::reader::corrupt;
use super::snapshot::{Floor, read_hours};
use super::writer::{Shape, Writer, delete_block, insert_block, insert_columns};
use crate::model::{MAX_BLOCK_ROWS, TextColumn};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A joined block holds no more text than this, in bytes: joining has it all in memory.
const MAX_TEXT_BYTES: u64 = 32 << 20;
/// As many neighbours of one size class are joined.
const SAME_CLASS: usize = 8;
/// As many small neighbours are joined whatever their sizes.
const ANY_CLASS: usize = 64;

#[derive(Clone, Debug)]
struct Small {
    id: u64,
    first_row: u64,
    rows: u32,
    text_bytes: u64,
    hours: Vec<(i64, u32)>,
}

/// Joins one run of neighbours if there is one; answers whether there was. A damaged block stays as it is.
pub(super) fn compact(writer: &mut Writer) -> StoreResult<bool> {
    let damaged = writer.damaged.clone();
    if find_run(&writer.db, &damaged)?.is_none() {
        return Ok(false);
    }
    let joined = writer.change(|db, _, state| {
        // Looked for again inside the transaction: another process may have been faster.
        let Some(run) = find_run(db, &damaged)? else { return Ok(()) };
        let columns = join(db, &run)?;
        let mut hours: BTreeMap<i64, u32> = BTreeMap::new();
        run.iter().flat_map(|block| &block.hours).for_each(|(hour, rows)| *hours.entry(*hour).or_default() += rows);
        let hours: Vec<_> = hours.into_iter().collect();
        let shape = Shape {
            first_row: run[0].first_row,
            rows: run.iter().map(|block| block.rows).sum(),
            text_bytes: run.iter().map(|block| block.text_bytes).sum(),
        };
        for block in &run {
            delete_block(db, block.id)?;
        }
        insert_block(db, state.next_block, shape, true, &hours)?;
        insert_columns(db, state.next_block, &columns)?;
        state.next_block += 1;
        state.epoch += 1;
        Ok(())
    });
    match joined {
        Err(StoreError::Corrupt { block, column, reason }) => {
            tracing::error!(block, column, reason, "a damaged block is not joined with its neighbours");
            writer.damaged.insert(block);
            Ok(true)
        }
        other => other.map(|()| true),
    }
}

fn find_run(db: &Connection, damaged: &HashSet<u64>) -> StoreResult<Option<Vec<Small>>> {
    let floors = Floor::read_all(db)?;
    let mut query =
        db.prepare_cached("SELECT id, first_row, rows, folded, hours, text_bytes FROM block ORDER BY first_row")?;
    let mut found = query.query([])?;
    let mut run: Vec<Small> = Vec::new();
    while let Some(row) = found.next()? {
        let folded: bool = row.get(3)?;
        let hours = read_hours(row.get_ref(4)?.as_blob().unwrap_or_default());
        let block = Small {
            id: row.get(0)?,
            first_row: row.get(1)?,
            rows: row.get(2)?,
            text_bytes: row.get(5)?,
            hours: hours.clone().unwrap_or_default(),
        };
        let small =
            folded && (block.rows as usize) < MAX_BLOCK_ROWS / 2 && hours.is_ok() && !damaged.contains(&block.id);
        let joins = run.last().is_none_or(|last| {
            let last_row = last.first_row + u64::from(last.rows) - 1;
            last_row + 1 == block.first_row && !floors.iter().any(|floor| floor.row == last_row)
        });
        if !small || !joins {
            if let Some(ready) = ready(&run) {
                return Ok(Some(ready));
            }
            run.clear();
        }
        if small {
            run.push(block);
            if let Some(ready) = ready(&run) {
                return Ok(Some(ready));
            }
        }
    }
    Ok(None)
}

/// The part of a run of small neighbours that is to be joined now.
fn ready(run: &[Small]) -> Option<Vec<Small>> {
    let class = |block: &Small| block.rows.max(1).ilog(8);
    let fits = |part: &[Small]| {
        part.iter().map(|block| block.rows as usize).sum::<usize>() <= MAX_BLOCK_ROWS
            && part.iter().map(|block| block.text_bytes).sum::<u64>() <= MAX_TEXT_BYTES
    };
    let same = run.len().checked_sub(SAME_CLASS).map(|start| &run[start..]);
    let same = same.filter(|part| part.iter().all(|block| class(block) == class(&part[0])) && fits(part));
    let any = run.len().checked_sub(ANY_CLASS).map(|start| &run[start..]).filter(|part| fits(part));
    // Half a block from whatever fits: neighbours that will never find enough of their own class.
    let start = (0..run.len()).find(|start| fits(&run[*start..])).unwrap_or(run.len());
    let full = Some(&run[start..]).filter(|part| {
        let rows = part.iter().map(|block| block.rows as usize).sum::<usize>();
        let text_bytes = part.iter().map(|block| block.text_bytes).sum::<u64>();
        part.len() > 1 && (rows >= MAX_BLOCK_ROWS / 2 || text_bytes >= MAX_TEXT_BYTES / 2)
    });
    same.or(any).or(full).map(<[Small]>::to_vec)
}

/// The columns of all blocks, one behind the other.
fn join(db: &Connection, run: &[Small]) -> StoreResult<Vec<(Column, Vec<u8>)>> {
    let mut columns = Vec::new();
    for column in [Column::Time, Column::TimeTaken, Column::Bytes] {
        let mut values: Vec<i64> = Vec::new();
        for block in run {
            for frame in frames(db, block, column)?.unwrap_or_default() {
                let Values::Ints(ints) = frame else { return Err(corrupt(block.id, column, "not integers")) };
                values.extend_from_slice(&ints);
            }
        }
        let encoder = match column {
            Column::Time => Encoder::times(&values),
            Column::TimeTaken => Encoder::signed(&values),
            _ => Encoder::unsigned(&values.into_iter().map(|value| value as u64).collect::<Vec<_>>()),
        };
        columns.push((column, encoder.finish()));
    }
    for dictionary in Dictionary::ALL {
        columns.push((dictionary.column(), join_codes(db, run, dictionary.column())?));
    }
    for column in [Column::Rest, Column::Referer] {
        let mut texts = TextColumn::default();
        for block in run {
            match frames(db, block, column)? {
                None => (0..block.rows).for_each(|_| texts.push(b"")),
                Some(frames) => {
                    for frame in frames {
                        let Values::Texts(part) = frame else { return Err(corrupt(block.id, column, "not texts")) };
                        (0..part.ends.len()).for_each(|row| texts.push(part.get(row)));
                    }
                }
            }
        }
        if column == Column::Rest || !texts.bytes.is_empty() {
            columns.push((column, Encoder::texts(&texts).finish()));
        }
    }
    let (mut kept, mut before) = (Vec::new(), 0);
    for block in run {
        for frame in frames(db, block, Column::Raw)?.unwrap_or_default() {
            let Values::Sparse(rows, texts) = frame else { return Err(corrupt(block.id, Column::Raw, "not texts")) };
            kept.extend(rows.iter().enumerate().map(|(at, row)| (before + row, texts.get(at).into())));
        }
        before += block.rows;
    }
    if !kept.is_empty() {
        columns.push((Column::Raw, Encoder::sparse(&kept).finish()));
    }
    Ok(columns)
}

fn join_codes(db: &Connection, run: &[Small], column: Column) -> StoreResult<Vec<u8>> {
    let (mut code_of, mut ids, mut codes) = (HashMap::new(), Vec::new(), Vec::new());
    for block in run {
        let mut frames = frames(db, block, column)?.unwrap_or_default();
        let (Some(Values::Codes(block_ids)), parts) = (frames.pop(), frames) else {
            return Err(corrupt(block.id, column, "the ids are missing"));
        };
        let translated: Vec<u32> = block_ids
            .iter()
            .map(|id| {
                *code_of.entry(*id).or_insert_with(|| {
                    ids.push(*id);
                    ids.len() as u32 - 1
                })
            })
            .collect();
        for part in parts {
            let Values::Codes(part) = part else { return Err(corrupt(block.id, column, "not codes")) };
            for code in part.iter() {
                let code =
                    translated.get(*code as usize).ok_or_else(|| corrupt(block.id, column, "a code has no id"))?;
                codes.push(*code);
            }
        }
    }
    let mut encoder = Encoder::codes(&codes);
    encoder.ids(&ids);
    Ok(encoder.finish())
}

/// Every frame of a column, decoded; `None` where the block has no such column.
fn frames(db: &Connection, block: &Small, column: Column) -> StoreResult<Option<Vec<Values>>> {
    let mut query = db.prepare_cached("SELECT data FROM block_column WHERE id = ?1")?;
    let stored: Option<Vec<u8>> = query.query_row([column.row_of(block.id)], |row| row.get(0)).optional()?;
    let Some(stored) = stored else { return Ok(None) };
    let decode = || {
        let header = Header::read(&stored)?;
        (0..header.frames.len())
            .map(|frame| header.decode(frame, stored.get(header.span(frame)?).ok_or("a column is too short")?))
            .collect::<Result<Vec<_>, _>>()
    };
    decode().map(Some).map_err(|reason| corrupt(block.id, column, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rows: &[u32]) -> Vec<Small> {
        rows.iter().map(|rows| Small { id: 1, first_row: 1, rows: *rows, text_bytes: 9, hours: Vec::new() }).collect()
    }

    #[test]
    fn neighbours_are_joined_by_size_class_and_never_beyond_a_block() {
        for (sizes, joined) in [
            (vec![100; 7], None),
            (vec![100; 8], Some(8)),
            ([vec![800], vec![100; 7]].concat(), None),
            ([vec![800], vec![100; 8]].concat(), Some(8)),
            (vec![30_000; 2], Some(2)),
            (vec![30_000, 10_000], Some(2)),
            (vec![20_000, 10_000], None),
            ([900, 5_000].repeat(6), Some(12)),
            (vec![14_000; 3], Some(3)),
            (vec![1, 700, 3, 90, 9000, 12, 1], None),
            ([1, 70].repeat(32), Some(64)),
        ] {
            assert_eq!(ready(&run(&sizes)).map(|part| part.len()), joined, "{sizes:?}");
        }
    }
}
