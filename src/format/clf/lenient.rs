//! Lines that are not as the format has them, or hold what is escaped in one program's way or another's.

use super::{Clf, Parts, Request, Tail, exact};
use crate::format::squid::without_headers;
use crate::format::{Format, is_escaped, strftime};
use crate::model::{AccessEvent, RejectReason, Timestamp};
use bumpalo::Bump;
use memchr::{memchr, memrchr};
use std::net::IpAddr;

impl Clf {
    /// Reads whatever can still be understood as a line of the format.
    #[cold]
    pub(super) fn read_leniently<'line>(
        self,
        line: &'line [u8],
        arena: &'line Bump,
    ) -> Result<AccessEvent<'line>, RejectReason> {
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_end();
        let parts = read(text, self.is_combined, arena)?;
        let mut event = parts.event(arena, true);
        let mut again = Vec::with_capacity(line.len());
        self.render(&event, &mut again);
        // Kinds are stored without line feeds, and rows are shown as UTF-8 text.
        let is_kept = !event.cs_method.contains(&b'\n') && std::str::from_utf8(line).is_ok();
        if !(again == line && is_kept) {
            event.canonical = false;
            event.extra = b"";
        }
        Ok(event)
    }
}

fn read<'line>(text: &'line [u8], is_combined: bool, arena: &'line Bump) -> Result<Parts<'line>, RejectReason> {
    let (open, time) = find_time(text)?;
    let mut head = text[..open].trim_ascii();
    let client = token(&mut head);
    let ident = token(&mut head);
    let user = head.trim_ascii();
    // Apache's vhost_combined: a server's name stands before the client.
    let is_address = |text: &[u8]| std::str::from_utf8(text).is_ok_and(|text| text.parse::<IpAddr>().is_ok());
    let (client, ident, user) = match user.strip_prefix(b"- ") {
        Some(user) if is_address(ident) => (ident, &b"-"[..], user.trim_ascii_start()),
        _ => (client, ident, user),
    };
    if client.is_empty() {
        return Err(RejectReason::TooFewFields);
    }
    let zone = &text[open + 22..open + 27];
    let rest = text[open + 28..].trim_ascii_start();
    if rest.is_empty() {
        return Err(RejectReason::TooFewFields);
    }
    let inner = rest.strip_prefix(b"\"").ok_or(RejectReason::BadSyntax)?;
    let of_squid = if is_combined { None } else { squid_codes(inner) };
    let (end, status, size, bytes, rest) = of_squid.map_or_else(|| find_codes(inner), Ok)?;
    let mut parts = Parts { client, ident, user, time, zone, status, size, bytes, ..Parts::default() };
    if is_combined {
        let texts = rest.trim_ascii_start();
        if texts.is_empty() {
            return Err(RejectReason::TooFewFields);
        }
        let (referer, agent, tail) = texts_of_client(texts).ok_or(RejectReason::BadSyntax)?;
        (parts.referer, parts.agent, parts.tail) = (referer, agent, Tail::read(tail));
    } else if rest.trim_ascii_start().starts_with(b"\"") {
        return Err(RejectReason::BadSyntax);
    } else {
        parts.tail = Tail::read(rest);
    }
    parts.request = request(&inner[..end]);
    // Squid, whose codes these are, escapes nothing.
    if parts.tail.result.is_empty() {
        parts.request = request(unescape(&inner[..end], arena));
        (parts.referer, parts.agent) = (unescape(parts.referer, arena), unescape(parts.agent, arena));
    }
    Ok(parts)
}

/// The first bracket with a time in it that a quote follows: what a user calls himself may hold the others.
fn find_time(text: &[u8]) -> Result<(usize, Timestamp), RejectReason> {
    let (mut is_open, mut first) = (false, None);
    for at in memchr::memchr_iter(b'[', text) {
        is_open = true;
        if let Some(clock) = text[at + 1..].first_chunk::<26>()
            && text.get(at + 27) == Some(&b']')
            && let Some((time, _)) = strftime::read_common(clock)
        {
            let is_it = text[at + 28..].trim_ascii_start().starts_with(b"\"");
            if is_it {
                return Ok((at, time));
            }
            first = first.or(Some((at, time)));
        }
    }
    if let Some(first) = first {
        return Ok(first);
    }
    let is_short = text.iter().filter(|byte| **byte == b' ').count() < 4;
    Err(if is_open {
        RejectReason::BadTime
    } else if is_short {
        RejectReason::TooFewFields
    } else {
        RejectReason::BadSyntax
    })
}

/// Where a quote is, the status and the size behind it, as written and as a number, and what follows them.
type Codes<'line> = (usize, u16, &'line [u8], u64, &'line [u8]);

fn codes(text: &[u8], at: usize) -> Result<Codes<'_>, RejectReason> {
    let mut rest = &text[at + 1..];
    let (status, size) = (token(&mut rest), token(&mut rest));
    let status = match status {
        b"-" | b"000" => 0,
        _ => exact::status(status).ok_or(RejectReason::BadStatus)?,
    };
    let bytes = match size {
        b"" => return Err(RejectReason::TooFewFields),
        b"-" => 0,
        _ => exact::size_of(size).ok_or(RejectReason::BadSize)?,
    };
    Ok((at, status, size, bytes, rest))
}

/// The last quote of a common line, where Squid's codes follow status and size: they can't come from a client.
fn squid_codes(text: &[u8]) -> Option<Codes<'_>> {
    let plain = without_headers(text);
    let at = memrchr(b'"', plain)?;
    let (.., rest) = codes(plain, at).ok()?;
    let tail = Tail::read(rest);
    if tail.result.is_empty() || !tail.rest.is_empty() { None } else { codes(text, at).ok() }
}

/// The quote that ends the request line: the first that status and size follow, preferably one without a backslash.
fn find_codes(text: &[u8]) -> Result<Codes<'_>, RejectReason> {
    let codes = |at| codes(text, at);
    let quotes = || memchr::memchr_iter(b'"', text).filter(|at| matches!(text.get(at + 1), None | Some(b' ' | b'\t')));
    let found = quotes().filter(|at| !is_escaped(text, *at)).find_map(|at| codes(at).ok());
    match found.or_else(|| quotes().find_map(|at| codes(at).ok())) {
        Some(found) => Ok(found),
        None => Err(quotes().find_map(|at| codes(at).err()).unwrap_or(RejectReason::BadSyntax)),
    }
}

/// Referer, User-Agent and what follows them.
///
/// Squid writes both as they came. Its codes behind them can't come from a client, so that the last quote they follow is
/// the last one; without them the first quotes without a backslash count.
fn texts_of_client(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let inner = text.strip_prefix(b"\"")?;
    let plain = without_headers(inner);
    let squid_end = memrchr(b'"', plain).filter(|at| {
        let tail = Tail::read(&plain[at + 1..]);
        !tail.result.is_empty() && tail.rest.is_empty()
    });
    let between = |within: &[u8]| {
        // One may begin where another ends: `\" " "`.
        let found = || memchr::memchr_iter(b'"', within).filter(|at| within[*at..].starts_with(b"\" \""));
        found().find(|at| !is_escaped(within, *at)).or_else(|| found().next())
    };
    let middle = between(squid_end.map_or(inner, |end| &inner[..end + 1]))?;
    let agent = &inner[middle + 3..];
    let end = match squid_end {
        Some(end) => end.checked_sub(middle + 3)?,
        None => {
            let is_end = |at: &usize| matches!(agent.get(at + 1), None | Some(b' ' | b'\t'));
            let plain = memchr::memchr_iter(b'"', agent).filter(is_end).find(|at| !is_escaped(agent, *at));
            plain.or_else(|| memrchr(b'"', agent))?
        }
    };
    Some((&inner[..middle], &agent[..end], &agent[end + 1..]))
}

/// A request line, or what a client sent in place of one, which is then all target.
fn request(text: &[u8]) -> Request<'_> {
    let text = text.trim_ascii();
    let is_protocol = |word: &[u8]| {
        let slash = memchr(b'/', word).filter(|at| *at > 0);
        slash.is_some_and(|at| {
            word[..at].iter().all(u8::is_ascii_uppercase)
                && word[at + 1..].first().is_some_and(u8::is_ascii_digit)
                && word[at + 1..].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        })
    };
    let (rest, protocol) = match memrchr(b' ', text) {
        Some(at) if is_protocol(&text[at + 1..]) => (text[..at].trim_ascii_end(), &text[at + 1..]),
        _ => (text, &b""[..]),
    };
    let is_method = |word: &[u8]| {
        word.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
            && (1..=32).contains(&word.len())
    };
    match memchr(b' ', rest) {
        Some(at) if is_method(&rest[..at]) => {
            Request { method: &rest[..at], uri: rest[at + 1..].trim_ascii_start(), protocol }
        }
        _ => Request { method: b"", uri: rest, protocol },
    }
}

/// The text without Apache's and nginx's escapes.
fn unescape<'line>(text: &'line [u8], arena: &'line Bump) -> &'line [u8] {
    if memchr(b'\\', text).is_none() {
        return text;
    }
    let hex = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let plain = arena.alloc_slice_copy(text);
    let (mut from, mut to) = (0, 0);
    while from < text.len() {
        let (byte, length) = match text[from..] {
            [b'\\', escaped @ (b'"' | b'\\'), ..] => (escaped, 2),
            [b'\\', b'n', ..] => (b'\n', 2),
            [b'\\', b'r', ..] => (b'\r', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', b'x', high, low, ..] => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => (high << 4 | low, 4),
                _ => (b'\\', 1),
            },
            [byte, ..] => (byte, 1),
            [] => break,
        };
        plain[to] = byte;
        from += length;
        to += 1;
    }
    &plain[..to]
}

/// The next word and what follows it; empty at the end.
fn token<'line>(rest: &mut &'line [u8]) -> &'line [u8] {
    let text = rest.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (word, behind) = text.split_at(end);
    *rest = behind;
    word
}
