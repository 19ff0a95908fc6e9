//! How Tidegate itself is set: scoring of rows, limits of the API.

use super::installed;
use crate::control::settings::{
    API_BURST_RATE, API_BURST_SIZE, API_RATE_LIMIT_ENABLED, API_TRUST_PROXY_HEADERS, API_TRUSTED_PROXIES,
    WAF_BLOCK_THRESHOLD, WAF_DISABLED_CATEGORIES, WAF_ENABLED,
};
use crate::posture::RowsSeen;
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;

/// The highest threshold that still flags what two critical rules match.
const MOST_THRESHOLD: i64 = 10;
/// More requests a second, or at once, don't slow anybody down who guesses.
const MOST_BURST_RATE: i64 = 200;
const MOST_BURST_SIZE: i64 = 1000;
/// A trusted network with fewer bits of prefix holds others than one's own reverse proxies.
const FEWEST_PREFIX_BITS: u8 = 8;

pub(in crate::posture) fn waf(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        if !settings.get(WAF_ENABLED) {
            return Finding::none(vec![Evidence::setting(settings, WAF_ENABLED, "New rows are not scored.")]);
        }
        let mut evidence = vec![Evidence::setting(settings, WAF_ENABLED, "Switched on.")];
        let mut eighths = 4;
        match grounds.traffic {
            Some(traffic) if traffic.newest.rows > 0 && traffic.newest.unscored.is_empty() => {
                evidence.push(Evidence::text(format!("The newest {} rows were scored.", traffic.newest.rows)));
                eighths += 2;
            }
            Some(traffic) if traffic.newest.rows > 0 => {
                let newest = traffic.newest.unscored.clone();
                let seen = RowsSeen { count: newest.len() as u64, newest, link: None };
                evidence.push(Evidence::text("Rows among the newest were not scored.").seen(seen));
                return Finding::contradicted(
                    evidence,
                    "Have the rows scored: POST /api/waf/rescore; and see whether another Tidegate writes into this store.",
                );
            }
            _ => evidence.push(Evidence::text("No row of the window is there to show it.")),
        }
        let (disabled, threshold) = (settings.get(WAF_DISABLED_CATEGORIES), settings.get(WAF_BLOCK_THRESHOLD));
        let text = format!("{} categories are disabled.", disabled.len());
        evidence.push(Evidence::setting(settings, WAF_DISABLED_CATEGORIES, text));
        let text = format!("Rows are flagged from {threshold} points on.");
        evidence.push(Evidence::setting(settings, WAF_BLOCK_THRESHOLD, text));
        if disabled.is_empty() && threshold <= MOST_THRESHOLD {
            eighths += 2;
        }
        Finding::share(eighths, 8, evidence)
    })
}

pub(in crate::posture) fn rate_limit(grounds: &Grounds<'_>) -> Finding {
    installed(grounds, |installation| {
        let settings = &*installation.settings;
        if !settings.get(API_RATE_LIMIT_ENABLED) {
            return Finding::none(vec![Evidence::setting(settings, API_RATE_LIMIT_ENABLED, "Switched off.")]);
        }
        let (rate, size) = (settings.get(API_BURST_RATE), settings.get(API_BURST_SIZE));
        let limits = rate <= MOST_BURST_RATE && size <= MOST_BURST_SIZE;
        let evidence = vec![
            Evidence::setting(settings, API_RATE_LIMIT_ENABLED, "Switched on."),
            Evidence::setting(settings, API_BURST_RATE, format!("{rate} requests a second in the long run.")),
            Evidence::setting(settings, API_BURST_SIZE, format!("{size} requests at once.")),
        ];
        let (known, says) = if settings.get(API_TRUST_PROXY_HEADERS) {
            let trusted = settings.get(API_TRUSTED_PROXIES);
            let narrow = trusted.iter().all(|network| network.prefix_len() >= FEWEST_PREFIX_BITS);
            let says = if narrow {
                "Peers are known by what trusted proxies say of them."
            } else {
                "Networks that are no reverse proxies may say whom a request is counted by."
            };
            // Without the value: it is addresses.
            (narrow, Evidence::text(says))
        } else {
            (true, Evidence::setting(settings, API_TRUST_PROXY_HEADERS, "Peers are known by their connection."))
        };
        let evidence = [evidence, vec![says]].concat();
        Finding::share(2 + u32::from(limits) + u32::from(known), 4, evidence)
    })
}
