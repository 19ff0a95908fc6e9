//! Everybody of a log, looked for in names that are nobody's in particular: hosts that rows are grouped by. A row hides
//! its own client and user in its host; a group, whose rows are of many, hides everybody.

use super::decode::Decoded;
use super::{Owner, hide_spans, ip_literal, join};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

/// Most parts of a host that are put together to find a value that has several: `ada-lovelace`.
const MOST_PARTS: usize = 8;

/// Clients and users whose names must not be said.
#[derive(Default)]
pub struct People {
    values: HashSet<Vec<u8>>,
    addresses: HashSet<IpAddr>,
}

impl People {
    /// These clients and users, as logged.
    pub fn new<'v>(clients: impl IntoIterator<Item = &'v [u8]>, users: impl IntoIterator<Item = &'v [u8]>) -> People {
        let mut people = People::default();
        let clients = clients.into_iter().map(|client| Owner::new(client, b""));
        for owner in clients.chain(users.into_iter().map(|user| Owner::new(b"", user))) {
            people.values.extend(owner.values().iter().cloned());
            people.addresses.extend(owner.address());
        }
        people
    }

    /// An authority (`host:port`, or a host alone) with everybody hidden who stands in it by themselves, as a label or a
    /// part of one.
    pub fn hide<'t>(&self, authority: &'t str) -> Cow<'t, str> {
        if self.values.is_empty() {
            return Cow::Borrowed(authority);
        }
        let decoded = Decoded::of(authority.as_bytes());
        let spans = match self.address(&decoded.bytes) {
            Some(span) => vec![span],
            None => self.find(&decoded.bytes.to_ascii_lowercase()),
        };
        if spans.is_empty() {
            return Cow::Borrowed(authority);
        }
        let mut shown = Vec::new();
        hide_spans(authority.as_bytes(), &decoded, spans, &mut shown);
        Cow::Owned(String::from_utf8_lossy(&shown).into_owned())
    }

    /// Where the host is an address of somebody, in whatever spelling.
    fn address(&self, authority: &[u8]) -> Option<Range<usize>> {
        let whole = std::str::from_utf8(authority).ok()?.to_ascii_lowercase();
        let span = match whole.strip_prefix('[') {
            Some(_) => 1..whole.find(']')?,
            // An IPv6 address alone, as a domain is told.
            None if whole.matches(':').count() > 1 => 0..whole.len(),
            None => 0..whole.find(':').unwrap_or(whole.len()),
        };
        let address = ip_literal(&whole[span.clone()])?.to_canonical();
        self.addresses.contains(&address).then_some(span)
    }

    /// Where values stand, between other characters than letters and digits.
    fn find(&self, host: &[u8]) -> Vec<Range<usize>> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
        let mut parts: Vec<Range<usize>> = Vec::new();
        for part in host.split_inclusive(|byte| !is_word(byte)) {
            let start = parts.last().map_or(0, |last| last.end);
            parts.push(start..start + part.len());
        }
        let ends: Vec<usize> = parts
            .iter()
            .map(|part| part.end - usize::from(host[..part.end].last().is_some_and(|last| !is_word(last))))
            .collect();
        let mut spans = Vec::new();
        for (first, part) in parts.iter().enumerate() {
            for end in ends.iter().skip(first).take(MOST_PARTS) {
                if part.start < *end && self.values.contains(&host[part.start..*end]) {
                    spans.push(part.start..*end);
                }
            }
        }
        join(&mut spans);
        spans
    }
}

/// Masked.
impl fmt::Debug for People {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "People({})", self.values.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lens;

    /// What a row of somebody hides of its host, a group hides too.
    #[test]
    fn groups_hide_what_rows_hide() {
        let everybody: [(&str, &str); 6] = [
            ("10.0.0.7", "ada"),
            ("2001:db8::7", "CORP\\grace"),
            ("pc-7.example", "linus@example.org"),
            ("::ffff:10.0.0.8", "bo"),
            ("", "ada-lovelace"),
            ("c-aaaaaaaaaaaa", "-"),
        ];
        let people = People::new(
            everybody.iter().map(|(client, _)| client.as_bytes()),
            everybody.iter().map(|(_, user)| user.as_bytes()),
        );
        let mut hidden = 0;
        for host in [
            "10.0.0.7:80",
            "10.0.0.9:80",
            "0x0a.7:80",
            "[2001:db8::7]:443",
            "ada.pages.example:443",
            "x-ADA-y.example:443",
            "adam.example:80",
            "grace.example:1",
            "linus.example:1",
            "bo.example:1",
            "pc-7.example:80",
            "ip-10-0-0-8.example:80",
            "my-ada-lovelace.example:80",
            "%61da.example:80",
            "c-aaaaaaaaaaaa.example:1",
            "www.example.com:443",
            "-",
        ] {
            let row = everybody.iter().find_map(|(client, user)| {
                let owner = Lens::MASKED.owner(client.as_bytes(), user.as_bytes());
                let shown = Lens::MASKED.origin(host.as_bytes(), &owner).into_owned();
                (shown != host.as_bytes()).then_some(())
            });
            let shown = people.hide(host);
            assert_eq!(shown != host, row.is_some(), "{host}: {shown}");
            hidden += usize::from(row.is_some());
        }
        assert_eq!(hidden, 11);
        assert_eq!(people.hide("2001:db8::7"), "***");
        assert_eq!(people.hide("10.0.0.7:80"), "***:80");
        assert_eq!(people.hide("my-ada-lovelace.example:80"), "my-***.example:80");
        assert_eq!(People::default().hide("ada.example"), "ada.example");
    }
}
