//! Restoring a backup: its files are copied beside those that are there, checked on the way; only then are they put in
//! their place, in a way that the next start completes should it be cut off ([`super::put_back`]).

use super::manifest::{FileFacts, Manifest};
use super::put_back::{Plan, STAGED, finish_interrupted};
use super::write::write_new;
use super::{BackupError, hold, verify};
use crate::control::ControlDb;
use crate::store::columnar::ColumnarStore;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What to restore, and how.
#[derive(Clone, Copy, Debug)]
pub struct Restoring<'r> {
    /// The directory of the backup.
    pub from: &'r Path,
    /// The data directory, which exists.
    pub data_dir: &'r Path,
    /// Whether databases that are there may be replaced.
    pub replace: bool,
    /// Whether what is replaced stays, under names that end in `.before-restore`.
    pub keep_old: bool,
}

/// Puts a backup into a data directory that nobody uses. Until the last of its files is copied and checked, everything
/// stays as it is; from then on the restore is done, also if it is cut off. Keys are replaced only by those of a backup
/// that has keys.
///
/// # Errors
/// [`BackupError`]; nothing is changed then.
pub fn restore(
    restoring: &Restoring<'_>,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
) -> Result<Manifest, BackupError> {
    let Restoring { from, data_dir, replace, keep_old } = *restoring;
    finish_interrupted(data_dir)?;
    let databases = [ColumnarStore::FILE, ControlDb::FILE].map(|name| data_dir.join(name));
    if !replace && databases.iter().any(|path| path.exists()) {
        return Err(BackupError::Exists { path: data_dir.to_owned() });
    }
    let manifest = verify(from, &|_, _| (), stop)?;
    let staged = Staged::new(data_dir)?;
    let held = hold::hold_databases(&databases)?;
    let total = manifest.files.iter().map(|file| file.bytes).sum();
    let mut done = 0;
    for file in &manifest.files {
        if stop() {
            return Err(BackupError::Stopped);
        }
        stage(from, &staged.path, file)?;
        done += file.bytes;
        progress(done, total);
    }
    hold::sync_dirs(&staged.path)?;
    let plan = Plan { files: manifest.files.iter().map(|file| file.name.clone()).collect(), keep_old };
    plan.write(&staged.path)?;
    std::mem::forget(staged);
    finish_interrupted(data_dir)?;
    drop(held);
    Ok(manifest)
}

/// Copies a file of the backup, and reads what was written.
fn stage(from: &Path, to: &Path, file: &FileFacts) -> Result<(), BackupError> {
    let (source, target) = (from.join(&file.name), to.join(&file.name));
    if let Some(parent) = target.parent() {
        hold::make_dir(parent)?;
    }
    let mut input = File::open(&source).map_err(BackupError::io(&source))?;
    let output = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&target);
    let copied = output.and_then(|mut output| io::copy(&mut input, &mut output).and_then(|_| output.sync_all()));
    copied.map_err(BackupError::io(&target))?;
    match FileFacts::of(to, &file.name) {
        Ok(found) if found == *file => Ok(()),
        Ok(_) => Err(BackupError::damaged(&source, "it changed while it was read; try again")),
        Err(cause) => Err(BackupError::io(&target)(cause)),
    }
}

/// The directory that files wait in; removed when dropped.
struct Staged {
    path: PathBuf,
    _lock: File,
}

impl Staged {
    fn new(data_dir: &Path) -> Result<Staged, BackupError> {
        let path = data_dir.join(STAGED);
        let failed = BackupError::io(&path);
        // What a restore that was killed has left.
        if let Ok(left) = File::open(&path) {
            hold::lock(&left, &path)?;
            fs::remove_dir_all(&path).map_err(&failed)?;
        }
        hold::make_dir(&path)?;
        let lock = File::open(&path).map_err(&failed)?;
        hold::lock(&lock, &path)?;
        drop(failed);
        Ok(Staged { path, _lock: lock })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Plan {
    /// From here on the restore is to be completed, whatever happens.
    fn write(&self, staged: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec(self).map_err(|cause| BackupError::io(staged)(cause.into()))?;
        let aside = staged.join("plan.partial");
        write_new(&aside, &text)?;
        fs::rename(&aside, staged.join(Plan::FILE)).map_err(BackupError::io(staged))?;
        File::open(staged).and_then(|dir| dir.sync_all()).map_err(BackupError::io(staged))
    }
}
