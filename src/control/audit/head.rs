//! The head: number and hash of the newest entry, signed, moved on in the transaction that appends. Without it the
//! newest entries could be cut off unseen.
//!
//! An append that finds the head changed by someone else goes on behind the newest entry there is, for what happens
//! must be recorded all the same, and writes down in the head from which entry on the log can't be vouched for. That
//! stays until retention has removed the entries in question.

use super::chain::{COLUMNS, Fields, NewEntry, genesis, insert, signature};
use super::checkpoint::Checkpoints;
use super::entry::{AuditHash, AuditId};
use crate::control::ControlResult;
use crate::control::keys::Key;
use hmac::{Hmac, Mac};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::Sha256;

/// The newest entry.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) last_id: i64,
    pub(super) hash: AuditHash,
    /// The first entry that can't be vouched for, where an append found the head or the end of the log changed.
    pub(super) broken_id: Option<i64>,
}

impl Head {
    fn signature(&self, key: &Key) -> Hmac<Sha256> {
        let broken = self.broken_id.map(i64::to_be_bytes);
        signature(key, "head", &[&self.last_id.to_be_bytes(), &self.hash.0, broken.as_ref().map_or(&[], |id| &id[..])])
    }

    /// The head, unless it is gone or was changed by someone else.
    pub(super) fn read(connection: &Connection, key: &Key) -> ControlResult<Option<Head>> {
        let mut statement = connection.prepare_cached("SELECT last_id, hash, broken_id, mac FROM audit_head")?;
        let found = statement.query_row([], |row| {
            let Ok(hash) = row.get(1) else { return Ok(None) };
            let head = Head { last_id: row.get(0)?, hash: AuditHash(hash), broken_id: row.get(2)? };
            let mac: Vec<u8> = row.get(3)?;
            Ok(head.signature(key).verify_slice(&mac).is_ok().then_some(head))
        });
        Ok(found.optional()?.flatten())
    }

    fn write(&self, connection: &Connection, key: &Key) -> ControlResult<()> {
        let mac: [u8; 32] = self.signature(key).finalize().into_bytes().into();
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO audit_head (one, last_id, hash, broken_id, mac) VALUES (1, ?1, ?2, ?3, ?4)",
            )?
            .execute((self.last_id, self.hash.0, self.broken_id, mac))?;
        Ok(())
    }

    /// Where the next entry goes.
    fn find(connection: &Connection, key: &Key) -> ControlResult<Head> {
        let known = Head::read(connection, key)?;
        let newest: Option<i64> =
            connection.prepare_cached("SELECT max(id) FROM audit_log")?.query_row([], |row| row.get(0))?;
        match known {
            Some(head) if newest.is_none_or(|newest| newest <= head.last_id) => Ok(head),
            _ => Head::put_right(connection, key, known, newest),
        }
    }

    /// The head of a log that someone else has changed.
    fn put_right(connection: &Connection, key: &Key, known: Option<Head>, newest: Option<i64>) -> ControlResult<Head> {
        let start = Checkpoints::read(connection, key)?.start();
        let (last_id, hash) = match newest.filter(|id| *id > start.id) {
            Some(id) => {
                let hash = |row: &Row<'_>| Ok(row.get(0).map_or(genesis(), AuditHash));
                (id, connection.query_row("SELECT hash FROM audit_log WHERE id = ?1", [id], hash)?)
            }
            None => (start.id, start.hash),
        };
        let first_unknown = known.map_or(last_id, |head| head.last_id).saturating_add(1);
        let broken_id = known.and_then(|head| head.broken_id).unwrap_or(first_unknown).min(first_unknown);
        tracing::error!(
            entry = broken_id,
            "the audit log was changed from outside; from this entry on it can't be vouched for"
        );
        Ok(Head { last_id, hash, broken_id: Some(broken_id) })
    }
}

/// Stores an entry at the end of the log.
pub(super) fn append(connection: &Connection, key: &Key, entry: &NewEntry<'_>) -> ControlResult<AuditId> {
    let head = Head::find(connection, key)?;
    let id = head.last_id.saturating_add(1);
    let hash = insert(connection, key, &head.hash, &entry.fields(id))?;
    Head { last_id: id, hash, ..head }.write(connection, key)?;
    Ok(AuditId(id))
}

/// Chains the entries of schema 1, which had neither hash nor credential; the second half of that migration.
pub(in crate::control) fn chain_stored(connection: &Connection, key: &Key) -> ControlResult<()> {
    let mut head = Head { last_id: 0, hash: genesis(), broken_id: None };
    let columns = COLUMNS.map(|name| if name == "credential" { "NULL" } else { name }).join(", ");
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM audit_log_unchained ORDER BY id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut fields: Fields<'_> = [ValueRef::Null; COLUMNS.len()];
        for (place, field) in fields.iter_mut().enumerate() {
            *field = row.get_ref(place)?;
        }
        head = Head { last_id: row.get(0)?, hash: insert(connection, key, &head.hash, &fields)?, broken_id: None };
    }
    drop(rows);
    drop(statement);
    connection.execute_batch("DROP TABLE audit_log_unchained")?;
    head.write(connection, key)
}
