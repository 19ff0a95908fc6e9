//! Logging in for tokens, renewing them, logging out, changing one's password, and who one is.

use crate::api::envelope::{Changed, Success};
use crate::api::error::{ApiError, ApiResult, Faults};
use crate::api::extract::{AnyoneYet, Narrowed, NoParams, OneselfYet};
use crate::api::fields::Fields;
use crate::api::identity::{Asker, expired, session_cookie};
use crate::api::lanes::Lane;
use crate::api::peer::Secure;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::users::UserRow;
use crate::api::state::AppState;
use crate::auth::{Judgement, PasswordWish, Session, TokenPair};
use crate::control::{Account, Actor};
use crate::model::{Credential, Scope, Timestamp};
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What logging in takes.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct LoginBody {
    /// The user's name.
    username: String,
    /// Their password.
    password: String,
    /// The code of their authenticator, where they have one.
    #[schema(example = "123456")]
    totp: Option<String>,
}

/// Tokens, at the top level.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tokens {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// For `Authorization: Bearer`.
    access_token: String,
    /// For `POST /api/auth/refresh`, once.
    refresh_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds the access token is good.
    #[schema(example = 28800)]
    expires_in: i64,
    /// Whether the password has to be changed before anything else.
    password_change_required: bool,
}

impl Tokens {
    fn of(pair: TokenPair, password_change_required: bool) -> Tokens {
        Tokens {
            status: "success",
            success: true,
            access_token: pair.access,
            refresh_token: pair.refresh,
            token_type: "Bearer",
            expires_in: pair.expires_in_s,
            password_change_required,
        }
    }
}

/// The account of a name, password and code.
///
/// # Errors
/// 401 when anything of it is wrong; then, of a right password, `errors` names `totp` where a code is asked for. 429
/// after too many failures.
pub(super) fn judge(state: &AppState, given: &Given, from: &Actor) -> ApiResult<Account> {
    match state.authenticator.judge(&given.username, &given.password, given.totp.as_deref(), from)? {
        Judgement::Right(account) => Ok(*account),
        Judgement::Refused => Err(ApiError::Unauthenticated),
        Judgement::TotpNeeded => Err(ApiError::TotpNeeded),
    }
}

/// What was given to log in with.
pub(super) struct Given {
    username: String,
    password: String,
    totp: Option<String>,
}

impl Given {
    /// Takes the fields; `Fields::finish` says what is wrong with them.
    pub(super) fn take(fields: &mut Fields) -> Given {
        let (username, password) = (fields.required("username"), fields.required("password"));
        // A form sends its empty boxes along.
        let totp = fields.text("totp").filter(|code| !code.is_empty());
        Given { username, password, totp }
    }
}

/// Trades a name and password for tokens.
#[utoipa::path(
    post, path = "/auth/login", operation_id = "auth_login", tag = "auth", security(()), request_body = LoginBody,
    responses((status = 200, description = "Tokens of a new login", body = Tokens), Failures, BodyFailures)
)]
pub async fn login(State(state): State<AppState>, Asker(from): Asker, mut fields: Fields) -> ApiResult<Json<Tokens>> {
    let given = Given::take(&mut fields);
    fields.finish()?;
    let tokens = state.work(Lane::Logins, move |state| {
        let account = judge(state, &given, &from)?;
        let pair = state.authenticator.begin_tokens(&account, &from)?.ok_or(ApiError::Unauthenticated)?;
        Ok(Tokens::of(pair, account.must_change_password))
    });
    tokens.await.map(Json)
}

/// What renewing tokens takes.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct RefreshBody {
    /// The refresh token of the pair before; good once.
    refresh_token: String,
}

/// Trades a refresh token for the next pair. One that was used before ends its login.
#[utoipa::path(
    post, path = "/auth/refresh", operation_id = "auth_refresh", tag = "auth", security(()), request_body = RefreshBody,
    responses((status = 200, description = "The next tokens", body = Tokens), Failures, BodyFailures)
)]
pub async fn refresh(State(state): State<AppState>, Asker(from): Asker, mut fields: Fields) -> ApiResult<Json<Tokens>> {
    let token = fields.required("refresh_token");
    fields.finish()?;
    let tokens = state.work(Lane::Logins, move |state| {
        let (pair, account) = state.authenticator.refresh(&token, &from)?.ok_or(ApiError::Unauthenticated)?;
        Ok(Tokens::of(pair, account.must_change_password))
    });
    tokens.await.map(Json)
}

/// What became of a login.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LoggedOut {
    /// Whether there was a login to end: not with a password or an API key.
    ended: bool,
}

impl LoggedOut {
    pub(super) fn new(ended: bool) -> LoggedOut {
        LoggedOut { ended }
    }
}

/// Ends the login the request came with: its session, or its tokens.
#[utoipa::path(
    post, path = "/logout", operation_id = "auth_logout", tag = "auth",
    responses((status = 200, description = "Logged out", body = Changed<LoggedOut>), Failures, BodyFailures)
)]
pub async fn logout(
    Narrowed(auth): Narrowed<AnyoneYet>,
    State(state): State<AppState>,
    secure: Secure,
    fields: Fields,
) -> ApiResult<Response> {
    fields.finish()?;
    let (actor, credential) = (auth.actor(), auth.principal.credential);
    let cookie = matches!(credential, Credential::Session(_)).then(|| [(SET_COOKIE, expired(secure))]);
    let ended = state.work(Lane::Pages, move |state| Ok(state.authenticator.log_out(&credential, &actor)?)).await?;
    Ok((cookie, Changed::new("Logged out", LoggedOut::new(ended))).into_response())
}

/// What changing one's password takes.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct PasswordBody {
    /// The present password.
    current_password: String,
    /// The one wanted.
    new_password: String,
}

/// What comes of another password: all logins have ended, and the one the request came with begins anew.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PasswordChanged {
    /// Where the request came with an access token: the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access_token: Option<String>,
    /// And its refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// Where the request came with a session, whose cookie is set anew: its CSRF token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    csrf_token: Option<String>,
}

/// Changes one's own password. 403 when the present one is wrong, 422 when the new one is weak.
#[utoipa::path(
    post, path = "/change-password", operation_id = "auth_change_password", tag = "auth",
    request_body = PasswordBody,
    responses((status = 200, description = "Changed", body = Changed<PasswordChanged>), Failures, BodyFailures)
)]
pub async fn change_password(
    Narrowed(auth): Narrowed<OneselfYet>,
    State(state): State<AppState>,
    secure: Secure,
    mut fields: Fields,
) -> ApiResult<Response> {
    let (current, wanted) = (fields.required("current_password"), fields.required("new_password"));
    fields.finish()?;
    let actor = auth.actor();
    let principal = auth.principal;
    let (session, answer) = state
        .work(Lane::Logins, move |state| {
            let wish = state.authenticator.change_password(principal.account, &current, &wanted, &actor)?;
            let account = match wish {
                PasswordWish::Done(account) => account,
                PasswordWish::WrongCurrent => {
                    return Err(ApiError::Forbidden("current_password is not your present password".to_owned()));
                }
                PasswordWish::Weak(weakness) => {
                    return Err(ApiError::Invalid(Faults::one("new_password", weakness.to_string())));
                }
            };
            begin_anew(state, &principal.credential, &account, &actor)
        })
        .await?;
    let cookie = session.map(|session| [(SET_COOKIE, session_cookie(&session, secure))]);
    Ok((cookie, Changed::new("Password changed", answer)).into_response())
}

/// Begins the login again that the request came with.
fn begin_anew(
    state: &AppState,
    credential: &Credential,
    account: &Account,
    actor: &Actor,
) -> ApiResult<(Option<Session>, PasswordChanged)> {
    let mut answer = PasswordChanged::default();
    match credential {
        Credential::Session(_) => {
            let session = state.authenticator.begin_session(account, actor)?;
            answer.csrf_token = session.as_ref().map(|session| state.authenticator.csrf_token(session.login));
            Ok((session, answer))
        }
        Credential::AccessToken(_) => {
            let pair = state.authenticator.begin_tokens(account, actor)?;
            (answer.access_token, answer.refresh_token) = pair.map(|pair| (pair.access, pair.refresh)).unzip();
            Ok((None, answer))
        }
        Credential::Password | Credential::ApiKey(_) | Credential::SelfSigned => Ok((None, answer)),
    }
}

/// Who one is, and with what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    #[serde(flatten)]
    user: UserRow,
    /// What may be done with these credentials.
    scopes: Vec<&'static str>,
    /// What they are: `password`, `session 3`, `access token 3`, `API key 3`, `self-signed token`.
    #[schema(example = "session 3")]
    credential: String,
    /// The log sources they are restricted to; null for all.
    sources: Option<Vec<String>>,
    /// Whether the password has to be changed before anything else.
    password_change_required: bool,
    /// When the credentials end by themselves; null where they don't.
    expires_at: Option<String>,
    /// With a session: what changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`.
    csrf_token: Option<String>,
}

/// Who the request's credentials stand for and what they allow.
#[utoipa::path(
    get, path = "/auth/me", operation_id = "auth_me", tag = "auth",
    responses((status = 200, description = "The caller", body = Success<Me>), Failures)
)]
pub async fn me(
    Narrowed(auth): Narrowed<AnyoneYet>,
    State(state): State<AppState>,
    _: NoParams,
) -> ApiResult<Success<Me>> {
    let principal = auth.principal;
    let id = principal.account;
    let account = state.work(Lane::Pages, move |state| Ok(state.control.account_by_id(id)?)).await?;
    let csrf_token = match principal.credential {
        Credential::Session(session) => Some(state.authenticator.csrf_token(session)),
        _ => None,
    };
    Ok(Success::new(Me {
        user: UserRow::of(account.ok_or(ApiError::Unauthenticated)?),
        scopes: principal.scopes.iter().map(Scope::name).collect(),
        credential: principal.credential.describe(),
        sources: principal.sources.map(|sources| sources.to_vec()),
        password_change_required: principal.must_change_password,
        expires_at: (auth.until < Timestamp::MAX).then(|| auth.until.to_rfc3339()),
        csrf_token,
    }))
}
