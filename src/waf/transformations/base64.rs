//! Base64 (RFC 4648, section 4): `base64Decode`, `base64DecodeExt`, `base64Encode`. The decoders take and refuse what
//! libmodsecurity's take and refuse, which no library's decoder does.

use base64::{Engine, engine::general_purpose::STANDARD};

/// `base64Decode`: strict. What is no Base64 becomes the empty value; a NUL ends the input; line ends are passed over,
/// spaces only before one or at the end; a last group of less than four signs is dropped.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    let end = memchr::memchr(0, value).unwrap_or(value.len());
    let Some(value) = value.get(..end).filter(|value| is_base64(value)) else { return };
    let mut group = Group::default();
    let mut bytes_of_a_group = 3_usize;
    for byte in value.iter().filter(|byte| !matches!(byte, b'\r' | b'\n' | b' ')) {
        bytes_of_a_group -= usize::from(*byte == b'=');
        if let Some(bytes) = group.take(sextet(*byte).unwrap_or(0)) {
            out.extend_from_slice(&bytes[..bytes_of_a_group]);
        }
    }
}

/// Four signs are three bytes.
#[derive(Default)]
struct Group {
    bits: u32,
    signs: u8,
}

impl Group {
    fn take(&mut self, sextet: u8) -> Option<[u8; 3]> {
        self.bits = self.bits << 6 | u32::from(sextet);
        self.signs += 1;
        if self.signs < 4 {
            return None;
        }
        let [_, bytes @ ..] = self.bits.to_be_bytes();
        *self = Self::default();
        Some(bytes)
    }
}

/// No sign outside the alphabet, at most two `=` and none before a sign of the alphabet, no space inside a line.
fn is_base64(value: &[u8]) -> bool {
    let (mut pads, mut spaces) = (0, false);
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b' ' => spaces = true,
            b'\n' => spaces = false,
            b'\r' if value.get(at + 1) == Some(&b'\n') => spaces = false,
            _ if spaces => return false,
            b'=' if pads < 2 => pads += 1,
            _ if pads > 0 || sextet(*byte).is_none() => return false,
            _ => {}
        }
    }
    true
}

/// `base64DecodeExt`: passes over what is outside the alphabet. One sign alone in its group makes the whole value
/// empty if a lone `=` follows, or if the value's last byte is `=` or, by an accident of libmodsecurity (the sextet of
/// `9` is the code of `=`), `9`.
pub fn decode_leniently(value: &[u8], out: &mut Vec<u8>) {
    let (mut signs, mut bits) = (0_u8, 0_u8);
    for (at, byte) in value.iter().enumerate() {
        if *byte == b'=' && signs == 1 && value.get(at + 1) != Some(&b'=') {
            out.clear();
            return;
        }
        let Some(sextet) = sextet(*byte) else { continue };
        match signs {
            0 => {}
            1 => out.push(bits << 2 | sextet >> 4),
            2 => out.push(bits << 4 | sextet >> 2),
            _ => out.push(bits << 6 | sextet),
        }
        bits = sextet;
        signs = (signs + 1) % 4;
    }
    if signs == 1 && matches!(value.last(), Some(b'=' | b'9')) {
        out.clear();
    }
}

/// `base64Encode`: with padding.
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(STANDARD.encode(value).as_bytes());
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
