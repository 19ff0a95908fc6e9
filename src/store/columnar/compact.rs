//! Compaction: neighbouring small blocks, as a live tail leaves them, become one; row numbers stay. Blocks are joined
//! by size class, so that a row is rewritten a few times at most. Only folded blocks are joined, and never across the
//! row up to which a retention floor reaches.

use super::rewrite::{Part, rewritten};
use super::snapshot::{Floor, read_hours};
use super::writer::{Shape, Writer, delete_block, insert_block, insert_columns};
use crate::model::MAX_BLOCK_ROWS;
use crate::store::{StoreError, StoreResult};
use rusqlite::Connection;
use std::collections::{BTreeMap, HashSet};

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
        let parts: Vec<_> = run.iter().map(|block| Part { id: block.id, rows: block.rows }).collect();
        let columns = rewritten(db, &parts, None)?;
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
