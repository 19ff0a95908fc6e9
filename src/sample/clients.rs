//! The clients: their addresses, their users and how busy each is.
//!
//! A client keeps its address and its user for the whole log. Three clients in ten
//! have a user; every 33rd has an IPv6 address.

use super::rng::{Rng, mix};
use super::zipf::Zipf;

pub(super) const FIRST: [&str; 41] = [
    "anna", "ben", "carla", "david", "elena", "felix", "greta", "hugo", "ines", "jan", "karin", "leo", "maria", "nils",
    "olga", "paul", "rosa", "sam", "tina", "uwe", "vera", "will", "xenia", "yusuf", "zoe", "amir", "bianca", "cem",
    "dora", "emil", "fatma", "georg", "hanna", "ivan", "julia", "kofi", "lena", "milo", "nora", "omar", "petra",
];
pub(super) const LAST: [&str; 37] = [
    "adams", "bauer", "costa", "doe", "ebert", "fischer", "garcia", "huber", "ivanov", "jensen", "kovacs", "lang",
    "meyer", "novak", "okafor", "patel", "quinn", "rossi", "smith", "tanaka", "ueda", "vogel", "weber", "xu", "young",
    "zimmer", "brown", "clark", "dubois", "evans", "fontaine", "gruber", "hansen", "ito", "jones", "keller", "lopez",
];

/// All clients of a log.
#[derive(Debug)]
pub(super) struct Clients {
    /// Address and user (`-` for nobody) by client.
    all: Vec<(String, String)>,
    /// Client by rank.
    by_rank: Vec<u32>,
    ranks: Zipf,
}

impl Clients {
    pub(super) fn new(seed: u64, n: u32) -> Self {
        let mut by_rank: Vec<u32> = (0..n).collect();
        let mut rng = Rng::new(mix(seed, 0x636c_6965));
        for at in (1..by_rank.len()).rev() {
            by_rank.swap(at, rng.below(at as u32 + 1) as usize);
        }
        // The busiest clients have IPv4 addresses, or one of them could be most of the IPv6 lines.
        let last = by_rank.len().saturating_sub(1);
        for rank in 0..by_rank.len().min(24) / 2 {
            if is_v6(by_rank[rank]) {
                by_rank.swap(rank, last - rank);
            }
        }
        Self { all: (0..n).map(|client| (address(client), user(client))).collect(), by_rank, ranks: Zipf::new(n, 0.9) }
    }

    pub(super) fn len(&self) -> u32 {
        self.all.len() as u32
    }

    #[inline]
    pub(super) fn draw(&self, rng: &mut Rng) -> u32 {
        self.by_rank[self.ranks.draw(rng) as usize]
    }

    #[inline]
    pub(super) fn address(&self, client: u32) -> &str {
        &self.all[client as usize].0
    }

    #[inline]
    pub(super) fn user(&self, client: u32) -> &str {
        &self.all[client as usize].1
    }
}

fn is_v6(client: u32) -> bool {
    client % 33 == 16
}

fn address(client: u32) -> String {
    if is_v6(client) {
        let low = mix(1, u64::from(client));
        let (b, c) = ((low >> 16) as u16 | 0x1000, low as u16 | 1);
        return format!("2001:db8:c0:{:x}::{b:x}:{c:x}", client / 200 + 1);
    }
    let (site, desk) = (client / 200, client % 200 + 10);
    format!("10.{}.{}.{desk}", site / 256, site % 256)
}

fn user(client: u32) -> String {
    if !matches!(client % 10, 1 | 4 | 8) {
        return "-".to_owned();
    }
    let nth = (client / 10 * 3 + client % 10 / 3) as usize;
    let (first, last) = (FIRST[nth % FIRST.len()], LAST[nth % LAST.len()]);
    let again = nth / (FIRST.len() * LAST.len());
    let number = if again == 0 { String::new() } else { (again + 1).to_string() };
    match nth % 8 {
        0 => format!("{first}.{last}{number}@corp.test"),
        1..4 => format!("{first}.{last}{number}"),
        _ => format!("{}{last}{}", &first[..1], nth / LAST.len()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn addresses_are_distinct_and_shares_are_as_said() {
        let clients = Clients::new(1, 5_000);
        let addresses: HashSet<&str> = (0..5_000).map(|client| clients.address(client)).collect();
        assert_eq!(addresses.len(), 5_000);
        let v6 = addresses.iter().filter(|address| address.contains(':')).count();
        assert!((140..160).contains(&v6), "{v6}");
        let users: HashSet<&str> = (0..5_000).map(|client| clients.user(client)).collect();
        assert_eq!(users.len(), 1_501, "each of the 1500 users is at one client");
        for address in addresses {
            assert!(address.parse::<std::net::IpAddr>().is_ok(), "{address}");
        }
    }
}
