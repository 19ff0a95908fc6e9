//! Who asks: the gate in front of `/api`, and the [`Authed`] extractor that says in a handler's signature what its
//! caller must be allowed. How credentials travel is `identity`'s.

use super::cors;
use super::error::{ApiError, ApiResult};
use super::frame::RequestId;
use super::identity::{Asker, comes_from_here, identify, vouched};
use super::limits;
use super::params::Asked;
use super::state::AppState;
use crate::auth::Admission;
use crate::control::Actor;
use crate::model::{Credential, Lens, Principal, Scope, Timestamp};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::marker::PhantomData;
use std::net::SocketAddr;

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
    /// Whether it must be the person, not a key or token made for a program.
    const PERSONAL: bool = false;
    /// Whether it may be done while the password has yet to be changed.
    const BEFORE_PASSWORD_CHANGE: bool = false;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident = $scope:expr $(, $flag:ident)*);* $(;)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Needs for $name {
            const SCOPE: Option<Scope> = $scope;
            $(const $flag: bool = true;)*
        }
    )*};
}

needs! {
    /// Reading the log and its statistics.
    LogsRead = Some(Scope::LogsRead);
    /// Taking rows away in files.
    LogsExport = Some(Scope::LogsExport);
    /// Removing events.
    LogsPurge = Some(Scope::LogsPurge);
    /// Reading the audit log.
    AuditRead = Some(Scope::AuditRead);
    /// Reading alerts and findings.
    AlertsRead = Some(Scope::AlertsRead);
    /// Changing what is said of alerts and findings.
    AlertsWrite = Some(Scope::AlertsWrite);
    /// Changing settings.
    SettingsWrite = Some(Scope::SettingsWrite);
    /// Managing accounts.
    UsersWrite = Some(Scope::UsersWrite);
    /// What only the administrator may.
    Admin = Some(Scope::Admin);
    /// Being somebody.
    Anyone = None;
    /// Being somebody, whose password may have yet to be changed.
    AnyoneYet = None, BEFORE_PASSWORD_CHANGE;
    /// Being the person.
    Oneself = None, PERSONAL;
    /// Being the person, whose password may have yet to be changed.
    OneselfYet = None, PERSONAL, BEFORE_PASSWORD_CHANGE;
}

/// A caller with what `S` asks for, who is restricted to no log sources.
#[derive(Clone, Debug)]
pub struct Authed<S> {
    /// Who it is.
    pub principal: Principal,
    /// When its credential ends by itself.
    pub until: Timestamp,
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
            credential: Some(self.principal.credential.describe()),
            method: self.method.to_string(),
            request_id: Some(self.request_id.as_str().to_owned()),
        }
    }
}

impl<S: Needs> FromRequestParts<AppState> for Authed<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let authed = admit::<S>(parts, state)?;
        if authed.principal.sources.is_some() {
            let text = "this API key is restricted to some log sources, and this can't be";
            return Err(ApiError::Forbidden(text.to_owned()));
        }
        Ok(authed)
    }
}

/// A caller with what `S` asks for, who may be restricted to some log sources: for handlers that keep to
/// `principal.sources`, or whose answer has nothing of any source in it.
#[derive(Clone, Debug)]
pub struct Narrowed<S>(pub Authed<S>);

impl<S: Needs> FromRequestParts<AppState> for Narrowed<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        admit::<S>(parts, state).map(Narrowed)
    }
}

fn admit<S: Needs>(parts: &Parts, state: &AppState) -> ApiResult<Authed<S>> {
    let admission = Caller::of(parts)?.ok_or(ApiError::Unauthenticated)?;
    let principal = admission.principal;
    if principal.must_change_password && !S::BEFORE_PASSWORD_CHANGE {
        return Err(ApiError::PasswordChangeRequired);
    }
    if S::PERSONAL && !principal.credential.is_personal() {
        let text = "log in for this; API keys and self-signed tokens are for programs";
        return Err(ApiError::Forbidden(text.to_owned()));
    }
    if let Some(scope) = S::SCOPE.filter(|scope| !principal.scopes.has(*scope)) {
        return Err(ApiError::Forbidden(format!("this needs the scope {}", scope.name())));
    }
    Ok(Authed {
        lens: state.lens_of(&principal),
        principal,
        until: admission.until,
        peer: parts.extensions.get().copied(),
        method: parts.method.clone(),
        request_id: parts.extensions.get::<RequestId>().cloned().unwrap_or_default(),
        scope: PhantomData,
    })
}

/// A caller who may or may not have said who they are, where the answer differs but is given either way. Nobody, too,
/// while that can't be found out, with a key restricted to some log sources, and until a forced password change.
#[derive(Clone, Debug)]
pub struct MaybeAuthed(pub Option<Principal>);

impl FromRequestParts<AppState> for MaybeAuthed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        let admission = Caller::of(parts).unwrap_or_default();
        let whole = |principal: &Principal| principal.sources.is_none() && !principal.must_change_password;
        Ok(MaybeAuthed(admission.map(|admission| admission.principal).filter(whole)))
    }
}

/// No query parameters, for routes that take none.
#[derive(Clone, Copy, Debug)]
pub struct NoParams;

impl<S: Sync> FromRequestParts<S> for NoParams {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        Asked::of(&parts.uri, &[]).finish().map(|()| NoParams)
    }
}

/// What the gate found out about who asks, for whoever behind it wants to know.
#[derive(Clone, Debug)]
struct Caller(ApiResult<Option<Admission>>);

impl Caller {
    fn of(parts: &Parts) -> ApiResult<Option<Admission>> {
        parts.extensions.get::<Caller>().map_or(Ok(None), |Caller(found)| found.clone())
    }
}

/// In front of every route: finds out who asks, once, and counts the request. Below `/api`, where the route is not open:
/// no valid credentials, no answer but 401, whatever the path or method; and no change on behalf of a page from
/// elsewhere.
pub async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Whoever is not even counted is not asked for a name.
    let counted = limits::is_limited(request.uri().path());
    let from = Asker::of(request.method(), request.extensions());
    let caller = if counted { identify(&state, request.headers(), from).await } else { Ok(None) };
    let passed = pass(&state, &request, &caller);
    let admitted = caller.as_ref().ok().and_then(Option::clone).filter(|_| matches!(passed, Ok(None)));
    if let Some(admission) = admitted {
        request = vouched(&state, &admission, request).await;
    }
    request.extensions_mut().insert(Caller(caller));
    match passed {
        Ok(None) => next.run(request).await,
        Ok(Some(answer)) => answer,
        Err(failure) => failure.into_response(),
    }
}

/// Whether a request may go on to its route; an answer where it is to have that instead.
fn pass(state: &AppState, request: &Request, caller: &ApiResult<Option<Admission>>) -> ApiResult<Option<Response>> {
    let principal = caller.as_ref().ok().and_then(Option::as_ref).map(|admission| &admission.principal);
    limits::admit(state, request, principal)?;
    if let Some(answer) = cors::preflight(state, request) {
        return Ok(Some(answer));
    }
    if needs_credentials(request.uri().path()) {
        let principal = caller.clone()?.ok_or(ApiError::Unauthenticated)?.principal;
        if !request.method().is_safe() && !is_meant(state, &principal, request) {
            return Err(ApiError::Forbidden("a page of another origin can't do this".to_owned()));
        }
    }
    Ok(None)
}

/// The header that carries a session's CSRF token.
const X_CSRF_TOKEN: &str = "x-csrf-token";

/// Whether whoever the credentials belong to meant the request: browsers send passwords and cookies along by
/// themselves, tokens never.
fn is_meant(state: &AppState, principal: &Principal, request: &Request) -> bool {
    let headers = request.headers();
    let secure = request.extensions().get().copied().unwrap_or_default();
    let shown = || headers.get(X_CSRF_TOKEN).and_then(|token| token.to_str().ok());
    match principal.credential {
        Credential::AccessToken(_) | Credential::ApiKey(_) | Credential::SelfSigned => true,
        // A listed origin's page sends a password itself; a cookie comes along whoever makes the browser ask.
        Credential::Password => comes_from_here(headers, secure) || cors::is_listed(state, headers),
        Credential::Session(session) => {
            comes_from_here(headers, secure)
                || shown().is_some_and(|token| state.authenticator.is_csrf_token(session, token))
        }
    }
}

/// Whether a path lies below `/api` and is not one of the open ones; or changes something beside it.
fn needs_credentials(path: &str) -> bool {
    if path == "/restart-server" {
        return true;
    }
    let below = |path: &'_ str, prefix: &str| -> Option<String> {
        let rest = path.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
    };
    let Some(rest) = below(path, "/api") else { return false };
    let rest = below(&rest, "/v1").unwrap_or(rest);
    !super::router::OPEN.contains(&rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_covers_everything_below_api_but_the_open_routes() {
        for closed in [
            "/api",
            "/api/",
            "/api/logs",
            "/api/v1",
            "/api/v1/nothing",
            "/api/health/",
            "/restart-server",
            "/api/v1/v1/health",
        ] {
            assert!(needs_credentials(closed), "{closed}");
        }
        for open in ["/", "/apis", "/api/health", "/api/v1/health", "/api/openapi.json", "/livez"] {
            assert!(!needs_credentials(open), "{open}");
        }
    }
}
