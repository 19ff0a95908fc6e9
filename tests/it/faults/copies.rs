//! Backups, restores, archives and migrations killed at random moments.

use super::{random, rounds, seed, verify};
use crate::cli::archive::files;
use crate::store::layouts::back_to_layout_3;
use crate::support::process::{json, run, sample_log, tidegate};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidegate::control::settings::{LOG_RETENTION_DAYS, SettingDefaults, SettingValue};
use tidegate::control::{Actor, ControlDb};
use tidegate::model::SystemClock;
use tidegate::store::columnar::ColumnarStore;

/// Kills of each: a round is ten.
fn kills() -> u64 {
    rounds() * 10
}

fn import(directory: &Path, lines: u64, seed: u64) {
    std::fs::write(directory.join("access.log"), sample_log(lines, seed)).unwrap();
    json(directory, &["import", "--json", "access.log"]);
}

/// Starts a command and kills it within `within`; answers whether it was killed before its end.
fn kill(directory: &Path, arguments: &[&str], within: Duration, seed: &mut u64) -> bool {
    let mut child = tidegate(directory, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(within.mul_f64(random(seed) as f64 / (1_u64 << 31) as f64));
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

#[test]
fn a_backup_killed_anywhere_leaves_none_or_a_whole_one() {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), 60_000, 61);
    let want = verify(directory.path());
    let took = timed(|| json(directory.path(), &["db", "backup", "--json", "calm"]));
    let (mut seed, mut killed) = (seed(), 0);
    let first = seed;
    for _ in 0..kills() {
        killed += u32::from(kill(directory.path(), &["db", "backup", "target"], took, &mut seed));
        let target = directory.path().join("target");
        if target.exists() {
            let whole = json(directory.path(), &["db", "verify", "--json", "target"]);
            assert_eq!(whole["events"]["rows"], want.0, "seed {first}");
            std::fs::remove_dir_all(&target).unwrap();
        }
    }
    assert!(killed > 0);
    let done = json(directory.path(), &["db", "backup", "--json", "target"]);
    assert_eq!((done["events"]["rows"].as_u64(), done["events"]["checksum"].as_str()), (Some(want.0), Some(&*want.1)));
    assert!(!directory.path().join("target.partial").exists());
    assert_eq!(verify(directory.path()), want, "seed {first}");
}

#[test]
fn a_restore_killed_anywhere_leaves_the_old_or_the_new() {
    let (from, directory) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let control = |path: &Path| {
        let clock = Arc::new(SystemClock);
        ControlDb::open(&path.join("data"), clock, SettingDefaults::default()).unwrap()
    };
    import(from.path(), 40_000, 62);
    control(from.path()).set_setting("log_retention_days", SettingValue::Int(77), &Actor::system("test")).unwrap();
    let backup = from.path().join("backup").display().to_string();
    json(from.path(), &["db", "backup", "--json", &backup]);
    import(directory.path(), 3000, 63);
    json(directory.path(), &["db", "backup", "--json", "old"]);
    let (new, old) = (verify(from.path()), verify(directory.path()));
    let restore = ["db", "restore", "--force", &backup];
    let took = timed(|| assert!(run(directory.path(), &restore).status.success()));
    assert_eq!(verify(directory.path()), new);
    let (mut seed, mut seen) = (seed(), [0, 0]);
    let first = seed;
    for _ in 0..kills() {
        assert!(run(directory.path(), &["db", "restore", "--force", "old"]).status.success());
        kill(directory.path(), &restore, took, &mut seed);
        // Whatever is started next completes what was begun.
        let found = verify(directory.path());
        let days = control(directory.path()).settings().get(LOG_RETENTION_DAYS);
        let is_new = found == new;
        assert!(is_new || found == old, "seed {first}: {found:?}");
        assert_eq!(days == 77, is_new, "both databases are of one backup; seed {first}");
        seen[usize::from(is_new)] += 1;
    }
    assert!(run(directory.path(), &restore).status.success());
    assert_eq!(verify(directory.path()), new, "seed {first}, {seen:?}");
    let left = std::fs::read_dir(directory.path().join("data")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert!(left.iter().all(|name| !name.contains("restore")), "{left:?}");
}

#[test]
fn an_archive_killed_anywhere_is_none_or_whole_and_imported_once() {
    let write = ["archive", "write", "--json", "--before", "9999-12-31"];
    let (directory, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    import(directory.path(), 60_000, 64);
    let want = verify(directory.path());
    let took = timed(|| json(directory.path(), &write));
    let mut seed = seed();
    let first = seed;
    for _ in 0..kills() {
        for file in files(directory.path()) {
            std::fs::remove_file(file).unwrap();
        }
        kill(directory.path(), &write, took, &mut seed);
        let whole: Vec<_> = files(directory.path())
            .into_iter()
            .filter(|file| file.extension().is_some_and(|end| end == "tar"))
            .collect();
        let found = json(directory.path(), &["archive", "verify", "--json"]);
        assert_eq!(found["archives"].as_array().unwrap().len(), whole.len(), "{found}");
        assert!(whole.is_empty() || found["archives"][0]["rows"] == want.0, "seed {first}: {found}");
    }
    json(directory.path(), &write);
    let files = files(directory.path());
    assert_eq!(files.len(), 1, "what killed writers left is swept: {files:?}");
    let import = ["import", "--json", files[0].to_str().unwrap()];
    let elsewhere = tempfile::tempdir().unwrap();
    let took = timed(|| json(elsewhere.path(), &import));
    for _ in 0..kills() / 2 {
        kill(to.path(), &import, took, &mut seed);
    }
    let done = json(to.path(), &import);
    assert_eq!(done["lines"], want.0, "{done}");
    assert_eq!(verify(to.path()), want, "seed {first}");
    assert_eq!(verify(directory.path()), want);
}

#[test]
fn a_migration_killed_anywhere_is_completed_by_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), 60_000, 65);
    assert!(run(directory.path(), &["db", "settle"]).status.success());
    let want = verify(directory.path());
    let data = directory.path().join("data");
    back_to_layout_3(&data);
    let old = std::fs::read(data.join("events.db")).unwrap();
    let took = timed(|| assert_eq!(verify(directory.path()), want));
    let (mut seed, mut unfinished) = (seed(), 0);
    let first = seed;
    for round in 0..rounds() {
        for beside in ["-wal", "-shm"] {
            let _not_there = std::fs::remove_file(data.join(format!("events.db{beside}")));
        }
        std::fs::write(data.join("events.db"), &old).unwrap();
        for _ in 0..10 {
            unfinished += u32::from(kill(directory.path(), &["db", "verify"], took / 2, &mut seed));
            let db = rusqlite::Connection::open(data.join("events.db")).unwrap();
            let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).unwrap();
            let layout: u64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert!(
                found == "ok" && (3..=ColumnarStore::LAYOUT).contains(&layout),
                "seed {first}: layout {layout}, {found}"
            );
        }
        assert_eq!(verify(directory.path()), want, "round {round}, seed {first}");
    }
    assert!(unfinished > 0);
}

#[test]
fn control_migrations_killed_anywhere_are_completed_by_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let audit = ["audit", "verify", "--json"];
    let old = || {
        for beside in ["", "-wal", "-shm"] {
            let _not_there = std::fs::remove_file(data.join(format!("control.db{beside}")));
        }
        let db = rusqlite::Connection::open(data.join("control.db")).unwrap();
        db.execute_batch(include_str!("../../../migrations/control/0001_init.sql")).unwrap();
        db.pragma_update(None, "application_id", 0x5464_6743).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
    };
    old();
    let took = timed(|| json(directory.path(), &audit));
    let mut seed = seed();
    let first = seed;
    for _ in 0..kills() {
        old();
        kill(directory.path(), &audit, took, &mut seed);
        let db = rusqlite::Connection::open(data.join("control.db")).unwrap();
        let schema: u64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert!(schema == 1 || schema == ControlDb::SCHEMA, "all or nothing; seed {first}: {schema}");
        drop(db);
        assert_eq!(json(directory.path(), &audit)["valid"], true, "seed {first}");
    }
}

#[test]
fn a_newer_database_is_refused_with_both_numbers() {
    let directory = tempfile::tempdir().unwrap();
    import(directory.path(), 100, 66);
    for (file, arguments, word) in [
        ("events.db", ["db", "verify"], "written by a newer Tidegate (layout 4711, this build knows"),
        ("control.db", ["audit", "verify"], "was written by a newer Tidegate (schema 4711, this one knows"),
    ] {
        let db = rusqlite::Connection::open(directory.path().join("data").join(file)).unwrap();
        db.pragma_update(None, "user_version", 4711).unwrap();
        drop(db);
        for arguments in [arguments.as_slice(), &["import", "access.log"], &["serve"]] {
            let output = run(directory.path(), arguments);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.code() == Some(3) && said.contains(word), "{file} {arguments:?}: {said}");
        }
        // Mended for the other one.
        let known = if file == "events.db" { ColumnarStore::LAYOUT } else { ControlDb::SCHEMA };
        let db = rusqlite::Connection::open(directory.path().join("data").join(file)).unwrap();
        db.pragma_update(None, "user_version", known).unwrap();
    }
}
