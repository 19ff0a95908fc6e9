//! The server on a real listener.

use crate::support::api::{Api, PASSWORD, basic, metrics};
use std::net::SocketAddr;
use std::time::Duration;
use tidegate::api::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
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

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn requests_are_answered_the_peer_is_known_and_the_end_is_orderly() {
    let api = Api::sample();
    let (address, end, server) = start(&api).await;
    let login = basic("admin", PASSWORD);
    let answer = ask(
        address,
        &format!("GET /api/logs/stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: {login}\r\n\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\"total_count\":12"), "{answer}");
    // Only a peer on this machine gets this without a login.
    let answer = ask(address, "GET /metrics HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let clear = format!(
        "POST /api/logs/clear HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: {login}\r\n\r\n"
    );
    assert!(ask(address, &clear).await.contains("All logs cleared"));
    assert_eq!(api.get("/api/audit-log").await.body["data"][0]["source_ip"], "127.0.0.1");

    // An idle connection doesn't hold up the end.
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    let mut some = [0_u8; 16];
    idle.read_exact(&mut some).await.unwrap();
    end.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(3), server).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn headers_beyond_the_frames_limit_are_431() {
    let api = Api::empty();
    let (address, _end, _server) = start(&api).await;
    let large = format!("GET /livez HTTP/1.1\r\nHost: t\r\nConnection: close\r\nX: {}\r\n\r\n", "x".repeat(40_000));
    let answer = ask(address, &large).await;
    assert!(answer.starts_with("HTTP/1.1 431") && answer.contains("headers_too_large"), "{answer}");
}
