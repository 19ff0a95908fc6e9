//! `tidegate serve` under a supervisor: sd_notify(3), the watchdog, restarts.

use crate::support::process::{PASSWORD, Server, run, tidegate};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Hears what the process tells its supervisor, in a thread, so that it never has to wait for the test.
struct Ear(Receiver<(Instant, String)>);

impl Ear {
    fn of(socket: UnixDatagram) -> Ear {
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = socket.recv(&mut buffer) {
                let said = String::from_utf8(buffer[..length].to_vec()).unwrap();
                if tell.send((Instant::now(), said)).is_err() {
                    break;
                }
            }
        });
        Ear(told)
    }

    fn next(&self) -> (Instant, String) {
        self.0.recv_timeout(Duration::from_secs(20)).expect("the supervisor is told nothing")
    }

    /// Waits for a message that has a line.
    fn wait_for(&self, line: &str) -> (Instant, String) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let (at, said) = self.next();
            if said.lines().any(|said| said == line) {
                return (at, said);
            }
            assert!(Instant::now() < end, "{line} was not said");
        }
    }
}

fn serve(directory: &Path, socket: &str) -> Command {
    let mut command = tidegate(directory, &["serve", "--listen", "127.0.0.1:0"]);
    command.env("NOTIFY_SOCKET", socket).env("WATCHDOG_USEC", "1500000").env_remove("WATCHDOG_PID");
    command
}

#[test]
fn the_supervisor_hears_of_the_start_the_watchdog_a_reload_and_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let ear = Ear::of(UnixDatagram::bind(&path).unwrap());
    let mut server = Server::of(serve(directory.path(), path.to_str().unwrap()));
    let (_, ready) = ear.wait_for("READY=1");
    assert!(ready.contains(&format!("MAINPID={}", server.child.id())), "{ready}");
    assert_eq!(server.get("/api/version")["status"], "success", "who is ready is reached");
    let mut beats = Vec::new();
    while beats.len() < 4 {
        beats.push(ear.wait_for("WATCHDOG=1").0);
    }
    let longest = beats.windows(2).map(|two| two[1] - two[0]).max().unwrap();
    assert!(longest < Duration::from_millis(1500), "{longest:?}");
    assert_eq!(server.send("POST", "/api/reload", PASSWORD)["status"], "success");
    let (_, reloading) = ear.wait_for("RELOADING=1");
    assert!(reloading.lines().any(|line| line.starts_with("MONOTONIC_USEC=")), "{reloading}");
    ear.wait_for("READY=1");
    server.signal(15);
    ear.wait_for("STOPPING=1");
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn health_is_asked_from_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let at = server.address.to_string();
    let ask = |arguments: &[&str]| {
        let output = run(directory.path(), &[&["health", "--at", &at], arguments].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(ask(&[]), (Some(0), format!("{at}: healthy\n")));
    assert_eq!(ask(&["--live"]), (Some(0), format!("{at}: healthy\n")));
    let answer: serde_json::Value = serde_json::from_str(&ask(&["--json"]).1).unwrap();
    assert_eq!(answer["components"]["database"], "ok");
    drop(server);
    let (code, said) = ask(&["--live"]);
    assert!(code == Some(1) && said.contains("unreachable"), "{said}");
}

/// What the package installs.
#[test]
fn the_packaged_configuration_is_right() {
    let directory = tempfile::tempdir().unwrap();
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/debian/config.toml");
    let output = run(directory.path(), &["--config", config, "check-config"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("/var/log/squid/access.log"), "{said}");
}

#[test]
fn sockets_without_a_path_are_known() {
    let directory = tempfile::tempdir().unwrap();
    let name = format!("tidegate-test-{}-{:?}", std::process::id(), Instant::now());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let ear = Ear::of(UnixDatagram::bind_addr(&address).unwrap());
    let _server = Server::of(serve(directory.path(), &format!("@{name}")));
    ear.wait_for("READY=1");
}

#[test]
fn the_watchdog_falls_silent_when_the_store_can_not_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let ear = Ear::of(UnixDatagram::bind(&path).unwrap());
    let server = Server::of(serve(directory.path(), path.to_str().unwrap()));
    ear.wait_for("WATCHDOG=1");
    let store = rusqlite::Connection::open(directory.path().join("data/events.db")).unwrap();
    let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut statement = store.prepare(query).unwrap();
    let tables: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    store.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for table in tables {
        store.execute_batch(&format!("DROP TABLE \"{table}\"")).unwrap();
    }
    ear.wait_for("STATUS=the store can't be read");
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        assert!(!ear.next().1.contains("WATCHDOG=1"));
    }
    assert_eq!(server.get("/livez")["status"], "healthy");
}

#[test]
fn a_restart_is_refused_without_a_supervisor_and_ends_the_process_with_one() {
    let directory = tempfile::tempdir().unwrap();
    let plain = || {
        let mut command = tidegate(directory.path(), &["serve", "--listen", "127.0.0.1:0"]);
        command.env_remove("NOTIFY_SOCKET").env_remove("SYSTEMD_EXEC_PID");
        Server::of(command)
    };
    let server = plain();
    assert_eq!(server.send("POST", "/restart-server", PASSWORD)["code"], "conflict");
    drop(server);
    std::fs::write(directory.path().join("config.toml"), "[server]\nsupervised = \"yes\"\n").unwrap();
    let mut server = plain();
    assert_eq!(server.send("POST", "/restart-server", PASSWORD)["message"], "Restarting");
    assert_eq!(server.child.wait().unwrap().code(), Some(75));
    let mut server = plain();
    let entries = server.get("/api/audit-log?action=service.restart");
    assert_eq!((&entries["total"], &entries["data"][0]["username"]), (&1.into(), &"admin".into()));
    server.signal(15);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
