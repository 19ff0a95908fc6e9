//! Apache Traffic Server's text logs: any `format` of its `logging.yaml`, compiled. Facts: its manual, "Log Formats" and
//! "Log Fields", and what 9.2 writes. Its binary logs are read by `traffic_logcat`, which prints them as these.
//!
//! The name alone means the stock format `squid`; `common`, `extended` and `extended2` are the other stock ones;
//! `trafficserver %<cqtq> %<chi> …` is one's own. A row's time is what the line says: when the request began. Of several
//! codes that say the same the first is read, the others are kept.

mod definition;
mod event;
#[cfg(test)]
mod tests;

use super::local::Local;
use super::{Format, FormatError, FormatKind, LocalTime, SharedFormat};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason};
use bumpalo::Bump;
use definition::{Definition, Meaning};
use std::sync::Arc;

const NAME: &str = "trafficserver";

pub(super) static KIND: FormatKind = FormatKind {
    name: NAME,
    help: "Apache Traffic Server's log; common, extended, extended2 or a format with %<…> behind the name for others",
    compile,
    // `common` is the format of that name.
    detected_as: &["trafficserver extended2", "trafficserver extended", "trafficserver"],
};

/// The stock formats that `logging.yaml` comes with.
const STOCK: [(&str, &str); 4] = [
    ("", "%<cqtq> %<ttms> %<chi> %<crc>/%<pssc> %<psql> %<cqhm> %<cquc> %<caun> %<phr>/%<shn> %<psct>"),
    ("common", "%<chi> - %<caun> [%<cqtn>] \"%<cqtx>\" %<pssc> %<pscl>"),
    (
        "extended",
        "%<chi> - %<caun> [%<cqtn>] \"%<cqtx>\" %<pssc> %<pscl> %<sssc> %<sscl> %<cqcl> %<pqcl> %<cqhl> %<pshl> \
         %<pqhl> %<sshl> %<tts>",
    ),
    (
        "extended2",
        "%<chi> - %<caun> [%<cqtn>] \"%<cqtx>\" %<pssc> %<pscl> %<sssc> %<sscl> %<cqcl> %<pqcl> %<cqhl> %<pshl> \
         %<pqhl> %<sshl> %<tts> %<phr> %<cfsc> %<pfsc> %<crc>",
    ),
];

fn compile(words: &str) -> Result<SharedFormat, FormatError> {
    let (local, text) = Local::of(NAME, words)?;
    // A stock format, by its name or written out, is called by its name.
    let stock = STOCK.iter().find(|(name, definition)| text == *name || text == *definition);
    let (name, text) = stock.map_or((text, text), |(name, definition)| (*name, *definition));
    let definition = Definition::of(text).map_err(|problem| FormatError::Definition { format: NAME, problem })?;
    Ok(Arc::new(TrafficServer::new(name, Arc::new(definition), local)))
}

/// A format of Traffic Server's.
#[derive(Clone, Debug)]
struct TrafficServer {
    /// What stands behind the name in the spec, but for the words of [`Local`].
    name: String,
    definition: Arc<Definition>,
    local: Local,
    spec: String,
}

impl TrafficServer {
    fn new(name: &str, definition: Arc<Definition>, local: Local) -> TrafficServer {
        let spec = local.spec(NAME, name);
        TrafficServer { name: name.to_owned(), definition, local, spec }
    }
}

/// Hierarchy codes that Squid has and Traffic Server has not, beside those that begin with `HIER_`.
const OF_SQUID: [&[u8]; 14] = [
    b"FIRSTUP_PARENT",
    b"ROUNDROBIN_PARENT",
    b"CLOSEST_PARENT_MISS",
    b"CLOSEST_PARENT",
    b"CLOSEST_DIRECT",
    b"CD_SIBLING_HIT",
    b"CD_PARENT_HIT",
    b"CARP",
    b"ANY_OLD_PARENT",
    b"USERHASH_PARENT",
    b"SOURCEHASH_PARENT",
    b"PINNED",
    b"ORIGINAL_DST",
    b"STANDBY_POOL",
];

/// Whether a line is one of Squid's, whose native format looks alike: its words are, or what would be words holds a
/// blank, as only Squid's names of users do.
fn is_of_squid(event: &AccessEvent<'_>) -> bool {
    memchr::memchr(b' ', event.hierarchy).is_some()
        || event.hierarchy.starts_with(b"HIER_")
        || event.result.starts_with(b"TCP_TUNNEL")
        || OF_SQUID.contains(&event.hierarchy)
}

impl Format for TrafficServer {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        let whole = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let read = |is_type_wide| {
            let values = self.definition.split(whole, is_type_wide, arena)?;
            event::read(&self.definition, &values, &self.local, arena)
        };
        // A type may hold blanks; where the line then makes no sense, something before it holds what ends a value.
        let mut event = read(true).or_else(|_| read(false))?;
        if is_of_squid(&event) {
            return Err(RejectReason::BadHierarchy);
        }
        let mut again = Vec::with_capacity(line.len());
        self.render(&event, &mut again);
        event.canonical = again == line && self.local.is_said();
        if !event.canonical {
            event.extra = b"";
        }
        Ok(event)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        event::write(&self.definition, event, &self.local, out);
    }

    fn fields(&self) -> FieldSet {
        self.definition.codes.iter().fold(FieldSet::default(), |fields, code| match code.meaning {
            Meaning::UnixMillis | Meaning::UnixSeconds | Meaning::Netscape | Meaning::Date => fields.with(Field::Time),
            Meaning::Millis | Meaning::Seconds | Meaning::SecondsMillis => fields.with(Field::TimeTaken),
            Meaning::Client => fields.with(Field::Client),
            Meaning::User => fields.with(Field::User),
            Meaning::Method => fields.with(Field::Method),
            Meaning::Url => fields.with(Field::Url).with(Field::Query),
            Meaning::Request => fields.with(Field::Method).with(Field::Url).with(Field::Query),
            Meaning::Status => fields.with(Field::Status),
            Meaning::Bytes => fields.with(Field::Bytes),
            Meaning::Result => fields.with(Field::Result),
            Meaning::Hierarchy | Meaning::Clock | Meaning::Other => fields,
            Meaning::Peer => fields.with(Field::Peer),
            Meaning::Type => fields.with(Field::ContentType),
            Meaning::Agent => fields.with(Field::UserAgent),
            Meaning::Referer => fields.with(Field::Referer),
            Meaning::ClientHead | Meaning::ClientBody => fields.with(Field::ClientBytes),
        })
    }

    fn with_local_time(&self, local: &LocalTime) -> Option<SharedFormat> {
        let is_local = self.definition.codes.iter().any(|code| code.meaning == Meaning::Clock);
        let local = is_local.then(|| self.local.with(local))??;
        Some(Arc::new(TrafficServer::new(&self.name, Arc::clone(&self.definition), local)))
    }
}
