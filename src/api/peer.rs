//! Who is at the other end, where reverse proxies stand in front: the first layer takes the address of the connection
//! and, where trusted proxies passed the request on, finds the peer behind them in `X-Forwarded-For`.
//!
//! The header is read from its right end, where each proxy adds the address it was asked from: hops that are trusted
//! proxies are passed over, the first other one is the peer. A hop that is no address ends the walk at the hop before
//! it. What stands left of that was written by whoever asks, and is never read. `Forwarded` (RFC 7239) is not read.

use super::extract::Peer;
use super::state::AppState;
use crate::control::settings::{API_TRUST_PROXY_HEADERS, API_TRUSTED_PROXIES};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: &str = "x-forwarded-for";
const X_FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The address at the other end of the connection itself, be it a proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TcpPeer(pub SocketAddr);

/// Whether the peer's connection is encrypted, put into every request by [`super::serve`], or as a trusted proxy says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Secure(pub bool);

/// Puts [`TcpPeer`] beside the [`Peer`] of the connection, and the peer behind trusted proxies in its place.
pub async fn find_peer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(tcp)) = request.extensions().get().copied() {
        request.extensions_mut().insert(TcpPeer(tcp));
        let settings = state.control.settings();
        if settings.get(API_TRUST_PROXY_HEADERS) {
            let trusted = settings.get(API_TRUSTED_PROXIES);
            let peer = peer_behind(&trusted, tcp, request.headers());
            let secure = is_trusted(&trusted, tcp.ip()).then(|| forwarded_proto(request.headers())).flatten();
            request.extensions_mut().insert(Peer(peer));
            if let Some(secure) = secure {
                request.extensions_mut().insert(secure);
            }
        }
    }
    next.run(request).await
}

/// The peer behind trusted proxies; its port is 0 where none is said.
fn peer_behind(trusted: &[IpNet], tcp: SocketAddr, headers: &HeaderMap) -> SocketAddr {
    let mut peer = tcp;
    // Lines of one header are one list (RFC 9110 §5.3).
    for line in headers.get_all(X_FORWARDED_FOR).iter().rev() {
        for hop in line.as_bytes().rsplit(|byte| *byte == b',') {
            if !is_trusted(trusted, peer.ip()) {
                return peer;
            }
            let Some(hop) = address(hop) else { return peer };
            peer = hop;
        }
    }
    peer
}

fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// An address as proxies write it: alone or with a port, IPv6 in brackets or without; IPv4-mapped ones are IPv4.
fn address(hop: &[u8]) -> Option<SocketAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let found = match bare {
        Some(address) => SocketAddr::new(IpAddr::V6(address.parse().ok()?), 0),
        None => text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 0)).or_else(|_| text.parse()).ok()?,
    };
    Some(SocketAddr::new(found.ip().to_canonical(), found.port()))
}

/// What the nearest proxy says about the connection it was asked on.
fn forwarded_proto(headers: &HeaderMap) -> Option<Secure> {
    let last: &HeaderValue = headers.get_all(X_FORWARDED_PROTO).iter().next_back()?;
    let word = last.to_str().ok()?.rsplit(',').next()?.trim();
    Some(Secure(word.eq_ignore_ascii_case("https")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn networks(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn forwarded(lines: &[&str]) -> HeaderMap {
        let lines = lines.iter().map(|line| HeaderValue::from_bytes(line.as_bytes()).unwrap());
        lines.map(|line| (X_FORWARDED_FOR.parse().unwrap(), line)).collect()
    }

    #[test]
    fn the_rightmost_hop_that_is_no_proxy_is_the_peer() {
        let trusted = networks(&["127.0.0.1/32", "10.0.0.0/8", "2001:db8:ffff::/48"]);
        const TCP: &str = "127.0.0.1:4711";
        for (tcp, lines, want) in [
            (TCP, &[][..], TCP),
            (TCP, &["192.0.2.1"], "192.0.2.1:0"),
            (TCP, &["6.6.6.6, 192.0.2.1"], "192.0.2.1:0"),
            (TCP, &["6.6.6.6, 192.0.2.1, 10.0.0.2,10.0.0.1"], "192.0.2.1:0"),
            (TCP, &["6.6.6.6, 192.0.2.1", "10.0.0.2"], "192.0.2.1:0"),
            (TCP, &["6.6.6.6", "192.0.2.1", "10.0.0.2"], "192.0.2.1:0"),
            (TCP, &["192.0.2.1:51000"], "192.0.2.1:51000"),
            (TCP, &["2001:db8::1"], "[2001:db8::1]:0"),
            (TCP, &["[2001:db8::1]"], "[2001:db8::1]:0"),
            (TCP, &["[2001:db8::1]:51000"], "[2001:db8::1]:51000"),
            (TCP, &["2001:db8::1, 2001:db8:ffff::9"], "[2001:db8::1]:0"),
            (TCP, &["::ffff:192.0.2.1"], "192.0.2.1:0"),
            (TCP, &["192.0.2.1, ::ffff:10.0.0.1"], "192.0.2.1:0"),
            (TCP, &["192.0.2.1, [::ffff:10.0.0.1]:80"], "192.0.2.1:0"),
            // All trusted: the one farthest away.
            (TCP, &["10.0.0.9, 10.0.0.1"], "10.0.0.9:0"),
            // Garbage ends the walk at the last good hop.
            (TCP, &["unknown"], TCP),
            (TCP, &[""], TCP),
            (TCP, &["6.6.6.6, "], TCP),
            (TCP, &["6.6.6.6, unknown, 10.0.0.1"], "10.0.0.1:0"),
            (TCP, &["6.6.6.6, 10.0.0.1.5"], TCP),
            (TCP, &["6.6.6.6, \"10.0.0.1\""], TCP),
            (TCP, &["6.6.6.6, [10.0.0.1]"], TCP),
            (TCP, &["6.6.6.6, fe80::1%eth0"], TCP),
            (TCP, &["6.6.6.6, \u{ff11}0.0.0.1"], TCP),
            // A mapped connection is the proxy's all the same; an untrusted one says nothing.
            ("[::ffff:127.0.0.1]:4711", &["192.0.2.1"], "192.0.2.1:0"),
            ("192.0.2.7:4711", &["6.6.6.6"], "192.0.2.7:4711"),
            ("192.0.2.7:4711", &["6.6.6.6, 10.0.0.1"], "192.0.2.7:4711"),
        ] {
            let peer = peer_behind(&trusted, tcp.parse().unwrap(), &forwarded(lines));
            assert_eq!(peer, want.parse().unwrap(), "{tcp} {lines:?}");
        }
    }

    #[test]
    fn the_nearest_proxy_says_what_it_was_asked_on() {
        for (lines, want) in [
            (&[][..], None),
            (&["https"], Some(Secure(true))),
            (&["HTTPS "], Some(Secure(true))),
            (&["http"], Some(Secure(false))),
            (&["https, http"], Some(Secure(false))),
            (&["http", "https"], Some(Secure(true))),
            (&["wss"], Some(Secure(false))),
        ] {
            let headers = lines.iter().map(|line| (X_FORWARDED_PROTO.parse().unwrap(), line.parse().unwrap()));
            assert_eq!(forwarded_proto(&headers.collect()), want, "{lines:?}");
        }
    }

    fn hop() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
            any::<std::net::Ipv6Addr>().prop_map(|address| format!("[{address}]:80")),
            (0_u8..255).prop_map(|last| format!("10.0.0.{last}")),
            "[ -~&&[^,]]{0,12}",
        ]
    }

    proptest! {
        #[test]
        fn nothing_an_untrusted_connection_says_matters(
            soup in prop::collection::vec(prop::collection::vec(hop(), 0..5), 0..4), tcp in any::<std::net::Ipv4Addr>(),
        ) {
            let lines: Vec<String> = soup.iter().map(|hops| hops.join(",")).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let tcp = SocketAddr::new(tcp.into(), 1);
            let others = networks(&["10.0.0.0/8"]);
            prop_assume!(!is_trusted(&others, tcp.ip()));
            prop_assert_eq!(peer_behind(&others, tcp, &forwarded(&lines)), tcp);
            prop_assert_eq!(peer_behind(&[], tcp, &forwarded(&lines)), tcp);
        }

        #[test]
        fn nothing_left_of_the_peer_matters(
            soup in prop::collection::vec(prop::collection::vec(hop(), 0..5), 0..4),
            peer in any::<std::net::Ipv4Addr>(), proxies in prop::collection::vec(0_u8..255, 0..4), split in any::<bool>(),
        ) {
            let trusted = networks(&["10.0.0.0/8"]);
            prop_assume!(!is_trusted(&trusted, peer.into()));
            let mut lines: Vec<String> = soup.iter().map(|hops| hops.join(",")).collect();
            let honest = [peer.to_string()].into_iter().chain(proxies.iter().map(|last| format!("10.0.0.{last}")));
            if split || lines.is_empty() {
                lines.extend(honest);
            } else if let Some(line) = lines.last_mut() {
                honest.for_each(|hop| *line += &format!(", {hop}"));
            }
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = peer_behind(&trusted, "10.9.9.9:1".parse().unwrap(), &forwarded(&lines));
            prop_assert_eq!(found.ip(), IpAddr::from(peer));
        }
    }
}
