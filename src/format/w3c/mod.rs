//! W3C extended log file format (<https://www.w3.org/TR/WD-logfile.html>), as Blue Coat's (now Broadcom's) ProxySG,
//! Microsoft's Forefront TMG and ISA Server, and IIS write it. A line says what the lines behind it hold: `#Fields`.
//!
//! The spec is `w3c`, and behind it the fields as a `#Fields` line has them, with tabs between them where the lines have
//! tabs: such a format needs no header and reads each line by itself. `w3c` alone reads nothing until a header comes.
//! Where no field gives the date, the `#Date` line does, and stands in the spec as `date=2026-11-20`.
//!
//! Values that say more than an event has a place for, or say it in another way than an event is written in, are its
//! extra: one per column, empty where the event says it, separated by 0x1F, without empty ones at the end.

mod columns;
mod line;
#[cfg(test)]
mod tests;
mod time;

use super::target::{Parts, whole};
use super::{Format, FormatError, FormatKind, SharedFormat};
use crate::model::{AccessEvent, FieldSet, Outcome, RejectReason, Timestamp};
use bumpalo::Bump;
use columns::{Columns, Fact};
use jiff::civil::Date;
use line::{BLANK, TAB};
use std::io::Write;
use std::sync::Arc;

pub(super) static KIND: FormatKind = FormatKind {
    name: NAME,
    help: "W3C extended log file format with a #Fields line (ProxySG, Forefront TMG, IIS), or 'w3c FIELD …' without one",
    compile: |definition| W3c::compile(definition).map(|format| Arc::new(format) as SharedFormat),
    detected_as: &[NAME],
};

const NAME: &str = "w3c";
/// Between the columns of an event's extra.
const EXTRA_SEPARATOR: u8 = 0x1f;
/// Columns that a line may have; a header with more is none.
const MOST_COLUMNS: usize = 256;
/// How long their names may be together; a header is kept with every row's source.
const MOST_NAMES_BYTES: usize = 8192;
/// Digits of a number.
const MOST_DIGITS: usize = 18;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Lines of certain fields; of none before a header.
#[derive(Debug)]
struct W3c {
    spec: String,
    /// The names as written, blanks between them.
    names: Vec<String>,
    columns: Columns,
    separator: u8,
    /// Of lines without a date of their own.
    date: Option<Date>,
    /// What the last `#Date` said, for the next `#Fields`; no part of the spec where lines have their own.
    header_date: Option<Date>,
}

impl W3c {
    fn compile(definition: &str) -> Result<W3c, FormatError> {
        let problem = |problem: String| FormatError::Definition { format: NAME, problem };
        let separator = if definition.contains('\t') { TAB } else { BLANK };
        let mut names: Vec<&str> = definition.split_whitespace().collect();
        let header_date = match names.first().and_then(|first| first.strip_prefix("date=")) {
            Some(text) => {
                names.remove(0);
                let date = time::date(text.as_bytes());
                Some(date.ok_or_else(|| problem(format!("'{text}' is no date; write date=YYYY-MM-DD")))?)
            }
            None => None,
        };
        if names.len() > MOST_COLUMNS {
            return Err(problem(format!("{} fields; there may be {MOST_COLUMNS}", names.len())));
        }
        if definition.len() > MOST_NAMES_BYTES {
            return Err(problem(format!("{} bytes of fields; there may be {MOST_NAMES_BYTES}", definition.len())));
        }
        let columns = Columns::of(&names);
        let is_timed = [Fact::TimeOfDay, Fact::UnixTime, Fact::GmtTime, Fact::LocalTime];
        if !names.is_empty() && !is_timed.iter().any(|fact| columns.has(*fact)) {
            return Err(problem("no field gives the time; add 'date' and 'time'".to_owned()));
        }
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let date = header_date.filter(|_| !columns.has(Fact::Date));
        let spec = format!("{NAME} {}", definition_of(&names, separator, date)).trim_end().to_owned();
        Ok(W3c { spec, names, columns, separator, date, header_date })
    }

    /// The format of lines with these fields, behind this one's lines.
    fn next(names: &[String], separator: u8, date: Option<Date>) -> Option<SharedFormat> {
        let format = W3c::compile(&definition_of(names, separator, date));
        let format = format.or_else(|_| W3c::compile(&definition_of(&[], BLANK, date))).ok()?;
        Some(Arc::new(format))
    }

    fn cut<'l>(&self, line: &'l [u8], columns: &mut [&'l [u8]]) -> Result<bool, RejectReason> {
        let is_bracketed =
            |at: usize| [Fact::GmtTime, Fact::LocalTime].iter().any(|fact| self.columns.saying(*fact).contains(&at));
        match line::cut(line, self.separator, columns, is_bracketed) {
            // A header with blanks over lines with tabs, or the other way round.
            Err(_) if columns.len() > 1 && self.separator == BLANK && line.contains(&TAB) => {
                line::cut(line, TAB, columns, is_bracketed).map(|_| false)
            }
            Err(RejectReason::TooFewFields) if self.separator == TAB && !line.contains(&TAB) => {
                line::cut(line, BLANK, columns, is_bracketed).map(|_| false)
            }
            done => done,
        }
    }

    /// Writes what an event says for a column.
    fn write_column(&self, at: usize, event: &AccessEvent<'_>, parts: &Parts<'_>, out: &mut Vec<u8>) {
        let text = match self.columns.told[at] {
            None => b"",
            Some(Fact::Date) => return time::write_date(event.time, out),
            Some(Fact::TimeOfDay) => return time::write_time(event.time, out),
            Some(Fact::UnixTime) => return time::write_unix(event.time, out),
            Some(Fact::GmtTime) => return time::write_gmt(event.time, out),
            // Writing to a Vec can't fail.
            Some(Fact::TimeTaken) => return drop(write!(out, "{}", event.time_taken_ms)),
            Some(Fact::Duration) => return drop(write!(out, "{}", event.time_taken_ms.div_euclid(1000))),
            Some(Fact::Status) => return drop(write!(out, "{}", event.sc_status)),
            Some(Fact::Bytes) => return drop(write!(out, "{}", event.sc_bytes)),
            Some(Fact::ClientBytes) => match event.cs_bytes {
                Some(bytes) => return drop(write!(out, "{bytes}")),
                None => b"",
            },
            Some(Fact::Client) => event.c_ip,
            Some(Fact::User) => event.cs_username,
            Some(Fact::Method) => event.cs_method,
            Some(Fact::Uri) => event.cs_uri,
            Some(Fact::Scheme) => parts.scheme,
            Some(Fact::Host) => parts.host,
            Some(Fact::Port) => parts.port,
            Some(Fact::Path) => parts.path,
            Some(Fact::Query) => parts.query,
            Some(Fact::BareQuery) => parts.query.strip_prefix(b"?").unwrap_or_default(),
            Some(Fact::PathAndQuery) => {
                let path_and_query = [parts.path, parts.query].concat();
                return line::write(&path_and_query, self.separator, out);
            }
            Some(Fact::Extension) => parts.extension(),
            Some(Fact::Action) => event.result,
            Some(Fact::Verdict) if !self.columns.has(Fact::Action) => {
                let start = out.len();
                line::write(event.result, self.separator, out);
                return out[start..].iter_mut().skip(1).for_each(u8::make_ascii_lowercase);
            }
            Some(Fact::FilterResult) if !self.columns.has(Fact::Action) && !self.columns.has(Fact::Verdict) => {
                event.result
            }
            Some(Fact::Verdict | Fact::FilterResult | Fact::Exception | Fact::LocalTime) => b"",
            Some(Fact::Hierarchy) => event.hierarchy,
            Some(Fact::Peer) => event.peer,
            Some(Fact::ContentType) => event.content_type,
            Some(Fact::UserAgent) => event.user_agent,
            Some(Fact::Referer) => event.referer,
        };
        line::write(text, self.separator, out);
    }
}

/// What stands behind the name in a spec.
fn definition_of(names: &[String], separator: u8, date: Option<Date>) -> String {
    let date = date.map(|date| format!("date={date}"));
    let words: Vec<&str> = date.as_deref().into_iter().chain(names.iter().map(String::as_str)).collect();
    words.join(if separator == TAB { "\t" } else { " " })
}

/// What stands behind a directive's name, where the line is one of those that the draft names.
fn directive<'l>(line: &'l [u8], name: &str) -> Option<&'l [u8]> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let (found, text) = line.strip_prefix(b"#")?.split_at_checked(name.len())?;
    text.strip_prefix(b":").filter(|_| found.eq_ignore_ascii_case(name.as_bytes()))
}

impl Format for W3c {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        if self.names.is_empty() {
            return Err(RejectReason::NoHeader);
        }
        let raw = arena.alloc_slice_fill_copy(self.names.len(), &b""[..]);
        let mut is_canonical = self.cut(line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line), raw)?;
        is_canonical &= !line.starts_with(BYTE_ORDER_MARK);
        let raw = &*raw;
        let read = Read { columns: &self.columns, raw, arena };
        let mut event = read.event(self.date)?;
        let parts = Parts::of(event.cs_method, event.cs_uri);
        let (mut extra, mut told, mut kept) = (Vec::new(), Vec::new(), 0);
        for (at, column) in raw.iter().enumerate() {
            if at > 0 {
                extra.push(EXTRA_SEPARATOR);
            }
            told.clear();
            self.write_column(at, &event, &parts, &mut told);
            if told != *column {
                is_canonical &= !column.is_empty() && !column.contains(&EXTRA_SEPARATOR);
                extra.extend_from_slice(column);
                kept = extra.len();
            }
        }
        event.extra = arena.alloc_slice_copy(&extra[..kept]);
        event.canonical = is_canonical;
        Ok(event)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let parts = Parts::of(event.cs_method, event.cs_uri);
        let mut extra = event.extra.split(|byte| *byte == EXTRA_SEPARATOR);
        for at in 0..self.names.len() {
            if at > 0 {
                out.push(self.separator);
            }
            match extra.next() {
                Some(column @ [_, ..]) => out.extend_from_slice(column),
                _ => self.write_column(at, event, &parts, out),
            }
        }
    }

    fn fields(&self) -> FieldSet {
        self.columns.fields()
    }

    fn has_directives(&self) -> bool {
        true
    }

    fn directive(&self, line: &[u8]) -> Option<SharedFormat> {
        if !matches!(line.first(), Some(b'#' | 0xef)) {
            return None;
        }
        if let Some(fields) = directive(line, "fields") {
            let fields = String::from_utf8_lossy(if fields.len() > MOST_NAMES_BYTES { b"" } else { fields });
            let names: Vec<String> = fields.split_whitespace().map(str::to_owned).collect();
            return W3c::next(&names, if fields.trim().contains('\t') { TAB } else { BLANK }, self.header_date);
        }
        if let Some(text) = directive(line, "date") {
            let date = text.trim_ascii().get(..10).and_then(time::date).or(self.header_date);
            return W3c::next(&self.names, self.separator, date);
        }
        let others = ["software", "version", "start-date", "end-date", "remark"];
        others.iter().find_map(|name| directive(line, name))?;
        W3c::next(&self.names, self.separator, self.header_date)
    }
}

/// The columns of a line, and what they say.
struct Read<'r, 'l> {
    columns: &'r Columns,
    raw: &'r [&'l [u8]],
    arena: &'l Bump,
}

impl<'l> Read<'_, 'l> {
    /// What the best column that says it says; empty where none does.
    fn value(&self, fact: Fact) -> &'l [u8] {
        let mut said = self.columns.saying(fact).iter().map(|at| line::value(self.raw[*at], self.arena));
        said.find(|value| !value.is_empty()).unwrap_or_default()
    }

    fn number<T: std::str::FromStr + Default>(&self, fact: Fact, reason: RejectReason) -> Result<T, RejectReason> {
        match self.value(fact) {
            b"" => Ok(T::default()),
            digits if digits.len() > MOST_DIGITS => Err(reason),
            digits => std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).ok_or(reason),
        }
    }

    fn event(&self, date: Option<Date>) -> Result<AccessEvent<'l>, RejectReason> {
        let cs_method = self.value(Fact::Method);
        let user = self.value(Fact::User);
        let sc_status = self.number(Fact::Status, RejectReason::BadStatus)?;
        Ok(AccessEvent {
            time: self.time(date).ok_or(RejectReason::BadTime)?,
            time_taken_ms: self.time_taken_ms()?,
            c_ip: self.value(Fact::Client),
            // TMG's word for nobody.
            cs_username: if user.eq_ignore_ascii_case(b"anonymous") { b"" } else { user },
            cs_method,
            cs_uri: self.target(cs_method),
            sc_status: if sc_status > 999 { return Err(RejectReason::BadStatus) } else { sc_status },
            sc_bytes: self.number(Fact::Bytes, RejectReason::BadSize)?,
            cs_bytes: Some(self.value(Fact::ClientBytes))
                .filter(|digits| !digits.is_empty() && digits.len() <= MOST_DIGITS)
                .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()),
            result: self.result(),
            hierarchy: self.value(Fact::Hierarchy),
            peer: self.value(Fact::Peer),
            content_type: self.value(Fact::ContentType),
            user_agent: self.value(Fact::UserAgent),
            referer: self.value(Fact::Referer),
            extra: b"",
            canonical: false,
        })
    }

    fn time(&self, date: Option<Date>) -> Option<Timestamp> {
        match (self.value(Fact::UnixTime), self.value(Fact::TimeOfDay)) {
            (unix @ [_, ..], _) => time::unix(unix),
            (_, of_day @ [_, ..]) => {
                let date = match self.value(Fact::Date) {
                    b"" => date?,
                    text => time::date(text)?,
                };
                time::instant(date, time::time_of_day(of_day)?)
            }
            _ => [Fact::GmtTime, Fact::LocalTime].into_iter().find_map(|fact| time::bracketed(self.value(fact))),
        }
    }

    /// `time-taken` is in milliseconds in every product, in seconds in the draft, which shows a decimal point.
    fn time_taken_ms(&self) -> Result<i64, RejectReason> {
        let (taken, is_seconds) = match self.value(Fact::TimeTaken) {
            b"" => (self.value(Fact::Duration), true),
            taken => (taken, taken.contains(&b'.')),
        };
        match taken {
            b"" => Ok(0),
            _ if is_seconds => time::unix(taken).map(|taken| taken.0).ok_or(RejectReason::BadDuration),
            _ => self.number(Fact::TimeTaken, RejectReason::BadDuration),
        }
    }

    fn target(&self, cs_method: &[u8]) -> &'l [u8] {
        let path_and_query = self.value(Fact::PathAndQuery);
        let query = [Fact::Query, Fact::BareQuery].map(|fact| self.value(fact));
        let parts = Parts {
            scheme: self.value(Fact::Scheme),
            host: self.value(Fact::Host),
            port: self.value(Fact::Port),
            path: [self.value(Fact::Path), path_and_query]
                .into_iter()
                .find(|path| !path.is_empty())
                .unwrap_or_default(),
            query: query.into_iter().find(|query| !query.is_empty()).unwrap_or_default(),
        };
        whole(cs_method, self.value(Fact::Uri), parts, self.arena)
    }

    /// The result code, or the word of a product that has none; `DENIED` where another field says so.
    fn result(&self) -> &'l [u8] {
        let [verdict, filtered, exception] =
            [Fact::Verdict, Fact::FilterResult, Fact::Exception].map(|fact| self.value(fact));
        let word = match self.value(Fact::Action) {
            b"" if verdict.is_empty() => filtered,
            b"" => self.arena.alloc_slice_fill_iter(verdict.iter().map(u8::to_ascii_uppercase)),
            action => action,
        };
        let says_denied =
            |text: &[u8]| text.windows(b"denied".len()).any(|window| window.eq_ignore_ascii_case(b"denied"));
        let is_denied = [verdict, filtered, exception].into_iter().any(says_denied);
        if is_denied && Outcome::of(200, word) != Outcome::Denied { b"DENIED" } else { word }
    }
}
