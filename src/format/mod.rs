//! Stand-in for the formats: renders nothing.

use crate::model::EventView;

/// The line the event was read from.
pub fn render(_view: &EventView) -> Option<String> {
    None
}
