//! An event's fields in the values of a definition's codes.

use super::definition::{Definition, Meaning};
use crate::format::extra::{ExtraReader, ExtraWriter};
use crate::format::local::Local;
use crate::format::squid::{dash, undash};
use crate::format::strftime;
use crate::model::{AccessEvent, RejectReason, Timestamp};
use bumpalo::Bump;
use jiff::civil::{Date, DateTime, Time};
use std::io::Write;

/// How Traffic Server writes a zone that is UTC, and the protocol of a request line.
const UTC: &[u8] = b"-0000";
const PROTOCOL: &[u8] = b"HTTP/1.1";

/// Makes an event of the values of a line, one per code.
pub(super) fn read<'line>(
    definition: &Definition,
    values: &[&'line [u8]],
    local: &Local,
    arena: &'line Bump,
) -> Result<AccessEvent<'line>, RejectReason> {
    let mut event = AccessEvent::default();
    let mut extra = ExtraWriter::new(arena);
    let mut date = None;
    let mut clock = None;
    for (code, value) in definition.codes.iter().zip(values.iter().copied()) {
        match code.meaning {
            Meaning::UnixMillis => event.time = Timestamp(seconds_millis(value).ok_or(RejectReason::BadTime)?),
            Meaning::UnixSeconds => {
                event.time = Timestamp(number(value, 11).ok_or(RejectReason::BadTime)? as i64 * 1000);
            }
            Meaning::Netscape => {
                let (time, zone) = netscape(value).ok_or(RejectReason::BadTime)?;
                event.time = time;
                extra.add(zone, UTC);
            }
            Meaning::Date => date = Some(of_text::<Date>(value).ok_or(RejectReason::BadTime)?),
            Meaning::Clock => clock = Some(of_text::<Time>(value).ok_or(RejectReason::BadTime)?),
            Meaning::Millis => event.time_taken_ms = signed(value, number).ok_or(RejectReason::BadDuration)?,
            Meaning::Seconds => event.time_taken_ms = signed(value, number).ok_or(RejectReason::BadDuration)? * 1000,
            Meaning::SecondsMillis => {
                let taken = |value: &[u8], _| seconds_millis(value).map(|taken| taken as u64);
                event.time_taken_ms = signed(value, taken).ok_or(RejectReason::BadDuration)?;
            }
            Meaning::Client => event.c_ip = undash(value),
            Meaning::User => event.cs_username = undash(value),
            Meaning::Method => event.cs_method = undash(value),
            Meaning::Url => event.cs_uri = undash(value),
            Meaning::Request => extra.add(request(value, &mut event), PROTOCOL),
            Meaning::Status => {
                let code = number(value, 3).filter(|_| value.len() == 3).ok_or(RejectReason::BadStatus)?;
                event.sc_status = code as u16;
            }
            Meaning::Bytes => event.sc_bytes = number(value, 18).ok_or(RejectReason::BadSize)?,
            Meaning::Result => event.result = undash(value),
            Meaning::Hierarchy => event.hierarchy = undash(value),
            Meaning::Peer => event.peer = undash(value),
            Meaning::Type => event.content_type = undash(value),
            Meaning::Agent => event.user_agent = undash(value),
            Meaning::Referer => event.referer = undash(value),
            Meaning::ClientHead | Meaning::ClientBody => {
                if let Some(bytes) = number(value, 18).filter(|_| value != b"-") {
                    event.cs_bytes = Some(event.cs_bytes.unwrap_or(0) + bytes);
                }
                extra.add(value, b"");
            }
            Meaning::Other => extra.add(value, b""),
        }
    }
    if let (Some(date), Some(clock)) = (date, clock) {
        event.time = local.instant(DateTime::from_parts(date, clock)).ok_or(RejectReason::BadTime)?;
    }
    // A tunnel's target is written with the slash of an empty path.
    if event.cs_method == b"CONNECT"
        && let Some(target) = event.cs_uri.strip_suffix(b"/").filter(|target| !target.contains(&b'/'))
    {
        event.cs_uri = target;
    }
    event.extra = extra.finish();
    Ok(event)
}

/// Appends the line of an event.
pub(super) fn write(definition: &Definition, event: &AccessEvent<'_>, local: &Local, out: &mut Vec<u8>) {
    let mut extra = ExtraReader::new(event.extra);
    let slash: &[u8] =
        if event.cs_method == b"CONNECT" && memchr::memchr(b'/', event.cs_uri).is_none() { b"/" } else { b"" };
    let (seconds, millis) = (event.time.0.div_euclid(1000), event.time.0.rem_euclid(1000));
    let taken = event.time_taken_ms;
    for (literal, code) in definition.literals.iter().zip(&definition.codes) {
        out.extend_from_slice(literal.as_bytes());
        // Writing to a Vec can't fail.
        let _ = match code.meaning {
            Meaning::UnixMillis => write!(out, "{seconds}.{millis:03}"),
            Meaning::UnixSeconds => write!(out, "{seconds}"),
            Meaning::Netscape => write_netscape(event.time, extra.next(UTC), out),
            Meaning::Date => local.time(event.time).map_or(Ok(()), |time| write!(out, "{}", time.date())),
            Meaning::Clock => {
                local.time(event.time).map_or(Ok(()), |time| write!(out, "{}", time.strftime("%H:%M:%S")))
            }
            Meaning::Millis => write!(out, "{taken}"),
            Meaning::Seconds => write!(out, "{}", taken / 1000),
            Meaning::SecondsMillis => write!(out, "{}.{:03}", taken / 1000, taken % 1000),
            Meaning::Client => out.write_all(dash(event.c_ip)),
            Meaning::User => out.write_all(dash(event.cs_username)),
            Meaning::Method => out.write_all(dash(event.cs_method)),
            Meaning::Url => [dash(event.cs_uri), slash].iter().try_for_each(|part| out.write_all(part)),
            Meaning::Request => {
                let protocol = extra.next(PROTOCOL);
                let parts = [dash(event.cs_method), b" ", dash(event.cs_uri), slash, b" ", protocol];
                parts.iter().try_for_each(|part| out.write_all(part))
            }
            Meaning::Status => write!(out, "{:03}", event.sc_status),
            Meaning::Bytes => write!(out, "{}", event.sc_bytes),
            Meaning::Result => out.write_all(dash(event.result)),
            Meaning::Hierarchy => out.write_all(dash(event.hierarchy)),
            Meaning::Peer => out.write_all(dash(event.peer)),
            Meaning::Type => out.write_all(dash(event.content_type)),
            Meaning::Agent => out.write_all(dash(event.user_agent)),
            Meaning::Referer => out.write_all(dash(event.referer)),
            Meaning::ClientHead | Meaning::ClientBody | Meaning::Other => out.write_all(extra.next(b"")),
        };
    }
    if let Some(literal) = definition.literals.last() {
        out.extend_from_slice(literal.as_bytes());
    }
}

/// Takes a request line apart; gives back its protocol. A line that is none is all target.
fn request<'line>(line: &'line [u8], event: &mut AccessEvent<'line>) -> &'line [u8] {
    let ends = memchr::memchr(b' ', line).zip(memchr::memrchr(b' ', line));
    match ends.filter(|(first, last)| first < last) {
        Some((first, last)) => {
            event.cs_method = undash(&line[..first]);
            event.cs_uri = undash(&line[first + 1..last]);
            &line[last + 1..]
        }
        None => {
            event.cs_uri = undash(line);
            PROTOCOL
        }
    }
}

/// `20/Nov/2026:16:54:41 -0000`: the instant, and the zone as written.
fn netscape(text: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (clock, []) = text.split_first_chunk()? else { return None };
    let (time, _) = strftime::read_common(clock)?;
    Some((time, &text[21..]))
}

fn write_netscape(time: Timestamp, zone: &[u8], out: &mut Vec<u8>) -> std::io::Result<()> {
    let offset_seconds = zone.first_chunk().and_then(strftime::read_zone).unwrap_or(0);
    strftime::write_clock(time, offset_seconds, out);
    out.write_all(zone)
}

/// Unix seconds, or seconds taken, with three decimals; in milliseconds.
fn seconds_millis(text: &[u8]) -> Option<i64> {
    let at = memchr::memchr(b'.', text)?;
    let (seconds, millis) = (&text[..at], &text[at + 1..]);
    let millis = number(millis, 3).filter(|_| millis.len() == 3)?;
    Some((number(seconds, 11)? * 1000 + millis) as i64)
}

/// A number with an optional sign before what `read` reads.
fn signed(text: &[u8], read: impl Fn(&[u8], usize) -> Option<u64>) -> Option<i64> {
    let digits = text.strip_prefix(b"-").filter(|digits| !digits.is_empty()).unwrap_or(text);
    let value = read(digits, 15)? as i64;
    Some(if digits.len() < text.len() { -value } else { value })
}

/// A number of at most `most` digits; a dash for none.
fn number(text: &[u8], most: usize) -> Option<u64> {
    if text == b"-" {
        return Some(0);
    }
    let is_number = !text.is_empty() && text.len() <= most && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
}

fn of_text<T: std::str::FromStr>(value: &[u8]) -> Option<T> {
    std::str::from_utf8(value).ok()?.parse().ok()
}
