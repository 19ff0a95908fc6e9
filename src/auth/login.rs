//! Judging a person: password, second factor, lockout. Whatever is wrong, the answer and its cost are the same: a place
//! among the failures, one hash, one line in the audit log, which alone says what it was.

use super::authenticator::Authenticator;
use super::lockout::{Refused, Reservation};
use super::policy::{self, Weakness};
use super::totp::TotpSecret;
use super::{AuthError, AuthResult, Password, hash};
use crate::control::keys::{open, seal};
use crate::control::settings::PASSWORD_MIN_LENGTH;
use crate::control::{Account, AccountName, Actor, AuditEntry, ControlError, PasswordChange, PasswordHash};
use crate::model::AccountId;
use serde_json::json;
use std::sync::atomic::Ordering;

/// What came of judging a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// They are who they say.
    Right(Box<Account>),
    /// Something is wrong, or they may not come in.
    Refused,
    /// The password is right; the code of the second factor is missing or wrong.
    TotpNeeded,
}

/// What came of a person's wish for another password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PasswordWish {
    /// They have it; all their logins have ended.
    Done(Box<Account>),
    /// The present one is not what they said.
    WrongCurrent,
    /// It may not be chosen.
    Weak(Weakness),
}

impl Authenticator {
    /// Judges a name and password, and the code of the second factor where there is one. `from` says where the request
    /// came from. Hashes, and may wait for its turn to: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`AuthError::Locked`] after too many failures, [`AuthError::Busy`] when too many wait already,
    /// [`AuthError::Control`] when accounts can't be read or the failure can't be recorded.
    pub fn judge(&self, username: &str, password: &str, code: Option<&str>, from: &Actor) -> AuthResult<Judgement> {
        let place = self.place(username, from)?;
        let account = self.control.account(username)?;
        let right = match self.verify(account.as_ref(), password) {
            Ok(right) => right,
            Err(cause) => {
                place.undecided();
                return Err(cause);
            }
        };
        let reason = match &account {
            None => "unknown name",
            Some(_) if !right => "wrong password",
            Some(account) if !account.enabled => "disabled",
            Some(account) if account.needs_totp() => match code {
                None => {
                    place.undecided();
                    return Ok(Judgement::TotpNeeded);
                }
                Some(code) if self.takes_code(account, code)? => "",
                Some(_) => "wrong code",
            },
            Some(_) => "",
        };
        match account.filter(|_| reason.is_empty()) {
            Some(account) => {
                place.succeeded();
                Ok(Judgement::Right(Box::new(account)))
            }
            None => {
                drop(place);
                self.record_failure(username, "login", reason, from)?;
                Ok(if reason == "wrong code" { Judgement::TotpNeeded } else { Judgement::Refused })
            }
        }
    }

    /// Gives an account the password its owner wants, if they know the present one.
    ///
    /// # Errors
    /// As [`Authenticator::judge`].
    pub fn change_password(
        &self,
        id: AccountId,
        current: &str,
        wanted: &str,
        actor: &Actor,
    ) -> AuthResult<PasswordWish> {
        let Some(account) = self.confirm(id, current, "change-password", actor)? else {
            return Ok(PasswordWish::WrongCurrent);
        };
        // Whoever drew a password for somebody must not know the one that comes after it.
        if wanted == current {
            return Ok(PasswordWish::Weak(Weakness::Same));
        }
        let wanted = match self.accept_password(wanted, &account.name) {
            Ok(wanted) => wanted,
            Err(weakness) => return Ok(PasswordWish::Weak(weakness)),
        };
        let hashed = self.hash(&wanted)?;
        let known = PasswordChange::ByOwner(&account.password_hash);
        match self.control.change_password(id, &hashed, known, actor) {
            Ok(changed) => Ok(PasswordWish::Done(Box::new(changed))),
            Err(ControlError::PasswordChanged) => Ok(PasswordWish::WrongCurrent),
            Err(cause) => Err(cause.into()),
        }
    }

    /// Gives an account a password drawn here, to be changed at its next login, and answers it, this once.
    pub fn reset_password(&self, id: AccountId, actor: &Actor) -> AuthResult<Password> {
        let password = Password::generate()?;
        let hashed = self.hash(&password)?;
        self.control.change_password(id, &hashed, PasswordChange::Reset, actor)?;
        Ok(password)
    }

    /// Hashes a password in its turn.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait already.
    pub fn hash(&self, password: &Password) -> AuthResult<PasswordHash> {
        let _permit = self.permits.acquire().ok_or(AuthError::Busy)?;
        hash::hash(password)
    }

    /// A password that the account of that name may choose.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn accept_password(&self, text: &str, username: &str) -> Result<Password, Weakness> {
        let least = usize::try_from(self.control.settings().get(PASSWORD_MIN_LENGTH)).unwrap_or_default();
        policy::accept(text, username, least)
    }

    /// Draws a second factor for an account, to be confirmed; `None` where it has one.
    pub fn offer_totp(&self, id: AccountId, actor: &Actor) -> AuthResult<Option<TotpSecret>> {
        let secret = TotpSecret::generate()?;
        let sealed = seal(&self.sealing_key, secret.bytes(), &totp_context(id))?;
        Ok(self.control.offer_totp(id, &sealed, actor)?.then_some(secret))
    }

    /// Turns a second factor on for whoever can show its code.
    pub fn confirm_totp(&self, id: AccountId, code: &str, actor: &Actor) -> AuthResult<bool> {
        let place = self.place(&actor.username, actor)?;
        let account = self.control.account_by_id(id)?;
        let step = account.and_then(|account| self.step_of(&account, code));
        match step {
            Some(step) => {
                place.undecided();
                self.control.confirm_totp(id, step, actor)?;
                Ok(true)
            }
            None => {
                drop(place);
                self.record_failure(&actor.username, "totp", "wrong code", actor)?;
                Ok(false)
            }
        }
    }

    /// Takes a second factor off for whoever knows the password or shows a code.
    pub fn remove_totp(
        &self,
        id: AccountId,
        password: Option<&str>,
        code: Option<&str>,
        actor: &Actor,
    ) -> AuthResult<bool> {
        let allowed = match (password, code) {
            (Some(password), _) => self.confirm(id, password, "totp", actor)?.is_some(),
            (None, code) => {
                let place = self.place(&actor.username, actor)?;
                let account = self.control.account_by_id(id)?;
                let right = match (&account, code) {
                    (Some(account), Some(code)) => self.takes_code(account, code)?,
                    _ => false,
                };
                if right {
                    place.undecided();
                } else {
                    drop(place);
                    self.record_failure(&actor.username, "totp", "wrong code", actor)?;
                }
                right
            }
        };
        if allowed {
            self.control.remove_totp(id, actor)?;
        }
        Ok(allowed)
    }

    /// The account, if that is its password: for what takes more than having come in.
    fn confirm(&self, id: AccountId, password: &str, what: &str, actor: &Actor) -> AuthResult<Option<Account>> {
        let place = self.place(&actor.username, actor)?;
        let account = self.control.account_by_id(id)?;
        match self.verify(account.as_ref(), password) {
            Ok(true) => {
                place.succeeded();
                Ok(account)
            }
            Ok(false) => {
                drop(place);
                self.record_failure(&actor.username, what, "wrong password", actor)?;
                Ok(None)
            }
            Err(cause) => {
                place.undecided();
                Err(cause)
            }
        }
    }

    /// A place for a judgement.
    pub(super) fn place(&self, username: &str, from: &Actor) -> AuthResult<Reservation<'_>> {
        self.lockout.reserve(username, from.source_ip).map_err(|refused| match refused {
            Refused::Locked { retry_after_s } => AuthError::Locked { retry_after_s },
            Refused::Busy => AuthError::Busy,
        })
    }

    /// Whether that is the account's password; hashes once whatever is given, for no account too.
    pub(super) fn verify(&self, account: Option<&Account>, password: &str) -> AuthResult<bool> {
        let _permit = self.permits.acquire().ok_or(AuthError::Busy)?;
        self.verifications.fetch_add(1, Ordering::Relaxed);
        let possible = (1..=Password::MAX_BYTES).contains(&password.len());
        let password = &password.as_bytes()[..password.len().min(Password::MAX_BYTES)];
        let kept = account.filter(|_| possible).map_or(&self.dummy, |account| &account.password_hash);
        let right = hash::verify(password, kept)?;
        Ok(right && possible && account.is_some())
    }

    /// Records a failure under the name that was given.
    pub(super) fn record_failure(&self, username: &str, what: &str, reason: &str, from: &Actor) -> AuthResult<()> {
        let name: String = username.chars().take(AccountName::MAX_CHARS).filter(|sign| !sign.is_control()).collect();
        let actor = Actor { username: name, ..from.clone() };
        let entry = AuditEntry::new("auth.fail", what).after(json!({ "reason": reason }));
        self.control.record(&actor, &entry)?;
        Ok(())
    }

    /// Whether a code is right and was not taken before; takes it.
    fn takes_code(&self, account: &Account, code: &str) -> AuthResult<bool> {
        match self.step_of(account, code) {
            Some(step) => Ok(self.control.take_totp_step(account.id, step)?),
            None => Ok(false),
        }
    }

    fn step_of(&self, account: &Account, code: &str) -> Option<i64> {
        let sealed = &account.totp.as_ref()?.sealed;
        let secret = TotpSecret::from_bytes(&open(&self.sealing_key, sealed, &totp_context(account.id))?)?;
        secret.step_of(code, self.clock.now().0)
    }
}

fn totp_context(account: AccountId) -> Vec<u8> {
    format!("TOTP secret of account {}", account.0).into_bytes()
}
