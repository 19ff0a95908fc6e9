//! Where a match leads: `skip` and `skipAfter`.

use std::collections::HashMap;

use super::Compiler;
use crate::waf::engine::program::RuleAt;
use crate::waf::seclang::{self, Item, Phase, RuleSet};

/// For each marker and each of the two phases, how many rules of the phase stand before it.
pub(super) type Markers<'r> = HashMap<&'r str, Vec<[usize; 2]>>;

/// For each marker and each of the two phases, how many rules of the phase stand before it.
pub(super) fn markers(rules: &RuleSet) -> Markers<'_> {
    let mut before = [0, 0];
    let mut markers: Markers<'_> = HashMap::new();
    for item in &rules.items {
        match item {
            Item::Rule(rule) if rule.phase == Phase::RequestHeaders => before[0] += 1,
            Item::Rule(rule) if rule.phase == Phase::RequestBody => before[1] += 1,
            Item::Rule(_) => {}
            Item::Marker { label, .. } => markers.entry(label).or_default().push(before),
        }
    }
    markers
}

impl Compiler<'_> {
    /// Where a match leads. A marker is a place in both phases, and stands behind those who skip to it.
    pub(super) fn jump(&self, at: RuleAt, rule: &seclang::Rule, markers: &Markers<'_>) -> Option<RuleAt> {
        let second = self.program.second_phase;
        let (phase, base, end) = if at < second { (0, 0, second) } else { (1, second, self.order.len()) };
        if let Some(label) = rule.skip_after.as_deref() {
            let places = markers.get(label).map_or(&[][..], Vec::as_slice);
            return places.iter().map(|place| base + place[phase]).find(|place| *place > at);
        }
        Some((at + 1 + rule.skip? as usize).min(end))
    }
}
