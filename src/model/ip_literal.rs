//! IP addresses as hosts of URLs are written: in every spelling that clients accept. Not names that resolve to one.
//!
//! A host is an address where any client takes it for one. Browsers follow the WHATWG URL Standard (section 3.5, after
//! percent-decoding and the mapping of UTS 46, which turns fullwidth digits and the ideographic full stop into ASCII);
//! curl, wget and most libraries hand the host to `getaddrinfo`, whose `inet_aton` and RFC 4007 zones decide. They
//! differ in this:
//!
//! | spelling | browsers | `getaddrinfo` |
//! |---|---|---|
//! | `127.0.0.1.`, a dot at the end | yes | no |
//! | `0x`, `1.2.3.0x`, hexadecimal without digits | yes, 0 | no |
//! | `%31%32%37.1`, `１２７.1`, `127。1` | yes | no |
//! | `[fe80::1%eth0]`, `[fe80::1%25eth0]` (RFC 6874), a zone | no | yes |

use percent_encoding::percent_decode_str;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address a host text stands for, without brackets; zone identifiers are dropped. What has a colon can only be
/// IPv6, so that a port must have been cut off.
pub fn ip_literal(host: &str) -> Option<IpAddr> {
    if host.contains(':') {
        return ipv6(host).map(IpAddr::V6);
    }
    if host.is_ascii() && !host.contains('%') {
        return ipv4(host).map(IpAddr::V4);
    }
    let decoded: Vec<u8> = percent_decode_str(host).collect();
    let mapped = idna::domain_to_ascii_cow(&decoded, idna::AsciiDenyList::URL).ok()?;
    ipv4(&mapped).map(IpAddr::V4)
}

/// IPv6, perhaps with a zone: a number, or on a link-local address an interface's name, which only the client's machine
/// knows.
fn ipv6(host: &str) -> Option<Ipv6Addr> {
    let Some((address, zone)) = host.split_once('%') else { return host.parse().ok() };
    let address: Ipv6Addr = address.parse().ok()?;
    let zone = zone.strip_prefix("25").filter(|zone| !zone.is_empty()).unwrap_or(zone);
    let multicast_on_link = address.octets()[0] == 0xff && address.octets()[1] & 0x0f == 2;
    let named = !zone.is_empty() && (address.is_unicast_link_local() || multicast_on_link);
    (named || zone.parse::<u32>().is_ok()).then_some(address)
}

/// The WHATWG IPv4 parser: one to four numbers, the last filling what is left.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if !host.bytes().next_back()?.is_ascii_hexdigit() && !host.ends_with(['x', 'X']) {
        return None;
    }
    let parts: Vec<&str> = host.splitn(5, '.').collect();
    if parts.len() > 4 {
        return None;
    }
    let mut numbers = Vec::with_capacity(4);
    for part in &parts {
        numbers.push(ipv4_number(part)?);
    }
    let last = numbers.pop()?;
    if numbers.iter().any(|number| *number > 255) || last >= 1_u64 << (8 * (4 - numbers.len())) {
        return None;
    }
    let high = numbers.iter().enumerate().fold(0, |sum, (at, number)| sum | number << (8 * (3 - at)));
    u32::try_from(high | last).ok().map(Ipv4Addr::from)
}

fn ipv4_number(part: &str) -> Option<u64> {
    let (digits, radix) = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some("") => return Some(0),
        Some(hex) => (hex, 16),
        None if part.len() > 1 && part.starts_with('0') => (&part[1..], 8),
        None => (part, 10),
    };
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, radix).ok() }
}
