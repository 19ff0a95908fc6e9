//! Who may come in, and how well that is kept and recorded.

use super::installed;
use crate::control::settings::{AUDIT_RETENTION_DAYS, PASSWORD_MIN_LENGTH, SESSION_HOURS};
use crate::model::{DAY_MS, Role};
use crate::posture::check::Finding;
use crate::posture::evidence::{Evidence, counted};
use crate::posture::grounds::Grounds;

/// NIST SP 800-63B asks for 8 at least; guessing offline makes 12 the number today.
const FEWEST_CHARACTERS: i64 = 12;
/// A working day with breaks.
const MOST_SESSION_HOURS: i64 = 12;
/// An account that nobody used for so long is somebody's who left (CIS Control 5.3 says 45 days).
const UNUSED_DAYS: i64 = 90;
/// Incidents are found late.
const FEWEST_AUDIT_DAYS: i64 = 180;

pub(in crate::posture) fn credentials(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        let enabled: Vec<_> = installation.accounts.iter().filter(|account| account.enabled).collect();
        let admins: Vec<_> = enabled.iter().filter(|account| account.role == Role::Admin).collect();
        let protected = admins.iter().filter(|account| account.needs_totp()).count();
        let (length, hours) = (settings.get(PASSWORD_MIN_LENGTH), settings.get(SESSION_HOURS));
        let forced = enabled.iter().filter(|account| account.must_change_password).count();
        let since = grounds.now.0.saturating_sub(UNUSED_DAYS * DAY_MS);
        let unused =
            enabled.iter().filter(|account| account.last_login_at.unwrap_or(account.created_at).0 < since).count();
        let evidence = vec![
            Evidence::text(format!("{protected} of {} with a second factor.", counted(admins.len() as u64, "admin"))),
            Evidence::setting(settings, PASSWORD_MIN_LENGTH, format!("Passwords have at least {length} characters.")),
            Evidence::setting(settings, SESSION_HOURS, format!("Sessions end after {hours} hours.")),
            Evidence::text(format!(
                "{} still to change a password that others know.",
                counted(forced as u64, "account")
            )),
            Evidence::text(format!("{} not used for {UNUSED_DAYS} days.", counted(unused as u64, "account"))),
        ];
        let kept = [length >= FEWEST_CHARACTERS, hours <= MOST_SESSION_HOURS, forced == 0, unused == 0];
        let eighths: u32 = kept.into_iter().map(u32::from).sum();
        let factors = u32::try_from(4 * protected / admins.len().max(1)).unwrap_or(0);
        Finding::share(eighths + factors, 8, evidence)
    })
}

pub(in crate::posture) fn audit(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        let verdict = &installation.audit;
        if let Some(broken) = verdict.first_broken {
            let text = format!("Entry {} is not as it was written: {}.", broken.id.0, broken.fault);
            let advice = "Find out who changed the audit log (tidegate audit verify), and put it back from a backup.";
            return Finding::none(vec![Evidence::text(text)]).advice(advice);
        }
        let days = settings.get(AUDIT_RETENTION_DAYS);
        let evidence = vec![
            Evidence::text(format!("All {} entries are as they were written.", verdict.entries)),
            Evidence::setting(settings, AUDIT_RETENTION_DAYS, format!("Entries are kept {days} days.")),
        ];
        Finding::share(if days >= FEWEST_AUDIT_DAYS { 3 } else { 2 }, 3, evidence)
    })
}
