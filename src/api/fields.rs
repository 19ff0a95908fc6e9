//! A small body read field by field: a JSON object, where a page may send it a form. Every fault is collected under its
//! field's name; a required field that is missing makes the whole request unreadable (400), everything else 422.

use super::body::{self, content_type};
use super::error::{ApiError, ApiResult, Faults};
use super::extract::MAX_BODY_BYTES;
use super::params::Asked;
use super::state::AppState;
use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

/// The fields of a JSON object; none where the body is empty. The route takes no query parameters.
#[derive(Debug)]
pub struct Fields {
    values: Map<String, Value>,
    missing: Vec<&'static str>,
    faults: Faults,
}

/// The fields of a JSON object or a form (`application/x-www-form-urlencoded`), and whether it was a form.
#[derive(Debug)]
pub struct FormFields(pub Fields, pub bool);

impl FromRequest<AppState> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &AppState) -> ApiResult<Fields> {
        let (fields, form) = read(request).await?;
        if form { Err(ApiError::UnsupportedMediaType("application/json")) } else { Ok(fields) }
    }
}

impl FromRequest<AppState> for FormFields {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &AppState) -> ApiResult<FormFields> {
        read(request).await.map(|(fields, form)| FormFields(fields, form))
    }
}

async fn read(request: Request) -> ApiResult<(Fields, bool)> {
    let (parts, body) = request.into_parts();
    Asked::of(&parts.uri, &[]).finish()?;
    let bytes = body::read(body, MAX_BODY_BYTES).await?;
    let form = content_type(&parts.headers) == Some("application/x-www-form-urlencoded");
    let values = if form {
        form_urlencoded::parse(&bytes).map(|(name, value)| (name.into_owned(), Value::from(&*value))).collect()
    } else if bytes.is_empty() {
        Map::new()
    } else {
        body::object(&parts.headers, &bytes)?
    };
    Ok((Fields { values, missing: Vec::new(), faults: Faults::default() }, form))
}

impl Fields {
    /// Whether a field was given.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The names of the fields not taken yet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// A text as it was given, blanks included.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        match self.values.remove(name)? {
            Value::String(text) => Some(text),
            _ => self.refuse(name, "must be a text"),
        }
    }

    /// A text that must be there; empty where it is not, which [`Fields::finish`] answers.
    pub fn required(&mut self, name: &'static str) -> String {
        if !self.has(name) {
            self.missing.push(name);
        }
        self.text(name).unwrap_or_default()
    }

    /// A text of at most so many characters, none of them a control character.
    pub fn line(&mut self, name: &'static str, most_chars: usize) -> Option<String> {
        let text = self.text(name)?;
        if text.chars().count() > most_chars || text.contains(char::is_control) {
            return self.refuse(name, format!("must be a text of at most {most_chars} characters on one line"));
        }
        Some(text.trim().to_owned())
    }

    /// Such a text that must be there, as [`Fields::required`].
    pub fn required_line(&mut self, name: &'static str, most_chars: usize) -> String {
        if !self.has(name) {
            self.missing.push(name);
        }
        self.line(name, most_chars).unwrap_or_default()
    }

    /// `true` or `false`.
    pub fn truth(&mut self, name: &'static str) -> Option<bool> {
        match self.values.remove(name)? {
            Value::Bool(truth) => Some(truth),
            _ => self.refuse(name, "must be true or false"),
        }
    }

    /// A `true` or `false` that must be there, as [`Fields::required`].
    pub fn required_truth(&mut self, name: &'static str) -> bool {
        if !self.has(name) {
            self.missing.push(name);
        }
        self.truth(name).unwrap_or_default()
    }

    /// A whole number within bounds, both included.
    pub fn number(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        match self.values.remove(name)?.as_i64() {
            Some(number) if (min..=max).contains(&number) => Some(number),
            _ => self.refuse(name, format!("must be a whole number from {min} to {max}")),
        }
    }

    /// A text that reads as something; `expects` says what.
    pub fn word<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>, expects: &str) -> Option<T> {
        let text = self.text(name)?;
        let read = parse(&text);
        if read.is_none() {
            self.faults.add(name, format!("must be {expects}"));
        }
        read
    }

    /// An array of texts, or one text whose words are parted by blanks or commas.
    pub fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        match self.values.remove(name)? {
            Value::String(text) => {
                Some(text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect())
            }
            Value::Array(items) => {
                let texts: Option<Vec<_>> = items.into_iter().map(|item| Some(item.as_str()?.to_owned())).collect();
                if texts.is_none() {
                    return self.refuse(name, "must be texts");
                }
                texts
            }
            _ => self.refuse(name, "must be an array of texts"),
        }
    }

    /// Says what is wrong with a field.
    pub fn fault(&mut self, name: &str, fault: impl Into<String>) {
        self.faults.add(name, fault);
    }

    /// Ends the reading: what is missing or wrong becomes the answer, fields nobody took included.
    ///
    /// # Errors
    /// [`ApiError::Malformed`] when something required is missing, else [`ApiError::Invalid`].
    pub fn finish(mut self) -> ApiResult<()> {
        if !self.missing.is_empty() {
            return Err(ApiError::Malformed(format!("missing: {}", self.missing.join(", "))));
        }
        for name in self.values.keys() {
            self.faults.add(name, "unknown field");
        }
        if self.faults.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.faults)) }
    }

    fn refuse<T>(&mut self, name: &str, fault: impl Into<String>) -> Option<T> {
        self.faults.add(name, fault);
        None
    }
}
