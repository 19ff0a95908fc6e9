//! Accounts: who may log in, with which role. A password arrives here as its hash and is stored as nothing else.
//!
//! Hashing and checking are `auth`'s.

use super::audit::{self, Actor, AuditEntry};
use super::{ControlDb, ControlError, ControlResult};
use crate::model::{AccountId, Role, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use std::fmt;

/// A password's hash, a PHC string (`$argon2id$v=19$…`). Its `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    pub fn new(phc: String) -> PasswordHash {
        PasswordHash(phc)
    }

    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PasswordHash(***)")
    }
}

/// An account's name: 1 to 64 characters, no colon (HTTP Basic ends the name there), no blanks at its ends, no control
/// characters. Names that differ in ASCII case only are the same account.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountName(String);

/// A text that is no account name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("is no account name; use 1 to 64 characters without colon, control characters, or blanks at the ends")]
pub struct AccountNameError;

impl AccountName {
    /// Most characters of a name.
    pub const MAX_CHARS: usize = 64;

    /// Checks a name.
    ///
    /// # Errors
    /// [`AccountNameError`] when the text is none.
    pub fn new(name: &str) -> Result<AccountName, AccountNameError> {
        let length = name.chars().take(Self::MAX_CHARS + 1).count();
        let fits = (1..=Self::MAX_CHARS).contains(&length);
        if fits && name.trim() == name && !name.contains(|sign: char| sign == ':' || sign.is_control()) {
            Ok(AccountName(name.to_owned()))
        } else {
            Err(AccountNameError)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccountName(***)")
    }
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
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Account").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl ControlDb {
    /// The account of that name, without regard to ASCII case.
    pub fn account(&self, name: &str) -> ControlResult<Option<Account>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, name, role, password_hash, created_at_ms FROM account WHERE name = ?1")?;
            statement.query_and_then([name], account)?.next().transpose()
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

fn has_admin(connection: &Connection) -> ControlResult<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM account WHERE role = ?1 LIMIT 1")?;
    Ok(statement.query_row([Role::Admin.name()], |_| Ok(())).optional()?.is_some())
}

fn account(row: &Row<'_>) -> ControlResult<Account> {
    let (id, role): (i64, String) = (row.get("id")?, row.get("role")?);
    let role = Role::parse(&role).ok_or_else(|| ControlError::Stored {
        table: "account",
        row: id.to_string(),
        message: format!("role '{role}' is unknown; install the Tidegate version that wrote it"),
    })?;
    Ok(Account {
        id: AccountId(id),
        name: row.get("name")?,
        role,
        password_hash: PasswordHash(row.get("password_hash")?),
        created_at: Timestamp(row.get("created_at_ms")?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::audit::AuditFilter;
    use super::super::db::tests::scratch;
    use super::super::settings::SettingDefaults;
    use super::*;
    use std::sync::Arc;

    #[test]
    fn names_are_checked() {
        let long = "x".repeat(64);
        for good in ["admin", "Ada Lovelace", "ä", "a@b.example", &long] {
            assert!(AccountName::new(good).is_ok(), "{good}");
        }
        let too_long = "x".repeat(65);
        for bad in ["", " ", "a:b", "a\nb", " a", "a ", "\0", &too_long] {
            assert_eq!(AccountName::new(bad), Err(AccountNameError), "{bad:?}");
        }
    }

    #[test]
    fn an_admin_is_created_once_found_without_case_and_audited() {
        let (_dir, db, _) = scratch();
        let hash = |text: &str| PasswordHash::new(text.to_owned());
        let (first, second) = (AccountName::new("Admin").unwrap(), AccountName::new("root").unwrap());
        assert!(!db.has_admin().unwrap());
        assert!(db.create_first_admin(&first, &hash("h1"), &Actor::system("serve")).unwrap());
        assert!(!db.create_first_admin(&second, &hash("h2"), &Actor::system("serve")).unwrap());
        let account = db.account("aDMIN").unwrap().unwrap();
        assert_eq!((account.name.as_str(), account.password_hash.as_str()), ("Admin", "h1"));
        assert_eq!(db.account("root").unwrap(), None);
        let (rows, total) = db.audit_page(&AuditFilter::default(), 10, 0).unwrap();
        assert_eq!((total, rows[0].action.as_str(), rows[0].target.as_str()), (1, "user.create", "Admin"));
        let shown = format!("{account:?} {first:?} {rows:?}");
        assert!(!shown.contains("h1"), "{shown}");
    }

    #[test]
    fn of_many_processes_one_creates_the_admin() {
        let dir = tempfile::tempdir().unwrap();
        let create = |n: usize| {
            let clock = Arc::new(crate::model::FixedClock::default());
            let db = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
            let name = AccountName::new(&format!("admin{n}")).unwrap();
            db.create_first_admin(&name, &PasswordHash::new("h".to_owned()), &Actor::system("serve")).unwrap()
        };
        let created = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..6).map(|n| scope.spawn(move || create(n))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).filter(|won| *won).count()
        });
        assert_eq!(created, 1);
    }
}
