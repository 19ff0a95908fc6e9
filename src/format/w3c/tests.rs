//! W3C lines in examples and as properties.

use super::*;
use crate::format::resolve;
use proptest::prelude::*;

fn format(spec: &str) -> SharedFormat {
    resolve(spec).unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

const PROXYSG: &str = "w3c date time time-taken c-ip cs-username cs-auth-group x-exception-id sc-filter-result \
    cs-categories cs(Referer) sc-status s-action cs-method rs(Content-Type) cs-uri-scheme cs-host cs-uri-port \
    cs-uri-path cs-uri-query cs-uri-extension cs(User-Agent) s-ip sc-bytes cs-bytes x-virus-id";

#[test]
fn reads_what_products_write() {
    let tmg = "w3c c-ip\tcs-username\tc-agent\tdate\ttime\tr-host\tr-ip\ttime-taken\tsc-bytes\ts-operation\tcs-uri\tcs-mime-type\ts-object-source\tsc-status\taction";
    let iis = "w3c date time s-ip cs-method cs-uri-stem cs-uri-query cs(User-Agent) cs(Host) sc-status time-taken c-ip";
    for (spec, line, uri, result, peer, user, agent, taken, extra) in [
        (
            PROXYSG,
            "2026-11-20 16:44:41 523 10.0.3.17 - - - OBSERVED \"News;Media\" http://b.example/ 200 TCP_NC_MISS GET text/html;%20charset=utf-8 http a.example 80 /x/i.html ?q=1 html \"Mozilla/5.0 (X11)\" 10.0.0.1 5316 412 -",
            "http://a.example/x/i.html?q=1",
            "TCP_NC_MISS",
            "",
            "",
            "Mozilla/5.0 (X11)",
            523,
            "\x1f\x1f\x1f\x1f\x1f\x1f\x1fOBSERVED\x1f\"News;Media\"\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f10.0.0.1",
        ),
        (
            PROXYSG,
            "2026-11-20 16:44:42 3 10.0.3.17 joe staff policy_denied DENIED - - 403 TCP_DENIED CONNECT - tcp a.example 443 / - - - 10.0.0.1 0 0 -",
            "a.example:443",
            "TCP_DENIED",
            "",
            "joe",
            "",
            3,
            "\x1f\x1f\x1f\x1f\x1fstaff\x1fpolicy_denied\x1fDENIED\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f10.0.0.1",
        ),
        (
            tmg,
            "10.0.3.17\tanonymous\tMozilla/4.0 (compatible)\t2026-11-20\t16:44:41\ta.example\t192.0.2.7\t156\t3011\tGET\thttp://a.example/\ttext/html\tInternet\t200\tDenied",
            "http://a.example/",
            "DENIED",
            "192.0.2.7",
            "",
            "Mozilla/4.0 (compatible)",
            156,
            "\x1fanonymous\x1f\x1f\x1f\x1fa.example",
        ),
        (
            iis,
            "2026-11-20 16:44:41 10.0.0.1 GET /x q=1&r=2 Mozilla/5.0+(X11) a.example:8080 200 15 10.0.3.17",
            "http://a.example:8080/x?q=1&r=2",
            "",
            "",
            "",
            "Mozilla/5.0+(X11)",
            15,
            "\x1f\x1f10.0.0.1\x1f\x1f\x1f\x1f\x1fa.example:8080",
        ),
        (
            "w3c date=2026-11-20 time cs-method cs-uri time-taken",
            "16:44:41 GET /x 1.5",
            "/x",
            "",
            "",
            "",
            "",
            1500,
            "\x1f\x1f\x1f1.5",
        ),
        (
            "w3c gmttime c-ip cs-uri sc-filter-result",
            "[20/11/2026:16:44:41 GMT] 10.0.3.17 \"http://a.example/a \"\"b\"\"\" DENIED",
            "http://a.example/a \"b\"",
            "DENIED",
            "",
            "",
            "",
            0,
            "",
        ),
    ] {
        let (format, arena) = (format(spec), Bump::new());
        let event = format.parse(line.as_bytes(), &arena).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
        assert_eq!(event.time.0 / 10_000, 179_519_308, "{line}");
        let got = [event.cs_uri, event.result, event.peer, event.cs_username, event.user_agent].map(text);
        assert_eq!((got, event.time_taken_ms), ([uri, result, peer, user, agent], taken), "{line}");
        assert_eq!(text(event.extra), extra, "{line}");
        let mut again = Vec::new();
        format.render(&event, &mut again);
        assert_eq!((event.canonical, text(&again)), (true, line));
    }
}

#[test]
fn reads_what_is_not_quite_as_products_write_it() {
    let spec = "w3c date time c-ip cs-uri cs(User-Agent)";
    for (line, agent) in [
        ("2026-11-20  16:44:41 h http://a/ x", "x"),
        ("2026-11-20\t16:44:41\th\thttp://a/\ta b", "a b"),
        ("\u{feff}2026-11-20 16:44:41 h http://a/ x", "x"),
        ("2026-11-20 16:44:41 h http://a/ x ", "x"),
    ] {
        let arena = Bump::new();
        let event = format(spec).parse(line.as_bytes(), &arena).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
        assert_eq!((text(event.user_agent), event.canonical), (agent, false), "{line}");
    }
    let (format, arena) = (format(spec), Bump::new());
    let event = format.parse(b"2026-11-20 16:44:60 h http://a/ \"a \"b\"c\"", &arena).unwrap();
    assert_eq!((text(event.user_agent), event.time.0 % 60_000, event.canonical), ("a \"b\"c", 59_000, true));
}

#[test]
fn says_why_it_rejects() {
    for (spec, line, reason) in [
        ("w3c", "2026-11-20 16:44:41 10.0.3.17 GET http://a.example/", RejectReason::NoHeader),
        ("w3c time c-ip cs-uri", "16:44:41 10.0.3.17 http://a.example/", RejectReason::BadTime),
        ("w3c date time c-ip", "2026-11-31 16:44:41 10.0.3.17", RejectReason::BadTime),
        ("w3c date time c-ip", "2026-11-20 24:00:00 10.0.3.17", RejectReason::BadTime),
        ("w3c date time c-ip", "2026-11-20 16:44:41", RejectReason::TooFewFields),
        ("w3c date time c-ip", "2026-11-20 16:44:41 10.0.3.17 more", RejectReason::BadSyntax),
        ("w3c date time c-ip", "2026-11-20 16:44:41 \"10.0.3.17", RejectReason::BadSyntax),
        ("w3c date time c-ip", "2026-11-20 16:44:41 \"10.0 \"3\" 17\"", RejectReason::BadSyntax),
        ("w3c date time sc-status", "2026-11-20 16:44:41 fine", RejectReason::BadStatus),
        ("w3c date time sc-status", "2026-11-20 16:44:41 1000", RejectReason::BadStatus),
        ("w3c date time sc-bytes", "2026-11-20 16:44:41 -7", RejectReason::BadSize),
        ("w3c date time sc-bytes", "2026-11-20 16:44:41 9999999999999999999", RejectReason::BadSize),
        ("w3c date time time-taken", "2026-11-20 16:44:41 -9223372036854775808", RejectReason::BadDuration),
        ("w3c date time time-taken", "2026-11-20 16:44:41 soon", RejectReason::BadDuration),
    ] {
        let arena = Bump::new();
        assert_eq!(format(spec).parse(line.as_bytes(), &arena).map(|_| ()), Err(reason), "{line}");
    }
    for (definition, mend) in [("c-ip cs-uri", "add 'date' and 'time'"), ("date=soon time", "date=YYYY-MM-DD")] {
        let error = W3c::compile(definition).unwrap_err().to_string();
        assert!(error.contains(mend), "{error}");
    }
}

#[test]
fn a_header_says_how_the_lines_behind_it_are_read() {
    for (lines, spec) in [
        (&["#Software: SGOS 6.7", "#Version: 1.0", "#Fields: date time c-ip"][..], "w3c date time c-ip"),
        (&["\u{feff}#Fields: date\ttime\tc-ip"], "w3c date\ttime\tc-ip"),
        (&["#Date: 2026-11-20 00:00:03", "#Fields: time c-ip"], "w3c date=2026-11-20 time c-ip"),
        (&["#Fields: time c-ip", "#Date: 2026-11-20 00:00:03"], "w3c date=2026-11-20 time c-ip"),
        (&["#Date: 2026-11-20 00:00:03", "#Fields: date time"], "w3c date time"),
        (&["#Fields: date time c-ip", "#Date: 2026-11-21 00:00:03", "#Remark: hello"], "w3c date time c-ip"),
        (&["#Fields: date time c-ip", "#Fields: date time cs-uri"], "w3c date time cs-uri"),
        (&["#Fields: date time c-ip", "#Fields: c-ip"], "w3c"),
        (&["#Fields: date time", "#Date: 2026-11-20", "#Remark: -", "#Fields: time"], "w3c date=2026-11-20 time"),
    ] {
        let mut format = format("w3c");
        for line in lines {
            format = format.directive(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
        }
        assert_eq!(format.spec(), spec);
        assert_eq!(resolve(spec).unwrap().spec(), spec);
    }
    // What is no header leaves the lines behind it without one.
    for fields in ["x ".repeat(300), format!("{} ", "x".repeat(9000))] {
        let header = format!("#Fields: date time c-ip {fields}");
        assert_eq!(format("w3c date time").directive(header.as_bytes()).unwrap().spec(), "w3c", "{header}");
        assert!(resolve(&format!("w3c date time {fields}")).unwrap_err().to_string().contains("there may be"));
    }
    for other in ["# a comment", "#!/bin/sh", "2026-11-20 00:00:00 #Fields: x", "#Remark of ours", "#", "\u{feff}x"] {
        assert!(format("w3c").directive(other.as_bytes()).is_none(), "{other}");
    }
}

/// Every column that an event has a place for, and some it has none for.
const COLUMNS: [&str; 16] = [
    "time-taken",
    "c-ip",
    "cs-username",
    "cs-method",
    "sc-status",
    "sc-bytes",
    "cs-bytes",
    "s-action",
    "s-hierarchy",
    "r-ip",
    "rs(Content-Type)",
    "cs(User-Agent)",
    "cs(Referer)",
    "cs-categories",
    "s-ip",
    "x-virus-id",
];
const UNTOLD: usize = 13;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_rendered_is_read_back_whatever_the_order(
        order in Just(COLUMNS.to_vec()).prop_shuffle(), in_parts in any::<bool>(), tabs in any::<bool>(),
        ms in 0_i64..99_999_999_999_000, taken in 0_i64..9_999_999, status in 0_u16..1000, bytes in 0_u64..1_000_000_000_000_000_000,
        words in proptest::array::uniform6("[!#-,.-~][!-~]{0,20}"), agent in "[!-,.-~][ -~]{0,30}[!#-~]",
        path in "(/[a-z.]{1,8}){1,3}", query in proptest::option::of("[!-~]{1,20}"), port in 1_u16..,
        https in any::<bool>(), tunnel in any::<bool>(), untold in proptest::array::uniform3("[!#-,.-Z\\[-~]{1,12}"),
    ) {
        let [client, user, action, hierarchy, peer, mime] = &words;
        prop_assume!(!user.eq_ignore_ascii_case("anonymous"));
        let (scheme, default) = if https { ("https", 443) } else { ("http", 80) };
        let port = if port == default { String::new() } else { format!(":{port}") };
        let uri = match (tunnel, &query) {
            (true, _) => format!("a.example{}", if port.is_empty() { ":443" } else { &port }),
            (false, Some(query)) => format!("{scheme}://a.example{port}{path}?{query}"),
            (false, None) => format!("{scheme}://a.example{port}{path}"),
        };
        let targets: &[&str] = match in_parts {
            true => &["cs-uri-scheme", "cs-host", "cs-uri-port", "cs-uri-path", "cs-uri-query", "cs-uri-extension"],
            false => &["cs-uri"],
        };
        let names: Vec<&str> = order.iter().chain(targets).chain(&["date", "time"]).copied().collect();
        let format = format(&format!("w3c {}", names.join(if tabs { "\t" } else { " " })));
        let mut extra: Vec<&str> = names
            .iter()
            .map(|name| COLUMNS[UNTOLD..].iter().position(|column| column == name).map_or("", |at| untold[at].as_str()))
            .collect();
        extra.truncate(extra.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1));
        let extra = extra.join("\x1f");
        let event = AccessEvent {
            time: Timestamp(ms), time_taken_ms: taken, c_ip: client.as_bytes(), cs_username: user.as_bytes(),
            cs_method: if tunnel { b"CONNECT" } else { b"GET" }, cs_uri: uri.as_bytes(), sc_status: status,
            sc_bytes: bytes, cs_bytes: Some(bytes / 2), result: action.as_bytes(), hierarchy: hierarchy.as_bytes(), peer: peer.as_bytes(),
            content_type: mime.as_bytes(), user_agent: agent.as_bytes(), referer: uri.as_bytes(),
            extra: extra.as_bytes(), canonical: true,
        };
        let (mut line, arena) = (Vec::new(), Bump::new());
        format.render(&event, &mut line);
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(
        line in proptest::collection::vec(any::<u8>(), 0..200), damage in "[ -~\t\"]{0,60}", at in 0_usize..150,
    ) {
        let mut damaged = b"2026-11-20 16:44:42 3 h joe staff policy_denied DENIED - - 403 TCP_DENIED CONNECT - tcp a.example 443 / - - \"a b\" 10.0.0.1 0 0 -".to_vec();
        damaged.splice(at.min(damaged.len())..(at + 3).min(damaged.len()), damage.bytes());
        for line in [&line, &damaged] {
            for spec in ["w3c", PROXYSG, "w3c date\ttime\tcs-uri", "w3c time", "w3c gmttime localtime cs(x)"] {
                let (format, arena) = (format(spec), Bump::new());
                let _ = format.directive(line);
                if let Ok(event) = format.parse(line, &arena) && event.canonical {
                    let mut again = Vec::new();
                    format.render(&event, &mut again);
                    prop_assert_eq!(&again, line);
                }
            }
        }
    }
}
