//! Which rows a question is about. Fields are ANDed, the values of one field ORed, `!value` negates.

use super::{Classifiers, Outcome, Severity, SourceName, TagTest, TimeRange, Verdict};
use ipnet::IpNet;
use std::net::IpAddr;

/// The values asked of one field.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Terms<T> {
    /// A row matches when its value is one of these; empty asks nothing.
    pub any: Vec<T>,
    /// A row never matches when its value is one of these.
    pub none: Vec<T>,
}

impl<T> Default for Terms<T> {
    fn default() -> Self {
        Terms { any: Vec::new(), none: Vec::new() }
    }
}

impl<T> Terms<T> {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.none.is_empty()
    }

    /// Whether a value passes, given how to compare.
    pub fn accept(&self, mut equals: impl FnMut(&T) -> bool) -> bool {
        (self.any.is_empty() || self.any.iter().any(&mut equals)) && !self.none.iter().any(&mut equals)
    }
}

/// One value of the client filter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ClientTerm {
    /// An address, in any of its spellings.
    Address(IpAddr),
    /// A network.
    Network(IpNet),
    /// A name or pseudonym, without regard to case.
    Name(String),
}

impl ClientTerm {
    /// Reads an address, a CIDR network or a name.
    pub fn parse(text: &str) -> ClientTerm {
        if let Ok(address) = text.parse() {
            ClientTerm::Address(address)
        } else if let Ok(network) = text.parse() {
            ClientTerm::Network(network)
        } else {
            ClientTerm::Name(text.to_owned())
        }
    }

    /// Whether a client, as a lens shows it, is meant; `address` is the one that is shown, if it is one. IPv4-mapped IPv6
    /// addresses equal their IPv4 form.
    fn matches(&self, shown: &[u8], address: Option<IpAddr>) -> bool {
        match self {
            ClientTerm::Address(wanted) => address == Some(wanted.to_canonical()),
            ClientTerm::Network(network) => address.is_some_and(|ip| network.contains(&ip)),
            ClientTerm::Name(name) => name.as_bytes().eq_ignore_ascii_case(shown),
        }
    }
}

/// One value of the status filter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StatusTerm {
    /// A code, 0 where no reply was sent.
    Code(u16),
    /// A class by its first digit: 4 for `4xx`.
    Class(u8),
    /// A result code, without regard to case.
    Result(String),
}

impl StatusTerm {
    /// Whether a status and result code are meant.
    pub fn matches(&self, status: u16, result: &[u8]) -> bool {
        match self {
            StatusTerm::Code(code) => *code == status,
            StatusTerm::Class(class) => status / 100 == u16::from(*class),
            StatusTerm::Result(wanted) => wanted.as_bytes().eq_ignore_ascii_case(result),
        }
    }
}

/// Which rows a question is about; the default is all of them. Personal values are compared with what the lens shows;
/// nothing regards case.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct EventFilter {
    /// Rows whose time lies inside; `None` for all of time.
    pub range: Option<TimeRange>,
    /// Client address, network or name, compared with what the lens shows.
    pub client_ip: Terms<ClientTerm>,
    /// User, compared with what the lens shows.
    pub user: Terms<String>,
    /// Method.
    pub method: Terms<String>,
    /// Status by code, class or result code.
    pub status: Terms<StatusTerm>,
    /// Status code.
    pub status_code: Terms<u16>,
    /// Outcome.
    pub outcome: Terms<Outcome>,
    /// Severity.
    pub severity: Terms<Severity>,
    /// This severity or worse.
    pub min_severity: Option<Severity>,
    /// The name of the source.
    pub source: Terms<String>,
    /// The machine whose log it is.
    pub host: Terms<String>,
    /// A part of `host:port`.
    pub destination: Terms<String>,
    /// The registrable domain of the destination, or any name above the host on a label boundary.
    pub domain: Terms<String>,
    /// The category of the service that the destination belongs to.
    pub category: Terms<String>,
    /// Tags.
    pub tag: Terms<TagTest>,
    /// Each must be a part of URL, agent, referer or user as the lens shows them.
    pub keywords: Vec<String>,
    /// Score of at least this; rows that were not scored have none.
    pub min_score: Option<u32>,
    /// A rule that matched, by id.
    pub rule: Terms<u32>,
    /// The category of a rule that matched.
    pub waf_category: Terms<String>,
}

impl EventFilter {
    /// The range, all of time where none is set.
    pub fn range(&self) -> TimeRange {
        self.range.unwrap_or(TimeRange::ALL)
    }

    /// All rows of a range.
    pub fn within(range: TimeRange) -> EventFilter {
        EventFilter { range: Some(range), ..EventFilter::default() }
    }

    /// Whether nothing but time is asked.
    pub fn is_time_only(&self) -> bool {
        *self == EventFilter { range: self.range, ..EventFilter::default() }
    }

    /// Whether a kind of request passes.
    pub fn accepts_kind(&self, method: &[u8], result: &[u8], status: u16) -> bool {
        let outcome = Outcome::of(status, result);
        self.method.accept(|wanted| wanted.as_bytes().eq_ignore_ascii_case(method))
            && self.status.accept(|wanted| wanted.matches(status, result))
            && self.status_code.accept(|wanted| *wanted == status)
            && self.outcome.accept(|wanted| *wanted == outcome)
    }

    /// Whether a row passes that is so bad, and of which rules said this, as its text form.
    pub fn accepts_verdict(&self, severity: Severity, verdict: &[u8]) -> bool {
        if !self.severity.accept(|wanted| *wanted == severity)
            || self.min_severity.is_some_and(|least| severity > least)
        {
            return false;
        }
        if self.min_score.is_none() && self.rule.is_empty() && self.waf_category.is_empty() {
            return true;
        }
        let verdict = Verdict::read(verdict);
        let found = verdict.as_ref();
        self.min_score.is_none_or(|least| found.is_some_and(|found| found.score >= least))
            && self.rule.accept(|id| found.is_some_and(|found| found.rules.iter().any(|(rule, _)| rule == id)))
            && self.waf_category.accept(|name| {
                found.is_some_and(|found| found.categories.iter().any(|category| category.eq_ignore_ascii_case(name)))
            })
    }

    /// Whether a source passes.
    pub fn accepts_source(&self, source: &SourceName) -> bool {
        self.source.accept(|wanted| wanted.eq_ignore_ascii_case(&source.name))
            && self.host.accept(|wanted| wanted.eq_ignore_ascii_case(&source.host))
    }

    /// Whether a client, as the lens shows it, passes.
    pub fn accepts_client(&self, shown: &[u8]) -> bool {
        let address = address(shown);
        self.client_ip.accept(|term| term.matches(shown, address))
    }

    /// Whether a user, as the lens shows it, passes.
    pub fn accepts_user(&self, shown: &[u8]) -> bool {
        self.user.accept(|wanted| wanted.as_bytes().eq_ignore_ascii_case(shown))
    }

    /// Whether anything is asked of the origin alone: destination, domain or category.
    pub fn asks_origin(&self) -> bool {
        !(self.destination.is_empty() && self.domain.is_empty() && self.category.is_empty())
    }

    /// Whether an origin passes, tags aside.
    pub fn accepts_origin(&self, origin: &[u8], classifiers: &Classifiers) -> bool {
        let destination = (classifiers.destination)(origin).unwrap_or_else(|| "-".to_owned()).to_ascii_lowercase();
        let host = destination.rsplit_once(':').map_or(&destination[..], |(host, _)| host);
        let domain = (classifiers.domain)(origin).unwrap_or_default();
        let category = (classifiers.service_category)(origin).unwrap_or_default();
        self.destination.accept(|wanted| destination.contains(&wanted.to_ascii_lowercase()))
            && self.domain.accept(|wanted| is_below(host, wanted) || domain.eq_ignore_ascii_case(wanted))
            && self.category.accept(|wanted| wanted.eq_ignore_ascii_case(category))
    }
}

/// The address that a client is shown as.
fn address(shown: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(shown).ok()?.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// Whether a host, in lower case, is a name or lies below it.
fn is_below(host: &str, name: &str) -> bool {
    let (host, name) = (host.trim_end_matches('.').as_bytes(), name.trim_matches('.').as_bytes());
    match host.len().checked_sub(name.len()) {
        _ if name.is_empty() => false,
        None => false,
        Some(at) => host[at..].eq_ignore_ascii_case(name) && (at == 0 || host[at - 1] == b'.'),
    }
}
