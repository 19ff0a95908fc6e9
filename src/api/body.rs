//! Small JSON bodies whose fields are parameters like those of a query string.

use super::error::{ApiError, ApiResult};
use super::extract::MAX_BODY_BYTES;
use super::params::Asked;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use hyper::body::Body as _;
use serde_json::{Map, Value};

/// Adds the fields of a JSON object to the parameters; an empty body adds none.
///
/// # Errors
/// When the body is too large, not JSON, or not an object of plain values.
pub async fn add_fields(asked: &mut Asked, headers: &HeaderMap, body: Body) -> ApiResult<()> {
    let bytes = read(body, MAX_BODY_BYTES).await?;
    if bytes.is_empty() {
        return Ok(());
    }
    for (name, value) in object(headers, &bytes)? {
        match value {
            Value::String(text) => asked.add(name, text),
            Value::Number(number) => asked.add(name, number.to_string()),
            Value::Bool(truth) => asked.add(name, truth.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => asked.faults.add(&name, "must be a plain value"),
        }
    }
    Ok(())
}

/// A body's JSON object.
///
/// # Errors
/// When it doesn't say it is JSON, is none, or is no object.
pub fn object(headers: &HeaderMap, bytes: &[u8]) -> ApiResult<Map<String, Value>> {
    require_json(headers)?;
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiError::invalid("body", "must be a JSON object")),
        Err(cause) => Err(ApiError::Malformed(format!("the body is not JSON: {cause}"))),
    }
}

/// Reads a whole body of at most `most` bytes; one that says that it is larger is refused unread.
///
/// # Errors
/// When it is larger or breaks off.
pub async fn read(body: Body, most: usize) -> ApiResult<Bytes> {
    if body.size_hint().lower() > most as u64 {
        return Err(ApiError::TooLarge(most));
    }
    to_bytes(body, most).await.map_err(|cause| unreadable(&cause, most))
}

/// Refuses a body that doesn't say it is JSON.
///
/// # Errors
/// [`ApiError::UnsupportedMediaType`].
pub fn require_json(headers: &HeaderMap) -> ApiResult<()> {
    if is_json(headers) { Ok(()) } else { Err(ApiError::UnsupportedMediaType("application/json")) }
}

/// The limit is a failure a client can mend, and credentials that ended meanwhile are one; a connection that breaks
/// reads no answer.
fn unreadable(cause: &axum::Error, most: usize) -> ApiError {
    let mut source = std::error::Error::source(cause);
    while let Some(inner) = source {
        if let Some(failure) = inner.downcast_ref::<ApiError>() {
            return failure.clone();
        }
        if inner.to_string().contains("length limit") {
            return ApiError::TooLarge(most);
        }
        source = inner.source();
    }
    ApiError::Malformed("the body can't be read".to_owned())
}

/// The media type of a body, without its parameters.
pub(super) fn content_type(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or_default().trim())
}

/// Whether a body is JSON by its media type.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|kind| {
        kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
    })
}
