//! `eq`, `ge`, `gt`, `le`, `lt`: whole numbers. What is no number is 0, and a number ends at the first sign that is
//! none of its digits, as in C.

use std::ops::Range;

/// `eq`. As in libmodsecurity, numbers beyond 32 bits are 0.
pub fn eq(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    let narrow = |text| i32::try_from(number(text)).unwrap_or(0);
    whole(value, narrow(value) == narrow(argument))
}

/// `ge`: the value is at least the argument.
pub fn ge(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    whole(value, number(value) >= number(argument))
}

/// `gt`: the value is more than the argument.
pub fn gt(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    whole(value, number(value) > number(argument))
}

/// `le`: the value is at most the argument.
pub fn le(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    whole(value, number(value) <= number(argument))
}

/// `lt`: the value is less than the argument.
pub fn lt(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    whole(value, number(value) < number(argument))
}

fn whole(value: &[u8], holds: bool) -> Option<Range<usize>> {
    holds.then_some(0..value.len())
}

/// As `strtoll` reads it: blanks, a sign, digits; saturates at 64 bits.
fn number(text: &[u8]) -> i64 {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | 0x09..=0x0d)).unwrap_or(text.len());
    let (sign, digits) = match &text[start..] {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0')))
}
