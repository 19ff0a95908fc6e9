//! `tidegate list`: imported beside a running server, shown, refused.

use crate::support::process::{Server, json, json_from, run};
use std::time::{Duration, Instant};

#[test]
fn a_list_is_imported_beside_a_running_server() {
    let directory = tempfile::tempdir().unwrap();
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.ads.example/ - HIER_NONE/- text/html\n";
    std::fs::write(directory.path().join("access.log"), line).unwrap();
    json(directory.path(), &["import", "--json", "access.log"]);
    let server = Server::start(directory.path());
    let row = || server.get("/api/logs?limit=1")["data"][0].clone();
    assert_eq!(row()["tags"].as_array().unwrap().len(), 0);
    std::fs::write(directory.path().join("hosts"), "0.0.0.0 ads.example\nbad line here\n").unwrap();
    let report = json(directory.path(), &["list", "import", "ignored_hosts", "hosts", "--json"]);
    assert_eq!((&report["added"], &report["bad"][0]["line"]), (&1.into(), &2.into()));
    let started = Instant::now();
    while row()["tags"][0] != "ignored" {
        assert!(started.elapsed() < Duration::from_secs(10), "the server did not notice");
        std::thread::sleep(Duration::from_millis(50));
    }
    let shown = run(directory.path(), &["list", "show", "ignored_hosts"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), "ads.example\n");
}

#[test]
fn what_went_wrong_is_in_the_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let code = |arguments: &[&str]| run(directory.path(), arguments).status.code();
    std::fs::write(directory.path().join("config.toml"), "[settings]\ninternal_networks = ['10.0.0.0/8']\n").unwrap();
    std::fs::write(directory.path().join("nets"), "192.0.2.0/24\nx\n").unwrap();
    assert_eq!(code(&["list", "import", "internal_networks", "nets", "--strict"]), Some(1));
    assert_eq!(code(&["list", "import", "nothing", "nets"]), Some(2));
    assert_eq!(code(&["list", "import", "internal_networks", "nowhere"]), Some(3));
    let shown = json(directory.path(), &["list", "show", "internal_networks", "--json"]);
    assert_eq!((&shown["source"], &shown["entries"]), (&"file".into(), &serde_json::json!(["10.0.0.0/8"])));
    // What the file names stays when more is added to it.
    let report = run(directory.path(), &["list", "import", "internal_networks", "nets"]);
    assert_eq!(report.status.code(), Some(0));
    let said = String::from_utf8(report.stdout).unwrap();
    assert!(said.starts_with("line 2: 'x' is neither an address") && said.contains("2  in the list now"), "{said}");
    let arguments = ["list", "import", "internal_networks", "-", "--replace", "--json"];
    assert_eq!(json_from(directory.path(), &arguments, b"198.51.100.0/24\n")["removed"], 2);
}
