//! Writing a backup: into a directory aside, which gets its name once everything in it is checked and on the disk.

use super::manifest::{ControlFacts, EventsFacts, FileFacts, Manifest};
use super::online::snapshots;
use super::verify::{check_integrity, open_as_is};
use super::{BackupError, hold};
use crate::classify::CLASSIFIERS;
use crate::control::ControlDb;
use crate::control::keys::KeyRing;
use crate::model::Clock;
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The directories of keys in a data directory: those of [`KeyRing`], and certificates with theirs.
const KEY_DIRS: [&str; 2] = [KeyRing::DIR, "tls"];

/// What to back up, and how.
#[derive(Clone, Debug)]
pub struct Writing<'w> {
    /// The data directory.
    pub data_dir: &'w Path,
    /// Where the backup goes: a directory that is empty or not there yet.
    pub target: &'w Path,
    /// Whether keys go with it.
    pub with_keys: bool,
    /// The time.
    pub clock: &'w Arc<dyn Clock>,
}

/// Copies both databases as they are at one moment, while others write; then reads the copy, every page and every row.
/// `progress` is told how much is done, of how much; `stop` is asked now and then. A backup that has its name is whole.
///
/// # Errors
/// [`BackupError`]; nothing is left then.
pub fn write(
    writing: &Writing<'_>,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
) -> Result<Manifest, BackupError> {
    let Writing { data_dir, target, with_keys, clock } = *writing;
    let sources = [ColumnarStore::FILE, ControlDb::FILE].map(|name| data_dir.join(name));
    if let Some(missing) = sources.iter().find(|path| !path.is_file()) {
        return Err(BackupError::Missing { path: missing.clone() });
    }
    let aside = Aside::new(target)?;
    let dir = &aside.path;
    // Control first: what an entry of the audit log announces is done after it.
    let (events, control) = (dir.join(ColumnarStore::FILE), dir.join(ControlDb::FILE));
    let [events_from, control_from] = sources;
    let (snapshots, created) = snapshots(&[control_from, events_from], &**clock)?;
    let pages = snapshots.iter().map(|snapshot| snapshot.pages()).sum::<Result<u64, _>>()?;
    // Reading the copy takes about as long as making it.
    let total = 2 * pages;
    let mut before = 0;
    for (snapshot, copy) in snapshots.iter().zip([&control, &events]) {
        snapshot.copy(copy, &mut |done| progress(before + done, total), stop)?;
        before += snapshot.pages()?;
    }
    drop(snapshots);
    let mut names = vec![ColumnarStore::FILE.to_owned(), ControlDb::FILE.to_owned()];
    if with_keys {
        names.extend(copy_keys(data_dir, dir)?);
    }
    for copy in [&control, &events] {
        if stop() {
            return Err(BackupError::Stopped);
        }
        check_integrity(copy)?;
    }
    let manifest = Manifest {
        format: Manifest::FORMAT.to_owned(),
        version: Manifest::VERSION,
        tidegate: env!("CARGO_PKG_VERSION").to_owned(),
        created: created.to_rfc3339(),
        events: events_facts(dir, clock)?,
        control: control_facts(&control)?,
        keys: with_keys,
        files: names
            .iter()
            .map(|name| FileFacts::of(dir, name))
            .collect::<io::Result<_>>()
            .map_err(BackupError::io(dir))?,
    };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|cause| BackupError::io(dir)(cause.into()))?;
    text.push(b'\n');
    write_new(&dir.join(Manifest::FILE), &text)?;
    progress(total, total);
    aside.finish()?;
    Ok(manifest)
}

/// What the copy of the events holds, every row read; of an older layout nothing, as reading would bring it up to date.
fn events_facts(dir: &Path, clock: &Arc<dyn Clock>) -> Result<EventsFacts, BackupError> {
    let path = dir.join(ColumnarStore::FILE);
    let layout = user_version(&path)?;
    if layout < ColumnarStore::LAYOUT {
        return Ok(EventsFacts { layout, ..EventsFacts::default() });
    }
    let store = ColumnarStore::open(dir, CLASSIFIERS, Arc::clone(clock))?;
    let (found, counted) = (store.verify()?, store.stats()?.totals.measure.outcomes.total());
    if found.damaged.is_empty() && found.rows != counted {
        let reason = format!("{} rows, but its totals say {counted}; report it", found.rows);
        return Err(BackupError::damaged(&path, reason));
    }
    drop(store);
    Ok(EventsFacts {
        layout,
        rows: Some(found.rows),
        checksum: Some(format!("{:016x}", found.checksum)),
        damaged: found.damaged,
    })
}

fn control_facts(path: &Path) -> Result<ControlFacts, BackupError> {
    let db = open_as_is(path)?;
    let count = |table: &str| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
    let failed = BackupError::sqlite(path);
    Ok(ControlFacts {
        schema: user_version(path)?,
        accounts: count("account").map_err(&failed)?,
        audit_entries: count("audit_log").map_err(&failed)?,
    })
}

fn user_version(path: &Path) -> Result<u64, BackupError> {
    let version = open_as_is(path)?.pragma_query_value(None, "user_version", |row| row.get(0));
    version.map_err(BackupError::sqlite(path))
}

/// Copies the files of keys; answers their names. A certificate that is a link to a file elsewhere is left where it is.
fn copy_keys(data_dir: &Path, dir: &Path) -> Result<Vec<String>, BackupError> {
    let mut names = Vec::new();
    for keys in KEY_DIRS {
        let from = data_dir.join(keys);
        let entries = match fs::read_dir(&from) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
            Err(cause) => return Err(BackupError::io(&from)(cause)),
        };
        hold::make_dir(&dir.join(keys))?;
        for entry in entries {
            let entry = entry.map_err(BackupError::io(&from))?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if entry.file_type().is_ok_and(|kind| kind.is_file()) && !name.starts_with('.') {
                let bytes = fs::read(&path).map_err(BackupError::io(&path))?;
                write_new(&dir.join(keys).join(&name), &bytes)?;
                names.push(format!("{keys}/{name}"));
            }
        }
    }
    names.sort();
    Ok(names)
}

/// Writes a new file, readable for this user alone, and has the disk keep it.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(BackupError::io(path))
}

/// A directory on its way to its name: locked, gone when dropped before that.
struct Aside {
    path: PathBuf,
    target: PathBuf,
    /// Holds the lock.
    _dir: File,
    is_done: bool,
}

impl Aside {
    fn new(target: &Path) -> Result<Aside, BackupError> {
        let target = std::path::absolute(target).map_err(BackupError::io(target))?;
        match fs::read_dir(&target).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) if cause.kind() != ErrorKind::NotADirectory => return Err(BackupError::io(&target)(cause)),
            _ => return Err(BackupError::Occupied { path: target }),
        }
        let mut name = OsString::from(target.file_name().unwrap_or_default());
        name.push(".partial");
        let path = target.with_file_name(name);
        let failed = BackupError::io(&path);
        // What a writer that was killed has left.
        if let Ok(left) = File::open(&path) {
            hold::lock(&left, &path)?;
            fs::remove_dir_all(&path).map_err(&failed)?;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(BackupError::io(parent))?;
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(&failed)?;
        let dir = File::open(&path).map_err(&failed)?;
        hold::lock(&dir, &path)?;
        drop(failed);
        Ok(Aside { path, target, _dir: dir, is_done: false })
    }

    fn finish(mut self) -> Result<(), BackupError> {
        hold::sync_dirs(&self.path)?;
        fs::rename(&self.path, &self.target).map_err(BackupError::io(&self.target))?;
        self.is_done = true;
        match self.target.parent() {
            Some(parent) => File::open(parent).and_then(|dir| dir.sync_all()).map_err(BackupError::io(parent)),
            None => Ok(()),
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
