//! Which rows a question is about. Fields are ANDed, the values of one field ORed, `!value` negates.

use super::{Outcome, TimeRange};
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

    /// Whether a client, as a lens shows it, is meant. IPv4-mapped IPv6 addresses equal their IPv4 form.
    pub fn matches(&self, shown: &[u8]) -> bool {
        let address = || std::str::from_utf8(shown).ok()?.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
        match self {
            ClientTerm::Address(wanted) => address() == Some(wanted.to_canonical()),
            ClientTerm::Network(network) => address().is_some_and(|ip| network.contains(&ip)),
            ClientTerm::Name(name) => name.as_bytes().eq_ignore_ascii_case(shown),
        }
    }
}

/// Which rows a question is about; the default is all of them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct EventFilter {
    /// Rows whose time lies inside; `None` for all of time.
    pub range: Option<TimeRange>,
    /// Client address, network or name, compared with what the lens shows.
    pub client_ip: Terms<ClientTerm>,
    /// Method, without regard to case.
    pub method: Terms<String>,
    /// Status code.
    pub status_code: Terms<u16>,
    /// Outcome.
    pub outcome: Terms<Outcome>,
    /// The name of the source, without regard to case.
    pub source: Terms<String>,
}

impl EventFilter {
    /// The range, all of time where none is set.
    pub fn range(&self) -> TimeRange {
        self.range.unwrap_or(TimeRange::ALL)
    }

    /// Whether anything is asked of the kind of request: method, status or outcome.
    pub fn asks_kind(&self) -> bool {
        !(self.method.is_empty() && self.status_code.is_empty() && self.outcome.is_empty())
    }

    /// Whether a kind of request passes.
    pub fn accepts_kind(&self, method: &[u8], status: u16, outcome: Outcome) -> bool {
        self.method.accept(|wanted| wanted.as_bytes().eq_ignore_ascii_case(method))
            && self.status_code.accept(|wanted| *wanted == status)
            && self.outcome.accept(|wanted| *wanted == outcome)
    }

    /// Whether a source of that name passes.
    pub fn accepts_source(&self, name: &str) -> bool {
        self.source.accept(|wanted| wanted.eq_ignore_ascii_case(name))
    }

    /// Whether a client, as the lens shows it, passes.
    pub fn accepts_client(&self, shown: &[u8]) -> bool {
        self.client_ip.accept(|term| term.matches(shown))
    }
}
