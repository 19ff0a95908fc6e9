//! What a backup says of itself, in `manifest.json`.

use super::BackupError;
use crate::control::ControlDb;
use crate::store::columnar::ColumnarStore;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path};

/// What a backup says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`Manifest::FORMAT`].
    pub format: String,
    /// The version of the format, 1 upwards.
    pub version: u64,
    /// The version of Tidegate that wrote it.
    pub tidegate: String,
    /// The moment that it is of, RFC 3339.
    pub created: String,
    /// Of the events.
    pub events: EventsFacts,
    /// Of accounts, settings and audit log.
    pub control: ControlFacts,
    /// Whether keys are in it.
    pub keys: bool,
    /// Every file but this one.
    pub files: Vec<FileFacts>,
}

/// What a backup says of the events.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct EventsFacts {
    /// The database's layout.
    pub layout: u64,
    /// How many rows; null where an older layout was not read.
    pub rows: Option<u64>,
    /// The checksum over all rows that `tidegate db verify` prints, in hexadecimal.
    pub checksum: Option<String>,
    /// What was damaged in the database when it was copied, and so is in the copy.
    #[serde(default)]
    pub damaged: Vec<String>,
}

/// What a backup says of accounts, settings and audit log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ControlFacts {
    /// The database's schema.
    pub schema: u64,
    /// How many accounts.
    pub accounts: u64,
    /// How many entries of the audit log.
    pub audit_entries: u64,
}

/// A file of a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its name in the backup and in the data directory.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// What marks a manifest as one of a backup.
    pub const FORMAT: &'static str = "tidegate-backup";
    /// The version of the format that this build writes, and the newest that it reads.
    pub const VERSION: u64 = 1;
    /// Its file's name.
    pub const FILE: &'static str = "manifest.json";

    /// Reads the manifest of the backup in a directory.
    ///
    /// # Errors
    /// [`BackupError::Foreign`] where there is none, [`BackupError::Newer`] where this build can't restore it.
    pub fn read(dir: &Path) -> Result<Manifest, BackupError> {
        /// What manifests of every version have.
        #[derive(Deserialize)]
        struct Any {
            format: String,
            version: u64,
        }
        let path = dir.join(Self::FILE);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                return Err(BackupError::Foreign { path: dir.to_owned() });
            }
            Err(cause) => return Err(BackupError::io(&path)(cause)),
        };
        let unreadable = |_| BackupError::damaged(&path, "it can't be read; take another backup");
        let any: Any = serde_json::from_slice(&text).map_err(unreadable)?;
        if any.format != Self::FORMAT {
            return Err(BackupError::Foreign { path: dir.to_owned() });
        }
        let newer = |what, found, known| match found > known {
            true => Err(BackupError::Newer { path: dir.to_owned(), what, found, known }),
            false => Ok(()),
        };
        newer("format", any.version, Self::VERSION)?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(unreadable)?;
        newer("layout of events", manifest.events.layout, ColumnarStore::LAYOUT)?;
        newer("schema of control", manifest.control.schema, ControlDb::SCHEMA)?;
        let is_plain = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        match manifest.files.iter().find(|file| !is_plain(&file.name)) {
            Some(_) => Err(BackupError::damaged(&path, "it names files outside of the backup")),
            None => Ok(manifest),
        }
    }
}

impl FileFacts {
    /// Of a file below `dir`.
    pub(super) fn of(dir: &Path, name: &str) -> io::Result<FileFacts> {
        let mut file = File::open(dir.join(name))?;
        let (mut sum, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; 1 << 20];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            sum.update(&piece[..read]);
            bytes += read as u64;
        }
        Ok(FileFacts { name: name.to_owned(), bytes, sha256: hex(&sum.finalize()) })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
