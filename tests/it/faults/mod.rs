//! Processes killed at random moments. Rounds are few here; `TIDEGATE_FAULT_ROUNDS=N` asks for more (a round is ten
//! kills of an import and ten of a server).

mod copies;
mod retention;
mod service;

use crate::cli::rejects::store_rejects;
use crate::support::process::{Server, json, sample_log, tidegate};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

fn rounds() -> u64 {
    std::env::var("TIDEGATE_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2)
}

/// Numbers that differ from run to run; printed with a failure.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn seed() -> u64 {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap();
    now.as_nanos() as u64
}

/// Kills of a server beside a writer that rotates, unless `TIDEGATE_FAULT_ROUNDS` asks for more: ten each round.
const ROTATING_KILLS: u64 = 20;

fn verify(directory: &Path) -> (u64, String) {
    let found = json(directory, &["db", "verify", "--json"]);
    assert_eq!(found["damaged"].as_array().unwrap().len(), 0, "{found}");
    (found["rows"].as_u64().unwrap(), found["checksum"].as_str().unwrap().to_owned())
}

#[test]
fn an_import_killed_anywhere_ends_as_one_undisturbed() {
    let lines = 700_000;
    let log = sample_log(lines, 21);
    let calm = tempfile::tempdir().unwrap();
    std::fs::write(calm.path().join("log"), &log).unwrap();
    let started = std::time::Instant::now();
    let summary = json(calm.path(), &["import", "--json", "log"]);
    let took = started.elapsed();
    let want = verify(calm.path());
    assert_eq!(Some(want.0), summary["stored"].as_u64());
    let mut seed = seed();
    for round in 0..rounds() {
        let (directory, first) = (tempfile::tempdir().unwrap(), seed);
        std::os::unix::fs::symlink(calm.path().join("log"), directory.path().join("log")).unwrap();
        let mut killed = 0;
        for _ in 0..10 {
            let mut child =
                tidegate(directory.path(), &["import", "--json", "log"]).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(took.mul_f64(random(&mut seed) as f64 / (1_u64 << 31) as f64));
            child.kill().unwrap();
            killed += u32::from(!child.wait().unwrap().success());
        }
        json(directory.path(), &["import", "--json", "log"]);
        assert_eq!(verify(directory.path()), want, "round {round}, {killed} kills, seed {first}");
    }
}

#[test]
fn rejects_read_again_are_stored_once_though_it_is_killed_anywhere() {
    let lines = 60_000;
    let reimport = ["rejects", "reimport", "--json", "--source", "edge", "--format", "squid"];
    let calm = tempfile::tempdir().unwrap();
    store_rejects(calm.path(), lines);
    let started = std::time::Instant::now();
    assert_eq!(json(calm.path(), &reimport)["stored"], lines);
    let took = started.elapsed();
    let want = verify(calm.path());
    assert_eq!(want.0, lines as u64);
    let mut seed = seed();
    for round in 0..rounds() {
        let (directory, first) = (tempfile::tempdir().unwrap(), seed);
        store_rejects(directory.path(), lines);
        for _ in 0..5 {
            let mut child = tidegate(directory.path(), &reimport).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(took.mul_f64(random(&mut seed) as f64 / (1_u64 << 31) as f64 / 2.0));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        json(directory.path(), &reimport);
        assert_eq!(verify(directory.path()), want, "round {round}, seed {first}");
        assert_eq!(json(directory.path(), &["rejects", "--json"])["counts"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_server_killed_anywhere_stores_every_line_once() {
    let log = sample_log(60_000, 22);
    let calm = tempfile::tempdir().unwrap();
    std::fs::write(calm.path().join("access.log"), &log).unwrap();
    json(calm.path(), &["import", "--json", "access.log"]);
    let want = verify(calm.path());
    let mut seed = seed();
    for round in 0..rounds() {
        let (directory, first) = (tempfile::tempdir().unwrap(), seed);
        std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\n").unwrap();
        let path = directory.path().join("access.log");
        let mut file = std::fs::File::create(&path).unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Small pieces that cut lines, so that commits are many and small: folding and joining have work.
            scope.spawn(|| {
                for piece in log.chunks(log.len() / 1500) {
                    file.write_all(piece).unwrap();
                    std::thread::sleep(Duration::from_millis(3));
                }
                done.store(true, std::sync::atomic::Ordering::SeqCst);
            });
            for _ in 0..10 {
                let server = Server::start(directory.path());
                std::thread::sleep(Duration::from_millis(random(&mut seed) % 700));
                server.signal(9);
            }
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let server = Server::start(directory.path());
        assert_eq!(server.wait_for_rows(want.0), want.0, "round {round}, seed {first}");
        drop(server);
        // Source names are no part of the checksum; folded and joined, it stays.
        assert_eq!(verify(directory.path()).1, want.1, "round {round}, seed {first}");
        assert!(tidegate(directory.path(), &["db", "settle"]).status().unwrap().success());
        assert_eq!(verify(directory.path()), want, "round {round}, seed {first}, settled");
    }
}

/// Appends to the log in pieces that cut lines, and rotates it now and then in one style after the other, as Squid and
/// logrotate do.
fn write_and_rotate(directory: &Path, mut log: &[u8], seed: &mut u64) {
    let path = directory.join("access.log");
    let open = || std::fs::File::options().append(true).create(true).open(&path).unwrap();
    let (mut file, mut turn) = (open(), 0);
    while !log.is_empty() {
        let bytes = 1 + random(seed) as usize % 6000;
        let rotates = random(seed).is_multiple_of(12);
        log = write_piece(&mut file, log, bytes, rotates);
        std::thread::sleep(Duration::from_millis(5));
        if !rotates {
            continue;
        }
        turn += 1;
        let dated = |suffix: &str| directory.join(format!("access.log-20261120-{turn}{suffix}"));
        match random(seed) % 3 {
            // Under a date, and compressed once the writer has been told.
            0 => {
                std::fs::rename(&path, dated("")).unwrap();
                log = write_piece(&mut file, log, 3000, true);
                file = open();
                let out = std::fs::File::create(dated(".gz")).unwrap();
                let mut out = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
                std::io::copy(&mut std::fs::File::open(dated("")).unwrap(), &mut out).unwrap();
                out.finish().unwrap();
                std::fs::remove_file(dated("")).unwrap();
            }
            // Under a number.
            1 => {
                let numbered = |number: u64| directory.join(format!("access.log.{number}"));
                for number in (1..turn).rev() {
                    let _not_there = std::fs::rename(numbered(number), numbered(number + 1));
                }
                std::fs::rename(&path, numbered(1)).unwrap();
                log = write_piece(&mut file, log, 3000, false);
                std::thread::sleep(Duration::from_millis(5));
                log = write_piece(&mut file, log, 1, true);
                file = open();
            }
            // Copied and truncated, while nothing is written.
            _ => {
                std::fs::copy(&path, dated("")).unwrap();
                file.set_len(0).unwrap();
            }
        }
    }
}

/// Appends at least so many bytes, up to the end of a line where it is asked for; answers what is left.
fn write_piece<'l>(file: &mut std::fs::File, log: &'l [u8], bytes: usize, to_line_end: bool) -> &'l [u8] {
    let mut end = bytes.min(log.len());
    if to_line_end {
        end = log[end..].iter().position(|byte| *byte == b'\n').map_or(log.len(), |at| end + at + 1);
    }
    file.write_all(&log[..end]).unwrap();
    &log[end..]
}

#[test]
fn a_server_killed_beside_rotations_stores_every_line_once() {
    let kills = std::env::var("TIDEGATE_FAULT_ROUNDS").map_or(ROTATING_KILLS, |_| rounds() * 10);
    let mut seed = seed();
    for round in 0..kills.div_ceil(10) {
        let first = seed;
        // Other lines each time: logs are told apart by what they hold.
        let log = whole_lines(&sample_log(12_000, 100 + round));
        let calm = tempfile::tempdir().unwrap();
        std::fs::write(calm.path().join("access.log"), &log).unwrap();
        json(calm.path(), &["import", "--json", "access.log"]);
        let want = verify(calm.path());
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\n").unwrap();
        // The source is met before its log is rotated for the first time.
        let (met, rest) = log.split_at(memchr::memchr(b'\n', &log).unwrap() + 1);
        std::fs::write(directory.path().join("access.log"), met).unwrap();
        let server = Server::start(directory.path());
        assert_eq!(server.wait_for_rows(1), 1);
        drop(server);
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let mut own = seed ^ 0x5eed;
            let (done, directory) = (&done, directory.path());
            scope.spawn(move || {
                write_and_rotate(directory, rest, &mut own);
                done.store(true, std::sync::atomic::Ordering::SeqCst);
            });
            for _ in 0..10 {
                let server = Server::start(directory);
                std::thread::sleep(Duration::from_millis(random(&mut seed) % 400));
                server.signal(9);
            }
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let server = Server::start(directory.path());
        assert_eq!(server.wait_for_rows(want.0), want.0, "round {round}, seed {first}");
        std::thread::sleep(Duration::from_secs(3));
        assert_eq!(server.wait_for_rows(want.0), want.0, "nothing is stored twice; round {round}, seed {first}");
        drop(server);
    }
}

/// Without half a line at the end.
fn whole_lines(log: &[u8]) -> Vec<u8> {
    log[..log.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)].to_vec()
}
