//! `tidegate db backup|restore|verify|stats`.

use super::import::{import, verify};
use crate::support::process::{Server, json, run, sample_log, tidegate};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;

fn code(directory: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(directory, arguments);
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A directory in which a log was imported.
fn filled(lines: u64, seed: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(lines, seed)).unwrap();
    import(directory.path(), &["access.log"]);
    directory
}

fn path_of<'p>(directory: &'p Path, name: &str, path: &'p mut String) -> &'p str {
    *path = directory.join(name).display().to_string();
    path
}

#[test]
fn a_backup_made_during_an_import_is_equal_to_its_moment() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(120_000, 51);
    let (first, rest) = log.split_at(log.len() / 50);
    let end = first.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    std::fs::write(directory.path().join("first.log"), &log[..end]).unwrap();
    std::fs::write(directory.path().join("access.log"), [&log[end..first.len()], rest].concat()).unwrap();
    import(directory.path(), &["first.log"]);
    let server = Server::start(directory.path());
    let mut importing =
        tidegate(directory.path(), &["import", "--json", "access.log"]).stdout(Stdio::null()).spawn().unwrap();
    let mut of_moments = Vec::new();
    while importing.try_wait().unwrap().is_none() {
        let name = format!("backup-{}", of_moments.len());
        let done = json(directory.path(), &["db", "backup", "--json", &name]);
        of_moments.push((name, done["events"].clone()));
    }
    assert!(importing.wait().unwrap().success() && !of_moments.is_empty());
    let all = verify(directory.path())["rows"].as_u64().unwrap();
    drop(server);
    let mut rows_before = 0;
    let mut path = String::new();
    for (name, events) in &of_moments {
        let rows = events["rows"].as_u64().unwrap();
        assert!(rows_before <= rows && rows <= all && rows > 0, "{of_moments:?}");
        rows_before = rows;
        let other = tempfile::tempdir().unwrap();
        json(other.path(), &["db", "restore", "--json", path_of(directory.path(), name, &mut path)]);
        let restored = verify(other.path());
        assert_eq!((&restored["rows"], &restored["checksum"]), (&events["rows"], &events["checksum"]));
        assert_eq!(restored["damaged"], json!([]));
    }
    // What was imported is known to the copy, too: the rest is stored behind it, and nothing twice.
    let other = tempfile::tempdir().unwrap();
    json(other.path(), &["db", "restore", "--json", path_of(directory.path(), &of_moments[0].0, &mut path)]);
    import(other.path(), &[directory.path().join("access.log").to_str().unwrap()]);
    assert_eq!(verify(other.path())["rows"], all);
}

#[test]
fn keys_are_in_a_backup_only_where_that_was_asked_for() {
    let directory = filled(300, 52);
    drop(Server::start(directory.path()));
    json(directory.path(), &["db", "backup", "--json", "without"]);
    json(directory.path(), &["db", "backup", "--json", "--with-keys", "with"]);
    assert!(!directory.path().join("without/keys").exists());
    let mut path = String::new();
    for (name, valid) in [("without", false), ("with", true)] {
        let other = tempfile::tempdir().unwrap();
        let restored = json(other.path(), &["db", "restore", "--json", path_of(directory.path(), name, &mut path)]);
        assert_eq!((&restored["keys"], &restored["control"]["accounts"]), (&json!(valid), &json!(1)));
        let audit = run(other.path(), &["audit", "verify", "--json"]);
        let found: Value = serde_json::from_slice(&audit.stdout).unwrap();
        assert_eq!(found["valid"], valid, "{name}: {found}");
        let server = Server::start(other.path());
        assert_eq!(server.get("/api/logs/stats")["data"]["total_count"], verify(directory.path())["rows"]);
    }
    let audit = json(directory.path(), &["audit", "verify", "--json"]);
    assert_eq!(audit["valid"], true);
}

#[test]
fn what_would_do_harm_is_refused_and_changes_nothing() {
    let directory = filled(300, 53);
    let other = filled(200, 54);
    let mut path = String::new();
    let backup = path_of(other.path(), "backup", &mut path);
    json(other.path(), &["db", "backup", "--json", backup]);
    assert_eq!(code(directory.path(), &["db", "backup", backup]).0, 3, "there is something already");
    let before = verify(directory.path());
    let server = Server::start(directory.path());
    for (arguments, words) in [
        (vec!["db", "restore", backup], "--force replaces them"),
        (vec!["db", "restore", "--force", backup], "in use; stop the server"),
        (vec!["db", "restore", "--force", "."], "not a backup that Tidegate wrote"),
    ] {
        let (code, said) = code(directory.path(), &arguments);
        assert!(code == 3 && said.contains(words), "{arguments:?}: {code} {said}");
    }
    drop(server);
    assert_eq!(verify(directory.path()), before);
    // A byte of the backup differs.
    let file = other.path().join("backup/events.db");
    let whole = std::fs::read(&file).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let (said_by_verify, said_by_restore) = (
        code(directory.path(), &["db", "verify", backup]),
        code(directory.path(), &["db", "restore", "--force", backup]),
    );
    assert!(said_by_verify.0 == 1 && said_by_verify.1.contains("it is not what was written"), "{said_by_verify:?}");
    assert!(said_by_restore.0 == 3 && said_by_restore.1.contains("it is not what was written"));
    // A newer one.
    std::fs::write(&file, &whole).unwrap();
    let manifest = other.path().join("backup/manifest.json");
    let mut newer: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    newer["events"]["layout"] = json!(4711);
    std::fs::write(&manifest, newer.to_string()).unwrap();
    let (exit, said) = code(directory.path(), &["db", "restore", "--force", backup]);
    assert!(exit == 3 && said.contains("written by a newer Tidegate (layout of events 4711, this one knows"), "{said}");
    assert_eq!(verify(directory.path()), before);
    let left: Vec<_> = std::fs::read_dir(directory.path().join("data")).unwrap().collect();
    assert!(left.iter().all(|entry| !entry.as_ref().unwrap().file_name().to_string_lossy().contains("restore")));
}

#[test]
fn a_restore_replaces_what_is_there_and_keeps_it_where_asked() {
    let (directory, other) = (filled(300, 55), filled(200, 56));
    let mut path = String::new();
    let backup = path_of(other.path(), "backup", &mut path);
    json(other.path(), &["db", "backup", "--json", backup]);
    json(directory.path(), &["db", "verify", "--json", backup]);
    json(directory.path(), &["db", "restore", "--json", "--force", "--keep-old", backup]);
    assert_eq!(verify(directory.path())["checksum"], verify(other.path())["checksum"]);
    let data = directory.path().join("data");
    assert!(data.join("events.db.before-restore").exists() && data.join("control.db.before-restore").exists());
    json(directory.path(), &["db", "restore", "--json", "--force", backup]);
    assert!(!data.join("events.db.before-restore").exists() && !data.join(".restore").exists());
    // A damaged database is replaced like another.
    std::fs::write(data.join("events.db"), "no database").unwrap();
    json(directory.path(), &["db", "restore", "--json", "--force", backup]);
    assert_eq!(verify(directory.path())["checksum"], verify(other.path())["checksum"]);
}

#[test]
fn what_takes_the_space_is_said() {
    let directory = filled(3000, 57);
    assert!(run(directory.path(), &["db", "settle"]).status.success());
    let stats = json(directory.path(), &["db", "stats", "--json"]);
    assert_eq!(stats["rows"], verify(directory.path())["rows"]);
    let events = std::fs::metadata(directory.path().join("data/events.db")).unwrap().len();
    assert_eq!(stats["bytes"]["events"], events);
    let columns = stats["bytes"]["columns"].as_u64().unwrap();
    assert!(columns > 0 && columns < events, "{stats}");
    assert!(stats["dictionaries"]["client"].as_u64().unwrap() > 1);
    assert!(String::from_utf8_lossy(&run(directory.path(), &["db", "stats"]).stdout).contains("bytes in events.db"));
}
