//! `tidegate serve` and `demo`: first start, following, ending.

use crate::support::process::{PASSWORD, Server, sample_log, tidegate};
use base64::Engine;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

fn follow(directory: &Path) {
    let config = "[[source]]\npath = \"access.log\"\nname = \"edge\"\nhost = \"proxy1\"\n";
    std::fs::write(directory.join("config.toml"), config).unwrap();
}

fn rows_of(log: &[u8]) -> u64 {
    log.split(|byte| *byte == b'\n').filter(|line| tidegate::format::Squid::read(line).is_ok()).count() as u64
}

#[test]
fn a_first_start_makes_an_admin_and_says_so_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = tidegate(directory.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.env_remove("TIDEGATE_ADMIN_PASSWORD");
    let server = Server::of(command);
    let password = server.greeting.lines().find_map(|line| line.trim().strip_prefix("password  ")).unwrap();
    let password = password.split_whitespace().next().unwrap().to_owned();
    assert_eq!(server.get_as("/api/logs/stats", &password)["data"]["total_count"], 0);
    assert_eq!(server.get("/api/logs/stats")["code"], "unauthenticated");
    drop(server);
    let again = Server::start(directory.path());
    assert!(!again.greeting.contains("password"), "{}", again.greeting);
    assert_eq!(again.get_as("/api/logs/stats", &password)["status"], "success");
    for file in ["data/events.db", "data/control.db"] {
        let bytes = std::fs::read(directory.path().join(file)).unwrap();
        assert!(memchr::memmem::find(&bytes, password.as_bytes()).is_none(), "{file} holds the password");
    }
}

#[test]
fn a_growing_file_is_followed_through_renaming_and_restarts() {
    let directory = tempfile::tempdir().unwrap();
    follow(directory.path());
    let path = directory.path().join("access.log");
    let logs = [sample_log(2000, 11), sample_log(1500, 12), sample_log(1000, 13)];
    let middle = logs[0].len() / 2;
    std::fs::write(&path, &logs[0][..middle]).unwrap();
    let server = Server::start(directory.path());
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&logs[0][middle..]).unwrap();
    let mut rows = rows_of(&logs[0]);
    assert_eq!(server.wait_for_rows(rows), rows);
    // Renamed and made anew while followed; the last lines still go to the old file.
    std::fs::rename(&path, directory.path().join("access.log.1")).unwrap();
    file.write_all(&logs[1]).unwrap();
    std::fs::write(&path, &logs[2][..500]).unwrap();
    let mut fresh = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    drop(server);
    fresh.write_all(&logs[2][500..]).unwrap();
    rows += rows_of(&logs[1]) + rows_of(&logs[2]);
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(rows), rows);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.wait_for_rows(rows), rows, "nothing is read twice");
    let row = &server.get("/api/logs?limit=1")["data"][0];
    assert_eq!((row["source"].as_str(), row["host"].as_str()), (Some("edge"), Some("proxy1")));
}

#[test]
fn a_partial_last_line_waits_for_its_end() {
    let directory = tempfile::tempdir().unwrap();
    follow(directory.path());
    let path = directory.path().join("access.log");
    let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html\n";
    std::fs::write(&path, format!("{line}{}", &line[..40])).unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(1), 1);
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(server.get("/api/logs/stats")["data"]["rejected_lines"], 0);
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(&line.as_bytes()[40..]).unwrap();
    assert_eq!(server.wait_for_rows(2), 2);
}

#[test]
fn it_ends_at_sigterm_within_five_seconds() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path());
    let started = Instant::now();
    server.signal(15);
    let status = server.child.wait().unwrap();
    assert!(status.success());
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn slow_clients_do_not_hold_up_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path());
    assert_eq!(server.get("/api/logs/stats")["status"], "success");
    let login = base64::engine::general_purpose::STANDARD.encode(format!("admin:{PASSWORD}"));
    let slow_body = format!(
        "POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nAuthorization: Basic {login}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    let unread = "GET /api/openapi.json HTTP/1.1\r\nHost: t\r\n\r\n".repeat(400);
    let openings = ["", "GET /livez HT", "GET /livez HTTP/1.1\r\nHost: t\r\n\r\n", &slow_body, &unread];
    let open = |text: &&str| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let clients: Vec<_> = (0..20).flat_map(|_| openings.iter().map(open).collect::<Vec<_>>()).collect();
    std::thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    server.signal(15);
    assert!(server.child.wait().unwrap().success());
    let taken = started.elapsed();
    assert!(taken < Duration::from_secs(5), "{taken:?}");
    assert_eq!(clients.len(), 100);
}

#[test]
fn the_demo_serves_what_it_says_it_wrote() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = tidegate(directory.path(), &["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", directory.path());
    let mut server = Server::of(command);
    let said = server.greeting.lines().next().unwrap().to_owned();
    let log = server.greeting.lines().find_map(|line| line.trim().strip_prefix("log       ")).unwrap().to_owned();
    let counted = rows_of(&std::fs::read(&log).unwrap());
    assert!(said.contains("200,000 lines"), "{said}");
    assert!(server.greeting.contains("beacon"), "{}", server.greeting);
    let stats = &server.get_as("/api/logs/stats", PASSWORD)["data"];
    assert_eq!(stats["total_count"], counted);
    server.signal(15);
    assert!(server.child.wait().unwrap().success());
    assert!(!Path::new(&log).exists(), "the temporary directory goes with the demo");
}

#[test]
fn a_followed_file_keeps_its_place_through_a_clear_though_it_was_imported() {
    let directory = tempfile::tempdir().unwrap();
    follow(directory.path());
    let path = directory.path().join("access.log");
    let logs = [sample_log(800, 15), sample_log(300, 16)];
    std::fs::write(&path, &logs[0]).unwrap();
    assert!(tidegate(directory.path(), &["import", "--json", "access.log"]).status().unwrap().success());
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(rows_of(&logs[0])), rows_of(&logs[0]));
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(server.send("POST", "/api/logs/clear", PASSWORD)["message"], "All logs cleared");
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(&logs[1]).unwrap();
    assert_eq!(server.wait_for_rows(rows_of(&logs[1])), rows_of(&logs[1]));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.wait_for_rows(rows_of(&logs[1])), rows_of(&logs[1]), "what was cleared stays away");
}

#[test]
fn a_file_followed_from_its_end_is_read_whole_once_it_has_been_replaced() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\nstart = \"end\"\n")
        .unwrap();
    let path = directory.path().join("access.log");
    let logs = [sample_log(700, 17), sample_log(200, 18), sample_log(400, 19)];
    std::fs::write(&path, &logs[0]).unwrap();
    let server = Server::start(directory.path());
    std::thread::sleep(Duration::from_millis(500));
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(&logs[1]).unwrap();
    assert_eq!(server.wait_for_rows(rows_of(&logs[1])), rows_of(&logs[1]));
    std::fs::rename(&path, directory.path().join("access.log.1")).unwrap();
    std::fs::write(&path, &logs[2]).unwrap();
    let rows = rows_of(&logs[1]) + rows_of(&logs[2]);
    assert_eq!(server.wait_for_rows(rows), rows);
}
