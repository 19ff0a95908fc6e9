//! `tidegate waf`: rules listed, checked, tested, explained and measured, those built in and those of a file.

use crate::support::process::{json, run, tidegate};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

/// Two rules that are as they should be, then one with each fault that `lint` knows.
const RULES: &str = r#"SecRule ARGS "@contains evil-word" "id:1,phase:2,pass,t:none,t:urlDecodeUni,msg:'An evil word',severity:CRITICAL,tag:'category/mine',tag:'attack/T1190',tag:'paranoia-level/1'"
SecRule REQUEST_METHOD "@streq BREW" "id:2,phase:2,pass,t:none,msg:'A \teapot',severity:NOTICE,tag:'category/tea',tag:'paranoia-level/2'"
"#;

const FAULTY: &str = r#"SecRule ARGS "@contains evil-word" "id:11,phase:2,pass,t:none,t:urlDecodeUni,msg:'Again',severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'"
SecRule ARGS "@rx [a-z]{2}" "id:12,phase:2,pass,t:none,msg:'Any two',severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'"
SecRule ARGS "@rx longword(?!er)" "id:13,phase:2,pass,t:none,msg:'Look-around',severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'"
SecRule ARGS "@contains otherword" "id:14,phase:2,pass,t:none,msg:'No tags'"
SecRule RESPONSE_BODY "@contains secret" "id:15,phase:4,pass,t:none,msg:'Of a response',severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'"
SecRule ARGS "@contains removed" "id:16,phase:2,pass,t:none,msg:'Removed',severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'"
SecRuleRemoveById 16
SecRuleRemoveById 99
"#;

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).unwrap();
}

/// A directory with rules.
fn with_rules(rules: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "own.conf", rules);
    directory
}

fn waf(directory: &Path, arguments: &[&str]) -> Output {
    run(directory, &[&["waf"], arguments].concat())
}

/// What it said, with a code.
fn said(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = waf(directory, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output = waf(directory, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn ids(rules: &Value) -> Vec<u64> {
    rules.as_array().unwrap().iter().map(|rule| rule["id"].as_u64().unwrap()).collect()
}

#[test]
fn rules_are_listed() {
    let directory = with_rules(RULES);
    let all = json(directory.path(), &["waf", "list", "--json", "--rules", "own.conf"]);
    assert_eq!(ids(&all["rules"]), [1, 2]);
    let first = &all["rules"][0];
    assert_eq!(
        (&first["category"], &first["severity"], &first["techniques"]),
        (&json!("mine"), &json!("Critical"), &json!(["T1190"]))
    );
    assert_eq!((&first["paranoia_level"], &first["line"], &first["fed"]), (&json!(1), &json!(1), &json!(true)));
    let table = said(directory.path(), &["list", "--rules", "own.conf", "--category", "tea"], 0);
    assert_eq!(table, "id  severity  level  category  message\n2   Notice    2      tea       A \\teapot\n\n1 rule\n");
    let whole = said(directory.path(), &["list", "--rules", "own.conf", "--id", "1"], 0);
    assert!(
        whole.contains("stands in  own.conf:1\n") && whole.contains("SecRule ARGS \"@contains evil-word\""),
        "{whole}"
    );
    assert!(refused(directory.path(), &["list", "--rules", "own.conf", "--id", "7"]).contains("there is no rule 7"));
    let unknown = refused(directory.path(), &["list", "--rules", "own.conf", "--category", "x"]);
    assert!(unknown.contains("there are mine, tea"), "{unknown}");
    // Those of the configuration, and without one those built in.
    let built_in = json(directory.path(), &["waf", "list", "--json"]);
    assert!(built_in["rules"].as_array().unwrap().len() > 150);
    write(directory.path(), "config.toml", "[waf]\nrules = [\"own.conf\"]\n");
    assert_eq!(ids(&json(directory.path(), &["waf", "list", "--json"])["rules"]), [1, 2]);
    let both = json(directory.path(), &["waf", "list", "--json", "--rules", "waf-rules", "--rules", "own.conf"]);
    assert_eq!(both["rules"].as_array().unwrap().len(), built_in["rules"].as_array().unwrap().len() + 2);
}

#[test]
fn rules_with_faults_are_refused_with_file_and_line() {
    let directory = with_rules("\nSecRule ARGS \"@rx (\" \"id:1,phase:2,pass\"\n");
    for command in [&["list"][..], &["lint"], &["explain", "http://a.test/"]] {
        let refused = refused(directory.path(), &[command, &["--rules", "own.conf"]].concat());
        assert!(refused.starts_with("tidegate: own.conf:2: rule 1: "), "{refused}");
    }
}

#[test]
fn lint_finds_what_is_wrong_with_rules() {
    let directory = with_rules(&format!("{RULES}{FAULTY}"));
    let of = |found: &Value| -> Vec<(String, Option<u64>, u64)> {
        let findings = found["findings"].as_array().unwrap().iter();
        findings
            .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["rule"].as_u64(), one["line"].as_u64().unwrap()))
            .collect()
    };
    let found = json(directory.path(), &["waf", "lint", "--json", "--rules", "own.conf"]);
    let want = [
        ("shadowed", Some(11), 3),
        ("unmet", None, 10),
        ("unfed", Some(15), 7),
        ("ungated", Some(12), 4),
        ("slow", Some(13), 5),
        ("untagged", Some(14), 6),
    ];
    assert_eq!(of(&found), want.map(|(kind, rule, line)| (kind.to_owned(), rule, line)));
    assert_eq!((&found["removed"], &found["tests_looked_at"]), (&json!(1), &json!(false)));

    // For people, a line each, and the mend of each kind; a gate only where asked.
    let lines = said(directory.path(), &["lint", "--rules", "own.conf"], 0);
    for line in [
        "own.conf:3: shadowed: rule 11 asks what rule 1 asks\n",
        "own.conf:10: unmet: SecRuleRemoveById meets no rule\n",
        "own.conf:7: unfed: rule 15 is hit by no line: it runs in phase 4, when a response is there\n",
        "own.conf:4: ungated: rule 12 is asked about every line: its pattern needs no literal, or only common ones\n",
        "           6  findings\n           1    shadowed  remove one of the two\n",
        "name their directory with --tests",
    ] {
        assert!(lines.contains(line), "{line}{lines}");
    }
    assert_eq!(found["findings"][0]["mend"], "remove one of the two");
    said(directory.path(), &["lint", "--rules", "own.conf", "--strict"], 1);
    let only = json(directory.path(), &["waf", "lint", "--json", "--rules", "own.conf", "--only", "slow"]);
    assert_eq!(of(&only), [("slow".to_owned(), Some(13), 5)]);

    // The directory of cases is found where it usually is.
    write(directory.path(), "own.conf", RULES);
    assert_eq!(
        json(directory.path(), &["waf", "lint", "--json", "--strict", "--rules", "own.conf"])["findings"],
        json!([])
    );
    std::fs::create_dir_all(directory.path().join("tests/waf-rules")).unwrap();
    write(directory.path(), "tests/waf-rules/1.yaml", "id: 1\nhits: []\nnear_misses: []\n");
    let found = json(directory.path(), &["waf", "lint", "--json", "--rules", "own.conf"]);
    assert_eq!(of(&found), [("untested".to_owned(), Some(2), 2)]);
    // Of rules elsewhere none is expected to have cases.
    std::fs::create_dir(directory.path().join("theirs")).unwrap();
    write(directory.path(), "theirs/rules.conf", &RULES.replace("id:", "id:9"));
    let both = ["waf", "lint", "--json", "--only", "untested", "--rules", "own.conf", "--rules", "theirs"];
    assert_eq!(of(&json(directory.path(), &both)), [("untested".to_owned(), Some(2), 2)]);
}

/// What an anchor with few lengths, a rare byte, a length or a check of its own keeps from a rule is no cost of it.
#[test]
fn rules_that_most_values_are_kept_from_are_not_dear() {
    let rules = [
        ("@rx ^[a-z]{2}$", "", None),
        ("@rx [a-z]{2}", "", Some("ungated")),
        ("@rx [a-z]~", "", None),
        ("@rx [a-z]\\.", "", Some("slow")),
        ("!@rx [a-z]~", "", Some("ungated")),
        ("@gt 2000", ",t:length", None),
        ("@gt 20", ",t:length", Some("ungated")),
        ("@detectXSS", "", None),
    ];
    let text = |(at, (operator, then, _)): (usize, &(&str, &str, Option<&str>))| {
        let tags = "severity:ERROR,tag:'category/mine',tag:'paranoia-level/1'";
        format!("SecRule ARGS \"{operator}\" \"id:{at},phase:2,pass,t:none{then},msg:'Any',{tags}\"\n", at = at + 1)
    };
    let directory = with_rules(&rules.iter().enumerate().map(text).collect::<String>());
    let found = json(directory.path(), &["waf", "lint", "--json", "--rules", "own.conf"]);
    let findings = found["findings"].as_array().unwrap();
    for (at, (operator, _, kind)) in rules.iter().enumerate() {
        let of_rule: Vec<_> =
            findings.iter().filter(|one| one["rule"] == at + 1).map(|one| one["kind"].as_str()).collect();
        assert_eq!(of_rule, kind.iter().map(|kind| Some(*kind)).collect::<Vec<_>>(), "{operator}");
    }
}

#[test]
fn cases_are_run() {
    let directory = with_rules(RULES);
    let cases = directory.path().join("cases");
    std::fs::create_dir(&cases).unwrap();
    write(
        &cases,
        "1.yaml",
        "id: 1\nhits:\n  - url: 'http://a.test/?b=evil%2Dword'\nnear_misses:\n  - url: 'http://a.test/?b=evil%20word'\n",
    );
    write(
        &cases,
        "2.yaml",
        "id: 2\nhits:\n  - {url: 'http://a.test/', method: BREW}\nnear_misses:\n  - url: 'http://a.test/'\n",
    );
    write(&cases, "3.yaml", "id: 3\nhits: []\nnear_misses: []\n");
    let arguments = ["test", "--rules", "own.conf", "--tests", "cases"];
    let good = said(directory.path(), &arguments, 0);
    assert_eq!(
        good,
        "           2  rules\n           2  hits\n           2  near-misses\n           0  failed\n           \
         1  rules with cases that are not loaded\n"
    );
    // Swapped, both fail, and are named.
    write(
        &cases,
        "1.yaml",
        "id: 1\nhits:\n  - url: 'http://a.test/?b=evil%20word'\nnear_misses:\n  - url: 'http://a.test/?b=evil%2Dword'\n",
    );
    write(&cases, "2.yaml", "id: 2\nhits: []\nnear_misses:\n  - url: 'http://a.test/'\n");
    let bad = said(directory.path(), &arguments, 1);
    for line in [
        "cases/1.yaml: rule 1 misses its hit: http://a.test/?b=evil%20word\n",
        "cases/1.yaml: rule 1 hits its near-miss: http://a.test/?b=evil%2Dword\n",
        "cases/2.yaml: rule 2 has no hit\n",
        "           3  failed\n",
    ] {
        assert!(bad.contains(line), "{line}{bad}");
    }
    let output = waf(directory.path(), &[&arguments[..], &["--json"]].concat());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), found["failures"].as_array().unwrap().len()), (Some(1), 3));
    // What is no case, or not there.
    write(&cases, "2.yaml", "id: 1\nhits: []\nnear_misses: []\n");
    assert!(refused(directory.path(), &arguments).contains("cases/2.yaml: has the cases of rule 1; call it 1.yaml"));
    write(&cases, "2.yaml", "id: 2\nhit: []\n");
    assert!(refused(directory.path(), &arguments).contains("cases/2.yaml: unknown field `hit`"));
    assert!(refused(directory.path(), &["test", "--rules", "own.conf"]).contains("name the directory of the cases"));
}

#[test]
fn the_cases_of_the_rules_built_in_hold() {
    let directory = tempfile::tempdir().unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waf-rules");
    let found = json(directory.path(), &["waf", "test", "--json", "--tests", tests.to_str().unwrap()]);
    assert_eq!((&found["failures"], &found["untested"]), (&json!([]), &json!(0)));
    assert!(found["hits"].as_u64() > Some(150) && found["near_misses"].as_u64() > Some(150));
    let tests = tests.to_str().unwrap();
    let found = json(directory.path(), &["waf", "lint", "--json", "--tests", tests]);
    assert_eq!((&found["findings"], &found["tests_looked_at"]), (&json!([]), &json!(true)));
}

#[test]
fn a_verdict_is_explained() {
    let directory = with_rules(RULES);
    let url = "http://a.test/?b=an%20evil%2Dword%1b";
    let text = said(directory.path(), &["explain", "--rules", "own.conf", "--method", "BREW", url], 0);
    let want = "score      7, flagged: the threshold is 5\n\
                matched    2 of 2 rules\n\n\
                1          An evil word\n  \
                scores   5 points: critical, mine, T1190\n  \
                in       ARGS:b\n  \
                found    evil-word\n  \
                value    an evil-word\\u{1b}\n  \
                rule     own.conf:1\n\n\
                2          A \\teapot\n  \
                scores   2 points: notice, tea\n  \
                in       REQUEST_METHOD\n  \
                found    BREW\n  \
                value    BREW\n  \
                rule     own.conf:2\n";
    assert_eq!(text, want);
    // Decoded twice: the rule's own decoding is a step.
    let twice = "http://a.test/?b=an%2520evil%252Dword";
    let text = said(directory.path(), &["explain", "--rules", "own.conf", twice], 0);
    assert!(
        text.contains("  value                  an%20evil%2Dword\n           urlDecodeUni  an evil-word\n"),
        "{text}"
    );
    let found = json(directory.path(), &["waf", "explain", "--json", "--rules", "own.conf", "--threshold", "6", twice]);
    assert_eq!(
        (&found["score"], &found["flagged"], &found["severity"]),
        (&json!(5), &json!(false), &json!("Critical"))
    );
    assert_eq!(
        found["matched_rules"][0]["steps"][1],
        json!({"transformation": "urlDecodeUni", "value": "an evil-word"})
    );
    let none = said(directory.path(), &["explain", "--rules", "own.conf", "http://a.test/"], 0);
    assert_eq!(none, "score      0, not flagged: the threshold is 5\nmatched    none of 2 rules\n");
    // The threshold of the configuration, and what the classifiers know.
    write(directory.path(), "config.toml", "[settings]\nwaf_block_threshold = 9\n");
    let found = json(directory.path(), &["waf", "explain", "--json", "http://paypa1.com/"]);
    assert_eq!((&found["threshold"], ids(&found["matched_rules"])), (&json!(9), vec![4_290_020]));
}

/// Labelled requests: of set `a` two attacks of which one is found, of set `b` a benign one, and one that is flagged.
const LABELLED: &str = r#"{"set":"a","label":"attack","type":"x","method":"GET","host":"a.test","uri":"/?q=evil-word","user_agent":null,"referer":null}
{"set":"a","label":"attack","type":"y","method":"GET","host":"a.test","uri":"/?q=word","id":"second"}
{"set":"b","label":"benign","attack_type":"norm","method":"CONNECT","host":"a.test:443","uri":""}

{"set":"b","label":"benign","attack_type":"norm","uri":"http://a.test/?q=evil-word"}
"#;

#[test]
fn labelled_requests_are_measured() {
    let directory = with_rules(RULES);
    write(directory.path(), "one.jsonl", LABELLED);
    let arguments = ["eval", "--rules", "own.conf", "one.jsonl"];
    let text = said(directory.path(), &arguments, 0);
    let row = |name: &str, lines: &str, flagged: &str, rate: &str| {
        format!("{name:<52} {lines:>12} {flagged:>12} {rate:>10}\n")
    };
    let want = [
        row("attacks", "lines", "detected", "rate"),
        row("a", "2", "1", "50.00 %"),
        row("  x", "1", "1", "100.00 %"),
        row("  y", "1", "0", "0.00 %"),
        "\n".to_owned(),
        row("benign", "lines", "flagged", "rate"),
        row("b", "2", "1", "50.00 %"),
    ];
    assert_eq!(text, want.concat());
    let speed = String::from_utf8(waf(directory.path(), &arguments).stderr).unwrap();
    assert!(speed.starts_with("4 lines in ") && speed.ends_with(" lines/s\n"), "{speed}");

    let found = json(
        directory.path(),
        &[&["waf"], &arguments[..], &["--json", "--threshold", "6", "--verdicts", "out"]].concat(),
    );
    assert_eq!((&found["attack"]["flagged"], &found["benign"]["lines"]), (&json!(0), &json!(2)));
    assert_eq!(
        (&found["threshold"], &found["bad_lines"], &found["sets"][0]["types"][1]["type"]),
        (&json!(6), &json!(0), &json!("y"))
    );
    let verdicts = std::fs::read_to_string(directory.path().join("out")).unwrap();
    let verdicts: Vec<Value> = verdicts.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |name: &str| verdicts.iter().map(|verdict| verdict[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("line"), [1, 2, 3, 5]);
    assert_eq!(of("score"), [5, 0, 0, 5]);
    assert_eq!(of("rules"), [json!([1]), json!([]), json!([]), json!([1])]);
    assert_eq!(
        (&verdicts[1]["id"], &verdicts[1]["label"], &verdicts[3]["set"]),
        (&json!("second"), &json!("attack"), &json!("b"))
    );
}

#[test]
fn many_lines_keep_their_order_and_compressed_ones_are_read() {
    let directory = with_rules(RULES);
    let lines: String = (0..30_000)
        .map(|number| {
            let word = if number % 3 == 0 { "evil-word" } else { "fine" };
            format!("{{\"label\":\"attack\",\"host\":\"a.test\",\"uri\":\"/{number}?q={word}{}\"}}\n", "x".repeat(80))
        })
        .collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines.as_bytes()).unwrap();
    std::fs::write(directory.path().join("many.jsonl.gz"), gzip.finish().unwrap()).unwrap();
    let found =
        json(directory.path(), &["waf", "eval", "--json", "--rules", "own.conf", "many.jsonl.gz", "--verdicts", "out"]);
    assert_eq!((&found["attack"]["lines"], &found["attack"]["flagged"]), (&json!(30_000), &json!(10_000)));
    let verdicts = std::fs::read_to_string(directory.path().join("out")).unwrap();
    assert_eq!(verdicts.lines().count(), 30_000);
    for (at, line) in verdicts.lines().enumerate() {
        let verdict: Value = serde_json::from_str(line).unwrap();
        let want = if at % 3 == 0 { 5 } else { 0 };
        assert_eq!((verdict["line"].as_u64(), verdict["score"].as_u64()), (Some(at as u64 + 1), Some(want)));
    }
}

#[test]
fn bad_lines_are_named_and_left_out() {
    let directory = with_rules(RULES);
    write(directory.path(), "bad.jsonl", &format!("{LABELLED}nonsense\n{{\"label\":\"good\",\"uri\":\"/\"}}\n"));
    let output = waf(directory.path(), &["eval", "--rules", "own.conf", "bad.jsonl"]);
    let (text, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
    assert!(text.ends_with("\n2 bad lines left out\n"), "{text}");
    assert!(error.contains("bad.jsonl:6: ") && error.contains("bad.jsonl:7: unknown variant `good`"), "{error}");
    for (name, text) in [("none", "nonsense\n"), ("empty", "")] {
        write(directory.path(), name, text);
        assert!(refused(directory.path(), &["eval", name]).contains("tidegate waf eval --help says what one is"));
    }
    refused(directory.path(), &["eval", "missing.jsonl"]);
    let same = refused(directory.path(), &["eval", "bad.jsonl", "--verdicts", "./bad.jsonl"]);
    assert!(same.contains("is read; write the verdicts elsewhere"), "{same}");
    assert!(std::fs::read_to_string(directory.path().join("bad.jsonl")).unwrap().starts_with(LABELLED));
    // From standard input, too.
    let mut command = tidegate(directory.path(), &["waf", "eval", "--json", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(LABELLED.as_bytes()).unwrap();
    let found: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(found["attack"]["lines"], json!(2));
}
