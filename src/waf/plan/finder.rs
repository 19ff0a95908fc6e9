//! Finds many short literals at once, whatever the case of ASCII letters.
//!
//! Each literal is looked for by its rarest three bytes (of shorter ones, all). A bitmap says of three bytes in a row
//! whether any literal goes by them; it is small enough to stay in the first cache, where an automaton (Aho and Corasick)
//! over thousands of literals takes megabytes. As in S. Wu and U. Manber, A Fast Algorithm for Multi-Pattern Searching
//! (1994), but with rare blocks instead of last ones.

use crate::waf::operators::expected;

/// Bytes that are in no literal are 0, the others have the rest of 64 numbers.
const BITS: u32 = 6;
/// So many bytes have a number of their own.
const OWN: usize = 50;
const TRIPLES: usize = 1 << (3 * BITS);
const BUCKETS: usize = 4096;

/// Literals, ready to be found.
pub(super) struct Finder {
    /// The number of each byte.
    numbers: [u8; 256],
    /// A bit each for three numbers in a row that a literal goes by, or that end in the one or two that it goes by.
    triples: Box<[u64; TRIPLES / 64]>,
    /// A bit each for two numbers, and for one, that a literal goes by.
    pairs: Vec<u64>,
    ones: u64,
    /// Where the literals of each bucket begin; the bucket is a hash of the numbers and how many they are.
    buckets: Vec<u32>,
    literals: Vec<Literal>,
}

#[derive(Clone, Copy)]
struct Literal {
    /// Its bytes, the first one lowest.
    word: u64,
    number: u32,
    length: u8,
    /// How far behind its start the bytes end that it goes by.
    behind: u8,
}

/// The longest literal, in bytes.
const LONGEST: usize = 8;

impl Finder {
    /// Of lowercased literals. Empty ones are never found, nor is what is behind the first eight bytes of others.
    pub(super) fn new(literals: Vec<&[u8]>) -> Self {
        let mut bytes: Vec<u8> = literals.iter().flat_map(|literal| literal.iter().copied()).collect();
        bytes.sort_unstable();
        bytes.dedup();
        // Frequent bytes have a number of their own; only rare ones share some.
        bytes.sort_by(|a, b| expected(&[*b]).total_cmp(&expected(&[*a])));
        let mut numbers = [0; 256];
        for (at, byte) in bytes.into_iter().enumerate() {
            numbers[usize::from(byte)] = if at < OWN { at + 1 } else { OWN + 1 + at % (63 - OWN) } as u8;
        }
        let mut finder = Finder {
            numbers,
            ones: 0,
            pairs: vec![0; (1 << (2 * BITS)) / 64],
            triples: Box::new([0; TRIPLES / 64]),
            buckets: Vec::new(),
            literals: Vec::new(),
        };
        let mut buckets = vec![Vec::new(); BUCKETS];
        for (number, literal) in literals.into_iter().enumerate() {
            let literal = &literal[..literal.len().min(LONGEST)];
            let length = literal.len().min(3);
            let blocks = literal.windows(length.max(1)).enumerate();
            let Some((start, block)) = blocks.min_by(|a, b| expected(a.1).total_cmp(&expected(b.1))) else { continue };
            let key = block.iter().fold(0, |key, byte| key << BITS | usize::from(numbers[usize::from(*byte)]));
            match length {
                1 => finder.ones |= 1 << key,
                2 => finder.pairs[key / 64] |= 1 << (key % 64),
                _ => {}
            }
            let before = if length < 3 { 1 << (BITS * (3 - length as u32)) } else { 1 };
            for key in (0..before).map(|before| before << (BITS * length as u32) | key) {
                finder.triples[key / 64] |= 1 << (key % 64);
            }
            let word = literal.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            buckets[bucket(key, length)].push(Literal {
                word,
                number: number as u32,
                length: literal.len() as u8,
                behind: (start + length) as u8,
            });
        }
        for bucket in buckets {
            finder.buckets.push(finder.literals.len() as u32);
            finder.literals.extend(bucket);
        }
        finder.buckets.push(finder.literals.len() as u32);
        finder
    }

    /// Calls `found` with each literal that is in a text, its number, where it begins and where it ends. `lowercased`
    /// is room to work in.
    pub(super) fn find(&self, text: &[u8], lowercased: &mut Vec<u8>, mut found: impl FnMut(usize, usize, usize)) {
        lowercased.clear();
        lowercased.extend_from_slice(text);
        lowercased.make_ascii_lowercase();
        // So that a word can be read from each place; no literal has a zero byte that isn't in the text.
        lowercased.extend_from_slice(&[0; LONGEST]);
        let lowercased = lowercased.as_slice();
        let triples: &[u64; TRIPLES / 64] = &self.triples;
        let mut key = 0;
        for (at, byte) in lowercased[..text.len()].iter().enumerate() {
            key = (key << BITS | usize::from(self.numbers[usize::from(*byte)])) % TRIPLES;
            if triples[key / 64] >> (key % 64) & 1 == 0 {
                continue;
            }
            let pair = key % (1 << (2 * BITS));
            let one = key % (1 << BITS);
            self.verify(lowercased, at + 1, bucket(key, 3), &mut found);
            if self.pairs[pair / 64] >> (pair % 64) & 1 == 1 {
                self.verify(lowercased, at + 1, bucket(pair, 2), &mut found);
            }
            if self.ones >> one & 1 == 1 {
                self.verify(lowercased, at + 1, bucket(one, 1), &mut found);
            }
        }
    }

    fn verify(&self, padded: &[u8], at: usize, bucket: usize, found: &mut impl FnMut(usize, usize, usize)) {
        let literals = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        for literal in &self.literals[literals] {
            let Some(from) = at.checked_sub(usize::from(literal.behind)) else { continue };
            let Some(word) = padded.get(from..).and_then(|rest| rest.first_chunk::<LONGEST>()) else { continue };
            let to = from + usize::from(literal.length);
            if (u64::from_le_bytes(*word) ^ literal.word) << (64 - 8 * u32::from(literal.length)) == 0
                && to + LONGEST <= padded.len()
            {
                found(literal.number as usize, from, to);
            }
        }
    }

    /// How much memory it takes, in bytes.
    pub(super) fn memory(&self) -> usize {
        (self.pairs.len() + self.triples.len()) * 8
            + self.literals.len() * size_of::<Literal>()
            + self.buckets.len() * size_of::<u32>()
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
        let finder = Finder::new(literals.iter().map(|literal| literal.as_bytes()).collect());
        for text in ["", "A", "....", "SELECT x=Y", "/eTc/..%2E.%2e", "\u{e9}'OR'", "se", "bcd=", "x=yx=yy"] {
            let mut found = Vec::new();
            finder.find(text.as_bytes(), &mut Vec::new(), |literal, from, to| found.push((literal, from, to)));
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
