//! IP addresses as hosts of URLs are written: in every spelling that clients accept. Source: WHATWG URL, section 3.5.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address a host text stands for, without brackets and in lower case; zone identifiers are dropped.
pub fn ip_literal(host: &str) -> Option<IpAddr> {
    if host.contains(':') {
        let address = host.split_once('%').map_or(host, |(address, _)| address);
        return address.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    ipv4(host).map(IpAddr::V4)
}

/// The WHATWG IPv4 parser: one to four numbers, the last filling what is left.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if !host.bytes().next_back()?.is_ascii_hexdigit() && !host.ends_with(['x', 'X']) {
        return None;
    }
    let parts: Vec<&str> = host.split('.').collect();
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
