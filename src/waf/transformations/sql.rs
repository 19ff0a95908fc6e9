//! `sqlHexDecode`: hexadecimal literals of MySQL: `0x` and pairs of digits become their bytes.

use super::hexadecimal::pair;

/// `sqlHexDecode`. As in libmodsecurity, the value's last byte is dropped unless a literal takes it, and the first NUL,
/// read or decoded, ends the value.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at + 1 < value.len() && value[at] != 0 {
        if let [b'0', b'x' | b'X', digits @ ..] = &value[at..]
            && pair(digits).is_some()
        {
            at += 2;
            while let Some(byte) = pair(&value[at..]) {
                out.push(byte);
                at += 2;
            }
            // The byte after a literal is taken as it is.
        }
        match value.get(at) {
            Some(byte) => out.push(*byte),
            None => break,
        }
        at += 1;
    }
    if let Some(end) = memchr::memchr(0, out) {
        out.truncate(end);
    }
}
