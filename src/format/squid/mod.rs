//! Squid's native access log: `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt`
//! (squid.conf, directive `logformat`, built-in format `squid`).
//!
//! Lines as Squid writes them take the exact path, which accepts nothing that rendering would not give back. What
//! people's tools do to such lines (tabs, other padding, a byte order mark, extra fields at the end, blanks inside a
//! URL) takes the lenient path.

mod lenient;
#[cfg(test)]
mod tests;

pub(super) use lenient::without_headers;

use super::{Format, FormatKind, only};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason, Timestamp};
use bumpalo::Bump;
use memchr::memchr;
use std::io::Write;

pub(super) static KIND: FormatKind = FormatKind {
    name: "squid",
    help: "Squid's native access log",
    compile: |definition| only("squid", definition, Squid),
    detected_as: &["squid"],
};

/// Squid's native format.
#[derive(Debug, Clone, Copy)]
pub struct Squid;

impl Squid {
    /// Reads a line, which nothing of has to be put together.
    ///
    /// # Errors
    /// As [`Format::parse`].
    #[inline]
    pub fn read(line: &[u8]) -> Result<AccessEvent<'_>, RejectReason> {
        exact(line).map_or_else(|| lenient::read(line), Ok)
    }
}

impl Format for Squid {
    fn spec(&self) -> &str {
        "squid"
    }

    #[inline]
    fn parse<'line>(&self, line: &'line [u8], _: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        Squid::read(line)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let (seconds, millis) = (event.time.0.div_euclid(1000), event.time.0.rem_euclid(1000));
        // Writing to a Vec can't fail.
        let _ = write!(out, "{seconds}.{millis:03} {:>6} ", event.time_taken_ms);
        out.extend_from_slice(dash(event.c_ip));
        out.push(b' ');
        out.extend_from_slice(dash(event.result));
        let _ = write!(out, "/{:03} {} ", event.sc_status, event.sc_bytes);
        for field in [event.cs_method, event.cs_uri, event.cs_username] {
            out.extend_from_slice(dash(field));
            out.push(b' ');
        }
        out.extend_from_slice(dash(event.hierarchy));
        out.push(b'/');
        out.extend_from_slice(dash(event.peer));
        out.push(b' ');
        out.extend_from_slice(dash(event.content_type));
    }

    fn fields(&self) -> FieldSet {
        FieldSet::of(&[
            Field::Time,
            Field::TimeTaken,
            Field::Client,
            Field::User,
            Field::Method,
            Field::Url,
            Field::Query,
            Field::Status,
            Field::Bytes,
            Field::Result,
            Field::Peer,
            Field::ContentType,
        ])
    }
}

pub(super) fn dash(field: &[u8]) -> &[u8] {
    if field.is_empty() { b"-" } else { field }
}

pub(super) fn undash(field: &[u8]) -> &[u8] {
    if field == b"-" { b"" } else { field }
}

/// Reads a line exactly as Squid writes it; `None` for any deviation.
#[inline]
fn exact(line: &[u8]) -> Option<AccessEvent<'_>> {
    let mut rest = Cursor(line);
    let seconds = rest.number(11)?;
    rest.byte(b'.')?;
    let millis = rest.fixed3()?;
    rest.byte(b' ')?;
    let padded_from = rest.0.len();
    while rest.0.first() == Some(&b' ') {
        rest.0 = &rest.0[1..];
    }
    let padding = padded_from - rest.0.len();
    let negative = rest.byte(b'-').is_some();
    let magnitude = rest.number(15)? as i64;
    let width = padded_from - rest.0.len();
    if (padding > 0 && width != 6) || width < 6 || (negative && magnitude == 0) {
        return None;
    }
    rest.byte(b' ')?;
    let c_ip = rest.field(b' ')?;
    let result = rest.field(b'/')?;
    let sc_status = rest.fixed3()? as u16;
    rest.byte(b' ')?;
    let sc_bytes = rest.number(19)?;
    rest.byte(b' ')?;
    let cs_method = rest.field(b' ')?;
    let cs_uri = rest.field(b' ')?;
    let cs_username = rest.field(b' ')?;
    let hierarchy = rest.field(b'/')?;
    let peer = rest.field(b' ')?;
    let content_type = rest.0;
    // A blank in a code would mean that fields are missing and the slash is another field's.
    let clean = |code: &[u8]| !code.iter().any(|byte| matches!(byte, b' ' | b'\t'));
    if content_type.is_empty() || !clean(content_type) || !clean(result) || !clean(hierarchy) {
        return None;
    }
    Some(AccessEvent {
        time: Timestamp((seconds * 1000 + millis) as i64),
        time_taken_ms: if negative { -magnitude } else { magnitude },
        c_ip: undash(c_ip),
        cs_username: undash(cs_username),
        cs_method: undash(cs_method),
        cs_uri: undash(cs_uri),
        sc_status,
        sc_bytes,
        cs_bytes: None,
        result: undash(result),
        hierarchy: undash(hierarchy),
        peer: undash(peer),
        content_type: undash(content_type),
        user_agent: b"",
        referer: b"",
        extra: b"",
        canonical: true,
    })
}

/// What is still unread of a line.
struct Cursor<'line>(&'line [u8]);

impl<'line> Cursor<'line> {
    #[inline]
    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    /// A decimal number without needless leading zeros, of at most `most` digits.
    #[inline]
    fn number(&mut self, most: usize) -> Option<u64> {
        let mut value = 0_u64;
        let mut digits = 0;
        while let Some(digit) = self.0.get(digits).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += 1;
        }
        let canonical = digits > 0 && digits <= most && (digits == 1 || self.0[0] != b'0');
        canonical.then(|| {
            self.0 = &self.0[digits..];
            value
        })
    }

    /// Three decimal digits.
    #[inline]
    fn fixed3(&mut self) -> Option<u64> {
        let (digits, rest) = self.0.split_first_chunk::<3>()?;
        digits.iter().all(u8::is_ascii_digit).then(|| {
            self.0 = rest;
            digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
        })
    }

    /// Everything up to the separator, which is consumed; at least one byte.
    #[inline]
    fn field(&mut self, separator: u8) -> Option<&'line [u8]> {
        let end = memchr(separator, self.0)?;
        let field = &self.0[..end];
        self.0 = &self.0[end + 1..];
        (end > 0).then_some(field)
    }
}
