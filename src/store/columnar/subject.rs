//! Whose rows they are: finding a data subject by how a lens shows it, and handing out its rows.

use super::block::Dictionary;
use super::dictionary::dictionary_row;
use super::filter::{FilterCache, Resolved};
use super::id_set::IdSet;
use super::page::rows;
use super::reader::Session;
use super::select::scan;
use crate::model::{Dimension, Event, Lens, RowId, Subject, SubjectKind, TimeRange};
use crate::store::{StoreError, StoreResult};
use rusqlite::OptionalExtension;
use std::sync::Arc;

/// The dictionary that subjects of a kind are in.
pub(super) fn dictionary_of(kind: SubjectKind) -> Dictionary {
    match kind {
        SubjectKind::Client => Dictionary::Client,
        SubjectKind::User => Dictionary::User,
    }
}

/// The subject that a lens shows as `shown`.
pub(super) fn subject(
    session: &Session<'_>,
    filters: &FilterCache,
    shown: &str,
    kind: SubjectKind,
    lens: &Lens,
) -> StoreResult<Option<Subject>> {
    let wanted = Subject::new(kind, shown.as_bytes());
    if wanted.is_nobody() {
        return Ok(None);
    }
    let by = match kind {
        SubjectKind::Client => Dimension::Client,
        SubjectKind::User => Dimension::User,
    };
    let names = filters.names.get(session, by, lens)?;
    let matches: Vec<bool> = (0..names.len() as u32).map(|number| wanted.is(names.name(number))).collect();
    let mut query = session.db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
    let (mut found, mut as_shown): (Option<Subject>, _) = (None, None);
    for id in (0..names.ids()).filter(|id| names.number(*id).is_some_and(|number| matches[number as usize])) {
        let row = dictionary_row(dictionary_of(kind), id);
        let value: Option<Vec<u8>> = query.query_row([row], |row| row.get(0)).optional()?;
        let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
        match &found {
            // Stored as it is shown: it says nothing that the one asking did not know.
            _ if wanted.is(&value) => as_shown = Some(Subject::new(kind, &value)),
            None => found = Some(Subject::new(kind, &value)),
            Some(found) if found.is(&value) => {}
            Some(_) => return Err(StoreError::Ambiguous),
        }
    }
    Ok(found.or(as_shown))
}

/// Rows of the subject with numbers above `after`, at most `limit`, by rising number.
pub(super) fn subject_rows(
    session: &Session<'_>,
    filters: &FilterCache,
    subject: &Subject,
    after: RowId,
    limit: usize,
) -> StoreResult<Vec<Event>> {
    let mut ids = IdSet::default();
    session.values_from(dictionary_of(subject.kind()), 0, |id, value| {
        if subject.is(value) {
            ids.insert(id);
        }
    })?;
    if ids.is_empty() || subject.is_nobody() {
        return Ok(Vec::new());
    }
    let mut filter = Resolved::within(TimeRange::ALL);
    filter.require(dictionary_of(subject.kind()), Arc::new(ids));
    let mut found: Vec<RowId> = Vec::new();
    for block in session.snapshot.blocks.iter().filter(|block| block.last_row() > after) {
        if found.len() >= limit {
            break;
        }
        scan(session, block, &filter, TimeRange::ALL, |row, _| {
            let id = block.first_row + u64::from(row);
            if id > after {
                found.push(id);
            }
        })?;
    }
    found.truncate(limit);
    rows(session, filters, &found)
}
