//! `tidegate archive`, and archives imported again.

use super::import::{counts, import, verify};
use crate::support::process::{Server, json, run, sample_log};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ALL: [&str; 5] = ["archive", "write", "--json", "--before", "9999-12-31"];

/// The archives in a data directory.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory.join("data/archives")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Rows as the API answers them, without their numbers, oldest first; and some with everything that is known of them.
fn rows(directory: &Path) -> (Vec<Value>, Vec<Value>) {
    let server = Server::start(directory);
    let without_id = |mut row: Value| {
        row.as_object_mut().unwrap().remove("id");
        row
    };
    let page = server.get("/api/logs?limit=1000&order=asc")["data"].as_array().unwrap().clone();
    let some = page.iter().step_by(97).map(|row| server.get(&format!("/api/logs/{}", row["id"]))["data"].clone());
    let details = some.map(without_id).collect();
    (page.into_iter().map(without_id).collect(), details)
}

#[test]
fn an_archive_imported_elsewhere_gives_identical_rows_once() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(from.path().join("access.log"), sample_log(900, 41)).unwrap();
    let stored = counts(&import(from.path(), &["access.log"])).1;
    let written = json(from.path(), &ALL);
    assert_eq!((&written["rows"], &written["archive"]["masking"]), (&json!(stored), &json!("none")));
    assert_eq!(json(from.path(), &ALL)["archive"], Value::Null, "it holds everything already");
    let [archive] = &files(from.path())[..] else { panic!("{:?}", files(from.path())) };
    let listed = json(from.path(), &["archive", "list", "--json"]);
    assert_eq!(listed["archives"][0], written["archive"]);
    let path = archive.to_str().unwrap();
    for arguments in [&["archive", "verify", "--json"][..], &["archive", "verify", "--json", path]] {
        let found = json(from.path(), arguments);
        assert_eq!((&found["valid"], &found["archives"][0]["rows"]), (&json!(true), &json!(stored)));
    }
    assert_eq!(counts(&import(to.path(), &[path])), (stored, stored, 0, 0));
    assert_eq!(counts(&import(to.path(), &[path])), (stored, 0, 0, stored));
    assert_eq!(counts(&import(from.path(), &[path])), (stored, 0, 0, stored), "into the store that has them");
    assert_eq!(verify(to.path())["rows"], stored);
    assert_eq!(rows(to.path()), rows(from.path()));
}

#[test]
fn a_damaged_archive_is_said_and_nothing_of_it_is_stored() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(500, 42)).unwrap();
    import(directory.path(), &["access.log"]);
    json(directory.path(), &ALL);
    let archive = files(directory.path()).pop().unwrap();
    let mut bytes = std::fs::read(&archive).unwrap();
    bytes[700] ^= 1;
    std::fs::write(&archive, bytes).unwrap();
    let verified = run(directory.path(), &["archive", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&verified.stdout).contains("does not agree with its sum"));
    let other = tempfile::tempdir().unwrap();
    let imported = run(other.path(), &["import", archive.to_str().unwrap()]);
    assert_eq!(imported.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&imported.stderr).contains("damaged"));
    assert_eq!(verify(other.path())["rows"], 0);
}

#[test]
fn the_setting_says_what_is_masked() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("config.toml"), "[settings]\narchive_masking = \"pseudonyms\"\n").unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(300, 43)).unwrap();
    import(directory.path(), &["access.log"]);
    assert_eq!(json(directory.path(), &ALL)["archive"]["masking"], "pseudonyms");
    let other = tempfile::tempdir().unwrap();
    import(other.path(), &[files(directory.path())[0].to_str().unwrap()]);
    let (rows, _) = rows(other.path());
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row["client_ip"].as_str().is_none_or(|client| client.starts_with("c-"))));
}
