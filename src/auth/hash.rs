//! argon2id with the parameters OWASP's Password Storage Cheat Sheet names first among equals: 19 MiB, two passes, one
//! lane. Hashes are PHC strings and carry their own parameters, so these may be raised later.

use super::{AuthError, AuthResult, Password};
use crate::control::PasswordHash;
use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Memory of one hash.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

fn argon2id() -> AuthResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|cause| AuthError::Hash(cause.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with a new salt. Takes tens of milliseconds.
pub(super) fn hash(password: &Password) -> AuthResult<PasswordHash> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt)?;
    let hashed: phc::PasswordHash = argon2id()?
        .hash_password_with_salt(password.expose().as_bytes(), &salt)
        .map_err(|cause| AuthError::Hash(cause.to_string()))?;
    Ok(PasswordHash::new(hashed.to_string()))
}

/// Whether a password has this hash. Takes as long as hashing it.
pub(super) fn verify(password: &[u8], hash: &PasswordHash) -> AuthResult<bool> {
    let Ok(parsed) = phc::PasswordHash::new(hash.as_str()) else { return Ok(false) };
    Ok(argon2id()?.verify_password(password, &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_salted_phc_strings_that_verify_their_password_only() {
        let password = Password::new("correct horse").unwrap();
        let (one, two) = (hash(&password).unwrap(), hash(&password).unwrap());
        assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.as_str());
        assert_ne!(one, two);
        for (given, want) in [("correct horse", true), ("correct hors", false), ("", false), ("Correct horse", false)] {
            assert_eq!(verify(given.as_bytes(), &one).unwrap(), want, "{given}");
        }
        assert!(!verify(b"x", &PasswordHash::new("junk".to_owned())).unwrap());
    }
}
