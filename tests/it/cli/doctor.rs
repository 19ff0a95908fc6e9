//! `tidegate doctor`: what it says of Debian's squid.conf, of that one mended, of logs and of formats; and the same after
//! an import.

use crate::support::process::{json, run, sample_log, tidegate};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// The configuration as Debian's package has it, with what it includes.
fn stock() -> String {
    let path = Path::new("/etc/squid/squid.conf");
    assert!(path.exists(), "squid is not installed: apt-get install squid");
    std::fs::read_to_string(path).unwrap()
}

fn diagnosis(directory: &Path, arguments: &[&str]) -> Value {
    let said = json(directory, &[&["doctor", "--json"], arguments].concat());
    assert_eq!(said["diagnoses"].as_array().unwrap().len(), 1, "{said}");
    said["diagnoses"][0].clone()
}

/// The words of the blind spots.
fn ids(said: &Value) -> Vec<&str> {
    said["blind_spots"].as_array().unwrap().iter().map(|spot| spot["id"].as_str().unwrap()).collect()
}

#[test]
fn debians_configuration_is_blind_for_query_strings_until_it_is_mended() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("squid.conf"), stock()).unwrap();
    let said = diagnosis(directory.path(), &["squid.conf"]);
    assert_eq!((said["subject"].as_str(), said["format"].as_str()), (Some("squid_conf"), Some("squid")));
    assert_eq!(ids(&said)[0], "query_strings");
    let worst = &said["blind_spots"][0];
    assert_eq!(worst["severity"], "high");
    assert_eq!(worst["fix"], serde_json::json!(["strip_query_terms off"]));
    assert_eq!(worst["loses"], serde_json::json!(["argument_rules"]));
    assert!(worst["note"].as_str().unwrap().contains("personal data"));
    assert!(ids(&said).contains(&"user_agents") && ids(&said).contains(&"whitespace"));

    // Every fix, pasted behind it; those that are the same once.
    let spots = said["blind_spots"].as_array().unwrap();
    let fixes: BTreeSet<Vec<&str>> =
        spots.iter().map(|spot| spot["fix"].as_array().unwrap().iter().filter_map(Value::as_str).collect()).collect();
    let mended = fixes.into_iter().flatten().fold(stock(), |text, line| text + "\n" + line);
    std::fs::write(directory.path().join("squid.conf"), mended).unwrap();
    let said = diagnosis(directory.path(), &["squid.conf"]);
    assert_eq!(ids(&said), Vec::<&str>::new());
}

#[test]
fn people_read_what_is_lost_and_what_mends_it() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("squid.conf"), "http_port 3128\n").unwrap();
    let output = run(directory.path(), &["doctor", "squid.conf"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for words in [
        "configuration  squid.conf\nwrites         daemon:/var/log/squid/access.log\n",
        "query_strings  (high)\n",
        "  loses        rules on query strings",
        "  squid.conf   strip_query_terms off\n",
        "access_log daemon:/var/log/squid/access.log logformat=tidegate",
        "personal data",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    std::fs::write(directory.path().join("squid.conf"), "http_port 3128\nstrip_query_terms off\n").unwrap();
    let output = run(directory.path(), &["doctor", "squid.conf"]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("query_strings"));
}

#[test]
fn how_many_rules_a_log_can_feed_is_told_with_what_the_others_want() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write(
        "own.conf",
        "SecRule ARGS \"@contains a\" \"id:1,phase:2,pass\"\n\
         SecRule ARGS|REQUEST_FILENAME \"@contains a\" \"id:2,phase:2,pass\"\n\
         SecRule REQUEST_HEADERS:User-Agent \"@contains a\" \"id:3,phase:2,pass\"\n\
         SecRule REQUEST_FILENAME \"@contains a\" \"id:4,phase:2,pass\"\n\
         SecRule REQUEST_COOKIES \"@contains a\" \"id:5,phase:2,pass\"\n",
    );
    write("config.toml", "[waf]\nrules = ['own.conf']\n");
    write("squid.conf", "http_port 3128\n");
    let said = diagnosis(directory.path(), &["squid.conf"]);
    let want = serde_json::json!({
        "loaded": 4, "fed": 2,
        "missing": [
            { "field": "query string", "blind": 1, "dim": 1, "blind_spot": "query_strings" },
            { "field": "User-Agent", "blind": 1, "dim": 0, "blind_spot": "user_agents" },
        ],
    });
    assert_eq!(said["rules"], want);
    let output = run(directory.path(), &["doctor", "squid.conf"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let want = "rules          2 of 4 can hit a line\n               \
                1 hit none and 1 see less for want of the query string, see query_strings\n               \
                1 hit none for want of the User-Agent, see user_agents\n";
    assert!(text.contains(want), "{text}");
    // With the lines of the blind spots nothing is wanting.
    let format = "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt \"%{User-Agent}>h\"";
    let mended = format!("strip_query_terms off\nlogformat x {format}\naccess_log stdio:/l x\n");
    write("squid.conf", &format!("http_port 3128\n{mended}"));
    let said = diagnosis(directory.path(), &["squid.conf"]);
    assert_eq!(said["rules"], serde_json::json!({ "loaded": 4, "fed": 4, "missing": [] }));
    write("own.conf", "SecRule ARGS\n");
    let output = run(directory.path(), &["doctor", "squid.conf"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("tidegate: own.conf:1: "));
}

#[test]
fn each_log_of_a_configuration_is_told_of_and_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    let text = "access_log none quiet\naccess_log stdio:/a.log squid\naccess_log udp://10.0.0.1:514 squid\n";
    std::fs::write(directory.path().join("squid.conf"), text).unwrap();
    let said = json(directory.path(), &["doctor", "--json", "squid.conf"]);
    let logs: Vec<&str> =
        said["diagnoses"].as_array().unwrap().iter().map(|one| one["log"].as_str().unwrap()).collect();
    assert_eq!(logs, ["stdio:/a.log", "udp://10.0.0.1:514"]);
    assert!(ids(&said["diagnoses"][0]).contains(&"unlogged_requests"));
    let output = run(directory.path(), &["doctor", "squid.conf"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.matches("query_strings  (high)").count() == 1 && said.contains("as above       query_strings, "),
        "{said}"
    );
    // One that logs nothing says so.
    std::fs::write(directory.path().join("squid.conf"), "access_log none\n").unwrap();
    assert!(ids(&diagnosis(directory.path(), &["squid.conf"])).contains(&"unlogged_requests"));
}

#[test]
fn a_log_says_it_by_its_rows() {
    let directory = tempfile::tempdir().unwrap();
    let row = |number: u32, target: &str| {
        format!("17672256{number:02}.123    245 10.0.3.17 TCP_MISS/200 5316 GET {target} ada HIER_NONE/- text/html\n")
    };
    let log = |target: &str| (0..50).map(|number| row(number, target)).collect::<String>();
    std::fs::write(directory.path().join("stripped"), log("http://a.example/x?")).unwrap();
    std::fs::write(directory.path().join("whole"), log("http://a.example/x?y=1")).unwrap();
    assert!(ids(&diagnosis(directory.path(), &["stripped"])).contains(&"query_strings"));
    let whole = diagnosis(directory.path(), &["whole"]);
    assert!(!ids(&whole).contains(&"query_strings"));
    assert_eq!((whole["subject"].as_str(), whole["rows"].as_u64()), (Some("log"), Some(50)));
    // The same after an import.
    let imported = json(directory.path(), &["import", "--json", "stripped"]);
    assert!(ids(&imported).contains(&"query_strings"), "{imported}");
    let output = run(directory.path(), &["import", "whole"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("user_agents  (medium)") && !said.contains("query_strings"), "{said}");
    // A compressed one.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(log("http://a.example/x?").as_bytes()).unwrap();
    std::fs::write(directory.path().join("stripped.gz"), gzip.finish().unwrap()).unwrap();
    assert!(ids(&diagnosis(directory.path(), &["stripped.gz"])).contains(&"query_strings"));
    // Both ends of a long one are looked at.
    std::fs::write(directory.path().join("long"), sample_log(60_000, 3)).unwrap();
    let long = diagnosis(directory.path(), &["long"]);
    let rows = long["rows"].as_u64().unwrap();
    assert!((5_000..50_000).contains(&rows), "{rows}");
}

#[test]
fn the_format_of_an_import_comes_out_of_squid_conf() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("log"), sample_log(50, 3)).unwrap();
    std::fs::write(directory.path().join("squid.conf"), "access_log stdio:/var/log/squid/access.log squid\n").unwrap();
    let stored = |summary: Value| summary["stored"].as_u64().unwrap();
    assert!(stored(json(directory.path(), &["import", "--json", "--squid-conf", "squid.conf", "log"])) > 0);
    std::fs::write(directory.path().join("squid.conf"), "access_log stdio:/l logformat=mine\n").unwrap();
    let output = run(directory.path(), &["import", "--squid-conf", "squid.conf", "log"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("squid.conf:1: logformat mine is not defined"));
}

#[test]
fn formats_and_what_can_not_be_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    let said = diagnosis(directory.path(), &["--format", "squid"]);
    assert_eq!((said["subject"].as_str(), ids(&said)), (Some("format"), vec!["user_agents", "referers"]));
    std::fs::write(directory.path().join("prose"), "dear diary\n\nnothing happened\n").unwrap();
    std::fs::write(directory.path().join("broken.conf"), "http_port 3128\nendif\n").unwrap();
    std::fs::write(directory.path().join("empty"), "").unwrap();
    for (arguments, words) in [
        (vec!["doctor", "missing"], "missing: can't be read"),
        (vec!["doctor", "."], "can't be read"),
        (vec!["doctor", "prose"], "neither lines of a known format nor a squid.conf"),
        (vec!["doctor", "empty"], "empty: is empty; name a log that has lines"),
        (vec!["doctor", "broken.conf"], "broken.conf:2: 'endif' without 'if'"),
        (vec!["doctor", "--format", "nonsense"], "unknown format 'nonsense'"),
    ] {
        let output = run(directory.path(), &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn without_a_file_the_configured_sources_are_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("access.log"), sample_log(500, 3)).unwrap();
    std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\n").unwrap();
    let said = diagnosis(directory.path(), &[]);
    assert_eq!((said["name"].as_str(), said["subject"].as_str()), (Some("access.log"), Some("log")));
}

#[test]
fn after_an_import_only_what_its_lines_lack_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats/w3c/basic/access.log");
    let import = || json(directory.path(), &["import", "--json", log.to_str().unwrap()]);
    let said = import();
    // The header says what the lines hold, not the format's name.
    assert!(said["files"][0]["format"].as_str().unwrap().starts_with("w3c date time "), "{said}");
    assert!(ids(&said).contains(&"tunnels"));
    for there in ["query_strings", "clients", "user_agents", "outcomes"] {
        assert!(!ids(&said).contains(&there), "{there}");
    }
    assert_eq!(ids(&import()), Vec::<&str>::new());
}

#[test]
fn an_empty_log_is_passed_over_where_there_is_another_and_else_named() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(directory.path().join(name), content).unwrap();
    write("access.log.1", &sample_log(200, 3));
    write("access.log", b"");
    write("config.toml", b"[[source]]\npath = 'access.log*'\n");
    assert_eq!(diagnosis(directory.path(), &[])["name"], "access.log.1");
    let output = run(directory.path(), &["doctor", "access.log"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.starts_with("tidegate: access.log: is empty; "), "{said}");
}

#[test]
fn whoever_stops_reading_is_told_nothing() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [&["doctor", "--format", "squid"][..], &["doctor", "--format", "squid", "--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = tidegate(directory.path(), arguments).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}
