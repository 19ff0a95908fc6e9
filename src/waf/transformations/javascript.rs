//! `jsDecode`: escapes in JavaScript strings (ECMA-262, string literals): `\uHHHH`, `\xHH`, `\O` to `\377`, `\n` and
//! its like. A code unit becomes its low byte, or the ASCII sign of a full-width form.

use super::escapes::{control, octal};
use super::hexadecimal::{pair, quad};

/// `jsDecode`. Of an escape that is none of these the backslash goes; one at the end stays.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        let (decoded, after) = match (byte, tail) {
            (b'\\', [b'u', digits @ ..]) if quad(digits).is_some() => (quad(digits).unwrap_or(0), &digits[4..]),
            (b'\\', [b'x', digits @ ..]) if pair(digits).is_some() => (pair(digits).unwrap_or(0), &digits[2..]),
            (b'\\', [first @ b'0'..=b'7', ..]) => {
                // Of three digits beyond one byte only two count.
                let three = octal(tail, 3).1 == 3 && *first <= b'3';
                let (number, length) = octal(tail, if three { 3 } else { 2 });
                (number, &tail[length..])
            }
            (b'\\', [sign, after @ ..]) => (control(*sign).unwrap_or(*sign), after),
            _ => (*byte, tail),
        };
        out.push(decoded);
        rest = after;
    }
}
