//! Writing: actions that are done, and the begin and end of those that span both databases.

use super::chain::NewEntry;
use super::entry::{Actor, AuditEntry, AuditId, AuditRow, AuditState, COLUMNS, audit_row};
use super::head::append;
use crate::control::keys::KeyName;
use crate::control::{Change, ControlDb, ControlError, ControlResult};
use crate::model::Timestamp;
use serde_json::Value;

impl ControlDb {
    /// Records an action that is done.
    pub fn record(&self, actor: &Actor, entry: &AuditEntry) -> ControlResult<AuditId> {
        self.change(|change| record(change, self.now(), actor, entry))
    }

    /// Records that an action spanning both databases is about to begin. `details` is how things are before.
    pub fn intent(
        &self,
        actor: &Actor,
        action: &'static str,
        target: &str,
        details: Option<Value>,
    ) -> ControlResult<AuditId> {
        let entry = AuditEntry { before: details, ..AuditEntry::new(action, target) };
        self.change(|change| insert(change, self.now(), actor, &entry, AuditState::Intent))
    }

    /// Records that the action of an intent is done, and what came of it.
    ///
    /// # Errors
    /// [`ControlError::NotOpen`] when the entry is no intent or has its end already.
    pub fn complete(&self, id: AuditId, outcome: Option<Value>) -> ControlResult<()> {
        self.close(id, AuditState::Done, outcome)
    }

    /// Records that the action of an intent failed, and why. `reason` must not carry personal data.
    ///
    /// # Errors
    /// As [`ControlDb::complete`].
    pub fn fail(&self, id: AuditId, reason: &str) -> ControlResult<()> {
        self.close(id, AuditState::Failed, Some(serde_json::json!({ "error": reason })))
    }

    /// The intents whose end is not recorded, oldest first.
    pub fn open_intents(&self) -> ControlResult<Vec<AuditRow>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM audit_log a LEFT JOIN audit_log o ON o.intent_id = a.id
                 WHERE a.state = 'intent' AND o.id IS NULL ORDER BY a.id"
            ))?;
            statement.query_and_then([], audit_row)?.collect()
        })
    }

    /// Marks every open intent as interrupted and answers how many there were. For the start of `serve`, after
    /// whatever can be found out about them was recorded; an action another process has under way is cut off too.
    pub fn interrupt_open_intents(&self) -> ControlResult<usize> {
        let open = self.open_intents()?;
        let mut marked = 0;
        for row in &open {
            match self.close(row.id, AuditState::Interrupted, None) {
                Ok(()) => marked += 1,
                // Whoever had it under way has ended it meanwhile.
                Err(ControlError::NotOpen(_)) => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(marked)
    }

    fn close(&self, id: AuditId, state: AuditState, after: Option<Value>) -> ControlResult<()> {
        self.change(|change| {
            let after_json = after.map(|value| value.to_string());
            let mut statement = change.prepare_cached(
                "SELECT username, source_ip, credential, method, action, target, request_id
                 FROM audit_log a WHERE id = ?1 AND state = 'intent'
                   AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.intent_id = a.id)",
            )?;
            let mut rows = statement.query([id.0])?;
            let row = rows.next()?.ok_or(ControlError::NotOpen(id.0))?;
            let text = |place| row.get::<_, String>(place);
            let optional = |place| row.get::<_, Option<String>>(place);
            let (username, method, action, target) = (text(0)?, text(3)?, text(4)?, text(5)?);
            let (source_ip, credential, request_id) = (optional(1)?, optional(2)?, optional(6)?);
            drop(rows);
            let end = NewEntry {
                intent_id: Some(id.0),
                at: self.now(),
                username: &username,
                source_ip: source_ip.as_deref(),
                credential: credential.as_deref(),
                method: &method,
                action: &action,
                target: &target,
                before_json: None,
                after_json: after_json.as_deref(),
                request_id: request_id.as_deref(),
                state,
            };
            append(change, change.keys.key(KeyName::Audit), &end).map(drop)
        })
    }
}

/// Records an action that is done, inside the transaction that does it.
pub(in crate::control) fn record(
    change: &Change<'_>,
    now: Timestamp,
    actor: &Actor,
    entry: &AuditEntry,
) -> ControlResult<AuditId> {
    insert(change, now, actor, entry, AuditState::Done)
}

fn insert(
    change: &Change<'_>,
    now: Timestamp,
    actor: &Actor,
    entry: &AuditEntry,
    state: AuditState,
) -> ControlResult<AuditId> {
    let source_ip = actor.source_ip.map(|ip| ip.to_canonical().to_string());
    let [before_json, after_json] = [&entry.before, &entry.after].map(|value| value.as_ref().map(Value::to_string));
    let entry = NewEntry {
        intent_id: None,
        at: now,
        username: &actor.username,
        source_ip: source_ip.as_deref(),
        credential: actor.credential.as_deref(),
        method: &actor.method,
        action: entry.action,
        target: &entry.target,
        before_json: before_json.as_deref(),
        after_json: after_json.as_deref(),
        request_id: actor.request_id.as_deref(),
        state,
    };
    append(change, change.keys.key(KeyName::Audit), &entry)
}
