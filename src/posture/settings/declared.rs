//! What is declared about the proxy: it earns little until squid.conf or traffic proves it, and nothing where traffic
//! shows the contrary.

use super::installed;
use crate::control::settings::{DIRECT_IP_BLOCKED, HTTPS_FILTERED};
use crate::posture::check::Finding;
use crate::posture::evidence::{Evidence, counted};
use crate::posture::grounds::Grounds;
use crate::posture::squid::tls;

const DIRECT_IP_ADVICE: &str = "Find out which proxy let the rows named through, and deny bare addresses there; or withdraw \
                                the setting direct_ip_blocked.";
const HTTPS_ADVICE: &str = "Find out why no request inside TLS is logged: ssl_bump may not apply, or other proxies write \
                            this log; or withdraw the setting https_filtered.";

pub(in crate::posture) fn direct_ip(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let declared = installation.settings.get(DIRECT_IP_BLOCKED);
        let says = if declared { "Declared as blocked." } else { "Not declared as blocked." };
        let mut evidence = vec![Evidence::setting(&installation.settings, DIRECT_IP_BLOCKED, says)];
        let seen = grounds.traffic.map(|traffic| (&traffic.direct_ip, traffic.direct_ip_denied));
        if let Some((through, _)) = seen.filter(|(through, _)| through.count > 0) {
            let text = format!("{} to bare addresses let through in the window.", counted(through.count, "request"));
            evidence.push(Evidence::text(text).seen(through.seen()));
            return match declared {
                true => Finding::contradicted(evidence, DIRECT_IP_ADVICE),
                false => Finding::none(evidence),
            };
        }
        let denied = seen.map_or(0, |(_, denied)| denied);
        if denied > 0 {
            evidence.push(Evidence::text(format!(
                "{} to bare addresses in the window, all denied.",
                counted(denied, "request")
            )));
            return Finding::all(evidence);
        }
        if let Ok(squid) = grounds.squid
            && let Some(place) = squid.denies_bare_addresses()
        {
            evidence.push(Evidence::text("squid.conf denies bare addresses.").at(Some(&place)));
            return Finding::all(evidence);
        }
        match (declared, grounds.traffic) {
            (false, _) => Finding::none(evidence),
            (true, Some(traffic)) if traffic.rows > 0 => {
                evidence
                    .push(Evidence::text("Nobody asked for a bare address in the window: neither proven nor refuted."));
                Finding::share(2, 3, evidence)
            }
            (true, _) => Finding::share(1, 3, evidence),
        }
    })
}

/// Tunnels from which on their being the only HTTPS in the log says something.
const ENOUGH_TUNNELS: u64 = 20;

pub(in crate::posture) fn https_filtering(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let declared = installation.settings.get(HTTPS_FILTERED);
        let says = if declared { "Declared as looked into." } else { "Not declared as looked into." };
        let mut evidence = vec![Evidence::setting(&installation.settings, HTTPS_FILTERED, says)];
        if let Some(traffic) = grounds.traffic {
            if traffic.decrypted > 0 {
                let text = format!("{} inside TLS logged in the window.", counted(traffic.decrypted, "request"));
                evidence.push(Evidence::text(text));
                return Finding::all(evidence);
            }
            if traffic.tunnels.count >= ENOUGH_TUNNELS {
                let text = format!(
                    "{} tunnels were let through in the window, and not one request inside TLS was logged.",
                    traffic.tunnels.count
                );
                evidence.push(Evidence::text(text).seen(traffic.tunnels.seen()));
                return match declared {
                    true => Finding::contradicted(evidence, HTTPS_ADVICE),
                    false => Finding::none(evidence),
                };
            }
        }
        if let Ok(squid) = grounds.squid {
            match tls::decrypting(&squid.conf) {
                Some(place) => {
                    evidence.push(Evidence::text("squid.conf decrypts TLS.").at(Some(&place)));
                    return Finding::all(evidence);
                }
                None if declared => {
                    evidence.push(Evidence::text("squid.conf has no ssl_bump that decrypts."));
                    return Finding::contradicted(evidence, HTTPS_ADVICE);
                }
                None => {}
            }
        }
        if declared { Finding::share(2, 5, evidence) } else { Finding::none(evidence) }
    })
}
