//! People who ask, and every way they have of saying who they are.

use super::api::{Api, PASSWORD, Who, basic};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::{Arc, OnceLock};
use tidegate::auth::Secret;
use tidegate::control::{Account, AccountName, Actor, NewAccount, NewApiKey, PasswordHash, Theme};
use tidegate::model::{Clock, Role, Scopes};

/// A way of saying who one is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Way {
    Basic,
    Access,
    Key,
    SelfSigned,
    Session,
}

impl Way {
    pub const ALL: [Way; 5] = [Way::Basic, Way::Access, Way::Key, Way::SelfSigned, Way::Session];
}

pub fn tester() -> Actor {
    Actor::system("test")
}

/// A compact JWS over whatever header and claims are given, by HMAC-SHA-256.
pub fn forge(header: &str, claims: &str, key: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The claims of a token, unverified.
pub fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

impl Api {
    /// An account of that name and role, with [`PASSWORD`]; the one there is, where there is one.
    pub fn person(&self, name: &str, role: Role) -> Account {
        static HASH: OnceLock<PasswordHash> = OnceLock::new();
        let hash = HASH.get_or_init(|| self.control.account("admin").unwrap().unwrap().password_hash);
        let new = NewAccount {
            name: AccountName::new(name).unwrap(),
            password_hash: hash.clone(),
            role,
            display_name: String::new(),
            email: String::new(),
            theme: Theme::System,
            must_change_password: false,
        };
        self.control.account(name).unwrap().unwrap_or_else(|| self.control.create_account(&new, &tester()).unwrap())
    }

    /// The header of a person who asks that way, with all they may do or the scopes given.
    pub fn who(&self, account: &Account, way: Way, scopes: Option<&str>) -> Who {
        let scopes = scopes.map_or(account.scopes(), |names| Scopes::parse(names).unwrap());
        let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
        match way {
            Way::Basic => ("authorization", basic(&account.name, PASSWORD)),
            Way::Access => bearer(&self.authenticator.begin_tokens(account, &tester()).unwrap().unwrap().access),
            Way::Key => bearer(self.key(account, scopes, None).expose()),
            Way::SelfSigned => {
                let secret = self.authenticator.renew_access_secret(account.id, &tester()).unwrap();
                let now_s = self.clock.now().0 / 1000;
                let claims = json!({
                    "iss": "self-signed", "sub": account.name, "iat": now_s, "exp": now_s + 3600,
                    "scope": scopes.to_string(),
                });
                bearer(&forge(HEADER, &claims.to_string(), secret.expose().as_bytes()))
            }
            Way::Session => {
                let session = self.authenticator.begin_session(account, &tester()).unwrap().unwrap();
                ("cookie", format!("tidegate_session={}", session.cookie.expose()))
            }
        }
    }

    /// An API key of an account.
    pub fn key(&self, account: &Account, scopes: Scopes, source: Option<&str>) -> Secret {
        let secret = Secret::api_key().unwrap();
        let new = NewApiKey {
            name: "a test's".to_owned(),
            prefix: secret.prefix().to_owned(),
            secret: secret.hash(),
            scopes,
            sources: source.map(|source| Arc::from([source.to_owned()])),
            expires_at: None,
        };
        self.control.create_api_key(account.id, &new, &tester()).unwrap();
        secret
    }
}
