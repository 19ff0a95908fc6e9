//! `/api/auth/totp`: one's own second factor, a time-based one-time password.

use crate::api::envelope::{Changed, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, Oneself};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What confirms a second factor.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct TotpBody {
    /// The code the authenticator shows; without it a secret is drawn.
    #[schema(example = "123456")]
    code: Option<String>,
}

/// A second factor to be confirmed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotpOffer {
    /// For typing into an authenticator; shown this once.
    secret: String,
    /// For showing as a QR code.
    #[schema(example = "otpauth://totp/Tidegate:ada?secret=…&issuer=Tidegate")]
    otpauth_uri: String,
}

/// Whether there is a second factor now.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct TotpState {
    /// Whether logging in takes a code.
    totp: bool,
}

/// Draws a second factor (201), or with the code it shows turns it on (200). From then on logging in takes a code, and
/// HTTP Basic is refused.
#[utoipa::path(
    post, path = "/auth/totp", operation_id = "totp_enrol", tag = "auth",
    request_body = TotpBody,
    responses(
        (status = 201, description = "Drawn, to be confirmed", body = Success<TotpOffer>),
        (status = 200, description = "Turned on", body = Changed<TotpState>), Failures, BodyFailures
    )
)]
pub async fn enrol(auth: Authed<Oneself>, State(state): State<AppState>, mut fields: Fields) -> ApiResult<Response> {
    let code = fields.text("code");
    fields.finish()?;
    let (id, actor) = (auth.principal.account, auth.actor());
    let taken = || ApiError::Conflict("there is a second factor already; turn it off first".to_owned());
    let answer = state.work(Lane::Logins, move |state| {
        let Some(code) = code else {
            let secret = state.authenticator.offer_totp(id, &actor)?.ok_or_else(taken)?;
            let offer = TotpOffer { secret: secret.base32(), otpauth_uri: secret.uri(&actor.username) };
            return Ok((StatusCode::CREATED, Success::new(offer)).into_response());
        };
        let account = state.control.account_by_id(id)?.ok_or(ApiError::Unauthenticated)?;
        if account.needs_totp() {
            return Err(taken());
        }
        if account.totp.is_none() {
            return Err(ApiError::Conflict("there is nothing to confirm; POST without a code first".to_owned()));
        }
        if !state.authenticator.confirm_totp(id, &code, &actor)? {
            return Err(ApiError::invalid("code", "is not what the authenticator shows now"));
        }
        Ok(Changed::new("Second factor turned on", TotpState { totp: true }).into_response())
    });
    answer.await
}

/// What turns a second factor off: either.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct TotpEndBody {
    /// The password.
    password: Option<String>,
    /// A code.
    code: Option<String>,
}

/// Turns one's second factor off, with the password or a code.
#[utoipa::path(
    delete, path = "/auth/totp", operation_id = "totp_remove", tag = "auth",
    request_body = TotpEndBody,
    responses((status = 200, description = "Turned off", body = Changed<TotpState>), Failures, BodyFailures)
)]
pub async fn remove(
    auth: Authed<Oneself>,
    State(state): State<AppState>,
    mut fields: Fields,
) -> ApiResult<Changed<TotpState>> {
    let (password, code) = (fields.text("password"), fields.text("code"));
    fields.finish()?;
    if password.is_none() && code.is_none() {
        return Err(ApiError::Malformed("missing: password or code".to_owned()));
    }
    let (id, actor) = (auth.principal.account, auth.actor());
    let removed = state.work(Lane::Logins, move |state| {
        Ok(state.authenticator.remove_totp(id, password.as_deref(), code.as_deref(), &actor)?)
    });
    if !removed.await? {
        return Err(ApiError::Forbidden("the password or code is wrong".to_owned()));
    }
    Ok(Changed::new("Second factor turned off", TotpState { totp: false }))
}
