//! What the groups of a match took.

use std::ops::Range;

/// Where the groups of a match are in the value: 0 is the whole match, 1 to 9 are the pattern's own. What took no part
/// is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures([Option<Range<usize>>; 10]);

impl Captures {
    /// The place of a group, 0 to 9.
    pub fn get(&self, group: usize) -> Option<Range<usize>> {
        self.0.get(group).cloned().flatten()
    }

    /// The groups that took part, with their places, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        self.0.iter().enumerate().filter_map(|(group, place)| Some((group, place.clone()?)))
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.0 = Default::default();
    }

    /// Groups above 9 are forgotten: no macro can ask for them.
    pub(super) fn set(&mut self, group: usize, place: Range<usize>) {
        if let Some(slot) = self.0.get_mut(group) {
            *slot = Some(place);
        }
    }

    pub(super) fn only(&mut self, place: Range<usize>) {
        self.clear();
        self.set(0, place);
    }
}
