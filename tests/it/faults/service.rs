//! What can befall a machine while the server runs, each really caused: a full disk, a database that another process
//! holds, a directory that can't be written to, an end in the middle of work.

use crate::support::process::{Server, sample_log, tidegate};
use serde_json::Value;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

fn rows_of(log: &[u8]) -> u64 {
    log.split(|byte| *byte == b'\n').filter(|line| tidegate::format::Squid::read(line).is_ok()).count() as u64
}

/// A small disk of its own, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None`, and a word why, where nothing can be mounted.
    #[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was not tried")]
    fn new(at: PathBuf, size: &str) -> Option<Disk> {
        fs::create_dir(&at).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(&at).output();
        match mounted {
            Ok(done) if done.status.success() => Some(Disk(at)),
            Ok(done) => {
                println!("skipped: a disk can't be mounted: {}", String::from_utf8_lossy(&done.stderr));
                None
            }
            Err(cause) => {
                println!("skipped: there is no mount: {cause}");
                None
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn configure(directory: &Path, config: &str) {
    fs::write(directory.join("config.toml"), config).unwrap();
}

/// Asks until the answer is as wanted; answers the last.
fn wait(mut ask: impl FnMut() -> Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(40);
    loop {
        let answer = ask();
        if wanted(&answer) || Instant::now() > end {
            return answer;
        }
        // Slower than the server's rate limit.
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn source(server: &Server, name: &str) -> Value {
    let sources = server.get("/api/sources");
    let found = sources["data"].as_array().unwrap().iter().find(|source| source["name"] == name).cloned();
    found.unwrap_or_else(|| panic!("{name} is not in {sources}"))
}

/// Where a source listens.
fn listens(server: &Server, name: &str) -> SocketAddr {
    let source = source(server, name);
    source["listen"].as_str().unwrap().split_once("://").unwrap().1.parse().unwrap()
}

#[test]
fn a_full_disk_pauses_what_is_followed_and_received_until_there_is_space() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(directory.path().join("data"), "192m") else { return };
    configure(
        directory.path(),
        "[[source]]\npath = \"access.log\"\nname = \"followed\"\nformat = \"squid\"\n\
         [[source]]\nlisten = \"tcp://127.0.0.1:0\"\nname = \"received\"\nformat = \"squid\"\n",
    );
    let logs = [sample_log(3000, 31), sample_log(3000, 32)];
    fs::write(directory.path().join("access.log"), &logs[0]).unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(rows_of(&logs[0])), rows_of(&logs[0]));
    // Everything that is left but what is being written already.
    let ballast = disk.0.join("ballast");
    let mut file = fs::File::create(&ballast).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    OpenOptions::new().append(true).open(directory.path().join("access.log")).unwrap().write_all(&logs[1]).unwrap();
    let mut connection = TcpStream::connect(listens(&server, "received")).unwrap();
    connection.write_all(&logs[1]).unwrap();
    for name in ["followed", "received"] {
        let state = wait(|| source(&server, name), |source| source["state"] == "degraded");
        let reason = state["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("full") && reason.contains("free space"), "{state}");
    }
    let health = server.get("/health");
    assert_eq!((&health["status"], &health["components"]["receivers"]), (&"degraded".into(), &"degraded".into()));
    // Questions are answered all the while.
    let stats = server.get("/api/logs/stats");
    assert_eq!(stats["data"]["total_count"], rows_of(&logs[0]), "{stats}");
    drop(file);
    fs::remove_file(&ballast).unwrap();
    let rows = rows_of(&logs[0]) + 2 * rows_of(&logs[1]);
    assert_eq!(server.wait_for_rows(rows), rows);
    let health = wait(|| server.get("/health"), |health| health["status"] == "healthy");
    assert_eq!(health["status"], "healthy", "{health}");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.wait_for_rows(rows), rows, "nothing is stored twice");
    assert_eq!(source(&server, "received")["dropped"], 0);
    drop(server);
}

#[test]
fn a_database_that_another_process_holds_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    configure(
        directory.path(),
        "[[source]]\npath = \"access.log\"\nname = \"followed\"\nformat = \"squid\"\n\
         [[source]]\nlisten = \"udp://127.0.0.1:0\"\nname = \"received\"\nformat = \"squid\"\n",
    );
    fs::write(directory.path().join("access.log"), "").unwrap();
    let server = Server::start(directory.path());
    // A file is told of once it has been looked for.
    wait(|| server.get("/api/sources"), |sources| sources["data"].as_array().is_some_and(|all| all.len() == 2));
    let holder = rusqlite::Connection::open(directory.path().join("data/events.db")).unwrap();
    holder.busy_timeout(Duration::from_secs(10)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let log = sample_log(500, 33);
    fs::write(directory.path().join("access.log"), &log).unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = listens(&server, "received");
    for line in log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        sender.send_to(line, address).unwrap();
    }
    for name in ["followed", "received"] {
        let state = wait(|| source(&server, name), |source| source["state"] == "degraded");
        assert!(state["reason"].as_str().unwrap_or_default().contains("another program"), "{state}");
    }
    assert_eq!(server.get("/health")["components"]["receivers"], "degraded");
    assert_eq!(server.get("/api/logs/stats")["data"]["total_count"], 0);
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(server.wait_for_rows(2 * rows_of(&log)), 2 * rows_of(&log));
    let health = wait(|| server.get("/health"), |health| health["status"] == "healthy");
    assert_eq!(health["status"], "healthy", "{health}");
}

#[test]
fn a_database_that_another_process_holds_does_not_hold_up_the_end() {
    let directory = tempfile::tempdir().unwrap();
    configure(directory.path(), "[[source]]\npath = \"access.log\"\nformat = \"squid\"\n");
    let mut server = Server::start(directory.path());
    let holder = rusqlite::Connection::open(directory.path().join("data/events.db")).unwrap();
    holder.busy_timeout(Duration::from_secs(10)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let log = sample_log(500, 34);
    fs::write(directory.path().join("access.log"), &log).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let started = Instant::now();
    server.signal(15);
    assert!(server.child.wait().unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    holder.execute_batch("ROLLBACK").unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(rows_of(&log)), rows_of(&log));
}

#[test]
fn a_directory_that_can_t_be_written_to_is_named_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    // Whatever root may, nobody writes to a disk that is mounted to be read.
    let _disk = if is_root() {
        let Some(disk) = Disk::new(data.clone(), "1m") else { return };
        let again = Command::new("mount").args(["-o", "remount,ro"]).arg(&data).status().unwrap();
        assert!(again.success());
        Some(disk)
    } else {
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
        None
    };
    let said = tidegate(directory.path(), &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let text = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.status.code(), Some(3), "{text}");
    assert!(text.contains("data/events.db") && text.contains("writable"), "{text}");
    assert!(text.lines().count() == 1, "{text}");
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

#[test]
fn it_ends_in_the_middle_of_work_within_five_seconds_and_loses_nothing_it_has_taken() {
    let directory = tempfile::tempdir().unwrap();
    configure(
        directory.path(),
        "[[source]]\npath = \"access.log\"\nformat = \"squid\"\n\
         [[source]]\nlisten = \"tcp://127.0.0.1:0\"\nname = \"received\"\nformat = \"squid\"\n",
    );
    let logs = [sample_log(300_000, 35), sample_log(20_000, 36)];
    let mut server = Server::start(directory.path());
    let address = listens(&server, "received");
    fs::write(directory.path().join("access.log"), &logs[0]).unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(&logs[1]).unwrap();
    std::thread::sleep(Duration::from_millis(150));
    let started = Instant::now();
    server.signal(15);
    assert!(server.child.wait().unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop(server);
    // What was followed is gone on with, what was received is there.
    let server = Server::start(directory.path());
    let rows = rows_of(&logs[0]) + rows_of(&logs[1]);
    assert_eq!(server.wait_for_rows(rows), rows);
    assert_eq!(server.get("/api/logs?limit=1&source=received")["total"], rows_of(&logs[1]));
}
