//! `overlongUtf8Decode`, ours: ASCII spelt with more bytes of UTF-8 than it needs becomes that ASCII, as lax decoders
//! have it: `/` as C0 AF, E0 80 AF or F0 80 80 AF. RFC 3629, section 3, forbids the spelling, so nobody honest uses it.
//! `urlDecodeUni` doesn't do this. Correct UTF-8 stays.

use super::scan::any;

/// `overlongUtf8Decode`.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        let (byte, length) = overlong(rest).unwrap_or((*first, 1));
        out.push(byte);
        rest = tail.get(length - 1..).unwrap_or(&[]);
    }
}

/// The ASCII that the front spells too long, and in how many bytes.
fn overlong(rest: &[u8]) -> Option<(u8, usize)> {
    let (high, low, length) = match rest {
        [high @ 0xc0..=0xc1, low, ..] => (*high, *low, 2),
        [0xe0, high @ 0x80..=0x81, low, ..] => (*high, *low, 3),
        [0xf0, 0x80, high @ 0x80..=0x81, low, ..] => (*high, *low, 4),
        _ => return None,
    };
    (low & 0xc0 == 0x80).then_some(((high & 1) << 6 | low & 0x3f, length))
}

/// Whether there is a byte that begins such a spelling.
pub fn may_change(value: &[u8]) -> bool {
    any(value, |byte| matches!(byte, 0xc0 | 0xc1 | 0xe0 | 0xf0))
}
