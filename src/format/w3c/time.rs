//! The times of extended log files: dates and times of day in UTC, Unix seconds, and ProxySG's bracketed ones.

use crate::model::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use std::io::Write;

/// `YYYY-MM-DD`.
pub(super) fn date(text: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    Date::new(number(&[y1, y2, y3, y4])?, number(&[m1, m2])?.try_into().ok()?, number(&[d1, d2])?.try_into().ok()?).ok()
}

/// `HH:MM:SS`, with a fraction or without: milliseconds of the day. A second 60 is the last of its minute.
pub(super) fn time_of_day(text: &[u8]) -> Option<i64> {
    let (text, fraction) = text.split_at(memchr::memchr(b'.', text).unwrap_or(text.len()));
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *text else { return None };
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?);
    let millis = match fraction {
        [] => 0,
        [_, digits @ ..] => millis(digits)?,
    };
    let is_time = hour < 24 && minute < 60 && second < 61;
    is_time.then(|| (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59))) * 1000 + millis)
}

/// A day and the milliseconds since its beginning.
pub(super) fn instant(date: Date, of_day_ms: i64) -> Option<Timestamp> {
    let midnight = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(Timestamp(midnight.as_millisecond() + of_day_ms))
}

/// Unix seconds, with a fraction or without.
pub(super) fn unix(text: &[u8]) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_at(memchr::memchr(b'.', text).unwrap_or(text.len()));
    if seconds.is_empty() || seconds.len() > 12 || !seconds.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = seconds.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    let millis = if fraction.is_empty() { 0 } else { millis(&fraction[1..])? };
    Some(Timestamp(seconds * 1000 + millis))
}

/// ProxySG's `gmttime`, `[20/11/2026:16:44:41 GMT]`, and `localtime`, `[20/Nov/2026:17:44:41 +0100]`.
pub(super) fn bracketed(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix('[')?.strip_suffix(']')?;
    if let Some(text) = text.strip_suffix(" GMT") {
        let civil = DateTime::strptime("%d/%m/%Y:%H:%M:%S", text)
            .or_else(|_| DateTime::strptime("%d/%b/%Y:%H:%M:%S", text))
            .ok()?;
        return Some(Timestamp(Offset::UTC.to_timestamp(civil).ok()?.as_millisecond()));
    }
    Some(Timestamp(jiff::Timestamp::strptime("%d/%b/%Y:%H:%M:%S %z", text).ok()?.as_millisecond()))
}

/// Writes an instant's day.
pub(super) fn write_date(at: Timestamp, out: &mut Vec<u8>) {
    let at = civil(at);
    let _ = write!(out, "{:04}-{:02}-{:02}", at.year(), at.month(), at.day());
}

/// Writes an instant's time of day, milliseconds only where there are any.
pub(super) fn write_time(at: Timestamp, out: &mut Vec<u8>) {
    let (at, millis) = (civil(at), at.0.rem_euclid(1000));
    let _ = write!(out, "{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    if millis > 0 {
        let _ = write!(out, ".{millis:03}");
    }
}

/// Writes Unix seconds, milliseconds only where there are any.
pub(super) fn write_unix(at: Timestamp, out: &mut Vec<u8>) {
    let (seconds, millis) = (at.0.div_euclid(1000), at.0.rem_euclid(1000));
    let _ = if millis > 0 { write!(out, "{seconds}.{millis:03}") } else { write!(out, "{seconds}") };
}

/// Writes an instant as `gmttime`.
pub(super) fn write_gmt(at: Timestamp, out: &mut Vec<u8>) {
    let at = civil(at);
    let (day, month, year) = (at.day(), at.month(), at.year());
    let _ = write!(out, "[{day:02}/{month:02}/{year:04}:{:02}:{:02}:{:02} GMT]", at.hour(), at.minute(), at.second());
}

fn civil(at: Timestamp) -> DateTime {
    let clamped = at.0.clamp(Timestamp::MIN.0, Timestamp::MAX.0);
    Offset::UTC.to_datetime(jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

/// The first three digits of a fraction.
fn millis(fraction: &[u8]) -> Option<i64> {
    let digit = |at: usize| fraction.get(at).map_or(0, |digit| i64::from(digit.wrapping_sub(b'0')));
    let is_fraction = !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit);
    is_fraction.then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
}

fn number(digits: &[u8]) -> Option<i16> {
    let are_digits = digits.iter().all(u8::is_ascii_digit);
    are_digits.then(|| digits.iter().fold(0, |value, digit| value * 10 + i16::from(digit - b'0')))
}
