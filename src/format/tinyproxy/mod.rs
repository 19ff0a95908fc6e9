//! tinyproxy's log file: `CONNECT   Jul 21 08:23:51.123 [812]: Request (file descriptor 6): GET http://a.example/ HTTP/1.1`.
//! Facts: tinyproxy's `log.c` and `reqs.c`, and what 1.11 writes at its log levels `Info` and `Connect`.
//!
//! A line is a message about a connection. Those that ask and those that refuse are requests; a refused one is logged
//! twice, when it is asked and when it is refused, and so are its rows. All others speak of a request elsewhere on the
//! log or of the proxy itself and become no rows. Which client asked only the message `Connect` says, before: the format
//! of the lines behind it knows.
//!
//! No message tells a status or a size. A request has the result `REQUEST` and the status 200, which stands for nothing
//! but that it was not refused there; one that tinyproxy can't read 400; a refused one `DENIED` and 403, as the client
//! gets it. Times are local and have no year.

mod connections;
mod message;
#[cfg(test)]
mod tests;

use super::extra::{ExtraReader, ExtraWriter};
use super::local::Local;
use super::{Format, FormatError, FormatKind, LocalTime, SharedFormat};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason};
use bumpalo::Bump;
use connections::{Connections, Wanted};
use message::{Head, Message};
use parking_lot::Mutex;
use std::sync::Arc;

const NAME: &str = "tinyproxy";

pub(super) static KIND: FormatKind =
    FormatKind { name: NAME, help: "tinyproxy's log file", compile, detected_as: &[NAME] };

fn compile(definition: &str) -> Result<SharedFormat, FormatError> {
    let (local, rest) = Local::of(NAME, definition)?;
    if rest.is_empty() { Ok(Arc::new(Tinyproxy::new(local))) } else { Err(FormatError::NothingOpen(NAME)) }
}

/// tinyproxy's format, with what the lines before said of clients.
#[derive(Clone, Debug)]
struct Tinyproxy {
    local: Local,
    spec: Arc<str>,
    /// `None` before the first line that says something: a format that was resolved is many sources' format.
    known: Option<Arc<Mutex<Connections>>>,
}

impl Tinyproxy {
    fn new(local: Local) -> Tinyproxy {
        let spec = local.spec(NAME, "").into();
        Tinyproxy { local, spec, known: None }
    }
}

/// Kinds of rows, as they begin a row's extra.
const REQUEST: &[u8] = b"";
const FILTERED: &[u8] = b"filtered";
const PORT: &[u8] = b"port";
const STRANGER: &[u8] = b"stranger";

/// The protocol of most requests.
const PROTOCOL: &[u8] = b"HTTP/1.1";

impl Format for Tinyproxy {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        let whole = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let head = Head::read(whole)?;
        let mut event = AccessEvent { time: head.instant(&self.local)?, ..AccessEvent::default() };
        let mut extra = ExtraWriter::new(arena);
        let mut known = self.known.as_ref().map(|known| known.lock());
        match Message::of(head.message).ok_or(RejectReason::BadSyntax)? {
            Message::Request { descriptor, line } => {
                let client = known.as_ref().and_then(|known| known.client(head.pid, descriptor));
                event.c_ip = client.map_or(&b""[..], |client| arena.alloc_slice_copy(client));
                (event.result, event.sc_status) = (b"REQUEST", 400);
                for part in [REQUEST, head.pid, descriptor] {
                    extra.add(part, b"");
                }
                if let Some((method, url, protocol)) = message::request(line) {
                    (event.cs_method, event.cs_uri, event.sc_status) = (method, url, 200);
                    extra.add(protocol, PROTOCOL);
                    if let Some(known) = &mut known {
                        known.asked(event.c_ip, method, url);
                    }
                }
            }
            Message::Filtered { sort, what } => {
                let wanted = if sort == b"url" { Wanted::Url(what) } else { Wanted::Host(what) };
                refuse(&mut event, known.as_deref(), wanted, arena);
                [FILTERED, head.pid, sort, what].iter().for_each(|part| extra.add(part, b""));
            }
            Message::Port { port } => {
                refuse(&mut event, known.as_deref(), Wanted::Port(port), arena);
                [PORT, head.pid, port].iter().for_each(|part| extra.add(part, b""));
            }
            Message::Stranger { client } => {
                (event.c_ip, event.result, event.sc_status) = (client, b"DENIED", 403);
                [STRANGER, head.pid].iter().for_each(|part| extra.add(part, b""));
            }
            Message::Connect { .. } | Message::Other => return Err(RejectReason::BadSyntax),
        }
        event.extra = extra.finish();
        let mut again = Vec::with_capacity(line.len());
        self.render(&event, &mut again);
        event.canonical = again == line && self.local.is_said();
        if !event.canonical {
            event.extra = b"";
        }
        Ok(event)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let mut extra = ExtraReader::new(event.extra);
        let (kind, pid) = (extra.next(REQUEST), extra.next(b""));
        let level = match kind {
            PORT => "INFO",
            FILTERED | STRANGER => "NOTICE",
            _ => "CONNECT",
        };
        message::write_head(level, event.time, &self.local, pid, out);
        let mut say = |parts: &[&[u8]]| parts.iter().for_each(|part| out.extend_from_slice(part));
        match kind {
            FILTERED => {
                let (sort, what) = (extra.next(b""), extra.next(b""));
                say(&[b"Proxying refused on filtered ", sort, b" \"", what, b"\""]);
            }
            PORT => say(&[b"Refused CONNECT method on port ", extra.next(b"")]),
            STRANGER => say(&[b"Unauthorized connection from \"", event.c_ip, b"\"."]),
            _ => {
                let (descriptor, protocol) = (extra.next(b""), extra.next(PROTOCOL));
                say(&[b"Request (file descriptor ", descriptor, b"): "]);
                say(&[event.cs_method, b" ", event.cs_uri, b" ", protocol]);
            }
        }
    }

    fn fields(&self) -> FieldSet {
        FieldSet::of(&[Field::Time, Field::Client, Field::Method, Field::Url, Field::Query, Field::Result])
    }

    fn has_directives(&self) -> bool {
        true
    }

    fn directive(&self, line: &[u8]) -> Option<SharedFormat> {
        let head = Head::read(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)).ok()?;
        let mut next = self.clone();
        match Message::of(head.message)? {
            Message::Connect { descriptor, client } => {
                let known = next.known.get_or_insert_default();
                known.lock().connected(head.pid, descriptor, client);
            }
            Message::Other => {}
            _ => return None,
        }
        Some(Arc::new(next))
    }

    fn with_local_time(&self, local: &LocalTime) -> Option<SharedFormat> {
        let known = self.known.clone();
        Some(Arc::new(Tinyproxy { known, ..Tinyproxy::new(self.local.with(local)?) }))
    }
}

/// A refusal of the last request that was for this, if the lines before said.
fn refuse<'line>(event: &mut AccessEvent<'line>, known: Option<&Connections>, wanted: Wanted<'_>, arena: &'line Bump) {
    (event.result, event.sc_status) = (b"DENIED", 403);
    if let Some(request) = known.and_then(|known| known.last(wanted)) {
        event.c_ip = arena.alloc_slice_copy(&request.client);
        event.cs_method = arena.alloc_slice_copy(&request.method);
        event.cs_uri = arena.alloc_slice_copy(&request.url);
    }
}
