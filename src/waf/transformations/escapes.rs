//! `escapeSeqDecode`: the escapes of ANSI C: `\a \b \f \n \r \t \v \\ \? \' \"`, `\xHH`, and `\O` to `\OOO`.

use super::hexadecimal::pair;

/// `escapeSeqDecode`. Of an escape that is none of these the backslash goes; one at the end stays.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        let (decoded, after) = match (byte, tail) {
            (b'\\', [b'x' | b'X', digits @ ..]) => match pair(digits) {
                Some(byte) => (byte, &digits[2..]),
                None => (tail[0], digits),
            },
            (b'\\', [b'0'..=b'7', ..]) => {
                let (number, length) = octal(tail, 3);
                (number, &tail[length..])
            }
            (b'\\', [sign, after @ ..]) => (control(*sign).unwrap_or(*sign), after),
            _ => (*byte, tail),
        };
        out.push(decoded);
        rest = after;
    }
}

/// The control character that a letter names after a backslash.
pub fn control(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        _ => return None,
    })
}

/// The low byte of the octal number at the front, of `longest` digits at most, and how many digits it has.
pub fn octal(rest: &[u8], longest: usize) -> (u8, usize) {
    let digits = rest.iter().take(longest).take_while(|byte| matches!(byte, b'0'..=b'7'));
    digits.fold((0, 0), |(number, length), digit| (number << 3 | (digit - b'0'), length + 1))
}

/// Whether there is a backslash.
pub fn may_change(value: &[u8]) -> bool {
    memchr::memchr(b'\\', value).is_some()
}
