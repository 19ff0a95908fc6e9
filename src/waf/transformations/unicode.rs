//! `utf8toUnicode`: UTF-8 (RFC 3629) beyond ASCII becomes `%uHHHH`, so that one decoder after it knows both spellings.

use std::io::Write as _;

use super::scan::any;

/// `utf8toUnicode`. As in libmodsecurity: a byte that can't begin a character stays, one that begins a character which
/// doesn't follow goes; overlong characters and surrogates are written and their first byte after them; NULs go.
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        rest = tail;
        let (length, head) = match first {
            0 => continue,
            0xc0..=0xdf => (2, first & 0x1f),
            0xe0..=0xef => (3, first & 0x0f),
            0xf0..=0xf7 => (4, first & 0x07),
            _ => {
                out.push(*first);
                continue;
            }
        };
        if *first >= 0xf5 {
            out.push(*first);
        }
        let Some(following) = tail.get(..length - 1).filter(|following| following.iter().all(|b| b & 0xc0 == 0x80))
        else {
            continue;
        };
        let code = following.iter().fold(u32::from(head), |code, byte| code << 6 | u32::from(byte & 0x3f));
        // Writing to a vector can't fail.
        let _ = write!(out, "%u{code:04x}");
        let overlong = code < [0x80, 0x800, 0x1_0000][length - 2];
        if overlong || matches!(code, 0xd800..=0xdfff) {
            out.push(*first);
        }
        rest = &tail[length - 1..];
    }
}

/// Whether there is a byte beyond ASCII, or a NUL.
pub fn may_change(value: &[u8]) -> bool {
    any(value, |byte| (byte == 0) | (byte >= 0x80))
}
