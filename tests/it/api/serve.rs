//! The server on a real listener.

use crate::support::api::{Api, PASSWORD, basic, metrics};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tidegate::api::serve;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

async fn start(api: &Api) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, api.router.clone(), metrics(), async {
        let _ = ended.await;
    }));
    (address, end, server)
}

async fn ask(address: SocketAddr, request: String) -> String {
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

fn message(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n{headers}\r\n")
}

#[tokio::test]
async fn requests_are_answered_the_peer_is_known_and_the_end_is_orderly() {
    let api = Api::sample();
    let (address, end, server) = start(&api).await;
    let login = format!("Authorization: {}\r\n", basic("admin", PASSWORD));
    let answer = ask(address, message("GET /api/logs/stats", &login)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\"total_count\":12"), "{answer}");
    // Only a peer on this machine gets this without a login.
    let answer = ask(address, message("GET /metrics", "")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = ask(address, message("POST /api/logs/clear", &format!("{login}Content-Length: 0\r\n"))).await;
    assert!(answer.contains("All logs cleared"), "{answer}");
    assert_eq!(api.get("/api/audit-log").await.body["data"][0]["source_ip"], "127.0.0.1");

    // An idle connection doesn't hold up the end.
    let idle = move || {
        let mut idle = TcpStream::connect(address).unwrap();
        idle.write_all(b"GET /livez HTTP/1.1\r\nHost: t\r\n\r\n").unwrap();
        idle.read_exact(&mut [0_u8; 16]).unwrap();
        idle
    };
    let _idle = tokio::task::spawn_blocking(idle).await.unwrap();
    end.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(3), server).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn headers_beyond_the_frames_limit_are_431() {
    let api = Api::empty();
    let (address, _end, _server) = start(&api).await;
    let answer = ask(address, message("GET /livez", &format!("X: {}\r\n", "x".repeat(40_000)))).await;
    assert!(answer.starts_with("HTTP/1.1 431") && answer.contains("headers_too_large"), "{answer}");
}
