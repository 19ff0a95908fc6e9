//! How personal values appear to whoever asks. A lens is part of every question: filters, groups, sorts and
//! searches run on what it shows, never on what lies behind it.

use super::personal_data::{self, Owner, Place};
use super::{PseudonymKey, PseudonymKind};
use ipnet::IpNet;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use xxhash_rust::xxh3::Xxh3;

/// How client addresses appear.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ClientLevel {
    /// As logged.
    #[default]
    Plain,
    /// Their network: `10.1.2.0/24`, `2001:db8:1::/48`; what is no address as [`Lens::MASK`].
    Prefix,
    /// A name that stands for the address: `c-` and 12 characters.
    Pseudonym(PseudonymKey),
    /// Every value as [`Lens::MASK`].
    Mask,
}

/// How user names appear.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum UserLevel {
    /// As logged.
    #[default]
    Plain,
    /// A name that stands for the user: `u-` and 12 characters.
    Pseudonym(PseudonymKey),
    /// Every value as [`Lens::MASK`].
    Mask,
}

/// How what stands behind the origin of a URL appears, and the texts a browser sends along.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum UrlLevel {
    /// As logged.
    #[default]
    Plain,
    /// Personal data as [`Lens::MASK`], the rest as logged.
    Personal,
    /// Personal data as names that stand for it: `p-` and 12 characters; the rest as logged.
    Pseudonym(PseudonymKey),
    /// Everything as [`Lens::MASK`].
    Mask,
}

/// The view a principal gets. Values that are absent stay absent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Lens {
    /// Client addresses.
    pub client: ClientLevel,
    /// User names.
    pub user: UserLevel,
    /// Path, query and fragment of URLs, referers and user agents; the origin (scheme, host, port) stays.
    pub url: UrlLevel,
}

impl Lens {
    /// What a masked value looks like.
    pub const MASK: &'static str = "***";
    /// Everything as logged.
    pub const PLAIN: Lens = Lens { client: ClientLevel::Plain, user: UserLevel::Plain, url: UrlLevel::Plain };
    /// Nothing personal.
    pub const MASKED: Lens = Lens { client: ClientLevel::Mask, user: UserLevel::Mask, url: UrlLevel::Mask };

    /// Clients and users under pseudonyms, personal data in URLs masked.
    pub fn pseudonyms(key: PseudonymKey) -> Lens {
        Lens { client: ClientLevel::Pseudonym(key), user: UserLevel::Pseudonym(key), url: UrlLevel::Personal }
    }

    /// The client as this lens shows it; empty where the line had none. What was stored under a pseudonym keeps it.
    pub fn client<'v>(&self, raw: &'v [u8]) -> Cow<'v, [u8]> {
        match self.client {
            _ if raw.is_empty() => Cow::Borrowed(raw),
            ClientLevel::Plain => Cow::Borrowed(raw),
            ClientLevel::Prefix => network(raw).map_or(Cow::Borrowed(Self::MASK.as_bytes()), Cow::Owned),
            ClientLevel::Pseudonym(key) => named(key, PseudonymKind::Client, raw),
            ClientLevel::Mask => Cow::Borrowed(Self::MASK.as_bytes()),
        }
    }

    /// The user as this lens shows it; empty where the line had none. What was stored under a pseudonym keeps it.
    pub fn user<'v>(&self, raw: &'v [u8]) -> Cow<'v, [u8]> {
        match self.user {
            _ if raw.is_empty() => Cow::Borrowed(raw),
            UserLevel::Plain => Cow::Borrowed(raw),
            UserLevel::Pseudonym(key) => named(key, PseudonymKind::User, raw),
            UserLevel::Mask => Cow::Borrowed(Self::MASK.as_bytes()),
        }
    }

    /// The address of somebody who uses Tidegate itself, who may be named beside it: as a client's, but under another
    /// pseudonym than their rows in the log have.
    pub fn caller(&self, address: IpAddr) -> String {
        let text = address.to_canonical().to_string();
        let shown = match self.client {
            ClientLevel::Pseudonym(key) => {
                Cow::Owned(key.name(PseudonymKind::Part, &[b"caller\0", text.as_bytes()].concat()))
            }
            _ => self.client(text.as_bytes()),
        };
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// Whose row it is, as far as the other texts of the row must not say so.
    pub fn owner(&self, client: &[u8], user: &[u8]) -> Owner {
        let hidden = |plain: bool, value: &[u8]| if plain { Vec::new() } else { value.to_vec() };
        Owner::new(&hidden(self.client_is_plain(), client), &hidden(self.user == UserLevel::Plain, user))
    }

    /// The origin of a target: as logged, but for a host that is the row's own client or names its user.
    pub fn origin<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        if self.is_plain() { Cow::Borrowed(raw) } else { personal_data::hide_host(raw, owner) }
    }

    /// The peer: as logged, but where it is the row's own client.
    pub fn peer<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        if owner.is_client(raw) { Cow::Borrowed(Self::MASK.as_bytes()) } else { Cow::Borrowed(raw) }
    }

    /// The MIME type: as logged, but where it holds the row's own client or user.
    pub fn mime<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        personal_data::hide(raw, Place::Owned, owner, |_| Self::MASK.into())
    }

    /// The part of the URL behind its origin as this lens shows it.
    pub fn path<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        match self.url {
            UrlLevel::Mask if raw.is_empty() || raw == b"/" => Cow::Borrowed(raw),
            UrlLevel::Mask if raw.starts_with(b"/") => Cow::Borrowed(b"/***"),
            UrlLevel::Mask => Cow::Borrowed(Self::MASK.as_bytes()),
            _ => self.text(raw, Place::Url, owner),
        }
    }

    /// The referer, a whole URL: its origin stays as that of the target does.
    pub fn referer<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        let (origin, rest) = personal_data::split_origin(raw);
        let (shown, behind) = (self.origin(origin, owner), self.path(rest, owner));
        match (&shown, &behind) {
            (Cow::Borrowed(kept), Cow::Borrowed(same)) if *kept == origin && *same == rest => Cow::Borrowed(raw),
            _ => Cow::Owned([&shown[..], &behind[..]].concat()),
        }
    }

    /// The user agent. No URL, so it is never masked as a whole, but whoever sees no personal data in URLs sees none
    /// in it either.
    pub fn agent<'v>(&self, raw: &'v [u8], owner: &Owner) -> Cow<'v, [u8]> {
        self.text(raw, Place::Agent, owner)
    }

    fn text<'v>(&self, raw: &'v [u8], place: Place, owner: &Owner) -> Cow<'v, [u8]> {
        match self.url {
            UrlLevel::Plain if owner.is_nobody() => Cow::Borrowed(raw),
            UrlLevel::Plain => personal_data::hide(raw, Place::Owned, owner, |_| Self::MASK.into()),
            UrlLevel::Personal | UrlLevel::Mask => personal_data::hide(raw, place, owner, |_| Self::MASK.into()),
            UrlLevel::Pseudonym(key) => {
                personal_data::hide(raw, place, owner, |part| key.name(PseudonymKind::Part, part))
            }
        }
    }

    /// A number of the view: another wherever anything may appear differently, and so after a rotation of the key.
    pub fn epoch(&self) -> u64 {
        let mut hash = Xxh3::new();
        self.hash(&mut hash);
        hash.finish()
    }

    /// Whether raw client addresses may be compared, as a CIDR filter must.
    pub fn client_is_plain(&self) -> bool {
        self.client == ClientLevel::Plain
    }

    /// Whether user names appear as logged.
    pub fn user_is_plain(&self) -> bool {
        self.user == UserLevel::Plain
    }

    /// Whether a network is one that clients are shown as.
    pub fn shows_network(&self, network: IpNet) -> bool {
        let width = if network.addr().is_ipv4() { 24 } else { 48 };
        self.client == ClientLevel::Prefix && network.prefix_len() == width && network == network.trunc()
    }

    /// Whether nothing is hidden.
    pub fn is_plain(&self) -> bool {
        *self == Self::PLAIN
    }
}

fn named(key: PseudonymKey, kind: PseudonymKind, raw: &[u8]) -> Cow<'_, [u8]> {
    if PseudonymKind::of(raw) == Some(kind) { Cow::Borrowed(raw) } else { Cow::Owned(key.name(kind, raw)) }
}

/// The network of an address: /24 for IPv4, /48 for IPv6.
fn network(raw: &[u8]) -> Option<Vec<u8>> {
    let address: IpAddr = std::str::from_utf8(raw).ok()?.parse().ok()?;
    let text = match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    };
    Some(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(shown: &[u8]) -> String {
        String::from_utf8_lossy(shown).into_owned()
    }

    #[test]
    fn clients_appear_by_level() {
        let key = PseudonymKey::new([1; 32]);
        let pseudonym = |value: &[u8]| text(&key.name(PseudonymKind::Client, value));
        for (raw, prefix) in [
            ("10.1.2.3", "10.1.2.0/24"),
            ("::ffff:10.1.2.3", "10.1.2.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
            ("pc-7.example", "***"),
        ] {
            let shown = |client| text(&Lens { client, ..Lens::PLAIN }.client(raw.as_bytes()));
            assert_eq!(shown(ClientLevel::Plain), raw);
            assert_eq!(shown(ClientLevel::Prefix), prefix);
            assert_eq!(shown(ClientLevel::Mask), "***");
            assert_eq!(shown(ClientLevel::Pseudonym(key)), pseudonym(raw.as_bytes()));
        }
        let stored = pseudonym(b"10.1.2.3");
        assert_eq!(text(&Lens::pseudonyms(key).client(stored.as_bytes())), stored);
        assert_ne!(text(&Lens::pseudonyms(key).user(stored.as_bytes())), stored);
        assert_eq!(text(&Lens::MASKED.client(stored.as_bytes())), "***");
    }

    #[test]
    fn callers_have_other_pseudonyms_than_clients() {
        let key = PseudonymKey::new([1; 32]);
        let address: IpAddr = "::ffff:10.1.2.3".parse().unwrap();
        let shown = |client| Lens { client, ..Lens::PLAIN }.caller(address);
        assert_eq!((shown(ClientLevel::Plain), shown(ClientLevel::Mask)), ("10.1.2.3".into(), "***".into()));
        assert_eq!(shown(ClientLevel::Prefix), "10.1.2.0/24");
        let named = shown(ClientLevel::Pseudonym(key));
        assert_eq!(PseudonymKind::of(named.as_bytes()), Some(PseudonymKind::Part));
        for kind in PseudonymKind::ALL {
            assert_ne!(named.as_bytes()[2..], key.name(kind, b"10.1.2.3")[2..], "{kind:?}");
        }
    }

    #[test]
    fn what_is_absent_stays_absent() {
        for lens in [Lens::PLAIN, Lens::MASKED, Lens::pseudonyms(PseudonymKey::new([1; 32]))] {
            let nobody = lens.owner(b"", b"");
            assert!(lens.client(b"").is_empty() && lens.user(b"").is_empty() && lens.path(b"", &nobody).is_empty());
            assert!(lens.referer(b"", &nobody).is_empty() && lens.agent(b"", &nobody).is_empty());
            assert_eq!(text(&lens.path(b"/", &nobody)), "/");
        }
    }

    #[test]
    fn referers_keep_their_origin() {
        let nobody = Lens::MASKED.owner(b"", b"");
        let key = PseudonymKey::new([1; 32]);
        for (raw, masked, personal) in [
            ("http://a.example/x?mail=ada@b.example", "http://a.example/***", "http://a.example/x?mail=***"),
            ("http://10.1.2.3:80/x", "http://10.1.2.3:80/***", "http://10.1.2.3:80/x"),
            ("http://ada:pw@a.example/", "http://***@a.example/", "http://***@a.example/"),
            ("about:blank", "***", "about:blank"),
        ] {
            assert_eq!(text(&Lens::MASKED.referer(raw.as_bytes(), &nobody)), masked);
            assert_eq!(text(&Lens::pseudonyms(key).referer(raw.as_bytes(), &nobody)), personal);
            assert_eq!(text(&Lens::PLAIN.referer(raw.as_bytes(), &Owner::default())), raw);
        }
    }

    #[test]
    fn the_epoch_tells_views_apart() {
        let [one, other] = [[1; 32], [2; 32]].map(|bytes| Lens::pseudonyms(PseudonymKey::new(bytes)));
        let epochs = [Lens::PLAIN.epoch(), Lens::MASKED.epoch(), one.epoch(), other.epoch()];
        for (at, epoch) in epochs.iter().enumerate() {
            assert!(!epochs[..at].contains(epoch), "{at}");
        }
        assert_eq!(one.epoch(), Lens::pseudonyms(PseudonymKey::new([1; 32])).epoch());
    }
}
