//! Which service a destination belongs to: the catalogue behind shadow IT. Whether a service is sanctioned is the
//! operator's word, not the catalogue's.
//!
//! The catalogue is data: `catalogue/<category>.toml`, written for this project from what is generally known. An entry's
//! `source` is where to look it up: the vendor's page for those who write allow-lists where one is known, else the
//! service's own site, which need not name its other domains. Most entries were not compared with their source. Those of
//! Dropbox, Google Drive, GitHub Copilot and (by a list of 2022) Microsoft 365 were, and the owners of what stands in the
//! private section of the Public Suffix List.

mod category;
#[cfg(test)]
mod tests;

pub use category::{Risk, ServiceCategory};

use super::destination::destination;
use super::idn::LONGEST_NAME;
use super::port::protocol;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// A service of the catalogue.
#[derive(Debug)]
pub struct Service {
    /// Its name, unique without case.
    pub name: &'static str,
    /// Its kind.
    pub category: ServiceCategory,
    /// What its use means where nobody sanctioned it.
    pub risk: Risk,
    /// Its domains, in lower case: each stands for itself and all names below it that no other service claims.
    pub domains: Vec<&'static str>,
    /// Where to look the domains up: a URL, of the vendor's page about them or else of the service itself.
    pub source: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    risk: Risk,
    source: &'static str,
    domains: Vec<&'static str>,
}

/// A category's services by name.
fn read(text: &'static str) -> Result<BTreeMap<&'static str, Entry>, toml::de::Error> {
    toml::from_str(text)
}

static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    let of = |category: &ServiceCategory| {
        let category = *category;
        // A test reads every part: none fails here.
        let entries = read(category.catalogue()).unwrap_or_default();
        entries.into_iter().map(move |(name, entry)| {
            let Entry { risk, source, domains } = entry;
            Service { name, category, risk, domains, source }
        })
    };
    ServiceCategory::ALL.iter().flat_map(of).collect()
});

static BY_DOMAIN: LazyLock<HashMap<&'static str, &'static Service>> = LazyLock::new(|| {
    services().iter().flat_map(|service| service.domains.iter().map(move |domain| (*domain, service))).collect()
});

/// Every service, by category and name.
pub fn services() -> &'static [Service] {
    &SERVICES
}

/// The service of a name, without case.
pub fn service_named(name: &str) -> Option<&'static Service> {
    services().iter().find(|service| service.name.eq_ignore_ascii_case(name))
}

/// The service a host belongs to: that of the longest domain of the catalogue which the host is or lies below.
pub fn service_of(host: &str) -> Option<&'static Service> {
    let host = host.strip_suffix('.').unwrap_or(host);
    // No name of DNS is so long, and every label of it would be looked up.
    if host.len() > LONGEST_NAME {
        return None;
    }
    let host = match host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(host.to_ascii_lowercase()),
        false => Cow::Borrowed(host),
    };
    let mut name = host.as_ref();
    loop {
        if let Some(service) = BY_DOMAIN.get(name) {
            return Some(service);
        }
        name = name.split_once('.')?.1;
    }
}

/// The service an origin belongs to.
pub fn service_at(origin: &[u8]) -> Option<&'static Service> {
    service_of(destination(origin)?.host())
}

/// What kind of service an origin is, for logs that say nothing of the agent: the title of the service's category, else
/// what is spoken by the scheme or on the tunnel's port, `Other` where neither says anything.
pub fn service_type(origin: &[u8]) -> &'static str {
    let Some(found) = destination(origin) else { return protocol("", 0) };
    match service_of(found.host()) {
        Some(service) => service.category.title(),
        None => protocol(&scheme(origin), found.port()),
    }
}

/// An origin's scheme in lower case, empty for a tunnel.
fn scheme(origin: &[u8]) -> String {
    let end = memchr::memmem::find(origin, b"://").unwrap_or(0);
    String::from_utf8_lossy(&origin[..end]).to_ascii_lowercase()
}
