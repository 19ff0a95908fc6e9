//! The audit log: who did what to what, when, and how it was before and after. Append-only; nothing but this module
//! touches its table, the schema refuses UPDATE and DELETE, and no function here removes anything.
//!
//! A change inside `control.db` is recorded in the transaction that makes it. A change that spans the events too is
//! recorded as [`ControlDb::intent`] before and [`ControlDb::complete`] or [`ControlDb::fail`] after; what a crash left
//! open is found by [`ControlDb::open_intents`] and closed at the next start. Readers see one row per action.

use super::{ControlDb, ControlError, ControlResult};
use crate::model::Timestamp;
use rusqlite::{Row, Transaction, named_params};
use serde_json::Value;
use std::fmt;
use std::net::IpAddr;

/// Who acts, from where and how.
#[derive(Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's name, or `system`.
    pub username: String,
    /// The peer's address; none for the machine itself.
    pub source_ip: Option<IpAddr>,
    /// How it came in: the HTTP method, or the command (`serve`, `import`).
    pub method: String,
    /// The request, as answered in errors and written to the log.
    pub request_id: Option<String>,
}

impl Actor {
    /// Tidegate itself, or whoever runs a command on its machine.
    pub fn system(command: &str) -> Actor {
        Actor { username: "system".to_owned(), source_ip: None, method: command.to_owned(), request_id: None }
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Actor")
            .field("method", &self.method)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// What was done.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditEntry {
    /// The action, `noun.verb`: `settings.update`.
    pub action: &'static str,
    /// What it was done to.
    pub target: String,
    /// How that was before.
    pub before: Option<Value>,
    /// How it was after.
    pub after: Option<Value>,
}

impl AuditEntry {
    /// An action without details.
    pub fn new(action: &'static str, target: impl Into<String>) -> AuditEntry {
        AuditEntry { action, target: target.into(), before: None, after: None }
    }

    /// With how it was before.
    pub fn before(self, before: Value) -> AuditEntry {
        AuditEntry { before: Some(before), ..self }
    }

    /// With how it was after.
    pub fn after(self, after: Value) -> AuditEntry {
        AuditEntry { after: Some(after), ..self }
    }
}

/// The number of an entry; rises, never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AuditId(pub i64);

/// How far an action got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuditState {
    /// Begun; its end is not recorded yet.
    Intent,
    /// Done.
    Done,
    /// Tried without success; nothing was changed, or what the entry's `after` says.
    Failed,
    /// The process ended before the action did; whether it took effect is not known.
    Interrupted,
}

impl AuditState {
    /// Every state.
    pub const ALL: [AuditState; 4] =
        [AuditState::Intent, AuditState::Done, AuditState::Failed, AuditState::Interrupted];

    /// The word used in the database and in answers.
    pub fn name(self) -> &'static str {
        match self {
            AuditState::Intent => "intent",
            AuditState::Done => "done",
            AuditState::Failed => "failed",
            AuditState::Interrupted => "interrupted",
        }
    }
}

/// A recorded action with its end, where one is known.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditRow {
    /// Its number.
    pub id: AuditId,
    /// When it began.
    pub at: Timestamp,
    /// Who did it, from where and how.
    pub actor: Actor,
    /// The action.
    pub action: String,
    /// What it was done to.
    pub target: String,
    /// How that was before.
    pub before: Option<Value>,
    /// How it was after, or `{"error": reason}`.
    pub after: Option<Value>,
    /// How far it got.
    pub state: AuditState,
}

/// Which entries are asked for; the default is all. Texts are compared without regard to ASCII case.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct AuditFilter {
    /// Only this action.
    pub action: Option<String>,
    /// Only by this account.
    pub username: Option<String>,
    /// Only on this target.
    pub target: Option<String>,
    /// Only from this instant on.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only with this text in user, address, action, target or details.
    pub q: Option<String>,
}

/// Rows as readers see them: a begun action together with its end.
const ROWS: &str = "
    FROM audit_log a LEFT JOIN audit_log o ON o.intent_id = a.id
    WHERE a.intent_id IS NULL
      AND (:action IS NULL OR a.action = :action COLLATE NOCASE)
      AND (:username IS NULL OR a.username = :username COLLATE NOCASE)
      AND (:target IS NULL OR a.target = :target COLLATE NOCASE)
      AND (:from IS NULL OR a.at_ms >= :from)
      AND (:until IS NULL OR a.at_ms < :until)
      AND (:q IS NULL OR instr(lower(concat_ws(char(10), a.username, a.source_ip, a.action, a.target, a.before_json,
                                               a.after_json, o.after_json)), lower(:q)) > 0)";

const COLUMNS: &str = "a.id, a.at_ms, a.username, a.source_ip, a.method, a.action, a.target, a.before_json,
    coalesce(o.after_json, a.after_json) AS after_json, a.request_id, coalesce(o.state, a.state) AS state";

impl ControlDb {
    /// Records an action that is done.
    pub fn record(&self, actor: &Actor, entry: &AuditEntry) -> ControlResult<AuditId> {
        self.change(|transaction| record(transaction, self.now(), actor, entry))
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
        self.change(|transaction| insert(transaction, self.now(), actor, &entry, AuditState::Intent))
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

    /// A page of entries, newest first, and how many match in all.
    pub fn audit_page(&self, filter: &AuditFilter, limit: usize, offset: u64) -> ControlResult<(Vec<AuditRow>, u64)> {
        let (from, until) = (filter.from.map(|at| at.0), filter.until.map(|at| at.0));
        self.read_together(|connection| {
            let total: i64 = connection.prepare_cached(&format!("SELECT count(*) {ROWS}"))?.query_row(
                named_params! { ":action": filter.action, ":username": filter.username, ":target": filter.target,
                ":from": from, ":until": until, ":q": filter.q },
                |row| row.get(0),
            )?;
            let mut statement = connection
                .prepare_cached(&format!("SELECT {COLUMNS} {ROWS} ORDER BY a.id DESC LIMIT :limit OFFSET :offset"))?;
            let rows = statement
                .query_and_then(
                    named_params! { ":action": filter.action, ":username": filter.username, ":target": filter.target,
                    ":from": from, ":until": until, ":q": filter.q,
                    ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    ":offset": i64::try_from(offset).unwrap_or(i64::MAX) },
                    audit_row,
                )?
                .collect::<ControlResult<_>>()?;
            Ok((rows, total.unsigned_abs()))
        })
    }

    fn close(&self, id: AuditId, state: AuditState, after: Option<Value>) -> ControlResult<()> {
        self.change(|transaction| {
            let closed = transaction
                .prepare_cached(
                    "INSERT INTO audit_log (intent_id, at_ms, username, source_ip, method, action, target, after_json,
                                            request_id, state)
                     SELECT id, :at_ms, username, source_ip, method, action, target, :after, request_id, :state
                     FROM audit_log a WHERE id = :id AND state = 'intent'
                       AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.intent_id = a.id)",
                )?
                .execute(named_params! { ":id": id.0, ":at_ms": self.now().0, ":state": state.name(),
                ":after": after.map(|value| value.to_string()) })?;
            if closed == 1 { Ok(()) } else { Err(ControlError::NotOpen(id.0)) }
        })
    }
}

/// Records an action that is done, inside the transaction that does it.
pub(super) fn record(
    transaction: &Transaction<'_>,
    now: Timestamp,
    actor: &Actor,
    entry: &AuditEntry,
) -> ControlResult<AuditId> {
    insert(transaction, now, actor, entry, AuditState::Done)
}

fn insert(
    transaction: &Transaction<'_>,
    now: Timestamp,
    actor: &Actor,
    entry: &AuditEntry,
    state: AuditState,
) -> ControlResult<AuditId> {
    transaction
        .prepare_cached(
            "INSERT INTO audit_log (at_ms, username, source_ip, method, action, target, before_json, after_json,
                                    request_id, state)
             VALUES (:at_ms, :username, :source_ip, :method, :action, :target, :before, :after, :request_id, :state)",
        )?
        .execute(named_params! {
            ":at_ms": now.0,
            ":username": actor.username,
            ":source_ip": actor.source_ip.map(|ip| ip.to_canonical().to_string()),
            ":method": actor.method,
            ":action": entry.action,
            ":target": entry.target,
            ":before": entry.before.as_ref().map(Value::to_string),
            ":after": entry.after.as_ref().map(Value::to_string),
            ":request_id": actor.request_id,
            ":state": state.name(),
        })?;
    Ok(AuditId(transaction.last_insert_rowid()))
}

fn audit_row(row: &Row<'_>) -> ControlResult<AuditRow> {
    let id: i64 = row.get("id")?;
    let odd = |message: &str| ControlError::Stored {
        table: "audit_log",
        row: id.to_string(),
        message: format!("{message}; the database was changed from outside, restore it from a backup"),
    };
    let json = |column: &str| match row.get::<_, Option<String>>(column)? {
        Some(text) => Ok(Some(serde_json::from_str(&text).map_err(|_| odd(&format!("{column} is not JSON")))?)),
        None => Ok::<_, ControlError>(None),
    };
    let source_ip = row.get::<_, Option<String>>("source_ip")?;
    let state: String = row.get("state")?;
    Ok(AuditRow {
        id: AuditId(id),
        at: Timestamp(row.get("at_ms")?),
        actor: Actor {
            username: row.get("username")?,
            source_ip: source_ip.map(|text| text.parse().map_err(|_| odd("source_ip is no address"))).transpose()?,
            method: row.get("method")?,
            request_id: row.get("request_id")?,
        },
        action: row.get("action")?,
        target: row.get("target")?,
        before: json("before_json")?,
        after: json("after_json")?,
        state: AuditState::ALL
            .into_iter()
            .find(|known| known.name() == state)
            .ok_or_else(|| odd("its state is unknown"))?,
    })
}

#[cfg(test)]
mod tests;
