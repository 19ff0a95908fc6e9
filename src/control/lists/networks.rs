//! Addresses and networks: CIDR notation (RFC 4632, RFC 4291), an address alone for the network of itself. Bits behind
//! the prefix are dropped; IPv4-mapped IPv6 (`::ffff:0:0/96`) is IPv4.

use ipnet::{IpNet, Ipv4Net};
use std::net::IpAddr;

/// Reads an address or a network.
pub(super) fn read(text: &str) -> Result<IpNet, &'static str> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address.to_canonical()));
    }
    let network: IpNet = text.parse().map_err(|_| "is neither an address nor a network such as 10.0.0.0/8")?;
    Ok(canonical(network).trunc())
}

fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(mapped) if mapped.prefix_len() >= 96 => mapped
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| Ipv4Net::new(address, mapped.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        _ => network,
    }
}

/// A network as it is written; the address alone where it holds no other.
pub(super) fn text(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}
