//! `tidegate rejects`: shown, read again, on record.

use crate::support::process::{Server, json, run};
use std::path::Path;
use std::sync::Arc;
use tidegate::classify::CLASSIFIERS;
use tidegate::model::{Batch, FixedClock, Reject, RejectReason, SourceName};
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// Stores lines of Squid's format, rejected as none of another, and two that are of no format.
pub fn store_rejects(directory: &Path, lines: usize) {
    let data = directory.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let store = ColumnarStore::open(&data, CLASSIFIERS, Arc::new(FixedClock::default())).unwrap();
    let source = SourceName { name: "edge".into(), host: "proxy1".into(), format: "a-later-format".into() };
    let mut batch = Batch::new(source);
    let line = |at| {
        format!("1767225600.{:03} 1 10.0.0.7 TCP_HIT/200 1 GET http://a.example/{at} ada HIER_NONE/- -", at % 1000)
    };
    batch.rejects = (0..lines).map(|at| Reject::new(RejectReason::BadTime, 100, line(at).as_bytes())).collect();
    batch.rejects.push(Reject::new(RejectReason::BadSyntax, 7, b"no \x1b[31mAda"));
    batch.rejects.push(Reject::new(RejectReason::TooLong, 900, b"the head"));
    store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
}

fn text(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn counts_and_the_newest_lines_are_shown() {
    let directory = tempfile::tempdir().unwrap();
    let without = run(directory.path(), &["rejects"]);
    assert_eq!(without.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&without.stderr).contains("no such database"));
    store_rejects(directory.path(), 1200);
    insta::assert_snapshot!("shown", text(directory.path(), &["rejects", "--limit", "3"]));
    let found = json(directory.path(), &["rejects", "--json", "--source", "EDGE", "--reason", "bad_syntax"]);
    insta::assert_json_snapshot!("json", found);
    assert_eq!(text(directory.path(), &["rejects", "--source", "x"]), "no rejected lines\n");
    assert_eq!(run(directory.path(), &["rejects", "--reason", "odd"]).status.code(), Some(2));
    std::fs::write(directory.path().join("config.toml"), "[settings]\ngdpr_mode = true\n").unwrap();
    insta::assert_snapshot!("masked", text(directory.path(), &["rejects", "--limit", "3"]));
}

#[test]
fn lines_are_read_again_beside_a_running_server() {
    let directory = tempfile::tempdir().unwrap();
    store_rejects(directory.path(), 5000);
    let server = Server::start(directory.path());
    assert_eq!(json(directory.path(), &["rejects", "reimport", "--source", "edge", "--json"])["stored"], 0);
    assert_eq!(
        run(directory.path(), &["rejects", "reimport", "--source", "edge", "--format", "x"]).status.code(),
        Some(2)
    );
    let said = text(directory.path(), &["rejects", "reimport", "--source", "egde"]);
    assert_eq!(said, "no such rejected lines; tidegate rejects lists those there are\n");
    let said = text(directory.path(), &["rejects", "reimport", "--source", "edge", "--format", "auto"]);
    insta::assert_snapshot!("read_again", said);
    assert_eq!(server.wait_for_rows(5000), 5000);
    let row = &server.get("/api/logs?limit=1")["data"][0];
    assert_eq!((row["source"].as_str(), row["host"].as_str()), (Some("edge"), Some("proxy1")));
    let audit = server.get("/api/audit-log?action=rejects.reimport");
    let after = &audit["data"][0]["details"]["after"];
    assert_eq!((audit["total"].as_u64(), after["stored"].as_u64()), (Some(2), Some(5000)));
    assert_eq!(server.get("/api/rejects")["total"], 2);
}
