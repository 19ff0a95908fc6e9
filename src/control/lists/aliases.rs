//! Names for addresses and networks; of several networks that hold an address the smallest names it.

use super::networks;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Most characters of a name.
const MOST_CHARS: usize = 64;

/// Names of clients.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Aliases {
    names: BTreeMap<IpNet, Box<str>>,
    /// The prefix lengths that occur.
    lengths: BTreeSet<u8>,
}

impl Aliases {
    /// The name of the longest prefix that holds an address.
    pub fn name_of(&self, address: IpAddr) -> Option<&str> {
        let address = address.to_canonical();
        let prefixes = self.lengths.iter().rev().filter_map(|length| IpNet::new(address, *length).ok());
        prefixes.filter_map(|prefix| self.names.get(&prefix.trunc())).map(|name| &**name).next()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names with what they name, IPv4 first, by rising address.
    pub fn iter(&self) -> impl Iterator<Item = (&IpNet, &str)> {
        self.names.iter().map(|(network, name)| (network, &**name))
    }
}

impl FromIterator<(IpNet, Box<str>)> for Aliases {
    fn from_iter<I: IntoIterator<Item = (IpNet, Box<str>)>>(names: I) -> Aliases {
        let names: BTreeMap<_, _> = names.into_iter().collect();
        Aliases { lengths: names.keys().map(IpNet::prefix_len).collect(), names }
    }
}

/// Reads `ADDRESS=NAME` or `NETWORK=NAME`.
pub(super) fn read(text: &str) -> Result<(IpNet, Box<str>), &'static str> {
    let (network, name) = text.split_once('=').ok_or("has no name; write it ADDRESS=NAME")?;
    let (network, name) = (networks::read(network.trim())?, name.trim());
    if name.is_empty() || name.chars().nth(MOST_CHARS).is_some() || name.contains(|sign: char| sign.is_control()) {
        return Err("has no name of 1 to 64 characters without control characters");
    }
    if name.contains(',') {
        return Err("has a name with a comma, which would end it where entries are separated by commas");
    }
    Ok((network, name.into()))
}
