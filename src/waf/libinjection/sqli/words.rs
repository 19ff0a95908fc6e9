//! The tables: keywords and phrases with their kinds, and the fingerprints of injections. `make-tables` made them.

use std::sync::LazyLock;

use memchr::memchr2;

use super::Fingerprint;
use super::token::Kind;

/// Lines of a word, a tab and the letter of its kind.
const KEYWORDS: &[u8] = include_bytes!("../keywords.txt");

/// Fingerprints in upper case, sorted, each padded with spaces to five bytes and a line feed.
const FINGERPRINTS: &[[u8; 6]] = include_bytes!("../fingerprints.txt").as_chunks().0;

/// Slots of the hash table over [`KEYWORDS`], four for each of them. A power of two.
const SLOTS: usize = 4096;

/// Where in [`KEYWORDS`] the line of a word starts, plus one; 0 for none. Open addressing, linear probing.
static TABLE: [u16; SLOTS] = table();

const fn table() -> [u16; SLOTS] {
    let mut table = [0; SLOTS];
    let mut line = 0;
    while line < KEYWORDS.len() {
        let mut end = line;
        let mut hash = Hash::NEW;
        while KEYWORDS[end] != b'\t' {
            hash = hash.and(KEYWORDS[end]);
            end += 1;
        }
        let mut slot = hash.slot();
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = line as u16 + 1;
        line = end + 3; // the tab, the letter, the line feed
    }
    table
}

/// A bit for each shape that a word of [`KEYWORDS`] has.
static SHAPES: [u64; 1 << 9] = shapes(false);

/// A bit for each shape that the first word of a phrase has, or of a name with dots.
static SHAPES_OF_STARTS: [u64; 1 << 9] = shapes(true);

const fn shapes(of_starts: bool) -> [u64; 1 << 9] {
    let mut shapes = [0; 1 << 9];
    let mut line = 0;
    while line < KEYWORDS.len() {
        let mut end = line;
        while !matches!(KEYWORDS[end], b'\t' | b' ' | b'.') {
            end += 1;
        }
        if of_starts == (KEYWORDS[end] != b'\t') {
            let shape = shape(KEYWORDS[line], KEYWORDS[end - 1], end - line);
            shapes[shape / 64] |= 1 << (shape % 64);
        }
        while KEYWORDS[end] != b'\n' {
            end += 1;
        }
        line = end + 1;
    }
    shapes
}

/// The first letter, the last one and the length, in 15 bits.
const fn shape(first: u8, last: u8, length: usize) -> usize {
    (length % 32) << 10 | (first as usize % 32) << 5 | (last as usize % 32)
}

/// FNV-1a over the upper-cased bytes of a word.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    const NEW: Self = Self(0x811c_9dc5);

    const fn and(self, byte: u8) -> Self {
        Self((self.0 ^ byte.to_ascii_uppercase() as u32).wrapping_mul(0x0100_0193))
    }

    const fn slot(self) -> usize {
        (self.0 ^ (self.0 >> 16)) as usize % SLOTS
    }
}

/// Whether a word, maybe with others behind it, may be one of the tables. `false` is certain.
pub(super) fn may_be_known(word: &[u8]) -> bool {
    let [first, .., last] = word else { return false };
    let shape = shape(*first, *last, word.len());
    let has = |shapes: &[u64; 1 << 9]| shapes[shape / 64] >> (shape % 64) & 1 == 1;
    word.len() < 32 && ((has(&SHAPES) && keyword(word).is_some()) || (has(&SHAPES_OF_STARTS) && starts_phrase(word)))
}

/// Whether it is the first word of a phrase or of a name with dots.
fn starts_phrase(word: &[u8]) -> bool {
    PHRASE_STARTS.binary_search(&word.to_ascii_uppercase().as_slice()).is_ok()
}

/// Such first words, where they are no keywords alone.
static PHRASE_STARTS: LazyLock<Vec<&[u8]>> = LazyLock::new(|| {
    let words = KEYWORDS.split(|byte| *byte == b'\n').filter_map(|line| {
        let word = &line[..memchr2(b' ', b'.', line)?];
        keyword(word).is_none().then_some(word)
    });
    let mut words: Vec<&[u8]> = words.collect();
    words.sort_unstable();
    words.dedup();
    words
});

/// A keyword, a phrase with one space between words, or an operator of two bytes: in upper case, and its kind.
pub(super) fn keyword(word: &[u8]) -> Option<(&'static [u8], Kind)> {
    let mut slot = word.iter().fold(Hash::NEW, |hash, &byte| hash.and(byte)).slot();
    while let Some(line) = TABLE[slot].checked_sub(1) {
        let line = &KEYWORDS[usize::from(line)..];
        if let Some((known, [b'\t', letter, ..])) = line.split_at_checked(word.len())
            && known.eq_ignore_ascii_case(word)
        {
            return Some((known, Kind::of_keyword(*letter)));
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}

/// A bit for each three kinds that a fingerprint begins with.
static STARTS: [u64; 1 << 9] = {
    let mut starts = [0; 1 << 9];
    let mut at = 0;
    while at < FINGERPRINTS.len() {
        let start = start(&FINGERPRINTS[at]);
        starts[start / 64] |= 1 << (start % 64);
        at += 1;
    }
    starts
};

const fn start(line: &[u8; 6]) -> usize {
    (line[0] as usize % 32) << 10 | (line[1] as usize % 32) << 5 | (line[2] as usize % 32)
}

/// Whether a fingerprint is one of an injection.
pub(super) fn is_known(fingerprint: &Fingerprint) -> bool {
    let mut line = [b' ', b' ', b' ', b' ', b' ', b'\n'];
    for (place, kind) in line.iter_mut().zip(fingerprint.as_bytes()) {
        *place = kind.to_ascii_uppercase();
    }
    let start = start(&line);
    STARTS[start / 64] >> (start % 64) & 1 == 1 && FINGERPRINTS.binary_search(&line).is_ok()
}

/// All keywords and phrases, in upper case.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    std::str::from_utf8(KEYWORDS).unwrap().lines().map(|line| line.split('\t').next().unwrap())
}

/// All fingerprints, in upper case.
#[cfg(test)]
pub(super) fn fingerprints() -> impl Iterator<Item = &'static str> {
    FINGERPRINTS.iter().map(|line| std::str::from_utf8(line).unwrap().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_found() {
        let text = std::str::from_utf8(KEYWORDS).unwrap();
        for line in text.lines() {
            let (word, letter) = line.split_once('\t').unwrap();
            let kind = keyword(word.to_ascii_lowercase().as_bytes());
            assert_eq!(kind.map(|(word, kind)| (word, kind.letter())), Some((word.as_bytes(), letter.as_bytes()[0])));
        }
        assert_eq!(text.lines().count(), 985);
        assert!(FINGERPRINTS.is_sorted());
        assert_eq!(FINGERPRINTS.len(), 8367);
        for word in ["SELEC", "SELECTS", "", "\t", "SELECT\tE"] {
            assert_eq!(keyword(word.as_bytes()), None, "{word:?}");
        }
    }
}
