//! Answers that need not be computed again: a strong `ETag` over everything an answer depends on, compared before the
//! question is put to the store.

use super::error::ApiResult;
use super::extract::Authed;
use super::lanes::Lane;
use super::state::AppState;
use crate::model::{Lens, Scopes};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What an answer depends on.
#[derive(Clone, Debug)]
pub struct Freshness<'f> {
    /// The store's version, read before the question is put.
    pub store: u64,
    /// The settings' version.
    pub settings: u64,
    /// The view of whoever asks.
    pub lens: Lens,
    /// What they may do.
    pub scopes: Scopes,
    /// The question with its window resolved, and whatever else an answer depends on.
    pub question: &'f str,
}

impl Freshness<'_> {
    /// The entity tag, quoted.
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(self.store.to_le_bytes());
        hash.update(self.settings.to_le_bytes());
        hash.update(format!("{:?}\n{}\n{}", self.lens, self.scopes, self.question));
        quoted(&hash.finalize())
    }
}

/// The tag of an answer to `question`. The versions are read before the question is put: an answer may be newer than
/// its tag, never older.
///
/// # Errors
/// When the store's version can't be read.
pub async fn tag<S>(auth: &Authed<S>, state: &AppState, question: &str) -> ApiResult<String> {
    let store = state.ask(Lane::Pages, |store| store.version()).await?;
    let settings = state.control.settings().version();
    // Rules may change without a setting, when they are read again.
    let question = &format!("{question}\n{:x}", state.scorer.rules_digest());
    Ok(Freshness { store, settings, lens: auth.lens, scopes: auth.principal.scopes, question }.tag())
}

/// The first half of a SHA-256 in hexadecimal, quoted.
pub fn quoted(digest: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in digest.iter().take(16) {
        // Writing to a string can't fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the client has the answer of that tag already.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| {
            let known = known.trim();
            known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
        })
}

/// Answers 304 when the client has the answer already, else what `compute` answers, with the tag on either.
///
/// # Errors
/// What `compute` answers.
pub async fn unless_known<R, F>(headers: &HeaderMap, tag: &str, compute: F) -> ApiResult<Response>
where
    R: IntoResponse,
    F: AsyncFnOnce() -> ApiResult<R>,
{
    let mut response = if is_known(headers, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        compute().await?.into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization, Cookie"));
    Ok(response)
}
