//! Squid's directive `logformat`, compiled: a definition is read into items, a line is split along them, its values feed
//! an event, and what the event does not say is kept beside it.
//!
//! The formats built into Squid are names of their own; a definition that is one of theirs is that format. Two of them,
//! `referrer` and `useragent`, are definitions here as well.
//!
//! Source: Squid's `src/format/` and the directive `logformat` of squid.conf.

mod codes;
mod definition;
mod quoting;
mod read;
mod readings;
mod render;
mod split;
#[cfg(test)]
mod tests;
mod url;

use super::clf::Clf;
use super::{Format, FormatError, FormatKind, LocalTime, SharedFormat, Squid, only};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason};
use bumpalo::Bump;
use codes::Feeds;
use definition::{Item, Value};
use std::sync::Arc;

pub(super) static KIND: FormatKind = FormatKind {
    name: NAME,
    help: "Squid's directive of that name: logformat [NAME] %ts.%03tu %>a ...",
    compile,
    detected_as: &[],
};

pub(super) static REFERRER: FormatKind = FormatKind {
    name: "referrer",
    help: "Squid's built-in format of that name: time, client, Referer, URL",
    compile: |definition| only("referrer", definition, built_in("referrer", "%9ts.%03tu %>a %'{Referer}>h %ru")?),
    detected_as: &["referrer"],
};

pub(super) static USERAGENT: FormatKind = FormatKind {
    name: "useragent",
    help: "Squid's built-in format of that name: client, time, User-Agent",
    compile: |definition| only("useragent", definition, built_in("useragent", "%>a [%'tl] \"%'{User-Agent}>h\"")?),
    detected_as: &["useragent"],
};

const NAME: &str = "logformat";

/// What squid.conf.documented gives as the definitions of the built-in formats.
const BUILT_IN: [(&str, &str); 5] = [
    ("squid", "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt"),
    ("common", "%>a %[ui %[un [%tl] \"%rm %ru HTTP/%rv\" %>Hs %<st %Ss:%Sh"),
    ("combined", "%>a %[ui %[un [%tl] \"%rm %ru HTTP/%rv\" %>Hs %<st \"%{Referer}>h\" \"%{User-Agent}>h\" %Ss:%Sh"),
    ("referrer", "%ts.%03tu %>a %{Referer}>h %ru"),
    ("useragent", "%>a [%tl] \"%{User-Agent}>h\""),
];

/// A compiled definition.
#[derive(Clone, Debug)]
pub struct LogFormat {
    spec: Box<str>,
    items: Arc<[Item]>,
    local: Option<LocalTime>,
}

/// What the built-in formats write is not encoded, whatever their definitions say.
fn built_in(name: &'static str, definition: &str) -> Result<LogFormat, FormatError> {
    Ok(LogFormat { spec: name.into(), ..LogFormat::compile(definition)? })
}

fn compile(definition: &str) -> Result<SharedFormat, FormatError> {
    let definition = without_name(definition);
    let same = |text: &str| text.split_whitespace().eq(definition.split_whitespace());
    match BUILT_IN.into_iter().find(|(_, text)| same(text)) {
        Some(("squid", _)) => Ok(Arc::new(Squid)),
        Some(("common", _)) => Ok(Arc::new(Clf::COMMON)),
        Some(("combined", _)) => Ok(Arc::new(Clf::COMBINED)),
        Some(("referrer", _)) => (REFERRER.compile)(""),
        Some(_) => (USERAGENT.compile)(""),
        None => Ok(Arc::new(LogFormat::compile(definition)?)),
    }
}

/// A definition without the name that the directive gives it: a first word without a percent sign that more follows.
fn without_name(definition: &str) -> &str {
    match definition.split_once(char::is_whitespace) {
        Some((name, rest)) if !name.contains('%') && !rest.trim().is_empty() => rest.trim(),
        _ => definition,
    }
}

impl LogFormat {
    /// Compiles a definition, without the directive's name and the format's.
    ///
    /// # Errors
    /// [`FormatError::Definition`] says what is wrong with it, where, and the mend.
    pub fn compile(definition: &str) -> Result<LogFormat, FormatError> {
        let problem = |problem| FormatError::Definition { format: NAME, problem };
        let items = definition::items(definition).map_err(problem)?;
        // A definition that begins with a word of its own keeps a name before it, so that the word is none.
        let name = if without_name(definition) == definition { "" } else { "x " };
        Ok(LogFormat { spec: format!("{NAME} {name}{definition}").into(), items: items.into(), local: None })
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.items.iter().filter_map(|item| match item {
            Item::Value(value) => Some(&**value),
            Item::Literal(_) => None,
        })
    }
}

impl Format for LogFormat {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        let local = self.local.as_ref();
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let raws = split::split(&self.items, text, local, arena)?;
        let event = read::read(&self.items, raws, local, arena)?;
        Ok(AccessEvent { canonical: event.canonical && text.len() == line.len(), ..event })
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        render::render(&self.items, event, out);
    }

    fn fields(&self) -> FieldSet {
        self.values().filter_map(|value| value.feeds).fold(FieldSet::default(), |set, feeds| match feeds {
            Feeds::Seconds | Feeds::Subsecond | Feeds::Clock(_) | Feeds::Started => set.with(Field::Time),
            Feeds::TimeTaken => set.with(Field::TimeTaken),
            Feeds::Client => set.with(Field::Client),
            Feeds::User => set.with(Field::User),
            Feeds::Method => set.with(Field::Method),
            Feeds::Url | Feeds::UrlPath => set.with(Field::Url).with(Field::Query),
            Feeds::UrlHost => set.with(Field::Url),
            Feeds::UrlScheme | Feeds::UrlPort => set,
            Feeds::Status => set.with(Field::Status),
            Feeds::Bytes => set.with(Field::Bytes),
            Feeds::ClientBytes => set.with(Field::ClientBytes),
            Feeds::Result => set.with(Field::Result),
            Feeds::Hierarchy => set,
            Feeds::Peer => set.with(Field::Peer),
            Feeds::ContentType => set.with(Field::ContentType),
            Feeds::UserAgent => set.with(Field::UserAgent),
            Feeds::Referer => set.with(Field::Referer),
        })
    }

    fn with_local_time(&self, local: &LocalTime) -> Option<SharedFormat> {
        let open = |value: &Value| {
            let clock = value.clock.as_ref().filter(|_| value.is_first);
            clock.is_some_and(|clock| {
                clock.lacks_year() || clock.lacks_zone() && value.feeds == Some(Feeds::Clock(false))
            })
        };
        let said = self.values().any(|value| value.feeds == Some(Feeds::Seconds));
        (!said && self.values().any(open)).then(|| {
            let format: SharedFormat = Arc::new(LogFormat { local: Some(local.clone()), ..self.clone() });
            format
        })
    }
}
