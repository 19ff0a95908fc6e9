//! From credentials to a principal.
//!
//! A stranger learns nothing from how long an answer takes: whatever is wrong, whether the name exists or not, one hash
//! is verified. Right credentials are remembered for a while (`cache`), so that only the first request pays for it.

use super::cache::Cache;
use super::permits::Permits;
use super::{AuthError, AuthResult, Password, hash};
use crate::control::{Account, ControlDb, PasswordHash};
use crate::model::{Clock, Credential, Principal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many callers may wait for their turn to have a password verified: fewer than the API lets in at a time, so that
/// a flood of wrong passwords leaves room for credentials that are known and need no turn.
const IN_LINE: usize = 32;

/// Judges credentials.
#[derive(Debug)]
pub struct Authenticator {
    control: Arc<ControlDb>,
    clock: Arc<dyn Clock>,
    cache: Cache,
    permits: Permits,
    /// The hash of a password nobody knows, verified where there is no account.
    dummy: PasswordHash,
    verifications: AtomicU64,
}

impl Authenticator {
    /// An authenticator over the accounts of `control`. Hashes once: takes tens of milliseconds.
    ///
    /// # Errors
    /// When the operating system gives no random bytes or hashing fails.
    pub fn new(control: Arc<ControlDb>, clock: Arc<dyn Clock>) -> AuthResult<Authenticator> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Authenticator {
            control,
            clock,
            cache: Cache::new()?,
            permits: Permits::new(cores, IN_LINE),
            dummy: hash::hash(&Password::generate()?)?,
            verifications: AtomicU64::new(0),
        })
    }

    /// The principal of a name and password, as HTTP Basic carries them; `None` when they are wrong. May hash, and may
    /// wait for its turn to: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait already; [`AuthError::Control`] when accounts can't be read.
    pub fn basic(&self, username: &str, password: &str) -> AuthResult<Option<Principal>> {
        let possible = (1..=Password::MAX_BYTES).contains(&password.len());
        let password = &password.as_bytes()[..password.len().min(Password::MAX_BYTES)];
        let account = self.control.account(username)?.filter(|_| possible);
        let tag = account.as_ref().map(|account| self.cache.tag(username, password, &account.password_hash));
        if let Some(account) = &account
            && tag.is_some_and(|tag| self.cache.holds(&tag, self.clock.now()))
        {
            return Ok(Some(principal(account)));
        }
        let _permit = self.permits.acquire().ok_or(AuthError::Busy)?;
        // Whoever was in line before may have been the same client.
        if let Some(account) = &account
            && tag.is_some_and(|tag| self.cache.holds(&tag, self.clock.now()))
        {
            return Ok(Some(principal(account)));
        }
        self.verifications.fetch_add(1, Ordering::Relaxed);
        let right = hash::verify(password, account.as_ref().map_or(&self.dummy, |account| &account.password_hash))?;
        match (account, tag) {
            (Some(account), Some(tag)) if right => {
                self.cache.insert(tag, self.clock.now());
                Ok(Some(principal(&account)))
            }
            _ => Ok(None),
        }
    }

    /// How many hashes were verified since the start.
    pub fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }
}

fn principal(account: &Account) -> Principal {
    Principal {
        account: account.id,
        username: account.name.clone(),
        role: account.role,
        scopes: account.role.scopes(),
        credential: Credential::Password,
        sources: None,
        must_change_password: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FirstAdmin, ensure_admin};
    use super::*;
    use crate::control::AccountName;
    use crate::control::settings::SettingDefaults;
    use crate::model::{FixedClock, Role, Timestamp};

    struct Scene {
        _dir: tempfile::TempDir,
        clock: Arc<FixedClock>,
        auth: Authenticator,
    }

    fn scene() -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(1_767_225_600_000)));
        let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap());
        let (name, password) = (AccountName::new("Ada").unwrap(), Password::new("correct horse").unwrap());
        let made = ensure_admin(&control, &name, Some(&password)).unwrap();
        assert_eq!(made, FirstAdmin::Created { generated: None });
        Scene { _dir: dir, clock: clock.clone(), auth: Authenticator::new(control, clock).unwrap() }
    }

    #[test]
    fn right_credentials_pass_and_every_refusal_costs_one_hash() {
        let Scene { auth, .. } = scene();
        let (long, longest) = ("x".repeat(1025), "x".repeat(1024));
        let euro = "€".repeat(400);
        let cases = [
            ("Ada", "correct horse", true),
            ("aDa", "correct horse", true),
            ("Ada", "Correct horse", false),
            ("Ada", "correct horse ", false),
            ("Ada", "", false),
            ("Ada", &long, false),
            ("Ada", &longest, false),
            ("Ada", &euro, false),
            ("Bob", "correct horse", false),
            ("Bob", "", false),
            ("Bob", &long, false),
            ("", "", false),
            ("Ada' OR 1=1 --", "x", false),
        ];
        for (index, (username, password, want)) in cases.into_iter().enumerate() {
            let got = auth.basic(username, password).unwrap().map(|principal| (principal.username, principal.role));
            assert_eq!(got, want.then_some(("Ada".to_owned(), Role::Admin)), "case {index}");
            assert_eq!(auth.verifications(), index as u64 + 1, "case {index}");
        }
    }

    #[test]
    fn right_credentials_are_remembered_for_five_minutes_and_wrong_ones_never() {
        let Scene { auth, clock, _dir } = scene();
        let start = 1_767_225_600_000;
        // (milliseconds since the start, password, passes, hashes so far)
        for (after_ms, password, passes, hashes) in [
            (0, "correct horse", true, 1),
            (0, "correct horse", true, 1),
            (299_999, "correct horse", true, 1),
            (299_999, "wrong", false, 2),
            (299_999, "wrong", false, 3),
            (300_000, "correct horse", true, 4),
            (300_001, "correct horse", true, 4),
        ] {
            clock.set(Timestamp(start + after_ms));
            assert_eq!(auth.basic("Ada", password).unwrap().is_some(), passes, "{password} after {after_ms}");
            assert_eq!(auth.verifications(), hashes, "{password} after {after_ms}");
        }
    }

    #[test]
    fn a_changed_password_ends_the_remembered_one_at_once() {
        let Scene { auth, _dir, .. } = scene();
        assert!(auth.basic("Ada", "correct horse").unwrap().is_some());
        let new = hash::hash(&Password::new("battery staple").unwrap()).unwrap();
        let connection = rusqlite::Connection::open(_dir.path().join(ControlDb::FILE)).unwrap();
        connection.execute("UPDATE account SET password_hash = ?1", [new.as_str()]).unwrap();
        assert!(auth.basic("Ada", "correct horse").unwrap().is_none());
        assert!(auth.basic("Ada", "battery staple").unwrap().is_some());
    }

    #[test]
    fn many_at_once_share_the_work() {
        let Scene { auth, _dir, .. } = scene();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| assert!(auth.basic("Ada", "correct horse").unwrap().is_some()));
            }
        });
        let cores = std::thread::available_parallelism().unwrap().get() as u64;
        assert!(auth.verifications() <= cores, "{}", auth.verifications());
    }

    #[test]
    fn a_generated_password_works_and_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::default());
        let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap());
        let name = AccountName::new("admin").unwrap();
        let FirstAdmin::Created { generated: Some(password) } = ensure_admin(&control, &name, None).unwrap() else {
            panic!("no password was generated");
        };
        let other = Password::new("other").unwrap();
        assert_eq!(ensure_admin(&control, &name, Some(&other)).unwrap(), FirstAdmin::Existing);
        let auth = Authenticator::new(control, clock).unwrap();
        assert!(auth.basic("admin", password.expose()).unwrap().is_some());
        assert!(auth.basic("admin", "other").unwrap().is_none());
        let bytes = std::fs::read(dir.path().join("control.db-wal")).unwrap();
        assert!(memchr::memmem::find(&bytes, password.expose().as_bytes()).is_none(), "the password was stored");
    }

    #[test]
    fn starting_at_once_creates_one_admin() {
        let dir = tempfile::tempdir().unwrap();
        let start = || {
            let clock = Arc::new(FixedClock::default());
            let control = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
            ensure_admin(&control, &AccountName::new("admin").unwrap(), None).unwrap()
        };
        let created = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).filter(|made| *made != FirstAdmin::Existing).count()
        });
        assert_eq!(created, 1);
    }
}
