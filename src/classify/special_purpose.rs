//! Which addresses are private: not reachable across the public Internet. Not what an operator calls internal, which is
//! a setting.
//!
//! Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), column "Globally Reachable".
//! Two differences. The documentation networks (RFC 5737, RFC 3849, RFC 9637) don't count: nothing stands behind them,
//! inside or outside. Site-local IPv6 (`fec0::/10`, RFC 3879) does, for what still uses it. An IPv6 address that carries
//! an IPv4 address is as private as that one.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Private networks.
const PRIVATE: [IpNet; 19] = [
    v4([0, 0, 0, 0], 8),                      // this network, RFC 791
    v4([10, 0, 0, 0], 8),                     // private use, RFC 1918
    v4([100, 64, 0, 0], 10),                  // shared with a provider, RFC 6598
    v4([127, 0, 0, 0], 8),                    // loopback, RFC 1122
    v4([169, 254, 0, 0], 16),                 // link-local, RFC 3927; metadata services of clouds
    v4([172, 16, 0, 0], 12),                  // private use, RFC 1918
    v4([192, 0, 0, 0], 24),                   // IETF protocol assignments, RFC 6890
    v4([192, 168, 0, 0], 16),                 // private use, RFC 1918
    v4([198, 18, 0, 0], 15),                  // benchmarking, RFC 2544
    v4([240, 0, 0, 0], 4),                    // reserved and limited broadcast, RFC 1112, RFC 8190
    v6([0, 0, 0, 0, 0, 0, 0, 0], 127),        // unspecified and loopback, RFC 4291
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), // translation inside a network, RFC 8215
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64),     // discard, RFC 6666
    v6([0x100, 0, 0, 1, 0, 0, 0, 0], 64),     // dummy prefix, RFC 9780
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),    // IETF protocol assignments, RFC 2928
    v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16),    // segment routing identifiers, RFC 9602
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),     // unique local, RFC 4193
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),    // link-local, RFC 4291
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),    // site-local, deprecated by RFC 3879
];

/// Networks inside the private ones that are reachable all the same.
const REACHABLE: [IpNet; 10] = [
    v4([192, 0, 0, 9], 32),                    // Port Control Protocol anycast, RFC 7723
    v4([192, 0, 0, 10], 32),                   // TURN anycast, RFC 8155
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32),     // Teredo, RFC 4380
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128),    // Port Control Protocol anycast, RFC 7723
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 127),    // TURN and DNS-SD anycast, RFC 8155, RFC 9665
    v6([0x2001, 3, 0, 0, 0, 0, 0, 0], 32),     // automatic multicast tunnels, RFC 7450
    v6([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48), // AS112, RFC 7535
    v6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28),  // ORCHID, given back, RFC 4843
    v6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28),  // ORCHIDv2, RFC 7343
    v6([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28),  // remote identification of drones, RFC 9374
];

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], prefix: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix))
}

/// Whether an address is not reachable across the public Internet.
pub fn is_private(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(v6) => embedded(v6).map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    let within = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
    within(&PRIVATE) && !within(&REACHABLE)
}

/// The IPv4 address inside an IPv6 address: mapped (`::ffff:0:0/96`, RFC 4291), compatible (`::/96`, deprecated there,
/// but for `::` and `::1`), translated by NAT64 (`64:ff9b::/96`, RFC 6052) or 6to4 (`2002::/16`, RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let tail = |segments: [u16; 2]| Ipv4Addr::from(u32::from(segments[0]) << 16 | u32::from(segments[1]));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(tail([high, low])),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(tail([high, low])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_is_what_the_registries_call_not_globally_reachable() {
        for (private, addresses) in [
            (
                true,
                "0.0.0.0 0.255.255.255 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 \
                 172.31.255.255 192.0.0.1 192.0.0.170 192.168.255.255 198.18.0.1 198.19.255.255 240.0.0.1 \
                 255.255.255.255 :: ::1 64:ff9b:1::1 100::1 100:0:0:1::1 2001:1::4 2001:2::1 2001:1ff:ffff::1 5f00::1 \
                 fc00::1 fdff::1 fe80::1 febf::1 fec0::1 ::ffff:10.0.0.1 ::10.0.0.1 64:ff9b::10.0.0.1 2002:a00:1::1 \
                 2002:c0a8:101::",
            ),
            (
                false,
                "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 172.15.255.255 \
                 172.32.0.0 192.0.0.9 192.0.0.10 192.0.1.0 192.31.196.1 192.88.99.1 192.175.48.1 198.17.255.255 \
                 198.20.0.0 192.0.2.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 2001::1 2001:1::1 2001:1::2 \
                 2001:1::3 2001:3::1 2001:4:112::1 2001:20::1 2001:30::1 2001:200::1 2001:db8::1 3fff::1 2620:4f:8000::1 \
                 2606:4700:4700::1111 64:ff9b::1.1.1.1 2002:101:101::1 ::ffff:1.1.1.1 ::1.1.1.1 fbff::1 ff02::1",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
            }
        }
    }
}
