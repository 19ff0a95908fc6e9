//! International bank account numbers (ISO 13616-1): a country, two check digits, and the account as long as the country
//! has it. Blanks and dashes may stand between groups.

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

fn length_of(country: &[u8]) -> Option<usize> {
    let country: [u8; 2] = country.to_ascii_uppercase().try_into().ok()?;
    let at = LENGTHS.binary_search_by_key(&country, |known| known.0).ok()?;
    Some(LENGTHS[at].1)
}

/// Whether there is a country's code with two digits behind it.
pub fn may_have_iban(value: &[u8]) -> bool {
    value.windows(4).any(|signs| {
        signs[3].is_ascii_digit()
            && signs[2].is_ascii_digit()
            && signs[1].is_ascii_alphabetic()
            && length_of(&signs[..2]).is_some()
    })
}

/// Whether a text begins with a number, with nothing, a blank or a dash behind it.
pub fn is_iban(text: &[u8]) -> bool {
    let Some((country, _)) = text.split_at_checked(2) else { return false };
    let Some(length) = length_of(country) else { return false };
    let between = |byte: u8| matches!(byte, b' ' | b'-');
    let mut signs = Vec::with_capacity(length);
    let mut rest = text.iter().copied();
    signs.extend(rest.by_ref().filter(|byte| !between(*byte)).take(length));
    if signs.len() < length || rest.next().is_some_and(|byte| !between(byte)) {
        return false;
    }
    // The check of ISO 7064, modulo 97-10, over the account, the country and the check digits.
    let checked = signs[4..].iter().chain(&signs[..4]).try_fold(0, |rest, sign| {
        let number = char::from(*sign).to_digit(36)?;
        Some((rest * if number > 9 { 100 } else { 10 } + number) % 97)
    });
    signs[2..4].iter().all(u8::is_ascii_digit) && checked == Some(1)
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
        assert!(!may_have_iban(b"xx12 d12 de1 89de"));
    }
}
