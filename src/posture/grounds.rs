//! What checks may look at.

use super::squid::SquidFacts;
use super::traffic::Traffic;
use crate::control::settings::Settings;
use crate::control::{Account, AuditVerdict, ControlDb, ControlResult};
use crate::model::Timestamp;
use std::sync::Arc;

/// What checks may look at; what is missing makes the checks that need it unknown.
#[derive(Debug)]
pub struct Grounds<'g> {
    /// When.
    pub now: Timestamp,
    /// Tidegate itself.
    pub installation: Option<&'g Installation>,
    /// The proxy's configuration, or why there is none to look at.
    pub squid: Result<&'g SquidFacts, &'g str>,
    /// The rows of the window.
    pub traffic: Option<&'g Traffic>,
}

/// Tidegate itself: settings, accounts, audit log.
#[derive(Debug)]
pub struct Installation {
    /// The settings.
    pub settings: Arc<Settings>,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Whether the audit log is as it was written.
    pub audit: AuditVerdict,
}

impl Installation {
    /// As it is now; checks every entry of the audit log.
    ///
    /// # Errors
    /// When the control database can't be read.
    pub fn read(control: &ControlDb) -> ControlResult<Installation> {
        Ok(Installation { settings: control.settings(), accounts: control.accounts()?, audit: control.verify_audit()? })
    }
}
