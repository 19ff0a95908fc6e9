//! A stored row with everything it takes to store it again, as archives keep it: what [`EventView`](super::EventView) is
//! for answers. [`StoredRow::of`] is a way for personal values out of their wrappers, and goes through a lens.

use super::{AccessEvent, Batch, Event, Lens, RowId, SourceName, Target, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A row as it is stored, or as a lens shows it that hides something. Texts are empty where the line had none.
///
/// Its JSON form leaves out what is empty; a text that is not UTF-8 is `{"base64": "…"}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRow<'r> {
    /// The row's number in the store that it comes from.
    pub id: RowId,
    /// When the request was completed, Unix milliseconds.
    pub time_ms: i64,
    /// How long it took, in milliseconds.
    pub time_taken_ms: i64,
    /// Client address.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub c_ip: Text<'r>,
    /// User name.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub cs_username: Text<'r>,
    /// Request method.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub cs_method: Text<'r>,
    /// Scheme and authority of the target, or CONNECT's `host:port`.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub origin: Text<'r>,
    /// The rest of the target.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub rest: Text<'r>,
    /// Status code, 0 where no reply was sent.
    pub sc_status: u16,
    /// Bytes sent to the client.
    pub sc_bytes: u64,
    /// Bytes received from the client; `None` where the log doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cs_bytes: Option<u64>,
    /// Squid's result code.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub result: Text<'r>,
    /// Squid's hierarchy code.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub hierarchy: Text<'r>,
    /// Peer or origin address.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub peer: Text<'r>,
    /// MIME type.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub content_type: Text<'r>,
    /// User-Agent header.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub user_agent: Text<'r>,
    /// Referer header.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub referer: Text<'r>,
    /// What the line holds beyond the fields, in its format's notation.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub extra: Text<'r>,
    /// The line itself, only where rendering the row would not give it back.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Text<'r>>,
    /// The text form of what rules said ([`Verdict::write`](super::Verdict::write)); empty where the row was not scored.
    #[serde(borrow, default, skip_serializing_if = "Text::is_empty")]
    pub verdict: Text<'r>,
    /// The source's name.
    #[serde(borrow)]
    pub source: Cow<'r, str>,
    /// The machine whose log it is.
    #[serde(borrow)]
    pub host: Cow<'r, str>,
    /// What its lines look like: a name or a definition.
    #[serde(borrow)]
    pub format: Cow<'r, str>,
}

impl<'r> StoredRow<'r> {
    /// The event as `lens` shows it. Where that hides something, neither the line nor what it holds beyond the fields is
    /// in it.
    pub fn of(event: &'r Event, lens: &Lens) -> StoredRow<'r> {
        let (client, user) = (event.c_ip.bytes(), event.cs_username.bytes());
        let owner = lens.owner(client, user);
        let is_plain = lens.is_plain();
        let mut verdict = Vec::new();
        if let Some(said) = &event.verdict {
            said.write(&mut verdict);
        }
        StoredRow {
            id: event.id,
            time_ms: event.time.0,
            time_taken_ms: event.time_taken_ms,
            c_ip: Text(lens.client(client)),
            cs_username: Text(lens.user(user)),
            cs_method: Text::from(&event.cs_method[..]),
            origin: Text(lens.origin(&event.origin, &owner)),
            rest: Text(lens.path(event.rest.bytes(), &owner)),
            sc_status: event.sc_status,
            sc_bytes: event.sc_bytes,
            cs_bytes: event.cs_bytes,
            result: Text::from(&event.result[..]),
            hierarchy: Text::from(&event.hierarchy[..]),
            peer: Text(lens.peer(&event.peer, &owner)),
            content_type: Text(lens.mime(&event.content_type, &owner)),
            user_agent: Text(lens.agent(&event.user_agent, &owner)),
            referer: Text(lens.referer(event.referer.bytes(), &owner)),
            extra: Text::from(if is_plain { event.extra.bytes() } else { b"" }),
            raw: event.raw.as_ref().filter(|_| is_plain).map(|raw| Text::from(raw.bytes())),
            verdict: Text(Cow::Owned(verdict)),
            source: Cow::Borrowed(&event.source.name),
            host: Cow::Borrowed(&event.source.host),
            format: Cow::Borrowed(&event.source.format),
        }
    }

    /// The row as a lens shows it, as where rows are stored under pseudonyms.
    pub fn as_shown(&self, lens: &Lens) -> StoredRow<'_> {
        if lens.is_plain() {
            return self.clone();
        }
        let owner = lens.owner(&self.c_ip, &self.cs_username);
        StoredRow {
            c_ip: Text(lens.client(&self.c_ip)),
            cs_username: Text(lens.user(&self.cs_username)),
            origin: Text(lens.origin(&self.origin, &owner)),
            rest: Text(lens.path(&self.rest, &owner)),
            peer: Text(lens.peer(&self.peer, &owner)),
            content_type: Text(lens.mime(&self.content_type, &owner)),
            user_agent: Text(lens.agent(&self.user_agent, &owner)),
            referer: Text(lens.referer(&self.referer, &owner)),
            extra: Text::default(),
            raw: None,
            ..self.clone()
        }
    }

    /// Whether a stored row of the same number is this one, by what no lens hides: a number given out in two histories of
    /// one store, of which one was restored from a backup, means two rows.
    pub fn is_row(&self, event: &Event) -> bool {
        self.id == event.id
            && self.time_ms == event.time.0
            && self.time_taken_ms == event.time_taken_ms
            && self.sc_bytes == event.sc_bytes
            && self.sc_status == event.sc_status
            && *self.cs_method == *event.cs_method
    }

    /// Where the row came from.
    pub fn source_name(&self) -> SourceName {
        SourceName { name: self.source.to_string(), host: self.host.to_string(), format: self.format.to_string() }
    }

    /// Adds the row to a batch of its source.
    pub fn push_to(&self, batch: &mut Batch) {
        let event = AccessEvent {
            time: Timestamp(self.time_ms),
            time_taken_ms: self.time_taken_ms,
            c_ip: &self.c_ip,
            cs_username: &self.cs_username,
            cs_method: &self.cs_method,
            sc_status: self.sc_status,
            sc_bytes: self.sc_bytes,
            cs_bytes: self.cs_bytes,
            result: &self.result,
            hierarchy: &self.hierarchy,
            peer: &self.peer,
            content_type: &self.content_type,
            user_agent: &self.user_agent,
            referer: &self.referer,
            extra: &self.extra,
            canonical: self.raw.is_none(),
            // Of a target only the parts are stored.
            cs_uri: b"",
        };
        let target = Target { origin: &self.origin, rest: &self.rest, had_userinfo: false };
        batch.push_scored(&event, &target, &self.verdict, self.raw.as_deref().unwrap_or_default());
    }
}

impl fmt::Debug for StoredRow<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StoredRow({})", self.id)
    }
}

/// Bytes that mostly are text.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Text<'t>(pub Cow<'t, [u8]>);

impl Text<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'t> From<&'t [u8]> for Text<'t> {
    fn from(bytes: &'t [u8]) -> Text<'t> {
        Text(Cow::Borrowed(bytes))
    }
}

impl Deref for Text<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("base64", &STANDARD.encode(&self.0))?;
                map.end()
            }
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Text<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'t>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, or {\"base64\": \"…\"}")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text.as_bytes())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.as_bytes().to_vec())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
        let Some((key, encoded)) = map.next_entry::<Cow<'_, str>, Cow<'_, str>>()? else {
            return Err(A::Error::custom("an empty object is no text"));
        };
        let decoded = STANDARD.decode(encoded.as_bytes()).ok().filter(|_| key == "base64");
        decoded.map(|bytes| Text(Cow::Owned(bytes))).ok_or_else(|| A::Error::custom("not {\"base64\": \"…\"}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientIp, Severity, Url, Username, Verdict};

    fn event() -> Event {
        Event {
            id: 7,
            time: Timestamp(1_767_225_600_123),
            time_taken_ms: -3,
            c_ip: ClientIp::new(*b"10.0.0.1"),
            cs_username: Username::new(*b"ada"),
            cs_method: (*b"GET").into(),
            origin: (*b"http://a.example").into(),
            rest: Url::new(*b"/x?u=ada\xff"),
            sc_status: 403,
            sc_bytes: u64::MAX,
            cs_bytes: Some(0),
            result: (*b"TCP_DENIED").into(),
            content_type: (*b"text/\"html\"").into(),
            extra: Url::new(*b"more"),
            raw: Some(Url::new(*b"the line\\")),
            source: SourceName { name: "edge".into(), host: "proxy1".into(), format: "squid".into() },
            verdict: Some(Verdict {
                score: 5,
                severity: Some(Severity::Critical),
                categories: vec!["sql".into()],
                rules: vec![(4_210_010, 5)],
            }),
            ..Event::default()
        }
    }

    #[test]
    fn a_row_is_read_back_as_it_was_written() {
        let event = event();
        for lens in [Lens::PLAIN, Lens::MASKED] {
            let row = StoredRow::of(&event, &lens);
            let written = serde_json::to_string(&row).unwrap();
            assert_eq!(serde_json::from_str::<StoredRow<'_>>(&written).unwrap(), row, "{written}");
            assert_eq!(StoredRow::of(&event, &Lens::PLAIN).as_shown(&lens), row);
            assert!(row.is_row(&event) && !row.is_row(&Event { sc_bytes: 1, ..event.clone() }));
        }
        let bare = Event { id: 1, ..Event::default() };
        let row = StoredRow::of(&bare, &Lens::PLAIN);
        assert_eq!(serde_json::from_str::<StoredRow<'_>>(&serde_json::to_string(&row).unwrap()).unwrap(), row);
    }

    #[test]
    fn a_lens_hides_here_what_it_hides_in_answers() {
        let event = event();
        let written = serde_json::to_string(&StoredRow::of(&event, &Lens::MASKED)).unwrap();
        for hidden in ["ada", "10.0.0.1", "the line", "more"] {
            assert!(!written.contains(hidden), "{hidden}: {written}");
        }
        assert!(written.contains("5 2 sql 4210010:5"), "{written}");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for text in ["{}", "7", "{\"base64\":\"*\"}", "{\"base65\":\"QQ==\"}"] {
            assert!(serde_json::from_str::<Text<'_>>(text).is_err(), "{text}");
        }
        assert_eq!(&*serde_json::from_str::<Text<'_>>("{\"base64\":\"/w==\"}").unwrap(), b"\xff");
    }
}
