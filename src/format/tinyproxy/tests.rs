//! tinyproxy's log, in examples and as properties.

use crate::format::{LocalTime, SharedFormat, resolve};
use crate::model::{AccessEvent, Outcome, RejectReason, Timestamp};
use bumpalo::Bump;
use proptest::prelude::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The rows of a log: client, method, URL, status and outcome; and whether each comes back.
fn rows(lines: &[&str]) -> Vec<(String, Outcome)> {
    let mut format: SharedFormat = resolve("tinyproxy until=2026-11-21").unwrap();
    let mut rows = Vec::new();
    for line in lines {
        if let Some(next) = format.directive(line.as_bytes()) {
            assert_eq!(next.spec(), format.spec());
            format = next;
            continue;
        }
        let arena = Bump::new();
        let event = format.parse(line.as_bytes(), &arena).unwrap_or_else(|e| panic!("{line}: {e:?}"));
        let mut again = Vec::new();
        format.render(&event, &mut again);
        assert_eq!((event.canonical, text(&again)), (true, *line));
        let [client, method, url] = [event.c_ip, event.cs_method, event.cs_uri].map(text);
        rows.push((format!("{client} {method} {url}"), Outcome::of(event.sc_status, event.result)));
    }
    rows
}

#[test]
fn what_is_no_address_is_not_remembered() {
    let long = "9".repeat(5000);
    let got = rows(&[
        "CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 6): 192.0.2.6",
        &format!("CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 6): {long}"),
        "CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1",
    ]);
    assert_eq!(got[0].0, " GET http://a.example/");
}

#[test]
fn a_request_has_the_client_that_connected() {
    let got = rows(&[
        "INFO      Nov 20 16:51:42.623 [812]: Starting main loop. Accepting connections.",
        "CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 6): 192.0.2.6",
        "CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 7): desk [192.0.2.7]",
        "CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): POST http://a.example/?q=1 HTTP/1.1",
        "CONNECT   Nov 20 16:51:43.575 [813]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1",
        "CONNECT   Nov 20 16:51:43.576 [812]: Request (file descriptor 7): CONNECT b.example:443 HTTP/1.0",
        "CONNECT   Nov 20 16:51:43.608 [812]: Established connection to upstream proxy \"127.0.0.1\" using file descriptor 9.",
        "CONNECT   Nov 20 16:51:44.000 [812]: Connect (file descriptor 6): 192.0.2.9 at [192.0.2.1]",
        "CONNECT   Nov 20 16:51:44.100 [812]: Request (file descriptor 6): GET http://c.example/ HTTP/1.1",
        "ERROR     Nov 20 16:51:44.200 [812]: read_buffer: read() failed on fd 6: Connection reset by peer",
    ]);
    let want = [
        "192.0.2.6 POST http://a.example/?q=1",
        " GET http://a.example/",
        "192.0.2.7 CONNECT b.example:443",
        "192.0.2.9 GET http://c.example/",
    ];
    assert_eq!(got, want.map(|row| (row.to_owned(), Outcome::Allowed)));
}

#[test]
fn a_refused_request_is_denied() {
    let got = rows(&[
        "CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 6): 192.0.2.6",
        "CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): GET http://Ads.example:8080/x HTTP/1.1",
        "CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): CONNECT b.example:22 HTTP/1.1",
        "CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): GET http://b.example/ HTTP/1.1",
        "NOTICE    Nov 20 16:51:43.576 [812]: Proxying refused on filtered domain \"ads.example\"",
        "NOTICE    Nov 20 16:51:43.576 [812]: Proxying refused on filtered url \"http://b.example/\"",
        "INFO      Nov 20 16:51:43.576 [812]: Refused CONNECT method on port 22",
        "NOTICE    Nov 20 16:51:43.577 [812]: Unauthorized connection from \"192.0.2.66\".",
        "NOTICE    Nov 20 16:51:43.577 [812]: Proxying refused on filtered domain \"never.asked.example\"",
    ]);
    let want = [
        "192.0.2.6 GET http://Ads.example:8080/x",
        "192.0.2.6 GET http://b.example/",
        "192.0.2.6 CONNECT b.example:22",
        "192.0.2.66  ",
        "  ",
    ];
    assert_eq!(got[3..], want.map(|row| (row.to_owned(), Outcome::Denied)));
}

#[test]
fn what_one_log_said_is_not_known_in_another() {
    let connect = b"CONNECT   Nov 20 16:51:43.574 [812]: Connect (file descriptor 6): 192.0.2.6";
    let request = b"CONNECT   Nov 20 16:51:43.575 [812]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1";
    let arena = Bump::new();
    let format = resolve("tinyproxy").unwrap();
    let knowing = format.directive(connect).unwrap();
    assert_eq!(knowing.parse(request, &arena).unwrap().c_ip, b"192.0.2.6");
    assert_eq!(resolve("tinyproxy").unwrap().parse(request, &arena).unwrap().c_ip, b"");
}

#[test]
fn times_have_the_year_and_zone_that_are_told() {
    let line = b"CONNECT   Dec 31 23:30:00.500 [812]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1";
    let arena = Bump::new();
    let told =
        LocalTime { until: Timestamp(1_767_225_600_000), zone: jiff::tz::TimeZone::get("America/New_York").unwrap() };
    let format = resolve("tinyproxy").unwrap().with_local_time(&told).unwrap();
    let event = format.parse(line, &arena).unwrap();
    assert_eq!((event.time.to_rfc3339().as_str(), event.canonical), ("2026-01-01T04:30:00.500Z", true));
    assert_eq!(format.spec(), "tinyproxy zone=America/New_York");
    let mut again = Vec::new();
    resolve(format.spec()).unwrap().render(&event, &mut again);
    assert_eq!(again, line);
}

#[test]
fn who_is_connected_is_known_when_the_time_is_told_again() {
    let told = |until| LocalTime { until: Timestamp(until), zone: jiff::tz::TimeZone::UTC };
    let format = resolve("tinyproxy").unwrap().with_local_time(&told(1_767_225_600_000)).unwrap();
    let connect = b"CONNECT   Dec 31 23:30:00.500 [812]: Connect (file descriptor 6): 192.0.2.7";
    let format = format.directive(connect).unwrap().with_local_time(&told(1_798_761_600_000)).unwrap();
    let line = b"CONNECT   Dec 31 23:30:00.500 [812]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1";
    let arena = Bump::new();
    let event = format.parse(line, &arena).unwrap();
    assert_eq!((event.time.to_rfc3339().as_str(), event.c_ip), ("2026-12-31T23:30:00.500Z", &b"192.0.2.7"[..]));
}

#[test]
fn says_why_it_rejects() {
    let arena = Bump::new();
    let format = resolve("tinyproxy").unwrap();
    for (line, reason) in [
        ("", RejectReason::BadSyntax),
        ("hello world", RejectReason::BadSyntax),
        ("CONNECT   Nov 20 16:51:43.574", RejectReason::BadSyntax),
        ("CONNECT   Nov 31 16:51:43.574 [812]: Request (file descriptor 6): GET / HTTP/1.1", RejectReason::BadTime),
        ("CONNECT   20 Nov 16:51:43.574 [812]: Request (file descriptor 6): GET / HTTP/1.1", RejectReason::BadTime),
    ] {
        let is_silent = format.directive(line.as_bytes()).is_some();
        assert_eq!((format.parse(line.as_bytes(), &arena).map(|_| ()), is_silent), (Err(reason), false), "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_rendered_is_read_back(
        ms in 1_733_000_000_000_i64..1_764_000_000_000, method in "[!-~]{1,9}", uri in "[!-~]{1,60}",
        pid in 1_u32..99_999, descriptor in 0_u32..999, protocol in prop_oneof![Just(""), Just("\u{1f}HTTP/1.0")],
    ) {
        let extra = format!("\u{1f}{pid}\u{1f}{descriptor}{protocol}");
        let event = AccessEvent {
            time: Timestamp(ms), cs_method: method.as_bytes(), cs_uri: uri.as_bytes(), sc_status: 200, result: b"REQUEST",
            extra: extra.as_bytes(), canonical: true, ..AccessEvent::default()
        };
        let format = resolve("tinyproxy until=2025-11-24 zone=Europe/London").unwrap();
        let mut line = Vec::new();
        format.render(&event, &mut line);
        let arena = Bump::new();
        // An hour each autumn has two readings; the earlier one is taken.
        prop_assume!(format.parse(&line, &arena).is_ok_and(|read| read.time == event.time));
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(
        line in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "(CONNECT  |NOTICE   |INFO     ) [A-Z][a-z]{2} [ 0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})? \\[[0-9]{0,5}\\]: (Request \\(file descriptor [0-9]{0,3}\\): |Refused CONNECT method on port |Unauthorized connection from \"|Proxying refused on filtered domain \")[ -~]{0,30}".prop_map(String::into_bytes),
        ],
    ) {
        let (arena, format) = (Bump::new(), resolve("tinyproxy until=2025-11-24").unwrap());
        let _ = format.directive(&line);
        if let Ok(event) = format.parse(&line, &arena) && event.canonical {
            let mut again = Vec::new();
            format.render(&event, &mut again);
            prop_assert_eq!(again, line);
        }
    }
}
