//! The words of the audit log: who acted, what was done, how far it got.

use crate::control::{ControlError, ControlResult};
use crate::model::{Lens, Timestamp};
use rusqlite::Row;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// Who acts, from where and how.
#[derive(Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's name, or `system`.
    pub username: String,
    /// The peer's address; none for the machine itself.
    pub source_ip: Option<IpAddr>,
    /// What it was let in by, in short: `password`, `session`, `API key 3`; never a secret. None for the machine
    /// itself.
    pub credential: Option<String>,
    /// How it came in: the HTTP method, or the command (`serve`, `import`).
    pub method: String,
    /// The request, as answered in errors and written to the log.
    pub request_id: Option<String>,
}

impl Actor {
    /// Tidegate itself, or whoever runs a command on its machine.
    pub fn system(command: &str) -> Actor {
        Actor {
            username: "system".to_owned(),
            source_ip: None,
            credential: None,
            method: command.to_owned(),
            request_id: None,
        }
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

/// The SHA-256 of an entry and of all before it; shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditHash(pub [u8; 32]);

impl fmt::Display for AuditHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

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
    /// Of the entry that says that it began; its end is an entry of its own in the chain.
    pub hash: AuditHash,
}

impl AuditRow {
    /// The peer's address as a lens shows it.
    pub fn source_ip_through(&self, lens: &Lens) -> Option<String> {
        self.actor.source_ip.map(|ip| through(lens, &ip.to_string()).into_owned())
    }

    /// The target, as a lens shows it where it is an address.
    pub fn target_through(&self, lens: &Lens) -> String {
        through(lens, &self.target).into_owned()
    }
}

/// A text as a lens shows it: addresses as those of callers, anything else as it is.
pub(super) fn through<'t>(lens: &Lens, text: &'t str) -> Cow<'t, str> {
    match text.parse::<IpAddr>() {
        Ok(address) if !lens.client_is_plain() => Cow::Owned(lens.caller(address)),
        _ => Cow::Borrowed(text),
    }
}

/// What is read of an action: `a` is the entry of its begin, `o` that of its end.
pub(super) const COLUMNS: &str = "a.id, a.at_ms, a.username, a.source_ip, a.credential, a.method, a.action, a.target,
    a.before_json, coalesce(o.after_json, a.after_json) AS after_json, a.request_id,
    coalesce(o.state, a.state) AS state, a.hash";

/// Reads a row of [`COLUMNS`].
pub(super) fn audit_row(row: &Row<'_>) -> ControlResult<AuditRow> {
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
            credential: row.get("credential")?,
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
        hash: AuditHash(row.get("hash")?),
    })
}
