//! Logins: what an account has open. A login is a browser's session or a family of tokens (RFC 9700, section 4.14.2);
//! it has a row as long as it is worth anything. Ending it removes the row, and with it everything that was given out
//! under it. Rows that have expired go when the next login begins.

use super::accounts::by_id;
use super::audit::{self, Actor, AuditEntry};
use super::{Account, ControlDb, ControlError, ControlResult, SecretHash};
use crate::model::{AccountId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use serde_json::json;

/// Logins an account has at most; the one used least recently makes room.
const MOST_LOGINS: i64 = 100;
/// How often at most it is noted that something was used.
pub(super) const USED_EVERY_MS: i64 = 60_000;

/// What a login is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoginKind {
    /// A browser's, by cookie.
    Session,
    /// Access and refresh tokens.
    Tokens,
}

impl LoginKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            LoginKind::Session => "session",
            LoginKind::Tokens => "tokens",
        }
    }
}

/// A login that is worth something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Login {
    /// Its number; never reused.
    pub id: i64,
    /// Whose it is.
    pub account: AccountId,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    last_used_at: Timestamp,
}

/// What came of presenting a refresh token's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rotation {
    /// It was the one not used yet; the next one takes its place.
    Done,
    /// It was used before, so that somebody else has it: the whole login is ended.
    Reused,
}

impl ControlDb {
    /// Begins a login of an account, whose password was just found to have `verified` as its hash; answers its number,
    /// or `None` where the account is gone, shut out, or has another password by now.
    pub fn begin_login(
        &self,
        account: &Account,
        kind: LoginKind,
        secret: &SecretHash,
        expires_at: Timestamp,
        actor: &Actor,
    ) -> ControlResult<Option<i64>> {
        self.change_identity(|transaction| {
            let now = self.now();
            let Some(current) = by_id(transaction, account.id)? else { return Ok(None) };
            if !current.enabled || current.password_hash != account.password_hash {
                return Ok(None);
            }
            make_room(transaction, account.id, now)?;
            transaction
                .prepare_cached(
                    "INSERT INTO login (account_id, kind, secret_hash, created_at_ms, expires_at_ms, last_used_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?4)",
                )?
                .execute((account.id.0, kind.name(), secret.0, now.0, expires_at.0))?;
            let id = transaction.last_insert_rowid();
            transaction
                .prepare_cached("UPDATE account SET last_login_at_ms = ?2 WHERE id = ?1")?
                .execute((account.id.0, now.0))?;
            let entry = AuditEntry::new("auth.login", account.name.as_str())
                .after(json!({ "login": id, "kind": kind.name(), "expires_at": expires_at.to_rfc3339() }));
            audit::record(transaction, now, actor, &entry)?;
            Ok(Some(id))
        })
    }

    /// The session of a cookie and whose it is.
    pub fn session(&self, secret: &SecretHash) -> ControlResult<Option<(Login, Account)>> {
        self.read_together(|connection| {
            let sql = "SELECT * FROM login WHERE secret_hash = ?1 AND kind = 'session' AND expires_at_ms > ?2";
            let found = connection.prepare_cached(sql)?.query_row((secret.0, self.now().0), login).optional()?;
            with_account(connection, found)
        })
    }

    /// The login of a number and whose it is.
    pub fn login(&self, id: i64, kind: LoginKind) -> ControlResult<Option<(Login, Account)>> {
        self.read_together(|connection| {
            let sql = "SELECT * FROM login WHERE id = ?1 AND kind = ?2 AND expires_at_ms > ?3";
            let found = connection.prepare_cached(sql)?.query_row((id, kind.name(), self.now().0), login).optional()?;
            with_account(connection, found)
        })
    }

    /// Puts the next refresh token in the place of the one presented. One that was used before ends the login.
    ///
    /// # Errors
    /// [`ControlError::NoLogin`] when the login has ended.
    pub fn rotate_login(
        &self,
        id: i64,
        presented: &SecretHash,
        next: &SecretHash,
        expires_at: Timestamp,
        actor: &Actor,
    ) -> ControlResult<Rotation> {
        let rotation = self.change(|transaction| {
            let now = self.now();
            let current = transaction
                .prepare_cached(
                    "SELECT secret_hash FROM login WHERE id = ?1 AND kind = 'tokens' AND expires_at_ms > ?2",
                )?
                .query_row((id, now.0), |row| row.get::<_, [u8; 32]>(0))
                .optional()?
                .ok_or(ControlError::NoLogin)?;
            if current == presented.0 {
                transaction
                    .prepare_cached(
                        "UPDATE login SET secret_hash = ?2, expires_at_ms = ?3, last_used_at_ms = ?4 WHERE id = ?1",
                    )?
                    .execute((id, next.0, expires_at.0, now.0))?;
                return Ok(Rotation::Done);
            }
            remove(transaction, id)?;
            let entry = AuditEntry::new("auth.refresh_reused", format!("login {id}"));
            audit::record(transaction, now, actor, &entry)?;
            Ok(Rotation::Reused)
        })?;
        if rotation == Rotation::Reused {
            self.identity_changed();
        }
        Ok(rotation)
    }

    /// Ends a login; answers whether it was still open.
    pub fn end_login(&self, id: i64, actor: &Actor) -> ControlResult<bool> {
        self.change_identity(|transaction| {
            if !remove(transaction, id)? {
                return Ok(false);
            }
            audit::record(transaction, self.now(), actor, &AuditEntry::new("auth.logout", format!("login {id}")))?;
            Ok(true)
        })
    }

    /// Notes that a login was used, at most once a minute.
    pub fn login_used(&self, login: &Login) -> ControlResult<()> {
        let now = self.now();
        if now.0 - login.last_used_at.0 < USED_EVERY_MS {
            return Ok(());
        }
        self.change(|transaction| {
            let sql = "UPDATE login SET last_used_at_ms = ?2 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute((login.id, now.0))?;
            Ok(())
        })
    }
}

fn remove(transaction: &Transaction<'_>, id: i64) -> ControlResult<bool> {
    Ok(transaction.prepare_cached("DELETE FROM login WHERE id = ?1")?.execute([id])? == 1)
}

/// Lets go of what has expired, and of the account's oldest logins where it has too many.
fn make_room(transaction: &Transaction<'_>, account: AccountId, now: Timestamp) -> ControlResult<()> {
    transaction.prepare_cached("DELETE FROM login WHERE expires_at_ms <= ?1")?.execute([now.0])?;
    transaction
        .prepare_cached(
            "DELETE FROM login WHERE id IN (SELECT id FROM login WHERE account_id = ?1
                                            ORDER BY last_used_at_ms DESC, id DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute((account.0, MOST_LOGINS - 1))?;
    Ok(())
}

fn with_account(connection: &Connection, login: Option<Login>) -> ControlResult<Option<(Login, Account)>> {
    let Some(login) = login else { return Ok(None) };
    Ok(by_id(connection, login.account)?.map(|account| (login, account)))
}

fn login(row: &Row<'_>) -> rusqlite::Result<Login> {
    Ok(Login {
        id: row.get("id")?,
        account: AccountId(row.get("account_id")?),
        expires_at: Timestamp(row.get("expires_at_ms")?),
        last_used_at: Timestamp(row.get("last_used_at_ms")?),
    })
}

#[cfg(test)]
mod tests;
