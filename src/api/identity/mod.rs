//! How credentials travel in HTTP, and back as a session's cookie; and which requests a page elsewhere may not cause.
//!
//! Not here: whether credentials are right (`auth`), what a handler asks of its caller (`extract`).

mod cookie;
mod credentials;
mod lockout;
mod origin;
mod vouched;

pub use cookie::{expired, session_cookie};
pub use origin::{comes_from_here, is_navigation, same_origin_path};
pub use vouched::vouched;

use super::error::ApiResult;
use super::extract::Peer;
use super::frame::RequestId;
use super::lanes::Lane;
use super::state::AppState;
use crate::auth::Admission;
use crate::control::Actor;
use axum::extract::FromRequestParts;
use axum::http::{Extensions, HeaderMap, Method, request::Parts};
use std::convert::Infallible;
use std::sync::Arc;

/// Where a request came from, for the audit log, before anybody knows by whom.
#[derive(Clone, Debug)]
pub struct Asker(pub Actor);

impl Asker {
    /// Of a request's parts.
    pub fn of(method: &Method, extensions: &Extensions) -> Asker {
        Asker(Actor {
            username: String::new(),
            credential: None,
            source_ip: extensions.get::<Peer>().map(|peer| peer.0.ip()),
            method: method.to_string(),
            request_id: extensions.get::<RequestId>().map(|id| id.as_str().to_owned()),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Asker::of(&parts.method, &parts.extensions))
    }
}

/// Whoever the credentials of a request stand for; `None` when there are none or they are wrong.
///
/// # Errors
/// When it can't be found out, or nothing is judged after too many failures.
pub async fn identify(state: &AppState, headers: &HeaderMap, Asker(from): Asker) -> ApiResult<Option<Admission>> {
    let Some(presented) = credentials::presented(headers) else { return Ok(None) };
    let authenticator = Arc::clone(&state.authenticator);
    state.lanes.run(Lane::Logins, move || authenticator.authenticate(&presented, &from)).await
}
