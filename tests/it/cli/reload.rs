//! Another configuration for a server that runs: `POST /api/reload` and SIGHUP.

use crate::support::process::{PASSWORD, Server, sample_log};
use serde_json::{Value, json};
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

const LINE: &str = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html\n";

fn write(directory: &Path, config: &str) {
    std::fs::write(directory.join("config.toml"), config).unwrap();
}

fn append(path: &Path, text: &str) {
    std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn reload(server: &Server) -> Value {
    server.send("POST", "/api/reload", PASSWORD)
}

fn sources(server: &Server) -> Vec<Value> {
    server.get("/api/sources")["data"].as_array().unwrap().clone()
}

fn names(server: &Server) -> Vec<String> {
    sources(server).iter().map(|source| source["name"].as_str().unwrap().to_owned()).collect()
}

fn listens(server: &Server, name: &str) -> SocketAddr {
    let source = sources(server).into_iter().find(|source| source["name"] == name).unwrap();
    source["listen"].as_str().unwrap().split_once("://").unwrap().1.parse().unwrap()
}

#[test]
fn sources_come_go_and_change_and_no_line_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let both = "[[source]]\npath = \"a.log\"\nname = \"a\"\n[[source]]\npath = \"b.log\"\nname = \"b\"\n";
    write(directory.path(), both);
    std::fs::write(path("a.log"), LINE.repeat(100)).unwrap();
    std::fs::write(path("b.log"), LINE.replace("a.example", "b.example").repeat(10)).unwrap();
    std::fs::write(path("c.log"), LINE.replace("a.example", "c.example").repeat(7)).unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(110), 110);
    // While lines come: a goes on, b goes, c comes; then a has another name.
    append(&path("a.log"), &LINE.repeat(50));
    write(directory.path(), &both.replace("\"b.log\"\nname = \"b\"", "\"c.log\"\nname = \"c\""));
    let answer = reload(&server);
    assert_eq!(answer["message"], "Configuration reloaded", "{answer}");
    assert_eq!(answer["data"]["applied"], json!(["source", "waf.rules", "tls"]));
    assert_eq!((&answer["data"]["needs_restart"], &answer["data"]["sources"]), (&json!([]), &2.into()));
    assert_eq!(server.wait_for_rows(167), 167);
    assert_eq!(names(&server), ["a", "c"]);
    write(directory.path(), "[[source]]\npath = \"a.log\"\nname = \"renamed\"\n");
    append(&path("a.log"), &LINE.repeat(20));
    reload(&server);
    append(&path("a.log"), &LINE.repeat(30));
    assert_eq!(server.wait_for_rows(217), 217);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(server.wait_for_rows(217), 217, "nothing is read twice");
    let of = |source: &str| server.get(&format!("/api/logs?limit=1&source={source}"))["total"].as_u64().unwrap();
    let (a, renamed) = (of("a"), of("renamed"));
    assert_eq!(a + renamed, 200);
    assert!(renamed >= 30, "{renamed}");
    assert_eq!(server.get("/api/config")["data"]["config"]["source"][0]["name"], "renamed");
}

#[test]
fn a_socket_outlives_the_change_of_its_source() {
    let directory = tempfile::tempdir().unwrap();
    let config = "[[source]]\nlisten = \"udp://127.0.0.1:0\"\nname = \"one\"\nformat = \"squid\"\n\
                  [[source]]\nlisten = \"tcp://127.0.0.1:0\"\nname = \"stays\"\nformat = \"squid\"\n";
    write(directory.path(), config);
    let server = Server::start(directory.path());
    let (udp, tcp) = (listens(&server, "one"), listens(&server, "stays"));
    let mut connection = TcpStream::connect(tcp).unwrap();
    connection.write_all(LINE.as_bytes()).unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut sent = 1;
    let mut send = |count: u64| {
        for _ in 0..count {
            sender.send_to(LINE.as_bytes(), udp).unwrap();
            std::thread::sleep(Duration::from_micros(500));
        }
        sent += count;
        sent
    };
    send(100);
    let answers = std::thread::scope(|scope| {
        let reloading = scope.spawn(|| {
            ["two", "three", "four"].map(|name| {
                write(directory.path(), &config.replace("one", name));
                reload(&server)
            })
        });
        while !reloading.is_finished() {
            send(20);
        }
        reloading.join().unwrap()
    });
    for answer in answers {
        assert_eq!(answer["status"], "success", "{answer}");
    }
    connection.write_all(LINE.as_bytes()).unwrap();
    let total = send(100) + 1;
    assert_eq!(server.wait_for_rows(total), total);
    assert_eq!((listens(&server, "four"), names(&server)), (udp, vec!["four".to_owned(), "stays".to_owned()]));
    let four = sources(&server).into_iter().find(|source| source["name"] == "four").unwrap();
    assert_eq!((&four["lines"], &four["dropped"]), (&(total - 2).into(), &0.into()), "what was counted goes on");
}

#[test]
fn what_is_wrong_is_said_and_nothing_changes() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let good = "[[source]]\npath = \"a.log\"\nname = \"a\"\n";
    write(directory.path(), good);
    std::fs::write(directory.path().join("a.log"), LINE).unwrap();
    std::fs::write(directory.path().join("own.conf"), "\nSecRule ARGS\n").unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.wait_for_rows(1), 1);
    let occupied = format!("{good}[[source]]\nlisten = \"tcp://{}\"\n", taken.local_addr().unwrap());
    let ruled = format!("{good}[waf]\nrules = [\"own.conf\"]\n");
    for (config, key, problem) in [
        ("[[source]]\npath = 3\n", "[[source]] path", "config.toml:2: [[source]] path: is a whole number"),
        ("[sorce]\n", "[sorce]", "config.toml:1: [sorce]: unknown table"),
        (&occupied, "source", "can't listen on tcp://"),
        (&ruled, "waf.rules", "own.conf:2:"),
    ] {
        write(directory.path(), config);
        let answer = reload(&server);
        assert_eq!(answer["code"], "invalid", "{answer}");
        let said = answer["errors"][key][0].as_str().unwrap_or_else(|| panic!("{key}: {answer}"));
        assert!(said.contains(problem), "{said}");
        assert_eq!(names(&server), ["a"], "{config}");
    }
    std::fs::remove_file(directory.path().join("config.toml")).unwrap();
    assert_eq!(reload(&server)["code"], "invalid", "a file that is gone is no empty file");
    let entries = server.get("/api/audit-log?action=service.reload");
    assert_eq!(entries["total"], 5, "{entries}");
    append(&directory.path().join("a.log"), LINE);
    assert_eq!(server.wait_for_rows(2), 2);
}

#[test]
fn rules_settings_and_what_waits_for_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let rule =
        |id: u32| format!("SecRule REQUEST_URI \"@contains zebra\" \"id:{id},phase:2,pass,severity:CRITICAL\"\n");
    std::fs::write(directory.path().join("own.conf"), rule(1)).unwrap();
    let config = "[waf]\nrules = [\"own.conf\"]\n[settings]\nlog_retention_days = 11\n";
    write(directory.path(), config);
    let server = Server::start(directory.path());
    let days = || server.get("/api/config")["data"]["settings"]["log_retention_days"]["value"].clone();
    let rules = || server.get("/api/waf/rules")["data"].as_array().unwrap().len();
    assert_eq!((days(), rules()), (11.into(), 1));
    std::fs::write(directory.path().join("own.conf"), rule(1) + &rule(2)).unwrap();
    let more = "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"json\"\n";
    write(directory.path(), &(config.replace("= 11", "= 12") + more));
    let answer = reload(&server);
    assert_eq!(answer["data"]["rules"], 2, "{answer}");
    assert_eq!(answer["data"]["applied"], json!(["waf.rules", "settings", "tls"]));
    assert_eq!(answer["data"]["needs_restart"], json!(["server.listen", "log.format"]));
    assert_eq!((days(), rules()), (12.into(), 2));
    assert_eq!(server.get("/api/config")["data"]["config"]["log"]["format"], "text", "what is in force is told");
}

#[test]
fn sighup_does_the_same() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "");
    std::fs::write(directory.path().join("a.log"), sample_log(200, 5)).unwrap();
    let server = Server::start(directory.path());
    assert!(names(&server).is_empty());
    write(directory.path(), "[[source]]\npath = \"a.log\"\nname = \"a\"\n");
    server.signal(1);
    let end = Instant::now() + Duration::from_secs(10);
    while names(&server) != ["a"] {
        assert!(Instant::now() < end, "SIGHUP was not heard");
        std::thread::sleep(Duration::from_millis(100));
    }
    let entry = &server.get("/api/audit-log?action=service.reload")["data"][0];
    assert_eq!((&entry["username"], &entry["method"]), (&"system".into(), &"SIGHUP".into()));
}
