//! `tidegate import`: what it counts, and that a content is stored once, whatever it is called.

use crate::support::process::{json, json_from, run, sample_log, tidegate};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

pub(super) fn import(directory: &Path, paths: &[&str]) -> Value {
    json(directory, &[&["import", "--json"], paths].concat())
}

pub(super) fn counts(summary: &Value) -> (u64, u64, u64, u64) {
    let number = |name: &str| summary[name].as_u64().unwrap();
    let rejected = summary["rejected"].as_object().unwrap().values().map(|lines| lines.as_u64().unwrap()).sum();
    assert_eq!(number("lines"), number("stored") + rejected + number("skipped_known"), "{summary}");
    (number("lines"), number("stored"), rejected, number("skipped_known"))
}

/// Lines that are none but blank, as the summary counts them.
pub(super) fn lines_of(text: &[u8]) -> u64 {
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64
}

pub(super) fn verify(directory: &Path) -> Value {
    json(directory, &["db", "verify", "--json"])
}

#[test]
fn a_content_is_stored_once_whatever_it_is_called() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let log = sample_log(150_000, 3);
    let half = log.len() / 2 + log[log.len() / 2..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (all, first) = (lines_of(&log), lines_of(&log[..half]));

    std::fs::write(file("access.log"), &log[..half]).unwrap();
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["access.log"]));
    assert_eq!((lines, stored + rejected, skipped), (first, first, 0));
    // Again, renamed, and grown.
    assert_eq!(counts(&import(directory.path(), &["access.log"])), (first, 0, 0, first));
    std::fs::rename(file("access.log"), file("access.log.1")).unwrap();
    assert_eq!(counts(&import(directory.path(), &["access.log.1"])), (first, 0, 0, first));
    std::fs::write(file("access.log.1"), &log).unwrap();
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["access.log.1"]));
    assert_eq!((lines, stored + rejected, skipped), (all, all - first, first));
    // From a pipe, as an older copy, twice in one call.
    assert_eq!(counts(&json_from(directory.path(), &["import", "--json", "-"], &log)), (all, 0, 0, all));
    std::fs::write(file("old-copy"), &log[..half]).unwrap();
    assert_eq!(counts(&import(directory.path(), &["old-copy"])), (first, 0, 0, first));
    assert_eq!(counts(&import(directory.path(), &["access.log*", "access.log.1"])), (2 * all, 0, 0, 2 * all));
    let grown = verify(directory.path());

    // In one piece, the store holds the same.
    let fresh = tempfile::tempdir().unwrap();
    std::fs::write(fresh.path().join("whole"), &log).unwrap();
    import(fresh.path(), &["whole"]);
    assert_eq!(verify(fresh.path())["rows"], grown["rows"]);
}

#[test]
fn a_pipe_read_first_is_known_as_a_file_later() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(3000, 4);
    let all = lines_of(&log);
    assert_eq!(counts(&json_from(directory.path(), &["import", "--json", "-"], &log)).0, all);
    std::fs::write(directory.path().join("log"), &log).unwrap();
    assert_eq!(counts(&import(directory.path(), &["log"])), (all, 0, 0, all));
}

#[test]
fn contents_that_begin_alike_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let log = String::from_utf8(sample_log(300, 5)).unwrap();
    let first = log.lines().next().unwrap();
    let other = String::from_utf8(sample_log(300, 6)).unwrap();
    std::fs::write(directory.path().join("a"), &log).unwrap();
    std::fs::write(directory.path().join("b"), format!("{first}\n{other}")).unwrap();
    let (a, b) = (lines_of(log.as_bytes()), lines_of(other.as_bytes()) + 1);
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["a"]));
    assert_eq!((lines, stored + rejected, skipped), (a, a, 0));
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["b"]));
    assert_eq!((lines, stored + rejected, skipped), (b, b, 0));
    assert_eq!(counts(&import(directory.path(), &["a", "b"])), (a + b, 0, 0, a + b));
}

#[test]
fn odd_contents_are_counted_and_kept() {
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html";
    let long = "x".repeat(3 << 20);
    for (content, want) in [
        (String::new(), (0, 0, 0)),
        ("\n\n\r\n".to_owned(), (0, 0, 0)),
        (format!("{line}\r\n{line}"), (2, 2, 0)),
        (format!("\u{feff}{line}\n"), (1, 1, 0)),
        (format!("{line}\0\nno line at all\n"), (2, 1, 1)),
        (format!("{line}\n{long}\n{line}\n"), (3, 2, 1)),
        (long.clone(), (1, 0, 1)),
    ] {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("log"), &content).unwrap();
        let (lines, stored, rejected, _) = counts(&import(directory.path(), &["--format", "squid", "log"]));
        assert_eq!((lines, stored, rejected), want, "{:?}", &content[..content.len().min(80)]);
    }
}

#[test]
fn what_can_not_be_read_is_named_with_its_mend() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, code, words) in [
        (vec!["import", "missing.log"], 3, "missing.log: no such file"),
        (vec!["import", "."], 3, "a directory, not a log"),
        (vec!["import", "--format", "apache", "x"], 2, "unknown format 'apache'; known are"),
        (vec!["import"], 2, "required"),
        (vec!["--config", "none.toml", "check-config"], 2, "none.toml"),
        (vec!["db", "verify"], 3, "no such database"),
    ] {
        let output = run(directory.path(), &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    std::fs::write(directory.path().join("config.toml"), "listn = 1\n[server]\nlisten = 5\n").unwrap();
    let output = run(directory.path(), &["check-config"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("config.toml:1") && said.contains("config.toml:3"), "{said}");

    std::fs::write(directory.path().join("config.toml"), "[waf]\nrules = ['waf-rules', 'own.conf']\n").unwrap();
    std::fs::write(directory.path().join("own.conf"), "\nSecRule ARGS \"@rx (\" \"id:1,phase:2,pass\"\n").unwrap();
    for arguments in [&["check-config"][..], &["import", "x"]] {
        std::fs::write(directory.path().join("x"), "").unwrap();
        let output = run(directory.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("own.conf:2: rule 1"), "{said}");
    }
    std::fs::write(directory.path().join("own.conf"), "SecRule ARGS \"@rx x\" \"id:1,phase:2,pass\"\n").unwrap();
    let output = run(directory.path(), &["check-config"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("181 rules of waf-rules, own.conf"), "{output:?}");
}

#[test]
fn the_summary_for_people_says_what_became_of_every_line() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("log"), "garbage\n").unwrap();
    let output = run(directory.path(), &["import", "--format", "squid", "log"]);
    let said = String::from_utf8(output.stdout).unwrap();
    for words in
        ["1  lines in 1 file", "1  read as squid", "0  stored", "1  rejected, kept aside", "bad_time", "lines/s"]
    {
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn two_importers_at_once_lose_and_double_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let logs = [sample_log(120_000, 7), sample_log(120_000, 8)];
    for (number, log) in logs.iter().enumerate() {
        std::fs::write(directory.path().join(number.to_string()), log).unwrap();
    }
    let start = |name: &str| {
        tidegate(directory.path(), &["import", "--json", name])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running = [start("0"), start("1")];
    let summaries: Vec<Value> = running
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice(&output.stdout).unwrap()
        })
        .collect();
    let stored: u64 = summaries.iter().map(|summary| counts(summary).1).sum();
    assert_eq!(
        stored + summaries.iter().map(|summary| counts(summary).2).sum::<u64>(),
        logs.iter().map(|log| lines_of(log)).sum::<u64>()
    );
    let verified = verify(directory.path());
    assert_eq!((verified["rows"].as_u64(), verified["damaged"].as_array().map(Vec::len)), (Some(stored), Some(0)));
}

#[test]
fn an_older_copy_of_any_length_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(40_000, 9);
    std::fs::write(directory.path().join("whole"), &log).unwrap();
    import(directory.path(), &["whole"]);
    for part in [50, 9, 3, 2] {
        let cut = log.len() / part;
        let end = cut + log[cut..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
        std::fs::write(directory.path().join("copy"), &log[..end]).unwrap();
        let known = lines_of(&log[..end]);
        assert_eq!(counts(&import(directory.path(), &["copy"])), (known, 0, 0, known), "1/{part}");
    }
    // What only begins like it is another content from where it differs.
    let cut = log.len() / 3 + log[log.len() / 3..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let other = sample_log(5000, 10);
    std::fs::write(directory.path().join("branch"), [&log[..cut], &other].concat()).unwrap();
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["branch"]));
    assert_eq!(lines, lines_of(&log[..cut]) + lines_of(&other));
    assert!(stored + rejected >= lines_of(&other) && skipped > 0);
}

#[test]
fn a_line_cut_by_the_end_of_an_import_is_stored_whole_once_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let line = |number: u32| {
        format!(
            "1767225600.{number:03}    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/{number} - HIER_NONE/- text/html\n"
        )
    };
    let log: String = (0..20).map(line).collect();
    std::fs::write(directory.path().join("log"), &log[..log.len() - 40]).unwrap();
    let (_, stored, rejected, _) = counts(&import(directory.path(), &["log"]));
    assert_eq!((stored, rejected), (19, 1));
    std::fs::write(directory.path().join("log"), &log).unwrap();
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["log"]));
    assert_eq!((lines, stored, rejected, skipped), (20, 1, 0, 19));
}

#[test]
fn one_file_imported_twice_at_once_is_stored_once() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(200_000, 14);
    std::fs::write(directory.path().join("log"), &log).unwrap();
    let start = || {
        let mut command = tidegate(directory.path(), &["import", "--json", "log"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running = [start(), start(), start()];
    let (mut stored, mut rejected) = (0, 0);
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let summary = counts(&serde_json::from_slice(&output.stdout).unwrap());
        assert_eq!(summary.0, lines_of(&log));
        stored += summary.1;
        rejected += summary.2;
    }
    assert_eq!(stored + rejected, lines_of(&log));
    assert_eq!(verify(directory.path())["rows"].as_u64(), Some(stored));
}
