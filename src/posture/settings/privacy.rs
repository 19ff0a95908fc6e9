//! What is hidden of people, and how long rows are kept.

use super::installed;
use crate::control::settings::{GDPR_MODE, GDPR_REVEAL_NEEDS_APPROVAL, GDPR_STORE_PSEUDONYMISED, LOG_RETENTION_DAYS};
use crate::posture::RowsSeen;
use crate::posture::check::Finding;
use crate::posture::evidence::{Evidence, counted};
use crate::posture::grounds::Grounds;

/// Accounts that may see everything: more than one, since somebody must be able to stand in.
const MOST_READERS: usize = 2;
/// What authorities for data protection take for long enough to find out about incidents.
const MOST_DAYS: i64 = 180;

pub(in crate::posture) fn gdpr(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        let pseudonymised = settings.get(GDPR_STORE_PSEUDONYMISED);
        let plain = grounds.traffic.map(|traffic| &traffic.newest).filter(|newest| newest.rows > 0);
        if pseudonymised && let Some(newest) = plain.filter(|newest| !newest.plain_clients.is_empty()) {
            let rows = newest.plain_clients.clone();
            let seen = RowsSeen { count: rows.len() as u64, newest: rows, link: None };
            let evidence = vec![
                Evidence::setting(
                    settings,
                    GDPR_STORE_PSEUDONYMISED,
                    "New rows are said to be stored under pseudonyms.",
                ),
                Evidence::text("Rows among the newest hold their client's address.").seen(seen),
            ];
            return Finding::contradicted(
                evidence,
                "See since when gdpr_store_pseudonymised is set, and erase or clear the rows that were stored before.",
            );
        }
        if !settings.get(GDPR_MODE) {
            let text = "Everybody who may read the log sees addresses, users and URLs.";
            return Finding::none(vec![Evidence::setting(settings, GDPR_MODE, text)]);
        }
        let readers = installation.accounts.iter().filter(|account| account.enabled && account.pii_read).count();
        let approval = settings.get(GDPR_REVEAL_NEEDS_APPROVAL);
        let evidence = vec![
            Evidence::setting(settings, GDPR_MODE, "Switched on."),
            Evidence::text(format!("Everything may be seen by {}.", counted(readers as u64, "account"))),
            Evidence::setting(
                settings,
                GDPR_REVEAL_NEEDS_APPROVAL,
                if approval { "A second person must approve a reveal." } else { "One person alone may reveal." },
            ),
            Evidence::setting(
                settings,
                GDPR_STORE_PSEUDONYMISED,
                match (pseudonymised, plain) {
                    (false, _) => "Rows are stored as they were logged.",
                    (true, None) => "New rows are said to be stored under pseudonyms; none is there to show it.",
                    (true, Some(_)) => "The newest rows are stored under pseudonyms.",
                },
            ),
        ];
        let stored = u32::from(pseudonymised) + u32::from(pseudonymised && plain.is_some());
        Finding::share(2 + u32::from(readers <= MOST_READERS) + u32::from(approval) + stored, 6, evidence)
    })
}

pub(in crate::posture) fn retention(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        let days = settings.get(LOG_RETENTION_DAYS);
        let mut evidence = vec![Evidence::setting(settings, LOG_RETENTION_DAYS, format!("Rows are kept {days} days."))];
        let Some(traffic) = grounds.traffic else { return Finding::share(1, 2, evidence) };
        if traffic.overdue > 0 {
            let seen = RowsSeen { count: traffic.overdue, newest: Vec::new(), link: None };
            evidence.push(Evidence::text(format!("{} older than that.", counted(traffic.overdue, "row"))).seen(seen));
            return Finding::contradicted(
                evidence,
                "Clear what is older (POST /api/logs/clear-old), and do so every day.",
            );
        }
        if traffic.rows == 0 {
            evidence.push(Evidence::text("No row of the window is there to show it."));
            return Finding::share(1, 2, evidence);
        }
        evidence.push(Evidence::text("No row is older than that."));
        Finding::share(if days <= MOST_DAYS { 2 } else { 1 }, 2, evidence)
    })
}
