//! Connections: HTTP/1.1 on a bound listener, each with a limit on how long its headers may take, until told to end.

use super::extract::Peer;
use super::frame::MAX_HEADER_BYTES;
use axum::Router;
use axum::body::Body;
use axum::http::header::ALLOW;
use axum::http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics_exporter_prometheus::PrometheusHandle;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// How long request line and headers may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open requests may go on once the end was asked for.
const DRAIN: Duration = Duration::from_secs(5);
/// Connections at a time; more wait in the listener's queue.
const MOST_CONNECTIONS: usize = 1024;
/// How long to wait when the system gives no connection (out of files, mostly).
const PAUSE: Duration = Duration::from_millis(100);
/// How often counts are folded while nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves `router` on `listener` until `end` completes, then lets open requests finish for at most five seconds.
///
/// # Errors
/// When the listener's address can't be read; a connection's failure is its own.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    metrics: PrometheusHandle,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(port = address.port(), loopback = address.ip().is_loopback(), "serving");
    let (ending, ended) = watch::channel(false);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    let mut end = pin!(end);
    loop {
        let accepted = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (listener.accept().await, permit)
        };
        tokio::select! {
            () = &mut end => break,
            (accepted, permit) = accepted => match accepted {
                Ok((stream, peer)) => {
                    let (router, ended) = (router.clone(), ended.clone());
                    connections.spawn(async move {
                        let _until_closed = permit;
                        connection(stream, peer, router, ended).await;
                    });
                }
                Err(cause) => {
                    tracing::warn!(%cause, "no connection could be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = upkeep.tick() => metrics.run_upkeep(),
        }
    }
    drop(listener);
    // Nobody listening any more means that no connection is open.
    let _ = ending.send(true);
    let drained = tokio::time::timeout(DRAIN, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(open = connections.len(), "connections were cut off");
        connections.shutdown().await;
    }
    Ok(())
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, mut ended: watch::Receiver<bool>) {
    // Without it, short answers wait for the client's acknowledgement; not a reason to refuse it.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let mut response = answer.await?;
            // The router names a route's methods beside whatever it answers; only a 405 is to say them.
            if response.status() != StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().remove(ALLOW);
            }
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    // Above the frame's own limit, which answers in the envelope; beyond this hyper answers a bare 431.
    builder.max_headers(4096).max_buf_size(4 * MAX_HEADER_BYTES);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What breaks a connection is the client's affair; there is no one to tell.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = async { drop(ended.wait_for(|ended| *ended).await) } => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
