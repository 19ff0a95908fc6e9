//! Accounts: who may log in, with which role. A password arrives here as its hash and is stored as nothing else;
//! secrets that have to be read again arrive sealed.
//!
//! Not here: hashing, sealing and judging (`auth`), what an account has open (`logins`, `api_keys`).

mod change;
mod factors;
mod name;

pub use change::{AccountChange, NewAccount, PasswordChange};
pub use name::{AccountName, AccountNameError, PasswordHash};

use super::audit::{self, Actor, AuditEntry};
use super::{ControlDb, ControlError, ControlResult};
use crate::model::{AccountId, Role, Scope, Scopes, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use std::fmt;

/// Which colours somebody wants their pages in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// Those of their system.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// What a word stands for.
    pub fn parse(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// A second factor: the secret of a time-based one-time password (RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    /// The secret, sealed.
    pub sealed: String,
    /// Whether its owner has shown that they have it; asked for at logins from then on.
    pub confirmed: bool,
    /// The time step of the last code taken.
    pub step: i64,
}

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// Its name, as it was created.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The hash of its password.
    pub password_hash: PasswordHash,
    /// When it was created.
    pub created_at: Timestamp,
    /// What to call its owner; may be empty.
    pub display_name: String,
    /// Where to write to its owner; may be empty.
    pub email: String,
    /// Which colours its owner wants.
    pub theme: Theme,
    /// Whether it may come in at all.
    pub enabled: bool,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
    /// Whether it was granted [`Scope::PiiRead`].
    pub pii_read: bool,
    /// Its second factor.
    pub totp: Option<Totp>,
    /// Its API access secret, sealed.
    pub access_secret: Option<String>,
    /// When its owner last logged in for a session or tokens.
    pub last_login_at: Option<Timestamp>,
}

impl Account {
    /// What its owner may do: the role's scopes and what was granted beyond them.
    pub fn scopes(&self) -> Scopes {
        let granted = if self.pii_read { Scopes::of(&[Scope::PiiRead]) } else { Scopes::NONE };
        self.role.scopes().or(granted)
    }

    /// Whether logging in takes a code beside the password.
    pub fn needs_totp(&self) -> bool {
        self.totp.as_ref().is_some_and(|totp| totp.confirmed)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Account").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl ControlDb {
    /// The account of that name, without regard to ASCII case.
    pub fn account(&self, name: &str) -> ControlResult<Option<Account>> {
        self.read(|connection| one(connection, "name", name))
    }

    /// The account of that number.
    pub fn account_by_id(&self, id: AccountId) -> ControlResult<Option<Account>> {
        self.read(|connection| by_id(connection, id))
    }

    /// Every account, by number.
    pub fn accounts(&self) -> ControlResult<Vec<Account>> {
        self.read(|connection| {
            connection.prepare_cached("SELECT * FROM account ORDER BY id")?.query_and_then([], account)?.collect()
        })
    }

    /// Whether any account is an admin.
    pub fn has_admin(&self) -> ControlResult<bool> {
        self.read(has_admin)
    }

    /// Creates an admin unless there is one, and answers whether it did. Of any number of processes that try at
    /// once, one creates it.
    pub fn create_first_admin(
        &self,
        name: &AccountName,
        password_hash: &PasswordHash,
        actor: &Actor,
    ) -> ControlResult<bool> {
        self.change(|transaction| {
            if has_admin(transaction)? {
                return Ok(false);
            }
            let now = self.now();
            transaction
                .prepare_cached(
                    "INSERT INTO account (name, role, password_hash, created_at_ms, password_changed_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?4)",
                )?
                .execute((name.as_str(), Role::Admin.name(), password_hash.as_str(), now.0))?;
            let entry =
                AuditEntry::new("user.create", name.as_str()).after(serde_json::json!({ "role": Role::Admin.name() }));
            audit::record(transaction, now, actor, &entry)?;
            Ok(true)
        })
    }
}

/// The account of a number, inside whatever is under way.
pub(super) fn by_id(connection: &Connection, id: AccountId) -> ControlResult<Option<Account>> {
    one(connection, "id", id.0)
}

fn one(connection: &Connection, column: &'static str, value: impl rusqlite::ToSql) -> ControlResult<Option<Account>> {
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM account WHERE {column} = ?1"))?;
    statement.query_and_then([value], account)?.next().transpose()
}

fn has_admin(connection: &Connection) -> ControlResult<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM account WHERE role = ?1 LIMIT 1")?;
    Ok(statement.query_row([Role::Admin.name()], |_| Ok(())).optional()?.is_some())
}

fn account(row: &Row<'_>) -> ControlResult<Account> {
    let id: i64 = row.get("id")?;
    let (role, theme): (String, String) = (row.get("role")?, row.get("theme")?);
    let unknown = |what: &str, word: &str| ControlError::Stored {
        table: "account",
        row: id.to_string(),
        message: format!("{what} '{word}' is unknown; install the Tidegate version that wrote it"),
    };
    let totp = row.get::<_, Option<String>>("totp_sealed")?.map(|sealed| {
        Ok::<_, rusqlite::Error>(Totp { sealed, confirmed: row.get("totp_confirmed")?, step: row.get("totp_step")? })
    });
    Ok(Account {
        id: AccountId(id),
        name: row.get("name")?,
        role: Role::parse(&role).ok_or_else(|| unknown("role", &role))?,
        password_hash: PasswordHash(row.get("password_hash")?),
        created_at: Timestamp(row.get("created_at_ms")?),
        display_name: row.get("display_name")?,
        email: row.get("email")?,
        theme: Theme::parse(&theme).ok_or_else(|| unknown("theme", &theme))?,
        enabled: row.get("enabled")?,
        must_change_password: row.get("must_change_password")?,
        pii_read: row.get("pii_read")?,
        totp: totp.transpose()?,
        access_secret: row.get("access_secret_sealed")?,
        last_login_at: row.get::<_, Option<i64>>("last_login_at_ms")?.map(Timestamp),
    })
}

#[cfg(test)]
mod tests;
