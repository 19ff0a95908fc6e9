//! The Common Log Format of the early web servers and its combined form with Referer and User-Agent, as Apache, nginx and
//! Squid write them: `%h %l %u %t "%r" %>s %b ["%{Referer}i" "%{User-agent}i"]`, of Squid with ` %Ss:%Sh` behind it.
//!
//! Lines as they should be take the exact path. What is odd takes the lenient one: user names with blanks, request lines
//! that are none, quotes and backslashes in what clients sent, which Apache escapes, nginx writes as `\xhh` and Squid's
//! built-in formats leave as they are.
//!
//! Source: Apache httpd, `mod_log_config`; Squid, `src/log/FormatHttpdCombined.cc`. `extra` holds, separated by 0x1F and
//! empty where usual: the zone (`+0000`), the identd name (`-`), the protocol (`HTTP/1.1`; `-` for none), a size of zero
//! (`-`, with Squid's codes `0`), and what stands behind all that.

mod exact;
mod lenient;
#[cfg(test)]
mod tests;

use super::squid::dash;
use super::{Format, FormatKind, only, strftime};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason, Timestamp};
use bumpalo::Bump;
use std::io::Write;

pub(super) static COMMON: FormatKind = FormatKind {
    name: "common",
    help: "Common Log Format, of Apache, nginx or Squid",
    compile: |definition| only("common", definition, Clf::COMMON),
    detected_as: &["common"],
};

pub(super) static COMBINED: FormatKind = FormatKind {
    name: "combined",
    help: "Common Log Format with Referer and User-Agent, of Apache, nginx or Squid",
    compile: |definition| only("combined", definition, Clf::COMBINED),
    detected_as: &["combined"],
};

/// The common or the combined format.
#[derive(Debug, Clone, Copy)]
pub struct Clf {
    is_combined: bool,
}

const SEPARATOR: u8 = 0x1f;
const USUAL_ZONE: &[u8] = b"+0000";
const USUAL_PROTOCOL: &[u8] = b"HTTP/1.1";

impl Clf {
    /// Without Referer and User-Agent.
    pub const COMMON: Clf = Clf { is_combined: false };
    /// With them.
    pub const COMBINED: Clf = Clf { is_combined: true };
}

impl Format for Clf {
    fn spec(&self) -> &str {
        if self.is_combined { COMBINED.name } else { COMMON.name }
    }

    #[inline]
    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        match exact::read(line, self.is_combined) {
            Some(parts) => Ok(parts.event(arena, true)),
            None => self.read_leniently(line, arena),
        }
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let mut segments = event.extra.splitn(5, |byte| *byte == SEPARATOR);
        let mut kept = |usual| match segments.next() {
            Some(text @ [_, ..]) => text,
            _ => usual,
        };
        let (zone, ident, protocol) = (kept(USUAL_ZONE), kept(b"-"), kept(USUAL_PROTOCOL));
        let no_bytes = kept(if event.result.is_empty() { b"-" } else { b"0" });
        let trailing = kept(b"");
        let escape = |text: &[u8], out: &mut Vec<u8>| match event.result {
            [] => escape(text, out),
            _ => out.extend_from_slice(text),
        };
        for field in [dash(event.c_ip), ident, dash(event.cs_username)] {
            out.extend_from_slice(field);
            out.push(b' ');
        }
        out.push(b'[');
        let offset = zone.first_chunk().and_then(strftime::read_zone).unwrap_or(0);
        strftime::write_clock(event.time, offset, out);
        out.extend_from_slice(zone);
        out.extend_from_slice(b"] \"");
        if protocol != b"-" || !event.cs_method.is_empty() {
            escape(dash(event.cs_method), out);
            out.push(b' ');
        }
        escape(dash(event.cs_uri), out);
        if protocol != b"-" {
            out.push(b' ');
            escape(protocol, out);
        }
        // Writing to a Vec can't fail.
        let _ = write!(out, "\" {} ", event.sc_status);
        if event.sc_bytes == 0 {
            out.extend_from_slice(no_bytes);
        } else {
            let _ = write!(out, "{}", event.sc_bytes);
        }
        if self.is_combined {
            for field in [event.referer, event.user_agent] {
                out.extend_from_slice(b" \"");
                escape(dash(field), out);
                out.push(b'"');
            }
        }
        if !event.result.is_empty() {
            out.push(b' ');
            out.extend_from_slice(event.result);
            out.push(b':');
            out.extend_from_slice(dash(event.hierarchy));
        }
        out.extend_from_slice(trailing);
    }

    fn fields(&self) -> FieldSet {
        let common = FieldSet::of(&[
            Field::Time,
            Field::Client,
            Field::User,
            Field::Method,
            Field::Url,
            Field::Query,
            Field::Status,
            Field::Bytes,
            Field::Result,
        ]);
        if self.is_combined { common.with(Field::UserAgent).with(Field::Referer) } else { common }
    }
}

/// Appends a quoted text: what would end it is escaped, as Apache does and Squid does not.
fn escape(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            byte => out.push(*byte),
        }
    }
}

/// A line's parts as written; texts that clients sent without their escapes.
#[derive(Clone, Copy, Default)]
struct Parts<'line> {
    client: &'line [u8],
    ident: &'line [u8],
    user: &'line [u8],
    time: Timestamp,
    zone: &'line [u8],
    request: Request<'line>,
    status: u16,
    size: &'line [u8],
    bytes: u64,
    referer: &'line [u8],
    agent: &'line [u8],
    tail: Tail<'line>,
}

/// A request line.
#[derive(Clone, Copy, Default)]
struct Request<'line> {
    method: &'line [u8],
    uri: &'line [u8],
    /// Empty where there is none.
    protocol: &'line [u8],
}

/// What follows the fields of the format: Squid's two codes, and anything.
#[derive(Clone, Copy, Default)]
struct Tail<'line> {
    result: &'line [u8],
    hierarchy: &'line [u8],
    rest: &'line [u8],
}

impl<'line> Tail<'line> {
    #[inline]
    fn read(text: &'line [u8]) -> Tail<'line> {
        let is_code = |byte: u8| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit();
        let code_length = |text: &[u8]| text.iter().take_while(|byte| is_code(**byte)).count();
        let none = Tail { rest: text, ..Tail::default() };
        let Some(behind) = text.strip_prefix(b" ") else { return none };
        let (result, behind) = behind.split_at(code_length(behind));
        let Some(behind) = behind.strip_prefix(b":") else { return none };
        let (hierarchy, rest) = behind.split_at(code_length(behind));
        let is_ended = rest.first().is_none_or(|byte| *byte == b' ');
        let is_squid = is_ended && !result.is_empty() && !hierarchy.is_empty();
        if is_squid { Tail { result, hierarchy, rest } } else { none }
    }
}

impl<'line> Parts<'line> {
    /// The event; `canonical` where rendering is known to give the line back.
    #[inline]
    fn event(&self, arena: &'line Bump, canonical: bool) -> AccessEvent<'line> {
        use super::squid::undash;
        let (extra, is_kept) = self.extra(arena);
        AccessEvent {
            time: self.time,
            time_taken_ms: 0,
            c_ip: undash(self.client),
            cs_username: undash(self.user),
            cs_method: undash(self.request.method),
            cs_uri: undash(self.request.uri),
            sc_status: self.status,
            sc_bytes: self.bytes,
            cs_bytes: None,
            result: self.tail.result,
            hierarchy: self.tail.hierarchy,
            peer: b"",
            content_type: b"",
            user_agent: undash(self.agent),
            referer: undash(self.referer),
            extra,
            canonical: canonical && is_kept,
        }
    }

    /// What is not usual of the line; `false` where that can't be written down.
    #[inline]
    fn extra(&self, arena: &'line Bump) -> (&'line [u8], bool) {
        let unless = |text: &'line [u8], usual: &[u8]| if text == usual { &b""[..] } else { text };
        let no_bytes: &[u8] = if self.tail.result.is_empty() { b"-" } else { b"0" };
        let protocol = if self.request.protocol.is_empty() { b"-" } else { self.request.protocol };
        let segments = [
            unless(self.zone, USUAL_ZONE),
            unless(self.ident, b"-"),
            unless(protocol, USUAL_PROTOCOL),
            if self.bytes == 0 { unless(self.size, no_bytes) } else { b"" },
            self.tail.rest,
        ];
        let Some(last) = segments.iter().rposition(|segment| !segment.is_empty()) else { return (b"", true) };
        // What stands last may hold anything.
        if segments[..4].iter().any(|segment| segment.contains(&SEPARATOR)) {
            return (b"", false);
        }
        if last == 0 {
            return (segments[0], true);
        }
        let kept = &segments[..=last];
        let extra =
            arena.alloc_slice_fill_copy(kept.iter().map(|segment| segment.len()).sum::<usize>() + last, SEPARATOR);
        let mut at = 0;
        for segment in kept {
            extra[at..at + segment.len()].copy_from_slice(segment);
            at += segment.len() + 1;
        }
        (extra, true)
    }
}
