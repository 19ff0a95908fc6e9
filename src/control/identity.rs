//! Who may come in changes, and whoever is in must notice: the version of everything that credentials are judged by,
//! and the hash that secrets are looked up by.

use super::{Change, ControlDb, ControlResult};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::atomic::Ordering;

/// The SHA-256 of a secret of 256 random bits, which can't be guessed, so that no slow hash is needed. Its `Debug` is
/// masked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretHash(pub(super) [u8; 32]);

impl SecretHash {
    /// The hash of a secret's text.
    pub fn of(secret: &str) -> SecretHash {
        SecretHash(Sha256::digest(secret.as_bytes()).into())
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretHash(***)")
    }
}

impl ControlDb {
    /// A number that is another one after any change that may take a credential's worth away: an account, a login or a
    /// key was changed by this process, or anything at all by another (`PRAGMA data_version`). Costs microseconds, so
    /// that open streams can ask for it all the time.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn identity_version(&self) -> ControlResult<u64> {
        let elsewhere: i64 =
            self.read(|connection| Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))?;
        // Neither ever falls, so the sum differs once either does.
        Ok(self.identity_changes.load(Ordering::Acquire).wrapping_add(elsewhere.unsigned_abs()))
    }

    /// Runs a change of who may come in.
    pub(super) fn change_identity<T>(&self, change: impl FnOnce(&Change<'_>) -> ControlResult<T>) -> ControlResult<T> {
        let answer = self.change(change)?;
        self.identity_changed();
        Ok(answer)
    }

    /// Says that who may come in has changed.
    pub(super) fn identity_changed(&self) {
        self.identity_changes.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::db::tests::scratch;
    use crate::control::settings::SettingDefaults;
    use crate::control::{AccountName, Actor, NewAccount, PasswordHash, Theme};
    use crate::model::{FixedClock, Role};
    use std::sync::Arc;

    #[test]
    fn changes_here_and_elsewhere_are_noticed_and_reading_is_none() {
        let (dir, here, _) = scratch();
        let there = ControlDb::open(dir.path(), Arc::new(FixedClock::default()), SettingDefaults::default()).unwrap();
        let new = |name: &str| NewAccount {
            name: AccountName::new(name).unwrap(),
            password_hash: PasswordHash::new("h".into()),
            role: Role::Viewer,
            display_name: String::new(),
            email: String::new(),
            theme: Theme::System,
            must_change_password: false,
        };
        let before = here.identity_version().unwrap();
        here.accounts().unwrap();
        assert_eq!(here.identity_version().unwrap(), before);
        here.create_account(&new("a"), &Actor::system("user add")).unwrap();
        let changed = here.identity_version().unwrap();
        assert_ne!(changed, before);
        there.create_account(&new("b"), &Actor::system("user add")).unwrap();
        assert_ne!(here.identity_version().unwrap(), changed);
    }
}
