//! What a value's bytes and length say before it is worth asking an operator.

use std::sync::Arc;

use super::expected_kinds;
use crate::waf::Kinds;

/// Few values are so long, in bytes.
const LONG: usize = 256;

/// What each value has that an operator matches, whatever the case of its letters: it may be asked before that changes. Cheaper to see than a [gate](super::Gate)'s literals, and known for
/// many operators without any.
#[derive(Clone, Debug)]
pub struct Guard {
    /// It isn't shorter, in bytes.
    pub(in crate::waf) shortest: usize,
    /// It isn't longer, in bytes, unless it has a line end.
    pub(super) longest: usize,
    /// Its first byte is of these kinds, unless it is empty or has a line end.
    pub(super) first: Kinds,
    /// Of each of these it has one kind at least.
    pub(super) needs: Box<[Kinds]>,
    /// For each first byte in lower case, the lengths that it may have, one bit each; unless it is empty or has a line end. Nothing
    /// where some are longer than 63 bytes.
    pub(super) lengths: Option<Arc<[u64; 256]>>,
    /// What else may keep a value from matching: a value, and the kinds of its bytes.
    pub(super) may_match: Option<fn(&[u8], Kinds) -> bool>,
}

impl Guard {
    /// Any value may match.
    pub fn open() -> Self {
        Guard {
            shortest: 0,
            longest: usize::MAX,
            first: Kinds::ALL,
            needs: Box::default(),
            lengths: None,
            may_match: None,
        }
    }

    /// A value that matches is so long, in bytes.
    pub(in crate::waf) fn at_least(shortest: usize) -> Self {
        Guard { shortest, ..Guard::open() }
    }

    /// A value that matches has one of these.
    pub(super) fn needs(kinds: Kinds) -> Self {
        Guard { needs: Box::new([kinds]), ..Guard::open() }
    }

    /// The share of values, of 1, that is to be expected to pass, at most: all, unless one of what they must have is rare.
    pub(in crate::waf) fn expected(&self) -> f64 {
        let rarest_kinds = self.needs.iter().map(|need| expected_kinds(*need)).fold(1.0, f64::min);
        match self {
            Guard { shortest: LONG.., .. } => 0.01,
            Guard { lengths: Some(_), .. } | Guard { may_match: Some(_), .. } => rarest_kinds.min(0.1),
            _ => rarest_kinds,
        }
    }

    /// Whether a value may match; `kinds` are those of its bytes.
    pub fn lets_pass(&self, value: &[u8], kinds: Kinds) -> bool {
        self.lets_some_pass(value.len(), kinds)
            && (kinds.meet(Kinds::LINE_ENDS)
                || (value.len() <= self.longest
                    && value.first().is_none_or(|byte| self.first.meet(Kinds::of_byte(*byte)))
                    && self.has_length(value)))
            && self.may_match.is_none_or(|may_match| may_match(value, kinds))
    }

    fn has_length(&self, value: &[u8]) -> bool {
        match (&self.lengths, value) {
            (Some(lengths), [first, ..]) => {
                value.len() < 64 && lengths[usize::from(first.to_ascii_lowercase())] >> value.len() & 1 == 1
            }
            _ => true,
        }
    }

    /// Whether some of many values may match, the longest of which is so long, and whose kinds are among these.
    pub fn lets_some_pass(&self, longest: usize, kinds: Kinds) -> bool {
        longest >= self.shortest && self.needs.iter().all(|need| need.meet(kinds))
    }
}
