//! One request, taken apart.

use memchr::{memchr, memrchr, memrchr2};

use super::source::ONES;
use super::{Field, Request, Source, Sources, Text, Texts, moment, split_target};
use crate::waf::Kinds;

/// What some values have together.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::waf) struct Summary {
    /// The longest one, in bytes.
    pub(in crate::waf) longest: usize,
    /// The kinds of the bytes of all.
    pub(in crate::waf) kinds: Kinds,
}

impl Summary {
    fn add(&mut self, texts: &mut Texts, text: Text) {
        self.longest = self.longest.max(texts.get(text).len());
        self.kinds = self.kinds.and(texts.kinds(text));
    }
}

/// A request's values, of the sources that are wanted.
#[derive(Clone, Debug, Default)]
pub(in crate::waf) struct Line {
    ones: [Option<Text>; ONES],
    /// The sources that the log has, by their bits.
    logged: Sources,
    /// Names and values, decoded once, in order.
    pub(in crate::waf) args: Vec<(Text, Text)>,
    /// Where each begins in the URI as sent.
    pub(in crate::waf) starts: Vec<u32>,
    /// Of the names and of the values of all arguments.
    pub(in crate::waf) names_summary: Summary,
    pub(in crate::waf) values_summary: Summary,
    /// `REQUEST_URI`, where it is wanted or the path is a part of it, and decoding changed it. Else it and the path are
    /// parts of `REQUEST_URI_RAW`.
    pub(in crate::waf) decoded: Option<Text>,
    /// Where the query begins in the URI as sent: at its `?`, or the end.
    pub(in crate::waf) query_at: usize,
}

impl Line {
    /// The one value of a source that [is one](Source::is_one).
    pub(in crate::waf) fn one(&self, source: Source) -> Option<Text> {
        self.ones.get(source as usize).copied().flatten()
    }

    /// What the values of a source have together, of those whose values are asked about in any case. The kinds are not
    /// worked out where all are shorter than `shortest`.
    pub(in crate::waf) fn summary(&self, texts: &mut Texts, source: Source, shortest: usize) -> Option<Summary> {
        match source {
            Source::Args => Some(self.values_summary),
            Source::ArgNames => Some(self.names_summary),
            source if source.is_one() => Some(self.one(source).map_or(Summary::default(), |text| {
                let longest = texts.get(text).len();
                Summary { longest, kinds: if longest < shortest { Kinds::NONE } else { texts.kinds(text) } }
            })),
            _ => None,
        }
    }

    /// Whether the log has it.
    pub(in crate::waf) fn is_logged(&self, source: Source) -> bool {
        self.logged & source.bit() != 0
    }

    /// Takes a request apart. `wanted` are the bits of the sources that rules look at; the cheap ones are always there.
    pub(in crate::waf) fn read(&mut self, texts: &mut Texts, request: &Request<'_>, wanted: Sources, separator: u8) {
        self.ones = [None; ONES];
        self.args.clear();
        self.starts.clear();
        (self.names_summary, self.values_summary) = Default::default();
        self.logged = Source::Args.bit() | Source::ArgNames.bit() | Source::Headers.bit() | Source::HeaderNames.bit();
        self.logged |= Source::Tx.bit();
        let (authority, origin) = split_target(request.method, request.uri);
        self.set(Source::Method, texts.push(request.method));
        self.uri(texts, origin, wanted, separator);
        let host = authority.map_or(request.host, Field::Is);
        self.field(texts, Source::Protocol, request.protocol);
        self.field(texts, Source::HostHeader, host);
        self.field(texts, Source::UserAgent, request.user_agent);
        self.field(texts, Source::Referer, request.referer);
        self.field(texts, Source::RemoteAddr, request.client);
        if let Some(client) = self.one(Source::RemoteAddr) {
            self.set(Source::RemoteHost, client);
        }
        if let (Some(header), Some(host)) = (self.one(Source::HostHeader), host.value()) {
            let name = texts.part(header, 0..memchr(b':', host).unwrap_or(host.len()));
            self.set(Source::ServerName, name);
        }
        if wanted & Source::ServerPort.bit() != 0 {
            let scheme = if request.uri.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"https:")) {
                b"443".as_slice()
            } else {
                b"80"
            };
            let port = texts.push(host.value().and_then(port).unwrap_or(scheme));
            self.set(Source::ServerPort, port);
        }
        if wanted & Source::RequestLine.bit() != 0
            && let Field::Is(protocol) = request.protocol
        {
            let line = texts.push_all(&[request.method, b" ", origin, b" ", protocol]);
            self.set(Source::RequestLine, line);
        }
        moment::values(texts, request, wanted, |source, text| self.set(source, text));
        if wanted & Source::ArgsCombinedSize.bit() != 0 {
            let size = |text: Text| texts.get(text).len() as i64;
            let size = self.args.iter().map(|(name, value)| size(*name) + size(*value)).sum();
            let size = texts.number(size);
            self.set(Source::ArgsCombinedSize, size);
        }
    }

    fn uri(&mut self, texts: &mut Texts, origin: &[u8], wanted: Sources, separator: u8) {
        let raw = texts.push(origin);
        self.set(Source::UriRaw, raw);
        let end = memchr(b'#', origin).unwrap_or(origin.len());
        let query = memchr(b'?', &origin[..end]);
        self.query_at = query.unwrap_or(end);
        self.decoded = None;
        let path_stays = memchr(b'%', &origin[..self.query_at]).is_none();
        let mut with_path = raw;
        if !path_stays || wanted & Source::Uri.bit() != 0 {
            let (decoded, changed, _) = texts.decoded(raw, 0..end, false);
            self.decoded = changed.then_some(decoded);
            self.set(Source::Uri, decoded);
            if !path_stays {
                with_path = decoded;
            }
        }
        let uri = texts.get(with_path);
        let path = if path_stays { self.query_at } else { memchr(b'?', uri).unwrap_or(uri.len()) };
        let base = memrchr2(b'/', b'\\', &uri[..path]).map_or(path, |slash| slash + 1);
        let filename = texts.part(with_path, 0..path);
        let basename = texts.part(with_path, base..path);
        self.set(Source::Filename, filename);
        self.set(Source::PathInfo, filename);
        self.set(Source::Basename, basename);
        let mut invalid = false;
        let query = match query {
            Some(at) => {
                invalid = self.arguments(texts, raw, origin, at + 1..end, separator);
                texts.part(raw, at + 1..end)
            }
            None => Texts::EMPTY,
        };
        self.set(Source::Query, query);
        if wanted & Source::UrlEncodedError.bit() != 0 {
            let invalid = texts.number(invalid.into());
            self.set(Source::UrlEncodedError, invalid);
        }
    }

    /// An empty one at the end is none, one in between is one.
    fn arguments(
        &mut self,
        texts: &mut Texts,
        raw: Text,
        uri: &[u8],
        query: std::ops::Range<usize>,
        separator: u8,
    ) -> bool {
        let mut any_invalid = false;
        let mut start = query.start;
        while start < query.end {
            let end = memchr(separator, &uri[start..query.end]).map_or(query.end, |at| start + at);
            let name_end = memchr(b'=', &uri[start..end]).map_or(end, |at| start + at);
            let (name, _, invalid) = texts.decoded(raw, start..name_end, true);
            any_invalid |= invalid;
            let (value, _, invalid) = texts.decoded(raw, (name_end + 1).min(end)..end, true);
            any_invalid |= invalid;
            self.names_summary.add(texts, name);
            self.values_summary.add(texts, value);
            self.args.push((name, value));
            self.starts.push(start as u32);
            start = end + 1;
        }
        any_invalid
    }

    fn field(&mut self, texts: &mut Texts, source: Source, field: Field<'_>) {
        match field {
            Field::NotLogged => {}
            Field::Absent => self.logged |= source.bit(),
            Field::Is(value) => {
                let value = texts.push(value);
                self.set(source, value);
            }
        }
    }

    pub(super) fn set(&mut self, source: Source, text: Text) {
        self.logged |= source.bit();
        if let Some(one) = self.ones.get_mut(source as usize) {
            *one = Some(text);
        }
    }
}

/// The port behind a host.
fn port(host: &[u8]) -> Option<&[u8]> {
    let port = &host[memrchr(b':', host)? + 1..];
    (!port.is_empty() && port.iter().all(u8::is_ascii_digit)).then_some(port)
}
