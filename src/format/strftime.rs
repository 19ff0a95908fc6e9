//! Times of day as `strftime(3)` writes them in the C locale, compiled once, read and written many times. A zone is an
//! offset (`%z`), or none; names of zones (`%Z`) are not understood, except for UTC and GMT.

use super::LocalTime;
use crate::model::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use std::io::Write;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The Common Log Format's notation.
pub(super) const COMMON: &str = "%d/%b/%Y:%H:%M:%S %z";

/// A compiled notation.
#[derive(Clone, Debug)]
pub(super) struct Strftime {
    items: Vec<Item>,
    is_common: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Item {
    Byte(u8),
    Conversion(u8),
}

/// A time as read: a wall clock's date and time of day, and what the notation left open.
#[derive(Clone, Copy, Debug)]
struct Clock {
    seconds: Option<i64>,
    year: Option<i16>,
    month: i8,
    day: i8,
    day_of_year: Option<i16>,
    hour: i8,
    is_afternoon: Option<bool>,
    minute: i8,
    second: i8,
    offset_seconds: Option<i32>,
}

impl Strftime {
    /// Compiles a notation.
    ///
    /// # Errors
    /// What is wrong with it, and the mend.
    pub(super) fn compile(notation: &str) -> Result<Strftime, String> {
        let mut items = Vec::new();
        push(notation, &mut items)?;
        let format = Strftime { items, is_common: notation == COMMON };
        let has = |conversion: u8| format.items.contains(&Item::Conversion(conversion));
        let month = has(b'm') || has(b'b') || has(b'B');
        if !has(b's') && !(has(b'j') || month && (has(b'd') || has(b'e'))) {
            return Err(format!("'{notation}' names no day; write %d/%b/%Y or %Y-%m-%d in it"));
        }
        if !(has(b's') || has(b'H') || has(b'k') || has(b'I') && has(b'p')) {
            return Err(format!("'{notation}' names no hour; write %H:%M:%S in it"));
        }
        Ok(format)
    }

    /// Whether a time in this notation says neither its zone nor that it needs none.
    pub(super) fn lacks_zone(&self) -> bool {
        !self.items.contains(&Item::Conversion(b'z')) && !self.items.contains(&Item::Conversion(b's'))
    }

    /// Whether a time in this notation does not say its year.
    pub(super) fn lacks_year(&self) -> bool {
        !self.items.iter().any(|item| matches!(item, Item::Conversion(b'Y' | b'y' | b's')))
    }

    /// Reads the time that `text` begins with: the instant, the zone's offset in seconds, and how long the time is.
    /// A time without a zone is UTC, or of `local`.
    pub(super) fn read(&self, text: &[u8], local: Option<&LocalTime>) -> Option<(Timestamp, i32, usize)> {
        if self.is_common {
            let (at, offset) = read_common(text.first_chunk()?)?;
            return Some((at, offset, 26));
        }
        let mut clock = Clock {
            seconds: None,
            year: None,
            month: 1,
            day: 1,
            day_of_year: None,
            hour: 0,
            is_afternoon: None,
            minute: 0,
            second: 0,
            offset_seconds: None,
        };
        let mut rest = text;
        for item in &self.items {
            match *item {
                Item::Byte(byte) => rest = rest.strip_prefix(&[byte])?,
                Item::Conversion(conversion) => clock.take(conversion, &mut rest)?,
            }
        }
        let (at, offset) = clock.resolve(local)?;
        Some((at, offset, text.len() - rest.len()))
    }

    /// Appends the time, in a zone that is `offset_seconds` ahead of UTC.
    pub(super) fn write(&self, at: Timestamp, offset_seconds: i32, out: &mut Vec<u8>) {
        if self.is_common {
            return write_common(at, offset_seconds, out);
        }
        let seconds = at.0.div_euclid(1000);
        let shifted = Timestamp((seconds + i64::from(offset_seconds)) * 1000);
        let Some(civil) = civil(shifted) else { return };
        for item in &self.items {
            // Writing to a Vec can't fail.
            let _ = match *item {
                Item::Byte(byte) => out.write_all(&[byte]),
                Item::Conversion(b's') => write!(out, "{seconds}"),
                Item::Conversion(conversion) => write_one(conversion, &civil, offset_seconds, out),
            };
        }
    }
}

/// Unfolds the conversions that stand for several.
fn push(notation: &str, items: &mut Vec<Item>) -> Result<(), String> {
    let mut bytes = notation.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            items.push(Item::Byte(byte));
            continue;
        }
        match bytes.next() {
            Some(b'T' | b'X') => push("%H:%M:%S", items)?,
            Some(b'R') => push("%H:%M", items)?,
            Some(b'r') => push("%I:%M:%S %p", items)?,
            Some(b'D' | b'x') => push("%m/%d/%y", items)?,
            Some(b'F') => push("%Y-%m-%d", items)?,
            Some(b'c') => push("%a %b %e %H:%M:%S %Y", items)?,
            Some(b'h') => items.push(Item::Conversion(b'b')),
            Some(b'n') => items.push(Item::Byte(b'\n')),
            Some(b't') => items.push(Item::Byte(b'\t')),
            Some(b'%') => items.push(Item::Byte(b'%')),
            Some(known @ (b'a' | b'A' | b'b' | b'B' | b'd' | b'e' | b'H' | b'I' | b'j' | b'k' | b'm' | b'M'))
            | Some(known @ (b'p' | b's' | b'S' | b'y' | b'Y' | b'z' | b'Z')) => items.push(Item::Conversion(known)),
            Some(other) => {
                let other = char::from(other);
                return Err(format!("'%{other}' of '{notation}' can't be read back; use %Y %m %d %H %M %S %z"));
            }
            None => return Err(format!("'{notation}' ends with a lone '%'; write '%%' for the character")),
        }
    }
    Ok(())
}

impl Clock {
    fn take(&mut self, conversion: u8, rest: &mut &[u8]) -> Option<()> {
        let mut two = || digits(rest, 2, 2).map(|value| value as i8);
        match conversion {
            b'd' => self.day = two()?,
            b'm' => self.month = two()?,
            b'H' => self.hour = two()?,
            b'I' => self.hour = two()? % 12,
            b'M' => self.minute = two()?,
            b'S' => self.second = two()?,
            // POSIX: 69 to 99 are of the twentieth century.
            b'y' => {
                let year = two()?;
                self.year = Some(i16::from(year) + if year < 69 { 2000 } else { 1900 });
            }
            b'e' | b'k' => {
                *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                let value = digits(rest, 1, 2)? as i8;
                *(if conversion == b'e' { &mut self.day } else { &mut self.hour }) = value;
            }
            b'j' => self.day_of_year = Some(digits(rest, 3, 3)? as i16),
            b'Y' => self.year = Some(digits(rest, 4, 4)? as i16),
            b's' => self.seconds = Some(digits(rest, 1, 12)? as i64),
            b'b' => self.month = name(rest, MONTHS.iter().map(|name| &name[..3]))? + 1,
            b'B' => self.month = name(rest, MONTHS.iter().copied())? + 1,
            b'a' => _ = name(rest, DAYS.iter().map(|name| &name[..3]))?,
            b'A' => _ = name(rest, DAYS.iter().copied())?,
            b'p' => self.is_afternoon = Some(name(rest, ["AM", "PM"].into_iter())? == 1),
            b'Z' => _ = name(rest, ["UTC", "GMT"].into_iter())?,
            b'z' => {
                let (sign, behind) = rest.split_first()?;
                *rest = behind;
                let (hours, minutes) = (digits(rest, 2, 2)?, digits(rest, 2, 2)?);
                if hours > 25 || minutes > 59 {
                    return None;
                }
                let magnitude = hours as i32 * 3600 + minutes as i32 * 60;
                self.offset_seconds = Some(match sign {
                    b'+' => magnitude,
                    b'-' => -magnitude,
                    _ => return None,
                });
            }
            _ => return None,
        }
        Some(())
    }

    fn resolve(&self, local: Option<&LocalTime>) -> Option<(Timestamp, i32)> {
        if let Some(seconds) = self.seconds {
            return Some((Timestamp(seconds * 1000), self.offset_seconds.unwrap_or(0)));
        }
        let hour = self.hour + if self.is_afternoon == Some(true) { 12 } else { 0 };
        // A leap second is the start of the next one.
        let is_leap = self.second == 60;
        let time = Time::new(hour, self.minute, if is_leap { 59 } else { self.second }, 0).ok()?;
        let in_year = |year: i16| -> Option<(Timestamp, i32)> {
            let date = match self.day_of_year {
                Some(day) => {
                    let date = Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().days(i64::from(day) - 1));
                    date.ok().filter(|date| date.year() == year)?
                }
                None => Date::new(year, self.month, self.day).ok()?,
            };
            let civil = DateTime::from_parts(date, time);
            let offset = match (self.offset_seconds, local) {
                (Some(offset), _) => offset,
                (None, Some(local)) => local
                    .zone
                    .to_ambiguous_timestamp(civil)
                    .compatible()
                    .ok()
                    .map(|at| local.zone.to_offset(at).seconds())?,
                (None, None) => 0,
            };
            let seconds = jiff::tz::Offset::UTC.to_timestamp(civil).ok()?.as_second() - i64::from(offset);
            Some((Timestamp((seconds + i64::from(is_leap)) * 1000), offset))
        };
        match (self.year, local) {
            (Some(year), _) => in_year(year),
            (None, Some(local)) => {
                let latest = Timestamp(local.until.0.saturating_add(crate::model::DAY_MS));
                let year = civil(latest)?.year();
                // Eight years hold a 29th of February, whatever the century.
                (0..=8).filter_map(|back| in_year(year - back)).find(|(at, _)| *at <= latest)
            }
            (None, None) => in_year(1970),
        }
    }
}

/// A decimal number of that many digits.
fn digits(rest: &mut &[u8], least: usize, most: usize) -> Option<u64> {
    let length = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, behind) = rest.split_at(length);
    *rest = behind;
    (length >= least).then(|| number.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
}

/// The place of the name that `rest` begins with.
fn name(rest: &mut &[u8], names: impl Iterator<Item = &'static str>) -> Option<i8> {
    let (at, name) = names.enumerate().find(|(_, name)| rest.starts_with(name.as_bytes()))?;
    *rest = &rest[name.len()..];
    Some(at as i8)
}

fn civil(at: Timestamp) -> Option<DateTime> {
    let clamped = at.0.clamp(Timestamp::MIN.0, Timestamp::MAX.0);
    Some(jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_millisecond(clamped).ok()?))
}

fn write_one(conversion: u8, civil: &DateTime, offset_seconds: i32, out: &mut Vec<u8>) -> std::io::Result<()> {
    let month = MONTHS[(civil.month() as usize + 11) % 12];
    let day = DAYS[(civil.weekday().to_monday_zero_offset() as usize) % 7];
    let hour12 = if civil.hour() % 12 == 0 { 12 } else { civil.hour() % 12 };
    match conversion {
        b'd' => write!(out, "{:02}", civil.day()),
        b'e' => write!(out, "{:2}", civil.day()),
        b'm' => write!(out, "{:02}", civil.month()),
        b'b' => out.write_all(&month.as_bytes()[..3]),
        b'B' => out.write_all(month.as_bytes()),
        b'a' => out.write_all(&day.as_bytes()[..3]),
        b'A' => out.write_all(day.as_bytes()),
        b'Y' => write!(out, "{:04}", civil.year()),
        b'y' => write!(out, "{:02}", civil.year().rem_euclid(100)),
        b'j' => write!(out, "{:03}", civil.day_of_year()),
        b'H' => write!(out, "{:02}", civil.hour()),
        b'k' => write!(out, "{:2}", civil.hour()),
        b'I' => write!(out, "{hour12:02}"),
        b'p' => out.write_all(if civil.hour() < 12 { b"AM" } else { b"PM" }),
        b'M' => write!(out, "{:02}", civil.minute()),
        b'S' => write!(out, "{:02}", civil.second()),
        b'z' => out.write_all(&zone(offset_seconds)),
        b'Z' => out.write_all(b"UTC"),
        _ => Ok(()),
    }
}

/// An offset as `%z` writes it: `+hhmm`.
pub(super) fn zone(offset_seconds: i32) -> [u8; 5] {
    let minutes = offset_seconds.unsigned_abs() / 60;
    let digit = |value: u32| b'0' + (value % 10) as u8;
    let sign = if offset_seconds < 0 { b'-' } else { b'+' };
    [sign, digit(minutes / 600), digit(minutes / 60), digit(minutes % 60 / 10), digit(minutes % 60)]
}

/// Reads what [`zone`] writes: seconds ahead of UTC.
#[inline]
pub(super) fn read_zone(text: &[u8; 5]) -> Option<i32> {
    let [sign, rest @ ..] = text;
    if !rest.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |at: usize| i32::from(rest[at] - b'0');
    let (hours, minutes) = (digit(0) * 10 + digit(1), digit(2) * 10 + digit(3));
    let magnitude = hours * 3600 + minutes * 60;
    match sign {
        _ if hours > 25 || minutes > 59 => None,
        b'+' => Some(magnitude),
        b'-' => Some(-magnitude),
        _ => None,
    }
}

/// Reads [`COMMON`], which is all fixed places: `10/Oct/2000:13:55:36 -0700`.
#[inline]
pub(super) fn read_common(text: &[u8; 26]) -> Option<(Timestamp, i32)> {
    const PUNCTUATION: [(usize, u8); 6] = [(2, b'/'), (6, b'/'), (11, b':'), (14, b':'), (17, b':'), (20, b' ')];
    if PUNCTUATION.iter().any(|(at, byte)| text[*at] != *byte) {
        return None;
    }
    let mut bad = false;
    let mut two = |at: usize| -> i64 {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        bad |= tens > 9 || ones > 9;
        i64::from(tens) * 10 + i64::from(ones)
    };
    let (day, year) = (two(0), two(7) * 100 + two(9));
    let (hour, minute, second) = (two(12), two(15), two(18));
    let month = match &text[3..6] {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    };
    let is_leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap_year),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // Second 60 is a leap second: the start of the next one.
    if bad || day < 1 || day > days || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = read_zone(text[21..].first_chunk()?)?;
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some((Timestamp((seconds - i64::from(offset)) * 1000), offset))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Appends the time in the [`COMMON`] notation.
pub(super) fn write_common(at: Timestamp, offset_seconds: i32, out: &mut Vec<u8>) {
    write_clock(at, offset_seconds, out);
    out.extend_from_slice(&zone(offset_seconds));
}

/// Appends the time in the [`COMMON`] notation up to its zone, for programs that write that in a way of their own.
pub(super) fn write_clock(at: Timestamp, offset_seconds: i32, out: &mut Vec<u8>) {
    let shifted = at.0.div_euclid(1000) + i64::from(offset_seconds);
    let Some(civil) = civil(Timestamp(shifted * 1000)) else { return };
    let month = &MONTHS[(civil.month() as usize + 11) % 12][..3];
    let _ = write!(
        out,
        "{:02}/{month}/{:04}:{:02}:{:02}:{:02} ",
        civil.day(),
        civil.year(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn local(zone: &str) -> LocalTime {
        // 2026-01-01T00:00:00Z
        LocalTime { until: Timestamp(1_767_225_600_000), zone: jiff::tz::TimeZone::get(zone).unwrap() }
    }

    #[test]
    fn reads_and_writes_the_notations_people_use() {
        for (notation, text, seconds, offset) in [
            (COMMON, "10/Oct/2000:13:55:36 -0700", 971_211_336, -25_200),
            ("%d/%b/%Y:%H:%M:%S", "20/Nov/2026:16:50:29", 1_795_193_429, 0),
            ("%FT%T%z", "2026-11-20T18:50:29+0200", 1_795_193_429, 7200),
            ("%a %b %e %H:%M:%S %Y", "Fri Nov 20 16:50:29 2026", 1_795_193_429, 0),
            ("%c", "Mon Nov  2 00:00:00 2026", 1_793_577_600, 0),
            ("%A, %d %B %y %r", "Friday, 20 November 26 04:50:29 PM", 1_795_193_429, 0),
            ("%D %I%p", "11/20/26 12AM", 1_795_132_800, 0),
            ("%Y%j%H", "202632416", 1_795_190_400, 0),
            ("%s", "1795193429", 1_795_193_429, 0),
            ("%d/%b/%Y:%T %Z", "20/Nov/2026:16:50:29 UTC", 1_795_193_429, 0),
        ] {
            let format = Strftime::compile(notation).unwrap();
            let read = format.read(format!("{text} more").as_bytes(), None);
            assert_eq!(read, Some((Timestamp(seconds * 1000), offset, text.len())), "{notation}");
            let mut again = Vec::new();
            format.write(Timestamp(seconds * 1000), offset, &mut again);
            assert_eq!(String::from_utf8(again).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "31/Feb/2026:00:00:00 +0000",
            "29/Feb/2026:00:00:00 +0000",
            "00/Jan/2026:00:00:00 +0000",
            "01/jan/2026:00:00:00 +0000",
            "01/Jan/2026:24:00:00 +0000",
            "01/Jan/2026:00:60:00 +0000",
            "01/Jan/2026:00:00:61 +0000",
            "01/Jan/2026:00:00:00 +2660",
            "01/Jan/2026:00:00:00 00000",
            "1/Jan/2026:00:00:00 +00000",
            "01/Jan/2026 00:00:00 +0000",
        ] {
            assert_eq!(read_common(text.as_bytes().first_chunk().unwrap()), None, "{text}");
            let slow = Strftime::compile("%d/%b/%Y:%T %z").unwrap();
            assert_eq!(slow.read(text.as_bytes(), None), None, "{text}");
        }
        for notation in ["%H:%M:%S", "%Y-%m-%d", "%q", "%Y %"] {
            assert!(Strftime::compile(notation).is_err(), "{notation}");
        }
    }

    #[test]
    fn a_leap_second_is_the_start_of_the_next() {
        for notation in [COMMON, "%d/%b/%Y:%T %z"] {
            let read = Strftime::compile(notation).unwrap().read(b"31/Dec/2016:23:59:60 +0000", None);
            assert_eq!(read.map(|read| read.0), Some(Timestamp(1_483_228_800_000)), "{notation}");
        }
    }

    #[test]
    fn zone_and_year_come_from_where_the_lines_were_written() {
        let format = Strftime::compile("%b %d %H:%M:%S").unwrap();
        assert!(format.lacks_year() && format.lacks_zone());
        for (text, seconds) in [
            ("Dec 31 23:00:00", 1_767_218_400),
            ("Jan 01 12:00:00", 1_767_265_200),
            ("Jan 02 12:00:00", 1_735_815_600),
            ("Feb 29 12:00:00", 1_709_204_400),
            ("Jul 01 12:00:00", 1_751_364_000),
        ] {
            let read = format.read(text.as_bytes(), Some(&local("Europe/Berlin"))).map(|read| read.0);
            assert_eq!(read, Some(Timestamp(seconds * 1000)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_fixed_places_are_read_as_the_general_way_does(seconds in 0_i64..200_000_000_000, zone_minutes in -1439_i32..1439) {
            let (at, offset) = (Timestamp(seconds * 1000), zone_minutes * 60);
            let mut text = Vec::new();
            write_common(at, offset, &mut text);
            let general = Strftime::compile("%d/%b/%Y:%T %z").unwrap();
            prop_assert_eq!(read_common(text.first_chunk().unwrap()), Some((at, offset)));
            prop_assert_eq!(general.read(&text, None), Some((at, offset, 26)));
            let mut again = Vec::new();
            general.write(at, offset, &mut again);
            prop_assert_eq!(again, text);
        }
    }
}
