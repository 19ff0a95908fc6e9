//! Spellings of IP addresses, against what clients take for one: the `url` crate, which does as browsers do (WHATWG), and
//! glibc's `getaddrinfo`, which curl, wget and most libraries ask.

use crate::support::api::Api;
use std::ffi::CString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ptr;
use tidegate::classify::{destination, split_target, without_userinfo};
use tidegate::format::{self, FormatChoice};
use tidegate::model::SourceName;
use tidegate::pipeline::{Content, Importer};

/// Who takes a spelling for an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Both,
    Browsers,
    Glibc,
    Nobody,
}
use By::{Both, Browsers, Glibc, Nobody};

/// A target as a client writes it (a tunnel's where it has no scheme), the address it reaches, and who says so.
const SPELLINGS: &[(&str, &str, By)] = &[
    // Dotted.
    ("http://127.0.0.1/", "127.0.0.1", Both),
    ("http://203.0.113.9:8080/x?y", "203.0.113.9", Both),
    ("http://255.255.255.255/", "255.255.255.255", Both),
    ("http://0.0.0.0/", "0.0.0.0", Both),
    ("https://192.0.2.1", "192.0.2.1", Both),
    ("ftp://192.0.2.1/", "192.0.2.1", Both),
    ("192.0.2.1:443", "192.0.2.1", Both),
    ("HTTP://192.0.2.1/", "192.0.2.1", Both),
    ("http://192.0.2.1:/", "192.0.2.1", Both),
    ("http://127.0.0.1./", "127.0.0.1", Browsers),
    ("127.0.0.1.:443", "127.0.0.1", Browsers),
    // Fewer parts, the last filling what is left.
    ("http://127.1/", "127.0.0.1", Both),
    ("http://127.0.1/", "127.0.0.1", Both),
    ("http://192.168.257/", "192.168.1.1", Both),
    ("http://10.65535/", "10.0.255.255", Both),
    ("http://10.16777215/", "10.255.255.255", Both),
    ("http://0/", "0.0.0.0", Both),
    ("http://1/", "0.0.0.1", Both),
    // One number.
    ("http://2130706433/", "127.0.0.1", Both),
    ("http://4294967295/", "255.255.255.255", Both),
    ("2130706433:443", "127.0.0.1", Both),
    ("http://3232235777:8080/", "192.168.1.1", Both),
    // Octal, with zeros in front.
    ("http://0177.0.0.1/", "127.0.0.1", Both),
    ("http://0177.0.0.01/", "127.0.0.1", Both),
    ("http://017700000001/", "127.0.0.1", Both),
    ("http://00000000000000000000000177.0.0.1/", "127.0.0.1", Both),
    ("http://192.168.010.001/", "192.168.8.1", Both),
    ("http://0300.0250.1/", "192.168.0.1", Both),
    ("http://00.00.00.00/", "0.0.0.0", Both),
    // Hexadecimal.
    ("http://0x7f.0.0.1/", "127.0.0.1", Both),
    ("http://0x7F.0x0.0x0.0x1/", "127.0.0.1", Both),
    ("http://0X7F000001/", "127.0.0.1", Both),
    ("http://0x7f000001/", "127.0.0.1", Both),
    ("0xC0A80101:443", "192.168.1.1", Both),
    ("http://0x00000000000000007f.1/", "127.0.0.1", Both),
    ("http://0xffffffff/", "255.255.255.255", Both),
    ("http://0x/", "0.0.0.0", Browsers),
    ("http://1.2.3.0x/", "1.2.3.0", Browsers),
    // Mixed.
    ("http://0x7f.0.01/", "127.0.0.1", Both),
    ("http://0xc0.0250.257/", "192.168.1.1", Both),
    ("http://0x7f.1:81/", "127.0.0.1", Both),
    // Encoded, and what browsers map to ASCII.
    ("http://%31%32%37.0.0.1/", "127.0.0.1", Browsers),
    ("http://127%2e0%2E0%2e1/", "127.0.0.1", Browsers),
    ("http://%30x7f.1/", "127.0.0.1", Browsers),
    ("http://１２７.0.0.1/", "127.0.0.1", Browsers),
    ("http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "127.0.0.1", Browsers),
    ("http://127。0。0。1/", "127.0.0.1", Browsers),
    ("http://127．0｡0．1/", "127.0.0.1", Browsers),
    ("http://①②⑦.0.0.1/", "127.0.0.1", Browsers),
    ("http://１２７.⁰.₀.𝟏:8080/", "127.0.0.1", Browsers),
    ("http://0Ｘ7f.1/", "127.0.0.1", Browsers),
    ("http://127.0.0.\u{ad}1/", "127.0.0.1", Browsers),
    // Userinfo in front.
    ("http://user@127.0.0.1/", "127.0.0.1", Both),
    ("http://user:secret@0x7f.1:8080/", "127.0.0.1", Both),
    ("http://www.example.com@127.0.0.1/", "127.0.0.1", Both),
    ("http://192.0.2.1@[2001:db8::7]/", "2001:db8::7", Both),
    // IPv6.
    ("http://[2001:db8::7]/", "2001:db8::7", Both),
    ("http://[2001:DB8::7]:8080/", "2001:db8::7", Both),
    ("http://[2001:0db8:0000:0000:0000:0000:0000:0007]/", "2001:db8::7", Both),
    ("http://[2001:db8:0:0:0:0:0:7]/", "2001:db8::7", Both),
    ("http://[2001:db8::0:7]/", "2001:db8::7", Both),
    ("http://[::]/", "::", Both),
    ("http://[::1]/", "::1", Both),
    ("[::1]:443", "::1", Both),
    ("[2001:db8::9]:8443", "2001:db8::9", Both),
    ("http://[0:0:0:0:0:0:0:1]/", "::1", Both),
    ("http://[1:2:3:4:5:6:7::]/", "1:2:3:4:5:6:7:0", Both),
    ("http://[::2:3:4:5:6:7:8]/", "0:2:3:4:5:6:7:8", Both),
    ("http://[1::8]/", "1::8", Both),
    ("http://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1", Both),
    ("http://[::ffff:a00:1]:81/", "::ffff:10.0.0.1", Both),
    ("http://[0:0:0:0:0:FFFF:127.0.0.1]/", "::ffff:127.0.0.1", Both),
    ("http://[::10.0.0.1]/", "::a00:1", Both),
    ("http://[64:ff9b::192.0.2.33]/", "64:ff9b::c000:221", Both),
    ("http://[fe80::1%lo]/", "fe80::1", Glibc),
    ("[fe80::1%25lo]:443", "fe80::1", Glibc),
    ("http://[fe80::1%1]/", "fe80::1", Glibc),
    ("http://[2001:db8::7%3]/", "2001:db8::7", Glibc),
    // Near misses.
    ("http://256.1.1.1/", "", Nobody),
    ("http://1.2.3.256/", "", Nobody),
    ("http://1.2.65536/", "", Nobody),
    ("http://1.16777216/", "", Nobody),
    ("http://4294967296/", "", Nobody),
    ("http://0x100000000/", "", Nobody),
    ("http://18446744073709551617/", "", Nobody),
    ("http://1.2.3.4.5/", "", Nobody),
    ("http://1..2.3/", "", Nobody),
    ("http://127.0.0.1../", "", Nobody),
    ("http://.127.0.0.1/", "", Nobody),
    ("http://08.0.0.1/", "", Nobody),
    ("http://0x7g.1/", "", Nobody),
    ("http://1.2.3.-4/", "", Nobody),
    ("http://+127.0.0.1/", "", Nobody),
    ("http://127.0.0.1-x.example/", "", Nobody),
    ("http://127.0.0.1.nip.io/", "", Nobody),
    ("http://1.0.0.127.in-addr.arpa/", "", Nobody),
    ("http://dead.beef/", "", Nobody),
    ("http://face/", "", Nobody),
    ("http://v4.example:8080/", "", Nobody),
    ("http://١٢٧.0.0.1/", "", Nobody),
    ("http://127.0.0.1@www.example.com/", "", Nobody),
    ("www.example.com:443", "", Nobody),
    ("http://[127.0.0.1]/", "", Nobody),
    ("http://[1:2:3:4:5:6:7]/", "", Nobody),
    ("http://[1:2:3:4:5:6:7:8:9]/", "", Nobody),
    ("http://[1::2::3]/", "", Nobody),
    ("http://[2001:db8::12345]/", "", Nobody),
    ("http://[2001:db8::g]/", "", Nobody),
    ("http://[::ffff:256.0.0.1]/", "", Nobody),
    ("http://[::ffff:010.0.0.1]/", "", Nobody),
    ("http://[::ffff:10.1]/", "", Nobody),
    ("http://[2001:db8::7/", "", Nobody),
    ("http://[::1]x/", "", Nobody),
    ("http://[2001:db8::7%eth0]/", "", Nobody),
    ("http://[fe80::1%]/", "", Nobody),
];

fn method(target: &str) -> &'static str {
    if target.contains("://") { "GET" } else { "CONNECT" }
}

/// What Tidegate says.
fn ours(target: &str) -> Option<IpAddr> {
    let split = split_target(method(target).as_bytes(), target.as_bytes());
    let origin = if split.had_userinfo { without_userinfo(split.origin) } else { split.origin.to_vec() };
    destination(&origin)?.address()
}

/// What a browser says.
fn browser(target: &str) -> Option<IpAddr> {
    let url = if method(target) == "GET" { target.to_owned() } else { format!("https://{target}/") };
    match url::Url::parse(&url).ok()?.host()? {
        url::Host::Ipv4(address) => Some(address.into()),
        url::Host::Ipv6(address) => Some(address.into()),
        url::Host::Domain(_) => None,
    }
}

/// What `getaddrinfo` says of the host: in brackets IPv6 (a zone's `%25` read as RFC 6874 says), else IPv4.
fn glibc(target: &str) -> Option<IpAddr> {
    let authority = target.split_once("://").map_or(target, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    match authority.strip_prefix('[') {
        Some(bracketed) => {
            let (host, behind) = bracketed.split_once(']')?;
            let numeric = behind.is_empty() || behind.starts_with(':');
            numeric.then(|| getaddrinfo(&host.replace("%25", "%"), libc::AF_INET6))?
        }
        None => getaddrinfo(authority.split(':').next()?, libc::AF_INET),
    }
}

#[allow(unsafe_code)] // the C library is the judge here
fn getaddrinfo(host: &str, family: i32) -> Option<IpAddr> {
    let host = CString::new(host).unwrap();
    // SAFETY: the hints are all zero but for what is set, the list is read while it lives and freed once.
    unsafe {
        let mut hints: libc::addrinfo = std::mem::zeroed();
        hints.ai_flags = libc::AI_NUMERICHOST;
        hints.ai_family = family;
        hints.ai_socktype = libc::SOCK_STREAM;
        let mut list = ptr::null_mut();
        if libc::getaddrinfo(host.as_ptr(), ptr::null(), &hints, &mut list) != 0 {
            return None;
        }
        let address = (*list).ai_addr;
        let found = match (*list).ai_family {
            libc::AF_INET => {
                let raw = ptr::read_unaligned(address.cast::<libc::sockaddr_in>()).sin_addr.s_addr;
                IpAddr::V4(Ipv4Addr::from(raw.to_ne_bytes()))
            }
            _ => {
                IpAddr::V6(Ipv6Addr::from(ptr::read_unaligned(address.cast::<libc::sockaddr_in6>()).sin6_addr.s6_addr))
            }
        };
        libc::freeaddrinfo(list);
        Some(found)
    }
}

#[test]
fn a_literal_is_what_any_client_takes_for_an_address() {
    let mut wrong = Vec::new();
    for &(target, address, by) in SPELLINGS {
        let address: Option<IpAddr> = (!address.is_empty()).then(|| address.parse().unwrap());
        let (browser, glibc) = (browser(target), glibc(target));
        let clients = match (browser.is_some(), glibc.is_some()) {
            (true, true) => Both,
            (true, false) => Browsers,
            (false, true) => Glibc,
            (false, false) => Nobody,
        };
        if ours(target) != address || browser.or(glibc) != address || clients != by {
            wrong.push(format!(
                "{target}: expected {address:?} {by:?}, ours {:?}, browser {browser:?}, glibc {glibc:?}",
                ours(target)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn blocked_requests_to_addresses_are_counted_in_every_spelling() {
    let api = Api::empty();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("access.log");
    let line = |(target, ..): &(&str, _, _)| {
        let method = method(target);
        format!("1767265200.000     12 10.0.0.1 TCP_DENIED/403 3900 {method} {target} - HIER_NONE/- text/html\n")
    };
    std::fs::write(&path, SPELLINGS.iter().map(line).collect::<String>()).unwrap();
    let mut importer = Importer::new(api.store.clone(), api.clock.clone(), 1, directory.path());
    let format = FormatChoice::Given(format::resolve("squid").unwrap());
    let source = SourceName::default();
    importer.file(Content { path: &path, format: &format, source: &source }, |_| ()).unwrap();
    let data = &api.get("/api/logs/stats").await.body["data"];
    let literals = SPELLINGS.iter().filter(|(_, address, _)| !address.is_empty()).count();
    assert_eq!((&data["blocked_count"], &data["ip_blocks_count"]), (&SPELLINGS.len().into(), &literals.into()));
}
