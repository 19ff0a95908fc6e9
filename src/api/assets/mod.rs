//! The dashboard's files, embedded. They need a login like everything else; only the page to log in with, and what it
//! is made of, is open. A browser that comes without credentials is sent there, everything else gets its 401.

use super::caching::{quoted, unless_known};
use super::error::{ApiError, ApiResult};
use super::extract::{Authed, LogsRead};
use super::identity::is_navigation;
use super::state::AppState;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use rust_embed::RustEmbed;

/// What the page is made of, named one by one: tests, tooling and `node_modules` lie in the same folder and never get
/// into the binary. A `*` matches slashes too, and what is excluded stays out even where it is included.
#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "index.html"]
#[include = "style.css"]
#[include = "app.js"]
#[include = "login.html"]
#[include = "login.js"]
#[include = "icon.svg"]
#[include = "lib/*.js"]
#[include = "ui/*.js"]
#[exclude = "*.test.js"]
#[exclude = "*node_modules*"]
struct Files;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// What is served; anything else in the folder is not.
const TYPES: [(&str, &str); 6] = [
    (".html", "text/html; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".woff2", "font/woff2"),
];

/// The page to log in with, and what it is made of.
const OPEN: [&str; 4] = ["login.html", "login.js", "style.css", "icon.svg"];

/// A route for every file; `index.html` is `/` too, and `login.html` is `/login`.
pub fn routes() -> Vec<(String, MethodRouter<AppState>)> {
    let mut routes = Vec::new();
    for name in Files::iter() {
        let Some((_, kind)) = TYPES.into_iter().find(|(ending, _)| name.ends_with(ending)) else { continue };
        if name.contains(['{', '}']) {
            continue;
        }
        let file = name.to_string();
        let handler = if OPEN.contains(&&*name) {
            get(async move |headers: HeaderMap| answer(&file, kind, &headers).await)
        } else {
            get(async move |who: Result<Authed<LogsRead>, ApiError>, uri: Uri, headers: HeaderMap| match who {
                Ok(_) => answer(&file, kind, &headers).await,
                Err(ApiError::Unauthenticated) if is_navigation(&headers) => Ok(to_login(&uri, "")),
                Err(ApiError::PasswordChangeRequired) if is_navigation(&headers) => Ok(to_login(&uri, "&change")),
                Err(failure) => Err(failure),
            })
        };
        match &*name {
            "index.html" => routes.push(("/".to_owned(), handler.clone())),
            "login.html" => routes.push(("/login".to_owned(), handler.clone())),
            _ => {}
        }
        routes.push((format!("/{name}"), handler));
    }
    routes
}

/// Sends a browser to the login page, which brings it back; `what` it is to do there besides.
fn to_login(uri: &Uri, what: &str) -> Response {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/login?next={next}{what}")).into_response()
}

async fn answer(name: &str, kind: &'static str, headers: &HeaderMap) -> ApiResult<Response> {
    let file = Files::get(name).ok_or(ApiError::NotFound("there is nothing here"))?;
    let tag = quoted(&file.metadata.sha256_hash());
    let mut response =
        unless_known(headers, &tag, async || Ok(([(CONTENT_TYPE, kind)], file.data.into_owned()).into_response()))
            .await?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}
