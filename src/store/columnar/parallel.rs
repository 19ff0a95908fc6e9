//! Work on many blocks at once. Questions share the cores: each takes the helpers that are free, and does without
//! where there is none; what asks always works itself.

use super::reader::{Readers, Session};
use super::snapshot::BlockMeta;
use crate::model::MAX_BLOCK_ROWS;
use crate::store::{StoreError, StoreResult};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

/// Helpers that are free, of all questions to a store together.
#[derive(Debug)]
pub(super) struct Helpers(AtomicUsize);

impl Default for Helpers {
    /// As many as there are cores besides the one that asks.
    fn default() -> Helpers {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Helpers(AtomicUsize::new(cores - 1))
    }
}

impl Helpers {
    /// Takes as many as are free, at most `wanted`, until the answer goes.
    fn take(&self, wanted: usize) -> Taken<'_> {
        let mut taken = 0;
        let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| {
            taken = free.min(wanted);
            Some(free - taken)
        });
        Taken { helpers: self, taken }
    }
}

struct Taken<'h> {
    helpers: &'h Helpers,
    taken: usize,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.helpers.0.fetch_add(self.taken, Ordering::AcqRel);
    }
}

/// Does `work` on every block, and hands what comes of it to `each` in the order of `blocks`, until that breaks off.
/// Beyond the rows of one block, other cores help; each reads through a connection of its own.
///
/// # Errors
/// The first of `work` or `each`. Of work that was done ahead, an error counts even where `each` would have broken off
/// before it.
pub(super) fn over_blocks<T: Send>(
    session: &Session<'_>,
    blocks: &[Arc<BlockMeta>],
    work: impl Fn(&Session<'_>, &BlockMeta) -> StoreResult<T> + Sync,
    mut each: impl FnMut(&Arc<BlockMeta>, T) -> StoreResult<ControlFlow<()>>,
) -> StoreResult<()> {
    let rows: usize = blocks.iter().map(|block| block.rows as usize).sum();
    let wanted = (rows / MAX_BLOCK_ROWS).min(blocks.len().saturating_sub(1));
    let taken = session.readers.helpers.take(wanted);
    if taken.taken == 0 {
        for block in blocks {
            if each(block, work(session, block)?)?.is_break() {
                break;
            }
        }
        return Ok(());
    }
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        blocks.get(at).filter(|_| !stopped.load(Ordering::Relaxed)).map(|block| (at, block))
    };
    let (readers, snapshot): (&Readers, _) = (session.readers, &session.snapshot);
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel::<(usize, StoreResult<T>)>();
        for _ in 0..taken.taken {
            let (send, take, work) = (send.clone(), &take, &work);
            scope.spawn(move || {
                let worked = readers.with_connection(|db| {
                    let session = Session { readers, snapshot: Arc::clone(snapshot), db };
                    while let Some((at, block)) = take() {
                        if send.send((at, work(&session, block))).is_err() {
                            break;
                        }
                    }
                    Ok(())
                });
                if let Err(error) = worked {
                    let _ = send.send((usize::MAX, Err(error)));
                }
            });
        }
        drop(send);
        let mut deliver = || -> StoreResult<()> {
            let (mut done, mut turn) = (BTreeMap::new(), 0);
            while turn < blocks.len() {
                match take() {
                    Some((at, block)) => {
                        done.insert(at, work(session, block)?);
                    }
                    None if !done.contains_key(&turn) => {
                        let (at, result) = receive.recv().map_err(|_| StoreError::Moved)?;
                        done.insert(at, result?);
                    }
                    None => {}
                }
                for (at, result) in receive.try_iter() {
                    done.insert(at, result?);
                }
                while let Some(result) = done.remove(&turn) {
                    if each(&blocks[turn], result)?.is_break() {
                        return Ok(());
                    }
                    turn += 1;
                }
            }
            Ok(())
        };
        let delivered = deliver();
        stopped.store(true, Ordering::Relaxed);
        delivered
    })
}

/// Does `work` on every item, in the threads that are free, each with what `begin` makes for it. Answers those, the
/// asking thread's first.
pub(super) fn over_items<I: Sync, T: Send>(
    helpers: &Helpers,
    items: &[I],
    begin: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &I) + Sync,
) -> Vec<T> {
    let taken = helpers.take(items.len().saturating_sub(1));
    let next = AtomicUsize::new(0);
    let work_off = || {
        let mut made = begin();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(&mut made, item);
        }
        made
    };
    std::thread::scope(|scope| {
        let spawned: Vec<_> = (0..taken.taken).map(|_| scope.spawn(work_off)).collect();
        let mut made = vec![work_off()];
        for helper in spawned {
            made.push(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_are_shared_and_come_back() {
        let helpers = Helpers(AtomicUsize::new(3));
        let first = helpers.take(2);
        let second = helpers.take(5);
        assert_eq!((first.taken, second.taken, helpers.take(1).taken), (2, 1, 0));
        drop(first);
        drop(second);
        assert_eq!(helpers.take(9).taken, 3);
    }

    #[test]
    fn every_item_is_worked_on_once() {
        for free in [0, 3] {
            let items: Vec<u64> = (0..1000).collect();
            let helpers = Helpers(AtomicUsize::new(free));
            let sums = over_items(
                &helpers,
                &items,
                || (0, 0),
                |(count, sum), item| (*count, *sum) = (*count + 1, *sum + item),
            );
            assert_eq!(sums.len(), free + 1);
            let all = sums.iter().fold((0, 0), |all, part| (all.0 + part.0, all.1 + part.1));
            assert_eq!((all, helpers.take(9).taken), ((1000, 499_500), free));
        }
    }
}
