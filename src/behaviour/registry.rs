//! The detectors.

use super::profile::{Ground, Profile};
use super::sentence;
use super::suspicion::Suspicion;
use super::{auth_spray, beacon, denied_burst, fan_out, new_domain, new_service, tunnel, upload, volume_out};
use crate::model::{FindingView, Outcome, Severity, Visit};

/// What a log must have for a detector to see anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing beyond what every format has.
    Nothing,
    /// The bytes received from clients.
    CsBytes,
}

/// A detector.
#[derive(Clone, Copy)]
pub struct Detector {
    /// Its name in answers and settings.
    pub name: &'static str,
    /// What its findings are headed.
    pub title: &'static str,
    /// What it looks for, in one sentence.
    pub help: &'static str,
    /// The MITRE ATT&CK technique that its findings hint at.
    pub technique: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What to do about a finding, in a sentence or two.
    pub advice: &'static str,
    /// The settings that say from where on something counts.
    pub settings: &'static [&'static str],
    /// What a log must have.
    pub needs: Needs,
    /// Whether only places count that few clients go to.
    pub only_rare: bool,
    /// The filter that lists the rows of a finding beside its client, time and place: `outcome=denied`; empty for none.
    pub filter: &'static str,
    /// Whether a row of the client and place is one that a finding rests on.
    pub(super) shows: fn(&Visit) -> bool,
    /// Looks at one client.
    pub(super) look: fn(&Profile<'_>, &Ground<'_>, &mut Vec<Suspicion>),
    /// Says in one sentence what was found.
    pub(super) sentence: fn(&FindingView<'_>) -> String,
}

impl std::fmt::Debug for Detector {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Detector").field("name", &self.name).finish_non_exhaustive()
    }
}

fn any(_: &Visit) -> bool {
    true
}

/// Every detector.
pub const DETECTORS: &[Detector] = &[
    Detector {
        name: "beacon",
        title: "Beaconing",
        help: "Calls at regular intervals to a destination that few clients call, with jitter and pauses.",
        technique: "T1071.001",
        severity: Severity::Warning,
        advice: "Find the program that calls, on the client, at the times of the rows below. If it is an updater or a \
                 monitor, dismiss the finding; if nobody knows it, cut the client off and look further.",
        settings: &["beacon_min_calls", "beacon_max_jitter_pct", "rare_clients_pct"],
        needs: Needs::Nothing,
        only_rare: true,
        filter: "",
        shows: any,
        look: beacon::look,
        sentence: sentence::beacon,
    },
    Detector {
        name: "auth_spray",
        title: "Password spray",
        help: "Many user names tried at the proxy's login from one client within an hour.",
        technique: "T1110.003",
        severity: Severity::Error,
        advice: "Look whether one of the names got through afterwards, and change its password. A terminal server where \
                 many people log in is harmless; a desk's machine is not.",
        settings: &["auth_spray_users"],
        needs: Needs::Nothing,
        only_rare: false,
        filter: "outcome=auth_challenge",
        shows: |visit| visit.outcome == Outcome::AuthChallenge,
        look: auth_spray::look,
        sentence: sentence::auth_spray,
    },
    Detector {
        name: "upload",
        title: "Large upload",
        help: "Much sent within a day to one service for files and texts that is not sanctioned, or to an unknown site.",
        technique: "T1567.002",
        severity: Severity::Error,
        advice: "Ask whoever was at the client what was sent. If the service is allowed, sanction it; else deny it in \
                 squid.conf.",
        settings: &["upload_megabytes", "upload_minutes", "rare_clients_pct", "sanctioned_services"],
        needs: Needs::Nothing,
        only_rare: true,
        filter: "",
        shows: |visit| visit.sends || visit.cs_bytes.is_some(),
        look: upload::look,
        sentence: sentence::upload,
    },
    Detector {
        name: "volume_out",
        title: "Unusual volume out",
        help: "A client sends far more in a day than on its other days of the window.",
        technique: "T1048",
        severity: Severity::Warning,
        advice: "See below where most of it went. A backup that moved to the cloud is harmless, once.",
        settings: &["volume_out_megabytes", "volume_out_factor"],
        needs: Needs::CsBytes,
        only_rare: false,
        filter: "",
        shows: |visit| visit.cs_bytes.is_some_and(|bytes| bytes >= 1_000_000),
        look: volume_out::look,
        sentence: sentence::volume_out,
    },
    Detector {
        name: "tunnel",
        title: "Channel in names or paths",
        help: "Very many made-up host names or long random paths below one domain that few clients ask for.",
        technique: "T1572",
        severity: Severity::Error,
        advice: "Deny the domain in squid.conf and look at the client. Content networks of one vendor may look alike; \
                 then dismiss the finding.",
        settings: &["tunnel_requests", "rare_clients_pct"],
        needs: Needs::Nothing,
        only_rare: true,
        filter: "",
        shows: any,
        look: tunnel::look,
        sentence: sentence::tunnel,
    },
    Detector {
        name: "denied_burst",
        title: "Burst of refusals",
        help: "Many requests of one client refused by the proxy within five minutes.",
        technique: "T1071.001",
        severity: Severity::Warning,
        advice: "See below what was refused. One advertiser on a busy page is harmless; hundreds of tries for programs or \
                 ports are not.",
        settings: &["denied_burst_requests"],
        needs: Needs::Nothing,
        only_rare: false,
        filter: "outcome=denied",
        shows: |visit| visit.outcome == Outcome::Denied,
        look: denied_burst::look,
        sentence: sentence::denied_burst,
    },
    Detector {
        name: "fan_out",
        title: "Very many destinations",
        help: "One client asks for very many different destinations within ten minutes.",
        technique: "T1046",
        severity: Severity::Warning,
        advice: "A crawler or a scanner of links looks like this, and so does a worm. Find the program on the client.",
        settings: &["fan_out_hosts"],
        needs: Needs::Nothing,
        only_rare: false,
        filter: "",
        shows: any,
        look: fan_out::look,
        sentence: sentence::fan_out,
    },
    Detector {
        name: "new_service",
        title: "New service",
        help: "A client begins to use a service that nobody sanctioned and that it had not used for days.",
        technique: "T1567",
        severity: Severity::Notice,
        advice: "Sanction the service, or deny it in squid.conf and offer something in its place.",
        settings: &["new_service_requests", "sanctioned_services", "unsanctioned_services", "sanctioned_categories"],
        needs: Needs::Nothing,
        only_rare: false,
        filter: "outcome=allowed",
        shows: |visit| visit.outcome == Outcome::Allowed,
        look: new_service::look,
        sentence: sentence::new_service,
    },
    Detector {
        name: "new_domain",
        title: "New domain",
        help: "Much traffic of few clients to a domain that nobody had asked for before.",
        technique: "T1583.001",
        severity: Severity::Notice,
        advice: "Look the domain up: how old it is, and who has it.",
        settings: &["new_domain_requests", "rare_clients_pct"],
        needs: Needs::Nothing,
        only_rare: true,
        filter: "",
        shows: any,
        look: new_domain::look,
        sentence: sentence::new_domain,
    },
];

/// The detector of that name, without regard to case.
pub fn detector(name: &str) -> Option<&'static Detector> {
    DETECTORS.iter().find(|detector| detector.name.eq_ignore_ascii_case(name))
}
