//! Whether somebody who came in may still be in: for streams, which outlive the request that was judged.

use super::AuthResult;
use super::authenticator::Authenticator;
use crate::control::{Account, LoginKind};
use crate::model::{Credential, Principal, Scopes, Timestamp};

/// A principal under watch, from [`Authenticator::watch`].
#[derive(Clone)]
pub struct Watch {
    principal: Principal,
    until: Timestamp,
    standing: Standing,
    version: u64,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Watch").field("credential", &self.principal.credential).finish_non_exhaustive()
    }
}

/// What a credential is worth, and what it stands on where that can be replaced.
#[derive(Clone, PartialEq, Eq)]
struct Standing {
    scopes: Scopes,
    proof: String,
}

impl Authenticator {
    /// Begins to watch a principal whose credential ends at `until` (`Authed::until`); `None` where it is worthless
    /// already.
    pub fn watch(&self, principal: &Principal, until: Timestamp) -> AuthResult<Option<Watch>> {
        // Read before what it is the version of, so that a change in between is noticed.
        let version = self.control.identity_version()?;
        let standing = self.standing(principal)?;
        Ok(standing.map(|standing| Watch { principal: principal.clone(), until, standing, version }))
    }

    /// Whether a watched principal may go on. A stream asks before every row or once a second: it costs microseconds
    /// as long as nobody's accounts, logins or keys have changed, here or by another process, and a look at its own
    /// when they have. False once its credential was revoked or has expired, and once what it may do has changed.
    pub fn still_valid(&self, watch: &mut Watch) -> AuthResult<bool> {
        if self.clock.now() >= watch.until {
            return Ok(false);
        }
        let version = self.control.identity_version()?;
        if version != watch.version {
            if self.standing(&watch.principal)?.as_ref() != Some(&watch.standing) {
                return Ok(false);
            }
            watch.version = version;
        }
        Ok(true)
    }

    /// What a principal's credential is worth now; `None` where it is worth nothing.
    fn standing(&self, principal: &Principal) -> AuthResult<Option<Standing>> {
        let held = |account: &Account, proof: &str| Standing { scopes: account.scopes(), proof: proof.to_owned() };
        let by_id = || Ok::<_, super::AuthError>(self.control.account_by_id(principal.account)?);
        let login = |id, kind| Ok::<_, super::AuthError>(self.control.login(id, kind)?.map(|(_, account)| account));
        let (account, proof) = match principal.credential {
            Credential::Password => {
                let account = by_id()?.filter(|account| !account.needs_totp());
                let proof = account.as_ref().map(|account| account.password_hash.as_str().to_owned());
                (account, proof)
            }
            Credential::SelfSigned => {
                let account = by_id()?;
                let proof = account.as_ref().and_then(|account| account.access_secret.clone());
                (account, proof)
            }
            Credential::Session(id) => (login(id, LoginKind::Session)?, Some(String::new())),
            Credential::AccessToken(id) => (login(id, LoginKind::Tokens)?, Some(String::new())),
            Credential::ApiKey(id) => {
                (self.control.api_key_by_id(id)?.map(|(_, account)| account), Some(String::new()))
            }
        };
        Ok(account.filter(|account| account.enabled).zip(proof).map(|(account, proof)| held(&account, &proof)))
    }
}
