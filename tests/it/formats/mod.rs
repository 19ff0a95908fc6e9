//! Fixtures: `tests/fixtures/formats/<format>/<case>/access.log`, read by the format whose spec `spec.txt` beside it
//! holds, else the folder's name. Every line is stored or rejected, what is stored equals what `expected.jsonl` says (an
//! object per line of the log), and every line comes back byte for byte. Squid's were recorded, and read by an independent
//! decoder (`tests/fixtures/record/decode-squid.py`). Lines that are made to hurt: [`hostile`].

mod client_bytes;
mod hostile;

use crate::support::lines::NOON;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidegate::classify::destination;
use tidegate::format::{self, FORMATS, FormatChoice};
use tidegate::model::{EventFilter, EventView, FixedClock, Lens, Outcome, RejectQuery, SourceName};
use tidegate::pipeline::{Content, Importer};
use tidegate::store::EventStore;

/// A folder with a log.
struct Fixture {
    /// `<format>/<case>`.
    name: String,
    directory: PathBuf,
    spec: String,
    log: Vec<u8>,
}

impl Fixture {
    fn of(directory: PathBuf) -> Fixture {
        let part = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let (format, case) = (part(directory.parent().unwrap()), part(&directory));
        let spec =
            std::fs::read_to_string(directory.join("spec.txt")).map_or(format.clone(), |text| text.trim().into());
        let log = std::fs::read(directory.join("access.log")).unwrap();
        Fixture { name: format!("{format}/{case}"), directory, spec, log }
    }

    fn named(name: &str) -> Fixture {
        Fixture::of(root().join(name))
    }

    /// The lines as they stand in the log, and where each begins.
    fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut offset = 0;
        self.log.split_inclusive(|byte| *byte == b'\n').map(move |line| {
            let start = offset;
            offset += line.len() as u64;
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            (start, line.strip_suffix(b"\r").unwrap_or(line))
        })
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats")
}

/// Every fixture.
fn fixtures() -> Vec<Fixture> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut found: Vec<PathBuf> = folders(&root()).iter().flat_map(|format| folders(format)).collect();
    found.sort();
    found.into_iter().map(Fixture::of).collect()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| *text != "-")
}

/// The fields of a row, as `expected.jsonl` names them; `-` there stands for nothing.
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
        ("user_agent", view.user_agent.clone().into()),
        ("referer", view.referer.clone().into()),
        ("outcome", view.outcome.name().into()),
        ("destination", target.as_ref().map(ToString::to_string).into()),
        ("ip_literal", target.is_some_and(|target| target.is_ip_literal()).into()),
    ])
}

/// What `expected.jsonl` says of a line beside its fields.
const REMARKS: [&str; 8] = ["line", "offset", "blank", "directive", "reject", "rejected", "ambiguous", "non_utf8"];

/// How a fixture was read.
struct Checked {
    /// Lines stored.
    stored: u64,
    /// Lines of which `expected.jsonl` says what they are.
    judged: u64,
    /// Where the two differ.
    wrong: Vec<String>,
}

/// Imports a fixture and compares.
fn check(fixture: &Fixture) -> Checked {
    let name = &fixture.name;
    let expected = std::fs::read_to_string(fixture.directory.join("expected.jsonl")).unwrap();
    let temporary = crate::store::columnar();
    let store = &temporary.store;
    let clock = Arc::new(FixedClock::at(NOON));
    let mut importer = Importer::new(Arc::clone(store), clock, 2, temporary.directory.path());
    let source = SourceName { name: "fixture".into(), host: "proxy.example".into(), format: fixture.spec.clone() };
    let path = fixture.directory.join("access.log");
    let format = format::resolve(&fixture.spec).unwrap_or_else(|error| panic!("{name}: {error}"));
    importer.file(Content { path: &path, format: &FormatChoice::Given(format), source: &source }, |_| ()).unwrap();
    let summary = importer.summary;
    let rejected: HashMap<u64, &str> = store
        .rejects(&RejectQuery::newest(10_000))
        .unwrap()
        .rows
        .iter()
        .map(|reject| (reject.offset, reject.reason.name()))
        .collect();
    assert_eq!(summary.lines, summary.stored + summary.rejected.values().sum::<u64>(), "{name}");
    assert_eq!(rejected.len() as u64, summary.rejected.values().sum::<u64>(), "{name}");
    assert_eq!(fixture.lines().count(), expected.lines().count(), "{name}: an object of expected.jsonl per line");

    let (mut row, mut judged, mut wrong) = (0, 0, Vec::new());
    for (number, ((offset, line), want)) in (1..).zip(fixture.lines().zip(expected.lines())) {
        let want: serde_json::Map<String, Value> = serde_json::from_str(want).unwrap();
        let is = |remark: &str| want.get(remark) == Some(&Value::Bool(true));
        for (remark, place) in [("line", number), ("offset", offset)] {
            assert!(want.get(remark).is_none_or(|wanted| *wanted == place), "{name} line {number}: {remark}");
        }
        if is("blank") || is("directive") {
            continue;
        }
        let view = (!rejected.contains_key(&offset)).then(|| {
            row += 1;
            EventView::of(&store.event(row).unwrap().unwrap(), &Lens::PLAIN)
        });
        if is("ambiguous") {
            continue;
        }
        judged += 1;
        let wanted_reason = want.get("rejected").and_then(Value::as_str);
        let Some(view) = view else {
            let reason = rejected[&offset];
            if !is("reject") && wanted_reason != Some(reason) {
                wrong.push(format!("{name} line {number}: rejected as {reason}, want {want:?}"));
            }
            continue;
        };
        if is("reject") || wanted_reason.is_some() {
            wrong.push(format!("{name} line {number}: stored, want a reject"));
            continue;
        }
        // The line comes back as it was, whatever it was.
        let again = format::render(&view).unwrap();
        if again != String::from_utf8_lossy(line) {
            wrong.push(format!("{name} line {number}: rendered {again:?}"));
        }
        if is("non_utf8") {
            continue;
        }
        let got = decoded(&view);
        for (field, want) in want.iter().filter(|(field, _)| !REMARKS.contains(&field.as_str())) {
            let got = got.get(field.as_str()).unwrap_or_else(|| panic!("{name} line {number}: no field {field}"));
            let same = match want {
                Value::String(_) => text(want) == got.as_str(),
                other => other == got,
            };
            if !same {
                wrong.push(format!("{name} line {number}: {field} is {got}, want {want}"));
            }
        }
    }
    assert_eq!(row, summary.stored, "{name}: every stored row was looked at");
    Checked { stored: summary.stored, judged, wrong }
}

#[test]
fn every_fixture_is_read_as_its_lines_are_meant() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let checked = check(&fixture);
        assert!(checked.stored > 0 && checked.judged > 0, "{}", fixture.name);
        wrong.extend(checked.wrong);
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// A format that would take another's lines for its own must stand behind it in the registry.
#[test]
fn what_a_format_wrote_is_found_to_be_in_it() {
    let mut seen = Vec::new();
    for fixture in fixtures().iter().filter(|fixture| fixture.name.contains("/basic")) {
        let spec = fixture.spec.as_str();
        if !FORMATS.iter().any(|kind| kind.detected_as.contains(&spec)) {
            continue;
        }
        let found = format::detect(&fixture.log);
        let best = found.best.as_ref().map(|(format, explained)| (format.spec(), *explained));
        assert_eq!(found.format().map(|format| format.spec()), Some(spec), "{}: {best:?}", fixture.name);
        // A single line is enough where no header speaks of it; useragent's beginning is that of others.
        let lines: Vec<&[u8]> = fixture.lines().map(|(_, line)| line).filter(|line| !line.is_empty()).collect();
        for line in lines.iter().filter(|_| !spec.starts_with("w3c") && spec != "useragent") {
            let found = format::detect(line);
            let line = String::from_utf8_lossy(line);
            assert_eq!(found.format().map(|format| format.spec()), Some(spec), "{}: {line}", fixture.name);
        }
        seen.push(fixture.spec.clone());
    }
    assert!(seen.contains(&"squid".to_owned()), "{seen:?}");
}

#[test]
fn what_squid_wrote_is_counted_as_an_independent_decoder_counts_it() {
    let fixture = Fixture::named("squid/basic");
    let counts = std::fs::read_to_string(fixture.directory.join("counts.json")).unwrap();
    let counts: Value = serde_json::from_str(&counts).unwrap();
    let temporary = crate::store::columnar();
    let mut importer =
        Importer::new(Arc::clone(&temporary.store), Arc::new(FixedClock::at(NOON)), 1, temporary.directory.path());
    let (path, source) = (fixture.directory.join("access.log"), SourceName::default());
    importer
        .file(
            Content { path: &path, format: &FormatChoice::Given(format::resolve("squid").unwrap()), source: &source },
            |_| (),
        )
        .unwrap();
    assert_eq!(counts["stored"], importer.summary.stored);
    assert!(importer.summary.rejected.is_empty());
    let stats = temporary.store.stats().unwrap();
    for outcome in Outcome::ALL {
        let want = counts["by_outcome"][outcome.name()].as_u64().unwrap_or(0);
        assert_eq!(stats.totals.measure.outcomes.get(outcome), want, "{outcome:?}");
        let filter = EventFilter {
            outcome: tidegate::model::Terms { any: vec![outcome], none: Vec::new() },
            ..EventFilter::default()
        };
        assert_eq!(temporary.store.count(&filter, &Lens::PLAIN).unwrap(), want, "{outcome:?}");
    }
    assert_eq!(counts["ip_literal_blocked"], stats.totals.ip_literal.blocked(false));
    assert_eq!(counts["bytes_total"], stats.totals.measure.bytes);
}

#[test]
fn lines_with_recoverable_errors_are_read() {
    let checked = check(&Fixture::named("squid/recoverable-errors"));
    assert!(checked.stored > 70, "{}", checked.stored);
}

#[test]
fn native_lines_are_found_among_unrelated_ones() {
    let Checked { stored, judged, .. } = check(&Fixture::named("squid/unrelated-traffic"));
    assert!(stored >= 12 && judged > 150, "{stored} of {judged}");
}
