//! A connection's bytes between the socket (or TLS) and hyper: gives back what was read ahead, ends connections whose
//! client doesn't take its answer, and keeps hyper's own bare answers to what it can't parse from being sent, so that
//! they can be answered in the envelope.

use super::seats::{Phase, Seat};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// What a client has to take before its time starts anew.
const STEP_BYTES: usize = 16 * 1024;

/// A watched stream.
#[derive(Debug)]
pub(super) struct Watched<S> {
    inner: S,
    seat: Arc<Seat>,
    /// Read before hyper asked; from `given` on.
    ahead: Vec<u8>,
    given: usize,
    write_limit: Duration,
    /// Runs while the client doesn't take what is written.
    late: Option<Pin<Box<Sleep>>>,
    taken_bytes: usize,
    withheld: bool,
}

impl<S> Watched<S> {
    /// Watches `inner`.
    pub(super) fn new(inner: S, seat: Arc<Seat>, write_limit: Duration) -> Watched<S> {
        Watched { inner, seat, ahead: Vec::new(), given: 0, write_limit, late: None, taken_bytes: 0, withheld: false }
    }

    /// Gives `ahead` to whoever reads next.
    pub(super) fn give_back(&mut self, ahead: Vec<u8>) {
        self.ahead = ahead;
        self.given = 0;
    }

    /// Whether something was written before the request was understood, which only hyper's own refusals are. It was
    /// not sent.
    pub(super) fn withheld(&self) -> bool {
        self.withheld
    }

    /// Looks at a write: once the client has to be waited for, it has a limited time.
    fn watch(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Pending => {
                let late = self.late.get_or_insert_with(|| {
                    self.taken_bytes = 0;
                    self.seat.block(true);
                    Box::pin(sleep_until(Instant::now() + self.write_limit))
                });
                ready!(late.as_mut().poll(context));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the answer is not being read")))
            }
            Poll::Ready(Ok(bytes)) => {
                self.taken_bytes += bytes;
                if self.taken_bytes >= STEP_BYTES {
                    self.unblock();
                }
                Poll::Ready(Ok(bytes))
            }
            failed => failed,
        }
    }

    fn unblock(&mut self) {
        if self.late.take().is_some() {
            self.seat.block(false);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.inner).poll_read(context, buffer);
        }
        let rest = &self.ahead[self.given..];
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.given += count;
        if self.given == self.ahead.len() {
            self.ahead = Vec::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.seat.is(Phase::Parse) {
            self.withheld = true;
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.seat.is(Phase::Parse) {
            self.withheld = true;
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context).map_ok(|()| 0);
        ready!(self.watch(context, flushed))?;
        self.unblock();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.inner).poll_shutdown(context).map_ok(|()| 0);
        self.watch(context, closed).map_ok(|_| ())
    }
}
