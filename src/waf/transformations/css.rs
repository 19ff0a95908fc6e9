//! `cssDecode`: escapes in CSS (CSS 2.2, section 4.1.3): `\` and one to six hexadecimal digits and a blank, or `\` and
//! a sign that stands for itself. A code point becomes its low byte, or the ASCII sign of a full-width form.

use super::hexadecimal::{byte_of, digit_of, narrow};

/// `cssDecode`. As in libmodsecurity, the first NUL that comes out ends the value.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let digits = tail.iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
        match (digits, tail.first()) {
            // A backslash at the end goes, as does one before a line end.
            (0, None) => {}
            (0, Some(b'\n')) => rest = &tail[1..],
            (0, Some(other)) => {
                out.push(*other);
                rest = &tail[1..];
            }
            _ => {
                out.push(byte_of_escape(&tail[..digits]));
                rest = &tail[digits..];
                if let [blank, after @ ..] = rest
                    && (blank.is_ascii_whitespace() || *blank == 0x0b)
                {
                    rest = after;
                }
            }
        }
    }
    if let Some(end) = memchr::memchr(0, out) {
        out.truncate(end);
    }
}

fn byte_of_escape(digits: &[u8]) -> u8 {
    match digits {
        [digit] => digit_of(*digit),
        [b'0', b'0', b'f' | b'F', b'f' | b'F', high, low]
        | [b'0', b'f' | b'F', b'f' | b'F', high, low]
        | [b'f' | b'F', b'f' | b'F', high, low] => narrow(byte_of(*high, *low)),
        [.., high, low] => byte_of(*high, *low),
        [] => 0,
    }
}

/// Whether there is an escape, or a NUL to end at.
pub fn may_change(value: &[u8]) -> bool {
    memchr::memchr2(b'\\', 0, value).is_some()
}
