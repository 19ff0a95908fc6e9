//! Tokens that grant something or follow somebody, told by their shape: JSON web tokens, keys with the prefixes their
//! makers gave them, and long texts of mixed letters and digits as random generators write them.

use super::scan::{class, is, run};

/// Prefixes of keys as their makers document them, and how long such a key is at least.
pub(super) const PREFIXES: &[(&str, usize)] = &[
    ("AIza", 35),
    ("AKIA", 20),
    ("ASIA", 20),
    ("dop_v1_", 40),
    ("ghp_", 36),
    ("gho_", 36),
    ("ghs_", 36),
    ("ghu_", 36),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("hf_", 30),
    ("npm_", 36),
    ("pk_live_", 20),
    ("pk_test_", 20),
    ("rk_live_", 20),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("tg_live_", 20),
    ("xoxa-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
];

/// A token without a known prefix is at least so long.
const SHORTEST: usize = 24;

/// The end of a secret that begins with the run `start..end` of letters, digits and joints.
pub(super) fn secret(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let token = &text[start..end];
    if token.len() < 10 {
        return None;
    }
    // A JSON object in base64, and behind it the other parts of the token.
    if token.starts_with(b"eyJ") {
        let mut last = end;
        while last + 1 < text.len() && text[last] == b'.' && is(text[last + 1], class::TOKEN) {
            last = run(text, last + 1, class::TOKEN);
        }
        return (last - start >= 20).then_some(last);
    }
    let known = PREFIXES.iter().any(|(prefix, least)| token.len() >= *least && token.starts_with(prefix.as_bytes()));
    (known || looks_random(token)).then_some(end)
}

/// Whether small letters, capitals and digits are mixed as by chance. Words and file names change from small letters
/// to capitals or from letters to digits now and then; random characters do so at every second place. Hexadecimal
/// digests and UUIDs have letters of one case, and are not meant.
fn looks_random(token: &[u8]) -> bool {
    if token.len() < SHORTEST {
        return false;
    }
    let (mut counts, mut changes, mut before) = ([0_usize; 3], 0, 0);
    for byte in token {
        let kind = class::OF[*byte as usize] & class::ALNUM;
        match kind {
            class::DIGIT => counts[0] += 1,
            class::UPPER => counts[1] += 1,
            class::LOWER => counts[2] += 1,
            _ => {}
        }
        let digit_and_letter = (kind == class::DIGIT) != (before == class::DIGIT) && kind != 0 && before != 0;
        changes += usize::from(digit_and_letter || (before == class::LOWER && kind == class::UPPER));
        before = kind;
    }
    counts.iter().all(|count| *count >= 2) && changes * 5 >= token.len()
}
