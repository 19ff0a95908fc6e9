//! Sets of hosts. A name stands for itself and every name below it, as in Squid's `dstdomain`, whose leading dot is
//! accepted and dropped; an address stands for itself only.
//!
//! Names are compared in lower case and as the log has them: internationalised ones in Punycode (`xn--…`, RFC 3492).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Most characters of a name and of a label (RFC 1035).
const MOST_CHARS: usize = 253;
const MOST_LABEL_CHARS: usize = 63;

/// A set of hosts.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct HostSet(BTreeSet<Box<str>>);

impl HostSet {
    /// The entry that covers a host: the same address or name, or a name it lies below.
    pub fn covering(&self, host: &str) -> Option<&str> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.entry(&address.to_canonical().to_string());
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        let host = match host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(host.to_ascii_lowercase()),
            false => Cow::Borrowed(host),
        };
        if ends_in_a_number(&host) {
            return self.entry(&host);
        }
        let mut rest = Some(&*host);
        while let Some(name) = rest {
            if let Some(entry) = self.entry(name) {
                return Some(entry);
            }
            rest = name.split_once('.').map(|(_, parent)| parent);
        }
        None
    }

    fn entry(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|entry| &**entry)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries in the order of their texts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| &**entry)
    }
}

impl FromIterator<Box<str>> for HostSet {
    fn from_iter<I: IntoIterator<Item = Box<str>>>(hosts: I) -> HostSet {
        HostSet(hosts.into_iter().collect())
    }
}

/// Reads a host: a name, perhaps with `.` or `*.` in front, or an address.
pub(super) fn read(text: &str) -> Result<Box<str>, &'static str> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().to_string().into());
    }
    let name = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    name_of(name.strip_suffix('.').unwrap_or(name))
}

/// Reads a host name.
pub(super) fn name_of(text: &str) -> Result<Box<str>, &'static str> {
    if !text.is_ascii() {
        return Err("is not ASCII; write the name in Punycode (xn--...)");
    }
    if text.len() <= MOST_CHARS && text.split('.').all(is_label) && !ends_in_a_number(text) {
        Ok(text.to_ascii_lowercase().into())
    } else {
        Err("is neither a host name nor an address")
    }
}

/// What ends in a number is an address or nothing (WHATWG URL Standard), so it lies below no name.
fn ends_in_a_number(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Letters, digits and inner hyphens; underscores too, which names of services have.
fn is_label(label: &str) -> bool {
    (1..=MOST_LABEL_CHARS).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
