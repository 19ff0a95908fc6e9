//! Whether a value has anything that an injection needs: much cheaper to see than its tokens.
//!
//! Without a sign that starts strings, comments, variables, groups or statements, and without a word that some database
//! knows, a value is only names, numbers, operators, dots, commas and colons, and no fingerprint is of these alone. One
//! that starts with a slash keeps it as its first token, and no fingerprint starts with an operator; nor does any with a
//! name and a colon, which stay when an address begins with its scheme.

use super::words;
use crate::waf::Kinds;

/// Without any of these, and without [`PAIRS`], a token is a word, a number, an operator, or says nothing.
const SIGNS: Kinds = Kinds::of(b"'\"`@$#()");

/// What starts comments, and the operators of logic.
const PAIRS: [&[u8; 2]; 4] = [b"--", b"/*", b"&&", b"||"];

/// Without any of these a value that starts as no injection does is none: strings are looked into, and what is evil is so
/// wherever it stands.
const SIGNS_BEHIND_START: Kinds = Kinds::of(b"'\"{*");

/// Whether a value, of bytes of these kinds, has what any injection needs; where it doesn't, [`sqli`](super::sqli) is
/// `None`.
pub fn may_be_sqli(value: &[u8], kinds: Kinds) -> bool {
    if !kinds.meet(SIGNS_BEHIND_START) && (value.starts_with(b"/") || starts_with_scheme(value)) {
        return false;
    }
    kinds.meet(SIGNS)
        || PAIRS.iter().any(|pair| Kinds::of(*pair).are_of(kinds) && value.windows(2).any(|two| two == *pair))
        || has_known_word(value)
}

fn starts_with_scheme(value: &[u8]) -> bool {
    ["http:/", "https:/"]
        .iter()
        .any(|scheme| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes())))
}

fn has_known_word(value: &[u8]) -> bool {
    // Words alone are no injection, known or not.
    let Some(mut end) = value.iter().position(|byte| !in_word(*byte)) else { return false };
    let mut start = 0;
    loop {
        let word = &value[start..end];
        // Behind a number a word may start anywhere: `1union`, `1.e5union`.
        let behind_number = word.first().is_some_and(u8::is_ascii_digit)
            || matches!(value[..start], [.., before, b'.'] if !before.is_ascii_alphabetic())
            || value[..start] == *b".";
        let known = if behind_number {
            (0..word.len()).any(|at| words::may_be_known(&word[at..]))
        } else {
            words::may_be_known(word)
        };
        if known {
            return true;
        }
        let Some(next) = value[end..].iter().position(|byte| in_word(*byte)) else { return false };
        start = end + next;
        end = value[start..].iter().position(|byte| !in_word(*byte)).map_or(value.len(), |length| start + length);
    }
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sqli;
    use super::*;

    /// All that is in a value without a byte that ends words: `0b` or a binary number, a number, a word.
    #[test]
    fn words_alone_are_no_injection() {
        let words: Vec<&str> = words::all().collect();
        for start in ["", "0b", "0b1", "0x", "0x1f"] {
            for number in ["", "2", "23", "2e", "2e5", "2e5d", "2f"] {
                for word in words.iter().chain(&["", "u", "d", "f", "_x"]) {
                    let value = format!("{start}{number}{word}");
                    if !may_be_sqli(value.as_bytes(), Kinds::of(value.as_bytes())) {
                        assert_eq!(sqli(value.as_bytes()), None, "{value}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_in_addresses_is_not_suspicious() {
        for value in ["/js/lib/1.2/lib.min.js", "2015-03-09", "300x250", "a.b-c", "www.example.com:80", "a b,c", "/a;b"]
        {
            assert!(!may_be_sqli(value.as_bytes(), Kinds::of(value.as_bytes())), "{value}");
        }
        for value in
            ["1 or 1", "a'", "1&&1", "1||1", "1.e5union 1", "2union 1", "x--", "/*!1*/", "/'a", "order by", "\0user.x"]
        {
            assert!(may_be_sqli(value.as_bytes(), Kinds::of(value.as_bytes())), "{value}");
        }
    }

    /// A value for each fingerprint, of the plainest token of each kind.
    #[test]
    fn every_injection_is_suspicious() {
        let token = |kind: char| match kind {
            'N' => "ab".to_owned(),
            'O' => "*".to_owned(),
            '&' => "&&".to_owned(),
            'V' => "@v".to_owned(),
            'S' => "'s'".to_owned(),
            'C' => "--".to_owned(),
            'E' => "select".to_owned(),
            'U' => "union".to_owned(),
            'K' => "from".to_owned(),
            'F' => "sleep".to_owned(),
            'T' => "waitfor".to_owned(),
            'B' => "limit".to_owned(),
            sign => sign.to_string(),
        };
        let mut injections = 0;
        for fingerprint in words::fingerprints() {
            let value = fingerprint.chars().map(token).collect::<Vec<_>>().join(" ");
            let is_injection = sqli(value.as_bytes()).is_some();
            injections += usize::from(is_injection);
            assert!(!is_injection || may_be_sqli(value.as_bytes(), Kinds::of(value.as_bytes())), "{value}");
        }
        assert!(injections > 4000, "{injections}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn what_is_not_suspicious_is_no_injection(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(words::all().collect::<Vec<_>>()),
                    prop::sample::select(vec![
                        "1", "0x1f", "1e5", "1.e", ".", "e5", "x", "b1", "-", "/", "*", " ", ",", ":", "=", "::", "<>",
                        "?", "&", "|", ";", "}", "[", "]", "+", "!", "~", "%", "^", "\u{a0}", "\0", "'", "(", "{", "\\",
                    ]),
                ],
                0..7,
            ),
            start in prop::sample::select(vec!["", "/", "http:/", "https:/"]),
        ) {
            let value = format!("{start}{}", parts.concat());
            prop_assert!(may_be_sqli(value.as_bytes(), Kinds::of(value.as_bytes())) || sqli(value.as_bytes()).is_none(), "{}", value);
        }
    }
}
