use super::*;
use std::net::IpAddr;

const LAN: &str = "10.1.2.3";
const OUTSIDE: &str = "198.51.100.7";

/// The defaults that Squid's own configuration comes with, with a network let in.
const USUAL: &str = "acl localnet src 10.0.0.0/8 fd00::/8\nacl SSL_ports port 443\nacl Safe_ports port 80 443 1025-65535\n\
                     http_access deny !Safe_ports\nhttp_access deny CONNECT !SSL_ports\nhttp_access allow localhost manager\n\
                     http_access deny manager\nhttp_access deny to_localhost\nhttp_access allow localnet\n\
                     http_access deny all\n";

fn access(text: &str) -> Access {
    let conf = SquidConf::read("conf", text.as_bytes(), &mut |_| Ok(Vec::new())).unwrap();
    Access::of(&conf, "http_access")
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// `allow 9`, `deny -`, `challenge 3`, `unknown 2 acl`: what is done, and the line.
fn shown(decision: &Decision) -> String {
    let line = decision.place().map_or("-".to_owned(), |place| place.line.to_string());
    match decision {
        Decision::Allow { .. } => format!("allow {line}"),
        Decision::Deny { .. } => format!("deny {line}"),
        Decision::Challenge { .. } => format!("challenge {line}"),
        Decision::Unknown { acl, .. } => format!("unknown {line} {acl}"),
    }
}

#[test]
fn the_first_line_that_applies_decides() {
    let access = access(USUAL);
    let get = |client: &'static str, host: &'static str, port| Probe::get(ip(client), host, port);
    let connect = |client: &'static str, host: &'static str, port| Probe::connect(ip(client), host, port);
    let manager = |client: &'static str| Probe { path: "/squid-internal-mgr/info", ..get(client, "proxy", 3128) };
    for (probe, want) in [
        (get(LAN, "www.example.com", 80), "allow 9"),
        (get("fd00::7", "www.example.com", 80), "allow 9"),
        (get("::ffff:10.1.2.3", "www.example.com", 80), "allow 9"),
        (get(OUTSIDE, "www.example.com", 80), "deny 10"),
        (get(LAN, "www.example.com", 22), "deny 4"),
        (connect(LAN, "www.example.com", 443), "allow 9"),
        (connect(LAN, "www.example.com", 8443), "deny 5"),
        (get(LAN, "127.0.0.1", 80), "deny 8"),
        (get(LAN, "localhost", 8080), "deny 8"),
        (connect(LAN, "::1", 443), "deny 8"),
        (get(LAN, "169.254.169.254", 80), "allow 9"),
        (manager("127.0.0.1"), "allow 6"),
        (manager(LAN), "deny 7"),
        (Probe { scheme: "cache_object", ..get(LAN, "proxy", 3128) }, "deny 7"),
    ] {
        assert_eq!(shown(&access.decide(&probe)), want, "{probe:?}");
    }
}

#[test]
fn without_a_line_that_applies_the_opposite_of_the_last_is_done() {
    for (text, want) in [
        ("", "deny -"),
        ("acl a src 10.9.9.9\nhttp_access deny a", "allow -"),
        ("acl a src 10.9.9.9\nhttp_access allow a", "deny -"),
        ("http_access allow all", "allow 1"),
        ("http_access allow", "allow 1"),
    ] {
        assert_eq!(shown(&access(text).decide(&Probe::get(ip(LAN), "a.example", 80))), want, "{text}");
    }
}

#[test]
fn every_type_of_acl_that_the_file_decides() {
    let get = Probe::get(ip(LAN), "www.example.com", 80);
    let address = Probe::connect(ip(LAN), "203.0.113.9", 443);
    for (acl, probe, holds) in [
        ("src 10.1.0.0/255.255.0.0", get, true),
        ("src 10.1.2.1-10.1.2.9", get, true),
        ("src 10.1.0.0-10.1.2.0/24", get, true),
        ("src 10.1.2.4-10.1.2.9", get, false),
        ("src all", get, true),
        ("src ipv6", get, false),
        ("dst 203.0.113.0/24", address, true),
        ("dst 203.0.113.0/24", get, false),
        ("port 80-90", get, true),
        ("method POST GET", get, true),
        ("proto HTTP", get, true),
        ("proto HTTP", address, false),
        ("dstdomain .example.com", get, true),
        ("dstdomain .www.example.com", get, true),
        ("dstdomain example.com", get, false),
        ("dstdomain -n .ample.com", get, false),
        ("dstdom_regex -i ^WWW", get, true),
        ("dstdom_regex ^WWW", get, false),
        (r"dstdom_regex ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$", address, true),
        (r"dstdom_regex ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$", get, false),
        (r"url_regex :443$", address, true),
        ("urlpath_regex ^/$", get, true),
        ("urlpath_regex .", address, false),
        ("any-of manager all", get, true),
        ("any-of manager CONNECT", get, false),
        ("all-of all !CONNECT", get, true),
        ("all-of all !CONNECT\nacl x all-of CONNECT", address, true),
        ("annotate_transaction seen=yes", get, true),
    ] {
        let access = access(&format!("acl x {acl}\nhttp_access allow x\nhttp_access deny all"));
        assert_eq!(access.decide(&probe).allows(), holds, "{acl}");
    }
}

#[test]
fn what_the_file_does_not_say_is_told_unless_it_makes_no_difference() {
    let probe = Probe::get(ip(LAN), "www.example.com", 80);
    for (text, want) in [
        ("acl x external helper\nhttp_access allow x\nhttp_access deny all", "unknown 2 x"),
        ("acl x external helper\nhttp_access deny x\nhttp_access deny all", "deny 3"),
        ("acl x time 08:00-17:00\nhttp_access deny !x\nhttp_access allow all", "unknown 2 x"),
        ("acl x time 08:00-17:00\nhttp_access deny CONNECT !x\nhttp_access allow all", "allow 3"),
        ("acl x dstdomain \"/etc/bad\"\nhttp_access deny x\nhttp_access allow all", "unknown 2 x"),
        ("acl x dstdomain \"/etc/bad\" .example.com\nhttp_access deny x\nhttp_access allow all", "deny 2"),
        ("acl x src client.example\nhttp_access allow x\nhttp_access deny all", "unknown 2 x"),
        ("http_access allow nothing\nhttp_access deny all", "unknown 1 nothing"),
        ("acl x url_regex (\nhttp_access deny x\nhttp_access allow all", "unknown 2 x"),
        ("acl x any-of x\nhttp_access deny x\nhttp_access allow all", "unknown 2 x"),
    ] {
        assert_eq!(shown(&access(text).decide(&probe)), want, "{text}");
    }
}

#[test]
fn a_login_is_asked_for_where_an_acl_looks_at_the_user() {
    let probe = Probe::get(ip(LAN), "www.example.com", 80);
    let some =
        "acl net src 10.0.0.0/8\nacl other src 172.16.0.0/12\nacl in proxy_auth REQUIRED\nacl ada proxy_auth ada\n";
    for (lines, anonymous, known) in [
        ("http_access deny !in\nhttp_access allow net", "challenge 5", "allow 6"),
        ("http_access allow net in\nhttp_access deny all", "challenge 5", "allow 5"),
        // Who is not in the network is not asked.
        ("http_access allow other in\nhttp_access deny all", "deny 6", "deny 6"),
        // From left to right: here everybody is.
        ("http_access allow in other\nhttp_access deny all", "challenge 5", "deny 6"),
        ("http_access allow ada\nhttp_access deny all", "challenge 5", "unknown 5 ada"),
        ("http_access allow net\nhttp_access allow in\nhttp_access deny all", "allow 5", "allow 5"),
    ] {
        let access = access(&format!("{some}{lines}"));
        assert_eq!(shown(&access.decide(&probe)), anonymous, "{lines}");
        assert_eq!(shown(&access.decide(&probe.logged_in())), known, "{lines}");
    }
}

#[test]
fn samples_lie_where_the_lines_tell_clients_and_ports_apart() {
    let access = access(USUAL);
    let samples = access.client_samples();
    for inside in ["10.0.0.1", "127.0.0.1", "fd00::1"] {
        assert!(samples.contains(&ip(inside)), "{inside}: {samples:?}");
    }
    assert_eq!(access.port_stretches(), [1, 80, 81, 443, 444, 1025]);
    let access = self::access("acl a dstdomain -n .a.example b.example\nacl c dstdomain c.example");
    assert_eq!(access.host_samples().collect::<Vec<_>>(), ["a.example", "b.example", "c.example"]);
}
