//! What a label looks like: the letters its signs could be taken for.
//!
//! Unicode's signs are those of UTS #39's table of confusables (crate `unicode-security`), without their marks; digits
//! for letters and pairs for one letter are what imitations are made of in ASCII.

use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;

/// A label in ASCII letters: each foreign sign as the one it could be taken for. Itself, where it is ASCII.
pub(super) fn in_ascii(label: &str) -> Cow<'_, str> {
    if label.is_ascii() {
        return Cow::Borrowed(label);
    }
    let signs = label.chars().flat_map(|sign| match sign.is_ascii() {
        true => sign.to_string(),
        false => skeleton(sign.encode_utf8(&mut [0; 4])).filter(|part| !is_combining_mark(*part)).collect(),
    }.chars().collect::<Vec<_>>());
    Cow::Owned(signs.map(small_capital).flat_map(char::to_lowercase).collect())
}

/// The letter of a small capital, which the table leaves as it is.
fn small_capital(sign: char) -> char {
    match sign {
        'ʙ' | 'ß' => 'b',
        'ʜ' => 'h',
        'ᴋ' | 'ĸ' => 'k',
        'ᴍ' | 'ʍ' => 'm',
        'ɴ' => 'n',
        'ʀ' => 'r',
        'ᴛ' => 't',
        _ => sign,
    }
}

/// A label without hyphens, its digits as the letters they stand for.
pub(super) fn spelled(label: &str) -> String {
    let letter = |sign: char| match sign {
        '0' => 'o',
        '1' => 'l',
        '2' => 'z',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '6' => 'b',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => sign,
    };
    label.chars().filter(|sign| *sign != '-').map(letter).collect()
}

/// What a [`spelled`] label looks like: two that share this can be taken for each other.
pub(super) fn looks(spelled: &str) -> String {
    let mut out = String::with_capacity(spelled.len());
    for sign in spelled.chars() {
        let joined = match (out.chars().next_back(), sign) {
            (Some('r' | 'n'), 'n') => 'm',
            (Some('v'), 'v') => 'w',
            (Some('c'), 'l') => 'd',
            _ => {
                out.push(sign);
                continue;
            }
        };
        out.pop();
        out.push(joined);
    }
    out.replace('i', "l")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_what_they_could_be_taken_for() {
        for (label, letters) in [
            ("paypal", "paypal"),
            ("рауpаl", "paypal"),
            ("аррӏе", "apple"),
            ("pàypál", "paypal"),
            ("gооgӏе", "google"),
            ("ɡoogle", "google"),
            ("micrоsоft", "microsoft"),
            ("łinkedin", "linkedin"),
            ("теӏеgrаm", "telegram"),
            ("facebοοk", "facebook"),
            ("例え", "例え"),
        ] {
            assert_eq!(looks(&spelled(&in_ascii(label))), looks(letters), "{label}");
        }
        for (label, like) in
            [("paypa1", "paypal"), ("rnicrosoft", "microsoft"), ("vvellsfargo", "wellsfargo"), ("clropbox", "dropbox"), ("lnstagram", "instagram"), ("face-b00k", "facebook"), ("gnnail", "gmail")]
        {
            assert_eq!(looks(&spelled(label)), looks(&spelled(like)), "{label}");
        }
        assert_ne!(looks("paypal"), looks("paypall"));
        assert_ne!(looks("citi"), looks("dtl"));
    }
}
