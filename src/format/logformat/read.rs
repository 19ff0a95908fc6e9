//! The values of a line to an event, and what of them the event does not say.

use super::codes::Feeds;
use super::definition::{Item, Value};
use super::quoting::Quoting;
use super::render::{SEPARATOR, write_value};
use super::url::Parts;
use crate::format::squid::undash;
use crate::format::{LocalTime, strftime};
use crate::model::{AccessEvent, RejectReason, Timestamp};
use bumpalo::Bump;

/// What is being put together of an event.
#[derive(Default)]
struct Draft<'line> {
    event: AccessEvent<'line>,
    seconds: Option<i64>,
    subsecond_ms: i64,
    clock: Option<i64>,
    started_ms: Option<i64>,
    offset_seconds: i32,
    has_url: bool,
    parts: Parts<'line>,
    /// Whether some value has bytes that can't be kept as text but were written as text.
    is_lossy: bool,
}

/// Reads the values of a line.
///
/// # Errors
/// The [`RejectReason`] of the first value that is not what its code writes.
pub(super) fn read<'line>(
    items: &[Item],
    raws: &[&'line [u8]],
    local: Option<&LocalTime>,
    arena: &'line Bump,
) -> Result<AccessEvent<'line>, RejectReason> {
    let mut draft = Draft::default();
    for (value, raw) in values(items).zip(raws) {
        draft.take(value, raw, local, arena)?;
    }
    let event = draft.finish(arena)?;
    Ok(keep_the_rest(items, raws, event, &draft, arena))
}

fn values(items: &[Item]) -> impl Iterator<Item = &Value> {
    items.iter().filter_map(|item| match item {
        Item::Value(value) => Some(&**value),
        Item::Literal(_) => None,
    })
}

impl<'line> Draft<'line> {
    fn take(
        &mut self,
        value: &Value,
        raw: &'line [u8],
        local: Option<&LocalTime>,
        arena: &'line Bump,
    ) -> Result<(), RejectReason> {
        let Some(feeds) = value.feeds else { return Ok(()) };
        let event = &mut self.event;
        let first = value.is_first;
        match feeds {
            Feeds::Seconds if first => {
                self.seconds =
                    Some(number(raw).filter(|seconds| seconds.abs() < MAX_SECONDS).ok_or(RejectReason::BadTime)?);
            }
            Feeds::Subsecond if first => {
                let decimals = value.decimals() as u32;
                let fraction = number(raw).filter(|fraction| *fraction >= 0).ok_or(RejectReason::BadTime)?;
                if i128::from(fraction) >= 10_i128.pow(decimals.min(20)) {
                    return Err(RejectReason::BadTime);
                }
                self.subsecond_ms = match decimals {
                    ..3 => fraction * 10_i64.pow(3 - decimals),
                    _ => fraction / 10_i64.pow(decimals.min(21) - 3),
                };
            }
            Feeds::Clock(_) if first => {
                let text = value.quoting.read(trim(raw), arena);
                let local = local.filter(|_| feeds == Feeds::Clock(false));
                let read = value.clock.as_ref().and_then(|clock| clock.read(text, local));
                let (at, offset, _) = read.filter(|read| read.2 == text.len()).ok_or(RejectReason::BadTime)?;
                self.clock = Some(at.0.div_euclid(1000));
                self.offset_seconds = offset;
            }
            Feeds::Started if first => {
                self.started_ms = Some(fixed_point(raw).ok_or(RejectReason::BadTime)?);
            }
            Feeds::TimeTaken if first => {
                let raw = trim(raw);
                let whole = raw.split(|byte| *byte == b'.').next().unwrap_or(raw);
                event.time_taken_ms = if raw == b"-" { 0 } else { number(whole).ok_or(RejectReason::BadDuration)? };
            }
            Feeds::Status if first || event.sc_status == 0 => {
                let status = if trim(raw) == b"-" { Some(0) } else { number(raw) };
                let status = status.and_then(|status| u16::try_from(status).ok()).filter(|status| *status <= 999);
                event.sc_status = status.ok_or(RejectReason::BadStatus)?;
            }
            Feeds::Bytes if first => {
                // Squid writes -1 where the size is not known.
                event.sc_bytes = match trim(raw) {
                    b"-" | b"-1" => 0,
                    _ => number(raw).and_then(|size| u64::try_from(size).ok()).ok_or(RejectReason::BadSize)?,
                };
            }
            Feeds::ClientBytes if first => event.cs_bytes = number(raw).and_then(|size| u64::try_from(size).ok()),
            // An address is never empty, a bare number or in quotes: another format's column is.
            Feeds::Client if trim(raw).iter().all(u8::is_ascii_digit) || trim(raw).starts_with(b"\"") => {
                return Err(RejectReason::BadSyntax);
            }
            _ => self.take_text(value, feeds, raw, arena),
        }
        Ok(())
    }

    fn take_text(&mut self, value: &Value, feeds: Feeds, raw: &'line [u8], arena: &'line Bump) {
        let (event, parts) = (&mut self.event, &mut self.parts);
        let field = match feeds {
            Feeds::Client => &mut event.c_ip,
            Feeds::User => &mut event.cs_username,
            Feeds::Method => &mut event.cs_method,
            Feeds::Url => &mut event.cs_uri,
            Feeds::UrlScheme => &mut parts.scheme,
            Feeds::UrlHost => &mut parts.host,
            Feeds::UrlPort => &mut parts.port,
            Feeds::UrlPath => &mut parts.path,
            Feeds::Result => &mut event.result,
            Feeds::Hierarchy => &mut event.hierarchy,
            Feeds::Peer => &mut event.peer,
            Feeds::ContentType => &mut event.content_type,
            Feeds::UserAgent => &mut event.user_agent,
            Feeds::Referer => &mut event.referer,
            _ => return,
        };
        // Of a second choice, only what the first leaves open is taken.
        if !(value.is_first || field.is_empty()) {
            return;
        }
        let text = undash(if value.width > 0 { trim(raw) } else { raw });
        let read = if keeps_encoding(value) { text } else { value.quoting.read(text, arena) };
        let is_kind = matches!(feeds, Feeds::Method | Feeds::Result | Feeds::Hierarchy);
        // Rows are shown as UTF-8 text, and kinds are stored without line feeds.
        self.is_lossy |=
            read.len() != text.len() && (std::str::from_utf8(read).is_err() || is_kind && read.contains(&b'\n'));
        if value.is_first || !read.is_empty() {
            self.has_url |= feeds == Feeds::Url && !read.is_empty();
            *field = read;
        }
    }

    fn finish(&mut self, arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        if !self.has_url {
            self.event.cs_uri = self.parts.join(self.event.cs_method, arena);
        }
        let ms = match (self.seconds.or(self.clock), self.started_ms) {
            (Some(seconds), _) => seconds * 1000 + self.subsecond_ms,
            (None, Some(started_ms)) => started_ms.saturating_add(self.event.time_taken_ms),
            (None, None) => return Err(RejectReason::BadTime),
        };
        self.event.time = Timestamp(ms);
        Ok(self.event)
    }
}

/// Whether a value stays as it is encoded. URLs hold `%xx` of their own, and a user's name is the one that Squid's own
/// formats write, `%[un`, so that it is the same in all of them.
pub(super) fn keeps_encoding(value: &Value) -> bool {
    match value.feeds {
        Some(Feeds::User) => value.quoting == Quoting::MimeBlob,
        Some(Feeds::Url | Feeds::UrlHost | Feeds::UrlPath | Feeds::Referer | Feeds::Method) => {
            value.quoting == Quoting::PassThrough
        }
        _ => false,
    }
}

/// The event, and beside it the values that its fields do not give back.
fn keep_the_rest<'line>(
    items: &[Item],
    raws: &[&'line [u8]],
    event: AccessEvent<'line>,
    draft: &Draft<'line>,
    arena: &'line Bump,
) -> AccessEvent<'line> {
    let zone: &'line [u8] = match draft.offset_seconds {
        0 => b"",
        offset => arena.alloc_slice_copy(&strftime::zone(offset)),
    };
    // Mostly there is nothing, or one value.
    let mut extra = Vec::new();
    let mut usual = 0;
    let mut scratch = Vec::with_capacity(64);
    for (value, &raw) in values(items).zip(raws) {
        let segment: &[u8] = if is_verbatim(value, raw, &event) {
            b""
        } else {
            scratch.clear();
            write_value(value, &event, 0, &mut scratch);
            if scratch == raw {
                b""
            } else if let Some(Feeds::Clock(_)) = value.feeds
                && draft.offset_seconds != 0
            {
                scratch.clear();
                write_value(value, &event, draft.offset_seconds, &mut scratch);
                if scratch == raw { zone } else { raw }
            } else {
                raw
            }
        };
        if segment.is_empty() {
            usual += 1;
            continue;
        }
        if raw.contains(&SEPARATOR) {
            return AccessEvent { canonical: false, ..event };
        }
        extra.resize(extra.len() + usual, SEPARATOR);
        extra.extend_from_slice(segment);
        usual = 1;
    }
    let extra: &[u8] = if extra.is_empty() { b"" } else { arena.alloc_slice_copy(&extra) };
    AccessEvent { extra, canonical: !draft.is_lossy, ..event }
}

/// Whether a field is a value as written, so that the field gives the value back.
#[inline]
fn is_verbatim(value: &Value, raw: &[u8], event: &AccessEvent<'_>) -> bool {
    let field = match value.feeds {
        Some(Feeds::Client) => event.c_ip,
        Some(Feeds::User) => event.cs_username,
        Some(Feeds::Method) => event.cs_method,
        Some(Feeds::Url) => event.cs_uri,
        Some(Feeds::Result) => event.result,
        Some(Feeds::Hierarchy) => event.hierarchy,
        Some(Feeds::Peer) => event.peer,
        Some(Feeds::ContentType) => event.content_type,
        _ => return value.feeds.is_none() && raw == b"-",
    };
    value.quoting == Quoting::Raw
        && value.width == 0
        && value.precision.is_none()
        && value.is_first
        && std::ptr::eq(field.as_ptr(), raw.as_ptr())
        && field.len() == raw.len()
}

/// Seconds of the year 9999 have twelve digits.
const MAX_SECONDS: i64 = 1_000_000_000_000;

/// A decimal number, padded or not, of at most 18 digits.
#[inline]
fn number(text: &[u8]) -> Option<i64> {
    let text = trim(text);
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if digits.len() < text.len() { -value } else { value })
}

/// Seconds with a fraction, in thousandths.
fn fixed_point(text: &[u8]) -> Option<i64> {
    let text = trim(text);
    let (whole, fraction) = match memchr::memchr(b'.', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b""[..]),
    };
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let thousandths =
        (0..3).fold(0, |value, at| value * 10 + i64::from(fraction.get(at).map_or(0, |digit| digit - b'0')));
    number(whole).filter(|seconds| (0..MAX_SECONDS).contains(seconds)).map(|seconds| seconds * 1000 + thousandths)
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}
