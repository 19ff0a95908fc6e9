//! Where the literals of rules were found in the texts of a line.

use std::ops::Range;

/// No hit.
const NONE: u32 = u32::MAX;

/// Hits, by rule.
#[derive(Clone, Debug, Default)]
pub(in crate::waf) struct Hits {
    /// Of each rule, its last hit.
    last: Vec<u32>,
    /// From, to, and the hit before of the same rule.
    hits: Vec<(u32, u32, u32)>,
}

impl Hits {
    pub(super) fn clear(&mut self, rules: usize) {
        self.last.clear();
        self.last.resize(rules, NONE);
        self.hits.clear();
    }

    /// Places are those of the buffer of all texts.
    pub(super) fn add(&mut self, rule: u32, from: usize, to: usize) {
        let before = std::mem::replace(&mut self.last[rule as usize], self.hits.len() as u32);
        self.hits.push((from as u32, to as u32, before));
    }

    /// Whether a rule has a hit within a place. Looks at a few, and says yes if there are more.
    pub(in crate::waf) fn any_within(&self, rule: usize, place: Range<usize>) -> bool {
        const MOST: usize = 16;
        let mut at = self.last[rule];
        for _ in 0..MOST {
            let Some((from, to, before)) = self.hits.get(at as usize) else { return false };
            if place.start <= *from as usize && *to as usize <= place.end {
                return true;
            }
            at = *before;
        }
        true
    }
}
