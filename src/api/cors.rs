//! Pages of other origins (CORS, as the Fetch standard has it): those of `api_allowed_origins` may read the API from a
//! browser, by a token or password they send themselves; cookies never count. Without that setting no answer carries
//! a CORS header.
//!
//! Not here: whether a change comes from a page of another origin (`extract`).

use super::limits;
use super::state::AppState;
use crate::control::settings::API_ALLOWED_ORIGINS;
use axum::Extension;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ETAG, LOCATION, ORIGIN,
    RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::openapi::{OpenApi, PathItem};

/// Request headers a page may send.
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, If-None-Match, X-CSRF-Token");
/// Seconds a browser may remember the answer to a preflight.
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("600");

/// The outermost layer: lets listed origins read every answer, whoever made it.
pub async fn share(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let settings = state.control.settings();
    let allowed = settings.get(API_ALLOWED_ORIGINS);
    if allowed.is_empty() {
        return next.run(request).await;
    }
    let origin = listed_origin(&allowed, request.headers()).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Whoever keeps answers must not hand one that lacks the header to a page that needs it, nor the other way round.
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed());
    }
    response
}

/// The answer to a page that asks what it may do on a route, before it does; `None` where the request is no such
/// question of a listed origin and goes its ordinary way.
pub fn preflight(state: &AppState, request: &Request) -> Option<Response> {
    if request.method() != Method::OPTIONS || !request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    listed_origin(&state.control.settings().get(API_ALLOWED_ORIGINS), request.headers())?;
    let methods = request.extensions().get::<Methods>()?.of(request.extensions().get::<MatchedPath>()?.as_str())?;
    let said = [
        (ACCESS_CONTROL_ALLOW_METHODS, methods),
        (ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE_S),
    ];
    Some((StatusCode::NO_CONTENT, said).into_response())
}

/// Whether a request says, once, that it comes from a page of a listed origin.
pub fn is_listed(state: &AppState, headers: &HeaderMap) -> bool {
    listed_origin(&state.control.settings().get(API_ALLOWED_ORIGINS), headers).is_some()
}

/// The origin of a request, where it is one of those allowed, byte for byte.
fn listed_origin<'h>(allowed: &[String], headers: &'h HeaderMap) -> Option<&'h HeaderValue> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let origin = origins.next().filter(|_| origins.next().is_none())?;
    allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then_some(origin)
}

/// What a page may read beside the body.
fn exposed() -> HeaderValue {
    const OTHERS: [HeaderName; 3] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("x-total-count"),
        HeaderName::from_static("x-truncated"),
    ];
    let names = [ETAG, LOCATION, RETRY_AFTER].into_iter().chain(OTHERS).chain(limits::HEADERS);
    let list = names.map(|name| name.as_str().to_owned()).collect::<Vec<_>>().join(", ");
    // Names of headers make a header.
    HeaderValue::try_from(list).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The methods of every documented route, as an `Allow` header lists them.
#[derive(Clone, Debug)]
pub struct Methods(Arc<HashMap<String, HeaderValue>>);

impl Methods {
    /// Those of a document, as a layer.
    pub fn layer(document: &OpenApi) -> Extension<Methods> {
        let routes = document.paths.paths.iter();
        let methods = routes.filter_map(|(path, item)| Some((path.clone(), HeaderValue::try_from(list(item)).ok()?)));
        Extension(Methods(Arc::new(methods.collect())))
    }

    /// Those of a route, under either name.
    fn of(&self, route: &str) -> Option<HeaderValue> {
        let plain = route.strip_prefix("/api/v1").map(|rest| format!("/api{rest}"));
        self.0.get(plain.as_deref().unwrap_or(route)).cloned()
    }
}

fn list(item: &PathItem) -> String {
    let get = item.get.as_ref().map(|_| "GET, HEAD");
    let others = [(&item.post, "POST"), (&item.put, "PUT"), (&item.patch, "PATCH"), (&item.delete, "DELETE")];
    let others = others.into_iter().filter_map(|(operation, name)| operation.as_ref().map(|_| name));
    get.into_iter().chain(others).collect::<Vec<_>>().join(", ")
}
