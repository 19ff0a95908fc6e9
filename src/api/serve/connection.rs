//! One connection: its first byte says whether it is TLS, then one request after the other. Each gets a hyper of its
//! own once its head is here, so that a connection that waits holds no buffers. Source: RFC 9112.

use super::super::error::ApiError;
use super::super::extract::Peer;
use super::super::peer::Secure;
use super::body::{Arrival, Paced};
use super::head::{Gathered, gather};
use super::refusal::{close, refuse};
use super::seats::{EXCHANGE_BYTES, Phase, Seat};
use super::stream::Watched;
use super::{Door, Ending};
use axum::body::{Body, Bytes};
use axum::http::header::ALLOW;
use axum::http::{Request, Response, StatusCode};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// The first byte of every TLS connection: a record of type handshake. Source: RFC 8446, section 5.1.
const TLS_HANDSHAKE: u8 = 0x16;
/// Bytes of an answer that the system holds unsent for one connection.
const UNSENT_BYTES: u32 = 256 * 1024;

/// Talks to a client until either side has enough, or the seat is needed.
pub(super) async fn connection(stream: TcpStream, peer: SocketAddr, seat: Seat, door: Arc<Door>) {
    let socket = socket2::SockRef::from(&stream);
    // Without the first, short answers wait for the client's acknowledgement; without the second, the system holds
    // megabytes for a client that doesn't read. Neither is a reason to refuse it.
    let _ = socket.set_tcp_nodelay(true);
    let _ = socket.set_tcp_notsent_lowat(UNSENT_BYTES);
    let first = tokio::select! {
        () = seat.dismissed() => return,
        () = door.ended() => return,
        first = timeout(door.limits.first_byte, first_byte(&stream)) => first,
    };
    let Ok(Some(first)) = first else { return };
    let seat = Arc::new(seat);
    let client = Client { peer, seat: Arc::clone(&seat), door };
    // Boxed, so that a silent connection stays small.
    let talk = Box::pin(client.talk(stream, first));
    tokio::select! {
        () = seat.dismissed() => {}
        () = talk => {}
    }
}

async fn first_byte(stream: &TcpStream) -> Option<u8> {
    let mut first = [0];
    // What breaks a connection is the client's affair; there is no one to tell.
    (stream.peek(&mut first).await.ok()? == 1).then_some(first[0])
}

/// Who is at the other end, and what serves them.
struct Client {
    peer: SocketAddr,
    seat: Arc<Seat>,
    door: Arc<Door>,
}

/// What came of a request.
enum Exchanged<S> {
    /// The connection can take another; some of it may be here.
    Kept(Watched<S>, Vec<u8>),
    /// It was the last one; whether all of it was read.
    Last(Watched<S>, bool),
    /// It could not be understood.
    Refused(Watched<S>, ApiError),
    /// The connection broke.
    Broken,
}

impl Client {
    async fn talk(self, stream: TcpStream, first: u8) {
        let end = Instant::now() + self.door.limits.head;
        self.seat.enter(Phase::Head);
        if first != TLS_HANDSHAKE {
            return self.converse(stream, Secure(false), end).await;
        }
        let Some(config) = self.door.tls.config() else { return };
        let accepted = tokio::select! {
            () = self.door.ended() => return,
            accepted = Box::pin(timeout_at(end, TlsAcceptor::from(config).accept(stream))) => accepted,
        };
        if let Ok(Ok(stream)) = accepted {
            // Boxed, so that a plain connection is not as large as this.
            Box::pin(self.converse(stream, Secure(true), end)).await;
        }
    }

    /// One request after the other; the first head has to be here by `end`.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        self,
        stream: S,
        secure: Secure,
        end: Instant,
    ) {
        let limits = self.door.limits;
        let mut stream = Watched::new(stream, Arc::clone(&self.seat), limits.write);
        let mut buffer = Vec::new();
        let mut end = Some(end);
        loop {
            let gathered = tokio::select! {
                () = self.door.ended() => return,
                gathered = gather(&mut stream, &mut buffer, &self.seat, &limits, end.take()) => gathered,
            };
            match gathered {
                Gathered::Whole => {}
                Gathered::Closed | Gathered::Late => return,
                Gathered::TooLarge => {
                    self.seat.enter(Phase::Answer);
                    return refuse(&mut stream, &ApiError::HeadersTooLarge(limits.head_bytes), secure).await;
                }
            }
            // Boxed, so that a connection that waits stays small.
            match Box::pin(self.exchange(stream, std::mem::take(&mut buffer), secure)).await {
                Exchanged::Kept(kept, rest) => (stream, buffer) = (kept, rest),
                Exchanged::Last(mut stream, whole) => return close(&mut stream, !whole).await,
                Exchanged::Refused(mut stream, failure) => return refuse(&mut stream, &failure, secure).await,
                Exchanged::Broken => return,
            }
        }
    }

    /// One request and its answer.
    async fn exchange<S>(&self, mut stream: Watched<S>, head: Vec<u8>, secure: Secure) -> Exchanged<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (seat, limits) = (&self.seat, &self.door.limits);
        seat.enter(Phase::Parse);
        stream.give_back(head);
        let arrival = Arrival::default();
        let service = service_fn(|request: Request<Incoming>| Box::pin(self.answer(request, secure, arrival.clone())));
        let mut builder = http1::Builder::new();
        // The head is here already; should hyper see its end elsewhere, it doesn't wait for ever.
        builder.timer(TokioTimer::new()).header_read_timeout(limits.head);
        builder.max_buf_size(4 * limits.head_bytes.max(8192));
        let mut connection = builder.serve_connection(TokioIo::new(stream), service);
        let mut ended = pin!(self.door.ended());
        let mut ending = false;
        let served = poll_fn(|context| {
            if !ending && ended.as_mut().poll(context).is_ready() {
                ending = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            match connection.poll_without_shutdown(context) {
                // The answer is out, and hyper waits for the next request, which is another's to read.
                Poll::Pending if seat.is(Phase::Answered) && !seat.is_blocked() && arrival.is_over() => {
                    if !arrival.is_whole() {
                        // That the body was dropped unread hyper finds out only now, and ends the connection: what is
                        // left of a body must not be taken for a request.
                        let polled = connection.poll_without_shutdown(context);
                        if polled.is_ready() || !seat.is(Phase::Answered) || seat.is_blocked() {
                            return polled.map_ok(|()| false);
                        }
                    }
                    Pin::new(&mut connection).graceful_shutdown();
                    connection.poll_without_shutdown(context).map_ok(|()| true)
                }
                polled => polled.map_ok(|()| false),
            }
        });
        let served = served.await;
        let parts = connection.into_parts();
        let stream = parts.io.into_inner();
        seat.hold(0);
        match served {
            Ok(true) if !ending => Exchanged::Kept(stream, parts.read_buf.to_vec()),
            Ok(_) => Exchanged::Last(stream, arrival.is_whole()),
            Err(cause) if stream.withheld() => {
                seat.enter(Phase::Answer);
                Exchanged::Refused(stream, refusal(&cause, limits.head_bytes))
            }
            Err(_) => Exchanged::Broken,
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        secure: Secure,
        arrival: Arrival,
    ) -> Result<Response<Answer>, Infallible> {
        let seat = &self.seat;
        seat.enter(Phase::Work);
        seat.hold(EXCHANGE_BYTES);
        let mut request =
            request.map(|body| Body::new(Paced::new(body, &arrival, Arc::clone(seat), &self.door.limits)));
        let extensions = request.extensions_mut();
        extensions.insert(Peer(self.peer));
        extensions.insert(secure);
        extensions.insert(arrival);
        extensions.insert(Ending(self.door.ended.clone()));
        let mut response = self.door.router.clone().oneshot(request).await?;
        // The router names a route's methods beside whatever it answers; only a 405 is to say them.
        if response.status() != StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().remove(ALLOW);
        }
        seat.enter(Phase::Answer);
        let bytes = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
        seat.hold(EXCHANGE_BYTES + bytes.unwrap_or(0));
        Ok(response.map(|inner| Answer { inner, seat: Arc::clone(seat) }))
    }
}

fn refusal(cause: &hyper::Error, head_bytes: usize) -> ApiError {
    if cause.is_parse_too_large() {
        return ApiError::HeadersTooLarge(head_bytes);
    }
    ApiError::Malformed("the request is not HTTP/1.1, or two of its headers contradict each other".to_owned())
}

/// An answer's body that says when all of it was handed over.
struct Answer {
    inner: Body,
    seat: Arc<Seat>,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.seat.enter(Phase::Answered);
    }
}
