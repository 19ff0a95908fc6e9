//! What is answered where no handler ever sees the request: the same envelope, written by hand, and the connection
//! closed so that the client gets to read it.

use super::super::error::ApiError;
use super::super::frame::{RequestId, sign};
use super::super::peer::Secure;
use axum::body::to_bytes;
use axum::http::header::{CONNECTION, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

/// How long, and how much, is still read of what a client sends that was refused: closing a connection with unread
/// data in it takes the answer away from the client.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 1 << 20;

/// Answers a failure and closes the connection.
pub(super) async fn refuse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, failure: &ApiError, secure: Secure) {
    let id = RequestId::random();
    let mut response = failure.render(id.as_str(), None);
    sign(response.headers_mut(), &id, secure);
    let status = response.status();
    metrics::counter!("tidegate_http_requests_total", "method" => "other", "route" => "none",
        "status" => status.as_u16().to_string())
    .increment(1);
    let (mut parts, body) = response.into_parts();
    // A text of a few hundred bytes that is in memory already.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    let mut answer = format!("HTTP/1.1 {} {}\r\n", status.as_u16(), reason(status)).into_bytes();
    for (name, value) in &parts.headers {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            answer.extend_from_slice(part);
        }
    }
    answer.extend_from_slice(b"\r\n");
    answer.extend_from_slice(&body);
    if stream.write_all(&answer).await.is_ok() && stream.flush().await.is_ok() {
        close(stream, true).await;
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or_default()
}

/// Says that nothing more comes; where the client may still be sending, reads on for a moment.
pub(super) async fn close<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, linger: bool) {
    if stream.shutdown().await.is_err() || !linger {
        return;
    }
    let mut read_bytes = 0;
    let drain = poll_fn(|context| {
        while read_bytes < LINGER_BYTES {
            let mut piece = [0; 8192];
            let mut piece = ReadBuf::new(&mut piece);
            match ready!(Pin::new(&mut *stream).poll_read(context, &mut piece)) {
                Ok(()) if !piece.filled().is_empty() => read_bytes += piece.filled().len(),
                _ => break,
            }
        }
        Poll::Ready(())
    });
    // Late or not, the connection closes.
    let _ = timeout(LINGER, drain).await;
}
