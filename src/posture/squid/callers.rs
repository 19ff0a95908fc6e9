//! Who may use the proxy at all: the clients that the other checks ask for.

use super::{configured, decided, undecided};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{Access, Decision, Place, Probe, SquidConf};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A configuration, with what every check of it needs.
#[derive(Debug)]
pub struct SquidFacts {
    /// The configuration.
    pub conf: SquidConf,
    /// Who may do what.
    pub(super) access: Access,
    /// A host that those inside may ask for.
    pub(super) site: String,
    /// Clients that may use the proxy, with a login perhaps: one of each network that the file tells apart, this machine
    /// and the public Internet left out.
    pub(super) inside: Vec<IpAddr>,
}

/// A host that no file names.
pub(super) const SITE: &str = "www.example.com";
/// This machine.
pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Clients of private networks (RFC 1918, RFC 4193) that a file need not name to let them in.
const PRIVATE: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(10, 77, 77, 77)),
    IpAddr::V4(Ipv4Addr::new(172, 16, 77, 77)),
    IpAddr::V4(Ipv4Addr::new(192, 168, 77, 77)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 0x4d)),
];

impl SquidFacts {
    /// Finds out who may use the proxy.
    pub fn of(conf: SquidConf) -> SquidFacts {
        let access = Access::of(&conf, "http_access");
        let (mut candidates, outside) = (PRIVATE.to_vec(), outside());
        candidates.extend(access.client_samples());
        candidates.retain(|client| !client.is_loopback() && !outside.contains(client));
        let may = |client: &IpAddr, site: &str| {
            web(*client, site).into_iter().any(|probe| !access.decide(&probe.logged_in()).refuses())
        };
        // Some let their clients go to some sites only.
        let found = sites(&access).find(|site| candidates.iter().any(|client| may(client, site)));
        let site = found.unwrap_or(SITE).to_owned();
        candidates.retain(|client| may(client, &site));
        SquidFacts { conf, access, site, inside: candidates }
    }

    /// The clients to ask for: those inside, else this machine.
    pub(super) fn clients(&self) -> Vec<IpAddr> {
        if self.inside.is_empty() { vec![LOOPBACK] } else { self.inside.clone() }
    }

    /// What the proxy does with each of some requests of each client, logged in: the first that is let through or
    /// not decided, else one that is refused.
    pub(super) fn worst<'p>(&self, probes: impl Iterator<Item = Probe<'p>>) -> Option<(Probe<'p>, Decision)> {
        let mut worst: Option<(Probe<'p>, Decision)> = None;
        for probe in probes {
            let decision = self.access.decide(&probe.logged_in());
            if decision.allows() {
                return Some((probe, decision));
            }
            if worst.as_ref().is_none_or(|(_, known)| known.refuses() && !decision.refuses()) {
                worst = Some((probe, decision));
            }
        }
        worst
    }

    /// The line that denies bare addresses to every client that may use the proxy.
    pub(in crate::posture) fn denies_bare_addresses(&self) -> Option<Place> {
        const BARE: [&str; 3] = ["93.184.215.14", "203.0.113.9", "2001:db8:9::9"];
        let clients = self.clients();
        // A proxy that denies everything denies these, too, and proves nothing.
        let works = clients.iter().any(|client| {
            web(*client, &self.site).into_iter().any(|probe| self.access.decide(&probe.logged_in()).allows())
        });
        let asked = clients.iter().flat_map(|client| {
            BARE.into_iter().flat_map(|host| [Probe::get(*client, host, 80), Probe::connect(*client, host, 443)])
        });
        let (_, decision) = self.worst(asked).filter(|_| works)?;
        decision.refuses().then(|| decision.place().cloned()).flatten()
    }
}

/// What every client of a proxy does.
pub(super) fn web(client: IpAddr, site: &str) -> [Probe<'_>; 2] {
    [Probe::get(client, site, 80), Probe::connect(client, site, 443)]
}

/// Sites of the file that are asked for at most.
const MOST_SITES: usize = 50;

/// A host that no file names, then those that this one names.
fn sites(access: &Access) -> impl Iterator<Item = &str> {
    [SITE].into_iter().chain(access.host_samples().take(MOST_SITES))
}

/// An address of every public /8, and some of IPv6's global unicast.
fn outside() -> Vec<IpAddr> {
    let private = [10, 127];
    let v4 = (1..=223).filter(|first| !private.contains(first)).map(|first| IpAddr::from([first, 33, 77, 77]));
    let v6 = (0x20..0x40).map(|first| IpAddr::V6(Ipv6Addr::new(first << 8 | 1, 0x33, 0x77, 0, 0, 0, 0, 0x77)));
    v4.chain(v6).collect()
}

/// Fewer of the samples may be an organisation's own networks; so many are asked about every site.
const FEW: usize = 4;

pub(in crate::posture) fn open_proxy(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let samples = outside();
        let sites: Vec<&str> = sites(&facts.access).collect();
        let of = |is: &dyn Fn(&Decision) -> bool, login: bool| {
            let asked = samples.iter().enumerate().filter_map(|(at, client)| {
                // What is asked for makes no difference to most files, and is not asked of everybody.
                let sites = if at < FEW { &sites[..] } else { &sites[..1] };
                let probes = sites.iter().flat_map(|site| web(*client, site));
                let decisions = probes.map(|probe| facts.access.decide(&if login { probe.logged_in() } else { probe }));
                decisions.into_iter().find(|decision| is(decision))
            });
            asked.collect::<Vec<_>>()
        };
        let open = of(&Decision::allows, false);
        if let Some(first) = open.first() {
            let text =
                format!("Clients of {} of {} networks all over the Internet are let in", open.len(), samples.len());
            let evidence = vec![decided(&text, first)];
            return if open.len() < FEW { Finding::share(1, 2, evidence) } else { Finding::none(evidence) };
        }
        if let Some(first) = of(&|decision| !decision.refuses(), false).first() {
            return undecided(first, "Whether clients of the Internet are let in");
        }
        let known = of(&Decision::allows, true);
        if let Some(first) = known.first() {
            let text = format!(
                "Clients of {} of {} networks all over the Internet are let in after a login",
                known.len(),
                samples.len()
            );
            return Finding::share(4, 5, vec![decided(&text, first)]);
        }
        let denied = facts.access.decide(&Probe::get(samples[0], SITE, 80));
        Finding::all(vec![decided("Clients of the Internet are denied", &denied)])
    })
}

pub(in crate::posture) fn catch_all(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let Some(last) = facts.access.rules().last() else {
            return Finding::share(3, 5, vec![Evidence::text("There is no http_access: Squid denies everything.")]);
        };
        let of_all = last.acls.iter().all(|acl| acl.name == "all" && !acl.negated);
        let line = format!("The last line is http_access {} {}", last.action, names(&last.acls));
        let evidence =
            |behind: &str| vec![Evidence::text(format!("{}{behind}", line.trim_end())).at(Some(&last.place))];
        match (last.action.as_str(), of_all) {
            ("deny", true) => Finding::all(evidence(".")),
            ("deny", false) => Finding::none(evidence(", so that Squid allows what it does not apply to.")),
            (_, true) => Finding::none(evidence(", so that everything is allowed.")),
            (_, false) => Finding::share(3, 5, evidence(", so that Squid denies what it does not apply to.")),
        }
    })
}

fn names(acls: &[crate::squidconf::AclName]) -> String {
    acls.iter().map(crate::squidconf::AclName::shown).collect::<Vec<_>>().join(" ")
}
