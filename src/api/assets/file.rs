//! One file of the dashboard as an answer: its type, its policy, how long it may be kept, and the smaller form of it
//! that a browser can read.

use crate::api::caching::{quoted, unless_known};
use crate::api::error::{ApiError, ApiResult};
use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// The names of files below `assets/` carry a hash of what they hold, so they never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What is served; anything else in the folder is not.
const TYPES: [(&str, &str); 7] = [
    (".html", "text/html; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".woff2", "font/woff2"),
];

/// The smaller forms of a file that may lie beside it, the smallest first: what HTTP calls it, and how its name ends.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Served where there is no dashboard.
const MISSING: &str = include_str!("missing.html");

/// The dashboard's page, or the one that says how to get it.
pub async fn page<F: RustEmbed>(headers: &HeaderMap) -> ApiResult<Response> {
    if let Some(response) = answer::<F>("index.html", headers).await? {
        return Ok(response);
    }
    let tag = quoted(&Sha256::digest(MISSING));
    let mut response =
        unless_known(headers, &tag, async || Ok(([(CONTENT_TYPE, TYPES[0].1)], MISSING).into_response())).await?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

/// A file that anybody may have.
pub async fn open<F: RustEmbed>(name: &str, headers: &HeaderMap) -> ApiResult<Response> {
    let mut response = answer::<F>(name, headers).await?.ok_or(ApiError::NotFound("there is nothing here"))?;
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if name.starts_with("assets/") {
        headers.insert(CACHE_CONTROL, FOR_EVER);
    }
    Ok(response)
}

async fn answer<F: RustEmbed>(name: &str, headers: &HeaderMap) -> ApiResult<Option<Response>> {
    let Some((_, kind)) = TYPES.into_iter().find(|(ending, _)| name.ends_with(ending)) else { return Ok(None) };
    let Some((encoding, file)) = smallest::<F>(name, headers) else { return Ok(None) };
    let tag = quoted(&file.metadata.sha256_hash());
    let body = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = unless_known(headers, &tag, async || Ok(([(CONTENT_TYPE, kind)], body).into_response())).await?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(VARY, HeaderValue::from_static("Authorization, Cookie, Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(Some(response))
}

/// The file in the smallest form that is there and may be sent, and what that is called.
fn smallest<F: RustEmbed>(name: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let encoded = ENCODINGS.into_iter().filter(|(encoding, _)| accepts(headers, encoding));
    let encoded =
        encoded.filter_map(|(encoding, ending)| Some((Some(encoding), F::get(&format!("{name}{ending}"))?))).next();
    encoded.or_else(|| Some((None, F::get(name)?)))
}

/// Whether a client reads an encoding: names it, and not with a weight of nothing (RFC 9110, 12.5.3).
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().trim_start_matches(['q', 'Q', '=', ' ']).parse::<f32>();
        name.trim().eq_ignore_ascii_case(encoding) && weight.unwrap_or(1.0) > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::http::header::{ETAG, IF_NONE_MATCH};

    /// What a build of the dashboard looks like.
    #[derive(RustEmbed)]
    #[folder = "tests/fixtures/web-dist/"]
    struct Sample;

    /// A build that never was.
    #[derive(RustEmbed)]
    #[folder = "tests/fixtures/no-such-folder/"]
    #[allow_missing = true]
    struct Nothing;

    fn asking(accept: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
        headers
    }

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn hashed_files_are_kept_for_ever_and_the_page_is_asked_for_again() {
        for (name, kind, caching) in [
            ("assets/index-B1x2Y3z4.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
            ("assets/index-C5v6W7u8.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
            ("icon.svg", "image/svg+xml", "private, no-cache"),
        ] {
            let response = open::<Sample>(name, &HeaderMap::new()).await.unwrap();
            assert_eq!(response.headers()[CONTENT_TYPE], kind, "{name}");
            assert_eq!(response.headers()[CACHE_CONTROL], caching, "{name}");
            assert_eq!(response.headers()[VARY], "Accept-Encoding", "{name}");
        }
        let response = page::<Sample>(&HeaderMap::new()).await.unwrap();
        assert_eq!(response.headers()[CACHE_CONTROL], "private, no-cache");
        let mut again = HeaderMap::new();
        again.insert(IF_NONE_MATCH, response.headers()[ETAG].clone());
        assert_eq!(page::<Sample>(&again).await.unwrap().status(), StatusCode::NOT_MODIFIED);
        assert!(body(response).await.contains("/assets/index-B1x2Y3z4.js"));
    }

    #[tokio::test]
    async fn the_smallest_form_that_is_read_is_sent() {
        let name = "assets/index-B1x2Y3z4.js";
        let mut tags = Vec::new();
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("GZIP;q=0.5, br;q=0", Some("gzip")),
            ("br ; q=0.000, gzip; q=0", None),
            ("brotli", None),
            ("identity", None),
            ("", None),
        ] {
            let response = open::<Sample>(name, &asking(accept)).await.unwrap();
            let found = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(found, encoding, "{accept}");
            assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8", "{accept}");
            tags.push(response.headers()[ETAG].clone());
        }
        tags.sort_by_key(|tag| tag.as_bytes().to_vec());
        tags.dedup();
        assert_eq!(tags.len(), 3, "each form has a tag of its own");
        // Beside this file there is no smaller one.
        let plain = open::<Sample>("icon.svg", &asking("br, gzip")).await.unwrap();
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn nothing_else_of_the_folder_is_served() {
        for name in [
            "assets/nothing.js",
            "assets/index-B1x2Y3z4.js.br",
            "assets/index-B1x2Y3z4.js.map",
            "assets/../../../Cargo.toml",
            "",
        ] {
            assert!(matches!(open::<Sample>(name, &HeaderMap::new()).await, Err(ApiError::NotFound(_))), "{name}");
        }
    }

    #[tokio::test]
    async fn without_a_dashboard_the_page_says_how_to_get_it() {
        let response = page::<Nothing>(&asking("br")).await.unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        assert!(body(response).await.contains("cargo build --release"));
        assert!(matches!(open::<Nothing>("icon.svg", &HeaderMap::new()).await, Err(ApiError::NotFound(_))));
    }
}
