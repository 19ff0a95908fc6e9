//! Where a request went: host, port, registrable domain, and whether the host is an IP literal.
//!
//! Authorities follow RFC 3986; the spellings of addresses are those that clients accept (`model::ip_literal`);
//! registrable domains come from the Public Suffix List (crate `psl`), ICANN and private sections both.

use super::port::usual_ports;
use super::special_purpose;
use crate::model::{Target, ip_literal};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// A host and a port.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Destination {
    host: String,
    address: Option<IpAddr>,
    port: u16,
    has_unusual_port: bool,
}

/// Splits a request target into the origin that names a host and the rest. Userinfo is cut out of the origin.
#[inline]
pub fn split_target<'line>(method: &[u8], uri: &'line [u8]) -> Target<'line> {
    // Some write a tunnel's target as the URL of an https origin.
    if method == b"CONNECT" && scheme_end(uri).is_none() {
        if uri.contains(&b'/') || !uri.contains(&b':') {
            return Target { origin: b"", rest: uri, had_userinfo: false };
        }
        return Target { origin: uri, rest: b"", had_userinfo: memchr::memchr(b'@', uri).is_some() };
    }
    let Some(scheme_end) = scheme_end(uri) else {
        return Target { origin: b"", rest: uri, had_userinfo: false };
    };
    let authority = &uri[scheme_end..];
    let end =
        scheme_end + authority.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(authority.len());
    if memchr::memchr(b'@', &uri[scheme_end..end]).is_some() {
        return Target { origin: &uri[..end], rest: &uri[end..], had_userinfo: true };
    }
    Target { origin: &uri[..end], rest: &uri[end..], had_userinfo: false }
}

/// The origin of a target that [`split_target`] found userinfo in, without it.
pub fn without_userinfo(origin: &[u8]) -> Vec<u8> {
    let start = scheme_end(origin).unwrap_or(0);
    let host = memchr::memrchr(b'@', &origin[start..]).map_or(start, |at| start + at + 1);
    [&origin[..start], &origin[host..]].concat()
}

/// A request target as rows keep it and rules see it: without userinfo.
pub fn as_stored<'line>(method: &[u8], uri: &'line [u8]) -> Cow<'line, [u8]> {
    match split_target(method, uri) {
        Target { origin, rest, had_userinfo: true } => [&without_userinfo(origin), rest].concat().into(),
        _ => uri.into(),
    }
}

/// Where the authority begins: behind `scheme://`.
#[inline]
fn scheme_end(uri: &[u8]) -> Option<usize> {
    if uri.starts_with(b"http://") {
        return Some(7);
    }
    let colon = uri.iter().take(32).position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))?;
    (colon > 0 && uri[colon..].starts_with(b"://")).then_some(colon + 3)
}

/// The destination an origin names, bytes that are not UTF-8 as rows show them; `None` where it names no host or the port
/// is none.
pub fn destination(origin: &[u8]) -> Option<Destination> {
    let text = &*String::from_utf8_lossy(origin);
    let (scheme, authority) = text.split_once("://").unwrap_or(("", text));
    let bracketed = authority.strip_prefix('[');
    let (host, port) = match bracketed {
        Some(bracketed) => match bracketed.split_once(']')? {
            (host, "") => (host, None),
            (host, behind) => (host, Some(behind.strip_prefix(':')?)),
        },
        None => match authority.rsplit_once(':') {
            // An IPv6 address without brackets: where it ends and a port begins can't be told.
            Some((host, _)) if host.contains(':') => return None,
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let scheme = scheme.to_ascii_lowercase();
    let usual = usual_ports(&scheme);
    let port = match port {
        Some(port) if port.bytes().any(|byte| !byte.is_ascii_digit()) => return None,
        Some(port) if !port.is_empty() => port.parse().ok()?,
        // A tunnel has no port of its own: it is written, or the line names no destination.
        _ if scheme.is_empty() => return None,
        _ => *usual.first()?,
    };
    if host.is_empty() {
        return None;
    }
    let host = host.to_ascii_lowercase();
    // Brackets are for IPv6 alone (RFC 3986, section 3.2.2).
    let address = ip_literal(&host).filter(|address| bracketed.is_none() || address.is_ipv6());
    Some(Destination { host, address, port, has_unusual_port: !usual.contains(&port) })
}

impl Destination {
    /// The host as written, in lower case, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, as written or the scheme's.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, where the host is an IP literal in any spelling that clients accept.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether the host is an IP literal.
    pub fn is_ip_literal(&self) -> bool {
        self.address.is_some()
    }

    /// Whether the host is an address that is not reachable across the public Internet ([`special_purpose`]).
    pub fn is_private(&self) -> bool {
        self.address.is_some_and(special_purpose::is_private)
    }

    /// Whether the port is none of those that the scheme, or a tunnel, is used with (a table in the module `port`).
    pub fn has_unusual_port(&self) -> bool {
        self.has_unusual_port
    }

    /// The registrable domain; an IP literal's canonical address; a name that has no registrable domain stands for
    /// itself.
    pub fn domain(&self) -> String {
        match self.address {
            Some(address) => address.to_canonical().to_string(),
            None => {
                let name = self.host.trim_end_matches('.');
                psl::domain_str(name).unwrap_or(name).to_owned()
            }
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(out, "[{}]:{}", self.host, self.port)
        } else {
            write!(out, "{}:{}", self.host, self.port)
        }
    }
}

/// Whether an origin's host is an IP literal.
pub fn is_ip_literal(origin: &[u8]) -> bool {
    destination(origin).is_some_and(|destination| destination.is_ip_literal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_every_form_of_target() {
        for (method, uri, origin, rest, userinfo) in [
            ("GET", "http://a.example/x?y#z", "http://a.example", "/x?y#z", false),
            ("GET", "http://a.example", "http://a.example", "", false),
            ("GET", "http://a.example?x", "http://a.example", "?x", false),
            ("GET", "http://u:p@a.example/x", "http://u:p@a.example", "/x", true),
            ("GET", "http://a.example/x@y", "http://a.example", "/x@y", false),
            ("GET", "ftp://f.example/", "ftp://f.example", "/", false),
            ("GET", "http://[2001:db8::7]:8080/", "http://[2001:db8::7]:8080", "/", false),
            ("CONNECT", "a.example:443", "a.example:443", "", false),
            ("CONNECT", "[::1]:443", "[::1]:443", "", false),
            ("CONNECT", "https://a.example:443", "https://a.example:443", "", false),
            ("CONNECT", "u:p@a.example:443", "u:p@a.example:443", "", true),
            ("CONNECT", "error:invalid-request", "error:invalid-request", "", false),
            ("CONNECT", "/x", "", "/x", false),
            ("NONE", "error:transaction-end-before-headers", "", "error:transaction-end-before-headers", false),
            ("GET", "/local", "", "/local", false),
            ("OPTIONS", "*", "", "*", false),
            ("GET", "", "", "", false),
        ] {
            let target = split_target(method.as_bytes(), uri.as_bytes());
            let want = Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: userinfo };
            assert_eq!(target, want, "{method} {uri}");
        }
        assert_eq!(without_userinfo(b"http://u:p@x@a.example:8"), b"http://a.example:8");
        assert_eq!(&*as_stored(b"GET", b"http://u:p@a.example/b?c=d@e"), b"http://a.example/b?c=d@e");
        assert_eq!(&*as_stored(b"CONNECT", b"u@a.example:443"), b"a.example:443");
        assert!(matches!(as_stored(b"GET", b"http://a.example/b@c"), Cow::Borrowed(_)));
    }

    #[test]
    fn finds_host_port_domain_and_literals() {
        for (origin, shown, domain, literal, private) in [
            ("http://WWW.Example.CO.UK", "www.example.co.uk:80", "example.co.uk", false, false),
            ("https://a.b.example.com:8443", "a.b.example.com:8443", "example.com", false, false),
            ("cdn.example.net:443", "cdn.example.net:443", "example.net", false, false),
            ("http://co.uk", "co.uk:80", "co.uk", false, false),
            ("http://intranet", "intranet:80", "intranet", false, false),
            ("http://user.github.io", "user.github.io:80", "user.github.io", false, false),
            ("ftp://files.example.org", "files.example.org:21", "example.org", false, false),
            ("http://203.0.113.9:8080", "203.0.113.9:8080", "203.0.113.9", true, false),
            ("http://0x7f.1", "0x7f.1:80", "127.0.0.1", true, true),
            ("http://2130706433", "2130706433:80", "127.0.0.1", true, true),
            ("http://0177.0.0.01", "0177.0.0.01:80", "127.0.0.1", true, true),
            ("http://10.1", "10.1:80", "10.0.0.1", true, true),
            ("http://192.168.257", "192.168.257:80", "192.168.1.1", true, true),
            ("http://127.0.0.1.", "127.0.0.1.:80", "127.0.0.1", true, true),
            ("http://[2001:db8::7]", "[2001:db8::7]:80", "2001:db8::7", true, false),
            ("http://[::ffff:10.0.0.1]:81", "[::ffff:10.0.0.1]:81", "10.0.0.1", true, true),
            ("[fe80::1%25eth0]:443", "[fe80::1%25eth0]:443", "fe80::1", true, true),
            ("http://256.1.1.1", "256.1.1.1:80", "1.1", false, false),
            ("http://1.2.3.4.5", "1.2.3.4.5:80", "4.5", false, false),
            ("http://0xzz", "0xzz:80", "0xzz", false, false),
            ("http://dead.beef", "dead.beef:80", "dead.beef", false, false),
        ] {
            let found = destination(origin.as_bytes()).unwrap_or_else(|| panic!("{origin}"));
            assert_eq!(found.to_string(), shown, "{origin}");
            assert_eq!(found.domain(), domain, "{origin}");
            assert_eq!((found.is_ip_literal(), found.is_private()), (literal, private), "{origin}");
        }
        for none in [
            "",
            "http://",
            "http://:80",
            "error:invalid-request",
            "http://a:99999",
            "::1:443",
            "http://a:+80",
            "urn://x",
            "\u{fffd}",
        ] {
            assert_eq!(destination(none.as_bytes()), None, "{none}");
        }
    }
}
