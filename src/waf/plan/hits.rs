//! Where the literals of rules were found in the texts of a line.

use std::ops::Range;

/// No hit.
const NONE: u32 = u32::MAX;

/// Arguments, one bit each by their place; the last bit is that of all further ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::waf) struct Arguments(u64);

impl Arguments {
    pub(in crate::waf) const NONE: Arguments = Arguments(0);
    pub(in crate::waf) const ALL: Arguments = Arguments(u64::MAX);
    const LAST: usize = 63;

    /// The one at a place.
    pub(super) fn at(place: usize) -> Self {
        Arguments(1 << place.min(Self::LAST))
    }

    pub(super) fn and(self, others: Self) -> Self {
        Arguments(self.0 | others.0)
    }

    /// The places of those among so many.
    pub(in crate::waf) fn places(self, count: usize) -> impl Iterator<Item = usize> {
        const LAST: u64 = 1 << Arguments::LAST;
        let mut rest = self.0 & !LAST;
        let own = std::iter::from_fn(move || {
            let place = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            (place < count.min(Self::LAST)).then_some(place)
        });
        own.chain(if self.0 & LAST == 0 { 0..0 } else { Self::LAST..count.max(Self::LAST) })
    }
}

/// Hits, by rule.
#[derive(Clone, Debug, Default)]
pub(in crate::waf) struct Hits {
    of_rules: Vec<OfRule>,
    /// From, to, and the hit before of the same rule.
    hits: Vec<(u32, u32, u32)>,
    /// The number of the line.
    line: u32,
}

/// The hits of a rule.
#[derive(Clone, Copy, Debug)]
struct OfRule {
    /// The line that this is about; on others there are none.
    line: u32,
    /// The last one.
    last: u32,
    /// The arguments that they are in, by their names and by their values.
    names: Arguments,
    values: Arguments,
}

impl OfRule {
    const NONE: OfRule = OfRule { line: 0, last: NONE, names: Arguments::NONE, values: Arguments::NONE };
}

/// What a text is a part of, for the places of hits in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Within {
    pub(super) names: Arguments,
    pub(super) values: Arguments,
}

impl Hits {
    pub(super) fn clear(&mut self, rules: usize) {
        self.of_rules.resize(rules, OfRule::NONE);
        self.hits.clear();
        self.line = self.line.wrapping_add(1);
        if self.line == 0 {
            self.of_rules.fill(OfRule::NONE);
            self.line = 1;
        }
    }

    /// Places are those of the buffer of all texts.
    pub(super) fn add(&mut self, rule: u32, from: usize, to: usize, within: Within) {
        let of_rule = &mut self.of_rules[rule as usize];
        if of_rule.line != self.line {
            *of_rule = OfRule { line: self.line, ..OfRule::NONE };
        }
        let before = std::mem::replace(&mut of_rule.last, self.hits.len() as u32);
        of_rule.names = of_rule.names.and(within.names);
        of_rule.values = of_rule.values.and(within.values);
        self.hits.push((from as u32, to as u32, before));
    }

    fn of(&self, rule: usize) -> OfRule {
        self.of_rules.get(rule).filter(|of_rule| of_rule.line == self.line).copied().unwrap_or(OfRule::NONE)
    }

    /// The arguments whose names a rule may match: no other has a hit.
    pub(in crate::waf) fn names(&self, rule: usize) -> Arguments {
        self.of(rule).names
    }

    /// The arguments whose values a rule may match.
    pub(in crate::waf) fn values(&self, rule: usize) -> Arguments {
        self.of(rule).values
    }

    /// Whether a rule has a hit within a place. Looks at a few, and says yes if there are more.
    pub(in crate::waf) fn any_within(&self, rule: usize, place: Range<usize>) -> bool {
        const MOST: usize = 16;
        let mut at = self.of(rule).last;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_were_marked_and_all_from_the_last_on() {
        for (marked, count, expected) in [
            (vec![], 3, vec![]),
            (vec![0, 2], 3, vec![0, 2]),
            (vec![1, 62], 63, vec![1, 62]),
            (vec![5, 70], 66, vec![5, 63, 64, 65]),
            (vec![63], 64, vec![63]),
            (vec![2], 2, vec![]),
        ] {
            let marks = marked.iter().map(|place| Arguments::at(*place)).fold(Arguments::NONE, Arguments::and);
            assert_eq!(marks.places(count).collect::<Vec<_>>(), expected, "{marked:?} of {count}");
        }
        assert_eq!(Arguments::ALL.places(100).collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
    }
}
