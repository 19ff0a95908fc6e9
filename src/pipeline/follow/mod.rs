//! Following files as they grow, through every way of rotating them: one thread looks at every source in turn, stores
//! what is new and goes on looking.
//!
//! What a file holds is known by its content, never by its name or number, and the store takes a step only from where
//! the content stands: so whatever happens to files, no line is stored twice. That none is lost is the work done here:
//! every file that may hold new lines is looked into until its end is stored ([`family`]), held open while it may still
//! grow ([`file`]), and what lies before the place is compared before lines behind it are stored ([`reader`]).

mod archive;
mod change;
mod end;
mod family;
mod file;
mod reader;
mod record;
mod run;
mod status;

pub use change::FollowChanges;
pub use status::{FollowState, FollowStatus};

use super::parse::{StoredAs, stored_plain};
use crate::format::FormatChoice;
use crate::model::{Clock, SourceName};
use crate::store::{EventSink, StoreError};
use change::{Asked, beside_others};
use family::Family;
use file::Looked;
use reader::Way;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What to follow.
#[derive(Clone, PartialEq)]
pub struct SourceSpec {
    /// Name and machine of its rows; their format is that of their lines.
    pub source: SourceName,
    /// The files: a path or a glob. What rotation makes of them is found beside them.
    pub path: PathBuf,
    /// How its lines are read.
    pub format: FormatChoice,
    /// The zone of times that are written without one.
    pub zone: jiff::tz::TimeZone,
    /// Whether, the first time ever, files are followed from their end instead of their beginning.
    pub from_end: bool,
}

/// Follows files.
pub struct Follower<S: EventSink> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    families: Vec<Family>,
    status: Arc<FollowStatus>,
    /// The store's version when there was no background work left.
    maintained: Option<u64>,
    stored_as: StoredAs,
    changes: (FollowChanges, Asked),
}

/// What following a file for a moment can run into.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error("{0}")]
    Read(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no such file; it is waited for")]
    Missing,
    #[error("no known format explains most of the first lines; name the right one as the source's 'format'")]
    UnknownFormat,
}

impl<S: EventSink + 'static> Follower<S> {
    /// A follower of `specs`.
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, specs: Vec<SourceSpec>) -> Self {
        let families = beside_others(specs).map(|(spec, others)| Family::new(spec, others)).collect();
        Follower {
            store,
            clock,
            families,
            status: Arc::default(),
            maintained: None,
            stored_as: stored_plain(),
            changes: change::channel(),
        }
    }

    /// With another way to store rows than as they are.
    pub fn stored_as(self, stored_as: StoredAs) -> Self {
        Follower { stored_as, ..self }
    }

    /// How following goes.
    pub fn status(&self) -> Arc<FollowStatus> {
        Arc::clone(&self.status)
    }

    /// By which it can be told to follow something else.
    pub fn changes(&self) -> FollowChanges {
        self.changes.0.clone()
    }

    /// Looks at every source once: which files there are, and what is new in them. `now` is the time since any moment,
    /// and never goes back. Answers how many lines were new.
    pub fn look(&mut self, now: Duration) -> u64 {
        self.look_again(now, true).lines
    }

    /// As [`Follower::look`]; which files there are is only asked where `list` is set.
    fn look_again(&mut self, now: Duration, list: bool) -> Looked {
        let mut all = Looked::default();
        for family in &mut self.families {
            let source = family.spec().source.clone();
            let way = Way { store: &self.store, clock: &*self.clock, stored_as: &self.stored_as, source: &source };
            let looked = family.look(&way, now, list);
            all.lines += looked.lines;
            all.more |= looked.more;
        }
        self.status.looked(all.lines, self.families.iter().flat_map(Family::states).collect());
        all
    }
}
