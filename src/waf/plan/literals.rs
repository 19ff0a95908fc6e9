//! Which part of a literal to look for: a short and rare one.

/// The longest part that is looked for, in bytes. Longer ones make the automaton larger and hardly fewer candidates.
const LONGEST: usize = 5;

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

/// How often a literal is to be expected in a URL, if each byte depends on the one before only.
pub(super) fn expected(literal: &[u8]) -> f64 {
    let mut signs = literal.iter().map(|byte| sign(*byte));
    let Some(first) = signs.next() else { return f64::INFINITY };
    let (mut expected, mut before) = (alone(first), first);
    for sign in signs {
        expected *= pair(before, sign) / alone(before).max(f64::MIN_POSITIVE);
        before = sign;
    }
    let of_ten = literal.iter().filter(|byte| byte.is_ascii_digit()).count();
    // Of the bytes without a name there are many, and none is as frequent as all.
    let of_many = literal.iter().filter(|byte| sign(**byte) == SIGNS.len()).count();
    expected * 0.1_f64.powi(of_ten as i32) * 0.1_f64.powi(of_many as i32)
}

fn sign(byte: u8) -> usize {
    let byte = if byte.is_ascii_digit() { b'0' } else { byte.to_ascii_lowercase() };
    SIGNS.iter().position(|sign| *sign == byte).unwrap_or(SIGNS.len())
}

fn pair(first: usize, second: usize) -> f64 {
    let digit = char::from(PAIRS[first][second]).to_digit(16).unwrap_or(15);
    2_f64.powi(4 - digit as i32)
}

fn alone(sign: usize) -> f64 {
    (0..=SIGNS.len()).map(|second| pair(sign, second)).sum()
}
