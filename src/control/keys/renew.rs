//! A key that may be replaced while Tidegate runs, by this process or another: its file is looked at whenever the key is
//! wanted, and read again when it is another file.

use super::{Aside, KEY_BYTES, Key, KeyName, KeyRing, make_dir, read, read_or_make};
use crate::control::{ControlError, ControlResult};
use parking_lot::RwLock;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Which file it is: its number and when it was written, in seconds and nanoseconds.
type Stamp = (u64, i64, i64);

/// A key that may be replaced while Tidegate runs.
#[derive(Debug)]
pub struct KeyFile {
    dir: PathBuf,
    path: PathBuf,
    /// The key as last read, and of which file; none where that could not be found out.
    known: RwLock<(Key, Option<Stamp>)>,
}

impl KeyFile {
    /// Reads the key of a data directory that exists, making it where it is missing.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub fn open(data_dir: &Path, name: KeyName) -> ControlResult<KeyFile> {
        let dir = data_dir.join(KeyRing::DIR);
        make_dir(&dir)?;
        let path = dir.join(name.file());
        let key = read_or_make(&dir, name)?;
        Ok(KeyFile { known: RwLock::new((key, stamp(&path).ok())), dir, path })
    }

    /// The key as it is now. While its file can't be read, the key last read holds.
    pub fn key(&self) -> Key {
        let now = stamp(&self.path).ok();
        {
            let known = self.known.read();
            if known.1 == now {
                return known.0.clone();
            }
        }
        let mut known = self.known.write();
        known.1 = now;
        match read(&self.path) {
            Ok(Some(key)) => known.0 = key,
            Ok(None) => tracing::warn!("a key file is gone; the key last read holds until the next start"),
            Err(cause) => tracing::warn!(%cause, "a key can't be read again; the one last read holds"),
        }
        known.0.clone()
    }

    /// Puts a new key in the place of the old one, which is lost.
    ///
    /// # Errors
    /// When the file can't be replaced; then the old key stays.
    pub fn renew(&self) -> ControlResult<Key> {
        let failed = |source: io::Error| ControlError::Io {
            path: self.path.clone(),
            message: "can't be replaced; its directory must be writable for the account that runs Tidegate",
            source,
        };
        let mut bytes = [0_u8; KEY_BYTES];
        getrandom::fill(&mut bytes)?;
        let aside = Aside(self.dir.join(format!(".new-{:016x}", getrandom::u64()?)));
        aside.write(&bytes).map_err(failed)?;
        fs::rename(&aside.0, &self.path).map_err(failed)?;
        fs::File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
        Ok(self.key())
    }
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let found = fs::metadata(path)?;
    Ok((found.ino(), found.mtime(), found.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_the_key_open_sees_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let [here, there] = [(); 2].map(|()| KeyFile::open(dir.path(), KeyName::Pseudonym).unwrap());
        let before = *here.key().bytes();
        assert_eq!(before, *there.key().bytes());
        let after = *here.renew().unwrap().bytes();
        assert_ne!(before, after);
        assert_eq!((after, after), (*here.key().bytes(), *there.key().bytes()));
        let file = dir.path().join("keys/pseudonym.key");
        assert_eq!(fs::read(&file).unwrap(), after);
        assert_eq!(fs::read_dir(dir.path().join("keys")).unwrap().count(), 1);
        fs::remove_file(file).unwrap();
        assert_eq!(after, *there.key().bytes());
    }
}
