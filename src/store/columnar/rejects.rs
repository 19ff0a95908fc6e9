//! Rejected lines: a page of them, counts by source and reason, and the removal of those that name somebody.

use super::reader::Session;
use crate::model::{RejectCount, RejectPage, RejectQuery, RejectReason, RejectedLine, StoredReject, Subject};
use crate::store::StoreResult;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

fn reason(name: &str) -> Option<RejectReason> {
    RejectReason::ALL.into_iter().find(|reason| reason.name() == name)
}

pub(super) fn counts(session: &Session<'_>) -> StoreResult<Vec<RejectCount>> {
    let mut query = session.db.prepare_cached("SELECT source, reason, lines FROM reject_count")?;
    let mut rows = query.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(reason) = reason(&row.get::<_, String>(1)?) {
            counts.push(RejectCount { source: row.get(0)?, reason, lines: row.get(2)? });
        }
    }
    counts.sort_unstable();
    Ok(counts)
}

pub(super) fn page(session: &Session<'_>, asked: &RejectQuery) -> StoreResult<RejectPage> {
    let mut query = session
        .db
        .prepare_cached("SELECT id, source, reason, offset, line FROM reject WHERE id < ?1 ORDER BY id DESC")?;
    let before = asked.before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let mut rows = query.query([before])?;
    let mut page = RejectPage::default();
    while let Some(row) = rows.next()? {
        let source: String = row.get(1)?;
        let Some(reason) = reason(&row.get::<_, String>(2)?).filter(|reason| asked.accepts(&source, *reason)) else {
            continue;
        };
        if page.rows.len() == asked.limit {
            page.next = page.rows.last().map(|last| last.id);
            break;
        }
        let line = RejectedLine::new(row.get::<_, Vec<u8>>(4)?);
        page.rows.push(StoredReject { id: row.get(0)?, source, reason, offset: row.get(3)?, line });
    }
    Ok(page)
}

/// Removes the lines that name the subject, and counts them no more; answers how many there were.
pub(super) fn remove_naming(db: &Connection, subject: &Subject) -> StoreResult<u64> {
    let search = subject.search();
    let mut query = db.prepare_cached("SELECT id, source, reason, line FROM reject")?;
    let mut rows = query.query([])?;
    let (mut ids, mut counts): (Vec<i64>, BTreeMap<(String, String), u64>) = Default::default();
    while let Some(row) = rows.next()? {
        if search.is_named_in(row.get_ref(3)?.as_bytes().unwrap_or_default()) {
            ids.push(row.get(0)?);
            *counts.entry((row.get(1)?, row.get(2)?)).or_default() += 1;
        }
    }
    let mut delete = db.prepare_cached("DELETE FROM reject WHERE id = ?1")?;
    for id in &ids {
        delete.execute([id])?;
    }
    for ((source, reason), lines) in counts {
        db.prepare_cached("UPDATE reject_count SET lines = lines - ?3 WHERE source = ?1 AND reason = ?2")?
            .execute(params![source, reason, lines])?;
    }
    db.execute("DELETE FROM reject_count WHERE lines <= 0", [])?;
    Ok(ids.len() as u64)
}
