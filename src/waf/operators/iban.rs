//! International bank account numbers (ISO 13616-1): a country, two check digits, and the account as long as the country
//! has it. Blanks and dashes may stand between groups, of which the first is the country with the check digits.

/// How long the numbers of a country are, in signs. The registry of ISO 13616 as SWIFT keeps it, release 99.
const LENGTHS: [([u8; 2], usize); 89] = [
    (*b"AD", 24),
    (*b"AE", 23),
    (*b"AL", 28),
    (*b"AT", 20),
    (*b"AZ", 28),
    (*b"BA", 20),
    (*b"BE", 16),
    (*b"BG", 22),
    (*b"BH", 22),
    (*b"BI", 27),
    (*b"BR", 29),
    (*b"BY", 28),
    (*b"CH", 21),
    (*b"CR", 22),
    (*b"CY", 28),
    (*b"CZ", 24),
    (*b"DE", 22),
    (*b"DJ", 27),
    (*b"DK", 18),
    (*b"DO", 28),
    (*b"EE", 20),
    (*b"EG", 29),
    (*b"ES", 24),
    (*b"FI", 18),
    (*b"FK", 18),
    (*b"FO", 18),
    (*b"FR", 27),
    (*b"GB", 22),
    (*b"GE", 22),
    (*b"GI", 23),
    (*b"GL", 18),
    (*b"GR", 27),
    (*b"GT", 28),
    (*b"HN", 28),
    (*b"HR", 21),
    (*b"HU", 28),
    (*b"IE", 22),
    (*b"IL", 23),
    (*b"IQ", 23),
    (*b"IS", 26),
    (*b"IT", 27),
    (*b"JO", 30),
    (*b"KW", 30),
    (*b"KZ", 20),
    (*b"LB", 28),
    (*b"LC", 32),
    (*b"LI", 21),
    (*b"LT", 20),
    (*b"LU", 20),
    (*b"LV", 21),
    (*b"LY", 25),
    (*b"MC", 27),
    (*b"MD", 24),
    (*b"ME", 22),
    (*b"MK", 19),
    (*b"MN", 20),
    (*b"MR", 27),
    (*b"MT", 31),
    (*b"MU", 30),
    (*b"NI", 28),
    (*b"NL", 18),
    (*b"NO", 15),
    (*b"OM", 23),
    (*b"PK", 24),
    (*b"PL", 28),
    (*b"PS", 29),
    (*b"PT", 25),
    (*b"QA", 29),
    (*b"RO", 24),
    (*b"RS", 22),
    (*b"RU", 33),
    (*b"SA", 24),
    (*b"SC", 31),
    (*b"SD", 18),
    (*b"SE", 24),
    (*b"SI", 19),
    (*b"SK", 24),
    (*b"SM", 27),
    (*b"SO", 23),
    (*b"ST", 25),
    (*b"SV", 28),
    (*b"TL", 23),
    (*b"TN", 24),
    (*b"TR", 26),
    (*b"UA", 29),
    (*b"VA", 22),
    (*b"VG", 24),
    (*b"XK", 20),
    (*b"YE", 30),
];

/// By country; 0 where there is none.
const LENGTH_OF: [u8; 26 * 26] = {
    let mut lengths = [0; 26 * 26];
    let mut at = 0;
    while at < LENGTHS.len() {
        let ([first, second], length) = LENGTHS[at];
        lengths[(first - b'A') as usize * 26 + (second - b'A') as usize] = length as u8;
        at += 1;
    }
    lengths
};

/// The longest of all.
const LONGEST: usize = 33;

fn length_of(first: u8, second: u8) -> Option<usize> {
    let letter = |byte: u8| byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_uppercase() - b'A'));
    let length = LENGTH_OF[letter(first)? * 26 + letter(second)?];
    (length > 0).then_some(usize::from(length))
}

/// Whether some number begins within a value, whatever is behind it.
pub fn may_have_iban(value: &[u8]) -> bool {
    let mut last_four = 0_u8;
    value.iter().enumerate().any(|(at, byte)| {
        last_four = last_four << 2 | SIGNS[usize::from(*byte)];
        last_four == LETTER << 6 | LETTER << 4 | DIGIT << 2 | DIGIT && number(&value[at - 3..]).is_some()
    })
}

/// Whether a text begins with a number, with nothing, a blank or a dash behind it.
pub fn is_iban(text: &[u8]) -> bool {
    number(text).is_some_and(|length| text.get(length).is_none_or(|byte| is_between(*byte)))
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;

/// What each byte is.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] =
            if (byte as u8).is_ascii_alphabetic() { LETTER } else { (byte as u8).is_ascii_digit() as u8 * DIGIT };
        byte += 1;
    }
    signs
};

fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'-')
}

/// How long the number is that a text begins with, in bytes.
fn number(text: &[u8]) -> Option<usize> {
    let [first, second, b'0'..=b'9', b'0'..=b'9', ..] = text else { return None };
    let length = length_of(*first, *second)?;
    let mut signs = [0; LONGEST];
    let (mut count, mut end) = (0, 0);
    while count < length {
        let sign = *text.get(end)?;
        end += 1;
        if is_between(sign) {
            continue;
        }
        if !sign.is_ascii_alphanumeric() {
            return None;
        }
        signs[count] = sign;
        count += 1;
    }
    // The check of ISO 7064, modulo 97-10, over the account, the country and the check digits.
    let checked = signs[4..length].iter().chain(&signs[..4]).try_fold(0, |rest, sign| {
        let number = char::from(*sign).to_digit(36)?;
        Some((rest * if number > 9 { 100 } else { 10 } + number) % 97)
    });
    (checked == Some(1)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_country_s_length_and_check() {
        assert!(LENGTHS.is_sorted_by_key(|known| known.0));
        for text in [
            "DE89370400440532013000",
            "de89 3704 0044 0532 0130 00",
            "GB82-WEST-1234-5698-7654-32",
            "NO9386011117947",
            "GB82 WEST 1234 5698 7654 32 thanks",
        ] {
            assert!(is_iban(text.as_bytes()) && may_have_iban(text.as_bytes()), "{text}");
        }
        // A wrong digit; right check digits but too short, too long or nobody's; cut; nothing.
        for text in [
            "DE89370400440532013001",
            "DE0937040044053201300",
            "DE893704004405320130001",
            "XX57370400440532013000",
            "DE8937040044",
            "DE",
            "",
        ] {
            assert!(!is_iban(text.as_bytes()), "{text}");
        }
        assert!(!may_have_iban(b"xx12 d12 de1 89de") && !may_have_iban(b"DE89370400440532013001"));
        assert!(may_have_iban(b"x=DE89370400440532013000y") && !is_iban(b"DE89370400440532013000y"));
        assert_eq!(LENGTHS.iter().map(|known| known.1).max(), Some(LONGEST));
    }
}
