//! Percent-encoding (RFC 3986, section 2.1) as forms use it: `urlDecode`, `urlDecodeUni`, `urlEncode`.

use super::hexadecimal::{pair, push, quad};
use super::scan::any;

/// `urlDecode`: `%HH` and `+`. A percent sign without two digits stays.
pub fn decode(value: &[u8], out: &mut Vec<u8>) {
    decode_escapes(value, out, |rest| pair(rest.get(1..)?).map(|byte| (byte, 3)));
}

/// `urlDecodeUni`: `%HH`, `+`, and IIS's `%uHHHH`, which becomes its low byte, or the ASCII sign of a full-width form.
/// There is no Unicode map (`SecUnicodeMapFile`).
pub fn decode_unicode(value: &[u8], out: &mut Vec<u8>) {
    decode_escapes(value, out, |rest| match rest {
        [_, b'u' | b'U', digits @ ..] => quad(digits).map(|byte| (byte, 6)),
        _ => pair(rest.get(1..)?).map(|byte| (byte, 3)),
    });
}

/// `escape` is asked for the byte at the front of what begins with a percent sign, and its length.
fn decode_escapes(value: &[u8], out: &mut Vec<u8>, escape: impl Fn(&[u8]) -> Option<(u8, usize)>) {
    let mut rest = value;
    while let Some(start) = memchr::memchr2(b'%', b'+', rest) {
        out.extend_from_slice(&rest[..start]);
        rest = &rest[start..];
        let (byte, length) = match rest[0] {
            b'%' => escape(rest).unwrap_or((b'%', 1)),
            _ => (b' ', 1),
        };
        out.push(byte);
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
}

/// Whether there is a percent or plus sign.
pub fn may_decode(value: &[u8]) -> bool {
    memchr::memchr2(b'%', b'+', value).is_some()
}

/// `urlEncode`: all but ASCII letters, digits and `*`; a space becomes `+`; small digits.
pub fn encode(value: &[u8], out: &mut Vec<u8>) {
    for byte in value {
        match byte {
            b' ' => out.push(b'+'),
            _ if stays(*byte) => out.push(*byte),
            _ => {
                out.push(b'%');
                push(*byte, out);
            }
        }
    }
}

/// Whether there is a byte to encode.
pub fn may_encode(value: &[u8]) -> bool {
    any(value, |byte| !stays(byte))
}

fn stays(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'*'
}
