//! Checks that begin with a setting. A setting says what somebody wants; other evidence says whether it is so.

mod credentials;
mod declared;
mod privacy;
mod service;

pub(super) use credentials::{audit, credentials};
pub(super) use declared::{direct_ip, https_filtering};
pub(super) use privacy::{gdpr, retention};
pub(super) use service::{rate_limit, waf};

use super::check::Finding;
use super::grounds::{Grounds, Installation};

/// Asks about the installation, where there is one.
fn installed(grounds: &Grounds<'_>, look: impl FnOnce(&Installation) -> Finding) -> Finding {
    match grounds.installation {
        Some(installation) => look(installation),
        None => Finding::unknown("No control database was opened; name its directory with --data-dir."),
    }
}
