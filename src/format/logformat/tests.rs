//! Definitions on lines that Squid wrote (`tests/fixtures/record/record-logformat`), in examples and as properties.

use super::*;
use crate::format::{FormatChoice, detect, resolve};
use crate::model::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

const RECORDED: &[u8] = include_bytes!("../../../tests/fixtures/formats/logformat/recorded.log");

/// The recorded definitions, each with its lines.
fn recorded() -> Vec<(String, Vec<&'static [u8]>)> {
    let mut all: Vec<(String, Vec<&[u8]>)> = Vec::new();
    for line in RECORDED.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match (line.strip_prefix(b"== "), all.last_mut()) {
            (Some(definition), _) => all.push((String::from_utf8(definition.to_vec()).unwrap(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => panic!("a line without a definition"),
        }
    }
    all
}

fn format(definition: &str) -> SharedFormat {
    let spec = if definition.contains('%') { format!("logformat {definition}") } else { definition.to_owned() };
    resolve(&spec).unwrap_or_else(|error| panic!("{definition}: {error}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn rendered(format: &SharedFormat, event: &AccessEvent<'_>) -> String {
    let mut line = Vec::new();
    format.render(event, &mut line);
    text(&line)
}

/// The lines of the recorded definition that begins so, read.
fn check_recorded<const N: usize>(begin: &str, want: &[[&str; N]], fields: fn(&AccessEvent<'_>) -> [String; N]) {
    let all = recorded();
    let (definition, lines) = all.iter().find(|(definition, _)| definition.starts_with(begin)).unwrap();
    let format = format(definition);
    assert_eq!(lines.len(), want.len(), "{definition}");
    for (line, want) in lines.iter().zip(want) {
        let arena = Bump::new();
        let event = format.parse(line, &arena).unwrap_or_else(|reason| panic!("{}: {reason:?}", text(line)));
        assert_eq!(fields(&event), *want, "{}", text(line));
    }
}

#[test]
fn every_recorded_line_is_read_and_given_back() {
    let mut lines = 0;
    for (definition, recorded) in recorded() {
        let format = format(&definition);
        for line in recorded {
            let arena = Bump::new();
            let event =
                format.parse(line, &arena).unwrap_or_else(|why| panic!("{definition}: {}: {why:?}", text(line)));
            if event.canonical {
                assert_eq!(rendered(&format, &event), text(line), "{definition}");
            } else {
                // Only where a client's bytes are no text, or were written as they came.
                let odd = std::str::from_utf8(line).is_err()
                    || line.windows(3).any(|bytes| bytes == b"%ff" || bytes == b"%FF" || bytes == b"=\"a")
                    || line.contains(&b'\\');
                assert!(odd, "{definition}: {}", text(line));
            }
            lines += 1;
        }
    }
    assert!(lines > 100, "{lines}");
}

#[test]
fn names_with_blanks_and_other_fields_in_them_break_no_line() {
    let agent = "a \"quoted\" \\back [br] 100% \u{e9} \u{fffd}\u{1}\tx";
    check_recorded(
        "%ts.%03tu %6tr %>a %Ss",
        &[
            ["", "HIER_NONE", "", "", ""],
            ["joe", "HIER_DIRECT", "127.0.0.1", "http://ref.example/a?b=c", "Mozilla/5.0 (X11; Linux x86_64)"],
            ["anna maria", "HIER_DIRECT", "127.0.0.1", "http://r/\"x y\"", agent],
            ["q\"u\\\\o%5bt%5de%2541", "HIER_DIRECT", "127.0.0.1", "", ""],
            ["x HIER_DIRECT/192.0.2.99 text/html", "HIER_DIRECT", "127.0.0.1", "", "x\" \"y"],
            ["", "HIER_NONE", "", "", ""],
            ["", "HIER_NONE", "", "", "curl/8"],
            ["j%c3%b6rg", "HIER_DIRECT", "127.0.0.1", "", "xxxxxxxxxxxxxxxxxxxx"],
            ["", "HIER_NONE", "", "", ""],
            ["joe", "HIER_DIRECT", "127.0.0.1", "", ""],
        ],
        |event| [event.cs_username, event.hierarchy, event.peer, event.referer, event.user_agent].map(text),
    );
}

#[test]
fn a_target_is_put_together_from_its_parts() {
    let port = recorded().iter().find_map(|(definition, lines)| {
        let line = definition.starts_with("%ts.%03tu %>rm").then(|| text(lines[1]))?;
        line.split(' ').nth(4).map(str::to_owned)
    });
    let port = port.unwrap();
    let url = format!("http://127.0.0.1:{port}/x?q=1&r=%22a%22");
    let odd = format!("http://127.0.0.1:{port}/%41b%20c%7Cd%7Be%7D%5Bf%5D%3C%3E%5E%60%7E");
    let tunnel = format!("127.0.0.1:{port}");
    let (get, none) = (["GET", &url], ["", ""]);
    check_recorded(
        "%ts.%03tu %>rm",
        &[none, get, get, get, get, get, get, ["GET", &odd], none, ["CONNECT", &tunnel]],
        |event| [event.cs_method, event.cs_uri].map(text),
    );
}

#[test]
fn each_code_finds_its_field() {
    let event = |definition: &str, line: &str, seen: fn(&AccessEvent<'_>) -> String| {
        let (format, arena) = (format(definition), Bump::new());
        let event = format.parse(line.as_bytes(), &arena).unwrap_or_else(|why| panic!("{definition}: {line}: {why:?}"));
        assert!(event.canonical, "{definition}: {line}");
        assert_eq!(rendered(&format, &event), line, "{definition}");
        seen(&event)
    };
    let url = |event: &AccessEvent<'_>| text(event.cs_uri);
    let user = |event: &AccessEvent<'_>| text(event.cs_username);
    let agent = |event: &AccessEvent<'_>| text(event.user_agent);
    let time = |event: &AccessEvent<'_>| event.time.0.to_string();
    let numbers = |event: &AccessEvent<'_>| {
        format!("{} {} {} {}", event.time_taken_ms, event.sc_status, event.sc_bytes, text(event.content_type))
    };
    for (definition, line, want, seen) in [
        // Times, and what of them comes first.
        ("%ts.%03tu %>a", "1795193429.007 h", "1795193429007", time as fn(&AccessEvent<'_>) -> String),
        ("%ts %>a", "1795193429 h", "1795193429000", time),
        ("%ts%03tu %>a", "1795193429007 h", "1795193429007", time),
        ("%ts.%06.6tu", "1795193429.007123", "1795193429007", time),
        ("%ts.%.1tu", "1795193429.5", "1795193429500", time),
        ("[%tl] %>a", "[20/Nov/2026:17:50:29 +0100] h", "1795193429000", time),
        ("%{%d/%b/%Y:%H:%M:%S %z}tl %03tu", "20/Nov/2026:15:50:29 -0100 042", "1795193429042", time),
        ("%tg %tl", "20/Nov/2026:16:50:29 20/Nov/2026:17:50:29 +0100", "1795193429000", time),
        ("%tl{%F %T} %>a", "2026-11-20 16:50:29 h", "1795193429000", time),
        ("%tS %tr", "1795193429.542 458", "1795193430000", time),
        ("%.6tS", "1795193429.542056", "1795193429542", time),
        ("%ts [%tl]", "1795193429 [01/Jan/2000:00:00:00 +0000]", "1795193429000", time),
        ("%tl", "31/Dec/2016:23:59:60 +0000", "1483228800000", time),
        // Numbers, padded and not.
        ("%ts %6tr %03>Hs %<st %mt", "1     -7 000 0 -", "-7 0 0 ", numbers),
        ("%ts %-6tr|%-5>Hs|%<st %mt", "1 16    |200  |9 text/html", "16 200 9 text/html", numbers),
        ("%ts %06tr %3>Hs %<st %mt", "1 000016   0 18446744073709 a/b", "16 0 18446744073709 a/b", numbers),
        ("%ts %.3tr %>Hs %<st %mt", "1 16.934 404 77 a/b", "16 404 77 a/b", numbers),
        ("%ts %tr %<Hs %>Hs %<st %{Content-Type}<h", "1 - - 503 -1 a/b;%20c", "0 503 0 a/b; c", numbers),
        // Targets.
        ("%ts %ru %>ru", "1 http://a/x http://a/x?y", "http://a/x?y", url),
        ("%ts %ru", "1 http://a/b c d", "http://a/b c d", url),
        (
            "%ts \"%rm %ru HTTP/%rv\" %Ss",
            "1 \"GET http://a/\\\"b\\\" HTTP/1.1 HTTP/1.0\" X",
            "http://a/\"b\" HTTP/1.1",
            url,
        ),
        ("%ts [%ru]", "1 [http://a/%2541%5b1%5d]", "http://a/%41[1]", url),
        ("%ts %#ru", "1 http://a/%2541%5B1%5D", "http://a/%41[1]", url),
        ("%ts %>ru", "1 http://a/%2541%5B1%5D", "http://a/%2541%5B1%5D", url),
        ("%ts %.5ru|%%|%byte{65}", "1 http:|%|A", "http:", url),
        ("%ts %>rs %>rd %>rP %>rp", "1 https a.example 443 /x?y", "https://a.example/x?y", url),
        ("%ts %>rd:%>rP%>rp", "1 a.example:8080/x?y", "http://a.example:8080/x?y", url),
        // Users, whichever is known.
        ("%ts %[ui %[un", "1 - anna maria", "anna maria", user),
        ("%ts %ul %ue", "1 - joe", "joe", user),
        ("%ts %\"un %>a", "1 q\\\"u\\\\o h", "q\"u\\o", user),
        ("%ts %#un %>a", "1 anna%20maria h", "anna maria", user),
        ("%ts %/un %>a", "1 \"anna \\\"maria\\\"\" h", "anna \"maria\"", user),
        ("%ts %/un %>a", "1 q\\\"u h", "q\"u", user),
        ("%ts %10un|", "1        joe|", "joe", user),
        ("%ts %-10un|", "1 joe       |", "joe", user),
        ("%ts %[3.5un|", "1 anna |", "anna", user),
        // Headers.
        ("%ts %{user-agent}>h", "1 a%20b%25", "a b%", agent),
        ("%ts %>h{User-Agent}", "1 a%20b", "a b", agent),
        ("%ts %http::>ha{User-Agent} x", "1 a%20b x", "a b", agent),
        ("%ts %{User-Agent:,x}>h", "1 a%20b", "", agent),
        ("%ts %>h", "1 Host:%20x%0D%0A", "", agent),
        ("%ts %'{User-Agent}>h %Ss", "1 a b \"c\" TCP_MISS", "a b \"c\"", agent),
    ] {
        assert_eq!(event(definition, line, seen), want, "{definition}: {line}");
    }
}

#[test]
fn says_why_it_rejects() {
    let native = "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt x";
    for (line, reason) in [
        ("hello", RejectReason::BadTime),
        ("", RejectReason::TooFewFields),
        ("17951934.007", RejectReason::TooFewFields),
        ("17951934.007   fast h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- - x", RejectReason::BadDuration),
        ("17951934.007      5 h TCP_MISS/2x0 5 GET http://a/ - HIER_NONE/- - x", RejectReason::BadStatus),
        ("17951934.007      5 h TCP_MISS/2000 5 GET http://a/ - HIER_NONE/- - x", RejectReason::BadStatus),
        ("17951934.007      5 h TCP_MISS/200 big GET http://a/ - HIER_NONE/- - x", RejectReason::BadSize),
        ("17951934.007      5 h TCP_MISS/200 5 GET http://a/", RejectReason::TooFewFields),
        ("17951934.007      5 h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- - y", RejectReason::BadSyntax),
        ("1795193400000000.007      5 h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- - x", RejectReason::BadTime),
    ] {
        assert_eq!(format(native).parse(line.as_bytes(), &Bump::new()).map(|_| ()), Err(reason), "{line}");
    }
}

#[test]
fn a_definition_that_is_none_is_told_where_and_how_to_mend_it() {
    for (definition, told) in [
        ("%ts é %qq", "character 7: Squid has no code '%qq'"),
        ("%ts %{User-Agent>h", "character 5: '{' has no '}'"),
        ("%ts %", "character 5: a code is missing behind '%'; write '%%'"),
        ("%{%Y}tl", "names no day; write"),
        ("%{%F %T %Q}tl", "'%Q' of '%F %T %Q' can't be read back"),
        ("%ts %byte{256}", "%byte wants a number"),
        ("%ts %99999un", "a width is at most 1024"),
        ("%>a %ru", "it says no time; write %ts.%03tu"),
        ("", "it says no time"),
    ] {
        let error = resolve(&format!("logformat {definition}")).unwrap_err().to_string();
        assert!(error.contains(told), "{definition}: {error}");
    }
}

#[test]
fn specs_are_brought_to_one_form_and_built_in_definitions_are_what_they_say() {
    for (name, definition) in BUILT_IN {
        for given in [format!("logformat {definition}"), format!("logformat {name}  {definition} ")] {
            assert_eq!(resolve(&given).unwrap().spec(), name, "{given}");
        }
    }
    for (given, spec) in [
        ("logformat mine %ts %>a", "logformat %ts %>a"),
        ("logformat   %ts  %>a ", "logformat %ts  %>a"),
        ("logformat mine proxy: %ts", "logformat x proxy: %ts"),
    ] {
        assert_eq!(resolve(given).unwrap().spec(), spec, "{given}");
        assert_eq!(resolve(spec).unwrap().spec(), spec);
    }
    assert!(FormatChoice::parse("logformat %ts %>a").is_ok());
}

#[test]
fn referrer_and_useragent_logs_are_recognised() {
    for (definition, lines) in recorded() {
        if let "common" | "combined" | "referrer" | "useragent" = &definition[..] {
            assert_eq!(detect(&lines.join(&b'\n')).format().map(|format| format.spec()), Some(&definition[..]));
        }
    }
}

#[test]
fn times_without_a_zone_are_of_the_place_that_is_said() {
    let format = format("%{%d/%b %H:%M:%S}tl %>a");
    // 2026-12-01T00:00:00Z
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let local = format.with_local_time(&LocalTime { until: Timestamp(1_796_083_200_000), zone }).unwrap();
    let (line, arena) = (b"20/Nov 17:50:29 h", Bump::new());
    let event = local.parse(line, &arena).unwrap();
    assert_eq!((event.time, event.extra, event.canonical), (Timestamp(1_795_193_429_000), &b"+0100"[..], true));
    assert_eq!(rendered(&format, &event), text(line));
    for needs_none in ["%ts %{%d/%b %H}tl", "%tl", "%tg", "%{%s}tl"] {
        let format = resolve(&format!("logformat {needs_none}")).unwrap();
        let local = LocalTime { until: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        assert!(format.with_local_time(&local).is_none(), "{needs_none}");
    }
}

#[test]
fn hostile_lines_take_time_in_proportion() {
    let format = format("%ts %un %'{Referer}>h %'{User-Agent}>h \"%ru\" %6>st end");
    for noise in ["a \"", "1", " ", "\" 1"] {
        let line = [b"1 ".as_slice(), &noise.as_bytes().repeat(500_000 / noise.len())].concat();
        let started = std::time::Instant::now();
        assert!(format.parse(&line, &Bump::new()).is_err());
        assert!(started.elapsed().as_secs() < 5, "{noise:?}: {:?}", started.elapsed());
    }
}

/// Pieces of definitions: what they look like, which field they give, and what may stand in it.
const PIECES: &[(&str, &str, &str)] = &[
    ("%>a", "client", "[0-9a-f]{1,4}[:.][0-9a-f:.]{0,16}"),
    ("%[un", "user", "[a-z@0-9][a-z %]{0,6}[a-z0-9]"),
    ("%#un", "user", "[\\x01-\\x7fé日😀]{1,20}"),
    ("%\"un;", "user", "[\\x01-\\x7fé日😀]{1,20}"),
    ("%/un", "user", "[\\x01-\\x7fé日😀]{1,20}"),
    ("%rm", "method", "[A-Z]{1,9}"),
    ("%ru", "url", "[!-~é]{1,40}"),
    ("\"%>rm %ru HTTP/1.1\"", "url", "[!-~é]{1,40}"),
    ("[%ru]", "url", "[!-~é]{1,40}"),
    ("%#ru", "url", "[\\x01-\\x7fé日😀]{1,40}"),
    ("%>ru", "url", "[!$-&(-;=?-Z_a-z]{1,40}"),
    ("%Ss/%Sh", "codes", "[A-Z_]{1,20}"),
    ("%03>Hs", "status", "1"),
    ("%-5>Hs|", "status", "1"),
    ("%<st", "bytes", "1"),
    ("%6tr", "taken", "1"),
    ("%08tr", "taken", "1"),
    ("%<a", "peer", "[0-9a-f]{1,4}[:.][0-9a-f:.]{0,16}"),
    ("%mt", "mime", "[a-z]{1,9}/[a-z.]{1,9}"),
    ("\"%{Referer}>h\"", "referer", "[\\x01-\\x7fé日😀]{1,40}"),
    ("\"%{User-Agent}>h\"", "agent", "[\\x01-\\x7fé日😀]{1,40}"),
    ("[%{User-Agent}>h]", "agent", "[\\x01-\\x7fé日😀]{1,40}"),
    ("%{User-Agent}>h", "agent", "[\\x01-$&-\\x7fé日😀]{1,40}"),
    ("%/{User-Agent}>h", "agent", "[\\x01-\\x7fé日😀]{1,40}"),
    ("[%tl]", "time", "1"),
    ("\"%{%F %T}tg\"", "time", "1"),
    ("%lp %>eui %{X}note %ssl::>sni", "nothing", "1"),
];

type Piece = (&'static str, &'static str, &'static str);

/// A definition of pieces, no two of one field, and texts for them.
fn definitions() -> impl Strategy<Value = (Vec<Piece>, Vec<String>)> {
    proptest::collection::vec(select(PIECES), 1..9).prop_flat_map(|mut pieces| {
        let mut seen = Vec::new();
        pieces.retain(|(_, field, _)| {
            !seen.contains(field) && {
                seen.push(*field);
                true
            }
        });
        let texts: Vec<_> =
            pieces.iter().map(|(_, _, alphabet)| proptest::string::string_regex(alphabet).unwrap()).collect();
        (Just(pieces), texts)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_rendered_is_read_back(
        (pieces, texts) in definitions(), ms in 0_i64..4_000_000_000_000, taken in -9999_i64..9_999_999,
        status in 0_u16..1000, bytes in 0_u64..u64::MAX / 20, separator in select(vec![" ", " | ", " ,"]),
    ) {
        let whole: Vec<&str> = pieces.iter().map(|(text, ..)| *text).collect();
        let definition = format!("%ts.%03tu{separator}{}", whole.join(separator));
        let format = LogFormat::compile(&definition).unwrap();
        let field = |name: &str| -> &[u8] {
            let at = pieces.iter().position(|(_, field, _)| *field == name);
            crate::format::squid::undash(at.map_or(b"", |at| texts[at].as_bytes()))
        };
        let is_there = |name: &str| pieces.iter().any(|(_, field, _)| *field == name);
        let has_method = whole.iter().any(|piece| piece.contains("rm"));
        let event = AccessEvent {
            time: Timestamp(ms),
            time_taken_ms: if is_there("taken") { taken } else { 0 },
            c_ip: field("client"),
            cs_username: field("user"),
            cs_method: if is_there("method") { field("method") } else if has_method { b"GET" } else { b"" },
            cs_uri: field("url"),
            sc_status: if is_there("status") { status } else { 0 },
            sc_bytes: if is_there("bytes") { bytes } else { 0 },
            cs_bytes: None,
            result: field("codes"),
            hierarchy: field("codes"),
            peer: field("peer"),
            content_type: field("mime"),
            user_agent: field("agent"),
            referer: field("referer"),
            extra: b"",
            canonical: true,
        };
        let mut line = Vec::new();
        format.render(&event, &mut line);
        let arena = Bump::new();
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{}: {}", definition, text(&line));
    }

    #[test]
    fn no_bytes_make_it_panic_and_canonical_means_canonical(
        at in any::<prop::sample::Index>(), line in any::<prop::sample::Index>(), place in 0_usize..150,
        noise in proptest::collection::vec(any::<u8>(), 0..8), removed in 0_usize..4,
    ) {
        let all = recorded();
        let (definition, lines) = at.get(&all);
        let format = format(definition);
        let noise: Vec<u8> = noise.into_iter().filter(|byte| *byte != b'\n').collect();
        let mut line = line.get(lines).to_vec();
        let place = place.min(line.len());
        line.splice(place..(place + removed).min(line.len()), noise.iter().copied());
        for line in [&line[..], &noise] {
            let arena = Bump::new();
            if let Ok(event) = format.parse(line, &arena) && event.canonical {
                let mut again = Vec::new();
                format.render(&event, &mut again);
                prop_assert_eq!(text(&again), text(line), "{}", definition);
            }
        }
    }
}
