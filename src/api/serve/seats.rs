//! Who is connected, and who has to go when there is no room left: never the newcomer, always those that let the
//! server wait longest. One address can't push out all others: while one has more than its share, its own
//! connections go.

use super::limits::Limits;
use metrics::{counter, gauge};
use parking_lot::Mutex;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Connections an address may always have, however many addresses there are: a browser with some pages open.
const SMALLEST_SHARE: usize = 32;

/// What a request under way holds besides its body and its answer: buffers and what it was parsed into.
pub(super) const EXCHANGE_BYTES: usize = 24 * 1024;

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Phase {
    /// Nothing of a request is here.
    Idle,
    /// Some of a request's headers are here, or some of a TLS handshake.
    Head,
    /// The headers are here and are being looked at.
    Parse,
    /// The server waits for more of the body.
    Body,
    /// The server works.
    Work,
    /// An answer is being sent.
    Answer,
    /// All of the answer was handed to the connection.
    Answered,
}

/// What a connection is doing, since when, and how much memory it holds.
#[derive(Debug)]
struct Progress {
    phase: AtomicU8,
    since_ms: AtomicU64,
    /// The client doesn't take what is written.
    blocked: AtomicBool,
    held_bytes: AtomicUsize,
    leave: Notify,
}

impl Progress {
    fn waits_for_client(&self) -> bool {
        match self.phase.load(Ordering::Relaxed) {
            phase if phase == Phase::Parse as u8 || phase == Phase::Work as u8 => false,
            phase if phase >= Phase::Answer as u8 => self.blocked.load(Ordering::Relaxed),
            _ => true,
        }
    }
}

/// Every open connection.
#[derive(Debug)]
pub(super) struct Seats {
    most: usize,
    most_held_bytes: usize,
    held_bytes: AtomicUsize,
    opened: Instant,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: HashMap<u64, (Neighbours, Arc<Progress>)>,
    crowds: HashMap<Neighbours, usize>,
}

impl Taken {
    fn remove(&mut self, id: u64) -> Option<Arc<Progress>> {
        let (neighbours, progress) = self.seats.remove(&id)?;
        if let Some(count) = self.crowds.get_mut(&neighbours) {
            *count -= 1;
            if *count == 0 {
                self.crowds.remove(&neighbours);
            }
        }
        Some(progress)
    }
}

/// Addresses that count as one: an IPv4 address, an IPv6 /64.
type Neighbours = u128;

fn neighbours(ip: IpAddr) -> Neighbours {
    match ip.to_canonical() {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip) >> 64 << 64,
    }
}

impl Seats {
    /// Room for as many as the limits say.
    pub(super) fn new(limits: &Limits) -> Arc<Seats> {
        Arc::new(Seats {
            most: limits.connections.max(1),
            most_held_bytes: limits.held_bytes,
            held_bytes: AtomicUsize::new(0),
            opened: Instant::now(),
            taken: Mutex::default(),
        })
    }

    /// A seat for a connection from `ip`; where all are taken, others have to leave.
    pub(super) fn take(self: &Arc<Self>, ip: IpAddr) -> Seat {
        let progress = Arc::new(Progress {
            phase: AtomicU8::new(Phase::Idle as u8),
            since_ms: AtomicU64::new(self.now_ms()),
            blocked: AtomicBool::new(false),
            held_bytes: AtomicUsize::new(0),
            leave: Notify::new(),
        });
        let neighbours = neighbours(ip);
        let mut taken = self.taken.lock();
        if taken.seats.len() >= self.most {
            self.make_room(&mut taken);
        }
        let id = taken.next;
        taken.next += 1;
        taken.seats.insert(id, (neighbours, Arc::clone(&progress)));
        *taken.crowds.entry(neighbours).or_default() += 1;
        gauge!("tidegate_http_connections").set(taken.seats.len() as f64);
        Seat { seats: Arc::clone(self), id, progress }
    }

    /// How many are taken.
    pub(super) fn len(&self) -> usize {
        self.taken.lock().seats.len()
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Makes 1/64 of the seats free, so that a flood doesn't cost a search for each newcomer.
    fn make_room(&self, taken: &mut Taken) {
        let share = (self.most / taken.crowds.len().max(1)).max(SMALLEST_SHARE);
        let heaviest = taken.crowds.iter().max_by_key(|(_, count)| **count);
        let greedy = heaviest.filter(|(_, count)| **count > share).map(|(neighbours, _)| *neighbours);
        let mut leaving: Vec<_> = taken
            .seats
            .iter()
            .filter(|(_, (neighbours, _))| greedy.is_none_or(|greedy| greedy == *neighbours))
            .map(|(id, (_, progress))| rank(*id, progress))
            .collect();
        let count = (self.most / 64).max(1);
        if count < leaving.len() {
            leaving.select_nth_unstable(count);
            leaving.truncate(count);
        }
        leaving.into_iter().for_each(|(_, _, id)| self.dismiss(taken, id));
    }

    /// Makes the connections leave that let the server wait while they hold memory, all but `spared`, until a quarter of
    /// the limit is free again: those that hold most, of those that hold as much the ones that have waited longest.
    fn make_memory(&self, spared: u64) {
        let mut taken = self.taken.lock();
        let mut holding: Vec<_> = taken
            .seats
            .iter()
            .filter(|(id, (_, progress))| {
                **id != spared && progress.held_bytes.load(Ordering::Relaxed) > 0 && progress.waits_for_client()
            })
            .map(|(id, (_, progress))| (Reverse(progress.held_bytes.load(Ordering::Relaxed)), rank(*id, progress)))
            .collect();
        holding.sort_unstable();
        for (_, (_, _, id)) in holding {
            if self.held_bytes.load(Ordering::Relaxed) <= self.most_held_bytes / 4 * 3 {
                break;
            }
            self.dismiss(&mut taken, id);
        }
    }

    fn dismiss(&self, taken: &mut Taken, id: u64) {
        if let Some(progress) = taken.remove(id) {
            self.held_bytes.fetch_sub(progress.held_bytes.swap(0, Ordering::Relaxed), Ordering::Relaxed);
            progress.leave.notify_one();
            counter!("tidegate_http_connections_evicted_total").increment(1);
        }
    }
}

/// Those that let the server wait first, the longest of them first.
fn rank(id: u64, progress: &Progress) -> (bool, u64, u64) {
    (!progress.waits_for_client(), progress.since_ms.load(Ordering::Relaxed), id)
}

/// A connection's place; free again when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    id: u64,
    progress: Arc<Progress>,
}

impl Seat {
    /// Whether the connection is in that phase.
    pub(super) fn is(&self, phase: Phase) -> bool {
        self.progress.phase.load(Ordering::Relaxed) == phase as u8
    }

    /// Whether the client doesn't take what is written.
    pub(super) fn is_blocked(&self) -> bool {
        self.progress.blocked.load(Ordering::Relaxed)
    }

    /// Completes when the connection has to leave.
    pub(super) async fn dismissed(&self) {
        self.progress.leave.notified().await;
    }

    /// Says what the connection is doing from now on.
    pub(super) fn enter(&self, phase: Phase) {
        if self.progress.phase.swap(phase as u8, Ordering::Relaxed) != phase as u8 {
            self.progress.since_ms.store(self.seats.now_ms(), Ordering::Relaxed);
        }
    }

    /// Says whether the client takes what is written.
    pub(super) fn block(&self, blocked: bool) {
        if self.progress.blocked.swap(blocked, Ordering::Relaxed) != blocked {
            self.progress.since_ms.store(self.seats.now_ms(), Ordering::Relaxed);
        }
    }

    /// Says how much memory the connection holds on behalf of its client.
    pub(super) fn hold(&self, bytes: usize) {
        let before = self.progress.held_bytes.swap(bytes, Ordering::Relaxed);
        let all = &self.seats.held_bytes;
        if bytes <= before {
            all.fetch_sub(before - bytes, Ordering::Relaxed);
        } else if all.fetch_add(bytes - before, Ordering::Relaxed) + bytes - before > self.seats.most_held_bytes {
            self.seats.make_memory(self.id);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hold(0);
        let mut taken = self.seats.taken.lock();
        taken.remove(self.id);
        gauge!("tidegate_http_connections").set(taken.seats.len() as f64);
    }
}

/// Pause after a failed accept, so that what has to leave can.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;

    async fn left(seat: &Seat) -> bool {
        let mut dismissed = std::pin::pin!(seat.dismissed());
        poll_fn(|context| Poll::Ready(dismissed.as_mut().poll(context).is_ready())).await
    }

    fn seats(connections: usize, held_bytes: usize) -> Arc<Seats> {
        Seats::new(&Limits { connections, held_bytes, ..Limits::default() })
    }

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[tokio::test]
    async fn whoever_lets_the_server_wait_longest_leaves() {
        let seats = seats(3, 0);
        let working = seats.take(ip(1));
        working.enter(Phase::Work);
        let silent = seats.take(ip(2));
        std::thread::sleep(Duration::from_millis(2));
        let slow = seats.take(ip(3));
        let newcomer = seats.take(ip(4));
        assert_eq!((left(&working).await, left(&silent).await, left(&slow).await), (false, true, false));
        drop(silent);
        slow.enter(Phase::Answer);
        slow.block(true);
        let another = seats.take(ip(5));
        // The newcomer has waited for longer than the one that stopped reading just now.
        assert!(left(&newcomer).await || left(&slow).await);
        assert!(!left(&working).await && !left(&another).await);
        assert_eq!(seats.len(), 3);
    }

    #[tokio::test]
    async fn one_address_pushes_out_only_itself() {
        let seats = seats(100, 0);
        let quiet: Vec<_> = (0..30).map(|_| seats.take(ip(1))).collect();
        std::thread::sleep(Duration::from_millis(2));
        let flood: Vec<_> = (0..500).map(|_| seats.take(ip(2))).collect();
        for seat in &quiet {
            assert!(!left(seat).await);
        }
        let mut gone = 0;
        for seat in &flood {
            gone += usize::from(left(seat).await);
        }
        assert!((430..=432).contains(&gone), "{gone}");
        drop((quiet, flood));
        assert_eq!(seats.len(), 0);
        assert!(seats.taken.lock().crowds.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_is_one_neighbour() {
        let of = |text: &str| neighbours(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[tokio::test]
    async fn memory_that_nobody_takes_is_given_back() {
        let seats = seats(100, 1000);
        let hold = |phase: Phase, blocked: bool| {
            let seat = seats.take(ip(1));
            seat.enter(phase);
            seat.block(blocked);
            seat.hold(400);
            seat
        };
        let (slow, quick) = (hold(Phase::Answered, true), hold(Phase::Answer, false));
        let newest = hold(Phase::Answer, true);
        assert_eq!((left(&slow).await, left(&quick).await, left(&newest).await), (true, false, false));
        assert_eq!(seats.held_bytes.load(Ordering::Relaxed), 800);
        drop((slow, quick, newest));
        assert_eq!(seats.held_bytes.load(Ordering::Relaxed), 0);
    }
}
