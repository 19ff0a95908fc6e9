//! A request's body as it comes in: one that comes too slowly fails, and the request is answered 408.

use super::limits::Limits;
use super::seats::{EXCHANGE_BYTES, Phase, Seat};
use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// Pieces smaller than this are copied.
const PIECE_BYTES: usize = 4096;

/// In the extensions of every request from a listener: how its body fares.
#[derive(Clone, Debug, Default)]
pub struct Arrival(Arc<Fate>);

#[derive(Debug, Default)]
struct Fate {
    late: AtomicBool,
    whole: AtomicBool,
    dropped: AtomicBool,
}

impl Arrival {
    /// Whether the body came too slowly to be read any further.
    pub fn is_late(&self) -> bool {
        self.0.late.load(Ordering::Relaxed)
    }

    /// Whether all of the body was read.
    pub(super) fn is_whole(&self) -> bool {
        self.0.whole.load(Ordering::Relaxed)
    }

    /// Whether nobody reads the body any more: all of it was read, or it was dropped.
    pub(super) fn is_over(&self) -> bool {
        self.is_whole() || self.0.dropped.load(Ordering::Acquire)
    }
}

/// A body with a limit on how long it may let the server wait.
#[derive(Debug)]
pub(super) struct Paced {
    /// None once dropped.
    inner: Option<Incoming>,
    arrival: Arrival,
    seat: Arc<Seat>,
    grace: Duration,
    rate: u64,
    received_bytes: u64,
    /// Runs from when the body was first asked for.
    begun: Option<Instant>,
    late: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// Watches `inner`.
    pub(super) fn new(inner: Incoming, arrival: &Arrival, seat: Arc<Seat>, limits: &Limits) -> Paced {
        // Where a client doesn't wait for its answers, hyper may have read the next request already.
        arrival.0.late.store(false, Ordering::Relaxed);
        arrival.0.dropped.store(false, Ordering::Relaxed);
        arrival.0.whole.store(inner.is_end_stream(), Ordering::Relaxed);
        Paced {
            inner: Some(inner),
            arrival: arrival.clone(),
            seat,
            grace: limits.body,
            rate: limits.body_rate.max(1),
            received_bytes: 0,
            begun: None,
            late: None,
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let polled = Pin::new(inner).poll_frame(context);
        let Poll::Ready(frame) = polled else {
            self.seat.enter(Phase::Body);
            let begun = *self.begun.get_or_insert_with(Instant::now);
            let end = begun + self.grace + Duration::from_secs(self.received_bytes / self.rate);
            let late = self.late.get_or_insert_with(|| Box::pin(sleep_until(end)));
            if late.deadline() != end {
                late.as_mut().reset(end);
            }
            ready!(late.as_mut().poll(context));
            self.arrival.0.late.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err("the body comes too slowly".into())));
        };
        if let Some(Ok(frame)) = &frame {
            self.received_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
            self.seat.hold(EXCHANGE_BYTES + usize::try_from(self.received_bytes).unwrap_or(usize::MAX / 2));
        }
        if frame.is_none() || self.is_end_stream() {
            self.arrival.0.whole.store(true, Ordering::Relaxed);
            self.seat.enter(Phase::Work);
        }
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(small)).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Incoming::size_hint).unwrap_or_default()
    }
}

/// Bytes that don't keep more memory than they need: hyper hands out pieces of its read buffer, and a body that comes
/// byte by byte would keep 8 KiB for each.
fn small(data: Bytes) -> Bytes {
    if data.len() < PIECE_BYTES { Bytes::copy_from_slice(&data) } else { data }
}

impl Drop for Paced {
    fn drop(&mut self) {
        // In this order: what says that it is over must not come before hyper can see it.
        drop(self.inner.take());
        self.arrival.0.dropped.store(true, Ordering::Release);
    }
}
