//! Connections: HTTP/1.1, plain and over TLS on one listener, until told to end. A newcomer is always let in; who lets
//! the server wait too long, or longest when there is no room left, has to go.
//!
//! `limits` says how much a client may take, `seats` who is connected, `connection` what one connection goes through:
//! `head` waits for a request, `body` for what follows it, `stream` for the client to take the answer, and `refusal`
//! answers what no handler sees.

mod body;
mod connection;
mod head;
mod limits;
mod refusal;
mod seats;
mod stream;

pub use body::Arrival;
pub use limits::Limits;

use super::tls::Tls;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use seats::{PAUSE, Seats};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often counts are folded while nobody asks for them, and certificates looked at.
const UPKEEP: Duration = Duration::from_secs(5);
/// Connections that may wait to be accepted.
const BACKLOG: i32 = 4096;

/// What [`serve`] needs besides a listener and routes.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Keeps what was counted small.
    pub metrics: PrometheusHandle,
    /// Certificates.
    pub tls: Arc<Tls>,
    /// How much a client may take.
    pub limits: Limits,
}

/// What every connection shares.
struct Door {
    router: Router,
    tls: Arc<Tls>,
    limits: Limits,
    ended: watch::Receiver<bool>,
}

/// In the extensions of every request from a listener: tells answers that never end by themselves when to.
#[derive(Clone, Debug)]
pub struct Ending(watch::Receiver<bool>);

impl Ending {
    /// Completes once the server was told to end.
    pub async fn told(&mut self) {
        let _ = self.0.wait_for(|ended| *ended).await;
    }
}

impl Door {
    /// Completes once the server was told to end.
    async fn ended(&self) {
        // A sender that is gone means the same.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }
}

/// Serves `router` on `listener` until `end` completes, then lets open requests finish for at most
/// [`Limits::drain`]; connections without one are closed at once.
///
/// # Errors
/// When the listener's address can't be read; a connection's failure is its own.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    serving: Serving,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let Serving { metrics, tls, limits } = serving;
    let address = listener.local_addr()?;
    tracing::info!(port = address.port(), loopback = address.ip().is_loopback(), "serving");
    // A short queue drops connections in a burst; not a reason not to serve.
    let _ = socket2::SockRef::from(&listener).listen(BACKLOG);
    let (ending, ended) = watch::channel(false);
    let door = Arc::new(Door { router, tls: Arc::clone(&tls), limits, ended });
    let seats = Seats::new(&limits);
    let mut connections = JoinSet::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    let mut end = pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let seat = seats.take(peer.ip());
                    connections.spawn(connection::connection(stream, peer, seat, Arc::clone(&door)));
                }
                Err(cause) => {
                    tracing::warn!(%cause, open = seats.len(), "no connection could be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = upkeep.tick() => {
                metrics.run_upkeep();
                tls.refresh().await;
            }
        }
    }
    drop(listener);
    // Nobody listening any more means that no connection is open.
    let _ = ending.send(true);
    let drained = tokio::time::timeout(limits.drain, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(open = connections.len(), "connections were cut off");
        connections.shutdown().await;
    }
    Ok(())
}
