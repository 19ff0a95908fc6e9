//! The columns of e2guardian's layouts, and an event's fields in them.

use crate::format::extra::{ExtraReader, ExtraWriter};
use crate::format::local::Local;
use crate::format::squid::{dash, undash};
use crate::model::{AccessEvent, RejectReason, Timestamp};
use bumpalo::Bump;
use jiff::civil::DateTime;
use std::io::Write;

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    /// `2026.11.20 16:52:21`, local; with `logtimestamp` and a Unix time behind it.
    When,
    /// Unix time with milliseconds.
    Unix,
    User,
    Client,
    /// The client's name, or its address again.
    ClientName,
    Url,
    /// The words for what was done, and why.
    What,
    Method,
    Bytes,
    Status,
    Mime,
    Agent,
    /// Milliseconds.
    Duration,
    /// Kept as it is; with its usual value.
    Other(&'static str),
}

use Column::{Agent, Bytes, Client, ClientName, Duration, Method, Mime, Other, Status, Unix, Url, User, What, When};

/// The columns of a `logfileformat`, and what stands around them.
#[derive(Debug)]
pub(super) struct Layout {
    /// The word of the spec.
    pub word: &'static str,
    pub open: &'static str,
    pub between: &'static str,
    pub columns: &'static [Column],
}

/// Weight, category and group stand between size and status; two log ids, parameters and POST data at the end.
const PLAIN: &[Column] = &[
    When,
    User,
    Client,
    Url,
    What,
    Method,
    Bytes,
    Other("0"),
    Other("-"),
    Other("1"),
    Status,
    Mime,
    ClientName,
    Other("no_name_group"),
    Agent,
    Other("-"),
    Other("-"),
    Other("-"),
    Other("-"),
];

/// Server, Squid's result and peer, and the number of the message are among them.
const PROTEX: &[Column] = &[
    Unix,
    Other(""),
    User,
    Client,
    ClientName,
    Url,
    Method,
    Status,
    Bytes,
    Mime,
    Agent,
    Other("-"),
    Duration,
    Other("-"),
    Other("0"),
    What,
    Other("0"),
    Other("-"),
    Other("no_name_group"),
    Other("1"),
];

static LAYOUTS: [Layout; 4] = [
    Layout { word: "", open: "", between: " ", columns: PLAIN },
    Layout { word: "csv", open: "\"", between: "\",\"", columns: PLAIN },
    Layout { word: "tab", open: "", between: "\t", columns: PLAIN },
    Layout { word: "protex", open: "", between: "\t", columns: PROTEX },
];

impl Layout {
    /// The layout that a spec means by this word.
    pub fn named(word: &str) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| layout.word == word)
    }

    /// Whether its times lack their zone.
    pub fn is_local(&self) -> bool {
        self.columns.contains(&When)
    }

    /// Whether it says how long requests took.
    pub fn has_duration(&self) -> bool {
        self.columns.contains(&Duration)
    }

    /// Where a column stands.
    pub fn place(&self, column: Column) -> usize {
        self.columns.iter().position(|candidate| *candidate == column).unwrap_or(self.columns.len())
    }
}

/// A refusal in the languages e2guardian comes with.
const DENIED: [&str; 4] = ["VERWEIGERT", "NEGADO", "Accès interdit", "ЗАПРЕЩЕН"];

/// Makes an event of the values of a line, one per column.
pub(super) fn read<'line>(
    layout: &Layout,
    values: &[&'line [u8]],
    local: &Local,
    arena: &'line Bump,
) -> Result<AccessEvent<'line>, RejectReason> {
    let mut event = AccessEvent::default();
    let mut extra = ExtraWriter::new(arena);
    let client = values.get(layout.place(Client)).copied().unwrap_or_default();
    for (column, value) in layout.columns.iter().zip(values.iter().copied()) {
        match column {
            When => {
                let (time, stamp) = value.split_at_checked(19).ok_or(RejectReason::BadTime)?;
                let time = date_time(time).and_then(|time| local.instant(time)).ok_or(RejectReason::BadTime)?;
                event.time = stamp.strip_prefix(b" ").and_then(unix_time).unwrap_or(time);
                extra.add(stamp, b"");
            }
            Unix => event.time = unix_time(value).ok_or(RejectReason::BadTime)?,
            User => event.cs_username = undash(value),
            Client => event.c_ip = undash(value),
            ClientName => extra.add(value, client),
            Url => event.cs_uri = undash(value),
            What => {
                let (result, reason) = verdict(value, arena);
                event.result = result;
                extra.add(reason, b"");
            }
            Method => event.cs_method = undash(value),
            Bytes => event.sc_bytes = number(value).ok_or(RejectReason::BadSize)?,
            Status => {
                let code = number(value).and_then(|code| u16::try_from(code).ok());
                event.sc_status = code.filter(|code| *code < 1000).ok_or(RejectReason::BadStatus)?;
            }
            Mime => event.content_type = undash(value),
            Agent => event.user_agent = undash(value),
            Duration => {
                let digits = value.strip_prefix(b"-").unwrap_or(value);
                let taken =
                    number(digits).and_then(|taken| i64::try_from(taken).ok()).ok_or(RejectReason::BadDuration)?;
                event.time_taken_ms = if digits.len() < value.len() { -taken } else { taken };
            }
            Other(usual) => extra.add(value, usual.as_bytes()),
        }
    }
    // A tunnel's target is written as the URL of an https origin.
    if event.cs_method == b"CONNECT"
        && let Some(target) = event.cs_uri.strip_prefix(b"https://")
        && memchr::memchr(b':', target).is_some()
    {
        event.cs_uri = target;
    }
    event.extra = extra.finish();
    Ok(event)
}

/// Appends the line of an event.
pub(super) fn write(layout: &Layout, event: &AccessEvent<'_>, local: &Local, out: &mut Vec<u8>) {
    let mut extra = ExtraReader::new(event.extra);
    out.extend_from_slice(layout.open.as_bytes());
    for (at, column) in layout.columns.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(layout.between.as_bytes());
        }
        // Writing to a Vec can't fail.
        let _ = match column {
            When => {
                if let Some(time) = local.time(event.time) {
                    let (year, month, day) = (time.year(), time.month(), time.day());
                    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
                    let _ = write!(out, "{year:04}.{month:02}.{day:02} {hour:02}:{minute:02}:{second:02}");
                }
                out.write_all(extra.next(b""))
            }
            Unix => write!(out, "{}.{:03}", event.time.0.div_euclid(1000), event.time.0.rem_euclid(1000)),
            User => out.write_all(dash(event.cs_username)),
            Client => out.write_all(dash(event.c_ip)),
            ClientName => out.write_all(extra.next(dash(event.c_ip))),
            Url => {
                if event.cs_method == b"CONNECT" && memchr::memchr(b'/', event.cs_uri).is_none() {
                    out.extend_from_slice(b"https://");
                }
                out.write_all(dash(event.cs_uri))
            }
            What => {
                let reason = extra.next(b"");
                for word in event.result.split(|byte| *byte == b',').filter(|word| !word.is_empty()) {
                    out.push(b'*');
                    out.extend_from_slice(word);
                    out.extend_from_slice(b"* ");
                }
                out.write_all(if event.result.is_empty() { dash(reason) } else { reason })
            }
            Method => out.write_all(dash(event.cs_method)),
            Bytes => write!(out, "{}", event.sc_bytes),
            Status => write!(out, "{}", event.sc_status),
            Mime => out.write_all(dash(event.content_type)),
            Agent => out.write_all(dash(event.user_agent)),
            Duration => write!(out, "{}", event.time_taken_ms),
            Other(usual) => out.write_all(extra.next(usual.as_bytes())),
        };
    }
    out.extend_from_slice(layout.open.as_bytes());
}

/// `*SCANNED* *DENIED* Blocked site: …`: the words, commas between them, and the reason.
fn verdict<'line>(what: &'line [u8], arena: &'line Bump) -> (&'line [u8], &'line [u8]) {
    let mut words = bumpalo::collections::Vec::new_in(arena);
    let mut rest = undash(what);
    while let Some(marked) = rest.strip_prefix(b"*") {
        // Behind `*INFECTED* ` stands a star of its own.
        if let Some(behind) = marked.strip_prefix(b" ").filter(|_| !words.is_empty()) {
            rest = behind;
            continue;
        }
        let Some(end) = memchr::memmem::find(marked, b"* ").filter(|end| *end > 0) else { break };
        let word = &marked[..end];
        if !words.is_empty() {
            words.push(b',');
        }
        let is_refusal = DENIED.iter().any(|denied| word.starts_with(denied.as_bytes()));
        words.extend_from_slice(if is_refusal { b"DENIED" } else { word });
        rest = &marked[end + 2..];
    }
    (words.into_bump_slice(), rest)
}

/// `2026.11.20 16:52:21`.
fn date_time(text: &[u8]) -> Option<DateTime> {
    let [y1, y2, y3, y4, b'.', mo1, mo2, b'.', d1, d2, b' ', h1, h2, b':', m1, m2, b':', s1, s2] = text else {
        return None;
    };
    let pair = |tens: &u8, ones: &u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| ((tens - b'0') * 10 + (ones - b'0')) as i8)
    };
    let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
    DateTime::new(year, pair(mo1, mo2)?, pair(d1, d2)?, pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?, 0).ok()
}

/// Unix seconds and milliseconds.
pub(super) fn unix_time(text: &[u8]) -> Option<Timestamp> {
    let at = memchr::memchr(b'.', text)?;
    let (seconds, millis) = (&text[..at], &text[at + 1..]);
    if seconds.len() > 11 || millis.len() != 3 {
        return None;
    }
    Some(Timestamp((number(seconds)? * 1000 + number(millis)?) as i64))
}

/// A number of at most 18 digits; a dash for none.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text == b"-" {
        return Some(0);
    }
    let is_number = !text.is_empty() && text.len() <= 18 && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
}
