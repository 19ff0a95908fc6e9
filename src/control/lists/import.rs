//! Reads a list's entries from a file. Two formats: plain, one entry a line; and that of hosts(5), an address and names.
//! A `#` at a line's beginning or behind a blank begins a comment; a byte order mark and CRLF are accepted.
//!
//! | list of | plain | hosts |
//! |---|---|---|
//! | networks | `ADDRESS` or `NETWORK` | – |
//! | hosts | `HOST` | every name behind the address |
//! | aliases | `ADDRESS=NAME` or `ADDRESS NAME`, the name being the rest of the line | the first name behind the address |
//!
//! What hosts files say of the machine itself (`localhost` and its like) is passed over.

use super::{Draft, EntryFault, List, ListItem};
use serde::Serialize;
use std::net::IpAddr;

/// What hosts files call the machine itself and its networks.
const OWN_NAMES: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost6",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
    "0.0.0.0",
];

/// How lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListFormat {
    /// One entry a line.
    Plain,
    /// An address and names, as in hosts(5).
    Hosts,
}

impl ListFormat {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            ListFormat::Plain => "plain",
            ListFormat::Hosts => "hosts",
        }
    }
}

/// A line that holds no entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BadLine {
    /// Its number, 1 upwards.
    pub line: usize,
    /// Its text, cut where it is long.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// What a file holds.
#[derive(Debug)]
pub(in crate::control) struct ListFile {
    pub format: ListFormat,
    pub entries: Draft,
    /// The first bad lines.
    pub bad: Vec<BadLine>,
    pub bad_count: usize,
}

/// How many bad lines are described; the others are counted.
pub const DESCRIBED_LINES: usize = 100;

impl ListFile {
    /// Reads a file. The format is hosts where a line has an address and a name behind it that makes no sense
    /// otherwise: any name for a list of hosts, the machine's own for one of aliases.
    pub(in crate::control) fn read(item: ListItem, bytes: &[u8]) -> ListFile {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let lines = || bytes.split(|byte| *byte == b'\n').enumerate();
        let is_hosts =
            |line: &[u8]| std::str::from_utf8(line).is_ok_and(|line| tells_hosts(item, without_comment(line)));
        let format = if lines().any(|(_, line)| is_hosts(line)) { ListFormat::Hosts } else { ListFormat::Plain };
        let mut file = ListFile { format, entries: Draft::new(), bad: Vec::new(), bad_count: 0 };
        for (index, line) in lines() {
            match std::str::from_utf8(line) {
                Ok(line) => {
                    if let Err(reason) = file.line(item, without_comment(line)) {
                        file.bad(index, line, reason);
                    }
                }
                Err(_) => file.bad(index, &String::from_utf8_lossy(line), "is not UTF-8"),
            }
        }
        file
    }

    fn line(&mut self, item: ListItem, line: &str) -> Result<(), &'static str> {
        if line.is_empty() {
            return Ok(());
        }
        let hosts = if self.format == ListFormat::Hosts { address_and_names(line) } else { None };
        match (item, hosts) {
            (ListItem::Host, Some((_, names))) => {
                for name in names.split_whitespace().filter(|name| !is_own(name)) {
                    self.entry(item, name)?;
                }
                Ok(())
            }
            (ListItem::Alias, Some((address, names))) => {
                let name = names.split_whitespace().next().unwrap_or_default();
                if is_own(name) || address.is_loopback() || address.is_unspecified() || address.is_multicast() {
                    return Ok(());
                }
                self.entry(item, &format!("{address}={name}"))
            }
            (ListItem::Alias, None) => match line.split_once(|sign: char| sign == '=' || sign.is_whitespace()) {
                Some((network, name)) => {
                    self.entry(item, &format!("{network}={}", name.trim_start_matches([' ', '\t', '='])))
                }
                None => self.entry(item, line),
            },
            _ => self.entry(item, line),
        }
    }

    fn entry(&mut self, item: ListItem, text: &str) -> Result<(), &'static str> {
        let (key, name) = item.entry(text)?;
        self.entries.insert(key, name);
        Ok(())
    }

    fn bad(&mut self, index: usize, line: &str, reason: &'static str) {
        self.bad_count += 1;
        if self.bad.len() < DESCRIBED_LINES {
            let text = line.trim().chars().take(EntryFault::MOST_CHARS).collect();
            self.bad.push(BadLine { line: index + 1, text, reason });
        }
    }
}

/// The line without its comment and the blanks around it.
fn without_comment(line: &str) -> &str {
    let comment = line
        .char_indices()
        .find(|(at, sign)| *sign == '#' && !line[..*at].ends_with(|sign: char| !sign.is_whitespace()));
    comment.map_or(line, |(at, _)| &line[..at]).trim()
}

fn address_and_names(line: &str) -> Option<(IpAddr, &str)> {
    let (address, names) = line.split_once(char::is_whitespace)?;
    // Of a scoped address (`fe80::1%lo0`) the zone says nothing here.
    let address = address.split_once('%').map_or(address, |(address, _)| address);
    Some((address.parse::<IpAddr>().ok()?.to_canonical(), names.trim_start()))
}

fn tells_hosts(item: ListItem, line: &str) -> bool {
    address_and_names(line).is_some_and(|(_, names)| match item {
        ListItem::Host => true,
        ListItem::Alias => names.split_whitespace().any(is_own),
        ListItem::Network | ListItem::Origin | ListItem::Name | ListItem::Word(_) => false,
    })
}

fn is_own(name: &str) -> bool {
    OWN_NAMES.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// A draft with what a list holds.
pub(in crate::control) fn draft_of(item: ListItem, list: &List) -> Draft {
    list.texts().filter_map(|text| item.entry(&text).ok()).collect()
}
