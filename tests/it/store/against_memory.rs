//! The columnar store against the plain one: after any sequence of appends, background work and removals, every
//! question has the same answer from both.

use super::{append, columnar, groups, open, orders};
use crate::support::lines::NOON;
use crate::support::memory::MemoryStore;
use proptest::prelude::*;
use std::sync::Arc;
use tidegate::classify::{split_target, without_userinfo};
use tidegate::format::Squid;
use tidegate::model::{
    AccessEvent, Batch, ClientTerm, Dimension, Event, EventFilter, EventView, FixedClock, GroupQuery, HOUR_MS, Lens,
    MAX_BLOCK_ROWS, Order, Outcome, PageQuery, Reject, RejectQuery, RejectReason, Resolution, Sort, SourceName,
    Subject, SubjectKind, Target, Terms, TimeRange, Timestamp,
};
use tidegate::store::EventStore;

const CLIENTS: [&str; 6] = ["10.0.0.1", "10.0.0.2", "10.0.1.9", "2001:db8::5", "host.lan", ""];
const ORIGINS: [&str; 7] = [
    "http://a.example.com",
    "b.example.com:443",
    "http://10.0.0.9",
    "http://0x7f.1",
    "",
    "https://x.co.uk",
    "c.example:8443",
];
const RESULTS: [(&str, u16); 7] = [
    ("TCP_MISS", 200),
    ("TCP_DENIED", 403),
    ("TCP_MISS", 403),
    ("TCP_DENIED", 407),
    ("TCP_MISS_ABORTED", 0),
    ("NONE_NONE", 503),
    ("", 0),
];
/// What a target's path and query begin with.
const RESTS: [&str; 7] = [
    "/",
    "",
    "/static/app.js?v=",
    "/invoice.pdf.exe?",
    "/search?q=",
    "/x",
    "/a9Zk3Lq8Wm2Xv7Bn4Cr6Ty1Up5Do0EsFgHjIiKoMlNpQrStUuVwYz?",
];
/// The stretch of time that tests play in.
const HOURS: i64 = 60;

#[derive(Clone, Debug)]
struct Row {
    time_ms: i64,
    client: usize,
    origin: usize,
    result: usize,
    method: usize,
    bytes: u64,
    taken_ms: i64,
    odd: bool,
}

/// What rules say of rows.
const VERDICTS: [&[u8]; 4] = [b"", b"0", b"5 2 sql 1:5", b"3 4 xss 2:3"];

#[derive(Clone, Debug)]
enum Step {
    Append(Vec<Vec<Row>>),
    Maintain,
    Settle,
    Reopen,
    ClearBefore(i64),
    /// The rows come back that a clearing had removed.
    ComeBack(i64),
    ForgetPast(i64),
    RebuildSums,
    Clear,
    Erase(Subject),
    /// Rejects of which one in so many is replaced by rows.
    Replace(usize, Vec<Row>),
    /// By rules that look at the size.
    Rescore(u64),
}

fn row() -> impl Strategy<Value = Row> {
    let time = prop_oneof![
        30 => (0..HOURS * HOUR_MS).prop_map(|ago| NOON.0 - ago),
        1 => Just(0), 1 => Just(-5), 1 => Just(253_402_207_200_000_i64),
    ];
    let sizes = (prop_oneof![9 => 0..100_000_u64, 1 => Just(u64::MAX / 3)], -50..90_000_i64);
    (time, 0..CLIENTS.len(), 0..ORIGINS.len(), 0..RESULTS.len(), 0..3_usize, sizes, any::<bool>()).prop_map(
        |(time_ms, client, origin, result, method, (bytes, taken_ms), odd)| Row {
            time_ms,
            client,
            origin,
            result,
            method,
            bytes,
            taken_ms,
            odd,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => proptest::collection::vec(proptest::collection::vec(row(), 0..40), 1..4).prop_map(Step::Append),
        2 => proptest::collection::vec(proptest::collection::vec(row(), 1..3), 60..90).prop_map(Step::Append),
        4 => Just(Step::Maintain),
        2 => Just(Step::Settle),
        1 => Just(Step::Reopen),
        2 => (0..HOURS).prop_map(Step::ClearBefore),
        2 => (0..HOURS).prop_map(Step::ComeBack),
        1 => (0..HOURS).prop_map(Step::ForgetPast),
        1 => Just(Step::RebuildSums),
        1 => Just(Step::Clear),
        2 => subject().prop_map(Step::Erase),
        2 => (1..4_usize, proptest::collection::vec(row(), 0..20)).prop_map(|(each, rows)| Step::Replace(each, rows)),
        1 => (0..4_u64).prop_map(Step::Rescore),
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![
        4 => (0..CLIENTS.len() - 1).prop_map(|at| Subject::new(SubjectKind::Client, CLIENTS[at].as_bytes())),
        2 => Just(Subject::new(SubjectKind::User, b"Josephine")),
        1 => Just(Subject::new(SubjectKind::User, b"nobody-else")),
    ]
}

fn batch(rows: &[Row]) -> Batch {
    let (name, host) = if rows.len().is_multiple_of(2) { ("Even", "proxy1") } else { ("odd", "Proxy2") };
    let mut batch = Batch::new(SourceName { name: name.into(), host: host.into(), format: "squid".into() });
    for row in rows {
        let (result, sc_status) = RESULTS[row.result];
        let rest = format!("{}{}", RESTS[row.bytes as usize % RESTS.len()], row.client);
        let extra = format!("HTTP/1.0 of {}", CLIENTS[row.client]);
        let target = Target { origin: ORIGINS[row.origin].as_bytes(), rest: rest.as_bytes(), had_userinfo: false };
        let event = AccessEvent {
            time: Timestamp(row.time_ms),
            time_taken_ms: row.taken_ms,
            c_ip: CLIENTS[row.client].as_bytes(),
            cs_username: if row.client == 2 { b"josephine" } else { b"" },
            cs_method: [&b"GET"[..], b"CONNECT", b""][row.method],
            sc_status,
            sc_bytes: row.bytes,
            cs_bytes: row.bytes.is_multiple_of(3).then_some(row.bytes / 3),
            result: result.as_bytes(),
            hierarchy: b"HIER_DIRECT",
            peer: b"192.0.2.1",
            content_type: b"text/html",
            user_agent: if row.odd { b"curl/8" } else { b"" },
            referer: if row.odd { b"http://r.example/" } else { b"" },
            extra: if row.odd { extra.as_bytes() } else { b"" },
            canonical: !row.odd,
            cs_uri: b"",
        };
        let verdict = VERDICTS[row.bytes as usize % 4];
        batch.push_scored(&event, &target, verdict, rest.as_bytes());
        if row.bytes.is_multiple_of(5) {
            batch.rejects.push(Reject::new(RejectReason::BadSize, row.bytes, CLIENTS[row.client].as_bytes()));
        }
    }
    batch
}

#[derive(Clone, Debug)]
struct Question {
    filter: EventFilter,
    offset: u64,
    limit: usize,
    ascending: bool,
}

fn question() -> impl Strategy<Value = Question> {
    let range = proptest::option::of((0..HOURS * 4, 0..HOURS * 4, -2_i64..3).prop_map(|(a, b, skew)| TimeRange {
        from: Timestamp(NOON.0 - a.max(b) * HOUR_MS / 4 + skew),
        until: Timestamp(NOON.0 - a.min(b) * HOUR_MS / 4),
    }));
    let client = proptest::option::of((0..CLIENTS.len(), any::<bool>()));
    let outcome = proptest::option::of((0..6_usize, any::<bool>()));
    let status = proptest::option::of(proptest::sample::select(vec![200_u16, 403, 0]));
    let source =
        proptest::option::weighted(0.3, (proptest::sample::select(vec!["even", "ODD", "none"]), any::<bool>()));
    (range, client, outcome, (status, source), 0..50_u64, 1..30_usize, any::<bool>()).prop_map(
        |(range, client, outcome, (status, source), offset, limit, ascending)| {
            fn terms<T>(value: Option<(T, bool)>) -> Terms<T> {
                match value {
                    None => Terms::default(),
                    Some((value, false)) => Terms { any: vec![value], none: Vec::new() },
                    Some((value, true)) => Terms { any: Vec::new(), none: vec![value] },
                }
            }
            let filter = EventFilter {
                range,
                client_ip: terms(client.map(|(at, not)| {
                    (
                        ClientTerm::parse(
                            ["10.0.0.0/24", "10.0.1.9", "2001:DB8::5", "HOST.lan", "10.0.0.2", "none"][at],
                        ),
                        not,
                    )
                })),
                outcome: terms(outcome.map(|(at, not)| (Outcome::ALL[at], not))),
                status_code: terms(status.map(|code| (code, false))),
                source: terms(source.map(|(name, not)| (name.to_owned(), not))),
                ..EventFilter::default()
            };
            Question { filter, offset, limit, ascending }
        },
    )
}

fn same_answers(columnar: &dyn EventStore, memory: &MemoryStore, questions: &[Question]) -> Result<(), TestCaseError> {
    for lens in [Lens::PLAIN, Lens::MASKED] {
        for question in questions {
            let order = if question.ascending { Order::Ascending } else { Order::Descending };
            let mut query = PageQuery {
                filter: question.filter.clone(),
                sort: Sort::Time,
                order,
                after: None,
                offset: question.offset,
                limit: question.limit,
            };
            let got = columnar.page(&query, &lens).unwrap();
            let want = memory.page(&query, &lens).unwrap();
            prop_assert_eq!(&got.rows, &want.rows, "{:?}", &query);
            prop_assert_eq!(&got.next, &want.next, "{:?}", &query);
            query.after = want.next;
            prop_assert_eq!(
                columnar.page(&query, &lens).unwrap().rows,
                memory.page(&query, &lens).unwrap().rows,
                "behind {:?}",
                &query
            );
            let count = || columnar.count(&question.filter, &lens).unwrap();
            prop_assert_eq!(
                [count(), count()],
                [memory.count(&question.filter, &lens).unwrap(); 2],
                "{:?}",
                &question.filter
            );
            groups::same_answers(columnar, memory, &question.filter, &lens, question.offset, question.limit)?;
            orders::same_answers(columnar, memory, &query, &lens)?;
        }
    }
    for question in questions {
        for resolution in [Resolution::FiveMinutes, Resolution::Hour, Resolution::Day] {
            let range = question.filter.range();
            prop_assert_eq!(
                columnar.timeline(range, resolution).unwrap(),
                memory.timeline(range, resolution).unwrap(),
                "{:?}",
                range
            );
        }
        let cutoff = question.filter.range().from;
        prop_assert_eq!(columnar.count_before(cutoff).unwrap(), memory.count_before(cutoff).unwrap());
    }
    prop_assert_eq!(columnar.stats().unwrap(), memory.stats().unwrap());
    prop_assert_eq!(columnar.reject_counts().unwrap(), memory.reject_counts().unwrap());
    prop_assert_eq!(columnar.past(TimeRange::ALL).unwrap(), memory.past(TimeRange::ALL).unwrap());
    for order in [Order::Ascending, Order::Descending] {
        let query = RejectQuery { order, ..RejectQuery::newest(questions[0].limit) };
        prop_assert_eq!(columnar.rejects(&query).unwrap(), memory.rejects(&query).unwrap());
    }
    for (kind, value) in [(SubjectKind::Client, "::ffff:10.0.0.2"), (SubjectKind::User, "josephinE")] {
        let subject = Subject::new(kind, value.as_bytes());
        for (after, limit) in [(0, 1000), (questions[0].offset, questions[0].limit)] {
            let rows = columnar.subject_rows(&subject, after, limit).unwrap();
            prop_assert_eq!(rows, memory.subject_rows(&subject, after, limit).unwrap(), "{:?}", &subject);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_history_gives_the_same_answers(
        steps in proptest::collection::vec(step(), 1..14),
        questions in proptest::collection::vec(question(), 4),
    ) {
        let temporary = columnar();
        let (mut store, memory) = (temporary.store, MemoryStore::new(Arc::new(FixedClock::at(NOON))));
        let mut appended: Vec<Row> = Vec::new();
        for step in &steps {
            match step {
                Step::Append(batches) => {
                    appended.extend(batches.iter().flatten().cloned());
                    let batches: Vec<Batch> = batches.iter().map(|rows| batch(rows)).collect();
                    append(&*store, &batches);
                    append(&memory, &batches);
                }
                Step::Maintain => { store.maintain().unwrap(); }
                Step::Settle => store.settle().unwrap(),
                Step::Reopen => {
                    drop(store);
                    store = Arc::new(open(temporary.directory.path()));
                }
                Step::ClearBefore(hours) => {
                    let cutoff = Timestamp(NOON.0 - hours * HOUR_MS + 77);
                    prop_assert_eq!(store.clear_before(cutoff).unwrap(), memory.clear_before(cutoff).unwrap());
                }
                Step::ComeBack(hours) => {
                    let cutoff = Timestamp(NOON.0 - hours * HOUR_MS);
                    let mut rows: Vec<Row> = appended.iter().filter(|row| row.time_ms < cutoff.0).cloned().collect();
                    rows.truncate(500);
                    let going = (store.clear_before(cutoff).unwrap(), memory.clear_before(cutoff).unwrap());
                    prop_assert_eq!(going.0, going.1);
                    let mut back = batch(&rows);
                    back.comes_back = true;
                    append(&*store, std::slice::from_ref(&back));
                    append(&memory, &[back]);
                }
                Step::ForgetPast(hours) => {
                    let before = Timestamp(NOON.0 - hours * HOUR_MS + 77);
                    prop_assert_eq!(store.forget_past(before).unwrap(), memory.forget_past(before).unwrap());
                }
                Step::RebuildSums => {
                    let mut met = Ok(());
                    let hours = store.rebuild_sums(&mut |done, _| {
                        // Half way, too: sums that are yet to come are answered from rows.
                        if met.is_ok() && done % 32 == 1 {
                            met = same_answers(&*store, &memory, &questions[..1]);
                        }
                    });
                    met?;
                    prop_assert_eq!(hours.unwrap(), memory.rebuild_sums(&mut |_, _| ()).unwrap());
                }
                Step::Erase(subject) => {
                    let want = memory.erase(subject, &mut |_| ()).unwrap();
                    // From the first transaction on, and after each of the others, nothing is left in any answer.
                    let mut met = Ok(());
                    let erased = store.erase(subject, &mut |_| {
                        if met.is_ok() {
                            met = same_answers(&*store, &memory, &questions[..1]);
                        }
                    });
                    met?;
                    prop_assert_eq!(erased.unwrap(), want);
                    let left = store.find_traces(subject).unwrap();
                    prop_assert!(left.files.is_empty() && left.is_clean(), "{:?}", left);
                }
                Step::Replace(each, rows) => {
                    let found = memory.rejects(&RejectQuery::newest(1000)).unwrap().rows;
                    let ids: Vec<u64> = found.iter().step_by(*each).map(|reject| reject.id).collect();
                    store.replace_rejects(&ids, &[batch(rows)]).unwrap();
                    memory.replace_rejects(&ids, &[batch(rows)]).unwrap();
                }
                Step::Rescore(skew) => {
                    let mut scorer = |event: &Event, out: &mut Vec<u8>| {
                        out.extend_from_slice(VERDICTS[(event.sc_bytes.wrapping_add(*skew) % 4) as usize]);
                    };
                    for store in [&*store as &dyn EventStore, &memory] {
                        let mut after = 0;
                        while let Some(done) = store.rescore(after, &mut scorer).unwrap() {
                            prop_assert!(done.up_to > after && done.changed <= done.rows);
                            after = done.up_to;
                        }
                    }
                }
                Step::Clear => { prop_assert_eq!(store.clear().unwrap(), memory.clear().unwrap()); }
            }
            same_answers(&*store, &memory, &questions[..1])?;
        }
        same_answers(&*store, &memory, &questions)?;
        store.settle().unwrap();
        same_answers(&*store, &memory, &questions)?;
        prop_assert_eq!(store.verify().unwrap().damaged, Vec::<String>::new());
    }
}

/// Whole blocks, with frames and folds: a generated log of some blocks' length, every field of every row.
#[test]
fn a_long_log_gives_the_same_answers() {
    let options = tidegate::sample::Options::bench(150_000);
    let mut text = Vec::new();
    tidegate::sample::write(&options, &mut text).unwrap();
    let temporary = columnar();
    let (store, memory) = (&temporary.store, MemoryStore::new(Arc::new(FixedClock::at(NOON))));
    let mut current = Batch::new(SourceName { name: "s".into(), host: "h".into(), format: "squid".into() });
    let mut batches = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Ok(event) = Squid::read(line) else { continue };
        let mut target = split_target(event.cs_method, event.cs_uri);
        let origin = without_userinfo(target.origin);
        target.origin = &origin;
        current.push(&event, &target, line);
        if current.len() == MAX_BLOCK_ROWS {
            let next = Batch::new(current.source.clone());
            batches.push(std::mem::replace(&mut current, next));
        }
    }
    batches.push(current);
    append(&**store, &batches);
    append(&memory, &batches);
    for settled in [false, true] {
        if settled {
            store.settle().unwrap();
        }
        for order in [Order::Ascending, Order::Descending] {
            let query = PageQuery { order, ..PageQuery::newest(200_000) };
            assert!(store.page(&query, &Lens::PLAIN).unwrap().rows == memory.page(&query, &Lens::PLAIN).unwrap().rows);
        }
        let first = Timestamp(options.start_ms);
        for (from, until) in
            [(0, 30 * 24 * HOUR_MS), (HOUR_MS / 2, 9 * 24 * HOUR_MS + 1), (5 * 24 * HOUR_MS - 7, 5 * 24 * HOUR_MS)]
        {
            let range = TimeRange { from: Timestamp(first.0 + from), until: Timestamp(first.0 + until) };
            for by in [Dimension::Client, Dimension::Domain, Dimension::Status] {
                let top = GroupQuery::of(by, range, 40);
                assert_eq!(
                    store.groups(&top, &Lens::PLAIN).unwrap().entries,
                    memory.groups(&top, &Lens::PLAIN).unwrap().entries,
                    "{top:?}"
                );
            }
            assert_eq!(
                store.timeline(range, Resolution::FiveMinutes).unwrap(),
                memory.timeline(range, Resolution::FiveMinutes).unwrap()
            );
        }
    }
    let shown = EventView::of(&store.event(77_777).unwrap().unwrap(), &Lens::PLAIN);
    let line = tidegate::format::render(&shown).unwrap();
    assert!(text.split(|byte| *byte == b'\n').any(|written| written == line.as_bytes()), "{line}");
}
