//! Who is hidden in the names of groups from a reader who may not see people.

use super::error::ApiResult;
use super::state::AppState;
use crate::model::{Lens, People};
use crate::store::hidden_people;
use parking_lot::Mutex;
use std::sync::Arc;

/// Everybody of the log, as of a version of the store, by whether clients and users are hidden.
#[derive(Debug, Default)]
pub struct PeopleCache(Mutex<Option<(Asked, Arc<People>)>>);

type Asked = (u64, bool, bool);

impl AppState {
    /// Everybody whom `lens` hides; blocks.
    ///
    /// # Errors
    /// When the store can't be read.
    pub(super) fn people(&self, lens: &Lens) -> ApiResult<Arc<People>> {
        if lens.is_plain() {
            return Ok(Arc::default());
        }
        let asked = (self.store.version()?, !lens.client_is_plain(), !lens.user_is_plain());
        if let Some((known, people)) = &*self.people.0.lock()
            && *known == asked
        {
            return Ok(Arc::clone(people));
        }
        let people = Arc::new(hidden_people(&*self.store, lens)?);
        *self.people.0.lock() = Some((asked, Arc::clone(&people)));
        Ok(people)
    }
}
