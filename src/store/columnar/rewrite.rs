//! Blocks written anew: neighbours joined into one, and rows of a block blanked. Works on a connection, without the
//! readers' caches, as what it reads is about to go.

use super::block::Dictionary;
use super::column::{Column, ERASED, Encoder, Header, Values};
use super::reader::corrupt;
use crate::model::{NOT_LOGGED, TextColumn};
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::sync::Arc;

/// A block that is to be written anew.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) id: u64,
    pub(super) rows: u32,
}

/// Rows to be blanked.
#[derive(Debug)]
pub(super) struct Blank {
    /// Of every row, whether it is to be.
    pub(super) rows: Vec<bool>,
    /// The id of the empty value, by dictionary.
    pub(super) ids: [u32; Dictionary::ALL.len()],
}

/// The columns of all blocks, one behind the other.
pub(super) fn rewritten(db: &Connection, parts: &[Part], blank: Option<&Blank>) -> StoreResult<Vec<(Column, Vec<u8>)>> {
    let is_blank = |row: usize| blank.is_some_and(|blank| blank.rows.get(row) == Some(&true));
    let mut columns = Vec::new();
    for column in [Column::Time, Column::TimeTaken, Column::Bytes] {
        let mut values: Vec<i64> = Vec::new();
        for part in parts {
            values.extend(ints(db, part.id, column)?);
        }
        if blank.is_some() {
            let nothing = if column == Column::Time { ERASED } else { 0 };
            values.iter_mut().enumerate().filter(|(row, _)| is_blank(*row)).for_each(|(_, value)| *value = nothing);
        }
        let encoder = match column {
            Column::Time => Encoder::times(&values),
            Column::TimeTaken => Encoder::signed(&values),
            _ => Encoder::unsigned(&values.into_iter().map(|value| value as u64).collect::<Vec<_>>()),
        };
        columns.push((column, encoder.finish()));
    }
    let mut cs_bytes: Vec<i64> = Vec::new();
    for part in parts {
        let stored = ints(db, part.id, Column::CsBytes)?;
        let missing = if stored.is_empty() { part.rows as usize } else { 0 };
        cs_bytes.extend(stored);
        cs_bytes.extend(std::iter::repeat_n(NOT_LOGGED, missing));
    }
    cs_bytes.iter_mut().enumerate().filter(|(row, _)| is_blank(*row)).for_each(|(_, value)| *value = NOT_LOGGED);
    if cs_bytes.iter().any(|bytes| *bytes != NOT_LOGGED) {
        columns.push((Column::CsBytes, Encoder::signed(&cs_bytes).finish()));
    }
    for dictionary in Dictionary::ALL {
        columns.push((dictionary.column(), rewritten_codes(db, parts, dictionary, blank)?));
    }
    for column in [Column::Rest, Column::Referer, Column::Extra] {
        let mut texts = TextColumn::default();
        for part in parts {
            let stored = stored_texts(db, *part, column)?;
            for row in 0..stored.ends.len() {
                texts.push(if is_blank(texts.ends.len()) { b"" } else { stored.get(row) });
            }
        }
        if column == Column::Rest || !texts.bytes.is_empty() {
            columns.push((column, Encoder::texts(&texts).finish()));
        }
    }
    let (mut kept, mut before) = (Vec::new(), 0);
    for part in parts {
        for frame in frames(db, part.id, Column::Raw)?.unwrap_or_default() {
            let Values::Sparse(rows, texts) = frame else { return Err(corrupt(part.id, Column::Raw, "not texts")) };
            let entries = rows.iter().enumerate().map(|(at, row)| (before + row, at));
            let living = entries.filter(|(row, _)| !is_blank(*row as usize));
            kept.extend(living.map(|(row, at)| (row, texts.get(at).into())));
        }
        before += part.rows;
    }
    if !kept.is_empty() {
        columns.push((Column::Raw, Encoder::sparse(&kept).finish()));
    }
    Ok(columns)
}

/// A column of codes; ids that only blanked rows had are not among its ids any more.
fn rewritten_codes(
    db: &Connection,
    parts: &[Part],
    dictionary: Dictionary,
    blank: Option<&Blank>,
) -> StoreResult<Vec<u8>> {
    let (mut code_of, mut ids, mut codes) = (HashMap::new(), Vec::new(), Vec::new());
    let mut code = |id: u32| {
        *code_of.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len() as u32 - 1
        })
    };
    for part in parts {
        let stored = Codes::read(db, part.id, dictionary)?;
        // Found once for each of the block's ids.
        let mut translated: Vec<Option<u32>> = vec![None; stored.ids.len()];
        for stored_code in &stored.codes {
            match blank.filter(|blank| blank.rows.get(codes.len()) == Some(&true)) {
                Some(blank) => codes.push(code(blank.ids[dictionary as usize])),
                None => {
                    let at = *stored_code as usize;
                    codes.push(*translated[at].get_or_insert_with(|| code(stored.ids[at])));
                }
            }
        }
    }
    let mut encoder = Encoder::codes(&codes);
    encoder.ids(&ids);
    Ok(encoder.finish())
}

/// A stored column of codes; every code has an id.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) codes: Vec<u32>,
    pub(super) ids: Arc<[u32]>,
}

impl Codes {
    pub(super) fn read(db: &Connection, block: u64, dictionary: Dictionary) -> StoreResult<Codes> {
        let column = dictionary.column();
        let mut parts = frames(db, block, column)?.unwrap_or_default();
        let Some(Values::Codes(ids)) = parts.pop() else { return Err(corrupt(block, column, "the ids are missing")) };
        let mut codes = Vec::new();
        for part in parts {
            let Values::Codes(part) = part else { return Err(corrupt(block, column, "not codes")) };
            codes.extend_from_slice(&part);
        }
        if codes.iter().any(|code| *code as usize >= ids.len()) {
            return Err(corrupt(block, column, "a code has no id"));
        }
        Ok(Codes { codes, ids })
    }
}

/// A stored column of integers; none where the block has no such column.
pub(super) fn ints(db: &Connection, block: u64, column: Column) -> StoreResult<Vec<i64>> {
    let mut values = Vec::new();
    for frame in frames(db, block, column)?.unwrap_or_default() {
        let Values::Ints(ints) = frame else { return Err(corrupt(block, column, "not integers")) };
        values.extend_from_slice(&ints);
    }
    Ok(values)
}

/// A stored column of texts; empty ones where the block has no such column.
pub(super) fn stored_texts(db: &Connection, part: Part, column: Column) -> StoreResult<TextColumn> {
    let mut texts = TextColumn::default();
    let Some(frames) = frames(db, part.id, column)? else {
        (0..part.rows).for_each(|_| texts.push(b""));
        return Ok(texts);
    };
    for frame in frames {
        let Values::Texts(stored) = frame else { return Err(corrupt(part.id, column, "not texts")) };
        (0..stored.ends.len()).for_each(|row| texts.push(stored.get(row)));
    }
    Ok(texts)
}

/// Every frame of a column, decoded; `None` where the block has no such column.
fn frames(db: &Connection, block: u64, column: Column) -> StoreResult<Option<Vec<Values>>> {
    let mut query = db.prepare_cached("SELECT data FROM block_column WHERE id = ?1")?;
    let stored: Option<Vec<u8>> = query.query_row([column.row_of(block)], |row| row.get(0)).optional()?;
    let Some(stored) = stored else { return Ok(None) };
    let decode = || {
        let header = Header::read(&stored)?;
        (0..header.frames.len())
            .map(|frame| header.decode(frame, stored.get(header.span(frame)?).ok_or("a column is too short")?))
            .collect::<Result<Vec<_>, _>>()
    };
    decode().map(Some).map_err(|reason| corrupt(block, column, reason))
}
