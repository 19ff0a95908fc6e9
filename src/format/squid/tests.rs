//! Squid's native format, in examples and as properties.

use super::*;
use proptest::prelude::*;

fn parse(line: &str) -> Result<AccessEvent<'_>, RejectReason> {
    Squid::read(line.as_bytes())
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn reads_what_squid_writes() {
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.example.net/a.js?v=3 joe HIER_DIRECT/192.0.2.7 text/html";
    let event = parse(line).unwrap();
    assert_eq!(event.time, Timestamp(1_767_225_600_123));
    assert_eq!((event.time_taken_ms, event.sc_bytes, event.sc_status), (245, 5316, 200));
    assert_eq!(text(event.c_ip), "10.0.3.17");
    assert_eq!(text(event.cs_uri), "http://cdn.example.net/a.js?v=3");
    assert_eq!((text(event.result), text(event.hierarchy), text(event.peer)), ("TCP_MISS", "HIER_DIRECT", "192.0.2.7"));
    assert!(event.canonical);
}

#[test]
fn reads_its_odd_lines() {
    for (line, canonical, uri, user, hierarchy, peer, mime) in [
        (
            "0.000      0 ::1 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -",
            true,
            "error:transaction-end-before-headers",
            "",
            "HIER_NONE",
            "",
            "",
        ),
        (
            "1767225600.123 1234567 2001:db8::1 TCP_TUNNEL/200 39 CONNECT [2001:db8::7]:443 a%20b HIER_DIRECT/2001:db8::7 -",
            true,
            "[2001:db8::7]:443",
            "a%20b",
            "HIER_DIRECT",
            "2001:db8::7",
            "",
        ),
        (
            "1066036250.129    199 192.168.1.10 TCP_MISS/200 5316 GET http://a/ - DIRECT/192.0.2.1 text/html",
            true,
            "http://a/",
            "",
            "DIRECT",
            "192.0.2.1",
            "text/html",
        ),
        (
            "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/ - NONE/- text/html;charset=utf-8",
            true,
            "http://a/",
            "",
            "NONE",
            "",
            "text/html;charset=utf-8",
        ),
        (
            "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/ - NONE/- text/html; charset=utf-8 extra field",
            false,
            "http://a/",
            "",
            "NONE",
            "",
            "text/html; charset=utf-8",
        ),
        (
            "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/b c d - HIER_NONE/- text/html",
            false,
            "http://a/b c d",
            "",
            "HIER_NONE",
            "",
            "text/html",
        ),
        (
            "1066036250.129    199 h TCP_MISS/200 5 GET http://a/ - HIER_DIRECT/192.0.2.9 text/html [X: - HIER_NONE/- text/html\\r\\n] [HTTP/1.1 200 OK]",
            false,
            "http://a/",
            "",
            "HIER_DIRECT",
            "192.0.2.9",
            "text/html",
        ),
        (
            "1066036250 199\th TCP_MISS/200 5316 GET http://a/ joe HIER_NONE/- text/html",
            false,
            "http://a/",
            "joe",
            "HIER_NONE",
            "",
            "text/html",
        ),
        (
            "\u{feff}1066036250.129    199 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
            false,
            "http://a/",
            "joe",
            "HIER_NONE",
            "",
            "",
        ),
        ("1066036250.129      - - -/- - - - - -/- -", false, "", "", "", "", ""),
        (
            "1066036250.129     -5 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
            true,
            "http://a/",
            "joe",
            "HIER_NONE",
            "",
            "",
        ),
        (
            "1066036250.129     05 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
            false,
            "http://a/",
            "joe",
            "HIER_NONE",
            "",
            "",
        ),
    ] {
        let event = parse(line).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
        assert_eq!(event.canonical, canonical, "{line}");
        let got = [event.cs_uri, event.cs_username, event.hierarchy, event.peer, event.content_type].map(text);
        assert_eq!(got, [uri, user, hierarchy, peer, mime], "{line}");
    }
}

#[test]
fn says_why_it_rejects() {
    for (line, reason) in [
        ("", RejectReason::BadTime),
        ("hello world", RejectReason::BadTime),
        ("10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", RejectReason::BadTime),
        ("1767225600.123", RejectReason::TooFewFields),
        ("1767225600.123 fast h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadDuration),
        ("1767225600.123 5 h TCP_MISS 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadResult),
        ("1767225600.123 5 h TCP_MISS/2000 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadResult),
        ("1767225600.123 5 h TCP_MISS/200 big GET http://a/ - HIER_NONE/- -", RejectReason::BadSize),
        ("1767225600.123 5 h TCP_MISS/200 5 GET http://a/ - nowhere -", RejectReason::BadHierarchy),
        ("1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.exa", RejectReason::TooFewFields),
        (
            "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a/ - HIER_DIRECT/192.0.2.7",
            RejectReason::TooFewFields,
        ),
    ] {
        assert_eq!(parse(line).map(|_| ()), Err(reason), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_rendered_is_read_back(
        ms in 0_i64..99_999_999_999_000, taken in -99_999_i64..9_999_999, status in 0_u16..1000, bytes in 0_u64..u64::MAX / 20,
        fields in proptest::array::uniform5("[!-.0-~]{1,24}"), code in "[A-Z][A-Z_]{1,12}", uri in "[!-~]{1,80}",
    ) {
        let [client, user, method, peer, mime] = &fields;
        let event = AccessEvent {
            time: Timestamp(ms), time_taken_ms: taken, c_ip: undash(client.as_bytes()), cs_username: undash(user.as_bytes()),
            cs_method: undash(method.as_bytes()), cs_uri: undash(uri.as_bytes()), sc_status: status, sc_bytes: bytes, cs_bytes: None,
            result: code.as_bytes(), hierarchy: code.as_bytes(), peer: undash(peer.as_bytes()),
            content_type: undash(mime.as_bytes()), user_agent: b"", referer: b"", extra: b"", canonical: true,
        };
        let mut line = Vec::new();
        Squid.render(&event, &mut line);
        prop_assert_eq!(Squid::read(&line), Ok(event));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_canonical(&line)?;
    }

    #[test]
    fn nor_does_a_damaged_line(at in 0_usize..120, byte in any::<u8>(), cut in 0_usize..130) {
        let mut line = b"1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.example.net/a.js?v=3 joe HIER_DIRECT/192.0.2.7 text/html".to_vec();
        let at = at % line.len();
        line[at] = byte;
        check_canonical(&line)?;
        line.truncate(cut);
        check_canonical(&line)?;
        line.insert(at.min(line.len()), byte);
        check_canonical(&line)?;
    }
}

fn check_canonical(line: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(event) = Squid::read(line)
        && event.canonical
    {
        let mut again = Vec::new();
        Squid.render(&event, &mut again);
        prop_assert_eq!(again, line);
    }
    Ok(())
}
