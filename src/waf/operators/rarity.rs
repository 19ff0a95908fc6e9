//! How often a literal is to be expected in a URL, and a byte in a value of one: which of what a pattern needs is worth
//! looking for.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::waf::Kinds;

/// The signs that [`PAIRS`] knows, in its order; all digits are `0`, and the rest of the bytes come last.
const SIGNS: &[u8; 37] = b"abcdefghijklmnopqrstuvwxyz0/.-_=&?%+:";

/// How often two signs follow each other in the path and query of a URL, as n in 2^(4-n) times a URL, in hexadecimal.
/// A row for each first sign, a column for each second. Counted over URLs that browsers load.
const PAIRS: [&[u8; 38]; 38] = [
    b"7765886979967697966688788a6888889c6efb",
    b"6888799a7aa79979a889899bab69a9a8ae8dfc",
    b"6788799778678858a7678a9a9a589997ac7efb",
    b"7878688879988978997779998a5789858a7dda",
    b"7777878989a77688956698878b6778767b7dc9",
    b"798877b97a989a78a7889979aa6bb9a88a7ffb",
    b"7aa969997aa8998aa99999aaaa889a98bb9efb",
    b"7a997bba8ab9aa78a9a699baaa8aaab7cbaefb",
    b"7865777988976567a977988a9879aaa8cd9edc",
    b"89aa9baaaa999a888a5aaaab9a8accbdcbcffc",
    b"9aaa8aaa7bbabaaaaa99a999aa8a8b97bc9ffb",
    b"68886aab69978a79a9887aab8a888a979a8dfb",
    b"7889699979978977b98899aaa9789a989b7ffa",
    b"7987697a89999888a975899a898879879b7dfb",
    b"8787988a89885578b6877888aa899aa9bc9deb",
    b"68897a987ab6aa78b78779aaa9799988a97ebb",
    b"9aaaaaaa9baabaababaa8aabaa8ccccadfbefd",
    b"6988598a6a978878a87778aa8b788987bc8efa",
    b"897969976a989a78a966898a79857886877cb9",
    b"6989699769a87976a766899a798789869a7dea",
    b"97987a8a7a9787b9b777aaa9898bbb69cfaffc",
    b"899a7aaa7baa9aaab99aaaaa997abba7cfafff",
    b"9a9989aa7aa99989aa8aa96aa97a7ba8adafdc",
    b"a999aab999b99999a9a8aabaaa799aa9ba9ffb",
    b"99aa8bba99b99898ba99ab89aa6889a9adaefc",
    b"9b9a9a9a9bba9a9aaa9bab99aa8bacc8efbffe",
    b"565564887887778788778887880657773a4c86",
    b"6868878876a87897c867887aab69ec9fa9dffb",
    b"9a69a998a5ca89a8b999ac9bcd6edebfcfcffd",
    b"9989a9aaabca8ab9ca9a9aaccc6decdfdfadff",
    b"797999a879ca98a8c878999ccb7bcca9ffcffe",
    b"898999a798caa9a9d998999aab3cd9ac7e8ff9",
    b"7767878979a88986c777689bbbdeef9fcffffe",
    b"9c9abbadadcbbac9daaa98ceebaffebfccffff",
    b"a8d98dffffffffffffffbfffff3fffffffffff",
    b"efeedeeefffefddfedcdefefefcffeffffeeff",
    b"efeffeffcffffdfffffddfdfff8afeffffbffe",
    b"ac9babbbbb9aacbaba7abbcedd7beedbbe8ffa",
];

/// Words that are more frequent than their pairs of signs say, and how often a URL has them. Counted likewise.
const WORDS: [(&[u8], f64); 34] = [
    (b"http://", 0.1),
    (b"https://", 0.03),
    (b"http%3a%2f%2f", 0.1),
    (b"https%3a%2f%2f", 0.03),
    (b"http%253a%252f%252f", 0.03),
    (b"page", 0.06),
    (b"url", 0.06),
    (b"javascript", 0.05),
    (b"/css/", 0.04),
    (b".html", 0.04),
    (b"jquery", 0.04),
    (b".php?", 0.03),
    (b"index", 0.03),
    (b"time", 0.03),
    (b"image", 0.05),
    (b"/wp-content/", 0.05),
    (b".com/", 0.1),
    (b"=http:", 0.1),
    (b"=https:", 0.05),
    (b"click", 0.07),
    (b"data", 0.04),
    (b"flash", 0.02),
    (b"form", 0.02),
    (b"global", 0.02),
    (b"link", 0.02),
    (b"load", 0.03),
    (b"media", 0.05),
    (b"module", 0.02),
    (b"play", 0.03),
    (b"style", 0.02),
    (b"sync", 0.02),
    (b"theme", 0.015),
    (b"track", 0.04),
    (b"version", 0.1),
];

/// How many values of a hundred have a byte of the kinds that are frequent in them; of others, one. Counted over the paths
/// and the arguments of such URLs.
const KINDS: &[(&[u8], f64)] = &[(b"abcdefghilmnoprstu0", 60.0), (b"jkqvwxyz", 30.0), (b"._/-", 25.0), (b":=, ", 5.0)];

/// The sign of each byte, its own frequency, and how much rarer it is than its sign.
struct Byte {
    sign: usize,
    part: f64,
}

static BYTES: LazyLock<Vec<Byte>> = LazyLock::new(|| {
    let of = |byte: u8| {
        let folded = if byte.is_ascii_digit() { b'0' } else { byte.to_ascii_lowercase() };
        let sign = SIGNS.iter().position(|sign| *sign == folded).unwrap_or(SIGNS.len());
        // Of the bytes without a name there are many, and none is as frequent as all.
        Byte { sign, part: if byte.is_ascii_digit() || sign == SIGNS.len() { 0.1 } else { 1.0 } }
    };
    (0..=u8::MAX).map(of).collect()
});

/// How often each sign is to be expected, and each after each.
static FREQUENCIES: LazyLock<(Vec<f64>, Vec<Vec<f64>>)> = LazyLock::new(|| {
    let pair = |digit: &u8| 2_f64.powi(4 - char::from(*digit).to_digit(16).unwrap_or(15) as i32);
    let pairs: Vec<Vec<f64>> = PAIRS.iter().map(|row| row.iter().map(pair).collect()).collect();
    (pairs.iter().map(|row| row.iter().sum()).collect(), pairs)
});

/// How often a URL has each part of each word: the sum over the words that it is in.
static IN_WORDS: LazyLock<HashMap<&[u8], f64>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (word, frequency) in WORDS {
        let parts = (1..=word.len()).flat_map(|length| word.windows(length));
        for part in parts.collect::<BTreeSet<_>>() {
            *all.entry(part).or_insert(0.0) += frequency;
        }
    }
    all
});

/// How often a literal is to be expected in the path and query of a URL, in any case of its letters: as part of one of
/// a few words, or if each byte depends on the one before only. The empty literal: without end.
pub(in crate::waf) fn expected(literal: &[u8]) -> f64 {
    let (alone, pairs) = &*FREQUENCIES;
    let bytes = &*BYTES;
    let Some(first) = literal.first().map(|byte| &bytes[usize::from(*byte)]) else { return f64::INFINITY };
    let (mut expected, mut before) = (alone[first.sign] * first.part, first.sign);
    for byte in literal[1..].iter().map(|byte| &bytes[usize::from(*byte)]) {
        expected *= pairs[before][byte.sign] / alone[before] * byte.part;
        before = byte.sign;
    }
    expected.max(IN_WORDS.get(literal).copied().unwrap_or_default())
}

/// The share of values, of 1, that is to be expected to have a byte of these kinds.
pub(super) fn expected_kinds(kinds: Kinds) -> f64 {
    let share = |kind| KINDS.iter().find(|(bytes, _)| Kinds::of(bytes).meet(kind)).map_or(1.0, |(_, share)| *share);
    (kinds.each().map(share).sum::<f64>() / 100.0).min(1.0)
}
