//! Recorded logs: every line of a fixture is stored or rejected, and what is stored equals what an independent decoder
//! (`tests/fixtures/record/decode-squid.py`) read from the same line.

use crate::support::lines::NOON;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidegate::classify::destination;
use tidegate::format::{self, FormatChoice};
use tidegate::model::{EventFilter, EventView, FixedClock, Lens, Outcome, RejectQuery, SourceName};
use tidegate::pipeline::{Content, Importer};
use tidegate::store::EventStore;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats/squid").join(name)
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| *text != "-")
}

/// The fields of a row, as the decoder writes them.
fn decoded(view: &EventView) -> BTreeMap<&'static str, Value> {
    let target = destination(view.origin.as_bytes());
    BTreeMap::from([
        ("time_ms", view.time.0.into()),
        ("elapsed_ms", view.time_taken_ms.into()),
        ("client", view.client_ip.clone().into()),
        ("result", Some(view.result.clone()).filter(|result| !result.is_empty()).into()),
        ("status", view.status_code.into()),
        ("bytes", view.bytes.into()),
        ("method", view.method.clone().into()),
        ("url", Some(view.url.clone()).filter(|url| !url.is_empty()).into()),
        ("user", view.user.clone().into()),
        ("hierarchy", view.hierarchy.clone().into()),
        ("peer", view.peer.clone().into()),
        ("mime", view.mime.clone().into()),
        ("outcome", view.outcome.name().into()),
        ("destination", target.as_ref().map(ToString::to_string).into()),
        ("ip_literal", target.is_some_and(|target| target.is_ip_literal()).into()),
    ])
}

fn check(name: &str) -> (u64, u64) {
    let directory = fixture(name);
    let log = std::fs::read(directory.join("access.log")).unwrap();
    let expected = std::fs::read_to_string(directory.join("expected.jsonl")).unwrap();
    let temporary = crate::store::columnar();
    let store = &temporary.store;
    let clock = Arc::new(FixedClock::at(NOON));
    let mut importer = Importer::new(Arc::clone(store), clock, 2, temporary.directory.path());
    let source = SourceName { name: "fixture".into(), host: "proxy.example".into(), format: "squid".into() };
    let path = directory.join("access.log");
    importer
        .file(
            Content { path: &path, format: &FormatChoice::Given(format::resolve("squid").unwrap()), source: &source },
            |_| (),
        )
        .unwrap();
    let summary = importer.summary;
    let rejected: HashSet<u64> =
        store.rejects(&RejectQuery::newest(10_000)).unwrap().rows.iter().map(|reject| reject.offset).collect();
    assert_eq!(summary.lines, summary.stored + summary.rejected.values().sum::<u64>(), "{name}");
    assert_eq!(rejected.len() as u64, summary.rejected.values().sum::<u64>(), "{name}");

    let (mut row, mut judged, mut wrong) = (0, 0, Vec::new());
    for line in expected.lines() {
        let want: Value = serde_json::from_str(line).unwrap();
        let offset = want["offset"].as_u64().unwrap();
        let number = &want["line"];
        if want["blank"] == true {
            continue;
        }
        let is_rejected = rejected.contains(&offset);
        let view = (!is_rejected).then(|| {
            row += 1;
            EventView::of(&store.event(row).unwrap().unwrap(), &Lens::PLAIN)
        });
        if want["ambiguous"] == true {
            continue;
        }
        judged += 1;
        match view {
            None if want["reject"] == true => {}
            None => wrong.push(format!("{name} line {number}: rejected, want {want}")),
            Some(_) if want["reject"] == true => wrong.push(format!("{name} line {number}: stored, want a reject")),
            Some(view) => {
                // The line comes back as it was, whatever it was.
                let end = log[offset as usize..]
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .map_or(log.len(), |at| offset as usize + at);
                let line = log[offset as usize..end].strip_suffix(b"\r").unwrap_or(&log[offset as usize..end]);
                let again = format::render(&view).unwrap();
                if again != String::from_utf8_lossy(line) {
                    wrong.push(format!("{name} line {number}: rendered {again:?}"));
                }
                if want["non_utf8"] == true {
                    continue;
                }
                for (field, got) in decoded(&view) {
                    let same = match &want[field] {
                        Value::String(_) => text(&want[field]) == got.as_str(),
                        Value::Null => got.is_null(),
                        other => *other == got,
                    };
                    if !same {
                        wrong.push(format!("{name} line {number}: {field} is {got}, want {}", want[field]));
                    }
                }
            }
        }
    }
    assert_eq!(row, summary.stored, "{name}: every stored row was looked at");
    assert!(wrong.is_empty(), "{} of {judged} lines differ:\n{}", wrong.len(), wrong.join("\n"));
    (summary.stored, judged)
}

#[test]
fn what_squid_wrote_is_stored_as_an_independent_decoder_reads_it() {
    let (stored, judged) = check("basic");
    assert_eq!((stored, judged), (stored, stored));
    let counts: Value = serde_json::from_str(&std::fs::read_to_string(fixture("basic/counts.json")).unwrap()).unwrap();
    let temporary = crate::store::columnar();
    let mut importer =
        Importer::new(Arc::clone(&temporary.store), Arc::new(FixedClock::at(NOON)), 1, temporary.directory.path());
    let (path, source) = (fixture("basic/access.log"), SourceName::default());
    importer
        .file(
            Content { path: &path, format: &FormatChoice::Given(format::resolve("squid").unwrap()), source: &source },
            |_| (),
        )
        .unwrap();
    assert_eq!(counts["stored"], stored);
    let stats = temporary.store.stats().unwrap();
    for outcome in Outcome::ALL {
        let want = counts["by_outcome"][outcome.name()].as_u64().unwrap_or(0);
        assert_eq!(stats.measure.outcomes.get(outcome), want, "{outcome:?}");
        let filter = EventFilter {
            outcome: tidegate::model::Terms { any: vec![outcome], none: Vec::new() },
            ..EventFilter::default()
        };
        assert_eq!(temporary.store.count(&filter, &Lens::PLAIN).unwrap(), want, "{outcome:?}");
    }
    assert_eq!(counts["ip_literal_blocked"], stats.ip_literal.blocked(false));
    assert_eq!(counts["bytes_total"], stats.measure.bytes);
}

#[test]
fn lines_with_recoverable_errors_are_read() {
    let (stored, _) = check("recoverable-errors");
    assert!(stored > 70, "{stored}");
}

#[test]
fn native_lines_are_found_among_unrelated_ones() {
    let (stored, judged) = check("unrelated-traffic");
    assert!(stored >= 12 && judged > 150, "{stored} of {judged}");
}
