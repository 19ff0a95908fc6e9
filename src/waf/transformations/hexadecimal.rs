//! Hexadecimal: `hexDecode`, `hexEncode`, and the digits that other decoders read.

/// `hexEncode`: two small digits a byte.
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    for byte in value {
        push(*byte, out);
    }
}

/// `hexDecode`: two signs a byte, whatever they are: what is no digit counts as libmodsecurity's arithmetic has it. A
/// last odd sign is dropped.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.chunks_exact(2).map(|pair| byte_of(pair[0], pair[1])));
}

/// One byte as two small digits.
pub fn push(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// The byte that two digits spell.
pub fn byte_of(high: u8, low: u8) -> u8 {
    digit_of(high).wrapping_mul(16).wrapping_add(digit_of(low))
}

/// A digit's number; of other signs, a number without meaning.
pub fn digit_of(sign: u8) -> u8 {
    if sign >= b'A' { (sign & 0xdf).wrapping_sub(b'A').wrapping_add(10) } else { sign.wrapping_sub(b'0') }
}

/// The byte that the two digits at the front spell; `None` unless both are digits.
pub fn pair(rest: &[u8]) -> Option<u8> {
    match rest {
        [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(byte_of(*high, *low)),
        _ => None,
    }
}

/// What the four digits at the front stand for where one byte has to do, as after `%u` and `\u`: the last two, and of
/// the full-width forms U+FF01 to U+FF5E the ASCII sign they widen. `None` unless all four are digits.
pub fn quad(rest: &[u8]) -> Option<u8> {
    let high = pair(rest)?;
    let low = pair(rest.get(2..)?)?;
    Some(if high == 0xff { narrow(low) } else { low })
}

/// The ASCII sign of a full-width form, of which this is the low byte.
pub fn narrow(low: u8) -> u8 {
    if matches!(low, 0x01..=0x5e) { low + 0x20 } else { low }
}
