//! Where lines wait until they are stored: bounded, with many who bring and one who takes.

use crate::model::Reject;
use parking_lot::{Condvar, Mutex};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Lines on their way into an inbox, with the machine that each is of.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Lines, each with its end.
    bytes: Vec<u8>,
    /// Neighbours of one machine: its name, where they end in `bytes`, how many they are.
    runs: Vec<(Box<str>, usize, u64)>,
    too_long: Vec<(Box<str>, Box<[u8]>)>,
}

impl Lines {
    /// Memory that is kept for the next lines: many connections have some each.
    const IDLE_BYTES: usize = 32 * 1024;

    pub(super) fn push(&mut self, host: &str, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
        let end = self.bytes.len();
        match self.runs.last_mut() {
            Some((last, run_end, count)) if **last == *host => (*run_end, *count) = (end, *count + 1),
            _ => self.runs.push((host.into(), end, 1)),
        }
    }

    /// The head of a line that is too long.
    pub(super) fn push_too_long(&mut self, host: &str, head: &[u8]) {
        self.too_long.push((host.into(), head[..head.len().min(Reject::KEPT_BYTES)].into()));
    }

    pub(super) fn count(&self) -> u64 {
        self.runs.iter().map(|(_, _, count)| count).sum::<u64>() + self.too_long.len() as u64
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.too_long.iter().map(|(_, head)| head.len()).sum::<usize>()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(Self::IDLE_BYTES);
        self.runs.clear();
        self.too_long.clear();
    }
}

/// Lines of one machine.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    /// Lines, each with its end.
    pub(super) bytes: Vec<u8>,
    /// Heads of lines that are too long.
    pub(super) too_long: Vec<Box<[u8]>>,
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// By the name of the machine; empty where the lines name none.
    pub(super) by_host: BTreeMap<Box<str>, Bundle>,
    pub(super) lines: u64,
    pub(super) bytes: usize,
    /// Since when the first of them waits.
    pub(super) since: Option<Instant>,
}

#[derive(Debug, Default)]
struct State {
    waiting: Waiting,
    /// Every machine that was ever named; so many at most.
    hosts: BTreeSet<Box<str>>,
    closed: bool,
}

/// Where lines wait.
#[derive(Debug)]
pub(super) struct Inbox {
    state: Mutex<State>,
    arrived: Condvar,
    room: Notify,
    most_bytes: usize,
}

/// When lines are taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// As soon as there are so many.
    pub(super) lines: u64,
    /// When the first has waited so long.
    pub(super) wait: Duration,
}

impl Inbox {
    /// How many machines one source tells apart; whoever sends can name any. Lines of others are of the source's own.
    pub(super) const MOST_HOSTS: usize = 1024;

    pub(super) fn new(most_bytes: usize) -> Inbox {
        Inbox { state: Mutex::default(), arrived: Condvar::new(), room: Notify::new(), most_bytes }
    }

    /// Puts lines in and leaves `lines` empty; false, and `lines` as they were, where there is no room.
    pub(super) fn offer(&self, lines: &mut Lines) -> bool {
        let size = lines.size();
        if size == 0 {
            return true;
        }
        let mut state = self.state.lock();
        if state.waiting.bytes > 0 && state.waiting.bytes + size > self.most_bytes {
            return false;
        }
        let mut start = 0;
        for (host, end, count) in lines.runs.drain(..) {
            state.bundle(host).bytes.extend_from_slice(&lines.bytes[start..end]);
            state.waiting.lines += count;
            start = end;
        }
        for (host, head) in lines.too_long.drain(..) {
            state.bundle(host).too_long.push(head);
            state.waiting.lines += 1;
        }
        lines.clear();
        state.waiting.bytes += size;
        state.waiting.since.get_or_insert_with(Instant::now);
        drop(state);
        self.arrived.notify_one();
        true
    }

    /// Puts lines in as soon as there is room.
    pub(super) async fn put(&self, lines: &mut Lines) {
        loop {
            let room = self.room.notified();
            tokio::pin!(room);
            // Before the offer: room that is made in between is not missed.
            room.as_mut().enable();
            if self.offer(lines) {
                return;
            }
            room.await;
        }
    }

    /// Waits for lines as long as `patience` says and takes all of them; `None` when the inbox is closed and empty.
    pub(super) fn take(&self, patience: Patience) -> Option<Waiting> {
        let mut state = self.state.lock();
        loop {
            if state.closed && state.waiting.lines == 0 {
                return None;
            }
            match state.waiting.since {
                None => self.arrived.wait(&mut state),
                Some(since) => {
                    let due = since + patience.wait;
                    if state.closed || state.waiting.lines >= patience.lines || Instant::now() >= due {
                        let taken = std::mem::take(&mut state.waiting);
                        drop(state);
                        self.room.notify_waiters();
                        return Some(taken);
                    }
                    self.arrived.wait_until(&mut state, due);
                }
            }
        }
    }

    /// Nothing more comes.
    pub(super) fn close(&self) {
        self.state.lock().closed = true;
        self.arrived.notify_all();
    }

    /// Waits, at most so long, for the end; true when nothing more comes.
    pub(super) fn pause(&self, wait: Duration) -> bool {
        let mut state = self.state.lock();
        let due = Instant::now() + wait;
        while !state.closed && !self.arrived.wait_until(&mut state, due).timed_out() {}
        state.closed
    }

    /// How many lines wait, and since when the first.
    pub(super) fn waiting(&self) -> (u64, Option<Instant>) {
        let state = self.state.lock();
        (state.waiting.lines, state.waiting.since)
    }
}

impl State {
    fn bundle(&mut self, host: Box<str>) -> &mut Bundle {
        let known = self.hosts.contains(&host) || host.is_empty();
        if !known && self.hosts.len() < Inbox::MOST_HOSTS {
            self.hosts.insert(host.clone());
        } else if !known {
            return self.waiting.by_host.entry("".into()).or_default();
        }
        self.waiting.by_host.entry(host).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const AT_ONCE: Patience = Patience { lines: 1, wait: Duration::ZERO };

    fn lines(host: &str, text: &[&str]) -> Lines {
        let mut lines = Lines::default();
        text.iter().for_each(|line| lines.push(host, line.as_bytes()));
        lines
    }

    #[test]
    fn lines_wait_by_machine_and_within_bounds() {
        let inbox = Inbox::new(10);
        assert!(inbox.offer(&mut lines("a", &["1", "2"])) && inbox.offer(&mut lines("b", &["3"])));
        let mut more = lines("a", &["45678"]);
        assert!(!inbox.offer(&mut more));
        assert_eq!((more.count(), inbox.waiting().0), (1, 3));
        let taken = inbox.take(AT_ONCE).unwrap();
        assert_eq!((&*taken.by_host["a"].bytes, &*taken.by_host["b"].bytes), (&b"1\n2\n"[..], &b"3\n"[..]));
        // What is larger than all there is goes in alone.
        assert!(inbox.offer(&mut lines("a", &["more than ten bytes"])));
        inbox.close();
        assert!(inbox.take(AT_ONCE).is_some() && inbox.take(AT_ONCE).is_none());
    }

    #[test]
    fn so_many_machines_are_told_apart() {
        let inbox = Inbox::new(1 << 20);
        for number in 0..Inbox::MOST_HOSTS + 5 {
            assert!(inbox.offer(&mut lines(&format!("host{number}"), &["x"])));
        }
        let mut long = lines("", &[&"x".repeat(100_000)]);
        assert!(inbox.offer(&mut long) && long.bytes.capacity() <= Lines::IDLE_BYTES);
        let taken = inbox.take(AT_ONCE).unwrap();
        assert_eq!((taken.by_host.len(), taken.by_host[""].bytes.len()), (Inbox::MOST_HOSTS + 1, 100_011));
    }

    #[test]
    fn whoever_brings_waits_for_room() {
        let inbox = Arc::new(Inbox::new(100));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bringing = Arc::clone(&inbox);
        let brought = std::thread::spawn(move || {
            runtime.block_on(async {
                for _ in 0..1000 {
                    bringing.put(&mut lines("", &["0123456789"])).await;
                }
            });
            bringing.close();
        });
        let mut taken = 0;
        while let Some(waiting) = inbox.take(AT_ONCE) {
            assert!(waiting.bytes <= 100);
            taken += waiting.lines;
        }
        brought.join().unwrap();
        assert_eq!(taken, 1000);
    }
}
