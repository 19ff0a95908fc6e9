//! Who is asking: from credentials to a [`crate::model::Principal`]. Passwords are hashed with argon2id.
//!
//! Not here: where accounts are stored (`control`), how credentials travel in HTTP (`api`).

mod admin;
mod authenticator;
mod cache;
mod hash;
mod password;
mod permits;

pub use admin::{FirstAdmin, ensure_admin};
pub use authenticator::Authenticator;
pub use password::{Password, PasswordError};

use crate::control::ControlError;

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
    /// More callers wait for their password to be checked than there is room for.
    #[error("too many logins at once; try again in a moment")]
    Busy,
}
