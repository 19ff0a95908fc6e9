//! The figures of a label that the regression weighs.

use super::judged::Judged;
use super::model::{FAMILIES, Model, QUAD_SLOTS};

/// Letters, digits, the hyphen, and the edge of a label.
pub const SYMBOLS: usize = 38;
const LONGEST: usize = 63;
/// Room for the symbols of a label: the edges and 63 bytes.
pub const SPACE: usize = LONGEST + 3;

/// What the figures are called, in the order of [`Features`].
pub const FEATURES: [&str; 16] = [
    "generated rather than benign letters",
    "generated rather than benign, a letter",
    "surprise of all letters",
    "surprise of the oddest letters",
    "commonness of letter groups",
    "unknown letter groups",
    "length",
    "length, logarithmic",
    "share of digits",
    "turns between digits and letters",
    "share of vowels",
    "distinct letters",
    "hyphens",
    "public suffix",
    "hexadecimal",
    "turns between vowels and consonants",
];

/// The figures of one label.
pub type Features = [f32; FEATURES.len()];

/// A label's bytes as symbols: the edge twice, each byte, the edge.
pub fn symbols(label: &str, to: &mut [u8; SPACE]) -> usize {
    let bytes = &label.as_bytes()[..label.len().min(LONGEST)];
    to[..2].fill(0);
    for (to, byte) in to[2..].iter_mut().zip(bytes) {
        *to = match byte {
            b'a'..=b'z' => byte - b'a' + 1,
            b'0'..=b'9' => byte - b'0' + 27,
            _ => 37,
        };
    }
    to[bytes.len() + 2] = 0;
    bytes.len() + 3
}

/// Where a group of four is counted: groups share slots by a multiplicative hash.
pub fn quad_slot(group: &[u8]) -> usize {
    let number = group.iter().fold(0_u32, |number, symbol| number * SYMBOLS as u32 + u32::from(*symbol));
    number.wrapping_mul(0x9E37_79B1) as usize >> (32 - QUAD_SLOTS.trailing_zeros())
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

impl Model {
    /// The figures of a label under this model's counts.
    pub fn features(&self, name: Judged<'_>) -> Features {
        let mut space = [0; SPACE];
        let length = symbols(name.label, &mut space);
        let symbols = &space[..length];
        let bytes = name.label.as_bytes();
        let count = bytes.len() as f32;

        let mut bits = [0.0_f32; LONGEST + 1];
        let groups = length - 2;
        for (bits, group) in bits.iter_mut().zip(symbols.windows(3)) {
            *bits = self.trigram_bits(group);
        }
        let bits = &bits[..groups];
        let benign: f32 = bits.iter().sum();
        let width = groups.min(4);
        let oddest = bits.windows(width).map(|four| four.iter().sum::<f32>()).fold(0.0, f32::max) / width as f32;
        let (_, generated) = self.family_bits(symbols);

        let (mut common, mut unknown, mut quads) = (0.0, 0.0, 0.0_f32);
        for group in symbols[1..].windows(4) {
            let known = self.quads[quad_slot(group)];
            common += f32::from(known) / 16.0;
            unknown += f32::from(u8::from(known == 0));
            quads += 1.0;
        }
        let quads = quads.max(1.0);

        let number = |of: &dyn Fn(u8) -> bool| bytes.iter().filter(|byte| of(**byte)).count() as f32;
        let turns = |of: &dyn Fn(u8) -> bool| bytes.windows(2).filter(|two| of(two[0]) != of(two[1])).count() as f32;
        let digits = number(&|byte| byte.is_ascii_digit());
        let letters = number(&|byte| byte.is_ascii_lowercase());
        let distinct = symbols.iter().fold(0_u64, |seen, symbol| seen | 1 << symbol).count_ones() - 1;
        let hexadecimal = digits > 0.0 && bytes.len() >= 8 && bytes.iter().all(u8::is_ascii_hexdigit);
        [
            benign - generated,
            (benign - generated) / (count + 1.0),
            benign,
            oddest,
            common / quads,
            unknown / quads,
            count,
            count.ln(),
            digits / count,
            turns(&|byte| byte.is_ascii_digit()),
            // Digits alone: as in an ordinary name.
            if letters > 0.0 { number(&is_vowel) / letters } else { 0.4 },
            distinct as f32 / count.min(20.0),
            number(&|byte| byte == b'-').min(3.0),
            self.suffix_odds(name.suffix),
            f32::from(u8::from(hexadecimal)),
            turns(&is_vowel) / (count - 1.0).max(1.0),
        ]
    }

    /// The family that draws these symbols most likely, and the bits they cost when each family is as likely.
    pub(super) fn family_bits(&self, symbols: &[u8]) -> (usize, f32) {
        let mut sums = [0_u16; FAMILIES];
        for two in symbols[1..].windows(2) {
            let at = (usize::from(two[0]) * SYMBOLS + usize::from(two[1])) * FAMILIES;
            for (sum, bits) in sums.iter_mut().zip(&self.bigrams[at..at + FAMILIES]) {
                *sum += u16::from(*bits);
            }
        }
        let (best, least) = sums.iter().enumerate().min_by_key(|(_, sum)| **sum).map_or((0, 0), |(at, sum)| (at, *sum));
        // Families ten bits behind add nothing that shows.
        let near = sums.iter().filter(|sum| **sum - least < 160);
        let share: f32 = near.map(|sum| (-f32::from(sum - least) / 16.0).exp2()).sum();
        (best, f32::from(least) / 16.0 - (share / FAMILIES as f32).log2())
    }
}
