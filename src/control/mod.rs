//! What people decide: accounts with their logins and API keys, settings, the audit log of all, and the keys.
//! [`ControlDb`] is `control.db` in the data directory, an ordinary relational SQLite database apart from the events,
//! so that clearing events never blocks a login.
//!
//! Not here: events (`store`), how passwords are hashed and checked (`auth`), what config.toml says (`config`).

mod accounts;
mod api_keys;
mod audit;
mod db;
mod error;
mod identity;
mod job_runs;
pub mod keys;
pub mod lists;
mod logins;
mod migrate;
mod posture;
mod reveals;
pub mod settings;

pub use accounts::{
    Account, AccountChange, AccountName, AccountNameError, NewAccount, PasswordChange, PasswordHash, Theme, Totp,
};
pub use api_keys::{ApiKey, MOST_API_KEYS, NewApiKey};
pub use audit::{
    Actor, AuditBreak, AuditEntry, AuditFault, AuditFilter, AuditHash, AuditId, AuditPruned, AuditRow, AuditState,
    AuditVerdict,
};
use db::Change;
pub use db::ControlDb;
pub use error::{ControlError, ControlResult};
pub use identity::SecretHash;
pub use job_runs::{JobOutcome, JobRun, JobRunId};
pub use logins::{Login, LoginKind, Rotation};
pub use posture::PostureScore;
pub use reveals::{Approval, RevealId, RevealRequest, RevealState};
