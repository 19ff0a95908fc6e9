//! `/api/api-keys`: the keys one gives to programs, and the secret one signs own tokens with. Each is shown once.

use crate::api::envelope::{Changed, Id, Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, NoParams, Oneself};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::short_list::{ShortListParams, asked, page};
use crate::api::state::AppState;
use crate::auth::Secret;
use crate::control::{ApiKey, NewApiKey};
use crate::model::{DAY_MS, Role, Scope, Scopes, Timestamp};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

const LISTING: &str = "api-keys";
/// Days a key is good where nobody says.
const DEFAULT_DAYS: i64 = 365;
/// Days a key is good at most.
const MOST_DAYS: i64 = 3650;
/// Log sources a key is restricted to at most.
const MOST_SOURCES: usize = 100;

/// A key, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiKeyRow {
    /// Its number; never reused.
    id: i64,
    /// What it is for.
    name: String,
    /// How it begins.
    #[schema(example = "tg_live_Zk3b9a")]
    prefix: String,
    /// What it may do, as far as its owner may.
    scopes: Vec<&'static str>,
    /// The log sources it is restricted to; null for all.
    sources: Option<Vec<String>>,
    /// When it was made.
    created_at: String,
    /// When it ends.
    expires_at: Option<String>,
    /// Whether it has ended.
    expired: bool,
    /// When it was last used, to the minute.
    last_used: Option<String>,
}

impl ApiKeyRow {
    fn of(key: ApiKey, now: Timestamp) -> ApiKeyRow {
        ApiKeyRow {
            id: key.id,
            expired: key.is_expired(now),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.iter().map(Scope::name).collect(),
            sources: key.sources.map(|sources| sources.to_vec()),
            created_at: key.created_at.to_rfc3339(),
            expires_at: key.expires_at.map(Timestamp::to_rfc3339),
            last_used: key.last_used_at.map(Timestamp::to_rfc3339),
        }
    }
}

/// One's own keys, by number; those that have ended too.
#[utoipa::path(
    get, path = "/api-keys", operation_id = "api_keys_list", tag = "api keys", params(ShortListParams),
    responses((status = 200, description = "A page of keys", body = Listing<ApiKeyRow>), Failures)
)]
pub async fn list(auth: Authed<Oneself>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<ApiKeyRow>> {
    let paging = asked(&uri)?;
    let (owner, now) = (auth.principal.account, state.clock.now());
    let keys = state.work(Lane::Pages, move |state| Ok(state.control.api_keys(Some(owner))?)).await?;
    let rows = keys.into_iter().map(|key| ApiKeyRow::of(key, now)).collect();
    page(rows, |row: &ApiKeyRow| row.id, &paging, (&state.cursor_key, LISTING))
}

/// A key to be made.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct NewApiKeyBody {
    /// What it is for.
    name: String,
    /// What it may do, as far as one may oneself; what a viewer may, unless given.
    scopes: Option<Vec<String>>,
    /// The names of the log sources it is restricted to; all, unless given.
    sources: Option<Vec<String>>,
    /// When it ends; in 365 days, unless given.
    #[schema(format = "date-time")]
    expires_at: Option<String>,
    /// The same as a number of days from now, 1 to 3650.
    expires_in_days: Option<i64>,
}

/// A key that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewKey {
    /// What is kept of it.
    #[serde(flatten)]
    row: ApiKeyRow,
    /// The key, for `Authorization: Bearer`; shown this once.
    #[schema(example = "tg_live_…")]
    key: String,
}

/// Makes a key.
#[utoipa::path(
    post, path = "/api-keys", operation_id = "api_keys_create", tag = "api keys",
    request_body = NewApiKeyBody,
    responses((status = 201, description = "Made", body = Success<NewKey>), Failures, BodyFailures)
)]
pub async fn create(auth: Authed<Oneself>, State(state): State<AppState>, mut fields: Fields) -> ApiResult<Response> {
    let now = state.clock.now();
    let name = fields.required_line("name", 100);
    let scopes = read_scopes(&mut fields, auth.principal.scopes);
    let sources = read_sources(&mut fields);
    let expires_at = read_end(&mut fields, now);
    fields.finish()?;
    if name.is_empty() {
        return Err(ApiError::invalid("name", "is empty; say what the key is for"));
    }
    let (owner, actor) = (auth.principal.account, auth.actor());
    let made = state.work(Lane::Pages, move |state| {
        let secret = Secret::api_key()?;
        let new = NewApiKey {
            name,
            prefix: secret.prefix().to_owned(),
            secret: secret.hash(),
            scopes,
            sources,
            expires_at: Some(expires_at),
        };
        let key = state.control.create_api_key(owner, &new, &actor)?;
        Ok(NewKey { row: ApiKeyRow::of(key, now), key: secret.expose().to_owned() })
    });
    let made = made.await?;
    let place = format!("/api/api-keys/{}", made.row.id);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Success::new(made)).into_response())
}

/// Scopes within the owner's.
fn read_scopes(fields: &mut Fields, owned: Scopes) -> Scopes {
    let Some(names) = fields.texts("scopes") else { return Role::Viewer.scopes().and(owned) };
    match Scopes::parse(&names.join(" ")) {
        Err(unknown) => fields.fault("scopes", format!("{unknown} is no scope")),
        Ok(scopes) if scopes.is_empty() => fields.fault("scopes", "names none; the key could do nothing"),
        Ok(scopes) => {
            for beyond in scopes.without(owned).iter() {
                fields.fault("scopes", format!("{} is not yours to give", beyond.name()));
            }
            return scopes;
        }
    }
    Scopes::NONE
}

fn read_sources(fields: &mut Fields) -> Option<Arc<[String]>> {
    let mut names = fields.texts("sources")?;
    names.sort_unstable();
    names.dedup();
    if names.is_empty() || names.len() > MOST_SOURCES || names.iter().any(|name| name.is_empty() || name.len() > 255) {
        fields.fault("sources", format!("must name 1 to {MOST_SOURCES} log sources; leave it out for all"));
    }
    Some(Arc::from(names))
}

fn read_end(fields: &mut Fields, now: Timestamp) -> Timestamp {
    let days = fields.number("expires_in_days", 1, MOST_DAYS);
    let at = fields.word("expires_at", |text| Timestamp::parse(text, now).ok(), "a time, such as 2027-01-31T00:00:00Z");
    if days.is_some() && at.is_some() {
        fields.fault("expires_in_days", "not together with expires_at");
    }
    let latest = Timestamp(now.0 + MOST_DAYS * DAY_MS);
    if at.is_some_and(|at| at <= now || at > latest) {
        fields.fault("expires_at", format!("must be within the next {MOST_DAYS} days"));
    }
    at.unwrap_or(Timestamp(now.0 + days.unwrap_or(DEFAULT_DAYS) * DAY_MS))
}

/// Removes one of one's own keys; it is worth nothing from then on.
#[utoipa::path(
    delete, path = "/api-keys/{id}", operation_id = "api_keys_delete", tag = "api keys",
    params(("id" = i64, Path, description = "The key's number")),
    responses((status = 200, description = "Removed", body = Changed<Id>), Failures)
)]
pub async fn delete(
    auth: Authed<Oneself>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    _: NoParams,
) -> ApiResult<Changed<Id>> {
    const ABSENT: ApiError = ApiError::NotFound("there is no such API key");
    let Path(id) = id.map_err(|_| ABSENT)?;
    let id = id.parse::<i64>().ok().filter(|number| *number > 0 && number.to_string() == id).ok_or(ABSENT)?;
    let (owner, actor) = (auth.principal.account, auth.actor());
    state.work(Lane::Pages, move |state| Ok(state.control.delete_api_key(id, Some(owner), &actor)?)).await?;
    Ok(Changed::new("API key deleted", Id { id }))
}

/// The secret one signs own tokens with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccessSecret {
    /// Its text is the key of HS256; shown this once.
    access_secret: String,
}

/// Draws another API access secret; tokens signed with the one before are worth nothing from then on.
#[utoipa::path(
    post, path = "/api-keys/access-secret", operation_id = "api_keys_access_secret", tag = "api keys",
    responses((status = 201, description = "Drawn", body = Success<AccessSecret>), Failures, BodyFailures)
)]
pub async fn access_secret(
    auth: Authed<Oneself>,
    State(state): State<AppState>,
    fields: Fields,
) -> ApiResult<Response> {
    fields.finish()?;
    let (owner, actor) = (auth.principal.account, auth.actor());
    let secret =
        state.work(Lane::Pages, move |state| Ok(state.authenticator.renew_access_secret(owner, &actor)?)).await?;
    let access_secret = secret.expose().to_owned();
    Ok((StatusCode::CREATED, Success::new(AccessSecret { access_secret })).into_response())
}
