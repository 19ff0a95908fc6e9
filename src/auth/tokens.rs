//! What a login hands out: a session's cookie, or an access and a refresh token; and reading them back. A token is as
//! good as its login: once that has ended, nothing given out under it is worth anything (RFC 9700).

use super::authenticator::{Admission, Authenticator, principal};
use super::jws::{self, Unverified};
use super::secrets::Secret;
use super::{AuthResult, self_signed};
use crate::control::settings::SESSION_HOURS;
use crate::control::{Account, Actor, ControlError, LoginKind, Rotation, SecretHash};
use crate::model::{Credential, HOUR_MS, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use serde::{Deserialize, Serialize};

/// Who issues our tokens.
const ISSUER: &str = "tidegate";
/// Whom they are for.
const AUDIENCE: &str = "tidegate-api";
/// How long an access token is good, in seconds.
const ACCESS_S: i64 = 8 * 3600;
/// How long a refresh token is good, in seconds.
const REFRESH_S: i64 = 7 * 24 * 3600;
/// How far a clock elsewhere may be ahead of ours, in seconds.
pub(super) const AHEAD_S: i64 = 60;

/// What a token says (RFC 7519, section 4.1), ours and self-signed ones alike. Times are whole seconds.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The number of the login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
}

impl Claims {
    /// Whether it is good at this instant by its own times.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        let now_s = now.0.div_euclid(1000);
        let begun = |at: i64| at <= now_s.saturating_add(AHEAD_S);
        begun(self.iat) && self.nbf.is_none_or(begun) && self.exp > now_s
    }
}

/// An access token and the refresh token for the next.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// The access token.
    pub access: String,
    /// The refresh token; good once.
    pub refresh: String,
    /// How long the access token is good, in seconds.
    pub expires_in_s: i64,
    /// The login both belong to.
    pub login: i64,
}

impl std::fmt::Debug for TokenPair {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TokenPair").field("login", &self.login).finish_non_exhaustive()
    }
}

/// A browser's session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The cookie's value.
    pub cookie: Secret,
    /// How long it is good, in seconds.
    pub max_age_s: i64,
    /// Its number.
    pub login: i64,
}

impl Authenticator {
    /// Begins a session of an account that was just found to be who it says; `None` where that is no longer so.
    pub fn begin_session(&self, account: &Account, from: &Actor) -> AuthResult<Option<Session>> {
        let cookie = Secret::generate()?;
        let lasting_ms = self.control.settings().get(SESSION_HOURS) * HOUR_MS;
        let until = Timestamp(self.clock.now().0 + lasting_ms);
        let actor = Actor { username: account.name.clone(), ..from.clone() };
        let begun = self.control.begin_login(account, LoginKind::Session, &cookie.hash(), until, &actor)?;
        Ok(begun.map(|login| Session { cookie, max_age_s: lasting_ms / 1000, login }))
    }

    /// Begins a family of tokens, likewise.
    pub fn begin_tokens(&self, account: &Account, from: &Actor) -> AuthResult<Option<TokenPair>> {
        let jti = Secret::generate()?;
        let until = Timestamp(self.clock.now().0 + REFRESH_S * 1000);
        let actor = Actor { username: account.name.clone(), ..from.clone() };
        let begun = self.control.begin_login(account, LoginKind::Tokens, &jti.hash(), until, &actor)?;
        begun.map(|login| self.pair(login, &account.name, &jti)).transpose()
    }

    /// The next pair for a refresh token, and whose it is; `None` when it is none, or not good any more. One that was
    /// used before ends its login: either its owner or somebody else has a copy.
    pub fn refresh(&self, token: &str, from: &Actor) -> AuthResult<Option<(TokenPair, Account)>> {
        let Some((claims, login, jti)) = self.read_own(token, "refresh") else { return Ok(None) };
        let Some((_, account)) = self.control.login(login, LoginKind::Tokens)? else { return Ok(None) };
        if !account.enabled || account.name != claims.sub {
            return Ok(None);
        }
        let next = Secret::generate()?;
        let until = Timestamp(self.clock.now().0 + REFRESH_S * 1000);
        let actor = Actor { username: account.name.clone(), ..from.clone() };
        match self.control.rotate_login(login, &SecretHash::of(&jti), &next.hash(), until, &actor) {
            Ok(Rotation::Done) => Ok(Some((self.pair(login, &account.name, &next)?, account))),
            Ok(Rotation::Reused) | Err(ControlError::NoLogin) => Ok(None),
            Err(cause) => Err(cause.into()),
        }
    }

    /// Ends the login a principal came with, where it came with one; answers whether it did.
    pub fn log_out(&self, credential: &Credential, actor: &Actor) -> AuthResult<bool> {
        match credential {
            Credential::Session(login) | Credential::AccessToken(login) => Ok(self.control.end_login(*login, actor)?),
            Credential::Password | Credential::ApiKey(_) | Credential::SelfSigned => Ok(false),
        }
    }

    /// The principal of a session's cookie.
    pub(super) fn by_session(&self, cookie: &str) -> AuthResult<Option<Admission>> {
        let Some((login, account)) = self.control.session(&SecretHash::of(cookie))? else { return Ok(None) };
        if !account.enabled {
            return Ok(None);
        }
        self.control.login_used(&login)?;
        let principal = principal(&account, account.scopes(), Credential::Session(login.id));
        Ok(Some(Admission { principal, until: login.expires_at }))
    }

    /// The principal of a JWT, ours or self-signed.
    pub(super) fn by_token(&self, token: &str) -> AuthResult<Option<Admission>> {
        let Some(read) = Unverified::<Claims>::read(token) else { return Ok(None) };
        if read.claims.iss == self_signed::ISSUER {
            return self.by_self_signed(&read);
        }
        let Some((claims, login, _)) = self.read_own(token, "access") else { return Ok(None) };
        let Some((login, account)) = self.control.login(login, LoginKind::Tokens)? else { return Ok(None) };
        if !account.enabled || account.name != claims.sub {
            return Ok(None);
        }
        self.control.login_used(&login)?;
        let principal = principal(&account, account.scopes(), Credential::AccessToken(login.id));
        let until = Timestamp(claims.exp.saturating_mul(1000));
        Ok(Some(Admission { principal, until: until.min(login.expires_at) }))
    }

    /// The token a page sends with its changes, so that another site's page can't make them (OWASP, HMAC-based CSRF
    /// token): the session's number under a key of ours.
    pub fn csrf_token(&self, session: i64) -> String {
        URL_SAFE_NO_PAD.encode(self.csrf_mac(session).finalize().into_bytes())
    }

    /// Whether a CSRF token is the session's; takes as long either way.
    pub fn is_csrf_token(&self, session: i64, token: &str) -> bool {
        URL_SAFE_NO_PAD.decode(token).is_ok_and(|token| self.csrf_mac(session).verify_slice(&token).is_ok())
    }

    fn csrf_mac(&self, session: i64) -> hmac::Hmac<sha2::Sha256> {
        jws::mac(self.token_key.bytes(), format!("csrf {session}").as_bytes())
    }

    /// Claims, login and number of a token of ours of that kind, where everything but the login is as it should be.
    fn read_own(&self, token: &str, kind: &str) -> Option<(Claims, i64, String)> {
        let mut read = Unverified::<Claims>::read(token)?;
        let right = read.is_signed_with(self.token_key.bytes());
        let claims = &mut read.claims;
        let (login, jti) = (claims.sid?, claims.jti.take()?);
        let meant = claims.iss == ISSUER && claims.aud.as_deref() == Some(AUDIENCE);
        let meant = meant && claims.kind.as_deref() == Some(kind) && claims.is_current(self.clock.now());
        (right && meant).then_some((read.claims, login, jti))
    }

    fn pair(&self, login: i64, username: &str, refresh_jti: &Secret) -> AuthResult<TokenPair> {
        let access_jti = Secret::generate()?;
        Ok(TokenPair {
            access: self.issue(login, username, "access", &access_jti, ACCESS_S),
            refresh: self.issue(login, username, "refresh", refresh_jti, REFRESH_S),
            expires_in_s: ACCESS_S,
            login,
        })
    }

    fn issue(&self, login: i64, username: &str, kind: &str, jti: &Secret, lasting_s: i64) -> String {
        let iat = self.clock.now().0.div_euclid(1000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: username.to_owned(),
            iat,
            exp: iat + lasting_s,
            nbf: None,
            aud: Some(AUDIENCE.to_owned()),
            jti: Some(jti.expose().to_owned()),
            kind: Some(kind.to_owned()),
            sid: Some(login),
            scope: None,
        };
        // A struct of texts and numbers always serialises.
        jws::sign(&serde_json::to_string(&claims).unwrap_or_default(), self.token_key.bytes())
    }
}
