//! The API on a real listener, and clients that talk to it byte by byte.

use super::api::{Api, metrics};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tidegate::api::{Limits, Serving, serve};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than anything here takes, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A server until dropped.
pub struct Listening {
    pub address: SocketAddr,
    pub end: Option<oneshot::Sender<()>>,
    pub server: JoinHandle<io::Result<()>>,
}

impl Listening {
    pub async fn start(api: &Api) -> Listening {
        Self::with(api, Limits::default()).await
    }

    pub async fn with(api: &Api, limits: Limits) -> Listening {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let serving = Serving { metrics: metrics(), tls: Arc::clone(&api.tls), limits };
        let server = tokio::spawn(serve(listener, api.router.clone(), serving, async {
            let _ = ended.await;
        }));
        Listening { address, end: Some(end), server }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection from 127.0.0.`last` with a small receive buffer.
    pub async fn connect_from(&self, last: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// Sends a text on a connection of its own and reads until the server closes it.
    pub async fn ask(&self, request: &str) -> String {
        converse(&mut self.connect().await, request).await
    }
}

/// Sends a text and reads until the server closes the connection; what breaks it ends it.
pub async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, request: &str) -> String {
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.flush().await;
    String::from_utf8_lossy(&rest(stream).await).into_owned()
}

/// What comes until the server closes the connection.
pub async fn rest<S: AsyncRead + Unpin>(stream: &mut S) -> Vec<u8> {
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the server didn't close: {}", String::from_utf8_lossy(&answer));
    answer
}

/// Sends a text and reads one answer with `Content-Length`; the connection stays open.
pub async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    one(stream).await
}

/// Reads one answer with `Content-Length`.
pub async fn one<S: AsyncRead + Unpin>(stream: &mut S) -> String {
    let mut answer = Vec::new();
    let head = loop {
        if let Some(at) = memchr::memmem::find(&answer, b"\r\n\r\n") {
            break at + 4;
        }
        answer.push(timeout(PATIENCE, stream.read_u8()).await.expect("an answer in time").expect("an answer"));
    };
    let text = String::from_utf8(answer.clone()).unwrap().to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    answer.resize(head + length.parse::<usize>().unwrap(), 0);
    timeout(PATIENCE, stream.read_exact(&mut answer[head..])).await.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}

/// A request without a body that keeps the connection.
pub fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: tidegate.example\r\n{headers}\r\n")
}
