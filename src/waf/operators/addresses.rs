//! `ipMatch`, `ipMatchF`, `ipMatchFromFile`: whether the value is an address of a list of addresses and networks.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

use ipnet::IpNet;

use super::{Captures, Files, Gate, Matcher, OperatorError};

/// First and last addresses of networks, apart for each family, in order and without overlap.
struct Addresses {
    v4: Vec<(u128, u128)>,
    v6: Vec<(u128, u128)>,
}

/// `ipMatch`: addresses and networks (`10.0.0.0/8`, `2001:db8::/32`) with commas between.
pub fn listed(argument: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    made("ipMatch", argument.split(','))
}

/// `ipMatchFromFile`: such a list a line; what follows `#` is a comment.
pub fn from_file(file: &str, files: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    const NAME: &str = "ipMatchFromFile";
    let text = files(file).map_err(|error| OperatorError::File { name: NAME, file: file.to_owned(), error })?;
    let text = String::from_utf8_lossy(&text);
    made(NAME, text.lines().filter_map(|line| line.split('#').next()).flat_map(|line| line.split(',')))
}

fn made<'t>(name: &'static str, parts: impl Iterator<Item = &'t str>) -> Result<Arc<dyn Matcher>, OperatorError> {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let network: Result<IpNet, _> = part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(IpNet::V4(network)) => {
                v4.push((u32::from(network.network()).into(), u32::from(network.broadcast()).into()));
            }
            Ok(IpNet::V6(network)) => v6.push((network.network().into(), network.broadcast().into())),
            Err(_) => {
                return Err(OperatorError::Argument {
                    name,
                    argument: part.to_owned(),
                    why: "write an address or a network, as 192.0.2.0/24",
                });
            }
        }
    }
    Ok(Arc::new(Addresses { v4: joined(v4), v6: joined(v6) }))
}

fn joined(mut networks: Vec<(u128, u128)>) -> Vec<(u128, u128)> {
    networks.sort_unstable();
    networks.dedup_by(|next, kept| {
        let inside = next.0 <= kept.1;
        kept.1 = if inside { kept.1.max(next.1) } else { kept.1 };
        inside
    });
    networks
}

impl Matcher for Addresses {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        let (networks, address) = match std::str::from_utf8(value).ok()?.parse().ok()? {
            IpAddr::V4(address) => (&self.v4, u32::from(address).into()),
            IpAddr::V6(address) => (&self.v6, u128::from(address)),
        };
        let after = networks.partition_point(|(first, _)| *first <= address);
        let (_, last) = networks.get(after.checked_sub(1)?)?;
        (address <= *last).then_some(0..value.len())
    }

    fn gate(&self) -> Gate {
        Gate::Always
    }
}
