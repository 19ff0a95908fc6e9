//! JSON, an object a line, with a map that says where in it the facts of a request stand ([`map`]).
//!
//! The spec is `json NAME` for a ready map ([`READY`], data in `maps/`), or `json {…}` with a map of one's own. What a line
//! holds beyond the map is kept with the line itself, which stays beside the row: JSON has too many ways to write the same.

mod map;
mod number;
mod scan;
#[cfg(test)]
mod tests;

use super::target::{Parts, host_and_port, whole};
use super::{Format, FormatError, FormatKind, SharedFormat};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason, Timestamp};
use bumpalo::Bump;
use map::{Fact, Map};
use scan::Node;
use std::sync::Arc;

pub(super) static KIND: FormatKind = FormatKind {
    name: NAME,
    help: "JSON lines by a map: 'json ecs', envoy, mitmproxy, caddy, zscaler, or 'json {\"time\": \"KEY\", \"cs_uri\": \"KEY\", …}'",
    compile: |definition| Json::compile(definition).map(|format| Arc::new(format) as SharedFormat),
    detected_as: &["json caddy", "json envoy", "json mitmproxy", "json zscaler", "json ecs"],
};

const NAME: &str = "json";

/// The ready maps.
const READY: [(&str, &str); 5] = [
    ("caddy", include_str!("maps/caddy.json")),
    ("ecs", include_str!("maps/ecs.json")),
    ("envoy", include_str!("maps/envoy.json")),
    ("mitmproxy", include_str!("maps/mitmproxy.json")),
    ("zscaler", include_str!("maps/zscaler.json")),
];

/// JSON lines with a map.
#[derive(Debug)]
struct Json {
    spec: String,
    map: Map,
}

impl Json {
    fn compile(definition: &str) -> Result<Json, FormatError> {
        let problem = |problem: String| FormatError::Definition { format: NAME, problem };
        let ready = READY.iter().find(|(name, _)| *name == definition).map(|(_, map)| *map);
        if ready.is_none() && !definition.starts_with('{') {
            let names: Vec<&str> = READY.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            return Err(problem(format!(
                "'{definition}' is no ready map; known are {names}; or write a map, json {{…}}"
            )));
        }
        let map = Map::of(ready.unwrap_or(definition)).map_err(problem)?;
        Ok(Json { spec: format!("{NAME} {definition}"), map })
    }

    /// Writes the object at `node`; nothing where it would be empty.
    fn write(&self, node: &Node, event: &Told<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        for (part, child) in node.children() {
            let before = out.len();
            out.push(if before == start { b'{' } else { b',' });
            push_text(part.as_bytes(), out);
            out.push(b':');
            let value = out.len();
            match child.slot() {
                Some(slot) => event.write(slot, out),
                None => self.write(child, event, out),
            }
            if out.len() == value {
                out.truncate(before);
            }
        }
        if out.len() > start {
            out.push(b'}');
        }
    }
}

impl Format for Json {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        let values = arena.alloc_slice_fill_copy(self.map.slots.len(), &b""[..]);
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        scan::read(line, &self.map.wanted, values, arena).map_err(|_| RejectReason::BadSyntax)?;
        Said { map: &self.map, values, arena }.event()
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let parts = Parts::of(event.cs_method, event.cs_uri);
        let start = out.len();
        self.write(&self.map.wanted, &Told { map: &self.map, event, parts }, out);
        if out.len() == start {
            out.extend_from_slice(b"{}");
        }
    }

    fn fields(&self) -> FieldSet {
        let carries = [
            (Field::Time, &[Fact::Time, Fact::Started][..]),
            (Field::TimeTaken, &[Fact::TimeTaken]),
            (Field::Client, &[Fact::Client]),
            (Field::User, &[Fact::User]),
            (Field::Method, &[Fact::Method]),
            (Field::Url, &[Fact::Uri, Fact::Host, Fact::Path]),
            (Field::Query, &[Fact::Uri, Fact::Path, Fact::Query]),
            (Field::Status, &[Fact::Status]),
            (Field::Bytes, &[Fact::Bytes]),
            (Field::Result, &[Fact::Result]),
            (Field::Peer, &[Fact::Peer]),
            (Field::ContentType, &[Fact::ContentType]),
            (Field::UserAgent, &[Fact::UserAgent]),
            (Field::Referer, &[Fact::Referer]),
            (Field::ClientBytes, &[Fact::ClientBytes]),
        ];
        let carried = carries.iter().filter(|(_, facts)| facts.iter().any(|fact| self.map.has(*fact)));
        let set = carried.fold(FieldSet::default(), |set, (field, _)| set.with(*field));
        let is_timed = self.map.has(Fact::Time) && self.map.has(Fact::Started);
        if is_timed { set.with(Field::TimeTaken) } else { set }
    }
}

/// What a line says at the places of a map.
struct Said<'s, 'l> {
    map: &'s Map,
    values: &'s [&'l [u8]],
    arena: &'l Bump,
}

impl<'l> Said<'_, 'l> {
    fn value(&self, wanted: Fact) -> &'l [u8] {
        let mut said = self.map.slots.iter().zip(self.values).filter(|(fact, _)| **fact == wanted);
        let value = said.find(|(_, value)| !value.is_empty()).map_or(&b""[..], |(_, value)| value);
        match self.map.word(wanted, value) {
            Some(word) if !value.is_empty() => self.arena.alloc_slice_copy(word.as_bytes()),
            _ => value,
        }
    }

    fn time(&self, fact: Fact) -> Result<Option<Timestamp>, RejectReason> {
        match self.value(fact) {
            b"" => Ok(None),
            text => {
                let read = self.map.time_formats.iter().find_map(|format| format.read(text));
                read.map(Some).ok_or(RejectReason::BadTime)
            }
        }
    }

    fn event(&self) -> Result<AccessEvent<'l>, RejectReason> {
        let (ended, started) = (self.time(Fact::Time)?, self.time(Fact::Started)?);
        let taken = match self.value(Fact::TimeTaken) {
            b"" => None,
            text => Some(number::millis(text, self.map.time_taken_unit).ok_or(RejectReason::BadDuration)?),
        };
        let time_taken_ms = taken.or_else(|| Some(ended?.0 - started?.0)).unwrap_or(0);
        let from_start = started.map(|started| Timestamp(started.0.saturating_add(time_taken_ms)));
        let cs_method = self.value(Fact::Method);
        let parts = Parts {
            scheme: self.value(Fact::Scheme),
            host: self.value(Fact::Host),
            port: self.value(Fact::Port),
            path: self.value(Fact::Path),
            query: self.value(Fact::Query),
        };
        let cs_uri = whole(cs_method, self.value(Fact::Uri), parts, self.arena);
        let time = ended.or(from_start).ok_or(RejectReason::BadTime)?;
        if cs_uri.is_empty() {
            return Err(RejectReason::TooFewFields);
        }
        let number = |fact, reason| match self.value(fact) {
            b"" => Ok(0),
            text => number::count(text).ok_or(reason),
        };
        let sc_status = number(Fact::Status, RejectReason::BadStatus)?;
        Ok(AccessEvent {
            time,
            time_taken_ms,
            c_ip: address(self.value(Fact::Client)),
            cs_username: self.value(Fact::User),
            cs_method,
            cs_uri,
            sc_status: u16::try_from(sc_status).ok().filter(|status| *status < 1000).ok_or(RejectReason::BadStatus)?,
            sc_bytes: number(Fact::Bytes, RejectReason::BadSize)?,
            cs_bytes: number::count(self.value(Fact::ClientBytes)),
            result: self.value(Fact::Result),
            hierarchy: self.value(Fact::Hierarchy),
            peer: address(self.value(Fact::Peer)),
            content_type: self.value(Fact::ContentType),
            user_agent: self.value(Fact::UserAgent),
            referer: self.value(Fact::Referer),
            extra: b"",
            canonical: false,
        })
    }
}

/// An address without the port that some logs write behind it.
fn address(text: &[u8]) -> &[u8] {
    let (host, port) = host_and_port(text);
    match host {
        [b'[', inside @ .., b']'] if !port.is_empty() => inside,
        _ => host,
    }
}

/// An event on its way into a line.
struct Told<'t> {
    map: &'t Map,
    event: &'t AccessEvent<'t>,
    parts: Parts<'t>,
}

impl Told<'_> {
    /// Writes what stands at a slot: nothing where there is nothing, or a better place has it.
    fn write(&self, slot: usize, out: &mut Vec<u8>) {
        let (fact, event) = (self.map.slots[slot], self.event);
        if self.map.slots[..slot].contains(&fact) {
            return;
        }
        let number = |number: String, out: &mut Vec<u8>| out.extend_from_slice(number.as_bytes());
        let in_parts = !self.map.has(Fact::Uri);
        match fact {
            Fact::Time => self.write_time(event.time, out),
            Fact::Started => self.write_time(Timestamp(event.time.0.saturating_sub(event.time_taken_ms)), out),
            Fact::TimeTaken => number::write_millis(event.time_taken_ms, self.map.time_taken_unit, out),
            Fact::Status => number(event.sc_status.to_string(), out),
            Fact::Bytes => number(event.sc_bytes.to_string(), out),
            Fact::ClientBytes => number(event.cs_bytes.map(|bytes| bytes.to_string()).unwrap_or_default(), out),
            Fact::Client => self.push(fact, event.c_ip, out),
            Fact::User => self.push(fact, event.cs_username, out),
            Fact::Method => self.push(fact, event.cs_method, out),
            Fact::Uri => self.push(fact, event.cs_uri, out),
            Fact::Path if in_parts && !self.map.has(Fact::Query) => {
                self.push(fact, &[self.parts.path, self.parts.query].concat(), out);
            }
            Fact::Scheme if in_parts => self.push(fact, self.parts.scheme, out),
            Fact::Host if in_parts => self.push(fact, self.parts.host, out),
            Fact::Port if in_parts => self.push(fact, self.parts.port, out),
            Fact::Path if in_parts => self.push(fact, self.parts.path, out),
            Fact::Query if in_parts => self.push(fact, self.parts.query, out),
            Fact::Scheme | Fact::Host | Fact::Port | Fact::Path | Fact::Query => {}
            Fact::Result => self.push(fact, event.result, out),
            Fact::Hierarchy => self.push(fact, event.hierarchy, out),
            Fact::Peer => self.push(fact, event.peer, out),
            Fact::ContentType => self.push(fact, event.content_type, out),
            Fact::UserAgent => self.push(fact, event.user_agent, out),
            Fact::Referer => self.push(fact, event.referer, out),
        }
    }

    /// Writes a text, unless there is none or it would be read as another word.
    fn push(&self, fact: Fact, text: &[u8], out: &mut Vec<u8>) {
        let is_itself = self.map.word(fact, text).is_none_or(|word| word.as_bytes() == text);
        if !text.is_empty() && is_itself {
            push_text(text, out);
        }
    }

    fn write_time(&self, at: Timestamp, out: &mut Vec<u8>) {
        let Some(format) = self.map.time_formats.first() else { return };
        if format.is_number() {
            return format.write(at, out);
        }
        out.push(b'"');
        format.write(at, out);
        out.push(b'"');
    }
}

/// Writes a string; bytes that are not UTF-8 stay as they are, as some proxies leave them.
fn push_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}
