//! `tidegate import` of what is no log, from where nothing can be written, and beside others: what it says, and that it
//! goes on where it stopped.

use super::import::{counts, import, lines_of, verify};
use crate::support::process::{json, run, sample_log, tidegate};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;
use tidegate::store::columnar::ColumnarStore;

fn line(time: &str) -> String {
    format!("{time}    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html\n")
}

#[test]
fn what_is_no_file_is_refused_by_name_and_a_pipe_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    fs::create_dir(file("directory")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(file("socket")).unwrap();
    symlink("/dev/zero", file("link")).unwrap();
    for (path, words) in [
        ("/dev/zero", "/dev/zero: a device or a socket"),
        ("/dev/null", "/dev/null: a device or a socket"),
        ("link", "link: a device or a socket"),
        ("socket", "socket: a device or a socket"),
        ("directory", "directory: a directory, not a log"),
    ] {
        let output = run(directory.path(), &["import", path]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(words), "{said}");
    }
    assert!(!file("data").exists(), "nothing was begun");

    assert!(Command::new("mkfifo").arg(file("pipe")).status().unwrap().success());
    let log = sample_log(5000, 41);
    let mut child = tidegate(directory.path(), &["import", "--json", "pipe"]).stdout(Stdio::piped()).spawn().unwrap();
    fs::write(file("pipe"), &log).unwrap();
    let mut summary = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut summary).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(counts(&serde_json::from_str(&summary).unwrap()).0, lines_of(&log));
}

#[test]
fn a_file_that_gets_another_name_while_it_is_read_is_read_to_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let (log, other) = (sample_log(150_000, 42), sample_log(5000, 43));
    fs::write(file("one"), &log).unwrap();
    fs::write(file("two"), &other).unwrap();
    symlink("one", file("log")).unwrap();
    let child = tidegate(directory.path(), &["import", "--json", "log"]).stdout(Stdio::piped()).spawn().unwrap();
    // Swapped as soon as it is open, and what it meant is taken away.
    let descriptors = format!("/proc/{}/fd", child.id());
    let is_open = || {
        let Ok(found) = fs::read_dir(&descriptors) else { return false };
        found.flatten().any(|entry| fs::read_link(entry.path()).is_ok_and(|path| path.ends_with("one")))
    };
    while !is_open() {
        std::thread::sleep(Duration::from_micros(200));
    }
    symlink("two", file("new")).unwrap();
    fs::rename(file("new"), file("log")).unwrap();
    fs::remove_file(file("one")).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(counts(&serde_json::from_slice(&output.stdout).unwrap()).0, lines_of(&log));
    let summary = import(directory.path(), &["log"]);
    assert_eq!((counts(&summary).0, counts(&summary).3), (lines_of(&other), 0));
}

#[test]
fn a_format_that_is_not_known_stops_that_file_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    fs::write(file("letter"), "Dear all,\nplease find enclosed\nthe log of last week.\n").unwrap();
    let log = sample_log(200, 44);
    fs::write(file("log"), &log).unwrap();
    let half = format!("{0}{0}one\ntwo\nthree\n", line("1767225600.123"));
    fs::write(file("half"), half).unwrap();
    let output = run(directory.path(), &["import", "--json", "letter", "log", "half"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    for words in ["letter: its format is unknown", "half: its format is unknown", "2 of its first 5 lines", "--format"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (_, stored, rejected, _) = counts(&summary);
    assert_eq!(stored + rejected, lines_of(&log), "nothing is stored of what is not understood");
    assert_eq!((&summary["files"][0]["format"], &summary["files"][1]["format"]), (&Value::Null, &"squid".into()));
    let known = import(directory.path(), &["--format", "squid", "half"]);
    assert_eq!(counts(&known), (5, 2, 3, 0));
}

#[test]
fn odd_times_and_odd_bytes_are_stored_or_rejected_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    // Backwards; epoch 0; the year 9999; seconds that are none.
    let times =
        ["1767225600.123", "1767225599.000", "1767139200.5", "0.000", "253402300799.999", "99999999999999.0", "x.0"];
    let log: String = times.iter().map(|time| line(time)).collect();
    fs::write(directory.path().join("times"), &log).unwrap();
    let summary = import(directory.path(), &["times"]);
    assert_eq!(counts(&summary), (7, 5, 2, 0), "{summary}");

    let good = line("1767225600.123");
    let bytes = [
        "\u{feff}".as_bytes(),
        good.as_bytes(),
        good.replace("a.example", "\0.example").as_bytes(),
        &[&good.as_bytes()[..60], b"\xff\xfe\x80", &good.as_bytes()[60..]].concat(),
        good.replace('\n', "\r\n").as_bytes(),
        b"\r\n\n",
        good.trim_end().as_bytes(),
    ]
    .concat();
    fs::write(directory.path().join("bytes"), bytes).unwrap();
    let summary = import(directory.path(), &["bytes"]);
    assert_eq!((counts(&summary).0, counts(&summary).1), (5, 5), "{summary}");
    for (name, content) in [("empty", ""), ("blank", "\n\r\n\n")] {
        fs::write(directory.path().join(name), content).unwrap();
        assert_eq!(counts(&import(directory.path(), &[name])), (0, 0, 0, 0));
    }
    assert_eq!(verify(directory.path())["rows"], 10);
}

#[test]
fn a_data_directory_that_can_not_be_written_is_named_with_its_mend() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let log = sample_log(100, 45);
    fs::write(file("log"), &log).unwrap();
    fs::write(file("more"), sample_log(100, 46)).unwrap();
    import(directory.path(), &["log"]);
    // For root nothing is read-only: another user runs it.
    fs::copy(env!("CARGO_BIN_EXE_tidegate"), file("tidegate")).unwrap();
    let is_root = fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0);
    let data = file("data");
    let mode = |mode| {
        for entry in fs::read_dir(&data).unwrap().flatten() {
            let mode = if entry.path().is_dir() { mode | 0o111 } else { mode };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(&data, fs::Permissions::from_mode(mode | 0o111)).unwrap();
    };
    mode(0o444);
    let mut command = Command::new(file("tidegate"));
    command.current_dir(directory.path()).args(["--data-dir", "data", "import", "more"]).stdin(Stdio::null());
    if is_root {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("data/") && said.contains("writable"), "{said}");
    mode(0o600);
    assert_eq!(counts(&import(directory.path(), &["more"])).3, 0);
}

#[test]
fn a_database_that_another_program_holds_is_waited_for_and_then_named() {
    let directory = tempfile::tempdir().unwrap();
    let log = sample_log(2000, 47);
    fs::write(directory.path().join("log"), &log).unwrap();
    fs::write(directory.path().join("first"), sample_log(100, 48)).unwrap();
    import(directory.path(), &["first"]);
    let before = verify(directory.path());
    let holder = rusqlite::Connection::open(directory.path().join("data").join(ColumnarStore::FILE)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let output = run(directory.path(), &["import", "log"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("locked by another program") && said.contains("again"), "{said}");
    assert_eq!(verify(directory.path()), before);
    // Let go while somebody waits for it.
    let waiting = tidegate(directory.path(), &["import", "--json", "log"]).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    holder.execute_batch("ROLLBACK").unwrap();
    let output = waiting.wait_with_output().unwrap();
    assert!(output.status.success());
    let (lines, _, _, skipped) = counts(&serde_json::from_slice(&output.stdout).unwrap());
    assert_eq!((lines, skipped), (lines_of(&log), 0));
}

#[test]
fn a_torn_journal_loses_no_more_than_its_last_commits_and_those_are_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let log = sample_log(150_000, 49);
    fs::write(file("log"), &log).unwrap();
    // Killed, so that the write-ahead log stays.
    let mut child = tidegate(directory.path(), &["import", "log"]).stdout(Stdio::null()).spawn().unwrap();
    let wal = file("data").join(format!("{}-wal", ColumnarStore::FILE));
    while fs::metadata(&wal).map_or(0, |found| found.len()) < 1_000_000 {
        assert!(child.try_wait().unwrap().is_none(), "the import was over before it could be killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Its second half is what an interrupted disk leaves.
    let mut journal = fs::read(&wal).unwrap();
    let half = journal.len() / 2;
    journal[half..].fill(0xa5);
    journal.truncate(half + 5000);
    fs::write(&wal, journal).unwrap();
    let (lines, ..) = counts(&import(directory.path(), &["log"]));
    assert_eq!(lines, lines_of(&log));
    let calm = tempfile::tempdir().unwrap();
    symlink(file("log"), calm.path().join("log")).unwrap();
    json(calm.path(), &["import", "--json", "log"]);
    assert_eq!(verify(directory.path()), verify(calm.path()));
}

#[test]
fn a_database_that_is_none_is_left_as_it_is() {
    for name in [ColumnarStore::FILE, tidegate::control::ControlDb::FILE] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("log"), sample_log(100, 50)).unwrap();
        import(directory.path(), &["log"]);
        let path = directory.path().join("data").join(name);
        // What is in its write-ahead log would mend it.
        let db = rusqlite::Connection::open(&path).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(db);
        let mut content = fs::read(&path).unwrap();
        content[..100].fill(0x5a);
        fs::write(&path, &content).unwrap();
        let output = run(directory.path(), &["import", "log"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(name) && said.contains("not a SQLite database"), "{said}");
        assert!(fs::read(&path).unwrap() == content, "{name} was changed");
    }
}
