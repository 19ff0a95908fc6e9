//! From a credential to a principal: one question, answered by who it is or by no, never by why not.
//!
//! A stranger learns nothing from how long an answer takes: whatever is wrong with a name and password, whether the
//! name exists or not, one hash is verified (`login`). Right ones are remembered for a while (`cache`), so that only
//! the first request pays for it. Accounts, logins and keys are read anew for every request, so that a revocation holds for
//! the next one, whichever process made it.

use super::cache::Cache;
use super::lockout::Lockout;
use super::permits::Permits;
use super::secrets::API_KEY_PREFIX;
use super::{AuthError, AuthResult, Password, hash};
use crate::control::keys::{Key, KeyName};
use crate::control::{Account, Actor, ControlDb, PasswordHash, SecretHash};
use crate::model::{Clock, Credential, Principal, Scopes, Timestamp};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many callers may wait for their turn to have a password verified: fewer than the API lets in at a time, so that
/// a flood of wrong passwords leaves room for credentials that are known and need no turn.
const IN_LINE: usize = 32;

/// What a caller presents. Its `Debug` shows the kind only.
#[derive(Clone, PartialEq, Eq)]
pub enum Presented {
    /// A name and password, as HTTP Basic carries them.
    Basic {
        /// The name.
        username: String,
        /// The password.
        password: String,
    },
    /// A bearer token (RFC 6750): an API key or a JWT.
    Bearer(String),
    /// A session's cookie.
    Session(String),
}

impl fmt::Debug for Presented {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Presented::Basic { .. } => "Basic(***)",
            Presented::Bearer(_) => "Bearer(***)",
            Presented::Session(_) => "Session(***)",
        })
    }
}

/// Somebody who may come in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Admission {
    /// Who.
    pub principal: Principal,
    /// When the credential ends by itself.
    pub until: Timestamp,
}

/// Judges credentials.
#[derive(Debug)]
pub struct Authenticator {
    pub(super) control: Arc<ControlDb>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lockout: Lockout,
    pub(super) permits: Permits,
    pub(super) token_key: Key,
    pub(super) sealing_key: Key,
    /// The hash of a password nobody knows, verified where there is no account.
    pub(super) dummy: PasswordHash,
    pub(super) verifications: AtomicU64,
    cache: Cache,
}

impl Authenticator {
    /// An authenticator over the accounts of `control`. Hashes once: takes tens of milliseconds.
    ///
    /// # Errors
    /// When the operating system gives no random bytes or hashing fails.
    pub fn new(control: Arc<ControlDb>, clock: Arc<dyn Clock>) -> AuthResult<Authenticator> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let key = |name| control.keys().key(name).clone();
        Ok(Authenticator {
            token_key: key(KeyName::Token),
            sealing_key: key(KeyName::Sealing),
            control,
            lockout: Lockout::new(Arc::clone(&clock)),
            clock,
            permits: Permits::new(cores, IN_LINE),
            dummy: hash::hash(&Password::generate()?)?,
            verifications: AtomicU64::new(0),
            cache: Cache::new()?,
        })
    }

    /// Who presents this; `None` when nobody may come in with it. `from` says where the request came from. May hash,
    /// and may wait for its turn to: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`AuthError::Locked`] after too many failures, [`AuthError::Busy`] when too many wait already,
    /// [`AuthError::Control`] when accounts can't be read or the failure can't be recorded.
    pub fn authenticate(&self, presented: &Presented, from: &Actor) -> AuthResult<Option<Admission>> {
        match presented {
            Presented::Basic { username, password } => self.by_password(username, password, from),
            Presented::Bearer(token) if token.starts_with(API_KEY_PREFIX) => self.by_api_key(token),
            Presented::Bearer(token) => self.by_token(token),
            Presented::Session(cookie) => self.by_session(cookie),
        }
    }

    /// How many hashes were verified since the start.
    pub fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }

    /// Failed logins by name and peer.
    pub fn lockout(&self) -> &Lockout {
        &self.lockout
    }

    fn by_password(&self, username: &str, password: &str, from: &Actor) -> AuthResult<Option<Admission>> {
        if let Some(retry_after_s) = self.lockout.locked_for_s(username, from.source_ip) {
            return Err(AuthError::Locked { retry_after_s });
        }
        let account = self.control.account(username)?;
        if let Some(account) = account.as_ref().filter(|account| self.remembers(account, password)) {
            return Ok(Some(admission(account)));
        }
        let place = self.place(username, from)?;
        // Whoever was in line before may have been the same client.
        if let Some(account) = account.as_ref().filter(|account| self.remembers(account, password)) {
            place.undecided();
            return Ok(Some(admission(account)));
        }
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
            Some(account) if account.needs_totp() => "second factor",
            Some(account) => {
                // Before the place is free: whoever takes it finds the password remembered.
                self.cache.insert(self.tag(account, password), self.clock.now());
                place.succeeded();
                return Ok(Some(admission(account)));
            }
        };
        drop(place);
        self.record_failure(username, "basic", reason, from)?;
        Ok(None)
    }

    /// Whether these were right a short while ago, and still let in.
    fn remembers(&self, account: &Account, password: &str) -> bool {
        let possible = (1..=Password::MAX_BYTES).contains(&password.len());
        let lets_in = account.enabled && !account.needs_totp();
        possible && lets_in && self.cache.holds(&self.tag(account, password), self.clock.now())
    }

    fn tag(&self, account: &Account, password: &str) -> [u8; 32] {
        self.cache.tag(&account.name, password.as_bytes(), &account.password_hash)
    }

    fn by_api_key(&self, key: &str) -> AuthResult<Option<Admission>> {
        let found = self.control.api_key(&SecretHash::of(key))?;
        let Some((key, account)) = found.filter(|(_, account)| account.enabled) else { return Ok(None) };
        self.control.api_key_used(&key)?;
        let scopes = account.scopes().and(key.scopes);
        let principal =
            Principal { sources: key.sources.clone(), ..principal(&account, scopes, Credential::ApiKey(key.id)) };
        Ok(Some(Admission { principal, until: key.expires_at.unwrap_or(Timestamp::MAX) }))
    }
}

fn admission(account: &Account) -> Admission {
    Admission { principal: principal(account, account.scopes(), Credential::Password), until: Timestamp::MAX }
}

/// The principal of an account with what its credential leaves of its scopes.
pub(super) fn principal(account: &Account, scopes: Scopes, credential: Credential) -> Principal {
    Principal {
        account: account.id,
        username: account.name.clone(),
        role: account.role,
        scopes,
        credential,
        sources: None,
        must_change_password: account.must_change_password,
    }
}

#[cfg(test)]
mod tests;
