//! Making, changing and removing accounts. Each change is audited with before and after in the transaction that makes
//! it, and takes with it the logins it must end. The last admin who may come in stays.

use super::{Account, AccountName, PasswordHash, Theme, by_id};
use crate::control::audit::{self, Actor, AuditEntry};
use crate::control::{Change, ControlDb, ControlError, ControlResult};
use crate::model::{AccountId, Role};
use rusqlite::{OptionalExtension, Transaction, named_params};
use serde_json::{Map, Value, json};

/// Accounts at most.
const MOST_ACCOUNTS: i64 = 10_000;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What it is called.
    pub name: AccountName,
    /// The hash of its password.
    pub password_hash: PasswordHash,
    /// What it may do.
    pub role: Role,
    /// What to call its owner; may be empty.
    pub display_name: String,
    /// Where to write to its owner; may be empty.
    pub email: String,
    /// Which colours its owner wants.
    pub theme: Theme,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
}

/// What to change of an account; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AccountChange {
    /// What to call its owner.
    pub display_name: Option<String>,
    /// Where to write to its owner.
    pub email: Option<String>,
    /// Which colours its owner wants.
    pub theme: Option<Theme>,
    /// What it may do; ends all its logins.
    pub role: Option<Role>,
    /// Whether it may come in; shutting it out ends all its logins.
    pub enabled: Option<bool>,
    /// Whether it may read personal data while masking is on; audited as an action of its own.
    pub pii_read: Option<bool>,
}

impl std::fmt::Debug for AccountChange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AccountChange")
            .field("role", &self.role)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

/// Who gives an account another password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordChange<'h> {
    /// Its owner, who was found to know the password of this hash; a forced change is done then.
    ByOwner(&'h PasswordHash),
    /// Somebody for them: it has to be changed at the next login, and a second factor is taken off.
    Reset,
}

impl ControlDb {
    /// Makes an account.
    ///
    /// # Errors
    /// [`ControlError::NameTaken`]; [`ControlError::TooMany`] above 10,000 accounts.
    pub fn create_account(&self, new: &NewAccount, actor: &Actor) -> ControlResult<Account> {
        self.change_identity(|transaction| {
            let now = self.now();
            let count: i64 = transaction.query_row("SELECT count(*) FROM account", [], |row| row.get(0))?;
            if count >= MOST_ACCOUNTS {
                return Err(ControlError::TooMany { what: "accounts", most: MOST_ACCOUNTS });
            }
            let taken = "SELECT 1 FROM account WHERE name = ?1";
            if transaction.query_row(taken, [new.name.as_str()], |_| Ok(())).optional()?.is_some() {
                return Err(ControlError::NameTaken);
            }
            transaction
                .prepare_cached(
                    "INSERT INTO account (name, role, password_hash, created_at_ms, password_changed_at_ms,
                                          display_name, email, theme, must_change_password)
                     VALUES (:name, :role, :hash, :now, :now, :display_name, :email, :theme, :must_change)",
                )?
                .execute(named_params! {
                    ":name": new.name.as_str(), ":role": new.role.name(), ":hash": new.password_hash.as_str(),
                    ":now": now.0, ":display_name": new.display_name, ":email": new.email, ":theme": new.theme.name(),
                    ":must_change": new.must_change_password,
                })?;
            let made = kept(transaction, AccountId(transaction.last_insert_rowid()))?;
            let entry = AuditEntry::new("user.create", made.name.as_str()).after(json!({
                "id": made.id.0, "role": made.role.name(), "display_name": made.display_name, "email": made.email,
                "must_change_password": made.must_change_password,
            }));
            audit::record(transaction, now, actor, &entry)?;
            Ok(made)
        })
    }

    /// Changes an account and answers it as it is then.
    ///
    /// # Errors
    /// [`ControlError::NoAccount`]; [`ControlError::LastAdmin`] when no admin could come in any more.
    pub fn change_account(&self, id: AccountId, change: &AccountChange, actor: &Actor) -> ControlResult<Account> {
        self.change_identity(|transaction| {
            let before = kept(transaction, id)?;
            let mut after = before.clone();
            let wanted = change.clone();
            after.display_name = wanted.display_name.unwrap_or(after.display_name);
            after.email = wanted.email.unwrap_or(after.email);
            after.theme = wanted.theme.unwrap_or(after.theme);
            after.role = wanted.role.unwrap_or(after.role);
            after.enabled = wanted.enabled.unwrap_or(after.enabled);
            after.pii_read = wanted.pii_read.unwrap_or(after.pii_read);
            if may_rule(&before) && !may_rule(&after) {
                another_admin(transaction, id)?;
            }
            transaction
                .prepare_cached(
                    "UPDATE account SET display_name = :display_name, email = :email, theme = :theme, role = :role,
                                        enabled = :enabled, pii_read = :pii_read
                     WHERE id = :id",
                )?
                .execute(named_params! {
                    ":id": id.0, ":display_name": after.display_name, ":email": after.email,
                    ":theme": after.theme.name(), ":role": after.role.name(), ":enabled": after.enabled,
                    ":pii_read": after.pii_read,
                })?;
            if after.role != before.role || !after.enabled {
                end_logins(transaction, id)?;
            }
            audit_change(self, transaction, actor, &before, &after)?;
            Ok(after)
        })
    }

    /// Gives an account another password and ends all its logins.
    ///
    /// # Errors
    /// [`ControlError::NoAccount`]; [`ControlError::PasswordChanged`] when the password its owner knew was changed
    /// meanwhile: a reset is not undone by whoever knew the one before.
    pub fn change_password(
        &self,
        id: AccountId,
        hash: &PasswordHash,
        how: PasswordChange<'_>,
        actor: &Actor,
    ) -> ControlResult<Account> {
        self.change_identity(|transaction| {
            let before = kept(transaction, id)?;
            let now = self.now();
            let reset = match how {
                PasswordChange::ByOwner(known) if *known != before.password_hash => {
                    return Err(ControlError::PasswordChanged);
                }
                PasswordChange::ByOwner(_) => false,
                PasswordChange::Reset => true,
            };
            transaction
                .prepare_cached(
                    "UPDATE account SET password_hash = ?2, password_changed_at_ms = ?3, must_change_password = ?4
                     WHERE id = ?1",
                )?
                .execute((id.0, hash.as_str(), now.0, reset))?;
            if reset {
                super::factors::take_off(transaction, id)?;
            }
            let ended = end_logins(transaction, id)?;
            let action = if reset { "user.reset_password" } else { "user.change_password" };
            let state = |account: &Account| {
                json!({ "must_change_password": account.must_change_password, "totp": account.needs_totp() })
            };
            let after = kept(transaction, id)?;
            let mut said = state(&after);
            said["logins_ended"] = Value::from(ended);
            let entry = AuditEntry::new(action, before.name.as_str()).before(state(&before)).after(said);
            audit::record(transaction, now, actor, &entry)?;
            Ok(after)
        })
    }

    /// Removes an account, its logins and its keys. Its number is never given again.
    ///
    /// # Errors
    /// [`ControlError::NoAccount`]; [`ControlError::LastAdmin`] when no admin could come in any more.
    pub fn delete_account(&self, id: AccountId, actor: &Actor) -> ControlResult<()> {
        self.change_identity(|transaction| {
            let before = kept(transaction, id)?;
            if may_rule(&before) {
                another_admin(transaction, id)?;
            }
            transaction.prepare_cached("DELETE FROM account WHERE id = ?1")?.execute([id.0])?;
            let entry = AuditEntry::new("user.delete", before.name.as_str()).before(json!({
                "id": id.0, "role": before.role.name(), "enabled": before.enabled, "pii_read": before.pii_read,
                "display_name": before.display_name, "email": before.email,
            }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })
    }
}

/// The account as it is in this transaction.
pub(super) fn kept(transaction: &Transaction<'_>, id: AccountId) -> ControlResult<Account> {
    by_id(transaction, id)?.ok_or(ControlError::NoAccount)
}

/// Ends every login of an account and answers how many there were.
fn end_logins(transaction: &Transaction<'_>, id: AccountId) -> ControlResult<usize> {
    Ok(transaction.prepare_cached("DELETE FROM login WHERE account_id = ?1")?.execute([id.0])?)
}

fn may_rule(account: &Account) -> bool {
    account.role == Role::Admin && account.enabled
}

fn another_admin(transaction: &Transaction<'_>, id: AccountId) -> ControlResult<()> {
    let others = "SELECT count(*) FROM account WHERE role = ?1 AND enabled = 1 AND id <> ?2";
    let others: i64 = transaction.query_row(others, (Role::Admin.name(), id.0), |row| row.get(0))?;
    if others == 0 { Err(ControlError::LastAdmin) } else { Ok(()) }
}

/// Records what differs; a grant of personal data apart from the rest.
fn audit_change(
    control: &ControlDb,
    transaction: &Change<'_>,
    actor: &Actor,
    before: &Account,
    after: &Account,
) -> ControlResult<()> {
    let mut fields = (Map::new(), Map::new());
    for (name, old, new) in [
        ("display_name", json!(before.display_name), json!(after.display_name)),
        ("email", json!(before.email), json!(after.email)),
        ("theme", json!(before.theme.name()), json!(after.theme.name())),
        ("role", json!(before.role.name()), json!(after.role.name())),
        ("enabled", json!(before.enabled), json!(after.enabled)),
    ] {
        if old != new {
            fields.0.insert(name.to_owned(), old);
            fields.1.insert(name.to_owned(), new);
        }
    }
    let now = control.now();
    if !fields.0.is_empty() {
        let entry = AuditEntry::new("user.update", before.name.as_str())
            .before(Value::Object(fields.0))
            .after(Value::Object(fields.1));
        audit::record(transaction, now, actor, &entry)?;
    }
    if before.pii_read != after.pii_read {
        let action = if after.pii_read { "user.grant_pii" } else { "user.revoke_pii" };
        let entry = AuditEntry::new(action, before.name.as_str())
            .before(json!({ "pii_read": before.pii_read }))
            .after(json!({ "pii_read": after.pii_read }));
        audit::record(transaction, now, actor, &entry)?;
    }
    Ok(())
}
