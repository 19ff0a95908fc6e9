//! Which ports tunnels and plain requests reach.

use super::{configured, decided, undecided};
use crate::posture::check::Finding;
use crate::posture::evidence::{Evidence, counted};
use crate::posture::grounds::Grounds;
use crate::posture::traffic::Traffic;
use crate::squidconf::{Decision, Probe};

/// Ports that are asked about whatever the file names: logins, mail, databases, proxies, chat.
const WELL_KNOWN: [u16; 14] = [22, 23, 25, 53, 80, 1080, 3128, 3306, 3389, 5432, 5900, 6379, 6667, 8080];
/// Of those, where a tunnel lets people into machines or mail out.
const GRAVE: [u16; 7] = [22, 23, 25, 445, 3389, 5900, 6379];
/// What a plain request must not be sent to, since the server there may take its lines for commands.
const OTHER_PROTOCOLS: [u16; 16] = [22, 23, 25, 53, 110, 119, 135, 139, 143, 389, 445, 465, 514, 587, 993, 995];

pub(in crate::posture) fn connect_ports(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let mut starts = facts.access.port_stretches();
        starts.extend(WELL_KNOWN.into_iter().chain(GRAVE).chain(Traffic::TLS_PORTS).flat_map(|port| [port, port + 1]));
        starts.sort_unstable();
        starts.dedup();
        let clients = facts.clients();
        let mut open: Vec<(u16, u16, Decision)> = Vec::new();
        let mut denied = None;
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).map_or(u16::MAX, |next| next - 1);
            let asked = clients.iter().map(|client| Probe::connect(*client, &facts.site, *start));
            let Some((_, decision)) = facts.worst(asked) else { continue };
            match (&decision, open.last_mut()) {
                (Decision::Unknown { .. }, _) => {
                    return undecided(&decision, &format!("Whether tunnels lead to port {start}"));
                }
                (decision, _) if decision.refuses() => denied = Some(decision.clone()),
                (_, Some(last)) if last.1 + 1 == *start && !is_tls(last.0) && !is_tls(*start) => last.1 = end,
                _ => open.push((*start, end, decision)),
            }
        }
        let odd: Vec<&(u16, u16, Decision)> =
            open.iter().filter(|(first, last, _)| !(first == last && is_tls(*first))).collect();
        if let Some((.., by)) = odd.first() {
            let shown: Vec<String> = odd.iter().map(|(first, last, _)| stretch(*first, *last)).collect();
            let evidence = vec![decided(&format!("Tunnels lead to {}", shown.join(", ")), by)];
            let ports: u32 = odd.iter().map(|(first, last, _)| u32::from(last - first) + 1).sum();
            let grave = odd.iter().any(|(first, last, _)| GRAVE.iter().any(|port| (first..=last).contains(&port)));
            return if ports <= 2 && !grave { Finding::share(1, 2, evidence) } else { Finding::none(evidence) };
        }
        let shown: Vec<String> = open.iter().map(|(first, ..)| first.to_string()).collect();
        let says = if shown.is_empty() {
            "Tunnels are denied".to_owned()
        } else {
            format!("Tunnels lead to {} alone", shown.join(", "))
        };
        let place = denied.as_ref().and_then(Decision::place);
        let mut evidence = vec![Evidence::text(format!("{says}.")).at(place)];
        if let Some(traffic) = grounds.traffic.filter(|traffic| traffic.odd_tunnels.count > 0) {
            let text =
                format!("{} to other ports let through in the window.", counted(traffic.odd_tunnels.count, "tunnel"));
            evidence.push(Evidence::text(text).seen(traffic.odd_tunnels.seen()));
            return Finding::contradicted(
                evidence,
                "Find out which proxy let the rows named through: this file is not what it runs with (squid -k reconfigure), \
                 or another one writes into the same log.",
            );
        }
        Finding::all(evidence)
    })
}

fn is_tls(port: u16) -> bool {
    Traffic::TLS_PORTS.contains(&port)
}

fn stretch(first: u16, last: u16) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

pub(in crate::posture) fn safe_ports(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let clients = facts.clients();
        let asked = clients
            .iter()
            .flat_map(|client| OTHER_PROTOCOLS.into_iter().map(|port| Probe::get(*client, &facts.site, port)));
        let Some((probe, decision)) = facts.worst(asked) else {
            return Finding::unknown("There is nobody to ask for.");
        };
        if decision.allows() {
            return Finding::none(vec![decided(&format!("Plain requests reach port {}", probe.port), &decision)]);
        }
        if !decision.refuses() {
            return undecided(&decision, &format!("Whether plain requests reach port {}", probe.port));
        }
        Finding::all(vec![decided("Plain requests to ports of other protocols are denied", &decision)])
    })
}
