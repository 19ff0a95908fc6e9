//! Which part of a literal to look for: a short and rare one.

use crate::waf::operators::expected;

/// The longest part that is looked for, in bytes. Longer ones make the automaton larger and hardly fewer candidates.
const LONGEST: usize = 5;

/// Of each literal, its rarest part; those that have another in them left out.
pub(super) fn chosen(literals: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = literals.iter().map(|literal| rarest(literal).to_vec()).collect();
    parts.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    parts.dedup();
    let mut kept: Vec<Vec<u8>> = Vec::with_capacity(parts.len());
    for part in parts {
        if !kept.iter().any(|shorter| memchr::memmem::find(&part, shorter).is_some()) {
            kept.push(part);
        }
    }
    kept
}

fn rarest(literal: &[u8]) -> &[u8] {
    let parts = literal.windows(LONGEST.min(literal.len()).max(1));
    parts.min_by(|a, b| expected(a).total_cmp(&expected(b))).unwrap_or(literal)
}
