//! Addresses of machines and mailboxes: IPv4 and IPv6, hardware addresses, e-mail, userinfo of URLs.

use super::is_hidden;
use super::scan::{class, is, run};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Parameters whose dotted numbers are versions.
const VERSION_NAMES: [&[u8]; 6] = [b"v", b"ver", b"version", b"rev", b"build", b"release"];

/// File names end like this where a mailbox would have a top-level domain; none of them is one.
const FILE_ENDINGS: [&[u8]; 14] = [
    b"png", b"jpg", b"jpeg", b"gif", b"webp", b"svg", b"avif", b"css", b"js", b"json", b"html", b"php", b"woff", b"tgz",
];

/// The end of a dotted quad that begins at `start`, unless it is a version number or an address that says nothing:
/// `lib-1.2.3.4.js`, `v=1.2.3.4`, in agents `Chrome/120.0.0.0`, 127.0.0.1, 255.255.255.0.
pub(super) fn ipv4(text: &[u8], start: usize, slash_is_version: bool) -> Option<usize> {
    let mut octets = [0_u8; 4];
    let mut at = start;
    for (number, octet) in octets.iter_mut().enumerate() {
        if number > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let end = run(text, at, class::DIGIT);
        let digits = &text[at..end];
        if digits.is_empty() || digits.len() > 3 || (digits.len() > 1 && digits[0] == b'0') {
            return None;
        }
        *octet = u8::try_from(digits.iter().fold(0_u16, |sum, digit| sum * 10 + u16::from(digit - b'0'))).ok()?;
        at = end;
    }
    let goes_on = match text.get(at..) {
        Some([next, ..]) if is(*next, class::ALNUM) || *next == b'_' => true,
        Some([b'.', next, ..]) => is(*next, class::DIGIT),
        _ => false,
    };
    let before = start.checked_sub(1).map(|at| text[at]);
    let is_version = match before {
        Some(b'-' | b'_' | b'.') => true,
        Some(b'/') => slash_is_version,
        Some(b'=') => {
            let name = text[..start - 1].rsplit(|byte| !is(*byte, class::TOKEN)).next().unwrap_or_default();
            VERSION_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        }
        _ => false,
    };
    let address = Ipv4Addr::from(octets);
    let says_nothing = address.is_loopback() || address.is_unspecified() || octets[0] == 255;
    (!goes_on && !is_version && !says_nothing).then_some(at)
}

/// The IPv6 or hardware address around the first of its colons.
pub(super) fn colons(text: &[u8], colon: usize) -> Option<Range<usize>> {
    const MOST: usize = 45;
    let hex = |byte: &u8| byte.is_ascii_hexdigit();
    let start =
        text[..colon].iter().rposition(|byte| !hex(byte)).map_or(0, |last| last + 1).max(colon.saturating_sub(5));
    if start.checked_sub(1).is_some_and(|before| is(text[before], class::ALNUM) || text[before] == b':') {
        return None;
    }
    let token = &text[start..text.len().min(start + MOST)];
    let length = token.iter().position(|byte| !(hex(byte) || *byte == b':' || *byte == b'.')).unwrap_or(token.len());
    if text.get(start + length).is_some_and(|next| is(*next, class::ALNUM)) {
        return None;
    }
    let token = token[..length].trim_ascii_end();
    let token = token.strip_suffix(b".").unwrap_or(token);
    let token = if token.ends_with(b"::") { token } else { token.strip_suffix(b":").unwrap_or(token) };
    let found = match std::str::from_utf8(token).ok()?.parse::<Ipv6Addr>() {
        Ok(address) => !address.is_loopback() && !address.is_unspecified(),
        Err(_) => is_hardware_address(token),
    };
    found.then(|| start..start + token.len())
}

/// Six pairs of hexadecimal digits.
fn is_hardware_address(token: &[u8]) -> bool {
    token.len() == 17
        && token
            .chunks(3)
            .all(|pair| pair[..2].iter().all(u8::is_ascii_hexdigit) && pair.get(2).is_none_or(|c| *c == b':'))
}

/// The mailbox around an at sign, nothing before `floor` belonging to it: a local part, and a domain that ends in a label of letters (RFC 5321, without quoted
/// local parts and address literals).
pub(super) fn email(text: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    const LOCAL: usize = 64;
    const DOMAIN: usize = 253;
    let local = |byte: &u8| is(*byte, class::TOKEN) || *byte >= 0x80 || b".%+'".contains(byte);
    let domain = |byte: &u8| is(*byte, class::ALNUM) || *byte >= 0x80 || b".-".contains(byte);
    let floor = at.saturating_sub(LOCAL).max(floor);
    let start = text[floor..at].iter().rposition(|byte| !local(byte)).map_or(floor, |last| floor + last + 1);
    if !text[start..at].iter().any(|byte| is(*byte, class::ALNUM) || *byte >= 0x80) {
        return None;
    }
    let behind = &text[at + 1..text.len().min(at + 1 + DOMAIN)];
    let length = behind.iter().position(|byte| !domain(byte)).unwrap_or(behind.len());
    let host = &behind[..length];
    let host = &host[..host.iter().rposition(|byte| !b".-".contains(byte))? + 1];
    let (name, top) = host.split_at(host.iter().rposition(|byte| *byte == b'.')?);
    let top = &top[1..];
    let letters = top.iter().all(|byte| is(*byte, class::UPPER | class::LOWER) || *byte >= 0x80);
    let international = top.len() > 4 && top[..4].eq_ignore_ascii_case(b"xn--");
    let is_file = FILE_ENDINGS.iter().any(|ending| ending.eq_ignore_ascii_case(top));
    let found = !name.is_empty() && top.len() >= 2 && (letters || international) && !is_file;
    found.then(|| start..at + 1 + host.len())
}

/// The userinfo of a URL inside a text, whose authority begins at `start`.
pub(super) fn userinfo(text: &[u8], start: usize) -> Option<Range<usize>> {
    let behind = &text[start..];
    let end = behind.iter().position(|byte| b"/?#&\"' ".contains(byte)).unwrap_or(behind.len());
    let sign = memchr::memrchr(b'@', &behind[..end])?;
    (sign > 0 && !is_hidden(&behind[..sign])).then(|| start..start + sign)
}
