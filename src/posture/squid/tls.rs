//! What is seen of TLS.

use super::configured;
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{AccessRule, Place, SquidConf};

/// Actions of `ssl_bump` that decrypt.
const DECRYPTING: [&str; 4] = ["bump", "stare", "client-first", "server-first"];
/// Actions that look at names, and pass on or end.
const LOOKING: [&str; 4] = ["peek", "splice", "terminate", "none"];

/// The line by which TLS is decrypted, on a port that may.
pub(in crate::posture) fn decrypting(conf: &SquidConf) -> Option<Place> {
    rule(conf, &DECRYPTING).map(|rule| rule.place)
}

fn rule(conf: &SquidConf, actions: &[&str]) -> Option<AccessRule> {
    let may = conf.ports().any(|port| port.options.iter().any(|option| option == "ssl-bump"));
    conf.ssl_bump().into_iter().find(|rule| may && actions.contains(&rule.action.as_str()))
}

pub(in crate::posture) fn ssl_bump(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        if let Some(place) = decrypting(&facts.conf) {
            return Finding::all(vec![Evidence::text("TLS is decrypted.").at(Some(&place))]);
        }
        if let Some(rule) = rule(&facts.conf, &LOOKING) {
            let text = format!("Names are looked at without decrypting (ssl_bump {}).", rule.action);
            return Finding::share(1, 2, vec![Evidence::text(text).at(Some(&rule.place))]);
        }
        let idle = facts.conf.ssl_bump().into_iter().next();
        let text = match &idle {
            Some(_) => "There is ssl_bump, but no port has the option ssl-bump.",
            None => "There is no ssl_bump: of a tunnel nothing but host and port is known.",
        };
        Finding::none(vec![Evidence::text(text).at(idle.as_ref().map(|rule| &rule.place))])
    })
}
