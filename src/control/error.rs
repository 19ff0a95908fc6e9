//! What can go wrong with the control database and the keys.

use super::settings::SettingFault;
use std::path::PathBuf;

/// A result of this room.
pub type ControlResult<T> = Result<T, ControlError>;

/// What can go wrong with the control database and the keys. Texts name the file and what mends it.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The database engine refused.
    #[error("control database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file is no control database that this program can use; it is left as it is.
    #[error("{path}: {message}")]
    Unusable {
        /// The database file.
        path: PathBuf,
        /// What is wrong and what mends it.
        message: String,
    },
    /// Reading or writing a file failed.
    #[error("{path}: {message}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was tried, and what mends it.
        message: &'static str,
        /// The cause.
        source: std::io::Error,
    },
    /// A key file does not hold a key.
    #[error("{path}: {message}")]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong and what mends it.
        message: String,
    },
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system: {0}")]
    Random(#[from] getrandom::Error),
    /// Settings were refused; none of those given together was stored.
    #[error("{}", join(.0))]
    Settings(Vec<SettingFault>),
    /// A stored value is not one this program writes.
    #[error("control database: {table} {row}: {message}")]
    Stored {
        /// The table.
        table: &'static str,
        /// Which row.
        row: String,
        /// What is wrong and what mends it.
        message: String,
    },
    /// There is no such account.
    #[error("there is no such account")]
    NoAccount,
    /// The account has another password by now.
    #[error("the password was changed meanwhile")]
    PasswordChanged,
    /// There is no such login any more.
    #[error("there is no such login any more")]
    NoLogin,
    /// There is no such API key.
    #[error("there is no such API key")]
    NoApiKey,
    /// An account has that name already; ASCII case makes no difference.
    #[error("an account has that name already; choose another")]
    NameTaken,
    /// Without that account no admin could come in.
    #[error("this is the last admin who may come in; make another account an admin first")]
    LastAdmin,
    /// There is no room for more.
    #[error("there are {most} {what}, and no room for more; remove some first")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: i64,
    },
    /// The audit log has no open intent of that number.
    #[error("audit log: entry {0} is no open intent")]
    NotOpen(i64),
}

fn join(faults: &[SettingFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
