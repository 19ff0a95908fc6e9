//! The keys of `TX` by number.

use std::collections::HashMap;

use super::program::Slot;

/// The keys of `TX`, lowercased.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    pub(super) names: Vec<Box<str>>,
    by_name: HashMap<Box<str>, Slot>,
}

impl Slots {
    pub(super) fn new() -> Self {
        let mut slots = Slots::default();
        (0..10).for_each(|digit| {
            slots.slot_of(&digit.to_string());
        });
        slots
    }

    /// The slot of a name in any case, a new one if it has none.
    pub(super) fn slot_of(&mut self, name: &str) -> Slot {
        let name = name.to_ascii_lowercase();
        if let Some(slot) = self.find(&name) {
            return slot;
        }
        let slot = self.names.len();
        self.names.push(name.as_str().into());
        self.by_name.insert(name.into(), slot);
        slot
    }

    pub(super) fn find(&self, lowercased: &str) -> Option<Slot> {
        self.by_name.get(lowercased).copied()
    }
}
