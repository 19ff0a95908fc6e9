//! The client and the user of a row, looked for in the row's other texts.

use super::decode::Decoded;
use super::{is_hidden, join};
use std::net::IpAddr;
use std::ops::Range;

/// Shorter values are found everywhere by accident.
const FEWEST_BYTES: usize = 3;

/// Whose row it is: the values that its texts must not say, in small letters and without encoding.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Owner {
    values: Vec<Vec<u8>>,
    address: Option<IpAddr>,
}

impl Owner {
    /// The owner of a row, with the address and the name that are hidden; empty where they are not.
    pub(in crate::model) fn new(client: &[u8], user: &[u8]) -> Owner {
        let mut owner = Owner { values: Vec::new(), address: address(client) };
        if client.is_empty() && user.is_empty() {
            return owner;
        }
        owner.add(client);
        if let Some(address) = owner.address {
            owner.add(address.to_string().as_bytes());
            // As names of machines say it: `ip-10-0-0-1.example`.
            owner.add(address.to_string().replace(['.', ':'], "-").as_bytes());
        }
        let user = Decoded::of(user).bytes;
        owner.add(&user);
        // `DOMAIN\name` and `name@realm` are known by their name alone, too.
        let name = user.rsplit(|byte| *byte == b'\\').next().unwrap_or_default();
        owner.add(name);
        owner.add(name.split(|byte| *byte == b'@').next().unwrap_or_default());
        owner
    }

    fn add(&mut self, value: &[u8]) {
        let value = value.to_ascii_lowercase();
        if value.len() >= FEWEST_BYTES && !is_hidden(&value) && !self.values.contains(&value) {
            self.values.push(value);
        }
    }

    /// What is looked for.
    pub(super) fn values(&self) -> &[Vec<u8>] {
        &self.values
    }

    /// The client's address.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether nothing is to be looked for.
    pub(in crate::model) fn is_nobody(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether a text is the client.
    pub(in crate::model) fn is_client(&self, text: &[u8]) -> bool {
        self.address.is_some() && address(text) == self.address
            || !text.is_empty() && self.values.first().is_some_and(|value| value.eq_ignore_ascii_case(text))
    }

    /// Whether an address is the client's.
    pub(super) fn has_address(&self, address: IpAddr) -> bool {
        self.address == Some(address.to_canonical())
    }

    /// Adds where the values stand in a text without encoding; a plus sign is as good as a blank, as in forms. The whole word goes with them: a hole in the middle of
    /// a word would say what stood there.
    pub(super) fn find(&self, text: &[u8], spans: &mut Vec<Range<usize>>) {
        if self.values.is_empty() || text.len() < FEWEST_BYTES {
            return;
        }
        let text = text.to_ascii_lowercase();
        let has_blank = |value: &&Vec<u8>| value.contains(&b' ');
        let form = self.values.iter().any(|value| has_blank(&value)).then(|| {
            let blank = |byte: &u8| if *byte == b'+' { b' ' } else { *byte };
            text.iter().map(blank).collect::<Vec<_>>()
        });
        for value in &self.values {
            let text = form.as_ref().filter(|_| has_blank(&value)).unwrap_or(&text);
            let finder = memchr::memmem::Finder::new(value);
            let mut from = 0;
            while let Some(at) = finder.find(&text[from..]).map(|at| from + at) {
                let start =
                    text[from..at].iter().rposition(|byte| !is_word(*byte)).map_or(from, |last| from + last + 1);
                let behind = &text[at + value.len()..];
                let end = at + value.len() + behind.iter().position(|byte| !is_word(*byte)).unwrap_or(behind.len());
                spans.push(start..end);
                from = end;
            }
        }
    }

    /// Adds where the values stand by themselves in a host, between other characters than letters and digits.
    pub(super) fn find_whole(&self, host: &[u8], spans: &mut Vec<Range<usize>>) {
        let text = host.to_ascii_lowercase();
        for value in &self.values {
            for at in memchr::memmem::find_iter(&text, value) {
                let end = at + value.len();
                let stands_alone =
                    (at == 0 || !is_word(text[at - 1])) && text.get(end).is_none_or(|next| !is_word(*next));
                if stands_alone {
                    spans.push(at..end);
                }
            }
        }
        join(spans);
    }
}

/// Masked.
impl std::fmt::Debug for Owner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Owner({})", if self.is_nobody() { "-" } else { "***" })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn address(text: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(text).ok()?.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}
