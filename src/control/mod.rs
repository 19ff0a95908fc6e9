//! What people decide: accounts, settings, the audit log of both, and the keys. [`ControlDb`] is `control.db` in the
//! data directory, an ordinary relational SQLite database apart from the events, so that clearing events never blocks
//! a login.
//!
//! Not here: events (`store`), how passwords are hashed and checked (`auth`), what config.toml says (`config`).

mod accounts;
mod audit;
mod db;
mod error;
pub mod keys;
pub mod lists;
mod migrate;
mod reveals;
pub mod settings;

pub use accounts::{Account, AccountName, AccountNameError, PasswordHash};
pub use audit::{
    Actor, AuditBreak, AuditEntry, AuditFault, AuditFilter, AuditHash, AuditId, AuditPruned, AuditRow, AuditState,
    AuditVerdict,
};
use db::Change;
pub use db::ControlDb;
pub use error::{ControlError, ControlResult};
pub use reveals::{Approval, RevealId, RevealRequest, RevealState};
