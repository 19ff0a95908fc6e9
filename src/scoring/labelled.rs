//! Labelled requests: one JSON object a line, with `label` (`attack` or `benign`), `method`, `host`, `uri`, `user_agent`
//! and `referer`, and where wanted `scheme`, `set`, `type` (or `attack_type`) and `id`. A header that is null or empty was
//! not sent; one that is not there was not logged.

use super::scorer::Asked;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// What a request is known to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Meant to do harm.
    Attack,
    /// Anything else.
    Benign,
}

impl Label {
    /// `attack` or `benign`.
    pub fn name(self) -> &'static str {
        match self {
            Label::Attack => "attack",
            Label::Benign => "benign",
        }
    }
}

/// A line.
#[derive(Debug, Deserialize)]
pub struct Labelled<'a> {
    /// What the request is known to be.
    pub label: Label,
    /// The set it is from.
    #[serde(borrow, default)]
    pub set: Option<Cow<'a, str>>,
    /// What sort of attack it is.
    #[serde(borrow, default, rename = "type", alias = "attack_type")]
    pub kind: Option<Cow<'a, str>>,
    /// Whatever names the line for who wrote it.
    #[serde(default)]
    pub id: serde_json::Value,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    scheme: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    host: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    uri: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "logged")]
    user_agent: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "logged")]
    referer: Option<Cow<'a, str>>,
}

/// A header: nothing where the key is missing, an empty text where it is null.
fn logged<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    Option::<Text<'a>>::deserialize(deserializer).map(|text| Some(text.map(|text| text.0).unwrap_or_default()))
}

/// Borrowed where nothing is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Labelled<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(line: &'a [u8]) -> Result<Labelled<'a>, String> {
        let read: Labelled<'a> = serde_json::from_slice(line).map_err(|fault| {
            // There is one line.
            let words = fault.to_string();
            words.replace(&format!(" at line 1 column {}", fault.column()), &format!(" at byte {}", fault.column()))
        })?;
        if read.uri.is_none() && read.host.is_none() {
            return Err("neither `host` nor `uri`".to_owned());
        }
        Ok(read)
    }

    /// The target as a proxy logs it: absolute, of CONNECT the host.
    pub fn url(&self) -> Cow<'_, str> {
        let (host, uri) = (self.host.as_deref().unwrap_or_default(), self.uri.as_deref().unwrap_or_default());
        let is_connect = self.method().eq_ignore_ascii_case("CONNECT");
        let is_absolute = ["http://", "https://", "ftp://"]
            .iter()
            .any(|scheme| uri.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if is_connect && uri.is_empty() {
            return Cow::Borrowed(host);
        }
        if is_connect || is_absolute || host.is_empty() {
            return Cow::Borrowed(uri);
        }
        let scheme = self.scheme.as_deref().unwrap_or("http");
        let slash = if uri.is_empty() || uri.starts_with(['/', '?']) { "" } else { "/" };
        Cow::Owned(format!("{scheme}://{host}{slash}{uri}"))
    }

    /// In the words of the scorer; `url` is [`Labelled::url`].
    pub fn asked<'s>(&'s self, url: &'s str) -> Asked<'s> {
        Asked {
            method: self.method().as_bytes(),
            url: url.as_bytes(),
            client: None,
            user_agent: self.user_agent.as_deref().map(str::as_bytes),
            referer: self.referer.as_deref().map(str::as_bytes),
        }
    }

    fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("GET")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_what_a_proxy_logs() {
        for (line, want) in [
            (r#"{"label":"attack","host":"a.test","uri":"/b?c"}"#, "http://a.test/b?c"),
            (r#"{"label":"attack","host":"a.test","uri":"?c","scheme":"https"}"#, "https://a.test?c"),
            (r#"{"label":"attack","host":"a.test","uri":"b"}"#, "http://a.test/b"),
            (r#"{"label":"benign","host":"a.test","uri":"HTTP://b.test/"}"#, "HTTP://b.test/"),
            (r#"{"label":"benign","method":"CONNECT","host":"a.test:443"}"#, "a.test:443"),
            (r#"{"label":"benign","method":"CONNECT","host":"a.test:443","uri":"b.test:1"}"#, "b.test:1"),
            (r#"{"label":"benign","uri":"/b"}"#, "/b"),
            (r#"{"label":"benign","uri":"/\u0022","host":null}"#, "/\""),
        ] {
            assert_eq!(Labelled::read(line.as_bytes()).unwrap().url(), want, "{line}");
        }
    }

    #[test]
    fn what_was_not_sent_differs_from_what_was_not_logged() {
        let line = br#"{"label":"attack","uri":"/","user_agent":null,"extra":1}"#;
        let read = Labelled::read(line).unwrap();
        let asked = read.asked("/");
        assert_eq!((asked.user_agent, asked.referer), (Some(&b""[..]), None));
    }

    #[test]
    fn bad_lines_say_what_is_wrong() {
        for (line, want) in [
            ("{}", "missing field `label` at byte 2"),
            (r#"{"label":"good","uri":"/"}"#, "unknown variant `good`, expected `attack` or `benign` at byte 15"),
            (r#"{"label":"attack"}"#, "neither `host` nor `uri`"),
        ] {
            assert_eq!(Labelled::read(line.as_bytes()).unwrap_err(), want);
        }
    }
}
