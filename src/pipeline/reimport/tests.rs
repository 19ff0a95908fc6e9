use super::*;
use crate::classify;
use crate::format::{Format, Squid};
use crate::model::{AccessEvent, EventView, FixedClock, Lens, PageQuery, Reject, Timestamp};
use crate::store::EventSink;
use crate::store::columnar::ColumnarStore;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

fn open(directory: &Path) -> ColumnarStore {
    ColumnarStore::open(directory, classify::CLASSIFIERS, Arc::new(FixedClock::default())).unwrap()
}

fn line(number: usize) -> String {
    format!("1767225600.{:03} 1 10.0.0.7 TCP_HIT/200 1 GET http://a.example/{number} - HIER_NONE/- -", number % 1000)
}

/// Stores rejected lines of a source that is in that format.
fn reject(store: &ColumnarStore, format: &str, lines: &[String]) {
    let source = SourceName { name: "edge".into(), host: "proxy1".into(), format: format.into() };
    let mut batch = Batch::new(source);
    batch.rejects = lines.iter().map(|line| Reject::new(RejectReason::BadTime, 0, line.as_bytes())).collect();
    store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
}

fn again(format: Option<&str>) -> Reimport {
    let format = format.map(|spec| FormatChoice::parse(spec).unwrap());
    let local_time = LocalTime { until: Timestamp(1_767_268_800_000), zone: jiff::tz::TimeZone::UTC };
    Reimport { source: "EDGE".into(), reason: None, format, local_time }
}

fn plain() -> Storing {
    Storing::plain()
}

fn left(store: &ColumnarStore) -> u64 {
    store.reject_counts().unwrap().iter().map(|count| count.lines).sum()
}

/// Targets and sources of the rows, by rising number.
fn rows(store: &ColumnarStore) -> Vec<(String, SourceName)> {
    let mut rows = store.page(&PageQuery::newest(100_000), &Lens::PLAIN).unwrap().rows;
    rows.sort_by_key(|row| row.id);
    rows.iter().map(|row| (EventView::of(row, &Lens::PLAIN).url, row.source.clone())).collect()
}

#[test]
fn what_can_be_read_becomes_rows_and_the_rest_stays() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let mut lines: Vec<String> = (0..9001).map(line).collect();
    lines[17] = "no line at all".into();
    lines[4711].push_str(&"x".repeat(Reject::KEPT_BYTES));
    reject(&store, "a-later-format", &lines);
    let mut shape = Batch::new(SourceName { name: "edge".into(), ..SourceName::default() });
    shape.rejects.push(Reject::as_shape(RejectReason::BadSize, 0, line(1).as_bytes()));
    store.append(vec![store.prepare(&shape).unwrap()], &[]).unwrap();

    // Their own format is not known to this build.
    let own = again(None).run(&store, &plain).unwrap();
    let bad_time = |lines| BTreeMap::from([("bad_time".to_owned(), lines)]);
    let summary = ReimportSummary { tried: 9002, not_whole: 2, ..ReimportSummary::default() };
    assert_eq!(own, ReimportSummary { still_rejected: bad_time(9000), ..summary.clone() });
    let found = again(Some("auto")).run(&store, &plain).unwrap();
    let format = Some("squid".to_owned());
    assert_eq!(found, ReimportSummary { format, stored: 8999, still_rejected: bad_time(1), ..summary });
    assert_eq!(left(&store), 3);
    let stored = rows(&store);
    let source = SourceName { name: "edge".into(), host: "proxy1".into(), format: "squid".into() };
    let numbers = (0..9001).filter(|number| ![17, 4711].contains(number));
    let want: Vec<_> = numbers.map(|number| (format!("http://a.example/{number}"), source.clone())).collect();
    assert!(stored == want);
    // Nothing is left to do, and nothing is done twice.
    assert!(matches!(again(Some("auto")).run(&store, &plain), Err(ReimportError::Undetected)));
    assert_eq!(again(Some("squid")).run(&store, &plain).unwrap().stored, 0);
    assert_eq!(rows(&store).len(), 8999);
}

#[test]
fn a_source_and_a_reason_can_be_chosen() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    reject(&store, "squid", &[line(1)]);
    let elsewhere = Reimport { source: "other".into(), ..again(None) };
    assert_eq!(elsewhere.run(&store, &plain).unwrap(), ReimportSummary::default());
    let otherwise = Reimport { reason: Some(RejectReason::BadSize), ..again(None) };
    assert_eq!(otherwise.run(&store, &plain).unwrap().tried, 0);
    let this = Reimport { reason: Some(RejectReason::BadTime), ..again(None) };
    assert_eq!((this.run(&store, &plain).unwrap().stored, left(&store)), (1, 0));
}

#[test]
fn rows_are_stored_as_rows_are_stored_now() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    reject(&store, "squid", &[line(1)]);
    assert_eq!(again(None).run(&store, &|| Lens::MASKED.into()).unwrap().stored, 1);
    let row = store.event(1).unwrap().unwrap();
    assert_eq!(EventView::of(&row, &Lens::PLAIN).client_ip.as_deref(), Some("***"));
}

#[test]
fn two_at_once_store_each_line_once() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    reject(&store, "squid", &(0..20_000).map(line).collect::<Vec<_>>());
    let stored: u64 = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..3).map(|_| scope.spawn(|| again(None).run(&open(directory.path()), &plain).unwrap().stored)).collect();
        running.into_iter().map(|running| running.join().unwrap()).sum()
    });
    assert_eq!((stored, left(&store), rows(&store).len()), (20_000, 0, 20_000));
}

/// Squid's lines, once a line `#on` has come.
#[derive(Debug)]
struct Switched(bool);

impl Format for Switched {
    fn spec(&self) -> &str {
        if self.0 { "switched on" } else { "switched" }
    }

    fn parse<'line>(&self, line: &'line [u8], _: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        if self.0 { Squid::read(line) } else { Err(RejectReason::NoHeader) }
    }

    fn render(&self, _: &AccessEvent<'_>, _: &mut Vec<u8>) {}

    fn fields(&self) -> crate::model::FieldSet {
        resolve("squid").unwrap().fields()
    }

    fn has_directives(&self) -> bool {
        true
    }

    fn directive(&self, line: &[u8]) -> Option<SharedFormat> {
        (line == b"#on").then(|| Arc::new(Switched(true)) as SharedFormat)
    }
}

#[test]
fn lines_that_speak_of_others_are_kept_until_those_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let lines: Vec<String> = [line(0), "#on".into()].into_iter().chain((1..=6000).map(line)).collect();
    reject(&store, "squid", &lines);
    let asked = Reimport { format: Some(FormatChoice::Given(Arc::new(Switched(false)))), ..again(None) };
    let pieces = Cell::new(0);
    let killed = || {
        pieces.set(pieces.get() + 1);
        assert_eq!(pieces.get(), 1, "killed behind the first piece");
        Storing::plain()
    };
    assert!(catch_unwind(AssertUnwindSafe(|| asked.run(&store, &killed))).is_err());
    let first = rows(&store).len() as u64;
    assert!((3000..5000).contains(&first), "{first}");
    // The line is still there for whoever goes on.
    let summary = asked.run(&store, &plain).unwrap();
    assert_eq!((summary.directives, summary.stored), (1, 6000 - first));
    assert_eq!((summary.still_rejected["no_header"], left(&store), rows(&store).len()), (1, 1, 6000));
    assert_eq!(rows(&store)[0].1.format, "switched on");
}

#[test]
fn what_earlier_tries_left_does_not_hide_the_format() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let junk = vec!["no line".to_owned(); 600];
    for lines in [&junk, &(0..600).map(line).collect(), &junk] {
        reject(&store, "squid", lines);
    }
    assert!(matches!(again(Some("auto")).run(&store, &plain), Err(ReimportError::Undetected)));
    reject(&store, "squid", &(0..300).map(line).collect::<Vec<_>>());
    assert_eq!(again(Some("auto")).run(&store, &plain).unwrap().stored, 900);
}
