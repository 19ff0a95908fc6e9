//! The parts of a line: level, time, process, and the message's own words.

use crate::format::local::Local;
use crate::model::{RejectReason, Timestamp};
use jiff::civil::DateTime;
use std::io::Write;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The levels, padded to nine characters in a line.
const LEVELS: [&str; 8] = ["EMERG", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];
const CONNECT: &str = "CONNECT";

/// What every line begins with: `CONNECT   Nov 20 16:51:43.574 [12072]: `, and the rest.
pub(super) struct Head<'line> {
    month: i8,
    day: i8,
    clock: [i8; 3],
    millis: i32,
    pub pid: &'line [u8],
    pub message: &'line [u8],
}

impl<'line> Head<'line> {
    /// Takes a line apart.
    pub fn read(line: &'line [u8]) -> Result<Head<'line>, RejectReason> {
        let level = memchr::memchr(b' ', line).ok_or(RejectReason::BadSyntax)?;
        if !LEVELS.iter().chain([&CONNECT]).any(|name| name.as_bytes() == &line[..level]) {
            return Err(RejectReason::BadSyntax);
        }
        let rest = line[level..].trim_ascii_start();
        let open = memchr::memmem::find(rest, b" [").ok_or(RejectReason::BadSyntax)?;
        let close = open + memchr::memmem::find(&rest[open..], b"]: ").ok_or(RejectReason::BadSyntax)?;
        let (pid, message) = (&rest[open + 2..close], &rest[close + 3..]);
        if pid.is_empty() || !pid.iter().all(u8::is_ascii_digit) {
            return Err(RejectReason::BadSyntax);
        }
        let (month, day, clock, millis) = time(&rest[..open]).ok_or(RejectReason::BadTime)?;
        Ok(Head { month, day, clock, millis, pid, message })
    }

    /// When it was written.
    pub fn instant(&self, local: &Local) -> Result<Timestamp, RejectReason> {
        let [hour, minute, second] = self.clock;
        let in_year =
            |year| DateTime::new(year, self.month, self.day, hour, minute, second, self.millis * 1_000_000).ok();
        local.instant_in_year(in_year).ok_or(RejectReason::BadTime)
    }
}

/// `Nov 20 16:51:43.574`; old versions leave the milliseconds out.
fn time(text: &[u8]) -> Option<(i8, i8, [i8; 3], i32)> {
    let (time, millis) = text.split_at_checked(15)?;
    let [m1, m2, m3, b' ', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2] = time else { return None };
    let month = MONTHS.iter().position(|name| name.as_bytes() == [*m1, *m2, *m3])? + 1;
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| (byte - b'0') as i8);
    let pair = |tens: &u8, ones: &u8| Some(digit(tens)? * 10 + digit(ones)?);
    let millis = match millis {
        [] => 0,
        [b'.', a, b, c] => i32::from(digit(a)?) * 100 + i32::from(pair(b, c)?),
        _ => return None,
    };
    Some((month as i8, pair(d1, d2)?, [pair(h1, h2)?, pair(n1, n2)?, pair(s1, s2)?], millis))
}

/// Appends what a line begins with.
pub(super) fn write_head(level: &str, time: Timestamp, local: &Local, pid: &[u8], out: &mut Vec<u8>) {
    let Some(time) = local.time(time) else { return };
    let month = MONTHS[usize::from(time.month() as u8 - 1) % 12];
    let (hour, minute, second, millis) = (time.hour(), time.minute(), time.second(), time.millisecond());
    // Writing to a Vec can't fail.
    let _ = write!(out, "{level:<9} {month} {:02} {hour:02}:{minute:02}:{second:02}.{millis:03} [", time.day());
    out.extend_from_slice(pid);
    out.extend_from_slice(b"]: ");
}

/// What a line says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Message<'line> {
    /// Somebody connected.
    Connect { descriptor: &'line [u8], client: &'line [u8] },
    /// A request line was read.
    Request { descriptor: &'line [u8], line: &'line [u8] },
    /// The filter refused a `domain` or `url`.
    Filtered { sort: &'line [u8], what: &'line [u8] },
    /// No tunnel to that port.
    Port { port: &'line [u8] },
    /// No service for that client.
    Stranger { client: &'line [u8] },
    /// Something about a request that has its own line, or about the proxy.
    Other,
}

impl<'line> Message<'line> {
    /// Reads a message; `None` for one that begins as one of these and does not go on so.
    pub fn of(text: &'line [u8]) -> Option<Message<'line>> {
        if let Some(rest) = text.strip_prefix(b"Connect (file descriptor ") {
            let (descriptor, who) = described(rest)?;
            return Some(Message::Connect { descriptor, client: address(who) });
        }
        if let Some(rest) = text.strip_prefix(b"Request (file descriptor ") {
            let (descriptor, line) = described(rest)?;
            return Some(Message::Request { descriptor, line });
        }
        if let Some(rest) = text.strip_prefix(b"Proxying refused on filtered ") {
            let sort = [&b"domain"[..], b"url"].into_iter().find(|sort| rest.starts_with(sort))?;
            let what = rest[sort.len()..].strip_prefix(b" \"")?.strip_suffix(b"\"")?;
            return Some(Message::Filtered { sort, what });
        }
        if let Some(port) = text.strip_prefix(b"Refused CONNECT method on port ") {
            return Some(Message::Port { port });
        }
        if let Some(rest) = text.strip_prefix(b"Unauthorized connection from \"") {
            let client = rest.strip_suffix(b".")?;
            let end = memchr::memchr(b'"', client)?;
            return Some(Message::Stranger {
                client: if end + 1 == client.len() { &client[..end] } else { address(client) },
            });
        }
        Some(Message::Other)
    }
}

/// `6): …`: the descriptor, and what is behind it.
fn described(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memmem::find(text, b"): ")?;
    let descriptor = &text[..end];
    (!descriptor.is_empty() && descriptor.iter().all(u8::is_ascii_digit)).then(|| (descriptor, &text[end + 3..]))
}

/// The address in `127.0.0.1`, `127.0.0.1 at [127.0.0.1]` (`BindSame`) and, of old, `localhost [127.0.0.1]`.
fn address(who: &[u8]) -> &[u8] {
    if let Some(at) = memchr::memmem::find(who, b" at [") {
        return &who[..at];
    }
    let bracketed = memchr::memmem::find(who, b" [").map(|open| &who[open + 2..]);
    bracketed.and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(who)
}

/// Method, target and protocol of a request line that tinyproxy can read.
pub(super) fn request(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut words = line.split(|byte| *byte == b' ');
    let (method, target, protocol) = (words.next()?, words.next()?, words.next()?);
    let is_whole = words.next().is_none() && !method.is_empty() && !target.is_empty();
    let is_http = protocol.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"HTTP/"));
    (is_whole && is_http).then_some((method, target, protocol))
}
