//! `tidegate import` of compressed logs: the same content as when it is plain, whole or cut off, and never too much.

use super::import::{counts, import, lines_of, verify};
use crate::support::process::{json, json_from, run, sample_log, tidegate};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// The programs that people compress their logs with.
const PROGRAMS: [&str; 4] = ["gzip", "zstd", "bzip2", "xz"];

/// What a program makes of a content.
fn compressed(program: &str, content: &[u8]) -> Vec<u8> {
    let arguments: &[&str] = if program == "xz" { &["-c", "-0"] } else { &["-c"] };
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, content) = (child.stdin.take().unwrap(), content.to_vec());
    let writer = std::thread::spawn(move || input.write_all(&content).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// An import that ends with exit code 3: what it counted, and what it said.
fn failed(directory: &Path, paths: &[&str]) -> (Value, String) {
    told(run(directory, &[&["import", "--json"], paths].concat()))
}

fn told(output: Output) -> (Value, String) {
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

#[test]
fn a_content_is_stored_once_plain_and_compressed() {
    let log = sample_log(20_000, 31);
    let all = lines_of(&log);
    for program in PROGRAMS {
        let archive = compressed(program, &log);
        // First plain, then compressed; then the other way round, from a file and from a pipe.
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        fs::write(file("access.log"), &log).unwrap();
        fs::write(file("access.log.1"), &archive).unwrap();
        assert_eq!(counts(&import(directory.path(), &["access.log"])).0, all);
        let again = import(directory.path(), &["access.log.1"]);
        assert_eq!(counts(&again), (all, 0, 0, all), "{program}");
        assert_eq!(
            (&again["files"][0]["compression"], &again["files"][0]["format"]),
            (&program.into(), &"squid".into())
        );
        let plain = verify(directory.path());

        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        fs::write(file("archive"), &archive).unwrap();
        fs::write(file("log"), &log).unwrap();
        assert_eq!(counts(&import(directory.path(), &["archive"])).3, 0);
        assert_eq!(counts(&import(directory.path(), &["log"])), (all, 0, 0, all), "{program}");
        assert_eq!(counts(&json_from(directory.path(), &["import", "--json", "-"], &archive)), (all, 0, 0, all));
        assert_eq!(counts(&json_from(directory.path(), &["import", "--json", "-"], &log)), (all, 0, 0, all));
        assert_eq!(verify(directory.path()), plain, "{program}");
    }
}

#[test]
fn a_log_that_was_read_half_is_read_on_in_its_archive() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(30_000, 32);
    let half = log.len() / 2 + log[log.len() / 2..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    fs::write(directory.path().join("log"), &log[..half]).unwrap();
    let first = counts(&import(directory.path(), &["log"])).0;
    // Of two members, as `gzip` appends them.
    let archive = [compressed("gzip", &log[..100_000]), compressed("gzip", &log[100_000..])].concat();
    fs::write(directory.path().join("log.gz"), archive).unwrap();
    let (lines, stored, rejected, skipped) = counts(&import(directory.path(), &["log.gz"]));
    assert_eq!((lines, stored + rejected, skipped), (lines_of(&log), lines_of(&log) - first, first));
    // And what is known of the archive is known of its beginning.
    assert_eq!(counts(&import(directory.path(), &["log"])), (first, 0, 0, first));
}

#[test]
fn an_archive_that_is_cut_off_keeps_its_whole_lines_and_says_so() {
    let log = sample_log(40_000, 33);
    for program in PROGRAMS {
        let directory = tempfile::tempdir().unwrap();
        let archive = compressed(program, &log);
        let cut = &archive[..archive.len() - archive.len() / 7];
        fs::write(directory.path().join("log"), cut).unwrap();
        fs::write(directory.path().join("other"), sample_log(100, 34)).unwrap();
        // What the program itself gets out of it.
        let mut decoder = Command::new(program);
        decoder.args(["-dc"]).stdin(fs::File::open(directory.path().join("log")).unwrap()).stderr(Stdio::null());
        let whole = decoder.output().unwrap().stdout;
        let end = whole.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);

        let (summary, said) = failed(directory.path(), &["log", "other"]);
        assert!(said.contains("ends too early") && said.contains("log: "), "{said}");
        let (log_file, other) = (&summary["files"][0], &summary["files"][1]);
        assert_eq!((&log_file["truncated"], &other["truncated"]), (&true.into(), &false.into()));
        assert!(other["lines"].as_u64() > Some(90), "other files are imported: {summary}");
        let (lines, stored, rejected, _) = counts(log_file);
        assert!(lines >= lines_of(&whole[..end]) && lines > 10_000, "{program}: {lines} lines");
        // The same again brings nothing, the whole file the rest; a pipe would have done the same.
        let (again, _) = failed(directory.path(), &["log"]);
        assert_eq!(counts(&again), (lines, 0, 0, lines), "{program}");
        let mut child = tidegate(directory.path(), &["import", "--json", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(cut).unwrap();
        assert_eq!(counts(&told(child.wait_with_output().unwrap()).0), (lines, 0, 0, lines), "{program}");
        fs::write(directory.path().join("log"), &archive).unwrap();
        let rest = counts(&import(directory.path(), &["log"]));
        assert_eq!((rest.0, rest.3), (lines_of(&log), lines), "{program}");
        assert_eq!(stored + rejected + rest.1 + rest.2, lines_of(&log), "{program}");
    }
}

#[test]
fn an_archive_cut_off_in_its_first_line_or_damaged_is_reported() {
    let log = sample_log(20_000, 35);
    for program in PROGRAMS {
        let directory = tempfile::tempdir().unwrap();
        let archive = compressed(program, &log);
        fs::write(directory.path().join("head"), &archive[..12]).unwrap();
        let (summary, said) = failed(directory.path(), &["head"]);
        assert!(said.contains("ends too early"), "{program}: {said}");
        assert_eq!(counts(&summary), (0, 0, 0, 0));
        let mut damaged = archive.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 64].fill(0x5a);
        fs::write(directory.path().join("damaged"), damaged).unwrap();
        let (_, said) = failed(directory.path(), &["damaged"]);
        assert!(said.contains("is damaged near byte") && said.contains("another copy"), "{program}: {said}");
    }
}

/// Runs to the end; answers the most memory it held, in bytes, as the system saw it last.
fn peak_of(mut command: Command) -> (Output, u64) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (mut out, mut said) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let said = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        said.read_to_end(&mut bytes).unwrap();
        bytes
    });
    // Of a process that has ended, the system says nothing of memory any more.
    let held_kb = || {
        let status = fs::read_to_string(&status).unwrap_or_default();
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok())
    };
    let mut peak_kb = 0;
    while let Some(now) = held_kb() {
        peak_kb = now.max(peak_kb);
        std::thread::sleep(Duration::from_millis(5));
    }
    let end = child.wait().unwrap();
    let mut stdout = Vec::new();
    out.read_to_end(&mut stdout).unwrap();
    (Output { status: end, stdout, stderr: said.join().unwrap() }, peak_kb * 1024)
}

/// The most memory an import may take of what is made to fill it, in bytes.
const MOST_MEMORY: u64 = 300_000_000;

#[test]
fn a_bomb_is_refused_before_it_fills_anything() {
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html\n";
    let lines = line.repeat(1000);
    for (program, arguments, piece, pieces) in [
        ("gzip", &["-9"][..], &vec![0; 1 << 20][..], 400),
        ("zstd", &["--ultra", "-22", "--long=27"], &vec![0; 1 << 20], 1000),
        ("bzip2", &[], &vec![0; 1 << 20], 200),
        ("xz", &["-9"], &vec![0; 1 << 20], 400),
        ("zstd", &["-19"], lines.as_bytes(), 2000),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let archive = fs::File::create(directory.path().join("bomb")).unwrap();
        let mut child =
            Command::new(program).args(arguments).arg("-c").stdin(Stdio::piped()).stdout(archive).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        for _ in 0..pieces {
            input.write_all(piece).unwrap();
        }
        drop(input);
        assert!(child.wait().unwrap().success());
        let arguments = ["import", "--json", "--format", "squid", "bomb"];
        let (output, peak) = peak_of(tidegate(directory.path(), &arguments));
        assert!(peak < MOST_MEMORY, "{program}: {peak} bytes");
        assert!(peak > 5_000_000, "{program}: {peak} bytes is no measurement");
        let (summary, said) = told(output);
        assert!(said.contains("times its own size") && said.contains("--max-ratio"), "{program}: {said}");
        assert!(summary["bytes"].as_u64() < Some(80 << 20), "{summary}");
    }
}

#[test]
fn millions_of_lines_that_are_none_take_no_memory_to_speak_of() {
    let directory = tempfile::tempdir().unwrap();
    let short = compressed("gzip", &b"x\n".repeat(20_000_000));
    fs::write(directory.path().join("short"), &short).unwrap();
    let arguments = ["import", "--json", "--format", "squid", "--max-ratio", "2000", "short"];
    let (output, peak) = peak_of(tidegate(directory.path(), &arguments));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(peak < MOST_MEMORY, "{peak} bytes");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(counts(&summary).0, 20_000_000);
    assert_eq!(json(directory.path(), &["rejects", "--json"])["counts"][0]["lines"], 20_000_000);
}

#[test]
fn what_is_really_so_repetitive_is_imported_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html\n";
    fs::write(directory.path().join("log"), compressed("zstd", line.repeat(900_000).as_bytes())).unwrap();
    let (_, said) = failed(directory.path(), &["log"]);
    assert!(said.contains("more than 1000 times"), "{said}");
    let summary = json(directory.path(), &["import", "--json", "--max-ratio", "100000", "log"]);
    assert_eq!(counts(&summary).0, 900_000);
    assert_eq!(verify(directory.path())["rows"], 900_000);
}

#[test]
fn a_line_of_ten_megabytes_takes_no_memory_to_speak_of() {
    let directory = tempfile::tempdir().unwrap();
    let (log, long) = (sample_log(20_000, 36), vec![b'x'; 10_000_000]);
    let content = [&long[..], b"\n", &log[..], &long[..], b"\n", &log[..]].concat();
    fs::write(directory.path().join("plain"), &content).unwrap();
    fs::write(directory.path().join("gz"), compressed("gzip", &[b"once more\n", &content[..]].concat())).unwrap();
    for (name, more) in [("plain", 2), ("gz", 3)] {
        let (output, peak) = peak_of(tidegate(directory.path(), &["import", "--json", name]));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(peak < MOST_MEMORY, "{name}: {peak} bytes");
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(counts(&summary).0, 2 * lines_of(&log) + more, "{name}");
        assert_eq!(summary["rejected"]["too_long"], 2, "{name}");
    }
}
