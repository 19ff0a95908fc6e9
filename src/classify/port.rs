//! What a port says: which ones are usual, and what is spoken on them. Not what was really spoken: nobody looked.
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

/// What is spoken by a scheme or, in a tunnel, on a port. Many ports, one word where the difference says nothing about
/// the use.
pub(super) fn protocol(scheme: &str, port: u16) -> &'static str {
    match (scheme, port) {
        ("http" | "ws", _) => "Web (HTTP)",
        ("https" | "wss", _) => "Web (HTTPS)",
        ("ftp" | "ftps", _) | (_, 20 | 21 | 989 | 990) => "FTP",
        (_, 80 | 8000 | 8008 | 8080 | 8888) => "Web (HTTP)",
        (_, 443 | 4443 | 8443 | 9443) => "Web (HTTPS)",
        (_, 22 | 2222) => "SSH",
        (_, 23 | 992) => "Telnet",
        (_, 25 | 465 | 587 | 2525) => "Mail (SMTP)",
        (_, 143 | 993) => "Mail (IMAP)",
        (_, 110 | 995) => "Mail (POP3)",
        (_, 4190) => "Mail (Sieve)",
        (_, 53) => "DNS",
        (_, 853) => "DNS over TLS",
        (_, 43) => "WHOIS",
        (_, 119 | 563) => "News (NNTP)",
        (_, 123) => "Time (NTP)",
        (_, 137..=139 | 445) => "File sharing (SMB)",
        (_, 548) => "File sharing (AFP)",
        (_, 2049) => "File sharing (NFS)",
        (_, 873) => "rsync",
        (_, 9418) => "Git",
        (_, 3690) => "Subversion",
        (_, 389 | 636 | 3268 | 3269) => "Directory (LDAP)",
        (_, 88 | 464) => "Kerberos",
        (_, 500 | 1194 | 1701 | 1723 | 4500 | 51820) => "VPN",
        (_, 1080) => "SOCKS proxy",
        (_, 3128) => "HTTP proxy",
        (_, 9001 | 9030 | 9050 | 9150) => "Tor",
        (_, 1433 | 1434 | 1521 | 3306 | 5432 | 5984 | 6379 | 9042 | 9200 | 11211 | 27017) => "Database",
        (_, 1883 | 8883) => "Messaging (MQTT)",
        (_, 5671 | 5672 | 9092) => "Messaging (queues)",
        (_, 5222 | 5223 | 5269 | 5280) => "Chat (XMPP)",
        (_, 194 | 6660..=6669 | 6697) => "Chat (IRC)",
        (_, 5228..=5230 | 2195..=2197) => "Push notifications",
        (_, 5060 | 5061) => "Telephony (SIP)",
        (_, 3478 | 3479 | 5349 | 19302) => "Calls (STUN and TURN)",
        (_, 554 | 1935 | 8554) => "Streaming (RTSP and RTMP)",
        (_, 3389) => "RDP",
        (_, 5900..=5909) => "VNC",
        (_, 5938) => "TeamViewer",
        (_, 6568 | 7070) => "AnyDesk",
        (_, 5985 | 5986) => "Remote management (WinRM)",
        (_, 161 | 162) => "SNMP",
        (_, 514 | 6514) => "Syslog",
        (_, 2375 | 2376 | 6443 | 10250) => "Container management",
        (_, 631 | 9100) => "Printing",
        (_, 6881..=6889 | 6969) => "BitTorrent",
        (_, 3333 | 4444 | 5555 | 7777 | 14444) => "Mining pool (Stratum)",
        (_, 8333 | 18333 | 30303) => "Cryptocurrency node",
        (_, 25565 | 27015..=27030) => "Games",
        ("gopher", _) | (_, 70) => "Gopher",
        _ => "Other",
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
