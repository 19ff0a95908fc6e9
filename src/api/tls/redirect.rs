//! Plain HTTP while HTTPS is on: everything is sent to the same place over TLS, but for what monitors on this machine
//! ask. Source: RFC 9110, section 15.4.9 (308 keeps method and body).

use super::super::error::ApiError;
use super::super::extract::Peer;
use super::super::peer::Secure;
use super::Tls;
use axum::extract::Request;
use axum::http::header::{HOST, LOCATION};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// What a peer on this machine may ask in plain text.
const LOCAL: [&str; 4] = ["/livez", "/readyz", "/health", "/metrics"];

/// The answer to a request that came in plain text though HTTPS is on; `None` where it is to be served.
pub fn redirect(tls: &Tls, request: &Request) -> Option<Response> {
    let plain = request.extensions().get::<Secure>() == Some(&Secure(false));
    if !plain || !tls.is_on() {
        return None;
    }
    let peer = request.extensions().get::<Peer>();
    let local = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    if local && LOCAL.contains(&request.uri().path()) {
        return None;
    }
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok()).filter(|host| !host.as_str().contains('@'));
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let location = host.and_then(|host| HeaderValue::from_str(&format!("https://{host}{target}")).ok());
    Some(match location {
        Some(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        None => ApiError::Malformed("HTTPS is on; ask https:// at this address".to_owned()).into_response(),
    })
}
