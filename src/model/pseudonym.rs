//! Pseudonyms: names that stand for a person's values without saying them. The same value has the same name under one
//! key; without the key neither leads to the other. Source: HMAC-SHA-256 (RFC 2104), the first 60 bits written in the
//! base32 alphabet of RFC 4648 in small letters.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const CHARACTERS: usize = 12;

/// What a pseudonym stands for; its first letter says so.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PseudonymKind {
    /// A client address, `c-`: all spellings of an address are one, names are taken without regard to case.
    Client,
    /// A user name, `u-`: taken without regard to ASCII case, as the log's filter compares.
    User,
    /// Personal data inside a URL, `p-`: taken as it is.
    Part,
}

impl PseudonymKind {
    /// Every kind.
    pub const ALL: [PseudonymKind; 3] = [PseudonymKind::Client, PseudonymKind::User, PseudonymKind::Part];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            PseudonymKind::Client => "client",
            PseudonymKind::User => "user",
            PseudonymKind::Part => "part",
        }
    }

    const fn letter(self) -> u8 {
        self.name().as_bytes()[0]
    }

    /// What a text stands for when it is written as pseudonyms are: `c-`, `u-` or `p-` and 12 characters of base32.
    pub fn of(text: &[u8]) -> Option<PseudonymKind> {
        let [letter, b'-', name @ ..] = text else { return None };
        let kind = Self::ALL.into_iter().find(|kind| kind.letter() == *letter)?;
        (name.len() == CHARACTERS && name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))).then_some(kind)
    }
}

/// The key that names are made with. `Debug`, `Eq` and `Hash` know it by its epoch only.
#[derive(Clone, Copy)]
pub struct PseudonymKey {
    bytes: [u8; 32],
    epoch: u64,
}

impl PseudonymKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> PseudonymKey {
        let mut key = PseudonymKey { bytes, epoch: 0 };
        let digest = key.digest(&[b"epoch"]);
        key.epoch = digest.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        key
    }

    /// The number of the key: another for every key, and nothing of the key can be told from it.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The name of a value.
    pub fn name(&self, kind: PseudonymKind, value: &[u8]) -> Vec<u8> {
        let canonical;
        let value = match kind {
            PseudonymKind::Client => {
                canonical = canonical_client(value);
                &canonical
            }
            PseudonymKind::User => {
                canonical = value.to_ascii_lowercase();
                &canonical
            }
            PseudonymKind::Part => value,
        };
        let digest = self.digest(&[kind.name().as_bytes(), b"\0", value]);
        let bits = digest.first_chunk().map_or(0, |word| u64::from_be_bytes(*word));
        let digit = |place: usize| ALPHABET[(bits >> (59 - 5 * place)) as usize & 31];
        [kind.letter(), b'-'].into_iter().chain((0..CHARACTERS).map(digit)).collect()
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.bytes) else { return [0; 32] };
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

/// One spelling for an address, whatever it was logged as; small letters for a name.
fn canonical_client(value: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(value).ok().and_then(|text| text.parse::<IpAddr>().ok()) {
        Some(address) => address.to_canonical().to_string().into_bytes(),
        None => value.to_ascii_lowercase(),
    }
}

impl PartialEq for PseudonymKey {
    fn eq(&self, other: &PseudonymKey) -> bool {
        self.epoch == other.epoch
    }
}

impl Eq for PseudonymKey {}

impl Hash for PseudonymKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.epoch.hash(state);
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "epoch {:016x}", self.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PseudonymKind::{Client, Part, User};

    #[test]
    fn the_same_value_has_the_same_name_in_every_spelling() {
        let key = PseudonymKey::new([7; 32]);
        for (kind, one, other) in [
            (Client, "10.0.0.1", "::ffff:10.0.0.1"),
            (Client, "2001:db8::1", "2001:0DB8:0:0::1"),
            (Client, "PC-7.example", "pc-7.EXAMPLE"),
            (User, "Ada", "aDA"),
        ] {
            assert_eq!(key.name(kind, one.as_bytes()), key.name(kind, other.as_bytes()), "{one}");
        }
    }

    #[test]
    fn kinds_values_and_keys_have_names_of_their_own() {
        let (key, other) = (PseudonymKey::new([7; 32]), PseudonymKey::new([8; 32]));
        let names = [
            key.name(Client, b"10.0.0.1"),
            key.name(User, b"10.0.0.1"),
            key.name(Part, b"10.0.0.1"),
            key.name(Client, b"10.0.0.2"),
            other.name(Client, b"10.0.0.1"),
        ];
        let bare = |name: &[u8]| name[2..].to_vec();
        for (at, name) in names.iter().enumerate() {
            assert_eq!(PseudonymKind::of(name), Some([Client, User, Part, Client, Client][at]));
            assert!(names[..at].iter().all(|known| bare(known) != bare(name)), "{at}");
        }
        assert_ne!(key, other);
        assert!(!format!("{key:?}").contains("07, 07"));
    }

    /// The expected name was computed with Python's `hmac` and `base64`.
    #[test]
    fn names_are_hmac_sha_256() {
        let key = PseudonymKey::new([0; 32]);
        assert_eq!(String::from_utf8(key.name(Client, b"10.0.0.1")).unwrap(), "c-36eylunqbiml");
    }

    #[test]
    fn other_texts_are_no_pseudonyms() {
        for text in ["", "c-", "c-abcdefghijk", "c-abcdefghijklm", "c-abcdefghijk1", "C-abcdefghijkl", "x-abcdefghijkl"]
        {
            assert_eq!(PseudonymKind::of(text.as_bytes()), None, "{text}");
        }
    }
}
