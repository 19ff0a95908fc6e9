//! The first account. There is no default password: it is the operator's, or drawn and shown once.

use super::{AuthResult, Password, hash};
use crate::control::{AccountName, Actor, ControlDb};

/// What came of making sure that there is an admin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FirstAdmin {
    /// There was none; now there is.
    Created {
        /// The password, where it was drawn here. It is kept nowhere else: show it, once.
        generated: Option<Password>,
    },
    /// There was one already; it stays as it is, and so does its password.
    Existing,
}

/// Creates the admin where there is none, with the password given or else a generated one. Of processes that start at
/// once one creates it, and only that one is told a generated password.
pub fn ensure_admin(control: &ControlDb, name: &AccountName, given: Option<&Password>) -> AuthResult<FirstAdmin> {
    if control.has_admin()? {
        return Ok(FirstAdmin::Existing);
    }
    let (hashed, generated) = match given {
        Some(password) => (hash::hash(password)?, None),
        None => {
            let password = Password::generate()?;
            (hash::hash(&password)?, Some(password))
        }
    };
    if control.create_first_admin(name, &hashed, &Actor::system("serve"))? {
        Ok(FirstAdmin::Created { generated })
    } else {
        Ok(FirstAdmin::Existing)
    }
}
