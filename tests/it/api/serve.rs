//! The server on a real listener: who is answered, who has to wait, and who has to go.

use crate::support::api::{Api, PASSWORD, basic};
use crate::support::listening::{Listening, PATIENCE, converse, exchange, get, one, rest};
use serde_json::Value;
use std::time::{Duration, Instant};
use tidegate::api::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

fn message(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n{headers}\r\n")
}

fn login() -> String {
    format!("Authorization: {}\r\n", basic("admin", PASSWORD))
}

fn body_of(answer: &str) -> Value {
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

/// An envelope as every other failure has it, headers included.
fn is_failure(answer: &str, status: u16, code: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let body = body_of(answer);
    assert_eq!((&body["status"], &body["code"]), (&"error".into(), &code.into()), "{answer}");
    let head = answer.to_lowercase();
    assert!(head.contains(&format!("x-request-id: {}", body["request_id"].as_str().unwrap())), "{answer}");
    assert!(head.contains("x-content-type-options: nosniff") && head.contains("cache-control: no-store"), "{answer}");
}

#[tokio::test]
async fn requests_are_answered_the_peer_is_known_and_the_end_is_orderly() {
    let api = Api::sample();
    let mut listening = Listening::start(&api).await;
    let answer = listening.ask(&message("GET /api/logs/stats", &login())).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\"total_count\":12"), "{answer}");
    // Only a peer on this machine gets this without a login.
    let answer = listening.ask(&message("GET /metrics", "")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = listening.ask(&message("POST /api/logs/clear", &format!("{}Content-Length: 0\r\n", login()))).await;
    assert!(answer.contains("All logs cleared"), "{answer}");
    assert_eq!(api.get("/api/audit-log").await.body["data"][0]["source_ip"], "127.0.0.1");

    // Idle connections, silent ones and half a request don't hold up the end.
    let mut idle = listening.connect().await;
    exchange(&mut idle, &get("/livez", "")).await;
    let _silent = listening.connect().await;
    let mut half = listening.connect().await;
    half.write_all(b"GET /livez HT").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    listening.end.take().unwrap().send(()).unwrap();
    timeout(Duration::from_secs(3), listening.server).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(listening.address).await.is_err());
}

#[tokio::test]
async fn a_connection_takes_one_request_after_the_other() {
    let api = Api::sample();
    let listening = Listening::start(&api).await;
    let mut stream = listening.connect().await;
    for _ in 0..3 {
        assert!(exchange(&mut stream, &get("/livez", "")).await.starts_with("HTTP/1.1 200"));
        let body = "{\"days\":30}";
        let post = format!(
            "POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n",
            body.len(),
            login()
        );
        // The body with the head, then after it.
        assert!(exchange(&mut stream, &format!("{post}{body}")).await.starts_with("HTTP/1.1 200"));
        stream.write_all(post.as_bytes()).await.unwrap();
        sleep(Duration::from_millis(20)).await;
        assert!(exchange(&mut stream, body).await.starts_with("HTTP/1.1 200"));
        let head = get("/livez", "").replacen("GET", "HEAD", 1);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
    }
    // Requests sent without waiting are answered in order; the last one ends the connection, as it asks to.
    let several = [get("/livez", ""), get("/readyz", ""), message("GET /nothing", "")].concat();
    let answers = converse(&mut stream, &several).await;
    let statuses: Vec<_> = answers.match_indices("HTTP/1.1 ").map(|(at, _)| &answers[at + 9..at + 12]).collect();
    assert_eq!(statuses, ["200", "200", "404"], "{answers}");
}

/// The next request may be here before the server has looked up from the answer before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_at_once_again_keeps_its_connection() {
    let api = Api::sample();
    let listening = Listening::start(&api).await;
    let address = listening.address;
    let client = move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let (request, mut answer) = (get("/readyz", ""), vec![0; 64 * 1024]);
        for number in 0..10_000 {
            std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
            let count = std::io::Read::read(&mut stream, &mut answer).unwrap();
            let head = String::from_utf8_lossy(&answer[..count]).to_lowercase();
            assert!(head.starts_with("http/1.1 200") && !head.contains("connection: close"), "{number}: {head}");
        }
    };
    tokio::task::spawn_blocking(client).await.unwrap();
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_envelope() {
    let api = Api::empty();
    let listening = Listening::start(&api).await;
    let many: String = (0..5000).map(|_| "a:\r\n").collect();
    for (request, status, code) in [
        ("nonsense\r\n\r\n", 400, "invalid"),
        ("GET /livez HTTP/9.9\r\n\r\n", 400, "invalid"),
        ("GET /livez HTTP/1.1\r\nHost: t\r\nno colon\r\n\r\n", 400, "invalid"),
        ("GET /livez HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "invalid"),
        ("GET /livez HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "invalid"),
        ("GET /livez HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "invalid"),
        ("GET /li\0vez HTTP/1.1\r\n\r\n", 400, "invalid"),
        (&message("GET /livez", &format!("X: {}\r\n", "x".repeat(40_000))), 431, "headers_too_large"),
        (&message("GET /livez", &format!("X: {}\r\n", "x".repeat(1_000_000))), 431, "headers_too_large"),
        (&format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(40_000)), 431, "headers_too_large"),
        (&message("GET /livez", &many), 431, "headers_too_large"),
    ] {
        let answer = listening.ask(request).await;
        is_failure(&answer, status, code);
        // On a connection that was fine so far, too.
        let mut stream = listening.connect().await;
        exchange(&mut stream, &get("/livez", "")).await;
        is_failure(&converse(&mut stream, request).await, status, code);
    }
}

#[tokio::test]
async fn large_bodies_are_refused_unread() {
    let api = Api::sample();
    let listening = Listening::start(&api).await;
    let json = format!("{}Content-Type: application/json\r\n", login());
    let declared = format!("POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\n{json}Content-Length: 1000000000\r\n\r\n");
    let chunked = format!("POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\n{json}Transfer-Encoding: chunked\r\n\r\n");
    let stranger = "POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000000\r\n\r\n".to_owned();
    for (head, status, code) in
        [(declared, 413, "too_large"), (chunked.clone(), 413, "too_large"), (stranger, 401, "unauthenticated")]
    {
        let (mut reading, mut writing) = listening.connect().await.into_split();
        writing.write_all(head.as_bytes()).await.unwrap();
        let piece = if head == chunked { format!("10000\r\n{}\r\n", "x".repeat(65_536)) } else { "x".repeat(65_536) };
        let send = async {
            let mut sent = 0;
            while sent < 1_000_000_000 && writing.write_all(piece.as_bytes()).await.is_ok() {
                sent += piece.len();
            }
            sent
        };
        let mut answer = Vec::new();
        let read = async {
            // The answer is there to read although the body still comes; that the connection breaks later is fine.
            let _ = timeout(PATIENCE, reading.read_to_end(&mut answer)).await.expect("an end");
        };
        let (sent, ()) = tokio::join!(send, read);
        assert!(sent < 32_000_000, "{code}: {sent} bytes were taken");
        is_failure(&String::from_utf8_lossy(&answer), status, code);
    }
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}

#[tokio::test]
async fn what_is_left_of_a_body_is_no_request() {
    let api = Api::sample();
    let listening = Listening::start(&api).await;
    let smuggled = message("GET /livez", "");
    for length in [smuggled.len(), smuggled.len() + 100_000] {
        // Refused before its body was looked at, all of which is here or not.
        let head = format!("POST /api/logs/clear HTTP/1.1\r\nHost: t\r\nContent-Length: {length}\r\n\r\n");
        let mut stream = listening.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = one(&mut stream).await;
        is_failure(&answer, 401, "unauthenticated");
        let more = converse(&mut stream, &smuggled).await;
        assert!(!more.contains("HTTP/1.1"), "{length}: {more}");
    }
    let together = format!(
        "POST /api/logs/clear HTTP/1.1\r\nHost: t\r\nContent-Length: {}\r\n\r\n{smuggled}{}",
        smuggled.len(),
        message("GET /nothing", "")
    );
    let answers = listening.ask(&together).await;
    assert!(!answers.contains("HTTP/1.1 200"), "{answers}");
}

/// Everything is over quickly.
fn short() -> Limits {
    let short = Duration::from_millis(300);
    Limits { first_byte: short, head: short, idle: short, body: short, write: short, ..Limits::default() }
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let api = Api::empty();
    let listening = Listening::with(&api, short()).await;
    assert_eq!(rest(&mut listening.connect().await).await, b"");
    let mut idle = listening.connect().await;
    exchange(&mut idle, &get("/livez", "")).await;
    assert_eq!(rest(&mut idle).await, b"");
}

#[tokio::test]
async fn headers_that_come_drop_by_drop_are_cut_off() {
    let api = Api::empty();
    let listening = Listening::with(&api, short()).await;
    for again in [false, true] {
        let mut stream = listening.connect().await;
        if again {
            exchange(&mut stream, &get("/livez", "")).await;
        }
        let started = Instant::now();
        stream.write_all(b"GET /livez HTTP/1.1\r\nX: ").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            assert!(started.elapsed() < PATIENCE);
            sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn a_body_that_comes_drop_by_drop_is_408() {
    let api = Api::sample();
    let listening = Listening::with(&api, short()).await;
    for framing in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let head = format!(
            "POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n{framing}\r\n{}\r\n",
            login()
        );
        let (mut reading, mut writing) = listening.connect().await.into_split();
        writing.write_all(head.as_bytes()).await.unwrap();
        let drip = tokio::spawn(async move {
            let drop = if framing.starts_with('T') { "1\r\n \r\n" } else { " " };
            while writing.write_all(drop.as_bytes()).await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        });
        let mut answer = Vec::new();
        let _ = timeout(PATIENCE, reading.read_to_end(&mut answer)).await.expect("an end");
        is_failure(&String::from_utf8_lossy(&answer), 408, "timeout");
        drop(reading);
        drip.await.unwrap();
    }
}

#[tokio::test]
async fn a_body_that_comes_fast_enough_may_take_longer_than_the_grace() {
    let api = Api::sample();
    let limits = Limits { body_rate: 10, ..short() };
    let listening = Listening::with(&api, limits).await;
    let head = format!(
        "POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 60\r\n{}\r\n",
        login()
    );
    let mut stream = listening.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    for piece in ["{\"days\":", "30", "}"] {
        stream.write_all(format!("{piece:20}").as_bytes()).await.unwrap();
        sleep(Duration::from_millis(250)).await;
    }
    assert!(one(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_cut_off() {
    let api = Api::empty();
    let listening = Listening::with(&api, short()).await;
    let answer = listening.ask(&message("GET /api/openapi.json", "")).await.len();
    let count = 40_000_000 / answer;
    let mut slow = listening.connect_from(1).await;
    let ask = get("/api/openapi.json", "");
    let (mut reading, mut writing) = slow.split();
    // Not read, the server stops taking requests at some point.
    let asking = async {
        for _ in 0..count {
            if writing.write_all(ask.as_bytes()).await.is_err() {
                break;
            }
        }
    };
    let _ = timeout(Duration::from_millis(1500), asking).await;
    let mut got = Vec::new();
    let _ = timeout(PATIENCE, reading.read_to_end(&mut got)).await.expect("the server closed the connection");
    assert!(got.len() < answer * count, "all {count} answers were kept for a client that didn't read");

    // Whoever reads gets as much.
    let mut quick = listening.connect().await;
    for _ in 0..50 {
        assert_eq!(exchange(&mut quick, &ask).await.len() + "connection: close\r\n".len(), answer);
    }
}

#[tokio::test]
async fn hundreds_of_slow_clients_keep_nobody_waiting() {
    let api = Api::sample();
    let limits = Limits { connections: 200, ..Limits::default() };
    let listening = Listening::with(&api, limits).await;
    let mut slow = Vec::new();
    for number in 0..600 {
        let mut stream = listening.connect_from(2 + number as u8 % 8).await;
        let head = match number % 4 {
            0 => String::new(),
            1 => "GET /livez HTTP/1.1\r\nX: ".to_owned(),
            2 => format!("POST /api/logs/clear-old HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n{}\r\n", login()),
            _ => get("/api/openapi.json", "").repeat(20),
        };
        let _ = stream.write_all(head.as_bytes()).await;
        slow.push(stream);
    }
    let mut quiet = listening.connect().await;
    for _ in 0..50 {
        let started = Instant::now();
        let answer = listening.ask(&message("GET /api/logs?limit=5", &login())).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        let mut stream = listening.connect_from(9).await;
        let _ = stream.write_all(b"G").await;
        slow.push(stream);
    }
    // The newcomers pushed out each other, not the one connection from elsewhere.
    assert!(exchange(&mut quiet, &get("/livez", "")).await.starts_with("HTTP/1.1 200"));
    let open = listening.ask(&message("GET /metrics", "")).await;
    assert!(open.contains("tidegate_http_connections_evicted_total"), "{open}");
}
