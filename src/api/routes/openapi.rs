//! `/api/openapi.json`: what the API is, generated from the handlers.

use crate::api::frame::SESSION_COOKIE;
use axum::Extension;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, InfoBuilder, OpenApiBuilder};

/// The finished document as text.
#[derive(Clone, Debug)]
pub struct Document(pub Arc<str>);

/// The document before any route is added. Every operation takes any of the ways to authenticate, unless it says
/// something else itself.
pub fn empty() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An access token, an API key (`tg_live_…`), or a self-signed JWT"));
    let cookie = ApiKeyValue::with_description(SESSION_COOKIE, "A session, from `POST /login`");
    let schemes = [
        ("basic", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic))),
        ("bearer", SecurityScheme::Http(bearer.build())),
        ("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
    ];
    let any = schemes.each_ref().map(|(name, _)| SecurityRequirement::new(*name, [""; 0]));
    let mut components = Components::new();
    for (name, scheme) in schemes {
        components.add_security_scheme(name, scheme);
    }
    let info = InfoBuilder::new()
        .title("Tidegate")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(env!("CARGO_PKG_DESCRIPTION")))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).security(Some(any)).build()
}

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub async fn document(Extension(Document(text)): Extension<Document>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}
