//! Lines to events and back. One file or folder per format, one line of [`FORMATS`] each.
//!
//! A format is written as a *spec*: a name, and behind it what the name leaves open (`squid`; `logformat %ts.%03tu …`).
//! A row's source carries the spec of its line's format, so that the line can be rendered again.

mod clf;
mod detect;
mod e2guardian;
mod extra;
mod json;
mod local;
mod logformat;
mod squid;
mod strftime;
mod target;
mod tinyproxy;
mod trafficserver;
mod w3c;

pub use clf::Clf;
pub use detect::{Detection, detect};
pub use logformat::LogFormat;
pub use squid::Squid;

use crate::model::{AccessEvent, EventView, FieldSet, RejectReason, Timestamp};
use bumpalo::Bump;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// A format, shared by whoever reads or renders its lines.
pub type SharedFormat = Arc<dyn Format>;

/// A way to write access log lines.
pub trait Format: Send + Sync + fmt::Debug {
    /// What [`resolve`] makes this format of: a name of [`FORMATS`], and behind a blank what the name leaves open.
    fn spec(&self) -> &str;

    /// Reads one line, without its line end, borrowing from it. What has to be decoded or put together is put into
    /// `arena`.
    ///
    /// # Errors
    /// The [`RejectReason`] when the line is not in this format.
    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason>;

    /// Appends the line that this format writes for `event`, without a line end. For an event that was parsed with
    /// `canonical` set this is the line it came from, byte for byte.
    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>);

    /// The facts its lines can carry.
    fn fields(&self) -> FieldSet;

    /// Whether some lines say how the lines behind them are to be read, so that lines must be read in order:
    /// [`Format::directive`].
    fn has_directives(&self) -> bool {
        false
    }

    /// For a line that speaks of other lines and not of a request: the format of the lines behind it, this or another.
    /// `None` for all other lines.
    fn directive(&self, _line: &[u8]) -> Option<SharedFormat> {
        None
    }

    /// For a format whose times lack their year or zone: the same format, for lines written at that time and place, in
    /// place of what it was told before. What lines said of those behind them stays.
    fn with_local_time(&self, _local: &LocalTime) -> Option<SharedFormat> {
        None
    }
}

/// What times leave open that are written without a year or a zone.
#[derive(Clone, Debug)]
pub struct LocalTime {
    /// The last moment at which lines may have been written: a time without a year is the latest one not after it,
    /// with a day to spare.
    pub until: Timestamp,
    /// The zone of times without one.
    pub zone: jiff::tz::TimeZone,
}

/// A sort of format, by the name that specs begin with.
pub struct FormatKind {
    /// The name.
    pub name: &'static str,
    /// What it is, for people, in a line.
    pub help: &'static str,
    /// Makes the format of what stands behind the name, trimmed; of nothing for most.
    pub compile: fn(definition: &str) -> Result<SharedFormat, FormatError>,
    /// The specs of this sort that [`detect`] tries, those that explain more of a line before those that explain less.
    pub detected_as: &'static [&'static str],
}

/// Every format, those that a line is rather in before others that would read it too.
pub static FORMATS: &[&FormatKind] = &[
    &trafficserver::KIND,
    &squid::KIND,
    &clf::COMBINED,
    &clf::COMMON,
    &logformat::REFERRER,
    &logformat::USERAGENT,
    &logformat::KIND,
    &w3c::KIND,
    &json::KIND,
    &e2guardian::KIND,
    &tinyproxy::KIND,
];

/// How long a spec may be: it is kept with every row's source, and some come from outside.
const MOST_SPEC_BYTES: usize = 16 << 10;

/// Why a spec is none.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FormatError {
    /// No format has that name.
    #[error("unknown format '{0}'; known are {known}", known = names().join(", "))]
    Unknown(String),
    /// A format that leaves nothing open was given more.
    #[error("format {0} takes nothing behind its name; write '{0}' alone")]
    NothingOpen(&'static str),
    /// The spec is longer than any that says something.
    #[error("the format is {0} bytes long; there may be {MOST_SPEC_BYTES}")]
    TooLong(usize),
    /// What stands behind the name is no definition.
    #[error("format {format}: {problem}")]
    Definition {
        /// The format's name.
        format: &'static str,
        /// What is wrong, where, and its mend.
        problem: String,
    },
}

/// The names of all formats.
pub fn names() -> Vec<&'static str> {
    FORMATS.iter().map(|kind| kind.name).collect()
}

/// For [`FormatKind::compile`] of formats that leave nothing open.
///
/// # Errors
/// [`FormatError::NothingOpen`] when something stands behind the name.
fn only(name: &'static str, definition: &str, format: impl Format + 'static) -> Result<SharedFormat, FormatError> {
    if definition.is_empty() { Ok(Arc::new(format)) } else { Err(FormatError::NothingOpen(name)) }
}

/// Whether a backslash that is none itself stands before a place of a text.
fn is_escaped(text: &[u8], at: usize) -> bool {
    text[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// The format of a spec. Those asked for lately are kept.
///
/// # Errors
/// [`FormatError`], with its mend.
pub fn resolve(spec: &str) -> Result<SharedFormat, FormatError> {
    static KEPT: LazyLock<Cache<String, SharedFormat>> = LazyLock::new(|| Cache::new(256));
    if spec.len() > MOST_SPEC_BYTES {
        return Err(FormatError::TooLong(spec.len()));
    }
    KEPT.get_or_insert_with(spec, || {
        let spec = spec.trim();
        let (name, definition) = spec.split_once(char::is_whitespace).unwrap_or((spec, ""));
        let kind = FORMATS.iter().find(|kind| kind.name == name);
        (kind.ok_or_else(|| FormatError::Unknown(name.to_owned()))?.compile)(definition.trim())
    })
}

/// How the format of a content is found.
#[derive(Clone, Debug)]
pub enum FormatChoice {
    /// By what most of its first lines are in.
    Auto,
    /// It was said.
    Given(SharedFormat),
}

impl PartialEq for FormatChoice {
    fn eq(&self, other: &FormatChoice) -> bool {
        match (self, other) {
            (FormatChoice::Auto, FormatChoice::Auto) => true,
            (FormatChoice::Given(one), FormatChoice::Given(other)) => one.spec() == other.spec(),
            _ => false,
        }
    }
}

impl FormatChoice {
    /// The word for [`FormatChoice::Auto`] in place of a spec.
    pub const AUTO: &str = "auto";

    /// Reads a spec, or `auto`.
    ///
    /// # Errors
    /// As [`resolve`].
    pub fn parse(text: &str) -> Result<FormatChoice, FormatError> {
        if text.trim() == Self::AUTO { Ok(FormatChoice::Auto) } else { resolve(text).map(FormatChoice::Given) }
    }
}

/// The line a row came from, as its view shows it: the line kept beside the row, else rendered by its format.
/// `None` when the row's format is not known to this build, or the view hides something of it.
pub fn render(view: &EventView) -> Option<String> {
    if !view.is_whole {
        return None;
    }
    if let Some(raw) = &view.raw {
        return Some(raw.clone());
    }
    let bytes = |text: &'_ Option<String>| -> Vec<u8> { text.as_deref().unwrap_or_default().as_bytes().to_vec() };
    let (c_ip, user, method) = (bytes(&view.client_ip), bytes(&view.user), bytes(&view.method));
    let (hierarchy, peer, mime) = (bytes(&view.hierarchy), bytes(&view.peer), bytes(&view.mime));
    let (agent, referer) = (bytes(&view.user_agent), bytes(&view.referer));
    let event = AccessEvent {
        time: view.time,
        time_taken_ms: view.time_taken_ms,
        c_ip: &c_ip,
        cs_username: &user,
        cs_method: &method,
        cs_uri: view.url.as_bytes(),
        sc_status: view.status_code,
        sc_bytes: view.bytes,
        cs_bytes: view.cs_bytes,
        result: view.result.as_bytes(),
        hierarchy: &hierarchy,
        peer: &peer,
        content_type: &mime,
        user_agent: &agent,
        referer: &referer,
        extra: view.extra.as_bytes(),
        canonical: true,
    };
    let mut line = Vec::new();
    resolve(&view.source.format).ok()?.render(&event, &mut line);
    Some(String::from_utf8_lossy(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_specs_are_found() {
        for kind in FORMATS {
            assert_eq!(FORMATS.iter().filter(|other| other.name == kind.name).count(), 1);
            assert!(!kind.name.contains(char::is_whitespace) && kind.name != FormatChoice::AUTO, "{}", kind.name);
            for spec in kind.detected_as {
                assert_eq!(resolve(spec).unwrap().spec(), *spec);
            }
        }
        assert_eq!(resolve(" squid ").unwrap().spec(), "squid");
        assert_eq!(resolve("squid x").unwrap_err(), FormatError::NothingOpen("squid"));
        assert_eq!(resolve(&format!("logformat {}", "%ts ".repeat(9000))).unwrap_err(), FormatError::TooLong(36_010));
        assert!(matches!(resolve("no such format"), Err(FormatError::Unknown(name)) if name == "no"));
    }
}
