//! Checking the log: every entry against its hash and signature and the entry before it, from the newest checkpoint
//! to the head. One pass over one snapshot on a connection of its own: it neither keeps anyone waiting nor grows with
//! the log.

use super::chain::{COLUMNS, Fields, entry_signature, hash};
use super::checkpoint::{Checkpoints, Start};
use super::entry::{AuditHash, AuditId};
use super::head::Head;
use crate::control::keys::{Key, KeyName};
use crate::control::{ControlDb, ControlResult};
use hmac::Mac;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::fmt;

/// What a check of the audit log found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditVerdict {
    /// How many entries the log holds. An action with a begin and an end has two.
    pub entries: u64,
    /// Where it first isn't what was written.
    pub first_broken: Option<AuditBreak>,
    /// The newest entry, to be noted elsewhere: a log put back as a whole is found by comparing.
    pub newest: Option<(AuditId, AuditHash)>,
}

impl AuditVerdict {
    /// Whether the log is as it was written.
    pub fn valid(&self) -> bool {
        self.first_broken.is_none()
    }

    /// The first entry that is not as it was written, or is gone.
    pub fn first_broken_id(&self) -> Option<AuditId> {
        self.first_broken.map(|broken| broken.id)
    }
}

/// Where and how the log is not what was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditBreak {
    /// The first entry in question.
    pub id: AuditId,
    /// What is wrong there.
    pub fault: AuditFault,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuditFault {
    /// It is gone.
    Missing,
    /// It is not what was written under its number, or was not written by Tidegate.
    Changed,
    /// The checkpoint that says it was removed by retention was changed, taken out or put in.
    Checkpoint,
    /// The head was changed or taken out, so whether it and later ones were removed can't be told.
    Head,
}

impl fmt::Display for AuditFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            AuditFault::Missing => "it was removed",
            AuditFault::Changed => "it was changed, moved or put in",
            AuditFault::Checkpoint => "the checkpoint that covers it was changed, removed or put in",
            AuditFault::Head => "the head of the log was changed or removed, so nothing vouches for this entry on",
        })
    }
}

impl ControlDb {
    /// Checks every entry. Changes by Tidegate go on meanwhile; the answer is about the moment it began.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn verify_audit(&self) -> ControlResult<AuditVerdict> {
        self.read_aside(|connection| verify(connection, self.keys().key(KeyName::Audit)))
    }
}

fn verify(connection: &Connection, key: &Key) -> ControlResult<AuditVerdict> {
    let checkpoints = Checkpoints::read(connection, key)?;
    let mut walk = Walk { entries: 0, at: checkpoints.start(), broken: None };
    let columns = COLUMNS.join(", ");
    let mut statement = connection.prepare(&format!("SELECT {columns}, hash, mac FROM audit_log ORDER BY id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        walk.step(row, key)?;
    }
    let start = checkpoints.start().id;
    let newest = (walk.entries > 0).then_some((AuditId(walk.at.id), walk.at.hash));
    let breaks = [
        checkpoints.first_broken().map(|id| (id, AuditFault::Checkpoint)),
        walk.broken,
        head_fault(Head::read(connection, key)?, start, walk.at),
    ];
    // Of those at the same entry, the one that explains the others comes first.
    let first = breaks.into_iter().flatten().min_by_key(|(id, _)| *id);
    let first_broken = first.map(|(id, fault)| AuditBreak { id: AuditId(id), fault });
    Ok(AuditVerdict { entries: walk.entries, first_broken, newest })
}

/// A walk along the entries.
struct Walk {
    entries: u64,
    /// The last entry seen.
    at: Start,
    broken: Option<(i64, AuditFault)>,
}

impl Walk {
    fn step(&mut self, row: &Row<'_>, key: &Key) -> ControlResult<()> {
        self.entries += 1;
        let mut fields: Fields<'_> = [ValueRef::Null; COLUMNS.len()];
        for (place, field) in fields.iter_mut().enumerate() {
            *field = row.get_ref(place)?;
        }
        let id: i64 = row.get(0)?;
        let [stored, mac] = [COLUMNS.len(), COLUMNS.len() + 1].map(|place| row.get::<_, [u8; 32]>(place));
        let stored = AuditHash(stored.unwrap_or_default());
        if self.broken.is_none() {
            let wanted = self.at.id + 1;
            if id > wanted {
                self.broken = Some((wanted, AuditFault::Missing));
            } else if id < wanted
                || hash(&self.at.hash, &fields) != stored
                || entry_signature(key, &stored).verify_slice(&mac.unwrap_or_default()).is_err()
            {
                self.broken = Some((id, AuditFault::Changed));
            }
        }
        self.at = Start { id, hash: stored };
        Ok(())
    }
}

/// What the head says against the log ending at `last`, whose entries begin behind `start`.
fn head_fault(head: Option<Head>, start: i64, last: Start) -> Option<(i64, AuditFault)> {
    let Some(head) = head else { return Some((last.id.saturating_add(1), AuditFault::Head)) };
    if let Some(broken) = head.broken_id.filter(|broken| *broken > start) {
        return Some((broken, AuditFault::Head));
    }
    if head.last_id > last.id {
        Some((last.id + 1, AuditFault::Missing))
    } else if head.last_id < last.id {
        Some((head.last_id + 1, AuditFault::Changed))
    } else {
        (head.hash != last.hash).then_some((last.id, AuditFault::Changed))
    }
}
