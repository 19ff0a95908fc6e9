//! Checks that look at the rows of the window alone: each share earns less the larger it is.

use super::observe::{Signal, Traffic};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;

pub(in crate::posture) fn direct_ip(grounds: &Grounds<'_>) -> Finding {
    share(grounds, |traffic| &traffic.direct_ip, "to addresses instead of names", 0, 100)
}

pub(in crate::posture) fn flagged_allowed(grounds: &Grounds<'_>) -> Finding {
    match grounds.traffic {
        Some(traffic)
            if traffic.newest.rows > 0 && !traffic.newest.unscored.is_empty() && traffic.flagged.count == 0 =>
        {
            Finding::unknown("The newest rows of the window were not scored, so that nothing could be flagged.")
        }
        _ => share(grounds, |traffic| &traffic.flagged, "that rules flagged", 0, 50),
    }
}

pub(in crate::posture) fn plaintext(grounds: &Grounds<'_>) -> Finding {
    share(grounds, |traffic| &traffic.plaintext, "without encryption", 100, 2000)
}

pub(in crate::posture) fn unsanctioned(grounds: &Grounds<'_>) -> Finding {
    share(grounds, |traffic| &traffic.unsanctioned, "to services that nobody sanctioned", 50, 1000)
}

pub(in crate::posture) fn unusual_ports(grounds: &Grounds<'_>) -> Finding {
    share(grounds, |traffic| &traffic.unusual_ports, "to unusual ports", 0, 100)
}

pub(in crate::posture) fn unauthenticated(grounds: &Grounds<'_>) -> Finding {
    match grounds.traffic {
        Some(traffic) if traffic.rows > 0 && !traffic.newest.has_users => {
            Finding::unknown("The log has no place for users; see tidegate doctor.")
        }
        _ => share(grounds, |traffic| &traffic.anonymous, "without a user", 100, 5000),
    }
}

/// All points up to one share of the requests let through, none from another on, evenly between; shares in hundredths of
/// a percent.
fn share(grounds: &Grounds<'_>, of: impl Fn(&Traffic) -> &Signal, what: &str, all_to: u64, none_from: u64) -> Finding {
    let Some(traffic) = grounds.traffic else { return Finding::unknown(NO_STORE) };
    if traffic.allowed == 0 {
        return Finding::unknown("No request was let through in the window.");
    }
    let signal = of(traffic);
    let text = format!("{} of {} requests let through {what}.", signal.count, traffic.allowed);
    // Exactly, in the finest unit: rounding must not make the first row disappear.
    let (count, allowed) = (u128::from(signal.count) * 10_000, u128::from(traffic.allowed));
    let (best, worst) = (u128::from(all_to) * allowed, u128::from(none_from) * allowed);
    let earned = worst.saturating_sub(count).min(worst - best) * 1_000_000 / (worst - best).max(1);
    let evidence = match signal.count {
        0 => Evidence::text(text),
        _ => Evidence::text(text).seen(signal.seen()),
    };
    Finding::share(u32::try_from(earned).unwrap_or(0), 1_000_000, vec![evidence])
}

/// Why nothing is known of traffic.
const NO_STORE: &str = "No store of events was opened; name its directory with --data-dir.";
