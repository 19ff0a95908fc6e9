//! A row as a principal may see it. [`EventView::of`] is the only place where personal values leave their wrappers.

use super::{Classifiers, Event, Lens, Outcome, RowId, Severity, SourceName, Timestamp, Url, Verdict};

/// A stored row, seen through a lens. Bytes that are not UTF-8 appear as U+FFFD.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventView {
    /// The row's number.
    pub id: RowId,
    /// When the request was completed.
    pub time: Timestamp,
    /// How long it took, in milliseconds.
    pub time_taken_ms: i64,
    /// Client address.
    pub client_ip: Option<String>,
    /// User name.
    pub user: Option<String>,
    /// Request method.
    pub method: Option<String>,
    /// Scheme and authority of the target, or CONNECT's `host:port`; empty where it names no host.
    pub origin: String,
    /// The whole request target.
    pub url: String,
    /// Status code, 0 where no reply was sent.
    pub status_code: u16,
    /// Squid's result code.
    pub result: String,
    /// What became of the request.
    pub outcome: Outcome,
    /// How bad that and what rules said make it.
    pub severity: Severity,
    /// What rules said; `None` where the row was not scored.
    pub verdict: Option<Verdict>,
    /// Bytes sent to the client.
    pub bytes: u64,
    /// Bytes received from the client; `None` where the log doesn't say.
    pub cs_bytes: Option<u64>,
    /// MIME type.
    pub mime: Option<String>,
    /// Squid's hierarchy code.
    pub hierarchy: Option<String>,
    /// Peer or origin address.
    pub peer: Option<String>,
    /// User-Agent header.
    pub user_agent: Option<String>,
    /// Referer header.
    pub referer: Option<String>,
    /// Where the row came from.
    pub source: SourceName,
    /// What the line holds beyond the fields, where the lens hides nothing; in its format's own notation.
    pub extra: String,
    /// The line itself, where rendering would not give it back and the lens hides nothing.
    pub raw: Option<String>,
    /// Whether the lens hides nothing, so that the line can be given back.
    pub is_whole: bool,
    /// What classifiers read: what they find says the same under every lens.
    logged: Logged,
}

/// Values as logged.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Logged {
    rest: Url,
    content_type: Url,
}

impl EventView {
    /// The event as `lens` shows it.
    pub fn of(event: &Event, lens: &Lens) -> EventView {
        let (client, user) = (event.c_ip.bytes(), event.cs_username.bytes());
        let owner = lens.owner(client, user);
        let origin = text(&lens.origin(&event.origin, &owner));
        EventView {
            id: event.id,
            time: event.time,
            time_taken_ms: event.time_taken_ms,
            client_ip: present(&lens.client(client)),
            user: present(&lens.user(user)),
            method: present(&event.cs_method),
            url: format!("{origin}{}", text(&lens.path(event.rest.bytes(), &owner))),
            origin,
            status_code: event.sc_status,
            result: text(&event.result),
            outcome: event.outcome(),
            severity: event.severity(),
            verdict: event.verdict.clone(),
            bytes: event.sc_bytes,
            cs_bytes: event.cs_bytes,
            mime: present(&lens.mime(&event.content_type, &owner)),
            hierarchy: present(&event.hierarchy),
            peer: present(&lens.peer(&event.peer, &owner)),
            user_agent: present(&lens.agent(&event.user_agent, &owner)),
            referer: present(&lens.referer(event.referer.bytes(), &owner)),
            source: event.source.clone(),
            extra: if lens.is_plain() { text(event.extra.bytes()) } else { String::new() },
            raw: event.raw.as_ref().filter(|_| lens.is_plain()).map(|raw| text(raw.bytes())),
            is_whole: lens.is_plain(),
            logged: Logged { rest: event.rest.clone(), content_type: Url::new(event.content_type.clone()) },
        }
    }

    /// What the path and the MIME type say, in the text form of [`PathTraits`](super::PathTraits).
    pub fn path_traits(&self, classifiers: &Classifiers) -> Vec<u8> {
        let mut traits = Vec::new();
        (classifiers.path)(self.logged.rest.bytes(), self.logged.content_type.bytes(), &mut traits);
        traits
    }

    /// The category of a file with that extension and the row's MIME type.
    pub fn file_category(&self, extension: &[u8], classifiers: &Classifiers) -> &'static str {
        (classifiers.file_category)(extension, self.logged.content_type.bytes())
    }

    /// The entropy of what follows the origin, in thousandths of a bit per byte; `None` where the lens hides some of it,
    /// as that would tell a right guess from a wrong one.
    pub fn entropy_millibits(&self, classifiers: &Classifiers) -> Option<u32> {
        let is_shown =
            self.is_whole || self.url.strip_prefix(&self.origin) == Some(text(self.logged.rest.bytes()).as_str());
        is_shown.then(|| (classifiers.path)(self.logged.rest.bytes(), b"", &mut Vec::new())).flatten()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn present(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| text(bytes))
}

impl Event {
    /// A checksum over every field, to compare stores; says nothing of what it summed.
    pub fn checksum(&self) -> u64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(&self.time.0.to_le_bytes());
        hash.update(&self.time_taken_ms.to_le_bytes());
        hash.update(&self.sc_bytes.to_le_bytes());
        hash.update(&self.sc_status.to_le_bytes());
        if let Some(cs_bytes) = self.cs_bytes {
            hash.update(&cs_bytes.to_le_bytes());
        }
        let personal = [self.c_ip.bytes(), self.cs_username.bytes(), self.rest.bytes(), self.referer.bytes()];
        let plain = [
            &self.cs_method,
            &self.origin,
            &self.result,
            &self.hierarchy,
            &self.peer,
            &self.content_type,
            &self.user_agent,
        ];
        let raw = self.raw.as_ref().map_or(&b""[..], Url::bytes);
        for part in personal.into_iter().chain(plain.into_iter().map(|part| &part[..])).chain([self.extra.bytes(), raw])
        {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.digest()
    }
}
