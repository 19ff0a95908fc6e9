//! What an account holds beside its password: a second factor, and the secret it signs its own tokens with. Both
//! arrive sealed.

use super::change::kept;
use crate::control::audit::{self, Actor, AuditEntry};
use crate::control::{ControlDb, ControlResult};
use crate::model::AccountId;
use rusqlite::Transaction;
use serde_json::json;

impl ControlDb {
    /// Keeps the secret of a second factor that its owner is yet to confirm; answers false, and keeps nothing, where
    /// one is confirmed already.
    ///
    /// # Errors
    /// [`super::ControlError::NoAccount`].
    pub fn offer_totp(&self, id: AccountId, sealed: &str, actor: &Actor) -> ControlResult<bool> {
        self.change(|transaction| {
            let account = kept(transaction, id)?;
            if account.needs_totp() {
                return Ok(false);
            }
            let sql = "UPDATE account SET totp_sealed = ?2, totp_confirmed = 0, totp_step = 0 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute((id.0, sealed))?;
            audit::record(transaction, self.now(), actor, &AuditEntry::new("user.totp_offer", account.name))?;
            Ok(true)
        })
    }

    /// Turns the second factor on, with the time step of the code that showed it.
    ///
    /// # Errors
    /// [`super::ControlError::NoAccount`].
    pub fn confirm_totp(&self, id: AccountId, step: i64, actor: &Actor) -> ControlResult<()> {
        self.change_identity(|transaction| {
            let account = kept(transaction, id)?;
            let sql = "UPDATE account SET totp_confirmed = 1, totp_step = ?2
                       WHERE id = ?1 AND totp_sealed IS NOT NULL AND totp_confirmed = 0";
            transaction.prepare_cached(sql)?.execute((id.0, step))?;
            let entry = AuditEntry::new("user.totp_on", account.name.as_str())
                .before(json!({ "totp": account.needs_totp() }))
                .after(json!({ "totp": true }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })
    }

    /// Takes the code of a time step, and answers whether it was still to be had: no step is taken twice, nor one
    /// before a step that was taken.
    pub fn take_totp_step(&self, id: AccountId, step: i64) -> ControlResult<bool> {
        self.change(|transaction| {
            let sql = "UPDATE account SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2";
            Ok(transaction.prepare_cached(sql)?.execute((id.0, step))? == 1)
        })
    }

    /// Takes the second factor off.
    ///
    /// # Errors
    /// [`super::ControlError::NoAccount`].
    pub fn remove_totp(&self, id: AccountId, actor: &Actor) -> ControlResult<()> {
        self.change_identity(|transaction| {
            let account = kept(transaction, id)?;
            take_off(transaction, id)?;
            let entry = AuditEntry::new("user.totp_off", account.name.as_str())
                .before(json!({ "totp": account.needs_totp() }))
                .after(json!({ "totp": false }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })
    }

    /// Gives an account another API access secret; tokens signed with the one before are worth nothing from then on.
    ///
    /// # Errors
    /// [`super::ControlError::NoAccount`].
    pub fn set_access_secret(&self, id: AccountId, sealed: &str, actor: &Actor) -> ControlResult<()> {
        self.change_identity(|transaction| {
            let account = kept(transaction, id)?;
            let sql = "UPDATE account SET access_secret_sealed = ?2 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute((id.0, sealed))?;
            let entry = AuditEntry::new("user.access_secret", account.name.as_str())
                .before(json!({ "access_secret": account.access_secret.is_some() }))
                .after(json!({ "access_secret": true }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })
    }
}

pub(super) fn take_off(transaction: &Transaction<'_>, id: AccountId) -> ControlResult<()> {
    let sql = "UPDATE account SET totp_sealed = NULL, totp_confirmed = 0, totp_step = 0 WHERE id = ?1";
    transaction.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}
