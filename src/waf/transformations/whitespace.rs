//! Blanks: `compressWhitespace`, `removeWhitespace`, `trim`, `trimLeft`, `trimRight`. Blanks are those of C's
//! `isspace`: space, `\t \n \v \f \r`.

use super::scan::any;

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0d)
}

/// `compressWhitespace`: each run of blanks becomes one space.
pub fn compress(value: &[u8], out: &mut Vec<u8>) {
    let mut after_blank = false;
    for byte in value {
        let blank = is_blank(*byte);
        if !blank {
            out.push(*byte);
        } else if !after_blank {
            out.push(b' ');
        }
        after_blank = blank;
    }
}

/// Whether there is a blank other than a space, or two in a row.
pub fn may_compress(value: &[u8]) -> bool {
    any(value, |byte| matches!(byte, 0x09..=0x0d)) || memchr::memmem::find(value, b"  ").is_some()
}

/// `removeWhitespace`: blanks go, and the bytes C2 and A0, which are the no-break space of UTF-8 and Latin-1, also
/// where they are part of another character.
pub fn remove(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().filter(|byte| !goes(**byte)));
}

/// Whether `removeWhitespace` changes the value.
pub fn may_remove(value: &[u8]) -> bool {
    any(value, goes)
}

fn goes(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, 0xa0 | 0xc2)
}

/// `trim`: no blanks at either end.
pub fn trim(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(without_trailing(without_leading(value)));
}

/// `trimLeft`.
pub fn trim_left(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(without_leading(value));
}

/// `trimRight`.
pub fn trim_right(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(without_trailing(value));
}

fn without_leading(value: &[u8]) -> &[u8] {
    let start = value.iter().position(|byte| !is_blank(*byte)).unwrap_or(value.len());
    &value[start..]
}

fn without_trailing(value: &[u8]) -> &[u8] {
    let end = value.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    &value[..end]
}

/// Whether `trim` changes the value.
pub fn may_trim(value: &[u8]) -> bool {
    may_trim_left(value) || may_trim_right(value)
}

/// Whether `trimLeft` changes the value.
pub fn may_trim_left(value: &[u8]) -> bool {
    value.first().is_some_and(|byte| is_blank(*byte))
}

/// Whether `trimRight` changes the value.
pub fn may_trim_right(value: &[u8]) -> bool {
    value.last().is_some_and(|byte| is_blank(*byte))
}
