//! The folder of archives in the data directory, and what is left in it by writers that were killed.

use super::ArchiveError;
use super::manifest::Manifest;
use super::read::Archive;
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where the archives of an installation are.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
}

/// An archive in the folder, or a file called like one.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// What it says of itself, or why it can't be read.
    pub manifest: Result<Manifest, String>,
}

/// How a file that is being written is called until it is whole: hidden, and with this ending.
const PARTIAL: &str = ".partial";

impl Folder {
    /// The folder's name in the data directory.
    pub const DIR: &'static str = "archives";

    /// The folder of a data directory; made when an archive is first written.
    pub fn of(data_dir: &Path) -> Folder {
        Folder { dir: data_dir.join(Self::DIR) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The path of an archive of that name.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] where it is no name that an archive may have, as one that leads out of the folder, or
    /// there is none.
    pub fn path_of(&self, name: &str) -> Result<PathBuf, ArchiveError> {
        let is_name = name.strip_suffix(".tar").is_some_and(|stem| {
            !stem.is_empty()
                && !stem.starts_with('.')
                && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        });
        let path = self.dir.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if is_name && found.is_file() => Ok(path),
            _ => Err(ArchiveError::Unknown),
        }
    }

    /// Opens an archive.
    ///
    /// # Errors
    /// As [`Folder::path_of`] and [`Archive::open`].
    pub fn open(&self, name: &str) -> Result<Archive, ArchiveError> {
        Archive::open(&self.path_of(name)?)
    }

    /// Removes an archive.
    ///
    /// # Errors
    /// As [`Folder::path_of`], and when the file can't be removed.
    pub fn remove(&self, name: &str) -> Result<(), ArchiveError> {
        let path = self.path_of(name)?;
        fs::remove_file(&path).map_err(ArchiveError::io(&path))?;
        sync_dir(&self.dir).map_err(ArchiveError::io(&self.dir))
    }

    /// What is in the folder, by name, which begins with the time of writing. Files that can't be read are among it.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn list(&self) -> Result<Vec<Listed>, ArchiveError> {
        let mut listed = Vec::new();
        for name in self.names().map_err(ArchiveError::io(&self.dir))? {
            let Ok(path) = self.path_of(&name) else { continue };
            let bytes = fs::metadata(&path).map_or(0, |found| found.len());
            let manifest = Archive::open(&path).map(|archive| archive.manifest).map_err(|fault| fault.to_string());
            listed.push(Listed { name, bytes, manifest });
        }
        listed.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// Removes what writers left that were killed; answers how many files. Those still being written stay.
    ///
    /// # Errors
    /// When a file can't be removed.
    pub fn sweep(&self) -> Result<usize, ArchiveError> {
        let mut swept = 0;
        for name in self.names().map_err(ArchiveError::io(&self.dir))? {
            if !(name.starts_with('.') && name.ends_with(PARTIAL)) {
                continue;
            }
            let path = self.dir.join(&name);
            let failed = ArchiveError::io(&path);
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                Err(cause) => return Err(failed(cause)),
            };
            // Whoever writes it holds the lock.
            if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
                fs::remove_file(&path).map_err(failed)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        match fs::read_dir(&self.dir) {
            Ok(entries) => {
                entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<io::Result<_>>()
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(cause),
        }
    }

    /// Makes the folder where there is none.
    pub(super) fn make(&self) -> Result<(), ArchiveError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.dir);
        made.map_err(ArchiveError::io(&self.dir))
    }

    /// A new archive of that name, which is there once it is whole.
    pub(super) fn begin(&self, name: &str) -> Result<Aside, ArchiveError> {
        Aside::new(&self.dir, name)
    }
}

/// A file on its way into the folder: under another name, locked, gone when dropped before it is whole.
pub(super) struct Aside {
    pub(super) file: File,
    path: PathBuf,
    dir: PathBuf,
    target: PathBuf,
}

impl Aside {
    fn new(dir: &Path, name: &str) -> Result<Aside, ArchiveError> {
        let path = dir.join(format!(".{name}{PARTIAL}"));
        let failed = ArchiveError::io(&path);
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(&failed)?;
        let locked = flock(&file, FlockOperation::NonBlockingLockExclusive);
        locked.map_err(|cause| failed(cause.into()))?;
        drop(failed);
        Ok(Aside { file, target: dir.join(name), dir: dir.to_owned(), path })
    }

    /// Where it is for now.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, durably; another file of that name is replaced.
    pub(super) fn finish(self) -> Result<PathBuf, ArchiveError> {
        self.file.sync_all().map_err(ArchiveError::io(&self.path))?;
        fs::rename(&self.path, &self.target).map_err(ArchiveError::io(&self.path))?;
        sync_dir(&self.dir).map_err(ArchiveError::io(&self.dir))?;
        Ok(self.target.clone())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // After `finish` nothing has that name any more.
        let _ = fs::remove_file(&self.path);
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// The name of an archive: when it was written, and the beginning of its number.
pub(super) fn name_of(manifest: &Manifest) -> String {
    let mut stamp: String = manifest.created.chars().filter(|sign| !matches!(sign, '-' | ':')).take(15).collect();
    stamp.push('Z');
    format!("tidegate-{stamp}-{}.tar", manifest.id.get(..8).unwrap_or_default())
}
