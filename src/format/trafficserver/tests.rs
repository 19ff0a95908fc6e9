//! Traffic Server's formats, in examples and as properties.

use super::{STOCK, compile};
use crate::format::{LocalTime, resolve};
use crate::model::{AccessEvent, Field, Outcome, RejectReason, Timestamp};
use bumpalo::Bump;
use proptest::prelude::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn reads_what_traffic_server_writes() {
    for (spec, line, want, outcome) in [
        (
            "trafficserver",
            "1795193682.963 18 127.0.0.6 ERR_PROXY_DENIED/403 447 GET http://mail.example.com/0.gif?ref=1 - DIRECT/mail.example.com text/html",
            ["127.0.0.6", "GET", "http://mail.example.com/0.gif?ref=1", "ERR_PROXY_DENIED", "text/html"],
            Outcome::Denied,
        ),
        (
            "trafficserver",
            "1795193683.004 23 ::1 TCP_MISS/200 2346 CONNECT www.example.com:443/ - DIRECT/www.example.com -",
            ["::1", "CONNECT", "www.example.com:443", "TCP_MISS", ""],
            Outcome::Allowed,
        ),
        (
            "trafficserver",
            "1795193683.004 23 ::1 TCP_HIT/200 2346 GET http://a.example/ - NONE/- text/html; charset=utf-8",
            ["::1", "GET", "http://a.example/", "TCP_HIT", "text/html; charset=utf-8"],
            Outcome::Allowed,
        ),
        (
            "trafficserver common",
            "127.0.0.9 - - [20/Nov/2026:16:54:41 -0000] \"GET http://cdn.example.net/a b.html HTTP/1.1\" 500 391",
            ["127.0.0.9", "GET", "http://cdn.example.net/a b.html", "", ""],
            Outcome::Error,
        ),
        (
            "trafficserver extended2",
            "127.0.0.9 - - [20/Nov/2026:18:54:41 +0200] \"CONNECT a.example:443/ HTTP/1.0\" 200 391 000 0 0 0 123 204 0 0 3 NONE FIN FIN ERR_CLIENT_ABORT",
            ["127.0.0.9", "CONNECT", "a.example:443", "ERR_CLIENT_ABORT", ""],
            Outcome::Allowed,
        ),
    ] {
        let arena = Bump::new();
        let event = resolve(spec).unwrap().parse(line.as_bytes(), &arena).unwrap_or_else(|e| panic!("{line}: {e:?}"));
        let got = [event.c_ip, event.cs_method, event.cs_uri, event.result, event.content_type].map(text);
        assert_eq!(got, want, "{line}");
        assert_eq!(Outcome::of(event.sc_status, event.result), outcome, "{line}");
        assert_eq!(event.time.0 / 1000 / 10, 179_519_368, "{line}");
        assert!(event.canonical, "{line}");
    }
}

#[test]
fn one_s_own_definition_is_compiled() {
    let spec = r#"trafficserver time="%<cqtd> %<cqtt>" took=%<ttmsf> %<chi> op=%<cqhm> url="%<pquc>" %<cqup> agent="%<{User-Agent}cqh>" ref="%<{Referer}cqh>" %<pssc> (%<shn>|%<pqsi>)"#;
    let line = r#"time="2026-11-20 16:54:41" took=0.038 10.0.0.7 op=GET url="http://a.example/x" x agent="say "hi"" ref="-" 200 (a.example|192.0.2.7)"#;
    let (arena, format) = (Bump::new(), resolve(spec).unwrap());
    assert_eq!(format.spec(), spec);
    let event = format.parse(line.as_bytes(), &arena).unwrap();
    assert_eq!(event.time.to_sql(), "2026-11-20 16:54:41");
    assert_eq!((event.time_taken_ms, event.sc_status), (38, 200));
    let got = [event.cs_uri, event.user_agent, event.referer, event.peer, event.extra].map(text);
    assert_eq!(got, ["http://a.example/x", "say \"hi\"", "", "192.0.2.7", "x\u{1f}a.example"]);
    assert!(event.canonical);
    assert!(format.fields().has(Field::UserAgent) && !format.fields().has(Field::User));
    let told = LocalTime { until: Timestamp(0), zone: jiff::tz::TimeZone::get("Asia/Tokyo").unwrap() };
    let tokyo = format.with_local_time(&told).unwrap();
    assert_eq!(tokyo.parse(line.as_bytes(), &arena).unwrap().time.to_sql(), "2026-11-20 07:54:41");
    assert_eq!(resolve(tokyo.spec()).unwrap().spec(), tokyo.spec());
    assert!(resolve("trafficserver").unwrap().with_local_time(&told).is_none());
}

#[test]
fn a_hostile_header_costs_at_most_its_own_value() {
    let spec = r#"trafficserver %<cqtq> "%<{User-Agent}cqh>" "%<{Referer}cqh>" %<chi> %<cqhm> %<cquc> %<pssc> %<psct>"#;
    let line = r#"1795193682.949 "" 200 0 "x" "y" "http://r.example/" 127.0.0.1 GET http://a.example/ 200 text/html"#;
    let arena = Bump::new();
    let event = resolve(spec).unwrap().parse(line.as_bytes(), &arena).unwrap();
    assert_eq!((text(event.c_ip), text(event.cs_uri), event.sc_status), ("127.0.0.1", "http://a.example/", 200));
    assert!(event.canonical);
}

#[test]
fn says_what_is_wrong() {
    for (definition, problem) in [
        ("squid2", "no definition"),
        ("%<cqtq> %<chi>", "no code for the URL; add %<cquc>"),
        ("%<chi> %<cquc>", "no code for the time; add %<cqtq>"),
        ("%<cqtd> %<cquc>", "no code for the time"),
        ("%<cqtq> %<cquc", "the code at character 9 has no end"),
        ("%<cqtq>%<cquc>", "two codes without text between them at character 8"),
    ] {
        let error = compile(definition).unwrap_err().to_string();
        assert!(error.contains(problem), "{definition}: {error}");
    }
    assert_eq!(compile(STOCK[1].1).unwrap().spec(), "trafficserver common");
    let arena = Bump::new();
    let squid = resolve("trafficserver").unwrap();
    for (line, reason) in [
        ("", RejectReason::TooFewFields),
        ("1795193682 18 h TCP_HIT/200 1 GET http://a/ - NONE/- -", RejectReason::BadTime),
        ("1795193682.963     18 h TCP_HIT/200 1 GET http://a/ - HIER_NONE/- -", RejectReason::BadDuration),
        ("1795193682.963 18 h TCP_HIT/20 1 GET http://a/ - NONE/- -", RejectReason::BadStatus),
        ("1795193682.963 18 h TCP_HIT/200 big GET http://a/ - NONE/- -", RejectReason::BadSize),
    ] {
        assert_eq!(squid.parse(line.as_bytes(), &arena).map(|_| ()), Err(reason), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_rendered_is_read_back(
        ms in 0_i64..99_999_999_999_000, taken in 0_i64..9_999_999, status in 0_u16..1000, bytes in 0_u64..u64::MAX / 100,
        words in proptest::array::uniform6("[!-.0-~&&[^\"\\[\\]]]{1,20}"), uri in "http://[!-~&&[^\"]]{1,60}", which in 0_usize..4,
        zone in prop_oneof![Just(""), Just("+0200"), Just("-0330")],
    ) {
        let [client, user, method, peer, code, mime] = &words;
        prop_assume!(words.iter().all(|word| word != "-") && method != "CONNECT");
        let full = AccessEvent {
            time: Timestamp(ms), time_taken_ms: taken, c_ip: client.as_bytes(), cs_username: user.as_bytes(),
            cs_method: method.as_bytes(), cs_uri: uri.as_bytes(), sc_status: status, sc_bytes: bytes, cs_bytes: None,
            result: code.as_bytes(), hierarchy: code.as_bytes(), peer: peer.as_bytes(), content_type: mime.as_bytes(),
            canonical: true, ..AccessEvent::default()
        };
        let common = AccessEvent {
            time: Timestamp(ms / 1000 * 1000), time_taken_ms: 0, result: b"", hierarchy: b"", peer: b"", content_type: b"",
            extra: zone.as_bytes(), ..full
        };
        // The values of the codes that mean nothing to an event follow the zone and the protocol.
        let numbers = format!("{zone}\u{1f}{}", "\u{1f}7".repeat(8));
        let extended =
            AccessEvent { time_taken_ms: taken * 1000, cs_bytes: Some(7 + 7), extra: numbers.as_bytes(), ..common };
        let fins = format!("{numbers}\u{1f}FIN\u{1f}RST");
        let extended2 = AccessEvent { hierarchy: full.hierarchy, result: full.result, extra: fins.as_bytes(), ..extended };
        let event = [full, common, extended, extended2][which];
        let format = resolve(["trafficserver", "trafficserver common", "trafficserver extended", "trafficserver extended2"][which]).unwrap();
        let mut line = Vec::new();
        format.render(&event, &mut line);
        let arena = Bump::new();
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(
        line in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "[0-9]{10}\\.[0-9]{3} [0-9-]{1,4} [ -~]{0,9} [A-Z_]{1,9}/[0-9]{3} [0-9]{1,9} [ -~]{1,30} - [A-Z]{1,4}/[ -~]{0,9}".prop_map(String::into_bytes),
            "[ -~]{1,9} - - \\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}\\] \"[ -~]{0,20}\" [0-9]{3} [0-9-]{1,5}".prop_map(String::into_bytes),
        ],
    ) {
        for (name, definition) in STOCK {
            let (arena, format) = (Bump::new(), compile(name).unwrap());
            if let Ok(event) = format.parse(&line, &arena) && event.canonical {
                let mut again = Vec::new();
                format.render(&event, &mut again);
                prop_assert_eq!(&again, &line, "{}", definition);
            }
        }
    }

    #[test]
    fn no_definition_makes_it_panic(definition in "(%<[a-z{}]{0,6}>|%<cqtq>|%<cquc>|[ -~]){0,9}", line in "[ -~]{0,80}") {
        if let Ok(format) = compile(&definition) {
            let arena = Bump::new();
            let _ = format.parse(line.as_bytes(), &arena);
            prop_assert!(resolve(format.spec()).is_ok());
        }
    }
}
