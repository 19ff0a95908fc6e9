//! Following something else while it goes on: sources that are as they were are left alone, with the files they hold open.

use super::family::Family;
use super::reader::Way;
use super::{Follower, SourceSpec};
use crate::store::EventSink;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel as queue};
use std::time::{Duration, Instant};

/// How long a source that is followed no longer may take to store what had been written.
const LAST_LOOKS: Duration = Duration::from_secs(2);

/// Tells a follower that runs what to follow.
#[derive(Clone)]
pub struct FollowChanges(Sender<Ask>);

struct Ask {
    specs: Vec<SourceSpec>,
    done: Sender<()>,
}

/// Where a follower is told.
pub(super) struct Asked(Receiver<Ask>);

/// Both ends.
pub(super) fn channel() -> (FollowChanges, Asked) {
    let (tell, told) = queue();
    (FollowChanges(tell), Asked(told))
}

impl FollowChanges {
    /// Has these followed from now on. Answers whether that is so within `patience`; if not, it will be, unless the
    /// follower has ended.
    pub fn follow(&self, specs: Vec<SourceSpec>, patience: Duration) -> bool {
        let (done, is_done) = queue();
        self.0.send(Ask { specs, done }).is_ok() && is_done.recv_timeout(patience).is_ok()
    }
}

/// Each source with the paths that belong to others.
pub(super) fn beside_others(specs: Vec<SourceSpec>) -> impl Iterator<Item = (SourceSpec, BTreeSet<PathBuf>)> {
    let paths: BTreeSet<PathBuf> = specs.iter().map(|spec| spec.path.clone()).collect();
    specs.into_iter().map(move |spec| {
        let others = paths.iter().filter(|path| **path != spec.path).cloned().collect();
        (spec, others)
    })
}

impl<S: EventSink + 'static> Follower<S> {
    /// Follows what it was told to since it was last asked.
    pub(super) fn change(&mut self, now: Duration) {
        while let Ok(Ask { specs, done }) = self.changes.1.0.try_recv() {
            self.replace(specs, now);
            // Whoever asked may have gone.
            let _ = done.send(());
        }
    }

    fn replace(&mut self, specs: Vec<SourceSpec>, now: Duration) {
        let mut former = std::mem::take(&mut self.families);
        for (spec, others) in beside_others(specs) {
            let family = match former.iter().position(|family| *family.spec() == spec) {
                Some(at) => former.swap_remove(at).beside(others),
                None => Family::new(spec, others),
            };
            self.families.push(family);
        }
        // Of the others, what had been written is stored. Where it is in a file of a source that has only changed, that
        // goes on from there: a content is known by what it holds.
        let until = Instant::now() + LAST_LOOKS;
        for mut family in former {
            let source = family.spec().source.clone();
            let way = Way { store: &self.store, clock: &*self.clock, stored_as: &self.stored_as, source: &source };
            while family.look(&way, now, false).more && Instant::now() < until {}
        }
    }
}
