//! Who asks.

use super::Lens;

/// What a principal may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Everything but reading personal data while masking is on.
    Admin,
}

/// An authenticated caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Principal {
    /// The account's name.
    pub username: String,
    /// The account's role.
    pub role: Role,
    /// The view this principal gets.
    pub lens: Lens,
}
