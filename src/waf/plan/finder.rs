//! Finds many short literals at once, whatever the case of ASCII letters.
//!
//! Each literal is looked for by its rarest three bytes (of shorter ones, all). A bitmap says of three bytes in a row
//! whether any literal goes by them; it is small enough to stay in the first cache, where an automaton (Aho and Corasick)
//! over thousands of literals takes megabytes. As in S. Wu and U. Manber, A Fast Algorithm for Multi-Pattern Searching
//! (1994), but with rare blocks instead of last ones.

use crate::waf::operators::expected;

/// Bytes that are in no literal are 0, the others share the rest of 64 numbers.
const BITS: u32 = 6;
const TRIPLES: usize = 1 << (3 * BITS);
const BUCKETS: usize = 4096;

/// Literals, ready to be found.
pub(super) struct Finder {
    literals: Vec<Box<[u8]>>,
    /// The number of each byte.
    numbers: [u8; 256],
    /// A bit each for numbers that a literal goes by: one, two and three in a row.
    ones: u64,
    pairs: Vec<u64>,
    triples: Vec<u64>,
    /// By a hash of the numbers and how many they are: literals, and how far behind their start those bytes end.
    buckets: Vec<Vec<(u32, u8)>>,
}

impl Finder {
    /// Of lowercased literals, none of them empty nor longer than 255 bytes.
    pub(super) fn new(literals: Vec<Box<[u8]>>) -> Self {
        let mut numbers = [0; 256];
        let mut next = 0;
        for byte in literals.iter().flat_map(|literal| literal.iter()) {
            if numbers[usize::from(*byte)] == 0 {
                numbers[usize::from(*byte)] = next % 63 + 1;
                numbers[usize::from(byte.to_ascii_uppercase())] = next % 63 + 1;
                next += 1;
            }
        }
        let mut finder = Finder {
            literals: Vec::new(),
            numbers,
            ones: 0,
            pairs: vec![0; (1 << (2 * BITS)) / 64],
            triples: vec![0; TRIPLES / 64],
            buckets: vec![Vec::new(); BUCKETS],
        };
        for (at, literal) in literals.iter().enumerate() {
            let length = literal.len().min(3);
            let blocks = literal.windows(length.max(1)).enumerate();
            let Some((start, block)) = blocks.min_by(|a, b| expected(a.1).total_cmp(&expected(b.1))) else { continue };
            let key = block.iter().fold(0, |key, byte| key << BITS | usize::from(numbers[usize::from(*byte)]));
            match length {
                1 => finder.ones |= 1 << key,
                2 => finder.pairs[key / 64] |= 1 << (key % 64),
                _ => finder.triples[key / 64] |= 1 << (key % 64),
            }
            finder.buckets[bucket(key, length)].push((at as u32, (start + length) as u8));
        }
        finder.literals = literals;
        finder
    }

    /// Calls `found` with each literal that is in a text, its number, where it begins and where it ends.
    pub(super) fn find(&self, text: &[u8], mut found: impl FnMut(usize, usize, usize)) {
        let mut key = 0;
        for (at, byte) in text.iter().enumerate() {
            key = (key << BITS | usize::from(self.numbers[usize::from(*byte)])) % TRIPLES;
            let pair = key % (1 << (2 * BITS));
            let one = key % (1 << BITS);
            if self.triples[key / 64] >> (key % 64) & 1 == 1 {
                self.verify(text, at + 1, bucket(key, 3), &mut found);
            }
            if self.pairs[pair / 64] >> (pair % 64) & 1 == 1 {
                self.verify(text, at + 1, bucket(pair, 2), &mut found);
            }
            if self.ones >> one & 1 == 1 {
                self.verify(text, at + 1, bucket(one, 1), &mut found);
            }
        }
    }

    fn verify(&self, text: &[u8], at: usize, bucket: usize, found: &mut impl FnMut(usize, usize, usize)) {
        for (number, behind) in &self.buckets[bucket] {
            let literal = &self.literals[*number as usize];
            let Some(from) = at.checked_sub(usize::from(*behind)) else { continue };
            let to = from + literal.len();
            if text.get(from..to).is_some_and(|part| part.eq_ignore_ascii_case(literal)) {
                found(*number as usize, from, to);
            }
        }
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory(&self) -> usize {
        let literals: usize = self.literals.iter().map(|literal| literal.len() + size_of::<Box<[u8]>>()).sum();
        (self.pairs.len() + self.triples.len()) * 8 + literals * 2 + BUCKETS * size_of::<Vec<u8>>()
    }
}

fn bucket(key: usize, length: usize) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> 12).wrapping_add(length) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_in_any_case_and_nothing_else() {
        let literals = ["a", "..", "sel", "select", "\u{e9}", "x=y", "/etc", "%2e", "'or"];
        let finder = Finder::new(literals.iter().map(|literal| literal.as_bytes().into()).collect());
        for text in ["", "A", "....", "SELECT x=Y", "/eTc/..%2E.%2e", "\u{e9}'OR'", "se", "bcd=", "x=yx=yy"] {
            let mut found = Vec::new();
            finder.find(text.as_bytes(), |literal, from, to| found.push((literal, from, to)));
            found.sort_unstable();
            let mut expected = Vec::new();
            for (number, literal) in literals.iter().enumerate() {
                let windows = text.as_bytes().windows(literal.len()).enumerate();
                let here = windows.filter(|(_, part)| part.eq_ignore_ascii_case(literal.as_bytes()));
                expected.extend(here.map(|(at, _)| (number, at, at + literal.len())));
            }
            assert_eq!(found, expected, "{text}");
        }
    }
}
