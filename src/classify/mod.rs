//! Stand-in for the classifiers: splits an origin into host and port.

use std::fmt;
use std::net::IpAddr;

/// The host of a destination.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Host {
    /// An address.
    Ip(IpAddr),
    /// A name.
    Name(String),
}

/// Where a request went.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Destination {
    /// Host.
    pub host: Host,
    /// Port.
    pub port: u16,
}

impl Destination {
    /// Whether the host is an address.
    pub fn is_ip_literal(&self) -> bool {
        matches!(self.host, Host::Ip(_))
    }

    /// The registrable domain.
    pub fn domain(&self) -> &str {
        match &self.host {
            Host::Ip(_) => "",
            Host::Name(name) => psl::domain_str(name).unwrap_or(name),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Ip(IpAddr::V6(ip)) => write!(out, "[{ip}]:{}", self.port),
            Host::Ip(ip) => write!(out, "{ip}:{}", self.port),
            Host::Name(name) => write!(out, "{name}:{}", self.port),
        }
    }
}

/// The destination an origin names.
pub fn destination(origin: &[u8]) -> Option<Destination> {
    let origin = std::str::from_utf8(origin).ok()?;
    let (default, authority) = match origin.split_once("://") {
        Some(("http", rest)) => (80, rest),
        Some(("ftp", rest)) => (21, rest),
        Some((_, rest)) => (443, rest),
        None => (443, origin),
    };
    if authority.is_empty() {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (host, port.parse().ok()?)
        }
        _ => (authority, default),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let host = bare.parse().map_or_else(|_| Host::Name(bare.to_ascii_lowercase()), Host::Ip);
    Some(Destination { host, port })
}
