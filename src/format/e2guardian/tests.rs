//! e2guardian's layouts, in examples and as properties.

use crate::format::resolve;
use crate::model::{AccessEvent, Outcome, RejectReason, Timestamp};
use bumpalo::Bump;
use proptest::prelude::*;

const SPECS: [&str; 4] = ["e2guardian", "e2guardian csv", "e2guardian tab", "e2guardian protex"];

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn reads_what_e2guardian_writes() {
    for (spec, line) in [
        (
            "e2guardian",
            "2026.11.20 16:52:22 anna 127.0.0.8 http://ads.example.net/0.gif?r=1 *DENIED* Blocked site: ads.example.net GET 0 0 Banned Sites 1 403 - 127.0.0.8 no_name_group Mozilla/5.0 (X11) - - - -",
        ),
        (
            "e2guardian csv",
            r#""2026.11.20 16:52:22","anna","127.0.0.8","http://ads.example.net/0.gif?r=1","*DENIED* Blocked site: ads.example.net","GET","0","0","Banned Sites","1","403","-","127.0.0.8","no_name_group","Mozilla/5.0 (X11)","-","-","-","-""#,
        ),
        (
            "e2guardian tab",
            "2026.11.20 16:52:22\tanna\t127.0.0.8\thttp://ads.example.net/0.gif?r=1\t*DENIED* Blocked site: ads.example.net\tGET\t0\t0\tBanned Sites\t1\t403\t-\t127.0.0.8\tno_name_group\tMozilla/5.0 (X11)\t-\t-\t-\t-",
        ),
        (
            "e2guardian protex",
            "1795193542.000\t\tanna\t127.0.0.8\t127.0.0.8\thttp://ads.example.net/0.gif?r=1\tGET\t403\t0\t-\tMozilla/5.0 (X11)\t-\t0\t-\t500\t*DENIED* Blocked site: ads.example.net\t0\tBanned Sites\tno_name_group\t1",
        ),
    ] {
        let arena = Bump::new();
        let event = resolve(spec).unwrap().parse(line.as_bytes(), &arena).unwrap();
        assert_eq!(event.time, Timestamp(1_795_193_542_000), "{spec}");
        assert_eq!((text(event.c_ip), text(event.cs_username)), ("127.0.0.8", "anna"), "{spec}");
        assert_eq!((text(event.cs_method), text(event.cs_uri)), ("GET", "http://ads.example.net/0.gif?r=1"), "{spec}");
        assert_eq!((event.sc_status, text(event.result)), (403, "DENIED"), "{spec}");
        assert_eq!(Outcome::of(event.sc_status, event.result), Outcome::Denied, "{spec}");
        assert_eq!(text(event.user_agent), "Mozilla/5.0 (X11)", "{spec}");
        assert!(event.canonical, "{spec}");
    }
}

/// A line of the native layout, with these in it.
fn native(when: &str, user: &str, url: &str, what: &str, method: &str, agent: &str) -> String {
    format!(
        "{when} {user} 127.0.0.8 {url} {what} {method} 51 0 - 1 200 text/html 127.0.0.8 no_name_group {agent} - - - -"
    )
}

#[test]
fn reads_its_odd_lines() {
    let when = "2026.11.20 16:52:22";
    let url = "http://a.example/";
    for (line, canonical, want) in [
        (native(when, "-", url, "-", "GET", "-"), true, ["", url, "", ""]),
        (native(when, "anna maria", url, "-", "GET", "a b  c"), true, ["anna maria", url, "", "a b  c"]),
        (native(when, "-", url, "*SCANNED* ", "GET", "x"), true, ["", url, "SCANNED", "x"]),
        (
            native(when, "-", url, "*URLMOD* *TRUSTED* Site match: x", "GET", "x"),
            true,
            ["", url, "URLMOD,TRUSTED", "x"],
        ),
        (native(when, "-", url, "*INFECTED* * *DENIED* Virus", "GET", "x"), false, ["", url, "INFECTED,DENIED", "x"]),
        (native(when, "-", url, "*DENIED-POST* Upload", "POST", "x"), true, ["", url, "DENIED-POST", "x"]),
        (native(when, "-", url, "*VERWEIGERT* Gesperrt", "GET", "x"), false, ["", url, "DENIED", "x"]),
        (native(when, "-", url, "Site match: x", "GET", "x"), true, ["", url, "", "x"]),
        (native(when, "-", "https://a.example:443", "-", "CONNECT", "x"), true, ["", "a.example:443", "", "x"]),
        (native("2026.11.20 16:52:22 1795193542.250", "-", url, "-", "GET", "x"), true, ["", url, "", "x"]),
        (
            native(when, "-", url, "-", "GET", "x GET 1 0 - 1 200 - y z GET"),
            true,
            ["", url, "", "x GET 1 0 - 1 200 - y z GET"],
        ),
    ] {
        let arena = Bump::new();
        let event =
            resolve("e2guardian").unwrap().parse(line.as_bytes(), &arena).unwrap_or_else(|e| panic!("{line}: {e:?}"));
        let got = [event.cs_username, event.cs_uri, event.result, event.user_agent].map(text);
        assert_eq!((got, event.canonical), (want, canonical), "{line}");
        let millis = if line.contains(".250") { 250 } else { 0 };
        assert_eq!(event.time, Timestamp(1_795_193_542_000 + millis), "{line}");
    }
}

#[test]
fn a_separator_that_a_client_sent_does_not_move_the_columns() {
    let arena = Bump::new();
    let tab = "2026.11.20 16:52:22\t-\t127.0.0.8\thttp://a.example/\t-\tGET\t51\t0\t-\t1\t200\t-\t127.0.0.8\tno_name_group\ttab\there\t-\t-\t-\t-";
    let event = resolve("e2guardian tab").unwrap().parse(tab.as_bytes(), &arena).unwrap();
    assert_eq!((text(event.user_agent), event.canonical), ("tab\there", true));
    let csv = r#""2026.11.20 16:52:22","-","127.0.0.8","http://a.example/",","x","-","GET","51","0","-","1","200","-","127.0.0.8","no_name_group","curl","-","-","-","-""#;
    let event = resolve("e2guardian csv").unwrap().parse(csv.as_bytes(), &arena).unwrap();
    assert_eq!((text(event.cs_uri), text(event.user_agent)), (r#"http://a.example/",","x"#, "curl"));
}

#[test]
fn says_why_it_rejects() {
    let whole = native("2026.11.20 16:52:22", "-", "http://a.example/", "-", "GET", "x");
    for (line, reason) in [
        ("", RejectReason::TooFewFields),
        ("hello world", RejectReason::TooFewFields),
        (&whole[..60], RejectReason::TooFewFields),
        (&whole.replace("2026.11", "2026.13"), RejectReason::BadTime),
        (&whole.replace("16:52", "16h52"), RejectReason::BadTime),
        (&whole.replace(" 200 ", " 2000 "), RejectReason::TooFewFields),
    ] {
        let arena = Bump::new();
        let got = resolve("e2guardian").unwrap().parse(line.as_bytes(), &arena).map(|_| ());
        assert_eq!(got, Err(reason), "{line}");
    }
    assert!(resolve("e2guardian xml").unwrap_err().to_string().contains("csv for 2"));
}

#[test]
fn local_times_become_utc_and_come_back() {
    let line = native("2026.07.20 16:52:22", "-", "http://a.example/", "-", "GET", "x");
    let arena = Bump::new();
    let berlin = resolve("e2guardian zone=Europe/Berlin").unwrap();
    let event = berlin.parse(line.as_bytes(), &arena).unwrap();
    assert_eq!((event.time.to_sql(), event.canonical), ("2026-07-20 14:52:22".into(), true));
    // A time that the clocks left out is rendered as another.
    let event = native("2026.03.29 02:30:00", "-", "http://a.example/", "-", "GET", "x");
    assert!(!berlin.parse(event.as_bytes(), &arena).unwrap().canonical);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_rendered_is_read_back(
        seconds in 0_i64..99_999_999_999, bytes in 0_u64..u64::MAX / 100, status in 100_u16..1000, taken in -9999_i64..9_999_999,
        words in proptest::array::uniform3("[!-.0-~&&[^,\"*]]{1,20}"), address in any::<std::net::Ipv4Addr>(),
        uri in "http://[a-z]{1,9}/[!-~&&[^\"]]{0,40}", method in "[A-Z]{1,9}", result in "([A-Z]{1,8}(,[A-Z]{1,8}){0,2})?",
        agent in "[!-~]([ -~]{0,30}[!-~])?", which in 0_usize..4,
    ) {
        let [user, mime, _] = &words;
        let address = address.to_string();
        let protex = which == 3;
        let event = AccessEvent {
            time: Timestamp(if protex { seconds * 1000 + taken.abs() % 1000 } else { seconds * 1000 }),
            time_taken_ms: if protex { taken } else { 0 }, c_ip: address.as_bytes(), cs_username: user.as_bytes(),
            cs_method: method.as_bytes(), cs_uri: uri.as_bytes(), sc_status: status, sc_bytes: bytes, cs_bytes: None,
            result: result.as_bytes(), content_type: mime.as_bytes(), user_agent: agent.as_bytes(),
            canonical: true, ..AccessEvent::default()
        };
        prop_assume!(![user, mime, &agent].iter().any(|text| *text == "-") && method != "CONNECT");
        // What can't be told apart where nothing is escaped.
        prop_assume!(!agent.contains("\",\"") && !agent.ends_with('"'));
        let format = resolve(SPECS[which]).unwrap();
        let mut line = Vec::new();
        format.render(&event, &mut line);
        let arena = Bump::new();
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&line)?;
    }

    #[test]
    fn nor_does_a_damaged_line(at in 0_usize..250, byte in any::<u8>(), cut in 0_usize..250, which in 0_usize..4) {
        let mut line = native("2026.11.20 16:52:22", "-", "http://a.example/", "*DENIED* why not", "GET", "a b").into_bytes();
        let separator: &[u8] = [&b" "[..], b"\",\"", b"\t", b"\t"][which];
        line = line.split(|byte| *byte == b' ').collect::<Vec<_>>().join(separator);
        let at = at % line.len();
        line[at] = byte;
        check(&line)?;
        line.truncate(cut);
        line.insert(at.min(line.len()), byte);
        check(&line)?;
    }
}

fn check(line: &[u8]) -> Result<(), TestCaseError> {
    for spec in SPECS {
        let (arena, format) = (Bump::new(), resolve(spec).unwrap());
        if let Ok(event) = format.parse(line, &arena)
            && event.canonical
        {
            let mut again = Vec::new();
            format.render(&event, &mut again);
            prop_assert_eq!(again, line);
        }
    }
    Ok(())
}
