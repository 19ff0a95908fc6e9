//! `tidegate audit`.

use crate::support::process::{json, run};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use tidegate::control::settings::SettingDefaults;
use tidegate::control::{Actor, AuditEntry, ControlDb};
use tidegate::model::{Clock, DAY_MS, FixedClock, SystemClock, Timestamp};

/// A log of six entries in `data`, three of them a hundred days old.
fn log(directory: &Path) {
    let data = directory.join("data");
    std::fs::create_dir(&data).unwrap();
    let now = SystemClock.now();
    let clock = Arc::new(FixedClock::at(Timestamp(now.0 - 100 * DAY_MS)));
    let control = ControlDb::open(&data, clock.clone(), SettingDefaults::default()).unwrap();
    for n in 0..6 {
        if n == 3 {
            clock.set(now);
        }
        control.record(&Actor::system("test"), &AuditEntry::new("settings.update", format!("{n}"))).unwrap();
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn verify_says_whether_and_where() {
    let directory = tempfile::tempdir().unwrap();
    log(directory.path());
    let (code, text) = said(&run(directory.path(), &["audit", "verify"]));
    assert_eq!(code, Some(0));
    assert!(text.starts_with("6 entries, all as they were written\nnewest: 6 "), "{text}");
    let verdict = json(directory.path(), &["audit", "verify", "--json"]);
    assert_eq!((&verdict["valid"], &verdict["entries"]), (&true.into(), &6.into()));
    assert!(text.contains(verdict["newest_hash"].as_str().unwrap()), "{text}");

    let file = rusqlite::Connection::open(directory.path().join("data/control.db")).unwrap();
    file.execute_batch("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET target = '' WHERE id = 4").unwrap();
    let (code, text) = said(&run(directory.path(), &["audit", "verify"]));
    assert_eq!(code, Some(1));
    assert!(text.starts_with("broken at entry 4: it was changed, moved or put in\n6 entries"), "{text}");
    let (code, text) = said(&run(directory.path(), &["audit", "verify", "--json"]));
    let verdict: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &verdict["valid"], &verdict["first_broken_id"]), (Some(1), &false.into(), &4.into()));
}

#[test]
fn what_can_not_be_read_is_no_verdict() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(run(directory.path(), &["audit", "verify"]).status.code(), Some(3));
    log(directory.path());
    std::fs::write(directory.path().join("data/control.db"), vec![7; 20_000]).unwrap();
    let output = run(directory.path(), &["audit", "verify"]);
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("control.db: is not a SQLite database"), "{text}");
}

#[test]
fn prune_keeps_the_days_and_a_chain() {
    let directory = tempfile::tempdir().unwrap();
    log(directory.path());
    assert_eq!(run(directory.path(), &["audit", "prune"]).status.code(), Some(2));
    assert_eq!(run(directory.path(), &["audit", "prune", "--days", "29"]).status.code(), Some(2));
    let prune = || said(&run(directory.path(), &["audit", "prune", "--days", "30"]));
    assert_eq!(prune(), (Some(0), "removed 3 entries, up to entry 3\n".to_owned()));
    assert_eq!(prune(), (Some(0), "nothing to remove\n".to_owned()));
    let verdict = json(directory.path(), &["audit", "verify", "--json"]);
    assert_eq!((&verdict["valid"], &verdict["entries"]), (&true.into(), &4.into()));
}
