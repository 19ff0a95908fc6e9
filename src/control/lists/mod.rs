//! Lists that settings hold: networks, names of clients, hosts, origins, names. [`ListItem`] says how an entry is written and
//! read, [`List`] is a whole one, ready to be asked, in the order it is shown.
//!
//! Not here: which lists there are (`settings`).

mod aliases;
mod hosts;
mod import;
mod networks;
mod origins;

pub use aliases::Aliases;
pub use hosts::HostSet;
pub use import::{BadLine, DESCRIBED_LINES, ListFormat};
pub(super) use import::{ListFile, draft_of};

use ipnet::IpNet;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What the entries of a list are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListItem {
    /// `scheme://host[:port]`, as the `Origin` header has it.
    Origin,
    /// An address or a network in CIDR notation.
    Network,
    /// `ADDRESS=NAME` or `NETWORK=NAME`.
    Alias,
    /// A host name, which stands for itself and every name below it, or an address.
    Host,
    /// A name of something that is known elsewhere, such as a service.
    Name,
    /// One of some words.
    Word(&'static [&'static str]),
}

/// What an entry is known by in its list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Key {
    Network(IpNet),
    Text(Box<str>),
}

/// A list while it is put together: each entry with what it says of its key, which only aliases do.
pub(super) type Draft = BTreeMap<Key, Box<str>>;

/// An entry that can't be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryFault {
    /// Which entry, 1 upwards.
    pub number: usize,
    /// The entry, cut where it is long.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for EntryFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "entry {} ('{}') {}", self.number, self.text, self.reason)
    }
}

impl ListItem {
    /// What may be given, for people.
    pub fn expects(self) -> String {
        match self {
            ListItem::Origin => "origins (scheme://host[:port])".to_owned(),
            ListItem::Network => "addresses or networks".to_owned(),
            ListItem::Alias => "names of clients (ADDRESS=NAME or NETWORK=NAME)".to_owned(),
            ListItem::Host => "host names or addresses".to_owned(),
            ListItem::Name => "names of 1 to 64 characters".to_owned(),
            ListItem::Word(words) => format!("words out of {}", words.join(", ")),
        }
    }

    /// Reads one entry into its canonical form.
    pub(super) fn entry(self, text: &str) -> Result<(Key, Box<str>), &'static str> {
        let alone = |key| (key, Box::default());
        match self {
            ListItem::Origin => origins::read(text).map(|origin| alone(Key::Text(origin.into()))),
            ListItem::Network => networks::read(text).map(|network| alone(Key::Network(network))),
            ListItem::Alias => aliases::read(text).map(|(network, name)| (Key::Network(network), name)),
            ListItem::Host => hosts::read(text).map(|host| alone(Key::Text(host))),
            ListItem::Name => name(text).map(|name| alone(Key::Text(name.into()))),
            ListItem::Word(words) => words
                .iter()
                .find(|word| word.eq_ignore_ascii_case(text))
                .map(|word| alone(Key::Text((*word).into())))
                .ok_or("is none of the words"),
        }
    }

    /// Reads entries into a list; blank ones and repetitions are passed over.
    ///
    /// # Errors
    /// The first entry that can't be read.
    pub fn read<'t>(self, texts: impl IntoIterator<Item = &'t str>) -> Result<List, EntryFault> {
        let mut draft = Draft::new();
        for (index, text) in texts.into_iter().map(str::trim).enumerate().filter(|(_, text)| !text.is_empty()) {
            let (key, name) = self.entry(text).map_err(|reason| EntryFault {
                number: index + 1,
                text: text.chars().take(EntryFault::MOST_CHARS).collect(),
                reason,
            })?;
            draft.insert(key, name);
        }
        Ok(self.list(draft))
    }

    /// A finished draft.
    pub(super) fn list(self, draft: Draft) -> List {
        let networks = |key| if let Key::Network(network) = key { Some(network) } else { None };
        let texts = |key| if let Key::Text(text) = key { Some(text) } else { None };
        match self {
            ListItem::Network => List::Networks(draft.into_keys().filter_map(networks).collect()),
            ListItem::Alias => {
                let names = draft.into_iter().filter_map(|(key, name)| Some((networks(key)?, name)));
                List::Aliases(Arc::new(names.collect()))
            }
            ListItem::Host => List::Hosts(Arc::new(draft.into_keys().filter_map(texts).collect())),
            ListItem::Origin | ListItem::Name => {
                List::Texts(draft.into_keys().filter_map(texts).map(String::from).collect())
            }
            ListItem::Word(words) => {
                let held = words.iter().filter(|word| draft.contains_key(&Key::Text((**word).into())));
                List::Texts(held.map(|word| (*word).to_owned()).collect())
            }
        }
    }
}

/// Most characters of a name.
const MOST_NAME_CHARS: usize = 64;

/// Reads a name.
fn name(text: &str) -> Result<&str, &'static str> {
    let fits = !text.is_empty() && text.chars().nth(MOST_NAME_CHARS).is_none();
    if fits && !text.contains(|sign: char| sign.is_control() || sign == ',') {
        Ok(text)
    } else {
        Err("is no name of 1 to 64 characters without commas and control characters")
    }
}

impl EntryFault {
    /// How much of an entry is repeated.
    pub const MOST_CHARS: usize = 100;
}

/// A list, ready to be asked. Clones share it.
#[derive(Clone, PartialEq, Eq)]
pub enum List {
    /// Origins, names or words; also entries as they were given, before a setting has read them.
    Texts(Arc<[String]>),
    /// Networks, IPv4 first, by rising address.
    Networks(Arc<[IpNet]>),
    /// Names of clients, by address as networks are.
    Aliases(Arc<Aliases>),
    /// Hosts, by name.
    Hosts(Arc<HostSet>),
}

impl List {
    /// How many entries it has.
    pub fn len(&self) -> usize {
        match self {
            List::Texts(texts) => texts.len(),
            List::Networks(networks) => networks.len(),
            List::Aliases(aliases) => aliases.len(),
            List::Hosts(hosts) => hosts.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries as they are written, in order.
    pub fn texts(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        match self {
            List::Texts(texts) => Box::new(texts.iter().map(|text| Cow::Borrowed(text.as_str()))),
            List::Networks(networks) => Box::new(networks.iter().map(|network| Cow::Owned(networks::text(network)))),
            List::Aliases(aliases) => Box::new(
                aliases.iter().map(|(network, name)| Cow::Owned(format!("{}={name}", networks::text(network)))),
            ),
            List::Hosts(hosts) => Box::new(hosts.iter().map(Cow::Borrowed)),
        }
    }

    /// The entries, one a line.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for (index, entry) in self.texts().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            text.push_str(&entry);
        }
        text
    }
}

impl fmt::Debug for List {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "List({} entries)", self.len())
    }
}

#[cfg(test)]
mod tests;
