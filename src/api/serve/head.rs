//! Waits for a whole request head before anything is built for it: a silent connection costs no buffer, a slow one
//! only what it has sent. What the head says is hyper's to find out. Source: RFC 9112, section 2.2.

use super::limits::Limits;
use super::seats::{Phase, Seat};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, sleep_until};

/// Bytes read at once.
const PIECE_BYTES: usize = 4096;

/// How waiting for a request ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gathered {
    /// The head is here, perhaps with more behind it.
    Whole,
    /// The client closed the connection, or it broke.
    Closed,
    /// It took too long.
    Late,
    /// It is larger than the limit.
    TooLarge,
}

/// Reads into `buffer`, which may hold a beginning, until it holds a whole head. Nothing may come before `first`;
/// from then on the head's own limit counts, unless `end` is given.
pub(super) async fn gather<S: AsyncRead + Unpin>(
    stream: &mut S,
    buffer: &mut Vec<u8>,
    seat: &Seat,
    limits: &Limits,
    end: Option<Instant>,
) -> Gathered {
    let head_end = || end.unwrap_or_else(|| Instant::now() + limits.head);
    let mut begun = end.is_some() || !buffer.is_empty();
    seat.enter(if begun { Phase::Head } else { Phase::Idle });
    let first = if begun { head_end() } else { Instant::now() + limits.idle };
    let mut late = pin!(sleep_until(first));
    let mut seen = 0;
    loop {
        let empty_lines = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        buffer.drain(..empty_lines);
        if ends(buffer, &mut seen) {
            return Gathered::Whole;
        }
        if buffer.len() > limits.head_bytes {
            return Gathered::TooLarge;
        }
        let read = poll_fn(|context| {
            let mut piece = [0; PIECE_BYTES];
            let mut piece = ReadBuf::new(&mut piece);
            match Pin::new(&mut *stream).poll_read(context, &mut piece) {
                Poll::Ready(read) => {
                    buffer.extend_from_slice(piece.filled());
                    Poll::Ready(Ok(read.map(|()| piece.filled().len()).unwrap_or_default()))
                }
                Poll::Pending => {
                    ready!(late.as_mut().poll(context));
                    Poll::Ready(Err(Gathered::Late))
                }
            }
        });
        match read.await {
            Ok(0) => return Gathered::Closed,
            Ok(_) => seat.hold(buffer.len()),
            Err(ended) => return ended,
        }
        if !begun {
            begun = true;
            seat.enter(Phase::Head);
            late.as_mut().reset(head_end());
        }
    }
}

/// Whether there is an empty line, which ends a head; looks from `seen` on and moves it. Line ends may be bare.
fn ends(buffer: &[u8], seen: &mut usize) -> bool {
    let from = seen.saturating_sub(2).min(buffer.len());
    *seen = buffer.len();
    memchr::memchr_iter(b'\n', &buffer[from..]).any(|at| match &buffer[from + at + 1..] {
        [b'\n', ..] | [b'\r', b'\n', ..] => true,
        [..] => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::seats::Seats;
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    fn limits() -> Limits {
        let short = Duration::from_millis(60);
        Limits { head: short, idle: short, head_bytes: 100, ..Limits::default() }
    }

    #[tokio::test]
    async fn a_head_is_whole_however_it_comes() {
        for (text, rest) in [
            ("GET / HTTP/1.1\r\nHost: t\r\n\r\n", ""),
            ("\r\n\r\nGET / HTTP/1.1\n\n", ""),
            ("GET / HTTP/1.1\r\n\n", ""),
            ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "{}"),
        ] {
            for size in [1, 2, 3, text.len()] {
                let (mut client, mut server) = duplex(1024);
                let seat = Seats::new(&limits()).take([127, 0, 0, 1].into());
                let mut buffer = Vec::new();
                let send = async {
                    for piece in text.as_bytes().chunks(size) {
                        client.write_all(piece).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                };
                let limits = limits();
                let (gathered, ()) = tokio::join!(gather(&mut server, &mut buffer, &seat, &limits, None), send);
                assert_eq!(gathered, Gathered::Whole, "{text:?} by {size}");
                let mut left = vec![0; text.len() - text.trim_start().len()];
                left.clear();
                drop(client);
                server.read_to_end(&mut left).await.unwrap();
                buffer.extend(left);
                assert_eq!(buffer, text.trim_start_matches(['\r', '\n']).as_bytes());
                assert!(buffer.ends_with(rest.as_bytes()));
            }
        }
    }

    #[tokio::test]
    async fn what_never_ends_is_ended() {
        for (sent, then_closes, wanted) in [
            ("", true, Gathered::Closed),
            ("", false, Gathered::Late),
            ("GET / HT", true, Gathered::Closed),
            ("GET / HT", false, Gathered::Late),
            (&"x".repeat(101), false, Gathered::TooLarge),
        ] {
            let (mut client, mut server) = duplex(1024);
            client.write_all(sent.as_bytes()).await.unwrap();
            let kept = (!then_closes).then_some(client);
            let seat = Seats::new(&limits()).take([127, 0, 0, 1].into());
            let mut buffer = Vec::new();
            assert_eq!(gather(&mut server, &mut buffer, &seat, &limits(), None).await, wanted, "{sent}");
            drop(kept);
        }
    }

    #[tokio::test]
    async fn drips_do_not_extend_a_heads_time() {
        let (mut client, mut server) = duplex(1024);
        let seat = Seats::new(&limits()).take([127, 0, 0, 1].into());
        let drip = async {
            while client.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let mut buffer = Vec::new();
        let limits = limits();
        tokio::select! {
            gathered = gather(&mut server, &mut buffer, &seat, &limits, None) => assert_eq!(gathered, Gathered::Late),
            () = drip => panic!("the pipe broke"),
            () = tokio::time::sleep(Duration::from_secs(2)) => panic!("never ended"),
        }
    }
}
