//! The checks, one entry each of [`CHECKS`].

use super::evidence::Evidence;
use super::spot::{Ability, BlindSpot, Severity};
use super::{configured, fixes};
use crate::model::Field;

/// Looks for one blind spot.
#[derive(Debug)]
pub struct Check {
    /// The stable word of what it finds, `snake_case`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The field that lines don't hold by it.
    pub hides: Option<Field>,
    /// What is lost by it.
    pub loses: &'static [Ability],
    /// What to know before mending it; empty where there is nothing.
    pub note: &'static str,
    look: fn(&Evidence<'_>) -> Option<Finding>,
}

/// What is missing and what mends it.
pub(super) struct Finding {
    pub(super) what: String,
    pub(super) fix: Vec<String>,
}

impl Check {
    /// The blind spot, where the evidence shows it.
    pub fn run(&self, evidence: &Evidence<'_>) -> Option<BlindSpot> {
        let Finding { what, fix } = (self.look)(evidence)?;
        let fix = if evidence.by_squid { fix } else { Vec::new() };
        Some(BlindSpot { id: self.id, severity: self.severity, what, loses: self.loses, fix, note: self.note })
    }
}

/// Every check.
pub static CHECKS: &[Check] = &[
    Check {
        id: "query_strings",
        severity: Severity::High,
        hides: Some(Field::Query),
        loses: &[Ability::ArgumentRules],
        note: "Query strings hold personal data: search words, names, tokens. Tell whom it concerns, and see gdpr_mode \
               and docs/PRIVACY.md.",
        look: queries,
    },
    Check {
        id: "tunnels",
        severity: Severity::Medium,
        hides: None,
        loses: &[Ability::HttpsUrls, Ability::ArgumentRules],
        note: "Of a tunnel the log holds host, port, size and time. TLS inspection shows more, and breaks the secrecy \
               between people and sites: it needs a legal basis, exceptions, an authority that every client trusts, and \
               a Squid built with OpenSSL (Debian: squid-openssl). Where it is not wanted, this is as it should be.",
        look: tunnels,
    },
    Check {
        id: "user_agents",
        severity: Severity::Medium,
        hides: Some(Field::UserAgent),
        loses: &[Ability::AgentClassification, Ability::ServiceTypes],
        note: "",
        look: |evidence| header(evidence, Field::UserAgent, "User-Agent", |seen| seen.user_agents),
    },
    Check {
        id: "referers",
        severity: Severity::Low,
        hides: Some(Field::Referer),
        loses: &[Ability::RefererRules],
        note: "Referers are URLs, and hold personal data as URLs do.",
        look: |evidence| header(evidence, Field::Referer, "Referer", |seen| seen.referers),
    },
    Check {
        id: "users",
        severity: Severity::Low,
        hides: Some(Field::User),
        loses: &[Ability::UserStatistics],
        note: "Only who logs in to the proxy has a name.",
        look: users,
    },
    Check {
        id: "clients",
        severity: Severity::High,
        hides: Some(Field::Client),
        loses: &[Ability::ClientStatistics],
        note: "",
        look: |evidence| field(evidence, Field::Client, "who asked: no client address"),
    },
    Check {
        id: "masked_clients",
        severity: Severity::Medium,
        hides: None,
        loses: &[Ability::ClientStatistics],
        note: "The mask protects people; gdpr_mode shows networks or pseudonyms instead, and keeps clients apart.",
        look: configured::masked_clients,
    },
    Check {
        id: "unlogged_requests",
        severity: Severity::Medium,
        hides: None,
        loses: &[Ability::EveryRequest],
        note: "",
        look: configured::unlogged_requests,
    },
    Check {
        id: "secrets_in_log",
        severity: Severity::High,
        hides: None,
        loses: &[],
        note: "Rotate the secrets that old logs hold, or delete those logs.",
        look: configured::secrets,
    },
    Check {
        id: "raw_values",
        severity: Severity::Medium,
        hides: None,
        loses: &[Ability::EveryRequest],
        note: "",
        look: configured::raw_values,
    },
    Check {
        id: "whitespace",
        severity: Severity::Low,
        hides: None,
        loses: &[Ability::ArgumentRules],
        note: "",
        look: configured::whitespace,
    },
    Check {
        id: "outcomes",
        severity: Severity::Medium,
        hides: Some(Field::Result),
        loses: &[Ability::Outcomes],
        note: "",
        look: |evidence| field(evidence, Field::Result, "what the proxy did with a request: no result code"),
    },
    Check {
        id: "sizes",
        severity: Severity::Low,
        hides: Some(Field::Bytes),
        loses: &[Ability::Volumes],
        note: "",
        look: |evidence| field(evidence, Field::Bytes, "how much was sent"),
    },
    Check {
        id: "durations",
        severity: Severity::Low,
        hides: Some(Field::TimeTaken),
        loses: &[Ability::Durations],
        note: "",
        look: |evidence| field(evidence, Field::TimeTaken, "how long a request took"),
    },
    Check {
        id: "content_types",
        severity: Severity::Low,
        hides: Some(Field::ContentType),
        loses: &[Ability::ContentTypes],
        note: "",
        look: |evidence| field(evidence, Field::ContentType, "the MIME type of replies"),
    },
];

/// A field that lines of the format don't have.
fn field(evidence: &Evidence<'_>, field: Field, what: &str) -> Option<Finding> {
    let what = format!("Lines of this format don't say {what}.");
    evidence.lacks(field).then(|| Finding { what, fix: fixes::logformat(evidence) })
}

fn queries(evidence: &Evidence<'_>) -> Option<Finding> {
    let fix = || fixes::directive(evidence, "strip_query_terms", "off");
    if evidence.lacks(Field::Url) {
        let what = "Lines of this format don't hold the URL.".to_owned();
        return Some(Finding { what, fix: fixes::logformat(evidence) });
    }
    if evidence.lacks(Field::Query) {
        let what = "Lines of this format don't hold the query string.".to_owned();
        return Some(Finding { what, fix: fixes::logformat(evidence) });
    }
    if let Some(conf) = evidence.conf {
        return configured::query_strings(evidence, conf);
    }
    let observed = evidence.observed?;
    if observed.queries == 0 && observed.stripped_queries > 0 {
        let what = format!(
            "Query strings were cut off before the lines were written: {} of {} requests end with a bare question mark.",
            observed.stripped_queries, observed.rows
        );
        return Some(Finding { what, fix: fix() });
    }
    let (queries, requests) = evidence.seen(|seen| seen.queries)?;
    let what = format!("None of {requests} requests has a query string; they seem to be cut off.");
    (queries == 0).then(|| Finding { what, fix: fix() })
}

/// A header that lines don't hold, or never hold.
fn header(
    evidence: &Evidence<'_>,
    field: Field,
    name: &str,
    count: fn(&crate::model::Observed) -> u64,
) -> Option<Finding> {
    if evidence.lacks(field) {
        let what = format!("Lines of this format don't hold the {name}.");
        return Some(Finding { what, fix: fixes::logformat(evidence) });
    }
    let (with, requests) = evidence.seen(count)?;
    let what = format!("None of {requests} requests has a {name}.");
    (with == 0).then(|| Finding { what, fix: fixes::logformat(evidence) })
}

fn users(evidence: &Evidence<'_>) -> Option<Finding> {
    if evidence.lacks(Field::User) {
        let what = "Lines of this format don't name the user.".to_owned();
        return Some(Finding { what, fix: fixes::logformat(evidence) });
    }
    if evidence.conf.is_some_and(|conf| !configured::asks_for_logins(conf)) {
        let what = "Nobody logs in: no ACL asks for a user name.".to_owned();
        return Some(Finding { what, fix: fixes::login() });
    }
    let (with, requests) = evidence.seen(|seen| seen.users)?;
    let what = format!("None of {requests} requests has a user name; nobody logs in.");
    (with == 0).then(|| Finding { what, fix: fixes::login() })
}

fn tunnels(evidence: &Evidence<'_>) -> Option<Finding> {
    if let Some(conf) = evidence.conf {
        let what =
            "TLS is not inspected: of HTTPS the log holds tunnels (CONNECT), and nothing that goes through them.";
        let is_blind = !configured::inspects_tls(conf);
        return is_blind.then(|| Finding { what: what.to_owned(), fix: fixes::inspection(evidence) });
    }
    let observed = evidence.observed?;
    let what = format!(
        "{} of {} requests are tunnels (CONNECT): of what goes through them the log shows nothing.",
        observed.tunnels, observed.rows
    );
    (observed.tunnels > 0).then(|| Finding { what, fix: fixes::inspection(evidence) })
}
