//! Numbers and times as JSON logs write them, in strings or without.

use crate::model::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::Offset;
use std::io::Write;

/// How a time is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TimeFormat {
    /// RFC 3339; without a zone UTC.
    Rfc3339,
    /// A count since 1970 of units of which there are so many in a second, as a power of ten; a fraction may follow.
    Unix(u32),
    /// strftime's notation; without a zone UTC.
    Pattern(String),
}

impl TimeFormat {
    /// Reads a format's name, or a pattern.
    pub fn of(name: &str) -> Option<TimeFormat> {
        Some(match name {
            "rfc3339" => TimeFormat::Rfc3339,
            "unix" => TimeFormat::Unix(0),
            "unix_ms" => TimeFormat::Unix(3),
            "unix_us" => TimeFormat::Unix(6),
            "unix_ns" => TimeFormat::Unix(9),
            pattern => {
                // A pattern that can't write a time, or can't read what it wrote, is none.
                let pattern = TimeFormat::Pattern(pattern.to_owned());
                let mut written = Vec::new();
                pattern.write(Timestamp(0), &mut written);
                pattern.read(&written)?;
                pattern
            }
        })
    }

    /// Reads a time.
    pub fn read(&self, text: &[u8]) -> Option<Timestamp> {
        let zoned = |civil: DateTime| Offset::UTC.to_timestamp(civil).ok();
        let at = match self {
            // Beyond the year 5138 a count of seconds is one of smaller units.
            TimeFormat::Unix(digits) => {
                let most = 11 + *digits as usize;
                let is_one = text.iter().take_while(|byte| **byte != b'.').count() <= most;
                return if is_one { millis(text, *digits).map(Timestamp) } else { None };
            }
            TimeFormat::Rfc3339 => {
                let text = std::str::from_utf8(text).ok().filter(|text| !text.contains('['))?;
                text.parse().ok().or_else(|| zoned(text.parse().ok()?))
            }
            TimeFormat::Pattern(pattern) => {
                let parsed = strtime::parse(pattern, text).ok()?;
                parsed.to_timestamp().ok().or_else(|| zoned(parsed.to_datetime().ok()?))
            }
        };
        at.map(|at: jiff::Timestamp| Timestamp(at.as_millisecond()))
    }

    /// Writes a time.
    pub fn write(&self, at: Timestamp, out: &mut Vec<u8>) {
        match self {
            TimeFormat::Unix(digits) => write_millis(at.0, *digits, out),
            TimeFormat::Rfc3339 => out.extend_from_slice(at.to_rfc3339().as_bytes()),
            TimeFormat::Pattern(pattern) => {
                let clamped = at.0.clamp(Timestamp::MIN.0, Timestamp::MAX.0);
                let at = jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
                let at = at.to_zoned(jiff::tz::TimeZone::UTC);
                out.extend_from_slice(strtime::format(pattern, &at).unwrap_or_default().as_bytes());
            }
        }
    }

    /// Whether it is written as a number.
    pub fn is_number(&self) -> bool {
        matches!(self, TimeFormat::Unix(_))
    }
}

/// The power of ten of a unit of time: how many of it are in a second.
pub(super) fn unit(name: &str) -> Option<u32> {
    Some(match name {
        "s" => 0,
        "ms" => 3,
        "us" => 6,
        "ns" => 9,
        _ => return None,
    })
}

/// Neither a time nor a duration has as many milliseconds: 31,688 years. Sums of these stay far from what an i64 holds.
const MOST_MILLIS: i64 = 1_000_000_000_000_000;
/// Digits of a count.
const MOST_DIGITS: usize = 18;

/// A decimal number of units of which there are ten to the power of `digits` in a second, in milliseconds, cut.
pub(super) fn millis(text: &[u8], digits: u32) -> Option<i64> {
    if text.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        let millis = value * 10_f64.powi(3 - digits as i32);
        return (millis.abs() < MOST_MILLIS as f64).then_some(millis as i64);
    }
    let (magnitude, is_negative) = text.strip_prefix(b"-").map_or((text, false), |rest| (rest, true));
    let (whole, fraction) = magnitude.split_at(memchr::memchr(b'.', magnitude).unwrap_or(magnitude.len()));
    let fraction = fraction.strip_prefix(b".").unwrap_or_default();
    let are_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    if whole.is_empty() || whole.len() > 19 || !are_digits {
        return None;
    }
    let whole = whole.iter().fold(0_i128, |value, digit| value * 10 + i128::from(digit - b'0'));
    let thousandths =
        (0..3).fold(0, |value, at| value * 10 + fraction.get(at).map_or(0, |digit| i128::from(digit - b'0')));
    let millis = (whole * 1000 + thousandths) / 10_i128.pow(digits);
    i64::try_from(if is_negative { -millis } else { millis }).ok().filter(|millis| millis.abs() < MOST_MILLIS)
}

/// Writes milliseconds as a number of units.
pub(super) fn write_millis(millis: i64, digits: u32, out: &mut Vec<u8>) {
    // Writing to a Vec can't fail.
    let _ = match digits {
        0 if millis % 1000 != 0 => {
            let sign = if millis < 0 { "-" } else { "" };
            write!(out, "{sign}{}.{:03}", millis.abs() / 1000, millis.abs() % 1000)
        }
        0 => write!(out, "{}", millis / 1000),
        _ => write!(out, "{}", i128::from(millis) * 10_i128.pow(digits - 3)),
    };
}

/// A count, in a string or not; a fraction is cut.
pub(super) fn count(text: &[u8]) -> Option<u64> {
    let whole = text.split(|byte| *byte == b'.').next()?;
    std::str::from_utf8(whole).ok().filter(|whole| whole.len() <= MOST_DIGITS)?.parse().ok()
}
