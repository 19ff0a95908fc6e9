//! Tokens a user signs with their own API access secret, for programs that can't keep a login: `iss` is `self-signed`,
//! `sub` the user's name, `scope` what the token may do, names separated by blanks. The key is the secret's text. How
//! long a token may be good is capped by a setting; another secret makes all that were signed before worthless.

use super::AuthResult;
use super::authenticator::{Admission, Authenticator, principal};
use super::jws::Unverified;
use super::secrets::Secret;
use super::tokens::Claims;
use crate::control::keys::{open, seal};
use crate::control::settings::SELF_SIGNED_MAX_HOURS;
use crate::control::{Account, Actor};
use crate::model::{AccountId, Credential, Scopes, Timestamp};

/// What tells these tokens from ours.
pub(super) const ISSUER: &str = "self-signed";

impl Authenticator {
    /// Draws another API access secret for an account and answers it, this once.
    pub fn renew_access_secret(&self, account: AccountId, actor: &Actor) -> AuthResult<Secret> {
        let secret = Secret::generate()?;
        let sealed = seal(&self.sealing_key, secret.expose().as_bytes(), &context(account))?;
        self.control.set_access_secret(account, &sealed, actor)?;
        Ok(secret)
    }

    /// The principal of a self-signed token.
    pub(super) fn by_self_signed(&self, read: &Unverified<'_, Claims>) -> AuthResult<Option<Admission>> {
        let claims = &read.claims;
        let account = self.control.account(&claims.sub)?.filter(|account| account.enabled);
        let Some(account) = account else { return Ok(None) };
        let Some(secret) = self.access_secret(&account) else { return Ok(None) };
        let longest_s = self.control.settings().get(SELF_SIGNED_MAX_HOURS) * 3600;
        let lasting_s = claims.exp.saturating_sub(claims.iat);
        let good = claims.is_current(self.clock.now()) && (1..=longest_s).contains(&lasting_s);
        if !read.is_signed_with(&secret) || !good {
            return Ok(None);
        }
        let Some(Ok(scopes)) = claims.scope.as_deref().map(Scopes::parse) else { return Ok(None) };
        let principal = principal(&account, account.scopes().and(scopes), Credential::SelfSigned);
        Ok(Some(Admission { principal, until: Timestamp(claims.exp.saturating_mul(1000)) }))
    }

    fn access_secret(&self, account: &Account) -> Option<Vec<u8>> {
        open(&self.sealing_key, account.access_secret.as_ref()?, &context(account.id))
    }
}

/// A sealed secret moved to another account doesn't open.
fn context(account: AccountId) -> Vec<u8> {
    format!("API access secret of account {}", account.0).into_bytes()
}
