//! Where the proxy would lead that only it can reach: services on its own machine, link-local addresses, its manager.

use super::callers::LOOPBACK;
use super::{configured, decided, undecided};
use crate::posture::check::Finding;
use crate::posture::grounds::Grounds;
use crate::squidconf::Probe;
use std::net::IpAddr;

/// This machine, in some of the ways to name it.
const LOCALHOST: [&str; 5] = ["127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "localhost"];
/// Where clouds answer with credentials (169.254.169.254, 169.254.170.2), and a neighbour.
const LINK_LOCAL: [&str; 3] = ["169.254.169.254", "169.254.170.2", "fe80::1"];

pub(in crate::posture) fn to_localhost(grounds: &Grounds<'_>) -> Finding {
    destinations(grounds, &LOCALHOST, "services on the proxy's machine")
}

pub(in crate::posture) fn to_linklocal(grounds: &Grounds<'_>) -> Finding {
    destinations(grounds, &LINK_LOCAL, "link-local addresses")
}

fn destinations(grounds: &Grounds<'_>, hosts: &'static [&'static str], what: &str) -> Finding {
    configured(grounds, |facts| {
        let ways = |client: IpAddr| {
            hosts.iter().flat_map(move |host| {
                [Probe::get(client, host, 80), Probe::get(client, host, 8080), Probe::connect(client, host, 443)]
            })
        };
        let clients = facts.clients();
        let Some((probe, decision)) = facts.worst(clients.iter().flat_map(|client| ways(*client))) else {
            return Finding::unknown("There is nobody to ask for.");
        };
        if decision.refuses() {
            return Finding::all(vec![decided(&format!("Requests to {what} are denied"), &decision)]);
        }
        if !decision.allows() {
            return undecided(&decision, &format!("Whether requests to {} are let through", probe.host));
        }
        if facts.inside.is_empty() {
            let text = format!(
                "No line denies requests to {what}; only the proxy's machine itself may use it today, and is let through to {}",
                probe.host
            );
            return Finding::share(2, 5, vec![decided(&text, &decision)]);
        }
        let text = format!("Clients of your networks are let through to {}", probe.host);
        Finding::none(vec![decided(&text, &decision)])
    })
}

pub(in crate::posture) fn manager(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let ask = |client: IpAddr| {
            let by_path = Probe { path: "/squid-internal-mgr/info", ..Probe::get(client, &facts.site, 3128) };
            [by_path, Probe { scheme: "cache_object", path: "/info", ..by_path }]
        };
        // Not by this machine, but by those inside and by somebody outside.
        let outside = IpAddr::from([8, 33, 77, 77]);
        let clients = facts.inside.iter().copied().filter(|client| *client != LOOPBACK).chain([outside]);
        let Some((probe, decision)) = facts.worst(clients.flat_map(ask)) else {
            return Finding::unknown("There is nobody to ask for.");
        };
        if decision.allows() {
            let who = if probe.client == outside { "Clients of the Internet" } else { "Clients of your networks" };
            return Finding::none(vec![decided(&format!("{who} reach the cache manager"), &decision)]);
        }
        if !decision.refuses() {
            return undecided(&decision, "Whether the cache manager is reached");
        }
        Finding::all(vec![decided("The cache manager is denied to all but the proxy's machine", &decision)])
    })
}
