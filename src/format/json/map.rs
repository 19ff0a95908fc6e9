//! Where in a line's JSON the facts of an event stand: a map, as people write it.
//!
//! A map is a JSON object. Its keys are the facts ([`FACTS`]); each has the key its value has in the log, `request.uri`,
//! or a list of keys of which the first that a line fills is it. `time` is the end of the request, `started` its
//! beginning: one is enough where `time_taken` says the rest. Beside them:
//!
//! - `time_format`: `rfc3339` (unless given), `unix`, `unix_ms`, `unix_us`, `unix_ns`, or a pattern as strptime has them
//!   (`%d/%b/%Y:%H:%M:%S %z`); or a list of which the first that reads a time is it
//! - `time_taken_unit`: `s`, `ms` (unless given), `us`, `ns`
//! - `words`: per fact, what stands for a value: `{"result": {"Blocked": "BLOCKED"}}`. A `*` at the end stands for any
//!   ending. A result with `DENIED` or `BLOCKED` in it counts as denied, one with `ABORTED` as aborted.
//! - names that begin with `_` are remarks

use super::number::{TimeFormat, unit};
use super::scan::Node;
use serde_json::Value;

/// What a map may say the place of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Fact {
    Time,
    Started,
    TimeTaken,
    Client,
    User,
    Method,
    Uri,
    Scheme,
    Host,
    Port,
    Path,
    Query,
    Status,
    Bytes,
    ClientBytes,
    Result,
    Hierarchy,
    Peer,
    ContentType,
    UserAgent,
    Referer,
}

/// The facts by the names they have in a map.
pub(super) const FACTS: [(&str, Fact); 21] = [
    ("time", Fact::Time),
    ("started", Fact::Started),
    ("time_taken", Fact::TimeTaken),
    ("c_ip", Fact::Client),
    ("cs_username", Fact::User),
    ("cs_method", Fact::Method),
    ("cs_uri", Fact::Uri),
    ("cs_scheme", Fact::Scheme),
    ("cs_host", Fact::Host),
    ("cs_port", Fact::Port),
    ("cs_path", Fact::Path),
    ("cs_query", Fact::Query),
    ("sc_status", Fact::Status),
    ("sc_bytes", Fact::Bytes),
    ("cs_bytes", Fact::ClientBytes),
    ("result", Fact::Result),
    ("hierarchy", Fact::Hierarchy),
    ("peer", Fact::Peer),
    ("content_type", Fact::ContentType),
    ("user_agent", Fact::UserAgent),
    ("referer", Fact::Referer),
];

/// Parts that a key may have, points between them: how deep is gone into objects.
const MOST_PARTS: usize = 32;

/// A map, read.
#[derive(Debug)]
pub(super) struct Map {
    /// The keys looked for.
    pub wanted: Node,
    /// Per slot, the fact whose value goes there; slots of a fact in order of preference.
    pub slots: Vec<Fact>,
    /// How times are written; at least one.
    pub time_formats: Vec<TimeFormat>,
    /// The unit of `time_taken`, as a power of ten in a second.
    pub time_taken_unit: u32,
    /// What stands for which value of which fact.
    words: Vec<(Fact, String, String)>,
}

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// What is wrong, and its mend.
    pub fn of(definition: &str) -> Result<Map, String> {
        let object: Value = serde_json::from_str(definition).map_err(|error| {
            format!("the map is no JSON: {error}; write json {{\"time\": \"…\", \"cs_uri\": \"…\"}}")
        })?;
        let object = object.as_object().ok_or("the map is no JSON object")?;
        let mut map = Map {
            wanted: Node::default(),
            slots: Vec::new(),
            time_formats: vec![TimeFormat::Rfc3339],
            time_taken_unit: 3,
            words: Vec::new(),
        };
        for (name, value) in object.iter().filter(|(name, _)| !name.starts_with('_')) {
            match name.as_str() {
                "time_format" => {
                    let read = |name: &str| {
                        let mend =
                            "write rfc3339, unix, unix_ms, unix_us, unix_ns or a pattern such as %Y-%m-%d %H:%M:%S";
                        TimeFormat::of(name).ok_or_else(|| format!("time_format '{name}' is none; {mend}"))
                    };
                    map.time_formats = texts(name, value)?.into_iter().map(read).collect::<Result<_, _>>()?;
                }
                "time_taken_unit" => {
                    let read = value.as_str().and_then(unit);
                    map.time_taken_unit = read.ok_or("time_taken_unit is none of s, ms, us, ns")?;
                }
                "words" => map.words = words(value)?,
                _ => {
                    for key in texts(name, value)? {
                        if key.split('.').count() > MOST_PARTS {
                            return Err(format!(
                                "a key of {name} goes deeper into objects than it may; it may be {MOST_PARTS} deep"
                            ));
                        }
                        if !map.wanted.insert(key, map.slots.len()) {
                            return Err(format!(
                                "'{key}' of {name} is given twice, or is the beginning of another key"
                            ));
                        }
                        map.slots.push(fact(name)?);
                    }
                }
            }
        }
        if !map.has(Fact::Time) && !map.has(Fact::Started) {
            return Err("nothing gives the time; add \"time\": the key it has in the log".to_owned());
        }
        if ![Fact::Uri, Fact::Host, Fact::Path].iter().any(|fact| map.has(*fact)) {
            return Err("nothing gives the target; add \"cs_uri\": the key it has in the log".to_owned());
        }
        Ok(map)
    }

    /// Whether it says where the fact stands.
    pub fn has(&self, fact: Fact) -> bool {
        self.slots.contains(&fact)
    }

    /// The word that stands for a value of a fact; `None` where it stands for itself.
    pub fn word(&self, fact: Fact, value: &[u8]) -> Option<&str> {
        let is = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())),
            None => value.eq_ignore_ascii_case(pattern.as_bytes()),
        };
        let mut words = self.words.iter().filter(|(of, _, _)| *of == fact);
        words.find(|(_, pattern, _)| is(pattern)).map(|(_, _, word)| word.as_str())
    }
}

fn fact(name: &str) -> Result<Fact, String> {
    let found = FACTS.iter().find(|(known, _)| *known == name).map(|(_, fact)| *fact);
    found.ok_or_else(|| {
        let names: Vec<&str> = FACTS.iter().map(|(name, _)| *name).collect();
        format!("'{name}' is nothing a map says; known are {}, time_format, time_taken_unit, words", names.join(", "))
    })
}

/// A text or a list of texts, none empty.
fn texts<'v>(name: &str, value: &'v Value) -> Result<Vec<&'v str>, String> {
    let list = match value {
        Value::Array(list) => list.iter().map(Value::as_str).collect(),
        value => value.as_str().map(|text| vec![text]),
    };
    let are_some = |list: &Vec<&str>| !list.is_empty() && list.iter().all(|text| !text.is_empty());
    list.filter(are_some).ok_or_else(|| format!("{name} is neither a text nor a list of texts"))
}

fn words(value: &Value) -> Result<Vec<(Fact, String, String)>, String> {
    let mut words = Vec::new();
    let mend = "words is no object of objects; write {\"result\": {\"Blocked\": \"BLOCKED\"}}";
    for (name, table) in value.as_object().ok_or(mend)? {
        for (pattern, word) in table.as_object().ok_or(mend)? {
            words.push((fact(name)?, pattern.clone(), word.as_str().ok_or(mend)?.to_owned()));
        }
    }
    Ok(words)
}
