//! `htmlEntityDecode`: character references of HTML: `&#x…;`, `&#…;` and five names: `quot amp lt gt nbsp`. The
//! semicolon may lack. A code point becomes its low byte.

/// `htmlEntityDecode`.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some(start) = memchr::memchr(b'&', rest) {
        out.extend_from_slice(&rest[..start]);
        rest = &rest[start..];
        let (byte, length) = reference(rest);
        match byte {
            Some(byte) => {
                out.push(byte);
                rest = &rest[length..];
                rest = rest.strip_prefix(b";").unwrap_or(rest);
            }
            None => {
                out.extend_from_slice(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    out.extend_from_slice(rest);
}

/// The byte of the reference at the front, where it is one, and how far it goes without its semicolon; else how much
/// is to be copied.
fn reference(rest: &[u8]) -> (Option<u8>, usize) {
    match rest {
        [_, b'#', b'x' | b'X', digits @ ..] => number(digits, 16, 3),
        [_, b'#', digits @ ..] => number(digits, 10, 2),
        [_, name @ ..] => {
            let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            (named(&name[..length]), 1 + length)
        }
        [] => (None, 0),
    }
}

/// Saturates as `strtol` does.
fn number(digits: &[u8], radix: u32, before: usize) -> (Option<u8>, usize) {
    let mut number = 0_i64;
    let mut length = 0;
    for digit in digits.iter().map_while(|byte| char::from(*byte).to_digit(radix)) {
        number = number.checked_mul(i64::from(radix)).and_then(|n| n.checked_add(i64::from(digit))).unwrap_or(i64::MAX);
        length += 1;
    }
    ((length > 0).then_some(number as u8), before + length)
}

fn named(name: &[u8]) -> Option<u8> {
    const NAMES: [(&[u8], u8); 5] = [(b"quot", b'"'), (b"amp", b'&'), (b"lt", b'<'), (b"gt", b'>'), (b"nbsp", 0xa0)];
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, byte)| *byte)
}

/// Whether there is an ampersand.
pub fn may_change(value: &[u8]) -> bool {
    memchr::memchr(b'&', value).is_some()
}
