//! Secrets that are drawn, shown once and kept as their hash, or sealed: 256 random bits in URL-safe Base64.

use super::AuthResult;
use crate::control::SecretHash;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// What every API key begins with, so that scanners for leaked secrets know it.
pub const API_KEY_PREFIX: &str = "tg_live_";
/// How much of a key is shown afterwards.
const SHOWN_CHARS: usize = API_KEY_PREFIX.len() + 6;

/// A secret's text. Its `Debug` is masked and it does not serialise; [`Secret::expose`] is the way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws a secret.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> AuthResult<Secret> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Secret(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Draws an API key.
    ///
    /// # Errors
    /// As [`Secret::generate`].
    pub fn api_key() -> AuthResult<Secret> {
        Ok(Secret(format!("{API_KEY_PREFIX}{}", Secret::generate()?.0)))
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How it begins, to tell API keys apart.
    pub fn prefix(&self) -> &str {
        &self.0[..SHOWN_CHARS.min(self.0.len())]
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ_and_hide() {
        let (one, two) = (Secret::api_key().unwrap(), Secret::api_key().unwrap());
        assert_ne!(one, two);
        assert_eq!((one.expose().len(), one.prefix().len()), (8 + 43, 14));
        assert!(one.expose().starts_with(one.prefix()) && one.prefix().starts_with("tg_live_"));
        assert_eq!(format!("{one:?} {:?}", one.hash()), "Secret(***) SecretHash(***)");
    }
}
