//! The keys of this installation: one file of 32 random bytes each in `keys/` of the data directory, readable for
//! their owner only, made at first use; and sealed tokens, which carry a value through someone else's hands unread
//! and unchanged. Keys are no part of a backup unless asked for; what is lost without one is said at [`KeyName`].
//!
//! Source: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), whose nonce is long enough to be drawn at random.

mod renew;

pub use renew::KeyFile;

use super::{ControlError, ControlResult};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Bytes in a key.
const KEY_BYTES: usize = 32;
/// Bytes in a nonce, at the front of a sealed token.
const NONCE_BYTES: usize = 24;

/// Which key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyName {
    /// Seals paging cursors. Without it, cursors given out before are refused and clients begin their listing anew.
    Cursor,
    /// Seals secrets that are stored and have to be read again. Without it they are lost: secret settings count as
    /// unset, second factors have to be reset, and tokens signed with an API access secret are refused.
    Sealing,
    /// Signs the audit log. Without it nothing written before can be vouched for: verification calls the log broken
    /// from its first entry on, until retention has removed what the lost key signed.
    Audit,
    /// Signs access and refresh tokens. Without it, those given out before are refused and people log in again.
    Token,
    /// Makes pseudonyms. Without it every pseudonym is another, and those written down before lead to nobody.
    Pseudonym,
}

impl KeyName {
    /// Every key.
    pub const ALL: [KeyName; 5] =
        [KeyName::Cursor, KeyName::Sealing, KeyName::Audit, KeyName::Token, KeyName::Pseudonym];

    /// The name of its file.
    pub fn file(self) -> &'static str {
        match self {
            KeyName::Cursor => "cursor.key",
            KeyName::Sealing => "sealing.key",
            KeyName::Audit => "audit.key",
            KeyName::Token => "token.key",
            KeyName::Pseudonym => "pseudonym.key",
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// A key. Its `Debug` is masked.
#[derive(Clone)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// The bytes.
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(***)")
    }
}

/// Every key of this installation.
#[derive(Clone, Debug)]
pub struct KeyRing([Key; KeyName::ALL.len()]);

impl KeyRing {
    /// The directory's name in the data directory.
    pub const DIR: &'static str = "keys";

    /// Reads the keys of a data directory that exists, making those that are missing. Processes that start at once
    /// end up with the same keys.
    ///
    /// # Errors
    /// [`ControlError::Key`] when a file does not hold a key; it is never replaced.
    pub fn open(data_dir: &Path) -> ControlResult<KeyRing> {
        let dir = data_dir.join(Self::DIR);
        make_dir(&dir)?;
        let mut keys = [const { Key([0; KEY_BYTES]) }; KeyName::ALL.len()];
        for name in KeyName::ALL {
            keys[name.index()] = read_or_make(&dir, name)?;
        }
        Ok(KeyRing(keys))
    }

    /// A key.
    pub fn key(&self, name: KeyName) -> &Key {
        &self.0[name.index()]
    }
}

/// Seals bytes into a token of URL-safe characters that only this key and context open.
///
/// # Errors
/// [`ControlError::Random`] when the operating system gives no random bytes.
pub fn seal(key: &Key, plaintext: &[u8], context: &[u8]) -> ControlResult<String> {
    let mut token = vec![0_u8; NONCE_BYTES];
    getrandom::fill(&mut token)?;
    let mut nonce = XNonce::default();
    nonce.copy_from_slice(&token);
    let cipher = XChaCha20Poly1305::new(&key.0.into());
    // Fails only above 256 GiB.
    let sealed = cipher.encrypt(&nonce, Payload { msg: plaintext, aad: context }).unwrap_or_default();
    token.extend_from_slice(&sealed);
    Ok(URL_SAFE_NO_PAD.encode(token))
}

/// Opens a sealed token; `None` when it was not sealed with this key and context, or was changed.
pub fn open(key: &Key, token: &str, context: &[u8]) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (front, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
    let mut nonce = XNonce::default();
    nonce.copy_from_slice(front);
    XChaCha20Poly1305::new(&key.0.into()).decrypt(&nonce, Payload { msg: sealed, aad: context }).ok()
}

fn make_dir(dir: &Path) -> ControlResult<()> {
    let failed = |message| move |source| ControlError::Io { path: dir.to_owned(), message, source };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(dir) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
            Err(failed("can't be made; make its parent writable for the account that runs Tidegate")(cause))
        }
        _ => restrict(dir, 0o700).map_err(failed("can't be closed to others; run `chmod 700` on it as its owner")),
    }
}

fn read_or_make(dir: &Path, name: KeyName) -> ControlResult<Key> {
    let path = dir.join(name.file());
    if let Some(key) = read(&path)? {
        return Ok(key);
    }
    make(dir, &path)?;
    let gone =
        || ControlError::Key { path: path.clone(), message: "was removed while it was made; start again".into() };
    read(&path)?.ok_or_else(gone)
}

fn read(path: &Path) -> ControlResult<Option<Key>> {
    let failed = |source| ControlError::Io {
        path: path.to_owned(),
        message: "can't be read; run `chmod 600` on it as the account that runs Tidegate",
        source,
    };
    let bytes = match fs::read(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed)?,
    };
    restrict(path, 0o600).map_err(failed)?;
    let key = bytes.as_slice().try_into().map_err(|_| ControlError::Key {
        path: path.to_owned(),
        message: format!(
            "holds {} bytes instead of {KEY_BYTES}; restore it from a backup, or remove it to have a new one made",
            bytes.len()
        ),
    })?;
    Ok(Some(Key(key)))
}

/// Makes a key file that appears whole or not at all: written aside, then linked to its name unless that exists.
fn make(dir: &Path, path: &Path) -> ControlResult<()> {
    let mut key = [0_u8; KEY_BYTES];
    getrandom::fill(&mut key)?;
    let aside = Aside(dir.join(format!(".new-{:016x}", getrandom::u64()?)));
    let made = aside.write(&key).and_then(|()| match fs::hard_link(&aside.0, path) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(cause),
        Ok(()) => fs::File::open(dir)?.sync_all(),
    });
    made.map_err(|source| ControlError::Io {
        path: path.to_owned(),
        message: "can't be made; its directory must be writable and on a file system with hard links",
        source,
    })
}

/// A file that goes away with its scope.
struct Aside(PathBuf);

impl Aside {
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.0)?;
        file.write_all(bytes)?;
        file.sync_all()
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // Where it was never written there is nothing to remove.
        let _ = fs::remove_file(&self.0);
    }
}

/// Takes away what others may do.
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(path)?.permissions().mode() & 0o777 & !mode != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let first = KeyRing::open(dir.path()).unwrap();
        let second = KeyRing::open(dir.path()).unwrap();
        assert_eq!(first.key(KeyName::Cursor).bytes(), second.key(KeyName::Cursor).bytes());
        let elsewhere = KeyRing::open(tempfile::tempdir().unwrap().path()).unwrap();
        assert_ne!(first.key(KeyName::Cursor).bytes(), elsewhere.key(KeyName::Cursor).bytes());
        let mut files: Vec<_> =
            fs::read_dir(dir.path().join("keys")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        files.sort();
        let mut want = KeyName::ALL.map(KeyName::file);
        want.sort_unstable();
        assert_eq!(files, want);
        let masked = ["Key(***)"; KeyName::ALL.len()].join(", ");
        assert_eq!(format!("{first:?}"), format!("KeyRing([{masked}])"));
    }

    #[test]
    fn names_files_and_places_are_distinct() {
        for (index, name) in KeyName::ALL.into_iter().enumerate() {
            assert_eq!(name.index(), index);
            assert!(KeyName::ALL[..index].iter().all(|other| other.file() != name.file()));
        }
    }

    #[test]
    fn racing_processes_agree() {
        let dir = tempfile::tempdir().unwrap();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| KeyRing::open(dir.path()).unwrap())).collect();
            racers.into_iter().map(|racer| *racer.join().unwrap().key(KeyName::Cursor).bytes()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[cfg(unix)]
    #[test]
    fn others_are_kept_out() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (keys, file) = (dir.path().join("keys"), dir.path().join("keys/cursor.key"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        KeyRing::open(dir.path()).unwrap();
        assert_eq!((mode(&keys), mode(&file)), (0o700, 0o600));
        fs::set_permissions(&keys, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        KeyRing::open(dir.path()).unwrap();
        assert_eq!((mode(&keys), mode(&file)), (0o700, 0o600));
    }

    #[test]
    fn a_damaged_key_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        KeyRing::open(dir.path()).unwrap();
        let path = dir.path().join("keys/cursor.key");
        fs::write(&path, b"short").unwrap();
        let said = KeyRing::open(dir.path()).unwrap_err().to_string();
        assert!(said.contains("cursor.key: holds 5 bytes instead of 32; restore it"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }

    #[test]
    fn tokens_open_with_their_key_and_context_only() {
        let (key, other) = (Key([1; 32]), Key([2; 32]));
        for plaintext in [&b""[..], b"x", &[0xff; 1000]] {
            let token = seal(&key, plaintext, b"logs").unwrap();
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            assert_eq!(open(&key, &token, b"logs").as_deref(), Some(plaintext));
            assert_eq!(open(&other, &token, b"logs"), None);
            assert_eq!(open(&key, &token, b"audit"), None);
            assert_ne!(seal(&key, plaintext, b"logs").unwrap(), token);
            let mut bytes = token.into_bytes();
            for place in 0..bytes.len() {
                let was = bytes[place];
                bytes[place] = if was == b'A' { b'B' } else { b'A' };
                assert_eq!(open(&key, std::str::from_utf8(&bytes).unwrap(), b"logs"), None, "changed at {place}");
                bytes[place] = was;
            }
        }
        for junk in ["", "A", "AAAA", "ä", "====", &"A".repeat(54)] {
            assert_eq!(open(&key, junk, b"logs"), None, "{junk}");
        }
    }
}
