//! The real binary, sent to by real senders: logger(1), a TLS client, and whatever writes to its standard input. (Squid's
//! own modules: `tests/it/squid`.)

use crate::support::process::{PASSWORD, Server, sample_log, tidegate};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const LINE: &str = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html";

fn server(config: &str) -> (Server, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("config.toml"), config).unwrap();
    (Server::start(directory.path()), directory)
}

fn source(server: &Server, name: &str) -> Value {
    let sources = server.get("/api/sources");
    let found = sources["data"].as_array().unwrap().iter().find(|source| source["name"] == name).cloned();
    found.unwrap_or_else(|| panic!("{name} is not in {sources}"))
}

fn listens(server: &Server, name: &str) -> SocketAddr {
    source(server, name)["listen"].as_str().unwrap().split_once("://").unwrap().1.parse().unwrap()
}

/// logger(1) of util-linux, which most systems have.
#[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was not tried")]
fn logger(address: SocketAddr, arguments: &[&str]) -> bool {
    let (host, port) = (address.ip().to_string(), address.port().to_string());
    let sent = Command::new("logger").args(["--server", &host, "--port", &port]).args(arguments).arg(LINE).status();
    match sent {
        Ok(status) => {
            assert!(status.success(), "{arguments:?}");
            true
        }
        Err(cause) => {
            println!("skipped: there is no logger: {cause}");
            false
        }
    }
}

#[test]
fn logger_is_understood_in_every_way_it_sends() {
    let (server, _directory) = server(
        "[[source]]\nlisten = \"udp://127.0.0.1:0\"\nname = \"udp\"\nhost = \"own\"\n\
         [[source]]\nlisten = \"tcp://127.0.0.1:0\"\nname = \"tcp\"\nhost = \"own\"\nallow = [\"127.0.0.0/8\"]\n",
    );
    let (udp, tcp) = (listens(&server, "udp"), listens(&server, "tcp"));
    for (address, arguments) in [
        (udp, &["--udp", "--rfc3164"][..]),
        (udp, &["--udp", "--rfc5424"]),
        (udp, &["--udp", "--rfc5424=notime,nohost", "--id=7"]),
        (tcp, &["--tcp", "--rfc3164"]),
        (tcp, &["--tcp", "--rfc5424", "--sd-id", "a@1", "--sd-param", "b=\"c d\""]),
        (tcp, &["--tcp", "--octet-count", "--rfc3164", "--tag", "squid"]),
        (tcp, &["--tcp", "--octet-count", "--rfc5424"]),
    ] {
        if !logger(address, arguments) {
            return;
        }
    }
    assert_eq!(server.wait_for_rows(7), 7);
    assert_eq!(server.get("/api/logs/stats")["data"]["rejected_lines"], 0);
    let rows = server.get("/api/logs?limit=10");
    let hosts: Vec<&str> = rows["data"].as_array().unwrap().iter().map(|row| row["host"].as_str().unwrap()).collect();
    assert_eq!(hosts.iter().filter(|host| **host == "own").count(), 1, "{hosts:?}");
    assert!(rows["data"].as_array().unwrap().iter().all(|row| row["url"] == "http://a.example/"), "{rows}");
    for name in ["udp", "tcp"] {
        let source = source(&server, name);
        assert_eq!(
            (&source["state"], &source["format"], &source["dropped"]),
            (&"ok".into(), &"squid".into(), &json!(0))
        );
    }
}

#[test]
fn lines_come_over_tls_once_there_is_a_certificate() {
    let (server, directory) =
        server("[[source]]\nlisten = \"tls://127.0.0.1:0\"\nname = \"tls\"\nformat = \"squid\"\n");
    let end = Instant::now() + Duration::from_secs(20);
    while source(&server, "tls")["state"] != "degraded" && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    let reason = source(&server, "tls")["reason"].to_string();
    assert!(reason.contains("there is no certificate"), "{reason}");
    post(&server, "/api/tls-generate", r#"{"type":"syslog","hosts":["localhost"]}"#);
    let mut stream = tls(directory.path(), listens(&server, "tls"));
    let message = format!("<13>1 - proxy1 - - - - {LINE}");
    for _ in 0..100 {
        stream.write_all(format!("{} {message}", message.len()).as_bytes()).unwrap();
    }
    stream.conn.send_close_notify();
    stream.flush().unwrap();
    assert_eq!(server.wait_for_rows(100), 100);
    assert_eq!(server.get("/api/logs?limit=1")["data"][0]["host"], "proxy1");
    // Certificates are looked at once a second.
    let end = Instant::now() + Duration::from_secs(20);
    while source(&server, "tls")["state"] != "ok" && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    let source = source(&server, "tls");
    assert_eq!((&source["state"], &source["dropped"]), (&"ok".into(), &json!(0)), "{source}");
    let refused = post(&server, "/api/tls-cert-delete", r#"{"type":"cert"}"#);
    assert_eq!(refused["code"], "conflict", "{refused}");
}

/// Sends JSON as the admin.
fn post(server: &Server, path: &str, json: &str) -> Value {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let login = crate::support::api::basic("admin", PASSWORD);
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {login}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn tls(directory: &Path, address: SocketAddr) -> rustls::StreamOwned<rustls::ClientConnection, TcpStream> {
    let pem = std::fs::read(directory.join("data/tls/syslog.crt")).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = rustls::ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    rustls::StreamOwned::new(connection, TcpStream::connect(address).unwrap())
}

#[test]
fn standard_input_is_followed_until_it_ends() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("config.toml"), "[[source]]\npath = \"-\"\n").unwrap();
    let mut command = tidegate(directory.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.stdin(Stdio::piped());
    let mut server = Server::of(command);
    let log = sample_log(3000, 41);
    let rows =
        log.split(|byte| *byte == b'\n').filter(|line| tidegate::format::Squid::read(line).is_ok()).count() as u64;
    let mut input = server.child.stdin.take().unwrap();
    input.write_all(&log).unwrap();
    assert_eq!(server.wait_for_rows(rows), rows);
    assert_eq!(source(&server, "stdin")["state"], "ok");
    drop(input);
    let end = Instant::now() + Duration::from_secs(20);
    while source(&server, "stdin")["state"] != "waiting" && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(source(&server, "stdin")["reason"], "standard input has ended");
    assert_eq!(server.get("/health")["status"], "healthy");
}
