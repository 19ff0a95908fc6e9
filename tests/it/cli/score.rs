//! `tidegate score`: Debian's squid.conf and a hardened one, the gate's exit codes, and the formats for CI against their
//! schemas.

use crate::support::process::{json, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The configuration as Debian's package has it.
fn stock() -> String {
    let path = Path::new("/etc/squid/squid.conf");
    assert!(path.exists(), "squid is not installed: apt-get install squid");
    std::fs::read_to_string(path).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/posture").join(name)
}

/// A directory with both configurations.
fn checkout() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("stock.conf"), stock()).unwrap();
    std::fs::copy(fixture("hardened.conf"), directory.path().join("hardened.conf")).unwrap();
    directory
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// `id status points` of every check of squid.conf.
fn checks(said: &Value) -> Vec<String> {
    let checks = said["checks"].as_array().unwrap().iter().filter(|check| check["source"] == "squid.conf");
    checks
        .map(|check| {
            format!("{} {} {}", check["id"].as_str().unwrap(), check["status"].as_str().unwrap(), check["points"])
        })
        .collect()
}

#[test]
fn debians_configuration_and_a_hardened_one_differ_in_what_is_said_to_mend() {
    let directory = checkout();
    let score = |conf: &str| json(directory.path(), &["score", "--squid-conf", conf, "--format", "json"]);
    let (stock, hardened) = (score("stock.conf"), score("hardened.conf"));
    assert_eq!(
        checks(&stock),
        [
            "squid.open_proxy passed 10",
            "squid.catch_all passed 5",
            "squid.connect_ports passed 6",
            "squid.safe_ports passed 3",
            "squid.to_localhost partial 2",
            "squid.to_linklocal partial 2",
            "squid.manager passed 4",
            "squid.authentication failed 0",
            "squid.ssl_bump failed 0",
            "squid.header_leakage failed 0",
            "squid.access_log passed 4",
            "squid.query_strings failed 0",
            "squid.user_agents failed 0",
            "squid.icap failed 0",
            "squid.dangerous passed 8",
        ]
    );
    assert_eq!((stock["score"].as_u64(), stock["grade"].as_str()), (Some(62), Some("D")));
    assert!(checks(&hardened).iter().all(|check| check.contains(" passed ")), "{:?}", checks(&hardened));
    assert_eq!((hardened["score"].as_u64(), hardened["grade"].as_str()), (Some(100), Some("A")));
    // What was lost is what is recommended, the dearest first, and each earns what it says: with Debian's network
    // lines let in, and the lines recommended, nothing of it is left.
    let first = stock["recommendations"][0].as_str().unwrap();
    assert!(first.starts_with("Configure auth_param"), "{first}");
    assert_eq!(stock["recommendations"].as_array().unwrap().len(), 8);
    // Nothing but squid.conf was there.
    for check in stock["checks"].as_array().unwrap().iter().filter(|check| check["source"] != "squid.conf") {
        assert_eq!((check["status"].as_str(), check["recommendation"].is_null()), (Some("unknown"), true), "{check}");
    }
}

#[test]
fn people_see_each_check_with_its_line_and_what_to_mend_first() {
    let directory = checkout();
    let output = run(directory.path(), &["score", "--squid-conf", "stock.conf"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0));
    let line = 1 + stock().lines().position(|line| line == "http_access allow localhost").unwrap();
    for words in [
        "security score  62 of 100  (D)\nsquid.conf      stock.conf\n",
        "settings        not known: No control database was opened",
        "squid.conf      44 of 70 points\n",
        "  ✓ 10/10 No address of the Internet may use the proxy  (squid.open_proxy)  stock.conf:",
        "  ~  2/5  The proxy doesn't lead to services on its own machine  (squid.to_localhost)\n",
        &format!("          stock.conf:{line}  Clients are let through without a login.\n"),
        "mend first, by points lost:\n   6    squid.authentication: Configure auth_param",
        "14 of 29 checks could not be looked at",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
    let said = text(&run(directory.path(), &["score", "--squid-conf", "hardened.conf"]));
    assert!(said.starts_with("security score  100 of 100  (A)\n") && !said.contains("mend first"), "{said}");
}

#[test]
fn exit_codes_tell_the_gate_the_configuration_and_the_rest_apart() {
    let directory = checkout();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("broken.conf", "via off\nendif\n");
    for (arguments, code, says) in [
        (&["--squid-conf", "stock.conf", "--min", "62"][..], 0, ""),
        (&["--squid-conf", "stock.conf", "--min", "63"], 1, "the score is 62, below 63"),
        (&["--squid-conf", "hardened.conf", "--min", "100"], 0, ""),
        (&["--squid-conf", "none.conf"], 2, "none.conf: can't be read"),
        (&["--squid-conf", "broken.conf"], 2, "broken.conf:2: 'endif' without 'if'"),
        (&["--squid-conf", "stock.conf", "--min", "101"], 2, "101 is not in 0..=100"),
        (&["--squid-conf", "stock.conf", "--format", "xml"], 2, "invalid value 'xml'"),
        (&["--squid-conf", "stock.conf", "-o", "none/report"], 3, "none/report: can't be written"),
    ] {
        let output = run(directory.path(), &[&["score"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    // A gate that fails has said why all the same.
    let output = run(directory.path(), &["score", "--squid-conf", "stock.conf", "--min", "63", "-o", "report.txt"]);
    assert!(output.stdout.is_empty());
    assert!(std::fs::read_to_string(directory.path().join("report.txt")).unwrap().contains("62 of 100"));
    std::fs::create_dir(directory.path().join("data")).unwrap();
    write("data/control.db", "not a database");
    let output = run(directory.path(), &["score", "--squid-conf", "stock.conf"]);
    assert_eq!(output.status.code(), Some(3));
}

/// Whether `xmllint` finds a file to be as the schema has it, and what it says.
fn is_junit(path: &Path) -> (bool, String) {
    let output = Command::new("xmllint").arg("--noout").arg("--schema").arg(fixture("junit-10.xsd")).arg(path).output();
    let output = output.expect("xmllint is not installed: apt-get install libxml2-utils");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn junit_is_valid_and_has_a_case_for_each_check() {
    let directory = checkout();
    for (conf, failures) in [("stock.conf", 6), ("hardened.conf", 0)] {
        let path = directory.path().join("report.xml");
        let output = run(directory.path(), &["score", "--squid-conf", conf, "--format", "junit", "-o", "report.xml"]);
        assert_eq!(output.status.code(), Some(0));
        let (valid, says) = is_junit(&path);
        assert!(valid, "{says}");
        let report = std::fs::read_to_string(&path).unwrap();
        assert_eq!(report.matches("<testcase ").count(), tidegate::posture::CHECKS.len());
        assert_eq!(report.matches("<failure ").count(), failures, "{report}");
        assert_eq!(report.matches("<skipped ").count(), 14);
        assert!(report.contains(&format!("failures=\"{failures}\"")));
        // The validator can fail.
        std::fs::write(&path, report.replace("<testcase name=", "<testcase nam=")).unwrap();
        assert!(!is_junit(&path).0);
    }
}

#[test]
fn sarif_is_valid_and_points_at_lines() {
    let directory = checkout();
    // The pattern of languages has a bracket too many, which OASIS' errata took out.
    let schema = std::fs::read_to_string(fixture("sarif-schema-2.1.0.json")).unwrap();
    let schema = schema.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log = json(directory.path(), &["score", "--squid-conf", "stock.conf", "--format", "sarif"]);
    let faults: Vec<String> = validator.iter_errors(&log).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    let mut wrong = log.clone();
    wrong["runs"][0]["results"][0]["level"] = "dreadful".into();
    assert!(!validator.is_valid(&wrong));

    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), tidegate::posture::CHECKS.len());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 8);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "stock.conf");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
    let login = results.iter().find(|result| result["ruleId"] == "squid.authentication").unwrap();
    let line = 1 + stock().lines().position(|line| line == "http_access allow localhost").unwrap();
    assert_eq!(login["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64(), Some(line as u64));
    assert_eq!(login["level"], "error");
}

#[test]
fn a_setting_that_the_imported_log_refutes_is_contradicted() {
    let directory = checkout();
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let line = |ago: u64, target: &str| {
        format!(
            "{}.000 12 10.0.0.1 TCP_TUNNEL/200 500 CONNECT {target} ada HIER_DIRECT/198.51.100.1 -\n",
            seconds - ago
        )
    };
    let log: String = (0..50).map(|ago| line(3600 + ago, "www.example.com:443")).collect();
    std::fs::write(directory.path().join("access.log"), log + &line(60, "203.0.113.9:443")).unwrap();
    std::fs::write(
        directory.path().join("config.toml"),
        "[squid]\nconf = \"stock.conf\"\n[settings]\ndirect_ip_blocked = true\n",
    )
    .unwrap();
    json(directory.path(), &["import", "--json", "access.log"]);
    let said = json(directory.path(), &["score", "--format", "json"]);
    let checks = said["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == "settings.direct_ip").unwrap();
    assert_eq!((check["status"].as_str(), check["points"].as_u64()), (Some("contradicted"), Some(0)), "{check}");
    assert_eq!(
        (&check["evidence"][0]["setting"], &check["evidence"][0]["value"]),
        (&"direct_ip_blocked".into(), &true.into())
    );
    assert_eq!((&check["evidence"][1]["count"], &check["evidence"][1]["rows"]), (&1.into(), &serde_json::json!([51])));
    assert!(checks.iter().all(|check| check["status"] != "unknown"), "{said}");
    let text = text(&run(directory.path(), &["score"]));
    assert!(text.contains("  !  0/6  Requests to bare addresses are blocked (contradicted)"), "{text}");
    assert!(text.contains("1 request to bare addresses let through in the window. Newest rows: 51."), "{text}");
    // All formats take all sources.
    run(directory.path(), &["score", "--format", "junit", "-o", "report.xml"]);
    assert!(is_junit(&directory.path().join("report.xml")).0);
}
