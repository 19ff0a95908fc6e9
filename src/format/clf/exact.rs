//! Lines as the format has them: nothing escaped, one blank between fields, a request line of three parts. Accepts
//! nothing that rendering would not give back.

use super::{Parts, Request, Tail};
use crate::format::strftime;
use crate::model::Timestamp;
use memchr::{memchr, memchr2, memrchr};

/// Reads such a line; `None` for any other.
#[inline]
pub(super) fn read(line: &[u8], is_combined: bool) -> Option<Parts<'_>> {
    let mut rest = line;
    if line.starts_with(b"\xef\xbb\xbf") {
        return None;
    }
    let client = field(&mut rest)?;
    let ident = field(&mut rest)?;
    let user = field(&mut rest)?;
    rest = rest.strip_prefix(b"[")?;
    let (clock, behind) = rest.split_first_chunk::<26>()?;
    let (time, _) = strftime::read_common(clock)?;
    // What has no text form of its own: a leap second, and times far away.
    if clock[18] == b'6' || time.0 < 0 || time.0 > Timestamp::MAX.0 - crate::model::DAY_MS * 2 {
        return None;
    }
    rest = behind.strip_prefix(b"] ")?;
    let request = request(quoted(&mut rest)?)?;
    rest = rest.strip_prefix(b" ")?;
    let status = status(field(&mut rest)?)?;
    let size_end = memchr(b' ', rest).unwrap_or(rest.len());
    let (size, behind) = rest.split_at(size_end);
    rest = behind;
    let bytes = if size == b"-" { 0 } else { size_of(size)? };
    let (mut referer, mut agent) = (&b""[..], &b""[..]);
    if is_combined {
        rest = rest.strip_prefix(b" ")?;
        referer = quoted(&mut rest)?;
        rest = rest.strip_prefix(b" ")?;
        agent = quoted(&mut rest)?;
        // A quote behind the last text may be that text's own end, and what it ended at a client's.
        if rest.first().is_some_and(|byte| *byte != b' ') || memchr(b'"', rest).is_some() {
            return None;
        }
    } else if memchr(b'"', rest).is_some() {
        // A quote behind the codes may be the request line's end, and the codes before it a client's.
        return None;
    }
    Some(Parts {
        client,
        ident,
        user,
        time,
        zone: &clock[21..],
        request,
        status,
        size,
        bytes,
        referer,
        agent,
        tail: Tail::read(rest),
    })
}

/// A field up to a blank, of at least one byte.
#[inline]
fn field<'line>(rest: &mut &'line [u8]) -> Option<&'line [u8]> {
    let end = rest.iter().position(|byte| *byte == b' ')?;
    let (field, behind) = rest.split_at(end);
    *rest = &behind[1..];
    (end > 0).then_some(field)
}

/// A text in quotes, of at least one byte and without backslashes.
#[inline]
fn quoted<'line>(rest: &mut &'line [u8]) -> Option<&'line [u8]> {
    let text = rest.strip_prefix(b"\"")?;
    let end = memchr2(b'"', b'\\', text)?;
    *rest = &text[end + 1..];
    (end > 0 && text[end] == b'"').then_some(&text[..end])
}

/// `GET http://a/ HTTP/1.1`.
#[inline]
fn request(text: &[u8]) -> Option<Request<'_>> {
    let first = text.iter().position(|byte| *byte == b' ')?;
    let last = memrchr(b' ', text)?;
    let (method, uri, protocol) = (&text[..first], text.get(first + 1..last)?, &text[last + 1..]);
    let is_whole = first > 0 && !uri.is_empty() && protocol.starts_with(b"HTTP/");
    is_whole.then_some(Request { method, uri, protocol })
}

/// Three digits, or a lone zero.
#[inline]
pub(super) fn status(text: &[u8]) -> Option<u16> {
    match text {
        b"0" => Some(0),
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => {
            Some(text.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0')))
        }
        _ => None,
    }
}

/// A size without needless zeros.
#[inline]
pub(super) fn size_of(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 || text[0] == b'0' && text.len() > 1 {
        return None;
    }
    let mut value = 0;
    for digit in text {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u64::from(digit - b'0');
    }
    Some(value)
}
