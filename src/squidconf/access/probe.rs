//! A request that somebody might make.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A request to ask about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Probe<'p> {
    /// Who asks.
    pub client: IpAddr,
    /// The method.
    pub method: &'p str,
    /// The scheme; empty for CONNECT.
    pub scheme: &'p str,
    /// The host, a name or an address, IPv6 without brackets.
    pub host: &'p str,
    /// What the host resolves to.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// The path; empty for CONNECT.
    pub path: &'p str,
    /// Whether the client has logged in.
    pub is_logged_in: bool,
}

impl<'p> Probe<'p> {
    /// An address of the public Internet that names resolve to where nothing else is said.
    pub const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(93, 184, 215, 14));

    /// A tunnel, without a login.
    pub fn connect(client: IpAddr, host: &'p str, port: u16) -> Probe<'p> {
        Probe { method: "CONNECT", scheme: "", path: "", ..Probe::get(client, host, port) }
    }

    /// `GET http://host:port/`, without a login.
    pub fn get(client: IpAddr, host: &'p str, port: u16) -> Probe<'p> {
        let address = match host {
            "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
            "::" => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            host => host.parse().unwrap_or(Probe::PUBLIC),
        };
        Probe { client, method: "GET", scheme: "http", host, address, port, path: "/", is_logged_in: false }
    }

    /// The same by a client that has logged in.
    #[must_use]
    pub fn logged_in(self) -> Probe<'p> {
        Probe { is_logged_in: true, ..self }
    }

    /// The host as Squid writes it: an IPv6 address in brackets.
    pub fn shown_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.to_owned() }
    }

    /// The target as ACLs on URLs see it: a tunnel's is `host:port`.
    pub fn url(&self) -> String {
        let Probe { scheme, port, path, .. } = self;
        let host = self.shown_host();
        match *scheme {
            "" => format!("{host}:{port}"),
            "http" if *port == 80 => format!("http://{host}{path}"),
            "https" if *port == 443 => format!("https://{host}{path}"),
            "ftp" if *port == 21 => format!("ftp://{host}{path}"),
            "cache_object" => format!("cache_object://{host}{path}"),
            _ => format!("{scheme}://{host}:{port}{path}"),
        }
    }
}
