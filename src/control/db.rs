//! The open control database: one connection behind one lock. Every change is one transaction that begins by taking
//! the write lock, with the audit entry inside it; `synchronous=FULL`, so that what was answered survives a power cut.

use super::keys::{KeyName, KeyRing};
use super::migrate::{MIGRATIONS, explain, migrate};
use super::settings::watch::{DataVersion, Watch};
use super::settings::{SettingDefaults, Settings};
use super::{ControlError, ControlResult};
use crate::model::{Clock, Timestamp};
use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// How long a change waits for another process to finish its own.
const BUSY: Duration = Duration::from_secs(5);

/// Accounts, settings and the audit log.
pub struct ControlDb {
    connection: Mutex<Connection>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) defaults: RwLock<SettingDefaults>,
    pub(super) settings: RwLock<Arc<Settings>>,
    pub(super) watch: Watch,
    /// How often this process changed who may come in: [`ControlDb::identity_version`].
    pub(super) identity_changes: AtomicU64,
    keys: KeyRing,
    path: PathBuf,
}

/// A change under way: a transaction, and the keys it takes to record it in the audit log.
pub(super) struct Change<'c> {
    transaction: Transaction<'c>,
    pub(super) keys: &'c KeyRing,
}

impl<'c> Deref for Change<'c> {
    type Target = Transaction<'c>;

    fn deref(&self) -> &Transaction<'c> {
        &self.transaction
    }
}

impl ControlDb {
    /// The database's file name in the data directory.
    pub const FILE: &'static str = "control.db";
    /// The schema that this build writes, and the newest that it reads.
    pub const SCHEMA: u64 = MIGRATIONS.len() as u64;

    /// Opens `control.db` in a data directory that exists, creating it where there is none, and brings its schema up
    /// to date; makes the keys that are missing. `defaults` are the values config.toml gives to settings nobody has set.
    ///
    /// # Errors
    /// [`ControlError::Unusable`] when the file is something else, damaged, or from a newer version; such a file is
    /// never changed. [`ControlError::Key`] when a key file does not hold a key.
    pub fn open(data_dir: &Path, clock: Arc<dyn Clock>, defaults: SettingDefaults) -> ControlResult<ControlDb> {
        let path = data_dir.join(Self::FILE);
        create_private(&path).map_err(|source| ControlError::Io {
            path: path.clone(),
            message: "can't be opened; create its directory and make it writable for the account that runs Tidegate",
            source,
        })?;
        let keys = KeyRing::open(data_dir)?;
        let (connection, watch, settings) = prepare(&path, &keys, &defaults).map_err(|cause| match cause {
            ControlError::Sqlite(cause) => explain(cause, &path),
            other => other,
        })?;
        Ok(ControlDb {
            connection: Mutex::new(connection),
            clock,
            defaults: RwLock::new(defaults),
            settings: RwLock::new(Arc::new(settings)),
            watch,
            identity_changes: AtomicU64::new(0),
            keys,
            path,
        })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The data directory that it lies in.
    pub fn data_dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The keys of this installation.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs a question.
    pub(super) fn read<T>(&self, ask: impl FnOnce(&Connection) -> ControlResult<T>) -> ControlResult<T> {
        ask(&self.connection.lock())
    }

    /// Runs questions that take their time, on a connection of their own and over one state of the database.
    pub(super) fn read_aside<T>(&self, ask: impl FnOnce(&Connection) -> ControlResult<T>) -> ControlResult<T> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        ask(&transaction)
    }

    /// Runs questions that must see one state of the database.
    pub(super) fn read_together<T>(&self, ask: impl FnOnce(&Connection) -> ControlResult<T>) -> ControlResult<T> {
        let mut connection = self.connection.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        ask(&transaction)
    }

    /// As [`ControlDb::read_together`], but `None` while the connection is in use.
    pub(super) fn try_read_together<T>(
        &self,
        ask: impl FnOnce(&Connection) -> ControlResult<T>,
    ) -> ControlResult<Option<T>> {
        let Some(mut connection) = self.connection.try_lock() else { return Ok(None) };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        ask(&transaction).map(Some)
    }

    /// Runs a change: all of it is kept, or on an error nothing.
    pub(super) fn change<T>(&self, change: impl FnOnce(&Change<'_>) -> ControlResult<T>) -> ControlResult<T> {
        let mut connection = self.connection.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let under_way = Change { transaction, keys: &self.keys };
        let answer = change(&under_way)?;
        under_way.transaction.commit()?;
        Ok(answer)
    }
}

impl fmt::Debug for ControlDb {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ControlDb").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Opens the file, checks that it is ours, and reads the settings.
fn prepare(path: &Path, keys: &KeyRing, defaults: &SettingDefaults) -> ControlResult<(Connection, Watch, Settings)> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(&mut connection, path, keys.key(KeyName::Audit))?;
    use_wal(&connection)?;
    let watch = Watch::new(DataVersion::read(&connection)?);
    let settings = Settings::read(&connection, defaults, keys.key(KeyName::Sealing), &Settings::default())?;
    Ok((connection, watch, settings))
}

/// Creates the file, if it is not there, readable for its owner only; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Switches to WAL. The switch needs the file for itself and doesn't wait for it as other statements do, so another
/// process that is just starting is waited for here.
fn use_wal(connection: &Connection) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Err(cause)
                if started.elapsed() < BUSY && cause.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            other => return other.map(drop),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::FixedClock;

    /// A database in a directory that goes with it, and its clock.
    pub(in crate::control) fn scratch() -> (tempfile::TempDir, ControlDb, Arc<FixedClock>) {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(1_767_225_600_000)));
        let db = ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap();
        (dir, db, clock)
    }

    fn open(dir: &Path) -> ControlResult<ControlDb> {
        ControlDb::open(dir, Arc::new(FixedClock::default()), SettingDefaults::default())
    }

    #[test]
    fn a_new_database_is_durable_private_and_checks_references() {
        let (dir, db, _) = scratch();
        let pragma = |name: &str| {
            db.read(|connection| {
                Ok(connection.pragma_query_value(None, name, |row| {
                    row.get::<_, String>(0).or_else(|_| row.get::<_, i64>(0).map(|number| number.to_string()))
                })?)
            })
            .unwrap()
        };
        assert_eq!(pragma("journal_mode"), "wal");
        assert_eq!(pragma("synchronous"), "2");
        assert_eq!(pragma("foreign_keys"), "1");
        #[cfg(unix)]
        for file in ["control.db", "control.db-wal"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        drop(db);
        open(dir.path()).unwrap();
    }

    #[test]
    fn every_table_is_strict() {
        let (_dir, db, _) = scratch();
        let loose: Vec<String> = db
            .read(|connection| {
                let mut statement = connection.prepare(
                    "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
                )?;
                Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
            })
            .unwrap();
        assert_eq!(loose, Vec::<String>::new());
    }

    #[test]
    fn what_is_no_control_database_is_named_and_left_alone() {
        type Prepare = fn(&Path);
        let cases: [(&str, Prepare, &str); 5] = [
            ("a text", |path| std::fs::write(path, "hello").unwrap(), "is not a SQLite database"),
            ("garbage", |path| std::fs::write(path, vec![0xA5; 100_000]).unwrap(), "is not a SQLite database"),
            (
                "someone else's",
                |path| Connection::open(path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap(),
                "not Tidegate's control database",
            ),
            (
                "someone else's, empty",
                |path| Connection::open(path).unwrap().pragma_update(None, "user_version", 3).unwrap(),
                "not Tidegate's control database",
            ),
            (
                "from the future",
                |path| {
                    open(path.parent().unwrap()).unwrap();
                    let connection = Connection::open(path).unwrap();
                    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
                    connection.pragma_update(None, "user_version", 4711).unwrap();
                },
                "was written by a newer Tidegate (schema 4711, this one knows ",
            ),
        ];
        for (name, prepare, want) in cases {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join(ControlDb::FILE);
            prepare(&path);
            let before = std::fs::read(&path).unwrap();
            let said = open(dir.path()).unwrap_err().to_string();
            assert!(said.starts_with(&path.display().to_string()) && said.contains(want), "{name}: {said}");
            assert_eq!(std::fs::read(&path).unwrap(), before, "{name}");
        }
    }

    #[test]
    fn a_missing_directory_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let said = open(&dir.path().join("nowhere")).unwrap_err().to_string();
        assert!(said.contains("nowhere/control.db: can't be opened; create its directory"), "{said}");
    }

    #[test]
    fn many_may_open_a_new_database_at_once() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            let openers: Vec<_> = (0..8).map(|_| scope.spawn(|| open(dir.path()).map(drop))).collect();
            for opener in openers {
                opener.join().unwrap().unwrap();
            }
        });
    }
}
