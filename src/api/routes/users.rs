//! `/api/users`: accounts. Whoever may `users:write` manages those whose role gives nothing beyond what they may
//! themselves; everybody sees their own and changes how they are called.

use crate::api::envelope::{Changed, Id, Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Anyone, Authed, NoParams, UsersWrite};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::short_list::{ShortListParams, asked, page};
use crate::api::state::AppState;
use crate::auth::Password;
use crate::control::{Account, AccountChange, AccountName, NewAccount, Theme};
use crate::model::{AccountId, Principal, Role, Scope, Scopes, Timestamp};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

const LISTING: &str = "users";
/// Characters of a display name or an e-mail address at most.
const MOST_CHARS: usize = 254;

/// An account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserRow {
    /// Its number; never reused.
    pub id: i64,
    /// Its name, to log in with.
    pub username: String,
    /// What to call its owner; may be empty.
    pub display_name: String,
    /// Where to write to its owner; may be empty.
    pub email: String,
    /// `system`, `light` or `dark`.
    #[schema(example = "system")]
    pub theme: &'static str,
    /// `viewer`, `auditor` or `admin`.
    #[schema(example = "viewer")]
    pub role: &'static str,
    /// Whether it may come in.
    pub enabled: bool,
    /// Whether it may read personal data while masking is on.
    pub pii_read: bool,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
    /// Whether logging in takes a code, too.
    pub totp: bool,
    /// Whether it may sign tokens of its own.
    pub access_secret: bool,
    /// When it was created.
    pub created_at: String,
    /// When its owner last logged in for a session or tokens.
    pub last_login: Option<String>,
}

impl UserRow {
    /// What is shown of an account.
    pub fn of(account: Account) -> UserRow {
        UserRow {
            id: account.id.0,
            totp: account.needs_totp(),
            username: account.name,
            display_name: account.display_name,
            email: account.email,
            theme: account.theme.name(),
            role: account.role.name(),
            enabled: account.enabled,
            pii_read: account.pii_read,
            must_change_password: account.must_change_password,
            access_secret: account.access_secret.is_some(),
            created_at: account.created_at.to_rfc3339(),
            last_login: account.last_login_at.map(Timestamp::to_rfc3339),
        }
    }
}

/// Every account, by number.
#[utoipa::path(
    get, path = "/users", operation_id = "users_list", tag = "users", params(ShortListParams),
    responses((status = 200, description = "A page of accounts", body = Listing<UserRow>), Failures)
)]
pub async fn list(_: Authed<UsersWrite>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<UserRow>> {
    let paging = asked(&uri)?;
    let accounts = state.work(Lane::Pages, |state| Ok(state.control.accounts()?)).await?;
    let rows = accounts.into_iter().map(UserRow::of).collect();
    page(rows, |row: &UserRow| row.id, &paging, (&state.cursor_key, LISTING))
}

/// An account to be made.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct NewUserBody {
    /// Its name, to log in with: 1 to 64 characters.
    username: String,
    /// Its password; without one it is drawn, answered once, and has to be changed at the first login.
    password: Option<String>,
    /// `viewer` (unless given), `auditor` or `admin`.
    role: Option<String>,
    /// What to call its owner.
    display_name: Option<String>,
    /// Where to write to its owner.
    email: Option<String>,
    /// `system`, `light` or `dark`.
    theme: Option<String>,
    /// Whether the password has to be changed before anything else.
    must_change_password: Option<bool>,
}

/// An account that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewUser {
    /// The account.
    #[serde(flatten)]
    user: UserRow,
    /// Its password, where it was drawn here; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    temporary_password: Option<String>,
}

/// Makes an account.
#[utoipa::path(
    post, path = "/users", operation_id = "users_create", tag = "users",
    request_body = NewUserBody,
    responses((status = 201, description = "Made", body = Success<NewUser>), Failures, BodyFailures)
)]
pub async fn create(
    auth: Authed<UsersWrite>,
    State(state): State<AppState>,
    mut fields: Fields,
) -> ApiResult<Response> {
    let name = fields.required("username");
    let given = fields.text("password");
    let role = fields.word("role", Role::parse, "viewer, auditor or admin").unwrap_or(Role::Viewer);
    let profile = Profile::take(&mut fields);
    let must_change = fields.truth("must_change_password").unwrap_or(given.is_none());
    let checked = AccountName::new(&name);
    if let Err(fault) = &checked {
        fields.fault("username", fault.to_string());
    }
    let accepted = given.map(|text| state.authenticator.accept_password(&text, &name)).transpose();
    if let Err(weakness) = &accepted {
        fields.fault("password", weakness.to_string());
    }
    fields.finish()?;
    let name = checked.map_err(|fault| ApiError::invalid("username", fault.to_string()))?;
    let accepted = accepted.map_err(|weakness| ApiError::invalid("password", weakness.to_string()))?;
    may_manage(&auth.principal, role)?;
    let actor = auth.actor();
    let made = state.work(Lane::Logins, move |state| {
        let (password, drawn) = match accepted {
            Some(password) => (password, false),
            None => (Password::generate().map_err(ApiError::internal)?, true),
        };
        let new = NewAccount {
            name,
            password_hash: state.authenticator.hash(&password)?,
            role,
            display_name: profile.display_name.unwrap_or_default(),
            email: profile.email.unwrap_or_default(),
            theme: profile.theme.unwrap_or_default(),
            must_change_password: must_change,
        };
        let account = state.control.create_account(&new, &actor)?;
        let temporary_password = drawn.then(|| password.expose().to_owned());
        Ok(NewUser { user: UserRow::of(account), temporary_password })
    });
    let made = made.await?;
    let place = format!("/api/users/{}", made.user.id);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Success::new(made)).into_response())
}

/// One account: any for whoever manages accounts, one's own for everybody.
#[utoipa::path(
    get, path = "/users/{id}", operation_id = "users_get", tag = "users",
    params(("id" = i64, Path, description = "The account's number")),
    responses((status = 200, description = "The account", body = Success<UserRow>), Failures)
)]
pub async fn detail(
    auth: Authed<Anyone>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    _: NoParams,
) -> ApiResult<Success<UserRow>> {
    let id = oneself_or_manager(&auth.principal, id)?;
    let account = state.work(Lane::Pages, move |state| Ok(state.control.account_by_id(id)?)).await?;
    Ok(Success::new(UserRow::of(account.ok_or(ABSENT)?)))
}

/// What to change of an account; what is left out stays.
#[derive(ToSchema)]
#[allow(dead_code)] // for the OpenAPI document; `Fields` reads it
pub struct UserBody {
    /// What to call its owner.
    display_name: Option<String>,
    /// Where to write to its owner.
    email: Option<String>,
    /// `system`, `light` or `dark`.
    theme: Option<String>,
    /// `viewer`, `auditor` or `admin`; ends all its logins.
    role: Option<String>,
    /// Whether it may come in; shutting it out ends all its logins.
    enabled: Option<bool>,
    /// Whether it may read personal data while masking is on; an administrator grants it, and not to oneself.
    pii_read: Option<bool>,
    /// The same in other words: `["pii:read"]` or `[]`, the scopes granted beyond the role.
    scopes: Option<Vec<String>>,
}

/// Changes an account; of one's own without `users:write`, what it is called, its e-mail address and theme.
#[utoipa::path(
    put, path = "/users/{id}", operation_id = "users_update", tag = "users",
    params(("id" = i64, Path, description = "The account's number")), request_body = UserBody,
    responses((status = 200, description = "Changed", body = Changed<UserRow>), Failures, BodyFailures)
)]
pub async fn update(
    auth: Authed<Anyone>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    mut fields: Fields,
) -> ApiResult<Changed<UserRow>> {
    let id = oneself_or_manager(&auth.principal, id)?;
    let manager = auth.principal.scopes.has(Scope::UsersWrite);
    let profile = Profile::take(&mut fields);
    if !manager && let Some(beyond) = fields.names().find(|name| MANAGED.contains(name)) {
        return Err(ApiError::Forbidden(format!("{beyond} is for whoever manages accounts to change")));
    }
    let change = AccountChange {
        display_name: profile.display_name,
        email: profile.email,
        theme: profile.theme,
        role: fields.word("role", Role::parse, "viewer, auditor or admin"),
        enabled: fields.truth("enabled"),
        pii_read: granted(&mut fields),
    };
    fields.finish()?;
    if change.pii_read.is_some() {
        may_grant(&auth.principal, id, change.pii_read)?;
    }
    let (actor, principal) = (auth.actor(), auth.principal);
    let account = state.work(Lane::Pages, move |state| {
        if manager {
            may_manage(&principal, state.control.account_by_id(id)?.ok_or(ABSENT)?.role)?;
        }
        if let Some(role) = change.role {
            may_manage(&principal, role)?;
        }
        Ok(state.control.change_account(id, &change, &actor)?)
    });
    Ok(Changed::new("User updated", UserRow::of(account.await?)))
}

/// Removes an account, its logins and its keys.
#[utoipa::path(
    delete, path = "/users/{id}", operation_id = "users_delete", tag = "users",
    params(("id" = i64, Path, description = "The account's number")),
    responses(
        (status = 200, description = "Removed", body = Changed<Id>),
        (status = 409, description = "It is the last admin", body = crate::api::error::Failure<'static>),
        Failures
    )
)]
pub async fn delete(
    auth: Authed<UsersWrite>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    _: NoParams,
) -> ApiResult<Changed<Id>> {
    let id = number(id)?;
    let (actor, principal) = (auth.actor(), auth.principal);
    let gone = state.work(Lane::Pages, move |state| {
        may_manage(&principal, state.control.account_by_id(id)?.ok_or(ABSENT)?.role)?;
        Ok(state.control.delete_account(id, &actor)?)
    });
    gone.await?;
    Ok(Changed::new("User deleted", Id { id: id.0 }))
}

/// A password that was drawn, shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TemporaryPassword {
    /// The account's number.
    id: i64,
    /// Its name.
    username: String,
    /// To log in with once; it has to be changed then.
    temporary_password: String,
}

/// Gives an account a password that has to be changed at its next login; its logins end, its second factor comes off.
#[utoipa::path(
    post, path = "/users/{id}/reset-password", operation_id = "users_reset_password", tag = "users",
    params(("id" = i64, Path, description = "The account's number")),
    responses((status = 200, description = "Reset", body = Changed<TemporaryPassword>), Failures, BodyFailures)
)]
pub async fn reset_password(
    auth: Authed<UsersWrite>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    fields: Fields,
) -> ApiResult<Changed<TemporaryPassword>> {
    fields.finish()?;
    let id = number(id)?;
    let (actor, principal) = (auth.actor(), auth.principal);
    let reset = state.work(Lane::Logins, move |state| {
        let account = state.control.account_by_id(id)?.ok_or(ABSENT)?;
        may_manage(&principal, account.role)?;
        may_come_in_as(&principal, &account)?;
        let password = state.authenticator.reset_password(id, &actor)?;
        let temporary_password = password.expose().to_owned();
        Ok(TemporaryPassword { id: id.0, username: account.name, temporary_password })
    });
    Ok(Changed::new("Password reset", reset.await?))
}

/// What only whoever manages accounts may change.
const MANAGED: [&str; 4] = ["role", "enabled", "pii_read", "scopes"];
const ABSENT: ApiError = ApiError::NotFound("there is no such user");

/// What everybody may say of themselves.
struct Profile {
    display_name: Option<String>,
    email: Option<String>,
    theme: Option<Theme>,
}

impl Profile {
    fn take(fields: &mut Fields) -> Profile {
        let email = fields.line("email", MOST_CHARS);
        // Whether mail arrives is found out by sending some; this only catches what was meant for another field.
        if email.as_ref().is_some_and(|email| !email.is_empty() && !email.contains('@')) {
            fields.fault("email", "must be an e-mail address");
        }
        Profile {
            display_name: fields.line("display_name", MOST_CHARS),
            email,
            theme: fields.word("theme", Theme::parse, "system, light or dark"),
        }
    }
}

/// Whether personal data is to be granted or not, in either of two words.
fn granted(fields: &mut Fields) -> Option<bool> {
    let flag = fields.truth("pii_read");
    let Some(names) = fields.texts("scopes") else { return flag };
    let scopes = match Scopes::parse(&names.join(" ")) {
        Ok(scopes) if scopes.without(Scopes::of(&[Scope::PiiRead])).is_empty() => scopes,
        _ => {
            fields.fault("scopes", "only pii:read can be granted; the role gives the others");
            return flag;
        }
    };
    let listed = scopes.has(Scope::PiiRead);
    if flag.is_some_and(|flag| flag != listed) {
        fields.fault("scopes", "says something else than pii_read");
    }
    Some(listed)
}

fn may_grant(principal: &Principal, id: AccountId, wanted: Option<bool>) -> ApiResult<()> {
    if wanted == Some(false) {
        return Ok(());
    }
    if id == principal.account {
        let text = "nobody grants themselves pii:read; ask another administrator, or run `tidegate user grant-pii` on \
                    the machine";
        return Err(ApiError::Forbidden(text.to_owned()));
    }
    if !is_administrator(principal) {
        return Err(ApiError::Forbidden("an administrator who is logged in grants pii:read".to_owned()));
    }
    Ok(())
}

/// Whether it is an administrator in person.
fn is_administrator(principal: &Principal) -> bool {
    principal.role == Role::Admin && principal.credential.is_personal()
}

/// Whoever is told an account's password can come in as it: with what was granted to it only those who have that
/// themselves, or could grant it.
fn may_come_in_as(principal: &Principal, account: &Account) -> ApiResult<()> {
    if account.pii_read && !principal.scopes.has(Scope::PiiRead) && !is_administrator(principal) {
        let text = "the account has pii:read; an administrator who is logged in resets its password";
        return Err(ApiError::Forbidden(text.to_owned()));
    }
    Ok(())
}

/// A role may be given or taken, and its accounts changed, by whoever may do all that it gives: a token narrowed to
/// managing users makes no administrators.
fn may_manage(principal: &Principal, role: Role) -> ApiResult<()> {
    if role.scopes().without(principal.scopes).is_empty() {
        Ok(())
    } else {
        Err(ApiError::Forbidden(format!("these credentials don't allow all that {} accounts may do", role.name())))
    }
}

/// The number of one's own account, for whoever is it in person, or of any, for whoever manages accounts.
fn oneself_or_manager(principal: &Principal, id: Result<Path<String>, PathRejection>) -> ApiResult<AccountId> {
    let id = number(id)?;
    let oneself = id == principal.account && principal.credential.is_personal();
    if oneself || principal.scopes.has(Scope::UsersWrite) {
        Ok(id)
    } else {
        Err(ApiError::Forbidden(format!("this needs the scope {}", Scope::UsersWrite.name())))
    }
}

/// The number in a path; it has one spelling.
fn number(id: Result<Path<String>, PathRejection>) -> ApiResult<AccountId> {
    let Path(id) = id.map_err(|_| ABSENT)?;
    let number = id.parse::<i64>().ok().filter(|number| *number > 0 && number.to_string() == id);
    number.map(AccountId).ok_or(ABSENT)
}
