//! Whether clients have to say who they are.

use super::callers::{LOOPBACK, web};
use super::{configured, decided, undecided};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{AuthParam, Decision, SquidConf};

pub(in crate::posture) fn authentication(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let clients = if facts.inside.is_empty() { vec![LOOPBACK] } else { facts.inside.clone() };
        let anonymous: Vec<Decision> = clients
            .iter()
            .flat_map(|client| web(*client, &facts.site))
            .map(|probe| facts.access.decide(&probe))
            .collect();
        let challenged = anonymous.iter().filter(|decision| matches!(decision, Decision::Challenge { .. })).count();
        let mut evidence = schemes(&facts.conf);
        if let Some(open) = anonymous.iter().find(|decision| decision.allows()) {
            evidence.insert(0, decided("Clients are let through without a login", open));
            return Finding::share(u32::from(challenged > 0), 3, evidence);
        }
        if let Some(open) = anonymous.iter().find(|decision| !decision.refuses()) {
            return undecided(open, "Whether clients must log in");
        }
        let Some(by) = anonymous.iter().find(|decision| matches!(decision, Decision::Challenge { .. })) else {
            return Finding::unknown("Nobody may use the proxy.");
        };
        evidence.insert(0, decided("Clients have to log in", by));
        if let Some(traffic) = grounds.traffic
            && traffic.newest.has_users
            && traffic.allowed > 0
            && traffic.anonymous.count == traffic.allowed
        {
            let text = format!("All {} requests let through in the window carry no user.", traffic.allowed);
            evidence.push(Evidence::text(text).seen(traffic.anonymous.seen()));
            let advice = "Find out which proxy let the rows named through: this file is not what it runs with.";
            return Finding::contradicted(evidence, advice);
        }
        if is_readable(&facts.conf) {
            evidence.push(Evidence::text("Basic passwords cross the network readable: there is no https_port."));
            return Finding::share(2, 3, evidence);
        }
        Finding::all(evidence)
    })
}

/// The ways to log in that have a program.
fn programs(conf: &SquidConf) -> impl Iterator<Item = AuthParam> {
    conf.auth_params().filter(|param| param.parameter == "program")
}

fn schemes(conf: &SquidConf) -> Vec<Evidence> {
    let of = |param: AuthParam| Evidence::text(format!("Logins by {}.", param.scheme)).at(Some(&param.place));
    let schemes: Vec<Evidence> = programs(conf).map(of).collect();
    if schemes.is_empty() { vec![Evidence::text("There is no auth_param with a program.")] } else { schemes }
}

fn is_readable(conf: &SquidConf) -> bool {
    let basic = programs(conf).any(|param| param.scheme == "basic");
    basic && !conf.ports().any(|port| port.https)
}
