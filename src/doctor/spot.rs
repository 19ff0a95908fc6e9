//! The words of a diagnosis: what is missing from a log, what is lost by it, how bad that is.

use serde::{Serialize, Serializer};

/// Something a log can't show, or shows though it shouldn't.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BlindSpot {
    /// A stable word: the [`super::Check::id`] that found it.
    pub id: &'static str,
    /// How much is lost.
    pub severity: Severity,
    /// What is missing and how that is known, in a sentence without numbers of people or addresses.
    pub what: String,
    /// What can't be found out any more, or only in part.
    pub loses: &'static [Ability],
    /// The lines of squid.conf that mend it, to be pasted; empty where the log is not Squid's.
    pub fix: Vec<String>,
    /// What to know before mending it.
    pub note: &'static str,
}

/// How much a blind spot hides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Some detail.
    Low,
    /// A whole kind of finding.
    Medium,
    /// Most of what there is to find, or it gives secrets away.
    High,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

/// What can be found out from a log that carries everything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ability {
    /// Every request is counted.
    EveryRequest,
    /// Rules look at query strings and arguments.
    ArgumentRules,
    /// Rules look at the paths of HTTPS requests.
    HttpsUrls,
    /// Programs are told apart by their User-Agent.
    AgentClassification,
    /// Requests are told apart by what kind of service asks.
    ServiceTypes,
    /// Rules look at where a request came from.
    RefererRules,
    /// What the proxy refused is told from what the origin refused.
    Outcomes,
    /// Numbers by client.
    ClientStatistics,
    /// Numbers by user.
    UserStatistics,
    /// Traffic by volume.
    Volumes,
    /// Slow requests.
    Durations,
    /// Downloads by MIME type.
    ContentTypes,
}

impl Ability {
    /// Every ability, the most telling first.
    pub const ALL: [Ability; 12] = [
        Ability::EveryRequest,
        Ability::ArgumentRules,
        Ability::HttpsUrls,
        Ability::AgentClassification,
        Ability::ServiceTypes,
        Ability::RefererRules,
        Ability::Outcomes,
        Ability::ClientStatistics,
        Ability::UserStatistics,
        Ability::Volumes,
        Ability::Durations,
        Ability::ContentTypes,
    ];

    /// The stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Ability::EveryRequest => "every_request",
            Ability::ArgumentRules => "argument_rules",
            Ability::HttpsUrls => "https_urls",
            Ability::AgentClassification => "agent_classification",
            Ability::ServiceTypes => "service_types",
            Ability::RefererRules => "referer_rules",
            Ability::Outcomes => "outcomes",
            Ability::ClientStatistics => "client_statistics",
            Ability::UserStatistics => "user_statistics",
            Ability::Volumes => "volumes",
            Ability::Durations => "durations",
            Ability::ContentTypes => "content_types",
        }
    }

    /// What it is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Ability::EveryRequest => "a count of every request",
            Ability::ArgumentRules => "rules on query strings (injection, secrets, exfiltration)",
            Ability::HttpsUrls => "full URLs of HTTPS requests",
            Ability::AgentClassification => "classification of User-Agents",
            Ability::ServiceTypes => "service types",
            Ability::RefererRules => "rules on referers",
            Ability::Outcomes => "blocks by the proxy told from refusals by the origin",
            Ability::ClientStatistics => "statistics by client",
            Ability::UserStatistics => "statistics by user",
            Ability::Volumes => "traffic by volume",
            Ability::Durations => "durations",
            Ability::ContentTypes => "downloads by MIME type",
        }
    }
}

impl Serialize for Ability {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}
