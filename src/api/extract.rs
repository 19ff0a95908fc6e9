//! Who asks: the gate in front of `/api`, and the [`Authed`] extractor that says in a handler's signature which scope
//! it takes. HTTP Basic so far.

use super::cors;
use super::error::{ApiError, ApiResult};
use super::frame::RequestId;
use super::lanes::Lane;
use super::limits;
use super::state::AppState;
use crate::control::Actor;
use crate::model::{Credential, Lens, Principal, Scope};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::Arc;

/// The largest body read.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// Who asks: the address at the other end of the connection, put into every request by [`super::serve`], or that of
/// whom trusted proxies ask for ([`super::peer`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer(pub SocketAddr);

/// What a handler asks its caller to be allowed, as a type.
pub trait Needs: Send + Sync + 'static {
    /// The scope; none where being somebody is enough.
    const SCOPE: Option<Scope>;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident = $scope:expr),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Needs for $name {
            const SCOPE: Option<Scope> = $scope;
        }
    )*};
}

needs! {
    /// Reading the log and its statistics.
    LogsRead = Some(Scope::LogsRead),
    /// Removing events.
    LogsPurge = Some(Scope::LogsPurge),
    /// Reading the audit log.
    AuditRead = Some(Scope::AuditRead),
    /// What only the administrator may.
    Admin = Some(Scope::Admin),
    /// Being somebody.
    Anyone = None,
}

/// A caller with the scope that `S` names.
#[derive(Clone, Debug)]
pub struct Authed<S> {
    /// Who it is.
    pub principal: Principal,
    /// How personal values appear to them.
    pub lens: Lens,
    /// From where.
    pub peer: Option<Peer>,
    method: Method,
    request_id: RequestId,
    scope: PhantomData<S>,
}

impl<S> Authed<S> {
    /// The caller, for the audit log.
    pub fn actor(&self) -> Actor {
        Actor {
            username: self.principal.username.clone(),
            source_ip: self.peer.map(|peer| peer.0.ip()),
            credential: None,
            method: self.method.to_string(),
            request_id: Some(self.request_id.as_str().to_owned()),
        }
    }
}

impl<S: Needs> FromRequestParts<AppState> for Authed<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let principal = Caller::of(parts)?.ok_or(ApiError::Unauthenticated)?;
        if let Some(scope) = S::SCOPE.filter(|scope| !principal.scopes.has(*scope)) {
            return Err(ApiError::Forbidden(format!("this needs the scope {}", scope.name())));
        }
        Ok(Authed {
            lens: state.lens_of(&principal),
            principal,
            peer: parts.extensions.get().copied(),
            method: parts.method.clone(),
            request_id: parts.extensions.get::<RequestId>().cloned().unwrap_or_default(),
            scope: PhantomData,
        })
    }
}

/// A caller who may or may not have said who they are, where the answer differs but is given either way; nobody, too,
/// while that can't be found out.
#[derive(Clone, Debug)]
pub struct MaybeAuthed(pub Option<Principal>);

impl FromRequestParts<AppState> for MaybeAuthed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        Ok(MaybeAuthed(Caller::of(parts).unwrap_or_default()))
    }
}

/// What the gate found out about who asks, for whoever behind it wants to know.
#[derive(Clone, Debug)]
struct Caller(ApiResult<Option<Principal>>);

impl Caller {
    fn of(parts: &Parts) -> ApiResult<Option<Principal>> {
        parts.extensions.get::<Caller>().map_or(Ok(None), |Caller(found)| found.clone())
    }
}

/// In front of every route: finds out who asks, once, and counts the request. Below `/api`, where the route is not open:
/// no valid credentials, no answer but 401, whatever the path or method; and no change on behalf of a page from
/// elsewhere.
pub async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Whoever is not even counted is not asked for a name.
    let counted = limits::is_limited(request.uri().path());
    let caller = if counted { authenticate(&state, request.headers()).await } else { Ok(None) };
    let passed = pass(&state, &request, &caller);
    request.extensions_mut().insert(Caller(caller));
    match passed {
        Ok(None) => next.run(request).await,
        Ok(Some(answer)) => answer,
        Err(failure) => failure.into_response(),
    }
}

/// Whether a request may go on to its route; an answer where it is to have that instead.
fn pass(state: &AppState, request: &Request, caller: &ApiResult<Option<Principal>>) -> ApiResult<Option<Response>> {
    limits::admit(state, request, caller.as_ref().ok().and_then(Option::as_ref))?;
    if let Some(answer) = cors::preflight(state, request) {
        return Ok(Some(answer));
    }
    if needs_credentials(request.uri().path()) {
        let principal = caller.clone()?.ok_or(ApiError::Unauthenticated)?;
        let headers = request.headers();
        // A listed origin's page sends a password itself; a cookie comes along whoever makes the browser ask.
        let listed = principal.credential == Credential::Password && cors::is_listed(state, headers);
        if !request.method().is_safe() && !listed && !comes_from_here(headers) {
            return Err(ApiError::Forbidden("a page of another origin can't do this".to_owned()));
        }
    }
    Ok(None)
}

/// Whether a path lies below `/api` and is not one of the open ones.
fn needs_credentials(path: &str) -> bool {
    let below = |path: &'_ str, prefix: &str| -> Option<String> {
        let rest = path.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
    };
    let Some(rest) = below(path, "/api") else { return false };
    let rest = below(&rest, "/v1").unwrap_or(rest);
    !super::router::OPEN.contains(&rest.as_str())
}

/// Browsers send Basic credentials along with requests other sites make them send; those name their origin. A request
/// with neither `Origin` nor `Sec-Fetch-Site` doesn't come from a browser.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(ORIGIN.as_str()), text("sec-fetch-site")) {
        (None, None) => true,
        (_, Some("same-origin")) => true,
        (Some(origin), _) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && authority == text(HOST.as_str())
        }
        (None, Some(_)) => false,
    }
}

/// The principal the credentials of a request stand for; `None` when there are none or they are wrong.
///
/// # Errors
/// When it can't be found out.
pub async fn authenticate(state: &AppState, headers: &HeaderMap) -> ApiResult<Option<Principal>> {
    let Some((username, password)) = basic(headers) else { return Ok(None) };
    let authenticator = Arc::clone(&state.authenticator);
    state.lanes.run(Lane::Logins, move || authenticator.basic(&username, &password)).await
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(token.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_covers_everything_below_api_but_the_open_routes() {
        for closed in ["/api", "/api/", "/api/logs", "/api/v1", "/api/v1/nothing", "/api/health/", "/api/v1/v1/health"]
        {
            assert!(needs_credentials(closed), "{closed}");
        }
        for open in ["/", "/apis", "/api/health", "/api/v1/health", "/api/openapi.json", "/livez"] {
            assert!(!needs_credentials(open), "{open}");
        }
    }

    #[test]
    fn other_origins_change_nothing() {
        let ask = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            comes_from_here(&headers)
        };
        assert!(ask(&[]));
        assert!(ask(&[("sec-fetch-site", "same-origin"), ("origin", "http://a")]));
        assert!(ask(&[("host", "a:8080"), ("origin", "http://a:8080")]));
        for elsewhere in [("origin", "http://b"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            assert!(!ask(&[("host", "a:8080"), elsewhere]), "{elsewhere:?}");
        }
        assert!(!ask(&[("sec-fetch-site", "same-site")]));
    }
}
