//! `POST /login` and `POST /logout`, beside `/api`: a browser's session, by cookie.

use crate::api::envelope::{Changed, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{AnyoneYet, Narrowed};
use crate::api::fields::FormFields;
use crate::api::identity::{Asker, comes_from_here, expired, same_origin_path, session_cookie};
use crate::api::lanes::Lane;
use crate::api::peer::Secure;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::auth::{Given, LoggedOut, judge};
use crate::api::state::AppState;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What a browser logs in with; as JSON or a form.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct SessionBody {
    /// The user's name.
    username: String,
    /// Their password.
    password: String,
    /// The code of their authenticator, where they have one.
    totp: Option<String>,
    /// Where to go then: a path of this origin, anything else is `/`.
    #[schema(example = "/")]
    next: Option<String>,
}

/// A session that has begun; its cookie is in `Set-Cookie`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionStarted {
    /// Whose it is.
    username: String,
    /// Seconds it lasts.
    expires_in: i64,
    /// What changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`.
    csrf_token: String,
    /// Whether the password has to be changed before anything else.
    password_change_required: bool,
    /// Where to go now.
    next: String,
}

/// Begins a session. A form that names a `next` is sent there (303); everything else gets the envelope.
#[utoipa::path(
    post, path = "/login", operation_id = "session_begin", tag = "auth", security(()),
    request_body(content((SessionBody = "application/json"), (SessionBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "Logged in", body = Success<SessionStarted>),
        (status = 303, description = "Logged in by a form, on to `next`"), Failures, BodyFailures
    )
)]
pub async fn login(
    State(state): State<AppState>,
    Asker(from): Asker,
    secure: Secure,
    headers: HeaderMap,
    FormFields(mut fields, form): FormFields,
) -> ApiResult<Response> {
    from_here(&headers, secure)?;
    let given = Given::take(&mut fields);
    let next = fields.text("next");
    fields.finish()?;
    let (account, session) = state
        .work(Lane::Logins, move |state| {
            let account = judge(state, &given, &from)?;
            let session = state.authenticator.begin_session(&account, &from)?.ok_or(ApiError::Unauthenticated)?;
            Ok((account, session))
        })
        .await?;
    let cookie = [(SET_COOKIE, session_cookie(&session, secure))];
    let path = same_origin_path(next.as_deref());
    if form && next.is_some() {
        return Ok((cookie, Redirect::to(path)).into_response());
    }
    let started = SessionStarted {
        username: account.name,
        expires_in: session.max_age_s,
        csrf_token: state.authenticator.csrf_token(session.login),
        password_change_required: account.must_change_password,
        next: path.to_owned(),
    };
    Ok((cookie, Success::new(started)).into_response())
}

/// Ends the session, where there is one, and takes its cookie away. A form is sent to the login page (303).
#[utoipa::path(
    post, path = "/logout", operation_id = "session_end", tag = "auth", security(()),
    responses(
        (status = 200, description = "Logged out", body = Changed<LoggedOut>),
        (status = 303, description = "Logged out by a form, on to the login page"), Failures, BodyFailures
    )
)]
pub async fn logout(
    State(state): State<AppState>,
    who: Result<Narrowed<AnyoneYet>, ApiError>,
    secure: Secure,
    headers: HeaderMap,
    FormFields(fields, form): FormFields,
) -> ApiResult<Response> {
    from_here(&headers, secure)?;
    fields.finish()?;
    let ended = match who {
        Ok(Narrowed(auth)) => {
            let (actor, credential) = (auth.actor(), auth.principal.credential);
            state.work(Lane::Pages, move |state| Ok(state.authenticator.log_out(&credential, &actor)?)).await?
        }
        // A session that has ended already is no reason to keep its cookie.
        Err(ApiError::Unauthenticated) => false,
        Err(failure) => return Err(failure),
    };
    let cookie: [(_, HeaderValue); 1] = [(SET_COOKIE, expired(secure))];
    if form {
        return Ok((cookie, Redirect::to("/login")).into_response());
    }
    Ok((cookie, Changed::new("Logged out", LoggedOut::new(ended))).into_response())
}

/// A page elsewhere neither logs somebody in as somebody else nor out.
fn from_here(headers: &HeaderMap, secure: Secure) -> ApiResult<()> {
    if comes_from_here(headers, secure) {
        Ok(())
    } else {
        Err(ApiError::Forbidden("a page of another origin can't do this".to_owned()))
    }
}
