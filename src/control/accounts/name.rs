//! What an account is called and what of its password is kept: checked and masked texts.

use std::fmt;

/// A password's hash, a PHC string (`$argon2id$v=19$…`). Its `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(super) String);

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
