//! The real Squid, followed while it writes: every request made through it is a row, with the outcome that the client
//! saw. (What odd lines it writes is recorded in `tests/fixtures/formats/squid`.)

use crate::support::process::Server;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Answers every request with the status that its path names: `/404/x` with 404.
fn origin() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..read]).into_owned();
            let status = text.split('/').nth(1).filter(|part| part.len() == 3).unwrap_or("200").to_owned();
            let body = "x".repeat(500);
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: text/plain\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    address
}

struct Squid(Child);

impl Drop for Squid {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A Squid on a free loopback port that logs into `directory`.
fn squid(directory: &Path) -> (Squid, SocketAddr) {
    squid_logging(directory, &format!("stdio:{}/access.log squid", directory.display()))
}

/// A Squid on a free loopback port that logs to `access_log`.
fn squid_logging(directory: &Path, access_log: &str) -> (Squid, SocketAddr) {
    use std::os::unix::fs::PermissionsExt;
    // Started by root it becomes another user.
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o777)).unwrap();
    let binary = ["/usr/sbin/squid", "/usr/local/sbin/squid", "/usr/bin/squid"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let binary = binary.expect("squid is not installed: apt-get install squid");
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let shown = directory.display();
    let configuration = format!(
        "http_port {address}\nvisible_hostname proxy.example\npid_filename {shown}/squid.pid\ncache_log {shown}/cache.log\n\
         access_log {access_log}\nbuffered_logs off\ncache deny all\npinger_enable off\nicp_port 0\n\
         coredump_dir {shown}\nshutdown_lifetime 0 seconds\nstrip_query_terms off\nlogfile_rotate 40\n\
         acl refused urlpath_regex ^/refused\nacl ports port 1-65535\nacl connect method CONNECT\n\
         http_access deny refused\nhttp_access deny connect\nhttp_access allow localhost\nhttp_access deny all\n"
    );
    let file = directory.join("squid.conf");
    std::fs::write(&file, configuration).unwrap();
    let child = Command::new(binary)
        .args(["-N", "-f"])
        .arg(&file)
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let squid = Squid(child);
    let end = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(address).is_err() {
        let log = std::fs::read_to_string(directory.join("cache.log")).unwrap_or_default();
        assert!(Instant::now() < end, "squid does not answer: {log}");
        std::thread::sleep(Duration::from_millis(50));
    }
    (squid, address)
}

/// One request through the proxy; answers the status code.
fn request(proxy: SocketAddr, method: &str, target: &str) -> u16 {
    let mut stream = TcpStream::connect(proxy).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: origin.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn every_request_through_squid_is_a_row_with_its_outcome() {
    let directory = tempfile::tempdir().unwrap();
    let (origin, (_squid, proxy)) = (origin(), squid(directory.path()));
    std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\nname = \"edge\"\n")
        .unwrap();
    let server = Server::start(directory.path());
    let mut made: BTreeMap<&str, u64> = BTreeMap::new();
    for number in 0..25 {
        for (method, path, status, outcome) in [
            ("GET", "/200/page", 200, "allowed"),
            ("POST", "/200/form", 200, "allowed"),
            ("GET", "/404/none", 404, "allowed"),
            ("GET", "/403/theirs", 403, "origin_forbidden"),
            ("GET", "/500/broken", 500, "error"),
            ("GET", "/refused/ours", 403, "denied"),
        ] {
            let target = format!("http://{origin}{path}?n={number}&q=it's+here");
            assert_eq!(request(proxy, method, &target), status, "{target}");
            *made.entry(outcome).or_default() += 1;
        }
        assert_eq!(request(proxy, "CONNECT", &origin.to_string()), 403);
        *made.entry("denied").or_default() += 1;
    }
    let requests: u64 = made.values().sum();
    // Looking whether it is up has left lines too: connections without a request.
    let written = || std::fs::read_to_string(directory.path().join("access.log")).unwrap().lines().count() as u64;
    let end = Instant::now() + Duration::from_secs(10);
    while written() < requests && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    let lines = written();
    assert_eq!(server.wait_for_rows(lines), lines);
    let count = |filter: &str| server.get(&format!("/api/logs?limit=1&{filter}"))["total"].as_u64().unwrap();
    for (outcome, want) in made {
        let probes = if outcome == "error" { lines - requests } else { 0 };
        assert_eq!(count(&format!("outcome={outcome}")), want + probes, "{outcome}");
    }
    assert_eq!(count("method=POST"), 25);
    assert_eq!(count("client_ip=127.0.0.0/8&status_code=404"), 25);
    let row = &server.get("/api/logs?limit=1&outcome=origin_forbidden")["data"][0];
    assert_eq!(row["destination"], origin.to_string());
    assert!(row["url"].as_str().unwrap().ends_with("/403/theirs?n=24&q=it's+here"), "{row}");
    assert_eq!(server.get("/api/logs/stats")["data"]["rejected_lines"], 0);
    assert!(server.get("/api/logs/stats")["data"]["ip_blocks_count"].as_u64().unwrap() >= 75);
}

#[test]
fn a_day_of_rotations_under_load_loses_and_doubles_nothing() {
    const ROTATIONS: usize = 24;
    let directory = tempfile::tempdir().unwrap();
    let (origin, (squid, proxy)) = (origin(), squid(directory.path()));
    std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"access.log\"\n").unwrap();
    let server = Server::start(directory.path());
    let stop = std::sync::atomic::AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        let load = |worker: usize| {
            let stop = &stop;
            scope.spawn(move || {
                let mut made = 0;
                while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                    assert_eq!(request(proxy, "GET", &format!("http://{origin}/200/w?id={worker}-{made}")), 200);
                    made += 1;
                }
                made
            })
        };
        let workers: Vec<_> = (0..4).map(load).collect();
        for turn in 0..ROTATIONS {
            std::thread::sleep(Duration::from_millis(120));
            // What `squid -k rotate` sends, to the process that this test started.
            let pid = squid.0.id().to_string();
            assert!(Command::new("kill").args(["-USR1", &pid]).status().unwrap().success());
            // The next is only heard once this one is done.
            let end = Instant::now() + Duration::from_secs(20);
            let rotated = || rotated_files(directory.path()) > turn;
            while !rotated() && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<u64>>()
    });
    let requests: u64 = made.iter().sum();
    let count = |filter: &str| server.get(&format!("/api/logs?limit=1&{filter}"))["total"].as_u64().unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while count("method=GET") < requests && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(count("method=GET"), requests, "requests made, and rows of them");
    assert_eq!(server.get("/api/logs/stats")["data"]["rejected_lines"], 0);
    assert_eq!(rotated_files(directory.path()), ROTATIONS, "squid did rotate");
    println!("{requests} requests over {ROTATIONS} rotations");
}

/// How many rotated logs there are.
fn rotated_files(directory: &Path) -> usize {
    let names = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with("access.log.")).count()
}

#[test]
fn what_squid_sends_over_the_network_is_a_row_each() {
    for transport in ["udp", "tcp"] {
        let directory = tempfile::tempdir().unwrap();
        let config =
            format!("[[source]]\nlisten = \"{transport}://127.0.0.1:0\"\nname = \"edge\"\nhost = \"proxy1\"\n");
        std::fs::write(directory.path().join("config.toml"), config).unwrap();
        let server = Server::start(directory.path());
        let listen = server.get("/api/sources")["data"][0]["listen"].as_str().unwrap().to_owned();
        let listen = listen.split_once("://").unwrap().1;
        let (origin, (_squid, proxy)) =
            (origin(), squid_logging(directory.path(), &format!("{transport}://{listen} squid")));
        for number in 0..200 {
            let target = format!("http://{origin}/404/page?n={number}&long={}", "x".repeat(number * 20));
            assert_eq!(request(proxy, "GET", &target), 404);
        }
        // Looking whether it is up has left lines too: connections without a request.
        let end = Instant::now() + Duration::from_secs(20);
        let count = || server.get("/api/logs?limit=1&status_code=404")["total"].as_u64().unwrap();
        while count() < 200 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(count(), 200, "{transport}");
        assert_eq!(server.get("/api/logs/stats")["data"]["rejected_lines"], 0, "{transport}");
        let source = &server.get("/api/sources")["data"][0];
        assert_eq!((source["state"].as_str(), source["dropped"].as_u64()), (Some("ok"), Some(0)), "{source}");
        assert_eq!(server.get("/api/logs?limit=1")["data"][0]["host"], "proxy1");
    }
}
