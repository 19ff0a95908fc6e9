//! `tidegate privacy`, and storing pseudonymised as config.toml says.

use crate::support::process::{Server, json, run, sample_log};
use std::collections::BTreeSet;

/// The clients of the newest rows, as the server shows them.
fn clients(server: &Server) -> BTreeSet<String> {
    let rows = server.get("/api/logs?limit=50")["data"].as_array().unwrap().clone();
    rows.iter().filter_map(|row| row["client_ip"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_running_server_takes_the_new_key_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let without = run(directory.path(), &["privacy", "rotate-key"]);
    assert_eq!(without.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&without.stderr).contains("no such database"));

    std::fs::write(directory.path().join("config.toml"), "[settings]\ngdpr_mode = true\n").unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(200, 3)).unwrap();
    json(directory.path(), &["import", "--json", "access.log"]);
    let server = Server::start(directory.path());
    let before = clients(&server);
    assert!(!before.is_empty() && before.iter().all(|client| client.starts_with("c-")), "{before:?}");
    assert_eq!(clients(&server), before);
    assert_eq!(json(directory.path(), &["privacy", "rotate-key", "--json"])["rotated"], true);
    let after = clients(&server);
    assert_eq!(after.len(), before.len());
    assert!(after.is_disjoint(&before));
    let audit = server.get("/api/audit-log?action=privacy.rotate_key");
    assert_eq!((audit["total"].as_u64(), audit["data"][0]["state"].as_str()), (Some(1), Some("done")));
}

#[test]
fn an_import_stores_pseudonyms_where_the_configuration_says_so() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("config.toml"), "[settings]\ngdpr_store_pseudonymised = true\n").unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(200, 3)).unwrap();
    let first = json(directory.path(), &["import", "--json", "access.log"]);
    let again = json(directory.path(), &["import", "--json", "access.log"]);
    assert_eq!((&again["skipped_known"], &again["stored"]), (&first["lines"], &0.into()));
    let shown = clients(&Server::start(directory.path()));
    assert!(!shown.is_empty() && shown.iter().all(|client| client.starts_with("c-")), "{shown:?}");
}
