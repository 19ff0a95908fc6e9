//! Web origins (RFC 6454) in the form browsers send them in `Origin`: lower case, without the scheme's own port.

use super::hosts;
use std::net::{Ipv4Addr, Ipv6Addr};

const FORM: &str = "is no origin; write it scheme://host[:port] with http or https and nothing behind it";

/// Reads an origin.
pub(super) fn read(text: &str) -> Result<String, &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or(FORM)?;
    let scheme = scheme.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return Err(FORM),
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(bracketed) => {
            let (address, behind) = bracketed.split_once(']').ok_or(FORM)?;
            (format!("[{}]", address.parse::<Ipv6Addr>().map_err(|_| FORM)?), behind)
        }
        None => {
            let (host, behind) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
            match host.parse::<Ipv4Addr>() {
                Ok(address) => (address.to_string(), behind),
                Err(_) => (String::from(hosts::name_of(host).map_err(|_| FORM)?), behind),
            }
        }
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => own_port,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<u16>().map_err(|_| FORM)?,
        _ => return Err(FORM),
    };
    Ok(if port == own_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") })
}
