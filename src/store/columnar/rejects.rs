//! Rejected lines: their way in, of which a source keeps so many, a page of them, counts by source and reason, and the
//! removal of those that were read again or name somebody.

use super::reader::Session;
use crate::model::{
    Kept, Order, Reject, RejectCount, RejectPage, RejectQuery, RejectReason, RejectedLine, SourceName, StoredReject,
    Subject,
};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;

fn reason(name: &str) -> Option<RejectReason> {
    RejectReason::ALL.into_iter().find(|reason| reason.name() == name)
}

/// How many lines there are, how many of them are kept, and what those take.
#[derive(Clone, Copy, Default)]
struct Lines {
    lines: u64,
    kept: u64,
    kept_bytes: u64,
}

/// Counts lines of a source and `more`, and keeps those lines there is room for.
pub(super) fn insert(
    db: &Connection,
    source: &SourceName,
    rejects: &[Reject],
    more: &BTreeMap<RejectReason, u64>,
) -> StoreResult<()> {
    if rejects.is_empty() {
        return Ok(());
    }
    let (mut kept, mut kept_bytes): (u64, u64) = db
        .prepare_cached(
            "SELECT coalesce(sum(kept), 0), coalesce(sum(kept_bytes), 0) FROM reject_count WHERE source = ?1",
        )?
        .query_row([&source.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let source_id = source_id(db, source)?;
    let mut insert =
        db.prepare_cached("INSERT INTO reject (source, reason, offset, kept, line) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut counts: BTreeMap<&str, Lines> = BTreeMap::new();
    for reject in rejects {
        let bytes = reject.bytes.len() as u64;
        let count = counts.entry(reject.reason.name()).or_default();
        count.lines += 1;
        if kept < Reject::MOST_LINES && kept_bytes + bytes <= Reject::MOST_BYTES {
            insert.execute(params![
                source_id,
                reject.reason.name(),
                reject.offset,
                reject.kept as u8,
                &reject.bytes[..]
            ])?;
            count.kept += 1;
            count.kept_bytes += bytes;
            kept += 1;
            kept_bytes += bytes;
        }
    }
    for (reason, lines) in more {
        counts.entry(reason.name()).or_default().lines += lines;
    }
    let mut add = db.prepare_cached(
        "INSERT INTO reject_count (source, reason, lines, kept, kept_bytes) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (source, reason) DO UPDATE SET lines = lines + excluded.lines, kept = kept + excluded.kept,
             kept_bytes = kept_bytes + excluded.kept_bytes",
    )?;
    for (reason, Lines { lines, kept, kept_bytes }) in counts {
        add.execute(params![source.name, reason, lines, kept, kept_bytes])?;
    }
    Ok(())
}

fn source_id(db: &Connection, source: &SourceName) -> StoreResult<i64> {
    let SourceName { name, host, format } = source;
    let known = db
        .prepare_cached("SELECT id FROM reject_source WHERE name = ?1 AND host = ?2 AND format = ?3")?
        .query_row([name, host, format], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO reject_source (name, host, format) VALUES (?1, ?2, ?3)")?
        .execute([name, host, format])?;
    Ok(db.last_insert_rowid())
}

pub(super) fn counts(session: &Session<'_>) -> StoreResult<Vec<RejectCount>> {
    let mut query = session.db.prepare_cached("SELECT source, reason, lines, kept FROM reject_count")?;
    let mut rows = query.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(reason) = reason(&row.get::<_, String>(1)?) {
            counts.push(RejectCount { source: row.get(0)?, reason, lines: row.get(2)?, kept: row.get(3)? });
        }
    }
    counts.sort_unstable();
    Ok(counts)
}

pub(super) fn page(session: &Session<'_>, asked: &RejectQuery) -> StoreResult<RejectPage> {
    let (behind, direction, start) = match asked.order {
        Order::Descending => ("<", "DESC", i64::MAX),
        Order::Ascending => (">", "ASC", 0),
    };
    let mut query = session.db.prepare_cached(&format!(
        "SELECT reject.id, name, host, format, reason, offset, kept, line
         FROM reject CROSS JOIN reject_source ON reject_source.id = reject.source
         WHERE reject.id {behind} ?1 ORDER BY reject.id {direction}"
    ))?;
    let after = asked.after.map_or(start, |after| i64::try_from(after).unwrap_or(i64::MAX));
    let mut rows = query.query([after])?;
    let mut page = RejectPage::default();
    while let Some(row) = rows.next()? {
        let Some(reason) = reason(&row.get::<_, String>(4)?) else { continue };
        if !asked.accepts(row.get_ref(1)?.as_str().unwrap_or_default(), reason) {
            continue;
        }
        if page.rows.len() == asked.limit {
            page.next = page.rows.last().map(|last| last.id);
            break;
        }
        page.rows.push(stored(row, reason)?);
    }
    Ok(page)
}

fn stored(row: &Row<'_>, reason: RejectReason) -> StoreResult<StoredReject> {
    Ok(StoredReject {
        id: row.get(0)?,
        source: SourceName { name: row.get(1)?, host: row.get(2)?, format: row.get(3)? },
        reason,
        offset: row.get(5)?,
        // What this build doesn't know is not taken for a whole line.
        kept: Kept::ALL.get(row.get::<_, usize>(6)?).copied().unwrap_or(Kept::Shape),
        line: RejectedLine::new(row.get::<_, Vec<u8>>(7)?),
    })
}

/// Removes lines, and counts them no more.
///
/// # Errors
/// [`StoreError::Overtaken`] when one is not there.
pub(super) fn remove(db: &Connection, ids: &[u64]) -> StoreResult<()> {
    let mut delete = db.prepare_cached(
        "DELETE FROM reject WHERE id = ?1
         RETURNING (SELECT name FROM reject_source WHERE id = reject.source), reason, length(line)",
    )?;
    let mut gone: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for id in ids {
        let line: Option<(String, String, u64)> =
            delete.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let (source, reason, bytes) = line.ok_or(StoreError::Overtaken)?;
        let count = gone.entry((source, reason)).or_default();
        count.0 += 1;
        count.1 += bytes;
    }
    let mut subtract = db.prepare_cached(
        "UPDATE reject_count SET lines = lines - ?3, kept = kept - ?3, kept_bytes = kept_bytes - ?4
         WHERE source = ?1 AND reason = ?2",
    )?;
    for ((source, reason), (lines, bytes)) in gone {
        subtract.execute(params![source, reason, lines, bytes])?;
    }
    db.execute("DELETE FROM reject_count WHERE lines <= 0", [])?;
    Ok(())
}

/// Removes the lines that name the subject, and counts them no more; answers how many there were.
pub(super) fn remove_naming(db: &Connection, subject: &Subject) -> StoreResult<u64> {
    let search = subject.search();
    let mut query = db.prepare_cached("SELECT id, line FROM reject")?;
    let mut rows = query.query([])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        if search.is_named_in(row.get_ref(1)?.as_bytes().unwrap_or_default()) {
            ids.push(row.get(0)?);
        }
    }
    remove(db, &ids)?;
    Ok(ids.len() as u64)
}
