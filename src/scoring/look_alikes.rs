//! The look-alikes of protected names, made once for each list of them: that takes milliseconds, and every request that
//! shows rows asks.

use crate::classify::LookAlikes;
use crate::control::lists::HostSet;
use parking_lot::Mutex;
use std::sync::Arc;

type Made = (Arc<HostSet>, Arc<LookAlikes>);

/// The last list and what was made of it. A process serves one installation, so one is enough.
static LAST: Mutex<Option<Made>> = Mutex::new(None);

/// What imitates well-known names and those of the list.
pub fn of(protected: &Arc<HostSet>) -> Arc<LookAlikes> {
    let mut last = LAST.lock();
    if let Some((list, made)) = &*last
        && list == protected
    {
        return Arc::clone(made);
    }
    let made = Arc::new(LookAlikes::new(protected.iter()));
    *last = Some((Arc::clone(protected), Arc::clone(&made)));
    made
}
