//! Numbers that name a person: payment cards, bank accounts, phones.

use super::scan::{class, is, run};
use std::ops::Range;

/// What may stand between the groups of a phone number.
const PHONE_JOINTS: &[u8] = b" -.()/+";

/// The end of a payment card number that begins at `start`: 13 to 19 digits of a known issuer with a right check digit
/// (ISO/IEC 7812), together, or in groups parted by blanks or dashes.
pub(super) fn card(text: &[u8], start: usize) -> Option<usize> {
    if !matches!(text[start], b'2'..=b'6') || is_fraction(text, start) {
        return None;
    }
    let mut digits = [0_u8; 20];
    let (mut count, mut at, mut joint) = (0, start, None);
    while let Some(byte) = text.get(at) {
        match byte {
            b'0'..=b'9' if count < digits.len() => {
                digits[count] = byte - b'0';
                count += 1;
            }
            b'0'..=b'9' => return None,
            b' ' | b'-' | b'+' if joint.is_none_or(|known| known == byte) && next_is_digit(text, at) => {
                joint = Some(byte);
                // Groups of four, or as American Express writes them.
                if !matches!(count, 4 | 8 | 10 | 12 | 16) {
                    return None;
                }
            }
            _ => break,
        }
        at += 1;
    }
    let digits = &digits[..count];
    let whole = text.get(at).is_none_or(|next| !is(*next, class::ALNUM));
    (whole && is_issued(digits) && has_luhn_digit(digits)).then_some(at)
}

/// Whether length and leading digits are an issuer's.
fn is_issued(digits: &[u8]) -> bool {
    let front = |count: usize| digits.iter().take(count).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    match digits.len() {
        13 => front(1) == 4,
        14 => matches!(front(3), 300..=305) || matches!(front(2), 36 | 38 | 39),
        15 => matches!(front(2), 34 | 37),
        16 => {
            front(1) == 4
                || matches!(front(2), 51..=55 | 62 | 65)
                || matches!(front(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(front(3), 644..=649)
        }
        17 | 18 => front(2) == 62,
        19 => front(1) == 4 || front(2) == 62,
        _ => false,
    }
}

/// ISO/IEC 7812-1, annex B.
fn has_luhn_digit(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let weighed =
        digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit });
    weighed.map(u32::from).sum::<u32>().is_multiple_of(10)
}

/// How long the account numbers of a country are, check digits and country included (SWIFT's IBAN registry).
const IBAN_LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AT", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BR", 29),
    (b"CH", 21),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"EE", 20),
    (b"ES", 24),
    (b"FI", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GR", 27),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"MC", 27),
    (b"MT", 31),
    (b"NL", 18),
    (b"NO", 15),
    (b"PL", 28),
    (b"PT", 25),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"TR", 26),
    (b"UA", 29),
];

/// The end of a bank account number (ISO 13616) that begins at `start`: of its country's length, its remainder right;
/// together, or in groups of four parted by blanks.
pub(super) fn iban(text: &[u8], start: usize) -> Option<usize> {
    let front = text.get(start..start + 4)?;
    if !(is(front[2], class::DIGIT) && is(front[3], class::DIGIT)) {
        return None;
    }
    let country = [front[0].to_ascii_uppercase(), front[1].to_ascii_uppercase()];
    let (_, length) = IBAN_LENGTHS.iter().find(|(known, _)| **known == country)?;
    let (mut signs, mut at) = (Vec::with_capacity(*length), start);
    while signs.len() < *length {
        match text.get(at)? {
            byte if is(*byte, class::ALNUM) => signs.push(byte.to_ascii_uppercase()),
            b' ' | b'+' if signs.len().is_multiple_of(4) => {}
            _ => return None,
        }
        at += 1;
    }
    let whole = text.get(at).is_none_or(|next| !is(*next, class::ALNUM));
    (whole && remainder_97(&signs) == 1).then_some(at)
}

/// ISO 7064 MOD 97-10 of an account number, letters as 10 to 35, its first four signs last.
fn remainder_97(signs: &[u8]) -> u32 {
    signs[4..].iter().chain(&signs[..4]).fold(0, |sum, sign| match sign {
        b'0'..=b'9' => (sum * 10 + u32::from(sign - b'0')) % 97,
        letter => (sum * 100 + u32::from(letter - b'A') + 10) % 97,
    })
}

/// A phone number behind a plus sign that stands by itself: 8 to 15 digits, the first not 0 (E.164), parted or not.
pub(super) fn international_phone(text: &[u8], plus: usize) -> Option<Range<usize>> {
    let alone = plus.checked_sub(1).is_none_or(|before| !is(text[before], class::ALNUM));
    if !alone || !matches!(text.get(plus + 1), Some(b'1'..=b'9')) {
        return None;
    }
    let (end, digits) = dialling(text, plus + 1);
    let whole = text.get(end).is_none_or(|next| !is(*next, class::TOKEN));
    (whole && (8..=15).contains(&digits)).then_some(plus..end)
}

/// A number behind `tel:` or the like.
pub(super) fn dialled(text: &[u8], colon: usize) -> Option<Range<usize>> {
    let front = &text[..colon];
    let is_scheme = [&b"tel"[..], b"sms", b"callto", b"fax"].iter().any(|scheme| front.ends_with(scheme));
    if !is_scheme {
        return None;
    }
    let start = colon + 1;
    let (end, digits) = dialling(text, start + usize::from(text.get(start) == Some(&b'+')));
    (digits >= 3).then_some(start..end)
}

/// The end of up to 15 digits with single joints between groups, and how many digits there are.
fn dialling(text: &[u8], start: usize) -> (usize, usize) {
    let (mut at, mut end, mut digits, mut joints) = (start, start, 0, 0);
    while let Some(byte) = text.get(at) {
        if is(*byte, class::DIGIT) && digits < 16 {
            (digits, joints) = (digits + 1, 0);
            end = at + 1;
        } else if PHONE_JOINTS.contains(byte) && joints < 2 {
            joints += 1;
        } else {
            break;
        }
        at += 1;
    }
    (end, digits)
}

/// The end of a national phone number that begins with the run `start..end`: written as North Americans do
/// (`555-123-4567`), with an area code that begins with 0 (`0171-2345678`), or with 00 and a country code. Digits
/// without joints are numbers of many other things.
pub(super) fn national_phone(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let digits = &text[start..end];
    if !digits.iter().all(|byte| is(*byte, class::DIGIT)) || is_fraction(text, start) {
        return None;
    }
    if start.checked_sub(1).is_some_and(|before| is(text[before], class::JOINT)) {
        return None;
    }
    match digits {
        [b'0', b'0', b'1'..=b'9', ..] if (13..=15).contains(&digits.len()) => Some(end),
        [b'0', b'1'..=b'9', ..] if (3..=6).contains(&digits.len()) => area_code(text, end),
        [b'2'..=b'9', _, _] => north_american(text, end),
        _ => None,
    }
}

/// `-2345678` behind an area code, in one group of 4 to 8 digits or in several.
fn area_code(text: &[u8], end: usize) -> Option<usize> {
    if !matches!(text.get(end), Some(b' ' | b'-')) {
        return None;
    }
    let first = run(text, end + 1, class::DIGIT);
    let group = first - end - 1;
    let whole = text.get(first).is_none_or(|next| !is(*next, class::TOKEN) && *next != b'.');
    ((5..=8).contains(&group) && whole).then_some(first)
}

/// `-123-4567` behind an area code, also `)123-4567`.
fn north_american(text: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    let closed = text.get(at) == Some(&b')');
    at += usize::from(closed);
    let joint = text.get(at).filter(|byte| b" -.".contains(byte)).copied();
    at += usize::from(joint.is_some());
    let exchange = run(text, at, class::DIGIT);
    let second = *text.get(exchange)?;
    let line = run(text, exchange + 1, class::DIGIT);
    let whole = text.get(line).is_none_or(|next| !is(*next, class::TOKEN) && *next != b'.');
    let joined = closed || joint.is_some();
    let alike = if closed { b" -.".contains(&second) } else { joint == Some(second) };
    let right = joined && alike && exchange - at == 3 && line - exchange == 5;
    (right && whole).then_some(line)
}

/// Whether the digits from `start` on stand behind a decimal point.
fn is_fraction(text: &[u8], start: usize) -> bool {
    start >= 2 && text[start - 1] == b'.' && is(text[start - 2], class::DIGIT)
}

fn next_is_digit(text: &[u8], at: usize) -> bool {
    text.get(at + 1).is_some_and(|next| is(*next, class::DIGIT))
}
