//! Who is asking: from credentials to a [`crate::model::Principal`]. Passwords are hashed with argon2id; tokens are
//! JWTs signed with HMAC-SHA-256; failures are counted and lock out.
//!
//! Not here: where accounts are stored (`control`), how credentials travel in HTTP (`api`).

mod admin;
mod authenticator;
mod cache;
mod hash;
mod jws;
mod lockout;
mod login;
mod password;
mod permits;
mod policy;
mod secrets;
mod self_signed;
mod tokens;
mod totp;
mod watch;

pub use admin::{FirstAdmin, ensure_admin};
pub use authenticator::{Admission, Authenticator, Presented};
pub use lockout::{Lockout, LockoutEntry, LockoutKey};
pub use login::{Judgement, PasswordWish};
pub use password::{Password, PasswordError};
pub use policy::Weakness;
pub use secrets::Secret;
pub use tokens::{Session, TokenPair};
pub use totp::TotpSecret;
pub use watch::Watch;

use crate::control::{ControlError, PasswordHash};

/// A result of this room.
pub type AuthResult<T> = Result<T, AuthError>;

/// Why credentials could not be judged; wrong credentials are no error.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The control database refused.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system: {0}")]
    Random(#[from] getrandom::Error),
    /// Hashing failed.
    #[error("password hashing failed: {0}")]
    Hash(String),
    /// Too many failures of this account or from this peer.
    #[error("too many failed logins; try again in {retry_after_s} s")]
    Locked {
        /// Seconds until another try is let in.
        retry_after_s: u64,
    },
    /// More callers wait for their password to be checked than there is room for.
    #[error("too many logins at once; try again in a moment")]
    Busy,
}

/// Hashes a password; takes tens of milliseconds. For commands; the server hashes in turn, by [`Authenticator::hash`].
///
/// # Errors
/// When the operating system gives no random bytes or hashing fails.
pub fn hash_password(password: &Password) -> AuthResult<PasswordHash> {
    hash::hash(password)
}
