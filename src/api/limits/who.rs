//! Whose requests are counted together: a principal by the way it came in, else the network of the peer.

use crate::model::{Credential, Principal};
use std::net::{IpAddr, Ipv6Addr};

/// Whose requests are counted together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Who {
    /// An account, by one way of authenticating.
    Principal {
        /// The account's number.
        account: i64,
        /// The way.
        way: Way,
    },
    /// Strangers from one network.
    Peer(Network),
    /// Strangers of whom not even the address is known.
    Nobody,
}

/// How a principal came in. Sessions and tokens of one account share a bucket, so that logging in again gains nothing;
/// every API key has its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    /// Name and password.
    Password,
    /// A session cookie.
    Session,
    /// An access token.
    AccessToken,
    /// An API key, by its number.
    ApiKey(i64),
    /// A token the account signed itself.
    SelfSigned,
}

impl Who {
    /// Whose request it is.
    pub fn of(principal: Option<&Principal>, address: Option<IpAddr>) -> Who {
        match (principal, address) {
            (Some(principal), _) => Who::Principal {
                account: principal.account.0,
                way: match principal.credential {
                    Credential::Password => Way::Password,
                    Credential::Session(_) => Way::Session,
                    Credential::AccessToken(_) => Way::AccessToken,
                    Credential::ApiKey(key) => Way::ApiKey(key),
                    Credential::SelfSigned => Way::SelfSigned,
                },
            },
            (None, Some(address)) => Who::Peer(Network::of(address)),
            (None, None) => Who::Nobody,
        }
    }

    /// Whether it is a browser's session.
    pub fn is_session(&self) -> bool {
        matches!(self, Who::Principal { way: Way::Session, .. })
    }

    /// Whether it is an API key.
    pub fn is_api_key(&self) -> bool {
        matches!(self, Who::Principal { way: Way::ApiKey(_), .. })
    }

    /// Whether it is somebody known.
    pub fn is_principal(&self) -> bool {
        matches!(self, Who::Principal { .. })
    }
}

/// What one subscriber has at least: an IPv4 address, or an IPv6 /64 (RFC 6177), whose addresses it changes at will.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address; an IPv4-mapped one is that IPv4 address.
    pub fn of(address: IpAddr) -> Network {
        Network(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
            address @ IpAddr::V4(_) => address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_one_network() {
        let network = |text: &str| Network::of(text.parse().unwrap());
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::9"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.2"), network("192.0.2.1"));
    }
}
