//! Where to listen: `udp://0.0.0.0:5514`.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// How lines come in over the network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Transport {
    /// Datagrams, which the network and this machine may lose (RFC 5426).
    Udp,
    /// Streams (RFC 6587).
    Tcp,
    /// Streams over TLS (RFC 5425).
    Tls,
}

impl Transport {
    /// All of them.
    pub const ALL: [Transport; 3] = [Transport::Udp, Transport::Tcp, Transport::Tls];

    /// The word in front of `://`.
    pub fn word(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
        }
    }
}

/// Where to listen, and for what.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ListenAddress {
    /// How lines come in.
    pub transport: Transport,
    /// The address and port of this machine; port 0 takes a free one.
    pub address: SocketAddr,
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}", self.transport.word(), self.address)
    }
}

/// What is no place to listen.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("'{0}' is no address to listen on; write it like udp://0.0.0.0:5514, tcp://[::]:5514 or tls://127.0.0.1:6514")]
pub struct ListenError(String);

impl FromStr for ListenAddress {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<ListenAddress, ListenError> {
        let wrong = || ListenError(text.to_owned());
        let (word, address) = text.split_once("://").ok_or_else(wrong)?;
        let transport = Transport::ALL.into_iter().find(|transport| transport.word() == word).ok_or_else(wrong)?;
        Ok(ListenAddress { transport, address: address.parse().map_err(|_| wrong())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_they_are_read() {
        for text in ["udp://0.0.0.0:5514", "tcp://[::]:5514", "tls://[2001:db8::1]:6514"] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().to_string(), text);
        }
        for wrong in ["", "0.0.0.0:514", "udp:0.0.0.0:514", "UDP://0.0.0.0:514", "udp://proxy:514", "udp://1.2.3.4"] {
            assert!(wrong.parse::<ListenAddress>().is_err(), "{wrong}");
        }
    }
}
