//! The audit log: who did what to what, when, by which credential, and how it was before and after. Append-only:
//! nothing but this module touches its tables, the schema refuses UPDATE and REPLACE, and DELETE of anything that no
//! checkpoint covers.
//!
//! A change inside `control.db` is recorded in the transaction that makes it ([`record`]). A change that spans the
//! events too is recorded as [`ControlDb::intent`] before and [`ControlDb::complete`] or [`ControlDb::fail`] after;
//! what a crash left open is found by [`ControlDb::open_intents`] and closed at the next start. Readers see one row
//! per action ([`ControlDb::audit_page`]).
//!
//! Entries are chained and signed, so that whoever edits the file is found out at the first entry touched
//! ([`ControlDb::verify_audit`]); they leave only from the old end, behind a signed checkpoint
//! ([`ControlDb::prune_audit`]). Not found out: a copy of the whole file put back, which is why the newest hash is
//! shown, to be noted elsewhere; and whoever holds `keys/audit.key` and may write the file.
//!
//! [`ControlDb::intent`]: super::ControlDb::intent
//! [`ControlDb::complete`]: super::ControlDb::complete
//! [`ControlDb::fail`]: super::ControlDb::fail
//! [`ControlDb::open_intents`]: super::ControlDb::open_intents
//! [`ControlDb::audit_page`]: super::ControlDb::audit_page
//! [`ControlDb::verify_audit`]: super::ControlDb::verify_audit
//! [`ControlDb::prune_audit`]: super::ControlDb::prune_audit

mod chain;
mod checkpoint;
mod entry;
mod head;
mod page;
mod record;
mod retention;
mod verify;

pub use entry::{Actor, AuditEntry, AuditHash, AuditId, AuditRow, AuditState};
pub(super) use head::chain_stored;
pub use page::AuditFilter;
pub(super) use record::record;
pub use retention::AuditPruned;
pub use verify::{AuditBreak, AuditFault, AuditVerdict};

#[cfg(test)]
mod tests;
