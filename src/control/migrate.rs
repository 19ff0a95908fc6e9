//! Brings `control.db` to the newest schema: forward only, one transaction that first takes the write lock, so that of
//! two processes starting at once one migrates and the other finds it done. Source: `migrations/control/`, in order;
//! `user_version` counts those applied, `application_id` says whose file it is.
//!
//! Not rusqlite_migration, which reads the version before it takes the lock.

use super::audit;
use super::keys::Key;
use super::{ControlError, ControlResult};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::path::Path;

/// Every migration, oldest first. Never edited once released, only added to.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/control/0001_init.sql"),
    include_str!("../../migrations/control/0002_audit.sql"),
    include_str!("../../migrations/control/0003_settings.sql"),
    include_str!("../../migrations/control/0004_identity.sql"),
    include_str!("../../migrations/control/0005_privacy.sql"),
    include_str!("../../migrations/control/0006_jobs.sql"),
    include_str!("../../migrations/control/0007_posture.sql"),
];

/// The schema from which on the audit log is chained.
const CHAINED: usize = 2;

/// `TdgC`: marks a file as Tidegate's control database.
const APPLICATION_ID: i64 = 0x5464_6743;

/// Checks that the database is ours and applies what is missing. `audit_key` chains the entries of a log that is not
/// chained yet.
pub(super) fn migrate(connection: &mut Connection, path: &Path, audit_key: &Key) -> ControlResult<()> {
    let unusable = |message: String| ControlError::Unusable { path: path.to_owned(), message };
    let known = MIGRATIONS.len();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |pragma: &str| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(unusable(
            "is a database, but not Tidegate's control database; it is left untouched. Move it away, or give another \
             data directory with --data-dir"
                .to_owned(),
        ));
    }
    let applied = usize::try_from(version).unwrap_or(usize::MAX);
    if applied > known {
        return Err(unusable(format!(
            "was written by a newer Tidegate (schema {version}, this one knows {known}); install that version or a \
             newer one, or restore the backup made before the upgrade"
        )));
    }
    if applied == known {
        return Ok(());
    }
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(applied) {
        transaction.execute_batch(sql).map_err(|cause| {
            unusable(format!(
                "schema change {} failed and nothing of it was kept: {cause}; free disk space if that is the cause, \
                 else report it",
                index + 1
            ))
        })?;
        if index + 1 == CHAINED {
            audit::chain_stored(&transaction, audit_key)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known as i64)?;
    Ok(transaction.commit()?)
}

/// Turns what SQLite says of a file it can't use into words that name the file and the mend.
pub(super) fn explain(cause: rusqlite::Error, path: &Path) -> ControlError {
    let message = match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "is not a SQLite database; it is left untouched. Restore it from a backup, or move it away to start with \
             new accounts and settings"
        }
        Some(ErrorCode::DatabaseCorrupt) => "is damaged; it is left untouched. Restore it from a backup",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            "can't be opened for writing; give the account that runs Tidegate read and write access to it and its \
             directory"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is locked by another program; close whatever has it open and start again"
        }
        _ => return ControlError::Sqlite(cause),
    };
    ControlError::Unusable { path: path.to_owned(), message: message.to_owned() }
}
