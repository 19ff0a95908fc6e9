//! Sets of addresses, as `acl src` and `acl dst` write them (`ACLIP.cc`): an address, a network by prefix or mask, a
//! range, `all`, `ipv4`, `ipv6`.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

/// The addresses that a value means; none for a name, which needs a resolver.
pub(super) fn parse(value: &str) -> Option<Vec<RangeInclusive<IpAddr>>> {
    let (v4, v6) =
        (IpAddr::from([0, 0, 0, 0])..=IpAddr::from([255; 4]), IpAddr::from([0; 16])..=IpAddr::from([255; 16]));
    match value {
        "all" | "0.0.0.0/0" | "::/0" => return Some(vec![v4, v6]),
        "ipv4" => return Some(vec![v4]),
        "ipv6" => return Some(vec![v6]),
        _ => {}
    }
    let (body, mask) = value.split_once('/').map_or((value, None), |(body, mask)| (body, Some(mask)));
    if let Some((first, last)) = body.split_once('-') {
        let (first, last) = (address(first)?, address(last)?);
        // With a mask, the last network belongs to the range as a whole.
        let last = mask.map_or(Some(last), |mask| Some(network(last, mask)?.broadcast()))?;
        return Some(vec![first..=last]);
    }
    let first = address(body)?;
    let Some(mask) = mask else { return Some(vec![first..=first]) };
    let network = network(first, mask)?;
    Some(vec![network.network()..=network.broadcast()])
}

fn address(text: &str) -> Option<IpAddr> {
    text.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// By a prefix's length, or by a mask that is one.
fn network(address: IpAddr, mask: &str) -> Option<IpNet> {
    let length = match mask.parse::<u8>() {
        Ok(length) => length,
        Err(_) => ipnet::ip_mask_to_prefix(mask.parse().ok()?).ok()?,
    };
    IpNet::new(address, length).ok()
}

/// An address inside a range: the second where there is one, since the first of a network is nobody's.
pub(super) fn sample(range: &RangeInclusive<IpAddr>) -> IpAddr {
    let (first, last) = (*range.start(), *range.end());
    let second = match first {
        IpAddr::V4(first) => IpAddr::V4(Ipv4Addr::from_bits(first.to_bits().saturating_add(1))),
        IpAddr::V6(first) => IpAddr::V6(Ipv6Addr::from_bits(first.to_bits().saturating_add(1))),
    };
    second.min(last)
}
