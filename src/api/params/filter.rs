//! The filters of the log: ANDed, a repeated one ORed, `!value` negates.

use super::{Asked, Param};
use crate::model::{ClientTerm, EventFilter, Lens, Outcome, Terms};
use ipnet::IpNet;

/// The parameters that say which rows.
pub const FILTERS: &[Param] = &[
    Param::filter("client_ip", "Client address or CIDR network; `!` negates"),
    Param::filter("method", "Request method, without regard to case; `!` negates"),
    Param::filter("status_code", "Status code, 0 where no reply was sent; `!` negates"),
    Param::filter("status", "Status code or class (`4xx`); `!` negates"),
    Param::filter(
        "outcome",
        "`allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates",
    ),
    Param::filter("source", "Name of the log source, without regard to case; `!` negates"),
];

/// Reads the filters.
#[derive(Debug)]
pub struct Filters;

impl Filters {
    /// The filter asked for, without its window; `lens` says what may be compared.
    pub fn read(asked: &mut Asked, lens: &Lens) -> EventFilter {
        let client_ip = terms(asked, "client_ip", |text| client(text, lens).map(|term| vec![term]));
        let method = terms(asked, "method", |text| Ok(vec![text.to_owned()]));
        let outcome = terms(asked, "outcome", |text| {
            Outcome::parse(text).map(|outcome| vec![outcome]).ok_or_else(|| {
                let names: Vec<_> = Outcome::ALL.into_iter().map(Outcome::name).collect();
                format!("must be one of {}", names.join(", "))
            })
        });
        if asked.has("status") && asked.has("status_code") {
            asked.faults.add("status_code", "not together with status");
        }
        let codes = terms(asked, "status_code", |text| code(text).map(|code| vec![code]));
        let status = terms(asked, "status", |text| match class(text) {
            Some(hundred) => Ok((hundred * 100..hundred * 100 + 100).collect()),
            None => code(text).map(|code| vec![code]),
        });
        let status_code = if status.is_empty() { codes } else { status };
        let source = terms(asked, "source", |text| Ok(vec![text.to_owned()]));
        EventFilter { source, client_ip, method, status_code, outcome, ..EventFilter::default() }
    }
}

/// Reads the values of a filter: each is read by `read` into what it stands for, or refused with a reason.
pub fn terms<T>(asked: &mut Asked, name: &str, read: impl Fn(&str) -> Result<Vec<T>, String>) -> Terms<T> {
    let mut terms = Terms::default();
    for text in asked.texts(name) {
        let (side, bare) = match text.strip_prefix('!') {
            Some(rest) => (&mut terms.none, rest.trim()),
            None => (&mut terms.any, &text[..]),
        };
        match read(bare) {
            _ if bare.is_empty() => asked.faults.add(name, "negates nothing"),
            Ok(values) => side.extend(values),
            Err(fault) => asked.faults.add(name, fault),
        }
    }
    terms
}

fn client(text: &str, lens: &Lens) -> Result<ClientTerm, String> {
    let looks_numeric = text.contains(['/', ':']) || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match ClientTerm::parse(text) {
        // What the lens shows is a text to it, and compared as one.
        ClientTerm::Network(network) if lens.shows_network(network) => Ok(ClientTerm::Name(network.to_string())),
        ClientTerm::Network(_) if !lens.client_is_plain() => Err("networks can't be asked for while masked".to_owned()),
        ClientTerm::Network(network) => Ok(ClientTerm::Network(canonical(network))),
        ClientTerm::Name(_) if looks_numeric => Err("must be an address or a CIDR network".to_owned()),
        term => Ok(term),
    }
}

/// Networks of IPv4-mapped addresses as networks of IPv4 addresses, the form stored addresses are compared in.
fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(mapped) if mapped.prefix_len() >= 96 => mapped
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| ipnet::Ipv4Net::new(address, mapped.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        _ => network,
    }
}

fn code(text: &str) -> Result<u16, String> {
    match text.parse::<u16>() {
        Ok(code) if code <= 999 => Ok(code),
        _ => Err("must be a status code from 0 to 999, or for status a class such as 4xx".to_owned()),
    }
}

fn class(text: &str) -> Option<u16> {
    match text.as_bytes() {
        [hundred @ b'0'..=b'9', b'x' | b'X', b'x' | b'X'] => Some(u16::from(hundred - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClientLevel;

    fn read(query: &str, lens: &Lens) -> (EventFilter, bool) {
        let uri = format!("/logs?{query}").parse().unwrap();
        let mut asked = Asked::of(&uri, &[FILTERS]);
        let filter = Filters::read(&mut asked, lens);
        (filter, asked.finish().is_ok())
    }

    #[test]
    fn a_masked_reader_asks_for_no_networks() {
        for (query, plain, masked) in [
            ("client_ip=10.0.0.0/8", true, false),
            ("client_ip=!::/0", true, false),
            ("client_ip=10.0.0.1", true, true),
        ] {
            assert_eq!(read(query, &Lens::PLAIN).1, plain, "{query}");
            assert_eq!(read(query, &Lens::MASKED).1, masked, "{query}");
        }
    }

    #[test]
    fn a_reader_of_networks_asks_for_those_shown() {
        let lens = Lens { client: ClientLevel::Prefix, ..Lens::PLAIN };
        for (query, accepted, matches) in [
            ("client_ip=10.1.2.0/24", true, true),
            ("client_ip=10.1.3.0/24", true, false),
            ("client_ip=10.1.2.3", true, false),
            ("client_ip=10.1.2.0/25", false, false),
            ("client_ip=10.1.2.3/24", false, false),
            ("client_ip=10.1.0.0/16", false, false),
        ] {
            let (filter, ok) = read(query, &lens);
            assert_eq!(ok, accepted, "{query}");
            assert_eq!(ok && filter.accepts_client(&lens.client(b"10.1.2.3")), matches, "{query}");
        }
    }

    #[test]
    fn the_same_question_is_the_same_filter_whatever_its_order() {
        let (one, _) = read("method=GET&method=POST&outcome=denied", &Lens::PLAIN);
        let (other, _) = read("outcome=denied&method=POST&method=GET&method=POST", &Lens::PLAIN);
        assert_eq!(one, other);
    }
}
