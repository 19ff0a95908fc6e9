//! Who is hidden in the names of groups from a reader who may not see people.

use super::error::ApiResult;
use super::state::AppState;
use crate::model::{Dimension, GroupQuery, Lens, People, TimeRange};
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
        let names = |hidden: bool, by| -> ApiResult<Vec<String>> {
            if !hidden {
                return Ok(Vec::new());
            }
            let groups = self.store.groups(&GroupQuery::of(by, TimeRange::ALL, usize::MAX), &Lens::PLAIN)?;
            Ok(groups.entries.into_iter().map(|entry| entry.name).filter(|name| name != "-").collect())
        };
        let (clients, users) = (names(asked.1, Dimension::Client)?, names(asked.2, Dimension::User)?);
        let people = Arc::new(People::new(clients.iter().map(String::as_bytes), users.iter().map(String::as_bytes)));
        *self.people.0.lock() = Some((asked, Arc::clone(&people)));
        Ok(people)
    }
}
