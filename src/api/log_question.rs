//! Which rows of the log a request asks for: read one way by the list, the live stream and the exports.

use super::cursor::{Cursor, question};
use super::error::{ApiError, ApiResult};
use super::params::{Asked, Filters, Window};
use super::rows::RowSettings;
use super::state::AppState;
use super::tags;
use crate::model::{EventFilter, Lens, Principal, Terms, TimeRange};
use serde_json::{Map, Value};
use std::hash::Hash;
use std::sync::Arc;

/// Which rows are asked for.
#[derive(Clone, Debug)]
pub struct LogQuestion {
    /// Filter and window, resolved.
    pub filter: EventFilter,
    /// What was asked, for the audit log; of filters that may name a person only how many values there were.
    pub on_record: Map<String, Value>,
    asked: u64,
}

impl LogQuestion {
    /// Reads filters and window; what is wrong with them is added to the faults of `asked`.
    pub fn read(asked: &mut Asked, state: &AppState, lens: &Lens) -> LogQuestion {
        let now = state.clock.now();
        let window = Window::read(asked, now);
        let settings = Arc::new(RowSettings::of(&state.control.settings(), lens));
        let Filters { filter, tags, mut on_record } = Filters::read(asked, lens, |tag| tags::test(tag, &settings));
        let range = window.range(now);
        if let Some(TimeRange { from, until }) = range {
            on_record.insert("from".to_owned(), Value::from(from.to_rfc3339()));
            on_record.insert("to".to_owned(), Value::from(until.to_rfc3339()));
        }
        // How a tag is told changes with the settings, which is no reason to end a walk.
        let untagged = EventFilter { tag: Terms::default(), ..filter.clone() };
        let asked = question(&(&untagged, &tags, window));
        LogQuestion { filter: EventFilter { range, ..filter }, on_record, asked }
    }

    /// Keeps to the log sources that a key is restricted to.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`] when only others were asked for.
    pub fn keep_to(&mut self, principal: &Principal) -> ApiResult<()> {
        let Some(sources) = &principal.sources else { return Ok(()) };
        let asked = &self.filter.source;
        let mut any = sources.to_vec();
        any.retain(|source| asked.any.is_empty() || asked.any.iter().any(|one| one.eq_ignore_ascii_case(source)));
        if any.is_empty() {
            return Err(ApiError::Forbidden("this API key is restricted to other log sources".to_owned()));
        }
        self.filter.source = Terms { any, none: asked.none.clone() };
        Ok(())
    }

    /// The number of this question for cursors, together with what else says which rows come next: filter and window
    /// as written, not what they stand for by now.
    pub fn number(&self, more: &impl Hash) -> u64 {
        question(&(self.asked, more))
    }

    /// Goes on with the window that the walk of a cursor began with.
    pub fn go_on(&mut self, cursor: &Cursor) {
        self.filter.range = self.filter.range.map(|_| cursor.range);
    }
}
