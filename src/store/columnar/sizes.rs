//! How large the groups of windows are, kept for as long as the store is as it is: one page asks for the same window
//! several times, by names, by tags and by services.

use super::reader::Session;
use super::rollup::Group;
use super::sinks::Sizes;
use super::snapshot::State;
use crate::model::{GroupOrder, TimeRange};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::sync::Arc;

/// Groups that are kept of all windows together, at 12 bytes each.
const KEPT_GROUPS: usize = 2 << 20;
/// Windows that are kept.
const KEPT_WINDOWS: usize = 32;

/// The groups of a window and how large they are, by rising ids.
#[derive(Debug)]
pub(super) struct GroupSizes {
    ids: Vec<u32>,
    sizes: Vec<u64>,
}

impl GroupSizes {
    fn of(sizes: &Sizes) -> GroupSizes {
        let (ids, sizes) = sizes.iter().unzip();
        GroupSizes { ids, sizes }
    }

    /// Each group's dictionary id and size.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        self.ids.iter().copied().zip(self.sizes.iter().copied())
    }
}

/// Which groups, of when, and what makes them large.
pub(super) type Window = (Group, TimeRange, GroupOrder);

/// Locked while it is found.
type Filling = Arc<Mutex<Option<Arc<GroupSizes>>>>;

/// What was asked for since the store last changed.
#[derive(Debug, Default)]
pub(super) struct SizeCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The state of the store, and how many blocks are left out for being damaged.
    of: (State, usize),
    windows: Vec<(Window, Filling)>,
}

impl SizeCache {
    /// What `find` finds, unless it is known; whoever asks for the same meanwhile waits for it.
    pub(super) fn get(
        &self,
        session: &Session<'_>,
        window: Window,
        find: impl FnOnce() -> StoreResult<Sizes>,
    ) -> StoreResult<Arc<GroupSizes>> {
        let filling = self.filling(session, window);
        let mut known = filling.lock();
        if let Some(known) = &*known {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(GroupSizes::of(&find()?));
        if found.ids.len() <= KEPT_GROUPS {
            *known = Some(Arc::clone(&found));
        }
        Ok(found)
    }

    fn filling(&self, session: &Session<'_>, window: Window) -> Filling {
        let (now, mut kept) = ((session.snapshot.state, session.readers.quarantined()), self.0.lock());
        if kept.of != now {
            let (known, asked) = (&kept.of.0, &now.0);
            if asked.version < known.version || asked.epoch < known.epoch {
                // Whoever asks began before the store changed: for them alone.
                return Filling::default();
            }
            *kept = Kept { of: now, windows: Vec::new() };
        }
        if let Some((_, filling)) = kept.windows.iter().find(|(known, _)| *known == window) {
            return Arc::clone(filling);
        }
        let groups = |(_, filling): &(Window, Filling)| {
            filling.try_lock().and_then(|known| known.as_ref().map(|known| known.ids.len())).unwrap_or(0)
        };
        while kept.windows.len() >= KEPT_WINDOWS || kept.windows.iter().map(groups).sum::<usize>() > KEPT_GROUPS {
            kept.windows.remove(0);
        }
        let filling = Filling::default();
        kept.windows.push((window, Arc::clone(&filling)));
        filling
    }
}
