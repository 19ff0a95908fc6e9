//! Every filter, alone and together, under every kind of lens: the columnar store finds the rows that the plain one
//! finds. Values are such that lenses, case, borders between origin and path, and bytes that are no text matter.

use super::{append, columnar};
use crate::support::lines::NOON;
use crate::support::memory::MemoryStore;
use proptest::prelude::*;
use std::sync::Arc;
use tidegate::model::{
    AccessEvent, Batch, ClientLevel, ClientTerm, EventFilter, FixedClock, HOUR_MS, Lens, Order, OriginTest, Outcome,
    OutcomeSet, PageQuery, PathTest, PseudonymKey, Severity, SourceName, StatusTerm, Tag, TagTest, Target, Terms,
    TimeRange, Timestamp, UrlLevel,
};
use tidegate::store::EventStore;

const CLIENTS: [&[u8]; 5] = [b"10.0.0.1", b"10.0.0.9", b"host.lan", b"::ffff:10.0.0.1", b""];
const USERS: [&[u8]; 5] = [b"", b"josephine", b"LAB\\ada", b"m\xfcller", b"curl"];
const ORIGINS: [&[u8]; 9] = [
    b"http://a.Example.com",
    b"b.example.com:443",
    b"http://10.0.0.9:8080",
    b"http://host.lan",
    b"http://josephine.example.org",
    b"",
    b"http://caf\xc3",
    b"http://caf\xc3\xa9.example",
    b"http://exe.e",
];
const RESTS: [&[u8]; 14] = [
    b"",
    b"/",
    b"/Index.html",
    b"/Login?user=josephine&x=1",
    b"/mail?to=ada@example.com",
    b"\xa9/rest",
    b"/a b",
    b"/10.0.0.1/x",
    b"opaque:thing",
    b"?exe=e",
    b"/invoice.pdf.exe",
    b"/\xef\xbf\xbd",
    b"/photo.jpg?q=\xff\xfe",
    b"/aaaaab/aab",
];
const AGENTS: [&[u8]; 4] = [b"", b"curl/8.5", b"Mozilla/5.0 (josephine; 10.0.0.9)", b"\xe9t\xe9"];
const REFERERS: [&[u8]; 4] = [b"", b"http://r.example/q?mail=bob@corp.example", b"https://a.example.com/", b"x\xffy"];
const KINDS: [(&str, &str, u16, &str); 6] = [
    ("GET", "TCP_MISS", 200, "text/html"),
    ("CONNECT", "TCP_DENIED", 403, ""),
    ("get", "TCP_MISS", 404, "image/jpeg"),
    ("POST", "TCP_DENIED", 407, "text/html"),
    ("", "NONE_NONE", 0, ""),
    ("GET", "TCP_MISS", 503, "application/x-msdownload"),
];
const WORDS: [&str; 36] = [
    "a",
    "/",
    "com/",
    "EXAMPLE.com/ind",
    "e",
    "*",
    "***",
    "/***",
    "/**",
    "m/***",
    "xe",
    "e?exe",
    "josephine",
    "ada@",
    "ada@example.com",
    "10.0.0.1",
    "10.0.0.9",
    "=***",
    "é",
    "\u{e9}.ex",
    "caf",
    "\u{fffd}",
    "\u{fffd}/",
    "a b",
    "curl",
    "u-",
    "p-",
    "c-",
    "host.lan/",
    "http:",
    "aab",
    "lab\\",
    "***.example",
    "bob",
    "r.example/***",
    "",
];
const SOURCES: [(&str, &str); 3] = [("Edge", "proxy1"), ("edge2", "proxy2"), ("Edge", "Proxy2")];

/// Places in the tables above, and minutes before noon.
type Row = ([prop::sample::Index; 6], i64);

fn batch(number: usize, rows: &[Row]) -> Batch {
    let (name, host) = SOURCES[number % SOURCES.len()];
    let mut batch = Batch::new(SourceName { name: name.into(), host: host.into(), format: "squid".into() });
    for ([client, user, origin, rest, texts, kind], minutes) in rows {
        let (method, result, status, content_type) = KINDS[kind.index(KINDS.len())];
        let target = Target {
            origin: ORIGINS[origin.index(ORIGINS.len())],
            rest: RESTS[rest.index(RESTS.len())],
            had_userinfo: false,
        };
        let event = AccessEvent {
            time: Timestamp(NOON.0 - minutes * HOUR_MS / 60),
            c_ip: CLIENTS[client.index(CLIENTS.len())],
            cs_username: USERS[user.index(USERS.len())],
            cs_method: method.as_bytes(),
            sc_status: status,
            sc_bytes: minutes.unsigned_abs(),
            result: result.as_bytes(),
            content_type: content_type.as_bytes(),
            user_agent: AGENTS[texts.index(16) / 4],
            referer: REFERERS[texts.index(16) % 4],
            ..AccessEvent::default()
        };
        batch.push_scored(&event, &target, VERDICTS[texts.index(16) % VERDICTS.len()], b"");
    }
    batch
}

/// What rules said of rows; nothing of those that were not scored.
const VERDICTS: [&[u8]; 5] = [b"", b"0", b"3 4 sql 2:3", b"10 2 sql,xss 1:5 2:5", b"6 - - 9:6"];

fn rows() -> impl Strategy<Value = Vec<Vec<Row>>> {
    let row = (any::<[prop::sample::Index; 6]>(), 0..300_i64);
    proptest::collection::vec(proptest::collection::vec(row, 1..60), 1..6)
}

/// Mostly nothing; else one or two values of a list, some of them negated.
fn terms<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Terms<T>> {
    let some = || proptest::collection::vec(proptest::sample::select(values.clone()), 0..3);
    prop_oneof![
        6 => Just(Terms::default()),
        1 => some().prop_map(|any| Terms { any, none: Vec::new() }),
        1 => (some(), some()).prop_map(|(any, none)| Terms { any, none }),
    ]
}

fn texts(values: &[&str]) -> impl Strategy<Value = Terms<String>> + use<> {
    terms(values.iter().map(|value| (*value).to_owned()).collect())
}

fn tags() -> Vec<TagTest> {
    let origin =
        |tag, version, holds: fn(&[u8]) -> bool| TagTest::Origin(OriginTest { tag, version, holds: Arc::new(holds) });
    vec![
        TagTest::Outcome(OutcomeSet::blocked(false)),
        TagTest::Outcome(OutcomeSet::blocked(true)),
        origin(Tag::ShadowIt, 1, |origin| origin.starts_with(b"http://")),
        origin(Tag::ShadowIt, 2, |origin| origin.is_empty()),
        TagTest::Path(PathTest::DoubleExtension),
        TagTest::Path(PathTest::MimeMismatch),
        TagTest::Path(PathTest::HighEntropy),
        TagTest::Score(5),
        origin(Tag::IpLiteral, 1, |origin| origin.contains(&b'9')),
    ]
}

fn keyword() -> impl Strategy<Value = String> {
    let part = (any::<[prop::sample::Index; 2]>(), 0..30_usize, 1..9_usize, any::<bool>());
    let part = part.prop_map(|([origin, rest], from, length, shout)| {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let url = lossy(ORIGINS[origin.index(ORIGINS.len())]) + &lossy(RESTS[rest.index(RESTS.len())]);
        let word: String = url.chars().skip(from).take(length).collect();
        if shout { word.to_ascii_uppercase() } else { word }
    });
    prop_oneof![2 => proptest::sample::select(&WORDS[..]).prop_map(str::to_owned), 3 => part]
}

fn filter() -> impl Strategy<Value = EventFilter> {
    let range = proptest::option::of((0..320_i64, 0..320_i64).prop_map(|(a, b)| TimeRange {
        from: Timestamp(NOON.0 - a.max(b) * HOUR_MS / 60 + 1),
        until: Timestamp(NOON.0 - a.min(b) * HOUR_MS / 60),
    }));
    let clients = ["10.0.0.0/29", "10.0.0.1", "HOST.lan", "***", "none"].map(ClientTerm::parse).to_vec();
    let status = vec![StatusTerm::Code(403), StatusTerm::Class(4), StatusTerm::Result("tcp_miss".into())];
    let requests = (
        texts(&["get", "CONNECT", "none"]),
        terms(status),
        terms(vec![200_u16, 403, 0]),
        terms(Outcome::ALL.to_vec()),
        terms(Severity::ALL.to_vec()),
        proptest::option::weighted(0.1, proptest::sample::select(Severity::ALL.to_vec())),
    );
    let places = (
        texts(&["edge", "EDGE2", "none"]),
        texts(&["proxy2", "none"]),
        texts(&["example", "COM:443", "10.0.0.9", ":80", "-", "e"]),
        texts(&["example.com", "com", "host.lan", "10.0.0.9", "ple.com"]),
        texts(&["storage", ""]),
    );
    let people = (terms(clients), texts(&["JOSEPHINE", "***", "lab\\ada", "none"]));
    let words = prop_oneof![2 => Just(Vec::new()), 3 => proptest::collection::vec(keyword(), 1..3)];
    let rules = (proptest::option::weighted(0.2, 0..12_u32), terms(vec![1_u32, 2, 9]), texts(&["SQL", "xss", "none"]));
    (range, requests, places, people, terms(tags()), words, rules).prop_map(
        |(range, requests, places, people, tag, keywords, (min_score, rule, waf_category))| {
            let (method, status, status_code, outcome, severity, min_severity) = requests;
            let (source, host, destination, domain, category) = places;
            let (client_ip, user) = people;
            EventFilter {
                range,
                client_ip,
                user,
                method,
                status,
                status_code,
                outcome,
                severity,
                min_severity,
                source,
                host,
                destination,
                domain,
                category,
                tag,
                keywords,
                min_score,
                rule,
                waf_category,
            }
        },
    )
}

fn lens() -> impl Strategy<Value = Lens> {
    let key = PseudonymKey::new([7; 32]);
    proptest::sample::select(vec![
        Lens::PLAIN,
        Lens::PLAIN,
        Lens::MASKED,
        Lens::pseudonyms(key),
        Lens { client: ClientLevel::Prefix, url: UrlLevel::Personal, ..Lens::PLAIN },
        Lens { url: UrlLevel::Mask, ..Lens::PLAIN },
        Lens { url: UrlLevel::Pseudonym(key), ..Lens::MASKED },
    ])
}

type Question = (EventFilter, Lens, (u64, usize, bool));

fn same(columnar: &dyn EventStore, memory: &MemoryStore, questions: &[Question]) -> Result<(), TestCaseError> {
    for (filter, lens, (offset, limit, ascending)) in questions {
        let asked = format!("{filter:?} {lens:?} offset {offset} limit {limit}");
        let want = memory.count(filter, lens).unwrap();
        prop_assert_eq!(
            [columnar.count(filter, lens).unwrap(), columnar.count(filter, lens).unwrap()],
            [want; 2],
            "{}",
            asked
        );
        let order = if *ascending { Order::Ascending } else { Order::Descending };
        let mut query = PageQuery { filter: filter.clone(), order, offset: *offset, ..PageQuery::newest(*limit) };
        for place in ["first", "behind"] {
            let want = memory.page(&query, lens).unwrap();
            let got = columnar.page(&query, lens).unwrap();
            prop_assert_eq!((&got.rows, &got.next), (&want.rows, &want.next), "{} {}", place, asked);
            query.after = want.next;
        }
        let want = memory.arrivals(filter, lens, *offset * 7, *limit).unwrap();
        let got = columnar.arrivals(filter, lens, *offset * 7, *limit).unwrap();
        prop_assert_eq!((&got.rows, got.up_to), (&want.rows, want.up_to), "arrivals {}", asked);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_filter_finds_the_same_rows(
        batches in rows(),
        later in rows(),
        questions in proptest::collection::vec((filter(), lens(), (0..9_u64, 0..12_usize, any::<bool>())), 24),
    ) {
        let (temporary, memory) = (columnar(), MemoryStore::new(Arc::new(FixedClock::at(NOON))));
        for part in [batches, later] {
            let batches: Vec<Batch> = part.iter().enumerate().map(|(number, rows)| batch(number, rows)).collect();
            append(&*temporary.store, &batches);
            append(&memory, &batches);
            // What was asked before more rows came is asked again.
            same(&*temporary.store, &memory, &questions)?;
        }
        temporary.store.settle().unwrap();
        same(&*temporary.store, &memory, &questions)?;
    }
}
