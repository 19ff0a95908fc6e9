//! What every store does, told in examples; each runs against each implementation.

use super::{append, columnar};
use crate::support::lines::{Line, NOON, SAMPLE, batch, batch_of};
use crate::support::memory::MemoryStore;
use std::sync::Arc;
use tidegate::model::Order::{Ascending, Descending};
use tidegate::model::{
    Advance, Checkpoint, ClientIp, ClientTerm, Dimension, EventFilter, EventView, Finding, FindingStatus, Fingerprint,
    FixedClock, GroupQuery, HOUR_MS, Kept, Lens, Mark, Occurrences, Order, Outcome, PageQuery, Reject, RejectQuery,
    RejectReason, RejectView, Resolution, Severity, Subject, SubjectKind, Terms, TimeRange, TimelinePoint, Timestamp,
    Trace, TracePlace, Url, Visit, VisitSink,
};
use tidegate::store::{EventSink, StoreError};

macro_rules! suite {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[test] fn $case() { super::$case(&super::MemoryStore::new(super::Arc::new(super::FixedClock::at(super::NOON)))); })+
        }
        mod columnar {
            $(#[test] fn $case() { super::$case(&*super::columnar().store); })+
        }
    };
}

suite!(
    an_empty_store_answers,
    rows_come_newest_first_and_pages_join_up,
    offsets_and_cursors_agree,
    filters_are_anded_and_values_ored,
    a_lens_decides_what_a_filter_sees,
    single_rows_are_found_until_they_go,
    late_rows_count_where_they_belong,
    clearing_forgets_imports_but_not_followed_files,
    clearing_old_hours_spares_what_comes_later,
    what_came_after_an_archive_is_not_cleared_with_it,
    row_numbers_are_never_reused,
    rejects_are_kept_with_their_reason,
    a_source_keeps_only_so_many_rejects,
    rejects_are_replaced_by_rows_once,
    sources_are_told_apart,
    subjects_are_found_as_they_are_shown,
    a_subject_is_handed_out_whole,
    an_erased_subject_is_in_no_answer,
    rejects_that_name_an_erased_subject_go,
    what_others_say_of_a_subject_is_found,
    an_append_is_all_or_nothing_per_call,
    odd_times_spoil_nothing,
    sums_outlast_the_rows_that_retention_removes,
    upkeep_changes_no_answer,
    groups_are_new_when_all_of_their_origins_are,
    visits_say_who_did_what_where,
    findings_are_renewed_and_go_with_their_rows,
);

fn ids<S: EventSink>(store: &S, query: &PageQuery) -> Vec<u64> {
    store.page(query, &Lens::PLAIN).unwrap().rows.iter().map(|row| row.id).collect()
}

fn newest(filter: EventFilter) -> PageQuery {
    PageQuery { filter, ..PageQuery::newest(100) }
}

fn client(term: &str) -> EventFilter {
    let mut filter = EventFilter::default();
    filter.client_ip.any.push(ClientTerm::parse(term));
    filter
}

fn an_empty_store_answers<S: EventSink>(store: &S) {
    assert!(store.page(&PageQuery::newest(10), &Lens::PLAIN).unwrap().rows.is_empty());
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 0);
    assert_eq!(store.event(1).unwrap(), None);
    assert_eq!(store.stats().unwrap().totals.measure.outcomes.total(), 0);
    assert!(store.timeline(TimeRange::ALL, Resolution::Hour).unwrap().is_empty());
    let top = GroupQuery::of(Dimension::Domain, TimeRange::ALL, 5);
    assert!(store.groups(&top, &Lens::PLAIN).unwrap().entries.is_empty());
    assert_eq!((store.clear().unwrap(), store.clear_before(NOON).unwrap()), (0, 0));
}

fn rows_come_newest_first_and_pages_join_up<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let all = ids(store, &PageQuery::newest(100));
    // Rows 5 and 6 share an instant: the higher number first.
    assert_eq!(all, [11, 10, 9, 8, 7, 12, 6, 5, 4, 3, 2, 1]);
    let ascending = ids(store, &PageQuery { order: Order::Ascending, ..PageQuery::newest(100) });
    assert_eq!(ascending, all.iter().rev().copied().collect::<Vec<_>>());
    for size in [1, 5, 12, 13] {
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = store.page(&PageQuery { after, ..PageQuery::newest(size) }, &Lens::PLAIN).unwrap();
            walked.extend(page.rows.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(walked, all, "pages of {size}");
    }
}

fn offsets_and_cursors_agree<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let all = ids(store, &PageQuery::newest(100));
    for offset in 0..14 {
        let page = ids(store, &PageQuery { offset, ..PageQuery::newest(3) });
        let want: Vec<u64> = all.iter().copied().skip(offset as usize).take(3).collect();
        assert_eq!(page, want, "offset {offset}");
    }
}

fn filters_are_anded_and_values_ored<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let with = |change: &dyn Fn(&mut EventFilter)| {
        let mut filter = EventFilter::default();
        change(&mut filter);
        filter
    };
    let cases: Vec<(EventFilter, Vec<u64>)> = vec![
        (client("10.0.0.3"), vec![6, 5]),
        (client("10.0.0.0/30"), vec![11, 10, 12, 6, 5, 4, 3, 2, 1]),
        (client("2001:DB8:0::1"), vec![7]),
        (client("no such client"), vec![]),
        (with(&|filter| filter.method.any = vec!["connect".into()]), vec![7, 5, 4]),
        (with(&|filter| filter.method.none = vec!["GET".into(), "CONNECT".into()]), vec![11, 9]),
        (with(&|filter| filter.outcome.any = vec![Outcome::Denied, Outcome::Error]), vec![11, 10, 5, 2]),
        (with(&|filter| filter.status_code.any = vec![403, 407]), vec![8, 6, 5, 2]),
        (
            with(&|filter| {
                filter.status_code.any = vec![403];
                filter.client_ip.any = vec![ClientTerm::parse("10.0.0.3")];
                filter.method.none = vec!["CONNECT".into()];
            }),
            vec![6],
        ),
        (
            with(&|filter| {
                let ago = |minutes: i64| Timestamp(NOON.0 - minutes * 60_000);
                filter.range = Some(TimeRange { from: ago(170), until: ago(61) });
            }),
            vec![7, 12, 6, 5],
        ),
    ];
    for (filter, want) in cases {
        assert_eq!(ids(store, &newest(filter.clone())), want, "{filter:?}");
        assert_eq!(store.count(&filter, &Lens::PLAIN).unwrap(), want.len() as u64, "{filter:?}");
    }
}

fn a_lens_decides_what_a_filter_sees<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let raw = client("10.0.0.3");
    assert_eq!(store.count(&raw, &Lens::MASKED).unwrap(), 0);
    assert!(store.page(&newest(raw), &Lens::MASKED).unwrap().rows.is_empty());
    assert_eq!(store.count(&client("10.0.0.0/8"), &Lens::MASKED).unwrap(), 0);
    assert_eq!(store.count(&client(Lens::MASK), &Lens::MASKED).unwrap(), 12);
    let top = GroupQuery::of(Dimension::Client, TimeRange::ALL, 5);
    let masked = store.groups(&top, &Lens::MASKED).unwrap().entries;
    assert_eq!(masked.iter().map(|entry| &entry.name[..]).collect::<Vec<_>>(), [Lens::MASK]);
    let plain = store.groups(&top, &Lens::PLAIN).unwrap().entries;
    assert_eq!((&plain[0].name[..], plain[0].measure.outcomes.total()), ("10.0.0.1", 4));
    let users = store.groups(&GroupQuery { by: Dimension::User, ..top }, &Lens::MASKED).unwrap().entries;
    assert_eq!(users.iter().map(|entry| &entry.name[..]).collect::<Vec<_>>(), ["-", Lens::MASK]);
}

fn single_rows_are_found_until_they_go<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let row = store.event(9).unwrap().unwrap();
    let view = EventView::of(&row, &Lens::PLAIN);
    assert_eq!(
        (view.url.as_str(), view.status_code, view.outcome),
        ("http://api.example.org/v1/things", 0, Outcome::Aborted)
    );
    assert_eq!(view.source.name, "squid");
    let kept = store.event(12).unwrap().unwrap();
    assert_eq!(EventView::of(&kept, &Lens::PLAIN).raw.as_deref(), Some("the line as it was"));
    assert_eq!(EventView::of(&kept, &Lens::MASKED).raw, None);
    assert_eq!(store.event(13).unwrap(), None);
    store.clear().unwrap();
    assert_eq!(store.event(9).unwrap(), None);
}

fn late_rows_count_where_they_belong<S: EventSink>(store: &S) {
    let (first, second) = SAMPLE.split_at(6);
    append(store, &[batch(second)]);
    append(store, &[batch(first), batch(second)]);
    let points = store.timeline(TimeRange::ALL, Resolution::Day).unwrap();
    assert_eq!(points.iter().map(|point| point.totals.measure.outcomes.total()).collect::<Vec<_>>(), [1, 1, 1, 15]);
    let hours =
        store.timeline(TimeRange { from: Timestamp(NOON.0 - 7_200_000), until: NOON }, Resolution::Hour).unwrap();
    assert_eq!(hours.iter().map(|point| point.totals.measure.outcomes.total()).collect::<Vec<_>>(), [6, 6]);
    let domains = store.groups(&GroupQuery::of(Dimension::Domain, TimeRange::ALL, 2), &Lens::PLAIN).unwrap().entries;
    let named: Vec<_> = domains.iter().map(|entry| (&entry.name[..], entry.measure.outcomes.total())).collect();
    assert_eq!(named, [("example.com", 4), ("-", 2)]);
}

fn place(fingerprint: u128, offset: u64, followed: bool) -> Checkpoint {
    let between = Vec::new();
    let mark = Mark { offset, lines: offset / 100, tail: offset ^ 7 };
    Checkpoint {
        fingerprint: Fingerprint(fingerprint),
        mark,
        between,
        followed,
        seen_as: "access.log".into(),
        at: NOON,
    }
}

fn clearing_forgets_imports_but_not_followed_files<S: EventSink>(store: &S) {
    let prepared = vec![store.prepare(&batch(&SAMPLE)).unwrap()];
    let step = |from: Option<Checkpoint>, to: Checkpoint| Advance { from: from.map(|place| place.mark), to };
    let (first, second) = (place(1, 500, false), place(1, 900, false));
    store.append(prepared, &[step(None, first.clone()), step(None, place(u128::MAX, 800, true))]).unwrap();
    // A step from where the content does not stand stores nothing.
    let late = vec![store.prepare(&batch(&SAMPLE)).unwrap()];
    assert!(matches!(store.append(late, &[step(None, second.clone())]), Err(StoreError::Overtaken)));
    store.append(Vec::new(), &[step(Some(first), second)]).unwrap();
    assert_eq!(store.checkpoint(Fingerprint(1)).unwrap(), Some(place(1, 900, false)));
    let offsets: Vec<u64> = store.marks(Fingerprint(1)).unwrap().iter().map(|mark| mark.offset).collect();
    assert_eq!(offsets, [500, 900]);
    assert_eq!(store.clear().unwrap(), 12);
    assert_eq!(store.checkpoint(Fingerprint(1)).unwrap(), None);
    assert!(store.marks(Fingerprint(1)).unwrap().is_empty());
    assert_eq!(store.checkpoint(Fingerprint(u128::MAX)).unwrap(), Some(place(u128::MAX, 800, true)));
    assert_eq!(store.marks(Fingerprint(u128::MAX)).unwrap().len(), 1);
}

fn clearing_old_hours_spares_what_comes_later<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let before = store.version().unwrap();
    let cutoff = Timestamp(NOON.0 - 30 * 24 * 3_600_000);
    assert_eq!(store.count_before(cutoff).unwrap(), 2);
    assert_eq!(store.clear_before(cutoff).unwrap(), 2);
    assert_eq!(store.clear_before(cutoff).unwrap(), 0);
    assert_ne!(store.version().unwrap(), before);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 10);
    assert_eq!(store.event(1).unwrap(), None);
    // The same old lines, imported after the clear, are there.
    append(store, &[batch(&SAMPLE[..2])]);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 12);
    assert_eq!(store.event(1).unwrap(), None);
    assert!(store.event(13).unwrap().is_some());
    assert_eq!(store.clear_before(cutoff).unwrap(), 2);
}

fn sums_outlast_the_rows_that_retention_removes<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let cutoff = Timestamp(NOON.0 - 30 * 24 * 3_600_000);
    let before = store.timeline(TimeRange { from: Timestamp(0), until: cutoff }, Resolution::Hour).unwrap();
    assert!(store.past(TimeRange::ALL).unwrap().is_empty());
    assert_eq!((store.clear_before(cutoff).unwrap(), before.len()), (2, 2));
    assert_eq!(store.past(TimeRange::ALL).unwrap(), before);
    // Narrower ranges are widened to whole hours.
    let first = before[0].time;
    let within = TimeRange { from: Timestamp(first.0 + 1), until: Timestamp(first.0 + 2) };
    assert_eq!(store.past(within).unwrap(), before[..1]);
    assert!(store.past(TimeRange { from: Timestamp(0), until: first }).unwrap().is_empty());

    // One comes back: it is not counted twice.
    let mut back = batch(&SAMPLE[..1]);
    back.comes_back = true;
    append(store, &[back]);
    let total =
        |points: &[TimelinePoint]| points.iter().map(|point| point.totals.measure.outcomes.total()).sum::<u64>();
    assert_eq!(total(&store.past(TimeRange::ALL).unwrap()), 1);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 11);
    // And goes again.
    assert_eq!((store.clear_before(cutoff).unwrap(), total(&store.past(TimeRange::ALL).unwrap())), (1, 2));

    let version = store.version().unwrap();
    assert_eq!((store.forget_past(first).unwrap(), store.version().unwrap()), (0, version));
    assert_eq!(store.forget_past(cutoff).unwrap(), 2);
    assert!(store.past(TimeRange::ALL).unwrap().is_empty() && store.version().unwrap() != version);
    append(store, &[batch(&SAMPLE[..2])]);
    store.clear_before(cutoff).unwrap();
    store.clear().unwrap();
    assert!(store.past(TimeRange::ALL).unwrap().is_empty(), "clearing everything clears that too");
}

fn upkeep_changes_no_answer<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    store.clear_before(Timestamp(NOON.0 - 30 * 24 * 3_600_000)).unwrap();
    let top = GroupQuery::of(Dimension::Domain, TimeRange::ALL, 50);
    let answers =
        || (store.groups(&top, &Lens::PLAIN).unwrap(), store.stats().unwrap(), ids(store, &PageQuery::newest(50)));
    let before = answers();
    let vacuumed = store.vacuum().unwrap();
    assert!(vacuumed.bytes_after <= vacuumed.bytes_before);
    store.analyze().unwrap();
    let mut told = Vec::new();
    let hours = store.rebuild_sums(&mut |done, total| told.push((done, total))).unwrap();
    assert!(hours > 0 && told.last() == Some(&(hours, hours)), "{told:?}");
    assert!(told.is_sorted());
    assert_eq!(answers(), before);
}

fn what_came_after_an_archive_is_not_cleared_with_it<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let cutoff = Timestamp(NOON.0 - 30 * 24 * HOUR_MS);
    append(store, &[batch(&SAMPLE[..1])]);
    assert!(matches!(store.clear_archived(cutoff, 12), Err(StoreError::Overtaken)));
    assert_eq!(store.count_before(cutoff).unwrap(), 3);
    while store.maintain().unwrap() {}
    // Joined or not, the number that a second look goes up to will do.
    assert!(matches!(store.clear_archived(cutoff, 12), Err(StoreError::Overtaken)));
    append(store, &[batch(&SAMPLE[9..])]);
    assert_eq!(store.clear_archived(cutoff, 13).unwrap(), 3);
    assert_eq!((store.clear_archived(cutoff, 13).unwrap(), store.count_before(NOON).unwrap()), (0, 13));
    assert_eq!(store.identity().unwrap(), store.identity().unwrap());
}

fn row_numbers_are_never_reused<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    store.clear().unwrap();
    append(store, &[batch(&SAMPLE[..1])]);
    assert_eq!(ids(store, &PageQuery::newest(10)), [13]);
    assert_eq!(store.stats().unwrap().highest_row, 13);
    assert_eq!(
        store.groups(&GroupQuery::of(Dimension::Client, TimeRange::ALL, 9), &Lens::PLAIN).unwrap().entries.len(),
        1
    );
}

fn reject_counts<S: EventSink>(store: &S) -> Vec<(String, &'static str, u64, u64)> {
    let counts = store.reject_counts().unwrap().into_iter();
    counts.map(|count| (count.source.clone(), count.reason.name(), count.lines, count.kept)).collect()
}

fn a_source_keeps_only_so_many_rejects<S: EventSink>(store: &S) {
    let rejected = |source: &str, reason, lines: u64, line: &[u8]| {
        let mut batch = batch_of(source, &[]);
        batch.rejects = (0..lines).map(|offset| Reject::new(reason, offset, line)).collect();
        append(store, &[batch]);
    };
    let most = Reject::MOST_LINES;
    rejected("a", RejectReason::BadTime, most - 1, b"x 10.0.0.1");
    rejected("a", RejectReason::BadSize, 3, b"y");
    rejected("a", RejectReason::NoHeader, 2, b"z");
    let long = vec![b'x'; Reject::KEPT_BYTES];
    let fit = Reject::MOST_BYTES / Reject::KEPT_BYTES as u64;
    rejected("b", RejectReason::BadTime, fit + 1, &long);
    rejected("b", RejectReason::BadTime, 1, b"");
    let row = |source: &str, reason, lines, kept| (source.to_owned(), reason, lines, kept);
    let b = row("b", "bad_time", fit + 2, fit + 1);
    let a = [row("a", "bad_time", most - 1, most - 1), row("a", "bad_size", 3, 1), row("a", "no_header", 2, 0)];
    assert_eq!(reject_counts(store), [&a[..], std::slice::from_ref(&b)].concat());
    assert_eq!(store.stats().unwrap().rejected_lines, most + 4 + fit + 2);
    assert_eq!(store.rejects(&RejectQuery::newest(1)).unwrap().rows[0].id, most + fit + 1);
    let mut more = batch_of("c", &[]);
    more.reject(RejectReason::BadTime, || Reject::new(RejectReason::BadTime, 0, b"x"));
    more.more_rejects = [(RejectReason::BadTime, 5), (RejectReason::BadSize, 1)].into();
    append(store, &[more]);
    let c = [row("c", "bad_time", 7, 2), row("c", "bad_size", 1, 0)];
    assert_eq!(reject_counts(store), [&a[..], std::slice::from_ref(&b), &c].concat());
    // There is room again for what comes next.
    assert_eq!(store.erase(&someone("10.0.0.1"), &mut |_| ()).unwrap().rejects, most - 1);
    rejected("a", RejectReason::NoHeader, 1, b"z");
    let a = [row("a", "bad_size", 3, 1), row("a", "no_header", 3, 1)];
    assert_eq!(reject_counts(store), [&a[..], &[b], &c].concat());
    store.clear().unwrap();
    assert_eq!(reject_counts(store), []);
    rejected("b", RejectReason::BadTime, 1, &long);
    assert_eq!(reject_counts(store), [row("b", "bad_time", 1, 1)]);
}

fn rejects_are_replaced_by_rows_once<S: EventSink>(store: &S) {
    let rejected = |source: &str, line: &[u8]| {
        let mut batch = batch_of(source, &[]);
        batch.rejects = vec![Reject::new(RejectReason::BadTime, 0, line), Reject::new(RejectReason::BadSize, 9, line)];
        append(store, &[batch]);
    };
    rejected("a", b"1 2");
    rejected("b", b"3 4");
    let mut rows = batch_of("b", &SAMPLE[..3]);
    rows.rejects.clear();
    let left = || {
        let rejects = store.rejects(&RejectQuery::newest(9)).unwrap().rows;
        (rejects.iter().map(|reject| reject.id).collect::<Vec<_>>(), ids(store, &PageQuery::newest(9)).len())
    };
    let before = store.version().unwrap();
    store.replace_rejects(&[3, 4], std::slice::from_ref(&rows)).unwrap();
    assert_ne!(store.version().unwrap(), before);
    assert_eq!(left(), (vec![2, 1], 3));
    assert_eq!(store.stats().unwrap().rejected_lines, 2);
    assert_eq!(store.event(2).unwrap().unwrap().source, rows.source);
    // One is gone: nothing is changed.
    for ids in [[1, 3], [3, 1]] {
        let again = store.replace_rejects(&ids, std::slice::from_ref(&rows));
        assert!(matches!(again, Err(StoreError::Overtaken)), "{again:?}");
    }
    assert_eq!(left(), (vec![2, 1], 3));
    // Numbers are not given out twice, so that nobody takes another line for the one that went.
    rejected("b", b"5 6");
    assert_eq!(left(), (vec![6, 5, 2, 1], 3));
    store.replace_rejects(&[6, 1], &[]).unwrap();
    let row = |source: &str, reason| (source.to_owned(), reason, 1, 1);
    assert_eq!((left(), reject_counts(store)), ((vec![5, 2], 3), vec![row("a", "bad_size"), row("b", "bad_time")]));
}

fn rejects_are_kept_with_their_reason<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE), batch(&[])]);
    let stats = store.stats().unwrap();
    assert_eq!((stats.rejected_lines, stats.last_import), (2, Some(NOON)));
    let newest = store.rejects(&RejectQuery::newest(1)).unwrap().rows.remove(0);
    assert_eq!(
        (
            newest.source.name.as_str(),
            (newest.source.host.as_str(), newest.source.format.as_str(), newest.kept),
            newest.reason.name(),
            newest.offset,
            RejectView::of(&newest, &Lens::PLAIN).text.as_str()
        ),
        ("squid", ("proxy1", "squid", Kept::Whole), "bad_time", 4711, "x y z")
    );
    let mut other = batch(&[]);
    other.source.name = "Other".into();
    other.rejects.extend([Reject::new(RejectReason::TooLong, 1, b"long"), Reject::new(RejectReason::BadTime, 2, b"t")]);
    append(store, &[other]);
    let counts = store.reject_counts().unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.source.as_str(), count.reason.name(), count.lines)).collect();
    assert_eq!(counts, [("Other", "bad_time", 2), ("Other", "too_long", 1), ("squid", "bad_time", 2)]);
    let any = |source: &str| Terms { any: vec![source.to_owned()], none: Vec::new() };
    for (source, reason, want) in [
        (Terms::default(), Terms::default(), vec![5, 4, 3, 2, 1]),
        (any("OTHER"), Terms::default(), vec![5, 4, 3]),
        (any("none"), Terms::default(), vec![]),
        (Terms { any: Vec::new(), none: vec!["other".to_owned()] }, Terms::default(), vec![2, 1]),
        (any("other"), Terms { any: vec![RejectReason::BadTime], none: Vec::new() }, vec![5, 3]),
    ] {
        for (limit, order) in [1, 2, 3, 9].into_iter().flat_map(|limit| [(limit, Descending), (limit, Ascending)]) {
            let (mut walked, mut after) = (Vec::new(), None);
            loop {
                let query = RejectQuery { source: source.clone(), reason: reason.clone(), order, after, limit };
                let page = store.rejects(&query).unwrap();
                walked.extend(page.rows.iter().map(|reject| reject.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            if order == Ascending {
                walked.reverse();
            }
            assert_eq!(walked, want, "{source:?} {reason:?}, pages of {limit}, {order:?}");
        }
    }
}

fn sources_are_told_apart<S: EventSink>(store: &S) {
    let from = |name: &str, lines: &[Line]| {
        let mut batch = batch(lines);
        batch.source.name = name.to_owned();
        batch
    };
    append(store, &[from("Squid-A", &SAMPLE[..6]), from("squid-b", &SAMPLE[6..]), from("SQUID-a", &SAMPLE[..1])]);
    let with = |any: &[&str], none: &[&str]| {
        let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        EventFilter { source: Terms { any: texts(any), none: texts(none) }, ..EventFilter::default() }
    };
    let denied = EventFilter { status_code: Terms { any: vec![403], none: Vec::new() }, ..with(&["squid-a"], &[]) };
    for (filter, want) in [
        (with(&["squid-a"], &[]), vec![6, 5, 4, 3, 2, 13, 1]),
        (with(&["squid-B", "nobody"], &[]), vec![11, 10, 9, 8, 7, 12]),
        (with(&["squid"], &[]), vec![]),
        (with(&[], &["squid-b"]), vec![6, 5, 4, 3, 2, 13, 1]),
        (denied, vec![6, 5, 2]),
    ] {
        assert_eq!(ids(store, &newest(filter.clone())), want, "{filter:?}");
        // Asked twice: the second answer may be remembered.
        for _ in 0..2 {
            assert_eq!(store.count(&filter, &Lens::MASKED).unwrap(), want.len() as u64, "{filter:?}");
        }
    }
}

fn someone(value: &str) -> Subject {
    Subject::new(SubjectKind::Client, value.as_bytes())
}

fn subjects_are_found_as_they_are_shown<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let found = |shown, kind, lens| store.subject(shown, kind, &lens).unwrap();
    assert_eq!(found("10.0.0.2", SubjectKind::Client, Lens::PLAIN), Some(someone("10.0.0.2")));
    assert_eq!(found("2001:DB8:0::1", SubjectKind::Client, Lens::PLAIN), Some(someone("2001:db8::1")));
    assert_eq!(found("ADA", SubjectKind::User, Lens::PLAIN), Some(Subject::new(SubjectKind::User, b"ada")));
    for nobody in ["10.0.0.99", "", "-", "ada", "10.0.0.0/24"] {
        assert_eq!(found(nobody, SubjectKind::Client, Lens::PLAIN), None, "{nobody}");
    }
    // The only user there is can be told from a mask; of several clients no one can.
    assert_eq!(found(Lens::MASK, SubjectKind::User, Lens::MASKED), Some(Subject::new(SubjectKind::User, b"ada")));
    assert!(matches!(store.subject(Lens::MASK, SubjectKind::Client, &Lens::MASKED), Err(StoreError::Ambiguous)));
    assert_eq!(found("10.0.0.2", SubjectKind::Client, Lens::MASKED), None);
}

fn a_subject_is_handed_out_whole<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    append(store, &[batch(&SAMPLE)]);
    let all = |subject: &Subject, limit| {
        let mut found: Vec<u64> = Vec::new();
        loop {
            let rows = store.subject_rows(subject, found.last().copied().unwrap_or(0), limit).unwrap();
            if rows.is_empty() {
                break found;
            }
            assert!(rows.len() <= limit);
            found.extend(rows.iter().map(|row| row.id));
        }
    };
    for limit in [1, 3, 100] {
        assert_eq!(all(&someone("::ffff:10.0.0.1"), limit), [1, 2, 10, 11, 13, 14, 22, 23]);
        assert_eq!(all(&Subject::new(SubjectKind::User, b"Ada"), limit), [5, 6, 17, 18]);
        assert_eq!(all(&someone(""), limit), [0_u64; 0]);
    }
    assert!(store.has_subject(&someone("10.0.0.4")).unwrap());
    assert!(!store.has_subject(&Subject::new(SubjectKind::User, b"10.0.0.4")).unwrap());
}

fn an_erased_subject_is_in_no_answer<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE[..7])]);
    append(store, &[batch(&SAMPLE[7..])]);
    let before = store.version().unwrap();
    let erased = store.erase(&someone("::ffff:10.0.0.1"), &mut |_| ()).unwrap();
    assert_eq!((erased.rows, erased.rejects, erased.unreadable_blocks), (4, 0, 0));
    assert_ne!(store.version().unwrap(), before);
    assert_eq!(ids(store, &PageQuery::newest(100)), [9, 8, 7, 12, 6, 5, 4, 3]);
    assert_eq!(store.stats().unwrap().totals.measure.outcomes.total(), 8);
    assert_eq!(store.count(&client("10.0.0.1"), &Lens::PLAIN).unwrap(), 0);
    assert_eq!((store.event(1).unwrap(), store.event(11).unwrap()), (None, None));
    assert!(!store.has_subject(&someone("10.0.0.1")).unwrap());
    assert_eq!(store.subject("10.0.0.1", SubjectKind::Client, &Lens::PLAIN).unwrap(), None);
    assert!(store.find_traces(&someone("10.0.0.1")).unwrap().is_clean());
    let days = store.timeline(TimeRange::ALL, Resolution::Day).unwrap();
    assert_eq!(days.iter().map(|day| day.totals.measure.outcomes.total()).collect::<Vec<_>>(), [1, 7]);
    let top = GroupQuery::of(Dimension::Domain, TimeRange::ALL, 20);
    let domains = store.groups(&top, &Lens::PLAIN).unwrap().entries;
    assert!(
        !domains.iter().any(|entry| ["old.example", "down.example", "-"].contains(&&entry.name[..])),
        "{domains:?}"
    );
    // Again there is nothing to do; what comes later is stored again, under new numbers.
    assert_eq!(store.erase(&someone("10.0.0.1"), &mut |_| ()).unwrap().rows, 0);
    append(store, &[batch(&SAMPLE[..1])]);
    assert_eq!(ids(store, &newest(client("10.0.0.1"))), [13]);
    let ada = Subject::new(SubjectKind::User, b"ADA");
    assert_eq!(store.erase(&ada, &mut |_| ()).unwrap().rows, 2);
    assert_eq!(ids(store, &PageQuery::newest(100)), [9, 8, 7, 12, 4, 3, 13]);
    assert!(matches!(store.erase(&someone(""), &mut |_| ()), Err(StoreError::Invalid(_))));
    assert_eq!(store.clear_before(NOON).unwrap() + store.clear().unwrap(), 7);
}

fn rejects_that_name_an_erased_subject_go<S: EventSink>(store: &S) {
    let mut named = batch(&SAMPLE);
    for line in ["10.0.0.1 x", "x 10.0.0.12 y", "[::FFFF:10.0.0.1]:80", "110.0.0.1"] {
        named.rejects.push(Reject::new(RejectReason::BadSize, 0, line.as_bytes()));
    }
    append(store, &[named]);
    assert_eq!(store.erase(&someone("10.0.0.1"), &mut |_| ()).unwrap().rejects, 2);
    let left = store.rejects(&RejectQuery::newest(9)).unwrap().rows;
    assert_eq!(left.iter().map(|reject| reject.id).collect::<Vec<_>>(), [5, 3, 1]);
    let counts = store.reject_counts().unwrap();
    assert_eq!(
        counts.iter().map(|count| (count.reason.name(), count.lines)).collect::<Vec<_>>(),
        [("bad_time", 1), ("bad_size", 2)]
    );
    assert_eq!(store.stats().unwrap().rejected_lines, 3);
}

fn what_others_say_of_a_subject_is_found<S: EventSink>(store: &S) {
    let mut lines = SAMPLE;
    lines[4].target.1 = "/profile/ADA?of=adamant";
    lines[7].target.1 = "/profile/%61da";
    lines[9].target.0 = "http://ada.example";
    append(store, &[batch(&lines)]);
    let ada = Subject::new(SubjectKind::User, b"ada");
    let places = || {
        let found = store.find_traces(&ada).unwrap().values;
        found.into_iter().map(|Trace { place, found }| (place, found)).collect::<Vec<_>>()
    };
    let alone = |alone| Occurrences { alone, inside: 0 };
    assert_eq!(
        places(),
        [
            (TracePlace::User, alone(1)),
            (TracePlace::Origin, alone(1)),
            (TracePlace::Target, Occurrences { alone: 2, inside: 1 })
        ]
    );
    assert_eq!(store.erase(&ada, &mut |_| ()).unwrap().rows, 2);
    assert_eq!(places(), [(TracePlace::Origin, alone(1)), (TracePlace::Target, alone(1))]);
    assert!(!store.find_traces(&ada).unwrap().is_clean());
}

fn an_append_is_all_or_nothing_per_call<S: EventSink>(store: &S) {
    let version = store.version().unwrap();
    append(store, &[batch(&SAMPLE[..5]), batch(&SAMPLE[5..])]);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 12);
    assert_ne!(store.version().unwrap(), version);
    // The second of two steps is refused: neither it nor the first, nor a row or reject of the call, is stored.
    let (before, prepared) = (store.stats().unwrap(), vec![store.prepare(&batch(&SAMPLE)).unwrap()]);
    let steps = [
        Advance { from: None, to: place(3, 100, false) },
        Advance { from: Some(place(4, 50, false).mark), to: place(4, 100, false) },
    ];
    assert!(matches!(store.append(prepared, &steps), Err(StoreError::Overtaken)));
    assert_eq!(store.stats().unwrap(), before);
    assert_eq!(store.checkpoint(Fingerprint(3)).unwrap(), None);
}

fn odd_times_spoil_nothing<S: EventSink>(store: &S) {
    let mut odd = batch(&SAMPLE);
    odd.time_ms[0] = 253_402_207_200_000;
    odd.time_ms[1] = 0;
    odd.time_ms[2] = -1;
    append(store, &[odd]);
    let all = ids(store, &PageQuery::newest(100));
    assert_eq!((all[0], all[10], all[11]), (1, 2, 3));
    let hour = TimeRange { from: Timestamp(NOON.0 - 3_600_000), until: NOON };
    let filter = EventFilter { range: Some(hour), ..EventFilter::default() };
    assert_eq!(store.count(&filter, &Lens::PLAIN).unwrap(), 3);
    assert_eq!(store.timeline(TimeRange::ALL, Resolution::Day).unwrap().len(), 4);
}

fn groups_are_new_when_all_of_their_origins_are<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let since = Timestamp(NOON.0 - 2 * HOUR_MS + 1);
    let new = |limit: usize| {
        let found = store.first_seen(Dimension::Domain, since, limit).unwrap();
        let named = found.into_iter().filter(|(name, _)| !name.contains(':'));
        named.map(|(name, at)| (name, (NOON.0 - at.0) / HOUR_MS)).collect::<Vec<_>>()
    };
    let of = |name: &str, hours: i64| (name.to_owned(), hours);
    assert_eq!(new(9), [of("down.example", 1), of("example.org", 1), of("late.example", 2)]);
    assert_eq!(new(1), [of("down.example", 1)]);
    // What comes late may have been first; another host of a domain makes no new one.
    let late = Line { minutes_ago: 24 * 60, ..SAMPLE[9] };
    let other = Line { minutes_ago: 1, target: ("http://new.example.com", "/"), ..SAMPLE[9] };
    append(store, &[batch(&[late, other])]);
    assert_eq!(new(9), [of("example.org", 1), of("late.example", 2)]);
    let destinations = store.first_seen(Dimension::Destination, since, 9).unwrap();
    assert!(destinations.iter().any(|(name, _)| name == "new.example.com:80"), "{destinations:?}");
    assert!(matches!(store.first_seen(Dimension::Client, since, 9), Err(StoreError::Invalid(_))));
}

/// Takes visits in words.
#[derive(Default)]
struct Took(Vec<Visit>);

impl VisitSink for Took {
    fn begin(&mut self) {
        self.0.clear();
    }

    fn visits(&mut self, visits: &[Visit]) {
        self.0.extend(visits);
    }
}

fn visits_say_who_did_what_where<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let mut took = Took::default();
    let range = TimeRange { from: Timestamp(NOON.0 - 3 * HOUR_MS), until: NOON };
    let names = store.visits(range, &mut took).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let told: Vec<_> = took
        .0
        .iter()
        .map(|visit| {
            let domain = names.domain_of(visit.destination);
            let (client, place) = (text(names.client(visit.client)), text(names.destination(visit.destination)));
            (visit.row, client, place, text(names.domain(domain)), visit.outcome, visit.sends)
        })
        .collect();
    let row = |row, client: &str, place: &str, domain: &str, outcome, sends| {
        (row, client.to_owned(), place.to_owned(), domain.to_owned(), outcome, sends)
    };
    assert_eq!(
        told,
        [
            row(4, "10.0.0.2", "www.example.com:443", "example.com", Outcome::Allowed, false),
            row(5, "10.0.0.3", "192.168.1.7:443", "192.168.1.7", Outcome::Denied, false),
            row(6, "10.0.0.3", "203.0.113.9:8080", "203.0.113.9", Outcome::OriginForbidden, false),
            row(7, "2001:db8::1", "[2001:db8::9]:443", "2001:db8::9", Outcome::Allowed, false),
            row(8, "10.0.0.4", "www.example.com:80", "example.com", Outcome::AuthChallenge, false),
            row(9, "10.0.0.4", "api.example.org:80", "example.org", Outcome::Aborted, true),
            row(10, "10.0.0.1", "down.example:80", "down.example", Outcome::Error, false),
            row(11, "10.0.0.1", "-", "-", Outcome::Error, false),
            row(12, "10.0.0.2", "late.example:80", "late.example", Outcome::Allowed, false),
        ]
    );
    assert!(took.0.iter().all(|visit| names.service_of(visit.destination) == b"-"));
    let users: Vec<_> = took.0.iter().map(|visit| text(names.user(visit.user))).collect();
    assert_eq!(users, ["-", "ada", "ada", "-", "-", "-", "-", "-", "-"]);
}

fn finding(client: &str, destination: &str, minutes_ago: (i64, i64), requests: u64) -> Finding {
    let at = |minutes: i64| Timestamp(NOON.0 - minutes * 60_000);
    Finding {
        id: 0,
        detector: "beacon".to_owned(),
        severity: Severity::Warning,
        client: ClientIp::new(client.as_bytes()),
        destination: Url::new(destination.as_bytes()),
        first: at(minutes_ago.0),
        last: at(minutes_ago.1),
        found: NOON,
        requests,
        measures: vec![("period_seconds".to_owned(), 60.5), ("odd".to_owned(), 1.0 / 3.0)],
        evidence: vec![4, 12],
        status: FindingStatus::Open,
        note: String::new(),
    }
}

/// Stores what was found just now; answers how many are new.
fn keep<S: EventSink>(store: &S, found: &[Finding]) -> u64 {
    store.keep_findings(found, store.removals().unwrap()).unwrap()
}

fn findings_are_renewed_and_go_with_their_rows<S: EventSink>(store: &S) {
    append(store, &[batch(&SAMPLE)]);
    let version = store.version().unwrap();
    let first = [finding("10.0.0.2", "late.example:80", (180, 120), 2), finding("10.0.0.3", "", (3_000, 2_000), 9)];
    assert_eq!((keep(store, &[]), keep(store, &first)), (0, 2));
    assert_ne!(store.version().unwrap(), version);
    let numbered = |id, finding: &Finding| Finding { id, ..finding.clone() };
    assert_eq!(store.findings().unwrap(), [numbered(1, &first[0]), numbered(2, &first[1])]);

    // What somebody said of it stays while it goes on.
    assert!(store.set_finding_status(1, FindingStatus::Dismissed, "the mail check").unwrap());
    assert!(!store.set_finding_status(3, FindingStatus::Dismissed, "").unwrap());
    let later = Finding { evidence: vec![12], ..finding("10.0.0.2", "late.example:80", (125, 100), 5) };
    assert_eq!(keep(store, &[later, finding("10.0.0.2", "late.example:80", (20, 10), 1)]), 1);
    let (all, at) = (store.findings().unwrap(), |minutes: i64| Timestamp(NOON.0 - minutes * 60_000));
    assert_eq!(all.iter().map(|finding| finding.id).collect::<Vec<_>>(), [1, 2, 3]);
    let renewed = &all[0];
    assert_eq!((renewed.first, renewed.last, renewed.requests), (at(180), at(100), 5));
    assert_eq!(
        (renewed.status, &*renewed.note, &*renewed.evidence),
        (FindingStatus::Dismissed, "the mail check", &[12][..])
    );

    // The second has no row left after this, the others have; and what was seen before is not kept after it.
    let removals = store.removals().unwrap();
    assert_eq!(store.clear_before(Timestamp(NOON.0 - 4 * HOUR_MS)).unwrap(), 3);
    let late = store.keep_findings(&[finding("10.0.0.3", "", (3_000, 2_000), 9)], removals);
    assert!(matches!(late, Err(StoreError::Overtaken)), "{late:?}");
    assert_eq!(store.findings().unwrap().iter().map(|finding| finding.id).collect::<Vec<_>>(), [1, 3]);
    let subject = Subject::new(SubjectKind::Client, b"10.0.0.2");
    let in_findings =
        |traces: tidegate::model::Traces| traces.values.iter().any(|trace| trace.place == TracePlace::Finding);
    assert!(in_findings(store.find_traces(&subject).unwrap()));
    // One rests on rows of their own, the other on rows of the person alone.
    let own = Finding { evidence: vec![8, 9], ..finding("10.0.0.4", "", (50, 40), 3) };
    keep(store, &[own, finding("10.0.0.4", "b.example", (50, 40), 3)]);
    let removals = store.removals().unwrap();
    store.erase(&subject, &mut |_| {}).unwrap();
    assert_eq!(store.findings().unwrap().iter().map(|finding| finding.id).collect::<Vec<_>>(), [4]);
    assert!(!in_findings(store.find_traces(&subject).unwrap()));
    // What was seen before somebody was erased is not kept after it.
    let late = store.keep_findings(&[finding("10.0.0.2", "late.example:80", (20, 10), 1)], removals);
    assert!(matches!(late, Err(StoreError::Overtaken)), "{late:?}");
    store.clear().unwrap();
    assert_eq!(store.findings().unwrap(), []);
    // Numbers are never given out twice.
    keep(store, &[finding("10.0.0.4", "", (50, 40), 3)]);
    assert_eq!(store.findings().unwrap()[0].id, 6);
}
