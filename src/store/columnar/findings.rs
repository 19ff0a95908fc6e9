//! Findings: few rows of their own table. They are told from rows and go with them.

use super::block::Dictionary;
use super::id_set::IdSet;
use super::page::FrameCache;
use super::reader::Session;
use super::snapshot::Floor;
use super::writer::Writer;
use crate::model::{ClientIp, Finding, FindingStatus, HOUR_MS, Severity, Subject, Timestamp, Url};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, Row, params};
use std::collections::HashSet;

const ALL: &str = "SELECT id, detector, severity, client, destination, first_ms, last_ms, found_ms, requests, measures,
                          evidence, status, note
                   FROM finding";

/// All of them, by rising number.
pub(super) fn all(db: &Connection) -> StoreResult<Vec<Finding>> {
    let mut query = db.prepare_cached(&format!("{ALL} ORDER BY id"))?;
    let found = query.query_map([], read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Finding> {
    // What this build doesn't know is shown as the mildest of what it does.
    let severity = Severity::ALL.get(row.get::<_, usize>(2)?).copied().unwrap_or(Severity::Notice);
    let status = FindingStatus::ALL.get(row.get::<_, usize>(11)?).copied().unwrap_or_default();
    Ok(Finding {
        id: row.get(0)?,
        detector: row.get(1)?,
        severity,
        client: ClientIp::new(row.get::<_, Vec<u8>>(3)?),
        destination: Url::new(row.get::<_, Vec<u8>>(4)?),
        first: Timestamp(row.get(5)?),
        last: Timestamp(row.get(6)?),
        found: Timestamp(row.get(7)?),
        requests: row.get(8)?,
        measures: serde_json::from_str(row.get_ref(9)?.as_str()?).unwrap_or_default(),
        evidence: serde_json::from_str(row.get_ref(10)?.as_str()?).unwrap_or_default(),
        status,
        note: row.get(12)?,
    })
}

/// Stores what was found: what goes on is renewed, the rest is new. Answers how many are new.
pub(super) fn keep(writer: &mut Writer, found: &[Finding], removals: u64) -> StoreResult<u64> {
    if found.is_empty() {
        return Ok(0);
    }
    writer.change(|db, _, state| {
        if state.removals(&Floor::read_all(db)?) != removals {
            return Err(StoreError::Overtaken);
        }
        let mut known = all(db)?;
        let (mut renewed, mut new) = (HashSet::new(), 0);
        for finding in found {
            // Two of one look are two, however near they lie.
            let free = known.iter_mut().filter(|earlier| !renewed.contains(&earlier.id));
            match Finding::that_goes_on(free, finding) {
                Some(earlier) => {
                    renewed.insert(earlier.id);
                    let before = earlier.clone();
                    earlier.renew(finding);
                    if *earlier != before {
                        update(db, earlier)?;
                    }
                }
                None => {
                    insert(db, finding)?;
                    new += 1;
                }
            }
        }
        state.version += 1;
        Ok(new)
    })
}

fn lists(finding: &Finding) -> (String, String) {
    // Names, numbers and pairs of them: nothing that JSON can't say, but for numbers that are none.
    let number = |value: f64| if value.is_finite() { value } else { 0.0 };
    let measures: Vec<(&str, f64)> = finding.measures.iter().map(|(name, of)| (&**name, number(*of))).collect();
    let text = |json: serde_json::Result<String>| json.unwrap_or_else(|_| "[]".to_owned());
    (text(serde_json::to_string(&measures)), text(serde_json::to_string(&finding.evidence)))
}

fn insert(db: &Connection, finding: &Finding) -> StoreResult<()> {
    let (client, destination) = finding.places();
    let (measures, evidence) = lists(finding);
    db.prepare_cached(
        "INSERT INTO finding (detector, severity, client, destination, first_ms, last_ms, found_ms, requests, measures,
                              evidence, status, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        finding.detector,
        finding.severity as u8,
        client,
        destination,
        finding.first.0,
        finding.last.0,
        finding.found.0,
        finding.requests,
        measures,
        evidence,
        finding.status as u8,
        finding.note
    ])?;
    Ok(())
}

fn update(db: &Connection, finding: &Finding) -> StoreResult<()> {
    let (measures, evidence) = lists(finding);
    db.prepare_cached(
        "UPDATE finding SET severity = ?2, first_ms = ?3, last_ms = ?4, requests = ?5, measures = ?6, evidence = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        finding.id,
        finding.severity as u8,
        finding.first.0,
        finding.last.0,
        finding.requests,
        measures,
        evidence
    ])?;
    Ok(())
}

/// Notes what somebody says of a finding; answers whether there is one of that number.
pub(super) fn set_status(writer: &mut Writer, id: u64, status: FindingStatus, note: &str) -> StoreResult<bool> {
    writer.change(|db, _, state| {
        let set =
            db.execute("UPDATE finding SET status = ?2, note = ?3 WHERE id = ?1", params![id, status as u8, note])?;
        state.version += u64::from(set > 0);
        Ok(set > 0)
    })
}

/// Removes findings all of whose rows are of hours before `hour`; inside the caller's transaction.
pub(super) fn remove_before(db: &Connection, hour: i64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM finding WHERE last_ms < ?1")?.execute([hour.saturating_mul(HOUR_MS)])?;
    Ok(())
}

/// Removes findings about a person, and those of which no row of evidence is left without `ids`, entries of a dictionary;
/// inside the caller's transaction.
pub(super) fn remove_of(
    session: &Session<'_>,
    subject: &Subject,
    (dictionary, ids): (Dictionary, &IdSet),
) -> StoreResult<()> {
    let mut frames = FrameCache::default();
    let mut delete = session.db.prepare_cached("DELETE FROM finding WHERE id = ?1")?;
    for finding in all(session.db)? {
        let mut left = finding.evidence.is_empty();
        for row in &finding.evidence {
            let Some(block) = session.snapshot.block_of(*row) else { continue };
            let at = (row - block.first_row) as usize;
            // A row that can't be read shows nobody any more.
            left |= frames.id(session, block, dictionary, at).is_ok_and(|id| !ids.contains(id));
        }
        if !left || finding.is_of(subject) {
            delete.execute([finding.id])?;
        }
    }
    Ok(())
}
