//! Bounds how much hashing runs at once: a hash takes 19 MiB and a core for tens of milliseconds.

use parking_lot::{Condvar, Mutex};

/// So many at work, so many in line, the rest turned away.
#[derive(Debug)]
pub(super) struct Permits {
    state: Mutex<State>,
    freed: Condvar,
    at_work: usize,
    in_line: usize,
}

#[derive(Debug, Default)]
struct State {
    working: usize,
    waiting: usize,
}

impl Permits {
    pub(super) fn new(at_work: usize, in_line: usize) -> Permits {
        Permits { state: Mutex::default(), freed: Condvar::new(), at_work, in_line }
    }

    /// Waits for a turn; `None` when the line is full.
    pub(super) fn acquire(&self) -> Option<Permit<'_>> {
        let mut state = self.state.lock();
        if state.working >= self.at_work {
            if state.waiting >= self.in_line {
                return None;
            }
            state.waiting += 1;
            while state.working >= self.at_work {
                self.freed.wait(&mut state);
            }
            state.waiting -= 1;
        }
        state.working += 1;
        Some(Permit(self))
    }
}

/// A turn; ends with its scope.
#[derive(Debug)]
pub(super) struct Permit<'p>(&'p Permits);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.state.lock().working -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[test]
    fn no_more_than_allowed_work_at_once_and_all_get_their_turn() {
        let permits = Permits::new(2, 100);
        let (now, most, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let _permit = permits.acquire().unwrap();
                    most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(2));
                    now.fetch_sub(1, SeqCst);
                    done.fetch_add(1, SeqCst);
                });
            }
        });
        assert_eq!((most.into_inner(), done.into_inner()), (2, 20));
    }

    #[test]
    fn a_full_line_turns_away() {
        let permits = Permits::new(1, 0);
        let permit = permits.acquire();
        assert!(permit.is_some() && permits.acquire().is_none());
        drop(permit);
        assert!(permits.acquire().is_some());
    }
}
