//! Requests to be told what a pseudonym stands for, and their approval by a second person. Only the paperwork: who may
//! ask and what is answered is decided elsewhere, and the answer is never kept.

use super::audit::{self, Actor, AuditEntry};
use super::{ControlDb, ControlResult};
use crate::model::{AccountId, Timestamp};
use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::json;

/// The number of a request; rises, never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RevealId(pub i64);

/// How far a request is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RevealState {
    /// Waits for a second person.
    Pending,
    /// Approved: the requester may ask again and is answered, once.
    Approved,
    /// Answered.
    Used,
    /// Nobody approved it in time, or it was approved and not used in time.
    Expired,
}

impl RevealState {
    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            RevealState::Pending => "pending",
            RevealState::Approved => "approved",
            RevealState::Used => "used",
            RevealState::Expired => "expired",
        }
    }
}

/// A request to be told what a pseudonym stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RevealRequest {
    /// Its number.
    pub id: RevealId,
    /// The pseudonym.
    pub pseudonym: String,
    /// Why, in the requester's words.
    pub reason: String,
    /// Who asks.
    pub account: AccountId,
    /// The requester's name at that time.
    pub requester: String,
    /// When.
    pub at: Timestamp,
    /// Who approved it.
    pub approver: Option<String>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was answered.
    pub used_at: Option<Timestamp>,
}

impl RevealRequest {
    /// How long a request waits for approval.
    pub const PENDING_MS: i64 = 24 * 60 * 60_000;
    /// How long an approval is good.
    pub const APPROVED_MS: i64 = 15 * 60_000;

    /// How far it is at an instant.
    pub fn state(&self, now: Timestamp) -> RevealState {
        match (self.used_at, self.approved_at) {
            (Some(_), _) => RevealState::Used,
            (None, Some(at)) if now.0 < at.0.saturating_add(Self::APPROVED_MS) => RevealState::Approved,
            (None, None) if now.0 < self.at.0.saturating_add(Self::PENDING_MS) => RevealState::Pending,
            _ => RevealState::Expired,
        }
    }
}

/// What came of an approval.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Approval {
    /// It is approved from now on.
    Approved(RevealRequest),
    /// There is no such request.
    Unknown,
    /// The requester can't be the second person.
    SamePerson,
    /// It is approved already, answered or expired.
    NotPending,
}

/// Requests an account may have waiting.
const MOST_PENDING: usize = 100;

const COLUMNS: &str =
    "id, pseudonym, reason, account, requester, requested_at_ms, approver, approved_at_ms, used_at_ms";

impl ControlDb {
    /// Files a request, audited, and answers it; one for the same pseudonym that waits already is answered as it is.
    /// `None` when the account has 100 of them waiting.
    pub fn request_reveal(
        &self,
        actor: &Actor,
        account: AccountId,
        pseudonym: &str,
        reason: &str,
    ) -> ControlResult<Option<RevealRequest>> {
        self.change(|transaction| {
            let now = self.now();
            let mut waiting: Vec<RevealRequest> = transaction
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM reveal WHERE account = ?1 AND approved_at_ms IS NULL AND requested_at_ms > ?2"
                ))?
                .query_map((account.0, now.0.saturating_sub(RevealRequest::PENDING_MS)), request)?
                .collect::<Result<_, _>>()?;
            if let Some(same) = waiting.iter().position(|known| known.pseudonym == pseudonym) {
                return Ok(Some(waiting.swap_remove(same)));
            }
            if waiting.len() >= MOST_PENDING {
                return Ok(None);
            }
            transaction
                .prepare_cached(
                    "INSERT INTO reveal (pseudonym, reason, account, requester, requested_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((pseudonym, reason, account.0, &actor.username, now.0))?;
            let id = transaction.last_insert_rowid();
            let entry = AuditEntry::new("privacy.request_reveal", pseudonym).after(json!({ "request": id, "reason": reason }));
            audit::record(transaction, now, actor, &entry)?;
            let filed = transaction.query_row(&format!("SELECT {COLUMNS} FROM reveal WHERE id = ?1"), [id], request)?;
            Ok(Some(filed))
        })
    }

    /// Approves a waiting request of somebody else, audited.
    pub fn approve_reveal(&self, actor: &Actor, approver: AccountId, id: RevealId) -> ControlResult<Approval> {
        self.change(|transaction| {
            let now = self.now();
            let sql = format!("SELECT {COLUMNS} FROM reveal WHERE id = ?1");
            let Some(found) = transaction.prepare_cached(&sql)?.query_row([id.0], request).optional()? else {
                return Ok(Approval::Unknown);
            };
            if found.account == approver {
                return Ok(Approval::SamePerson);
            }
            if found.state(now) != RevealState::Pending {
                return Ok(Approval::NotPending);
            }
            transaction
                .prepare_cached("UPDATE reveal SET approver = ?2, approved_at_ms = ?3 WHERE id = ?1")?
                .execute((id.0, &actor.username, now.0))?;
            let details = json!({ "request": id.0, "requester": found.requester, "reason": found.reason });
            let entry = AuditEntry::new("privacy.approve_reveal", found.pseudonym.as_str()).after(details);
            audit::record(transaction, now, actor, &entry)?;
            let approver = Some(actor.username.clone());
            Ok(Approval::Approved(RevealRequest { approver, approved_at: Some(now), ..found }))
        })
    }

    /// The account's approved request for a pseudonym, where there is one that is good still.
    pub fn approved_reveal(&self, account: AccountId, pseudonym: &str) -> ControlResult<Option<RevealRequest>> {
        let since = self.now().0.saturating_sub(RevealRequest::APPROVED_MS);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM reveal
                 WHERE account = ?1 AND pseudonym = ?2 AND used_at_ms IS NULL AND approved_at_ms > ?3
                 ORDER BY id LIMIT 1"
            ))?;
            Ok(statement.query_row((account.0, pseudonym, since), request).optional()?)
        })
    }

    /// Uses up an approval; whether it was there to be used.
    pub fn use_reveal(&self, id: RevealId) -> ControlResult<bool> {
        self.change(|transaction| {
            let used = transaction
                .prepare_cached("UPDATE reveal SET used_at_ms = ?2 WHERE id = ?1 AND used_at_ms IS NULL")?
                .execute((id.0, self.now().0))?;
            Ok(used == 1)
        })
    }

    /// A page of requests, newest first, and how many there are in all: of one account or of everybody; with `before`
    /// only those with lower numbers.
    pub fn reveals(
        &self,
        of: Option<AccountId>,
        before: Option<RevealId>,
        limit: usize,
        offset: u64,
    ) -> ControlResult<(Vec<RevealRequest>, u64)> {
        let of = of.map(|account| account.0);
        self.read_aside(|connection| {
            let total: i64 = connection
                .prepare_cached("SELECT count(*) FROM reveal WHERE :of IS NULL OR account = :of")?
                .query_row(named_params! { ":of": of }, |row| row.get(0))?;
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM reveal
                 WHERE (:of IS NULL OR account = :of) AND (:before IS NULL OR id < :before)
                 ORDER BY id DESC LIMIT :limit OFFSET :offset"
            ))?;
            let rows = statement
                .query_map(
                    named_params! { ":of": of, ":before": before.map(|id| id.0),
                    ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    ":offset": i64::try_from(offset).unwrap_or(i64::MAX) },
                    request,
                )?
                .collect::<Result<_, _>>()?;
            Ok((rows, total.unsigned_abs()))
        })
    }
}

fn request(row: &Row<'_>) -> rusqlite::Result<RevealRequest> {
    Ok(RevealRequest {
        id: RevealId(row.get(0)?),
        pseudonym: row.get(1)?,
        reason: row.get(2)?,
        account: AccountId(row.get(3)?),
        requester: row.get(4)?,
        at: Timestamp(row.get(5)?),
        approver: row.get(6)?,
        approved_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        used_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::db::tests::scratch;
    use crate::model::Clock;

    const ADA: AccountId = AccountId(1);
    const GRACE: AccountId = AccountId(2);

    fn actor(name: &str) -> Actor {
        Actor { username: name.to_owned(), ..Actor::system("POST") }
    }

    #[test]
    fn a_second_person_approves_and_one_answer_is_given() {
        let (_dir, db, clock) = scratch();
        let file = || db.request_reveal(&actor("ada"), ADA, "c-abcdefghijkl", "an incident").unwrap().unwrap();
        let filed = file();
        assert_eq!(file(), filed, "the same request is not filed twice");
        assert_eq!(db.approved_reveal(ADA, "c-abcdefghijkl").unwrap(), None);
        let approve = |account, id| db.approve_reveal(&actor("grace"), account, id).unwrap();
        assert_eq!(approve(ADA, filed.id), Approval::SamePerson);
        assert_eq!(approve(GRACE, RevealId(99)), Approval::Unknown);
        let Approval::Approved(approved) = approve(GRACE, filed.id) else { panic!() };
        assert_eq!((approved.state(clock.now()), approved.approver.as_deref()), (RevealState::Approved, Some("grace")));
        assert_eq!(approve(GRACE, filed.id), Approval::NotPending);
        assert_eq!(db.approved_reveal(ADA, "c-abcdefghijkl").unwrap(), Some(approved.clone()));
        assert_eq!(db.approved_reveal(GRACE, "c-abcdefghijkl").unwrap(), None);
        assert_eq!(db.approved_reveal(ADA, "c-bbbbbbbbbbbb").unwrap(), None);
        assert!(db.use_reveal(filed.id).unwrap());
        assert!(!db.use_reveal(filed.id).unwrap());
        assert_eq!(db.approved_reveal(ADA, "c-abcdefghijkl").unwrap(), None);
        assert_ne!(file().id, filed.id, "what was used has to be asked for again");
        let actions: Vec<_> =
            db.audit_page(&Default::default(), 10, 0).unwrap().0.into_iter().map(|row| row.action).collect();
        assert_eq!(actions, ["privacy.request_reveal", "privacy.approve_reveal", "privacy.request_reveal"]);
    }

    #[test]
    fn requests_and_approvals_expire() {
        let (_dir, db, clock) = scratch();
        let filed = db.request_reveal(&actor("ada"), ADA, "c-abcdefghijkl", "an incident").unwrap().unwrap();
        clock.set(Timestamp(clock.now().0 + RevealRequest::PENDING_MS));
        assert_eq!(filed.state(clock.now()), RevealState::Expired);
        assert_eq!(db.approve_reveal(&actor("grace"), GRACE, filed.id).unwrap(), Approval::NotPending);
        let again = db.request_reveal(&actor("ada"), ADA, "c-abcdefghijkl", "an incident").unwrap().unwrap();
        assert_ne!(again.id, filed.id);
        db.approve_reveal(&actor("grace"), GRACE, again.id).unwrap();
        clock.set(Timestamp(clock.now().0 + RevealRequest::APPROVED_MS));
        assert_eq!(db.approved_reveal(ADA, "c-abcdefghijkl").unwrap(), None);
        let (rows, total) = db.reveals(Some(ADA), None, 10, 0).unwrap();
        assert_eq!(
            (total, rows.iter().map(|row| row.state(clock.now()).name()).collect::<Vec<_>>()),
            (2, vec!["expired"; 2])
        );
        assert_eq!(db.reveals(Some(GRACE), None, 10, 0).unwrap().1, 0);
        assert_eq!(db.reveals(None, Some(again.id), 10, 0).unwrap().0.len(), 1);
    }

    #[test]
    fn an_account_has_a_bounded_number_waiting() {
        let (_dir, db, _) = scratch();
        let file =
            |number: usize| db.request_reveal(&actor("ada"), ADA, &format!("c-{number}"), "an incident").unwrap();
        assert!((0..MOST_PENDING).all(|number| file(number).is_some()));
        assert_eq!(file(MOST_PENDING), None);
        assert!(file(0).is_some());
    }
}
