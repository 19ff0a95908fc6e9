//! The common and the combined format, in examples and as properties. (What Squid wrote is read in
//! `format/logformat/tests.rs`.)

use super::*;
use crate::format::squid::undash;
use proptest::prelude::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn rendered(format: Clf, event: &AccessEvent<'_>) -> Vec<u8> {
    let mut line = Vec::new();
    format.render(event, &mut line);
    line
}

/// `host - - [time] ` and the rest, read as combined or common.
fn check(format: Clf, line: &str, canonical: bool, see: impl FnOnce(&AccessEvent<'_>)) {
    let arena = Bump::new();
    let event = format.parse(line.as_bytes(), &arena).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
    assert_eq!(event.canonical, canonical, "{line}");
    if canonical {
        assert_eq!(text(&rendered(format, &event)), line);
    }
    see(&event);
}

const TIME: &str = "[10/Oct/2000:13:55:36 +0000]";

#[test]
fn reads_request_lines_whatever_they_are() {
    for (request, canonical, method, uri) in [
        ("GET /apache_pb.gif?a=b HTTP/1.0", true, "GET", "/apache_pb.gif?a=b"),
        ("CONNECT a.example:443 HTTP/1.1", true, "CONNECT", "a.example:443"),
        ("GET http://a/b c d HTTP/1.1", true, "GET", "http://a/b c d"),
        ("PRI * HTTP/2.0", true, "PRI", "*"),
        ("- error:transaction-end-before-headers NONE/0.0", true, "", "error:transaction-end-before-headers"),
        ("GET /", true, "GET", "/"),
        ("-", true, "", ""),
        ("", false, "", ""),
        ("\\x16\\x03\\x01", false, "", "\u{16}\u{3}\u{1}"),
        ("\\n", false, "", ""),
        ("a b c", true, "a", "b c"),
        ("GET /\\\"x\\\" HTTP/1.1", true, "GET", "/\"x\""),
        ("GET /\"x\" HTTP/1.1", false, "GET", "/\"x\""),
        ("GET /\" 200 HTTP/1.1", false, "GET", "/\" 200"),
    ] {
        for format in [Clf::COMMON, Clf::COMBINED] {
            let texts = if format.is_combined { " \"-\" \"curl/8\"" } else { "" };
            let line = format!("h - joe {TIME} \"{request}\" 200 2326{texts}");
            check(format, &line, canonical, |event| {
                assert_eq!((text(event.cs_method), text(event.cs_uri)), (method, uri), "{line}");
                assert_eq!((event.sc_status, event.sc_bytes, text(event.cs_username)), (200, 2326, "joe"), "{line}");
                assert_eq!(event.time, Timestamp(971_186_136_000));
            });
        }
    }
}

#[test]
fn reads_what_clients_sent_however_it_is_escaped() {
    for (texts, canonical, referer, agent) in [
        ("\"http://a/\" \"Mozilla/5.0 (X11)\"", true, "http://a/", "Mozilla/5.0 (X11)"),
        ("\"-\" \"-\"", true, "", ""),
        ("\"\" \"\"", false, "", ""),
        ("\"-\" \"a \\\"b\\\" \\\\ c\"", true, "", "a \"b\" \\ c"),
        ("\"-\" \"\\xc3\\xa9\\x22\"", false, "", "é\""),
        ("\"-\" \"é\"", true, "", "é"),
        ("\"\\\" \" \"é\"", true, "\" ", "é"),
        ("\"-\" \"x\" 123 456", true, "", "x"),
        ("\"-\" \"x\" \"10.0.0.1\"", true, "", "x"),
        (
            "\"http://r/\"x y\"\" \"a \"quoted\" \\back\" TCP_MISS:HIER_DIRECT",
            true,
            "http://r/\"x y\"",
            "a \"quoted\" \\back",
        ),
        ("\"-\" \"x\" TCP_HIT:HIER_NONE y\" TCP_MISS:HIER_DIRECT", true, "", "x\" TCP_HIT:HIER_NONE y"),
        ("\"-\" \"x\" TCP_MISS:HIER_DIRECT [A: \"b\"] [C: d]", true, "", "x"),
        ("\"-\" \"x\"y\" TCP_MISS:HIER_DIRECT [A: \"b\" T:H] [C: d]", true, "", "x\"y"),
    ] {
        let line = format!("h - - {TIME} \"GET / HTTP/1.1\" 200 5 {texts}");
        check(Clf::COMBINED, &line, canonical, |event| {
            assert_eq!((text(event.referer), text(event.user_agent)), (referer, agent), "{line}");
            let is_squid = line.contains("TCP_MISS");
            assert_eq!(text(event.result), if is_squid { "TCP_MISS" } else { "" }, "{line}");
        });
    }
}

#[test]
fn keeps_what_is_not_usual() {
    for (head, tail, extra) in [
        (format!("h - - {TIME}"), "200 5", ""),
        (format!("h - - {TIME}"), "304 -", ""),
        (format!("h - - {TIME}"), "304 0", "\x1f\x1f\x1f0"),
        (format!("h - - {TIME}"), "0 0 NONE_NONE:HIER_NONE", ""),
        (format!("h id anna maria {TIME}"), "200 5", "\x1fid"),
        ("h - - [10/Oct/2000:13:55:36 -0700]".to_owned(), "200 5", "-0700"),
        ("h - - [10/Oct/2000:13:55:36 -0000]".to_owned(), "200 5 x", "-0000\x1f\x1f\x1f\x1f x"),
        (format!("2001:db8::1 - - {TIME}"), "200 5 TCP_DENIED:HIER_NONE x", "\x1f\x1f\x1f\x1f x"),
    ] {
        let line = format!("{head} \"GET / HTTP/1.1\" {tail}");
        check(Clf::COMMON, &line, true, |event| assert_eq!(text(event.extra), extra, "{line}"));
    }
    for (line, ms) in [
        ("h - - [31/Dec/2016:23:59:60 +0000] \"GET / HTTP/1.1\" 200 5", 1_483_228_800_000),
        ("h  -  - [01/Jan/1970:01:00:00 +0100]\t\"GET / HTTP/1.1\"  200  5", 0),
        ("\u{feff}h - - [01/Jan/1970:01:00:00 +0100] \"GET / HTTP/1.1\" 200 5", 0),
        ("h - [x] [01/Jan/1970:01:00:00 +0100] \"GET / HTTP/1.1\" 000 5", 0),
    ] {
        check(Clf::COMMON, line, false, |event| assert_eq!((event.time.0, text(event.c_ip)), (ms, "h"), "{line}"));
    }
}

#[test]
fn a_user_s_name_does_not_tell_the_time_or_the_request() {
    // As Apache and nginx write what calls itself so.
    for name in ["x [01/Jan/2001:00:00:00 +0000] \\\"GET /forged HTTP/1.1\\\" 200 5", "x [01/Jan/2001:00:00:00 +0000]"]
    {
        let line = format!("h - {name} {TIME} \"GET /x HTTP/1.1\" 401 5 \"-\" \"-\"");
        check(Clf::COMBINED, &line, true, |event| {
            assert_eq!((event.time, event.sc_status), (Timestamp(971_186_136_000), 401), "{line}");
            assert_eq!((text(event.cs_username), text(event.cs_uri)), (name, "/x"), "{line}");
        });
    }
}

#[test]
fn a_target_does_not_tell_the_status_of_a_common_line() {
    // As Squid writes it with `uri_whitespace allow`.
    let forged = "http://a/ HTTP/1.1\" 200 5 TCP_HIT:HIER_NONE x";
    let line = format!("h - - {TIME} \"GET {forged} HTTP/1.1\" 403 3900 TCP_DENIED:HIER_NONE");
    check(Clf::COMMON, &line, true, |event| {
        assert_eq!((event.sc_status, text(event.result), text(event.cs_uri)), (403, "TCP_DENIED", forged));
    });
}

#[test]
fn a_server_s_name_before_the_client_is_not_the_client() {
    for (user, name) in [("-", ""), ("joe", "joe")] {
        let line = format!("www.example:443 10.0.3.17 - {user} {TIME} \"GET /x HTTP/1.1\" 200 5 \"-\" \"-\"");
        check(Clf::COMBINED, &line, false, |event| {
            assert_eq!((text(event.c_ip), text(event.cs_username)), ("10.0.3.17", name), "{line}");
        });
    }
}

#[test]
fn says_why_it_rejects() {
    for (line, reason) in [
        ("", RejectReason::TooFewFields),
        ("hello", RejectReason::TooFewFields),
        ("1767225600.123 5 h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadSyntax),
        ("h - - [31/Feb/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", RejectReason::BadTime),
        ("h - - [10/Oct/2000:24:55:36 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", RejectReason::BadTime),
        ("h - - [10/Oct/2000:13:55:36 +0000]", RejectReason::TooFewFields),
        ("h - - [10/Oct/2000:13:55:36 +0000] GET / 200 5 \"-\" \"-\"", RejectReason::BadSyntax),
        ("h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" OK 5 \"-\" \"-\"", RejectReason::BadStatus),
        ("h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 big \"-\" \"-\"", RejectReason::BadSize),
        ("h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200", RejectReason::TooFewFields),
        ("h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5", RejectReason::TooFewFields),
        ("h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5 \"-\"", RejectReason::BadSyntax),
    ] {
        assert_eq!(Clf::COMBINED.parse(line.as_bytes(), &Bump::new()).map(|_| ()), Err(reason), "{line}");
    }
    let combined = format!("h - - {TIME} \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"");
    assert_eq!(Clf::COMMON.parse(combined.as_bytes(), &Bump::new()).map(|_| ()), Err(RejectReason::BadSyntax));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_rendered_is_read_back(
        seconds in 0_i64..200_000_000_000, status in 100_u16..1000, bytes in 0_u64..u64::MAX / 20, client in "[0-9a-f:.]{1,20}",
        user in "[!-~é]([!-Z\\\\-~ ]{0,9}[!-~])?", method in "[A-Z]{1,9}", uri in "[!-~é]{1,40}( [!-~]{1,4})?",
        texts in proptest::array::uniform2("[\\x01-\\x7fé日😀]{1,40}"), code in "[A-Z][A-Z_]{1,12}", is_squid in any::<bool>(),
        extra in proptest::sample::select(vec!["", "+0530", "\x1fid", "-0000\x1f\x1fHTTP/2.0", "\x1f\x1f\x1f\x1f 1 2"]),
    ) {
        // Squid escapes nothing: a quote is then one of the line's own, or can't be told from it.
        let texts = texts.map(|text| if is_squid { text.replace(['"', '\n'], "'") } else { text });
        let event = AccessEvent {
            time: Timestamp(seconds * 1000), c_ip: client.as_bytes(), cs_username: undash(user.as_bytes()),
            cs_method: method.as_bytes(), cs_uri: undash(uri.as_bytes()), sc_status: status, sc_bytes: bytes, cs_bytes: None,
            result: if is_squid { code.as_bytes() } else { b"" }, hierarchy: if is_squid { code.as_bytes() } else { b"" },
            referer: undash(texts[0].as_bytes()), user_agent: undash(texts[1].as_bytes()), extra: extra.as_bytes(),
            canonical: true, ..AccessEvent::default()
        };
        let (line, arena) = (rendered(Clf::COMBINED, &event), Bump::new());
        prop_assert_eq!(Clf::COMBINED.parse(&line, &arena), Ok(event), "{}", text(&line));
        let common = AccessEvent { referer: b"", user_agent: b"", ..event };
        let line = rendered(Clf::COMMON, &common);
        prop_assert_eq!(Clf::COMMON.parse(&line, &arena), Ok(common), "{}", text(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(
        place in 0_usize..150, noise in proptest::collection::vec(any::<u8>(), 0..8), removed in 0_usize..4,
    ) {
        let mut line =
            b"10.0.0.1 - joe [10/Oct/2000:13:55:36 -0700] \"GET http://a/b?c HTTP/1.1\" 200 2326 \"-\" \"curl/8\" TCP_MISS:HIER_NONE".to_vec();
        let noise: Vec<u8> = noise.into_iter().filter(|byte| *byte != b'\n').collect();
        let place = place.min(line.len());
        line.splice(place..(place + removed).min(line.len()), noise.iter().copied());
        for (format, line) in [(Clf::COMBINED, &line), (Clf::COMMON, &line), (Clf::COMBINED, &noise)] {
            let arena = Bump::new();
            if let Ok(event) = format.parse(line, &arena) && event.canonical {
                let again = rendered(format, &event);
                prop_assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(line));
            }
        }
    }
}
