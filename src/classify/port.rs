//! Which ports are usual.
//!
//! Source: IANA's Service Name and Transport Protocol Port Number Registry, and for the ports of tunnels Squid's default
//! `SSL_ports` (443 alone). Squid's default `Safe_ports` let every port from 1025 up pass, so that none of those would
//! stand out; here the alternatives are only those that web servers are documented to use.

/// The ports a scheme is used with, its default first; for the empty scheme those of a tunnel (CONNECT). Schemes that a
/// proxy doesn't fetch have none, so that any port is unusual with them.
pub(super) fn usual_ports(scheme: &str) -> &'static [u16] {
    match scheme {
        // Browsers tunnel `ws://` as well, to the ports of http.
        "" => &[443, 8443, 80, 8080],
        "http" | "ws" => &[80, 8080],
        "https" | "wss" => &[443, 8443],
        "ftp" => &[21],
        "gopher" => &[70],
        "wais" => &[210],
        "whois" => &[43],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use crate::classify::destination;

    #[test]
    fn a_port_is_usual_for_its_scheme() {
        for (origin, unusual) in [
            ("http://a.example", false),
            ("http://a.example:80", false),
            ("http://a.example:8080", false),
            ("http://a.example:443", true),
            ("http://a.example:81", true),
            ("HTTPS://a.example:443", false),
            ("https://a.example:8443", false),
            ("https://a.example:80", true),
            ("ws://a.example", false),
            ("wss://a.example", false),
            ("ftp://a.example", false),
            ("ftp://a.example:2121", true),
            ("gopher://a.example", false),
            ("whois://a.example", false),
            ("a.example:443", false),
            ("a.example:8443", false),
            ("a.example:80", false),
            ("a.example:22", true),
            ("a.example:4444", true),
            ("[2001:db8::1]:9001", true),
            ("coap://a.example:5683", true),
        ] {
            assert_eq!(destination(origin.as_bytes()).unwrap().has_unusual_port(), unusual, "{origin}");
        }
    }
}
