//! Putting files that wait in their place, one rename after the other. It can be cut off anywhere and begun again: a file
//! that still waits is yet to be put in its place, and what stood there is moved away first.

use super::{BackupError, hold};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where files wait, in the data directory.
pub(super) const STAGED: &str = ".restore";
/// What the names of what was replaced end in.
const OLD: &str = ".before-restore";
/// What SQLite puts beside a database; moved away before it, as none of them must be taken for one of the new database.
const BESIDE: [&str; 4] = ["-wal", "-shm", "-journal", ""];

/// What is to be put in its place.
#[derive(Serialize, Deserialize)]
pub(super) struct Plan {
    /// Names below the data directory.
    pub(super) files: Vec<String>,
    /// Whether what is replaced stays.
    pub(super) keep_old: bool,
}

impl Plan {
    pub(super) const FILE: &'static str = "plan.json";
}

/// Completes a restore that was cut off after everything was copied and checked; to be called before the databases of a
/// data directory are opened. Answers whether there was one.
///
/// # Errors
/// When a file can't be moved; it is gone on with next time.
pub fn finish_interrupted(data_dir: &Path) -> Result<bool, BackupError> {
    let staged = data_dir.join(STAGED);
    let path = staged.join(Plan::FILE);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(false),
        Err(cause) => return Err(BackupError::io(&path)(cause)),
    };
    flock(&file, FlockOperation::LockExclusive).map_err(|cause| BackupError::io(&path)(cause.into()))?;
    // Whoever was faster has removed it.
    let text = match fs::read(&path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(false),
        text => text.map_err(BackupError::io(&path))?,
    };
    let plan: Plan = serde_json::from_slice(&text)
        .map_err(|_| BackupError::damaged(&path, "it can't be read; restore the backup again after removing it"))?;
    for name in &plan.files {
        put_in_place(&staged.join(name), &data_dir.join(name))?;
    }
    hold::sync_dirs(data_dir)?;
    if !plan.keep_old {
        for name in &plan.files {
            for beside in BESIDE {
                remove(&with_ending(&data_dir.join(name), &format!("{beside}{OLD}")))?;
            }
        }
    }
    fs::remove_file(&path).map_err(BackupError::io(&path))?;
    fs::remove_dir_all(&staged).map_err(BackupError::io(&staged))?;
    Ok(true)
}

fn put_in_place(staged: &Path, target: &Path) -> Result<(), BackupError> {
    if !staged.exists() {
        return Ok(());
    }
    if let Some(parent) = target.parent() {
        hold::make_dir(parent)?;
    }
    for beside in BESIDE {
        let old = with_ending(target, beside);
        if old.exists() {
            fs::rename(&old, with_ending(target, &format!("{beside}{OLD}"))).map_err(BackupError::io(&old))?;
        }
    }
    fs::rename(staged, target).map_err(BackupError::io(target))
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(BackupError::io(path)(cause)),
        _ => Ok(()),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
