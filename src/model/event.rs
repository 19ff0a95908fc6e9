//! One line of an access log: borrowed while it is read ([`AccessEvent`]), owned once it is stored ([`Event`]).

use super::{ClientIp, FieldSet, Outcome, RowScorer, Severity, Timestamp, Url, Username, Verdict};

/// A row's number: position in the store, 1 upwards, never reused.
pub type RowId = u64;

/// A parsed line, borrowing from its bytes. Text fields are as logged; empty where the line had `-`.
///
/// Field names follow the W3C Extended Log File Format, with Squid's words where it has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AccessEvent<'line> {
    /// When the request was completed.
    pub time: Timestamp,
    /// How long it took, in milliseconds; negative when the proxy's clock stepped back.
    pub time_taken_ms: i64,
    /// Client address.
    pub c_ip: &'line [u8],
    /// User name.
    pub cs_username: &'line [u8],
    /// Request method.
    pub cs_method: &'line [u8],
    /// Request target.
    pub cs_uri: &'line [u8],
    /// Status code sent to the client, 0 where none was.
    pub sc_status: u16,
    /// Bytes sent to the client.
    pub sc_bytes: u64,
    /// Bytes received from the client, where the format logs them.
    pub cs_bytes: Option<u64>,
    /// Squid's result code (`TCP_MISS`).
    pub result: &'line [u8],
    /// Squid's hierarchy code (`HIER_DIRECT`).
    pub hierarchy: &'line [u8],
    /// The peer or origin address the request was sent to.
    pub peer: &'line [u8],
    /// MIME type of the reply.
    pub content_type: &'line [u8],
    /// User-Agent header, where the format logs it.
    pub user_agent: &'line [u8],
    /// Referer header, where the format logs it.
    pub referer: &'line [u8],
    /// What the line holds beyond the fields above, in its format's own notation; empty where its format writes the line
    /// without. Kept so that the line can be given back, shown only where nothing is hidden.
    pub extra: &'line [u8],
    /// Whether rendering this event in its format gives back the line byte for byte.
    pub canonical: bool,
}

/// A request target split where storage and classification want it: `origin` (scheme and authority, or CONNECT's
/// `host:port`) names a host, `rest` is everything behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Target<'line> {
    /// Scheme and authority as written, without userinfo; empty where the target names no host.
    pub origin: &'line [u8],
    /// Path, query and fragment, or the whole target where it names no host.
    pub rest: &'line [u8],
    /// Whether the target carried userinfo, which is never stored in a column.
    pub had_userinfo: bool,
}

/// Where a row came from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SourceName {
    /// The source's name: as configured, else the file's name.
    pub name: String,
    /// The machine whose log it is.
    pub host: String,
    /// What its lines look like: a name or a definition that the `format` room can resolve.
    pub format: String,
}

/// A stored row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Event {
    /// The row's number.
    pub id: RowId,
    /// When the request was completed.
    pub time: Timestamp,
    /// How long it took, in milliseconds.
    pub time_taken_ms: i64,
    /// Client address.
    pub c_ip: ClientIp,
    /// User name.
    pub cs_username: Username,
    /// Request method, empty where logged as `-`.
    pub cs_method: Box<[u8]>,
    /// Scheme and authority of the target, or CONNECT's `host:port`.
    pub origin: Box<[u8]>,
    /// The rest of the target.
    pub rest: Url,
    /// Status code, 0 where no reply was sent.
    pub sc_status: u16,
    /// Bytes sent to the client.
    pub sc_bytes: u64,
    /// Bytes received from the client; `None` where the log doesn't say.
    pub cs_bytes: Option<u64>,
    /// Squid's result code.
    pub result: Box<[u8]>,
    /// Squid's hierarchy code.
    pub hierarchy: Box<[u8]>,
    /// Peer or origin address.
    pub peer: Box<[u8]>,
    /// MIME type.
    pub content_type: Box<[u8]>,
    /// User-Agent header.
    pub user_agent: Box<[u8]>,
    /// Referer header.
    pub referer: Url,
    /// Where the row came from.
    pub source: SourceName,
    /// What the line holds beyond the fields, in its format's own notation.
    pub extra: Url,
    /// The line itself, only where rendering the event would not give it back.
    pub raw: Option<Url>,
    /// What rules said; `None` where the row was not scored.
    pub verdict: Option<Verdict>,
}

impl Event {
    /// What became of the request.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.sc_status, &self.result)
    }

    /// Appends the text form of what rules say of it as it is stored: without the user name and password that its target
    /// may have had. `fields` is what its log has.
    pub fn scored(&self, scorer: &mut dyn RowScorer, fields: FieldSet, out: &mut Vec<u8>) {
        let uri = [&self.origin, self.rest.bytes()].concat();
        let (origin, rest) = uri.split_at(self.origin.len());
        let event = AccessEvent {
            time: self.time,
            time_taken_ms: self.time_taken_ms,
            c_ip: self.c_ip.bytes(),
            cs_username: self.cs_username.bytes(),
            cs_method: &self.cs_method,
            cs_uri: &uri,
            sc_status: self.sc_status,
            result: &self.result,
            content_type: &self.content_type,
            user_agent: &self.user_agent,
            referer: self.referer.bytes(),
            ..AccessEvent::default()
        };
        scorer.score(&event, &Target { origin, rest, had_userinfo: false }, fields, out);
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        Severity::of_row(self.outcome(), self.verdict.as_ref())
    }
}
