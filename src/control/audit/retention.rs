//! Retention of its own: entries leave from the old end, behind a signed checkpoint, and never because events do.

use super::checkpoint::{Checkpoints, Start};
use super::entry::{Actor, AuditEntry, AuditHash, AuditId};
use super::record::record;
use crate::control::keys::KeyName;
use crate::control::{ControlDb, ControlResult};
use crate::model::{DAY_MS, Timestamp};
use rusqlite::Connection;
use serde_json::json;

/// What a clean-up of the audit log removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditPruned {
    /// How many entries.
    pub entries: u64,
    /// The newest of them; none where nothing was removed.
    pub up_to: Option<AuditId>,
}

impl ControlDb {
    /// Removes the entries older than `days`, at least one, from the oldest on up to the first that is younger, or that has to do
    /// with an action whose end is not among them. Writes a checkpoint and records `audit.prune`, which also says
    /// whether the entries removed were as they had been written. Where there is nothing to remove it writes nothing.
    pub fn prune_audit(&self, days: i64, actor: &Actor) -> ControlResult<AuditPruned> {
        let now = self.now();
        let cutoff = Timestamp(now.0.saturating_sub(days.max(1).saturating_mul(DAY_MS)));
        if self.read(|connection| newest_removable(connection, cutoff))?.is_none() {
            return Ok(AuditPruned { entries: 0, up_to: None });
        }
        // Before it is gone for good, and not under the write lock.
        let first_broken = self.verify_audit()?.first_broken_id();
        self.change(|change| {
            let Some(up_to) = newest_removable(change, cutoff)? else {
                return Ok(AuditPruned { entries: 0, up_to: None });
            };
            let key = change.keys.key(KeyName::Audit);
            let hash = change.query_row("SELECT hash FROM audit_log WHERE id = ?1", [up_to], |row| row.get(0))?;
            let start = Start { id: up_to, hash: AuditHash(hash) };
            Checkpoints::read(change, key)?.add(change, key, &start, now)?;
            let entries = change.execute("DELETE FROM audit_log WHERE id <= ?1", [up_to])? as u64;
            let entry = AuditEntry::new("audit.prune", "audit_log")
                .before(json!({ "days": days, "cutoff": cutoff.to_rfc3339() }))
                .after(json!({
                    "entries": entries,
                    "up_to_id": up_to,
                    "first_broken_id": first_broken.map(|id| id.0).filter(|id| *id <= up_to),
                }));
            record(change, now, actor, &entry)?;
            Ok(AuditPruned { entries, up_to: Some(AuditId(up_to)) })
        })
    }
}

/// The newest entry that may go with all before it.
fn newest_removable(connection: &Connection, cutoff: Timestamp) -> ControlResult<Option<i64>> {
    let first_young = "SELECT id FROM audit_log WHERE at_ms >= ?1 ORDER BY id LIMIT 1";
    let mut stays: i64 = connection
        .prepare_cached(&format!("SELECT coalesce(({first_young}), {})", i64::MAX))?
        .query_row([cutoff.0], |row| row.get(0))?;
    // An intent stays as long as its end does, and as long as it has none; with it everything after it, where other
    // intents may have their ends.
    let mut first_unfinished = connection.prepare_cached(
        "SELECT min(a.id) FROM audit_log a WHERE a.state = 'intent' AND a.id < ?1
           AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.intent_id = a.id AND o.id < ?1)",
    )?;
    while let Some(intent) = first_unfinished.query_row([stays], |row| row.get(0))? {
        stays = intent;
    }
    Ok(connection
        .prepare_cached("SELECT max(id) FROM audit_log WHERE id < ?1")?
        .query_row([stays], |row| row.get(0))?)
}
