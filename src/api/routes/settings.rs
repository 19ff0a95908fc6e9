//! `/api/settings`: what can be changed while the server runs.

use crate::api::body::{self, read};
use crate::api::envelope::{Changed, Success};
use crate::api::error::{ApiError, ApiResult, Faults};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::lists::List;
use crate::control::settings::{HTTPS_ENABLED, SETTINGS, SettingSpec, SettingValue, Settings, spec};
use crate::model::Lens;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The largest body read: lists are long.
const MAX_BODY_BYTES: usize = 1024 * 1024;

const NO_SETTING: ApiError = ApiError::NotFound("there is no setting of that name");
const NO_SECTION: ApiError = ApiError::NotFound("there is no section of that name");

/// A setting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingRow {
    /// Its name.
    #[schema(example = "log_retention_days")]
    pub setting_name: &'static str,
    /// Its value; of a list the first 100 entries, null where it is secret or names clients to a masked reader.
    pub setting_value: Value,
    /// `bool`, `int`, `text`, `choice` or `list`.
    #[serde(rename = "type")]
    #[schema(example = "int")]
    pub kind: &'static str,
    /// The value when nobody gave another; null where it is secret.
    pub default: Value,
    /// The smallest number.
    pub min: Option<i64>,
    /// The largest number.
    pub max: Option<i64>,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Where it belongs.
    #[schema(example = "database")]
    pub section: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Where the value comes from: `default`, `file` (config.toml) or `database`.
    pub source: &'static str,
    /// The words to choose from; only where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub options: Option<&'static [&'static str]>,
    /// How many entries the list has; only of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count: Option<usize>,
    /// Whether there is a value; only of secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub set: Option<bool>,
}

impl SettingRow {
    /// A setting with the value it has, as far as `lens` shows it.
    pub(super) fn of(spec: &SettingSpec, settings: &Settings, lens: &Lens) -> SettingRow {
        let value = settings.value(spec);
        let shown = |value: &SettingValue| match value {
            _ if spec.secret => Value::Null,
            SettingValue::List(List::Aliases(_)) if !lens.is_plain() => Value::Null,
            SettingValue::List(list) => list.texts().take(SettingSpec::SHOWN_ENTRIES).map(Value::from).collect(),
            value => value.to_json(),
        };
        SettingRow {
            setting_name: spec.name,
            setting_value: shown(&value),
            kind: spec.type_name(),
            default: shown(&spec.default()),
            min: spec.bounds().map(|(min, _)| min),
            max: spec.bounds().map(|(_, max)| max),
            secret: spec.secret,
            section: spec.section,
            help: spec.help,
            source: settings.source(spec).name(),
            options: spec.options(),
            count: if let SettingValue::List(list) = &value { Some(list.len()) } else { None },
            set: spec.secret.then_some(!matches!(&value, SettingValue::Text(text) if text.is_empty())),
        }
    }
}

/// Every setting with its value, bounds and meaning.
#[utoipa::path(
    get, path = "/settings", operation_id = "settings_list", tag = "settings",
    responses((status = 200, description = "The settings", body = Success<Vec<SettingRow>>), Failures)
)]
pub async fn list(auth: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<Vec<SettingRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let settings = state.control.settings();
    Ok(Success::new(SETTINGS.iter().map(|spec| SettingRow::of(spec, &settings, &auth.lens)).collect()))
}

/// The body that sets one setting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingBody {
    /// The value, or a text that reads as one.
    pub value: Value,
}

/// Sets one setting.
#[utoipa::path(
    put, path = "/settings/{name}", operation_id = "settings_set", tag = "settings",
    params(("name" = String, Path, description = "The setting's name")), request_body = SettingBody,
    responses((status = 200, description = "Set", body = Changed<Vec<SettingRow>>), Failures, BodyFailures)
)]
pub async fn set(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let spec = known(name)?;
    let mut fields = object(&headers, body).await?;
    let value = fields.remove("value").ok_or_else(|| ApiError::Malformed("the field `value` is missing".to_owned()))?;
    let mut faults = Faults::default();
    fields.keys().for_each(|field| faults.add(field, "unknown field"));
    let value = given("value", &value, spec, &mut faults);
    apply(&state, &auth, value.into_iter().collect(), faults).await
}

/// Sets several settings, all or none.
#[utoipa::path(
    post, path = "/settings", operation_id = "settings_set_several", tag = "settings",
    request_body(content = std::collections::BTreeMap<String, Value>, description = "Values by setting"),
    responses((status = 200, description = "Set", body = Changed<Vec<SettingRow>>), Failures, BodyFailures)
)]
pub async fn set_several(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let fields = object(&headers, body).await?;
    set_fields(&state, &auth, &fields, |name| spec(name).ok()).await
}

/// Sets settings of one section, all or none; names may lack the beginning that all names of the section share.
#[utoipa::path(
    post, path = "/settings/{name}", operation_id = "settings_set_section", tag = "settings",
    params(("name" = String, Path, description = "The section, such as `email`, `notifications` or `database`")),
    request_body(content = std::collections::BTreeMap<String, Value>, description = "Values by setting"),
    responses((status = 200, description = "Set", body = Changed<Vec<SettingRow>>), Failures, BodyFailures)
)]
pub async fn set_section(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    section: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let Path(section) = section.map_err(|_| NO_SECTION)?;
    let members: Vec<&SettingSpec> = SETTINGS.iter().filter(|spec| spec.section == section).collect();
    if members.is_empty() {
        return Err(NO_SECTION);
    }
    let fields = object(&headers, body).await?;
    let prefix = shared_prefix(&members);
    set_fields(&state, &auth, &fields, |name| {
        members.iter().copied().find(|spec| spec.name == name || spec.name.strip_prefix(prefix) == Some(name))
    })
    .await
}

/// Forgets what was set: config.toml's value or the default holds again.
#[utoipa::path(
    delete, path = "/settings/{name}", operation_id = "settings_reset", tag = "settings",
    params(("name" = String, Path, description = "The setting's name")),
    responses((status = 200, description = "Reset", body = Changed<Vec<SettingRow>>), Failures)
)]
pub async fn reset(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let spec = known(name)?;
    let actor = auth.actor();
    let settings = state.work(Lane::Pages, move |state| Ok(state.control.reset_setting(spec.name, &actor)?)).await?;
    Ok(Changed::new("Setting reset", vec![SettingRow::of(spec, &settings, &auth.lens)]))
}

fn known(name: Result<Path<String>, PathRejection>) -> ApiResult<&'static SettingSpec> {
    let Path(name) = name.map_err(|_| NO_SETTING)?;
    spec(&name).map_err(|_| NO_SETTING)
}

/// What the names of a section's settings begin with, up to an underscore; empty where they share nothing.
fn shared_prefix(members: &[&SettingSpec]) -> &'static str {
    let Some(name) = members.first().map(|spec| spec.name) else { return "" };
    let prefix = name.find('_').map_or("", |at| &name[..=at]);
    if members.iter().all(|spec| spec.name.starts_with(prefix)) { prefix } else { "" }
}

async fn object(headers: &HeaderMap, body: Body) -> ApiResult<Map<String, Value>> {
    let bytes = read(body, MAX_BODY_BYTES).await?;
    if bytes.is_empty() {
        return Err(ApiError::Malformed("the body is missing".to_owned()));
    }
    body::object(headers, &bytes)
}

type Change = (&'static SettingSpec, SettingValue);

/// Checks a value; a fault is told under the field it came in.
fn given(field: &str, value: &Value, spec: &'static SettingSpec, faults: &mut Faults) -> Option<Change> {
    let Some(value) = SettingValue::from_json(value) else {
        let hint = if value.is_null() { "; DELETE it to reset it" } else { "" };
        faults.add(field, format!("takes {}{hint}", spec.expects()));
        return None;
    };
    match spec.accept(&value) {
        Ok(value) => Some((spec, value)),
        Err(fault) => {
            faults.add(field, fault.problem());
            None
        }
    }
}

async fn set_fields(
    state: &AppState,
    auth: &Authed<Admin>,
    fields: &Map<String, Value>,
    find: impl Fn(&str) -> Option<&'static SettingSpec>,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    if fields.is_empty() {
        return Err(ApiError::Malformed("the body names no setting".to_owned()));
    }
    let mut faults = Faults::default();
    let mut changes: Vec<Change> = Vec::new();
    for (field, value) in fields {
        match find(field) {
            None => faults.add(field, "there is no such setting here"),
            Some(spec) if changes.iter().any(|(other, _)| other.name == spec.name) => {
                faults.add(field, format!("says the same as another field: {}", spec.name));
            }
            Some(spec) => changes.extend(given(field, value, spec, &mut faults)),
        }
    }
    apply(state, auth, changes, faults).await
}

async fn apply(
    state: &AppState,
    auth: &Authed<Admin>,
    changes: Vec<Change>,
    faults: Faults,
) -> ApiResult<Changed<Vec<SettingRow>>> {
    let mut faults = faults;
    for (spec, value) in &changes {
        if spec.name == HTTPS_ENABLED.spec.name
            && *value == SettingValue::Bool(true)
            && let Err(missing) = state.tls.usable()
        {
            faults.add(spec.name, missing);
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    let specs: Vec<_> = changes.iter().map(|(spec, _)| *spec).collect();
    let changes: Vec<_> = changes.into_iter().map(|(spec, value)| (spec.name, value)).collect();
    let actor = auth.actor();
    let settings = state.work(Lane::Pages, move |state| Ok(state.control.set_settings(&changes, &actor)?)).await?;
    let rows = specs.into_iter().map(|spec| SettingRow::of(spec, &settings, &auth.lens));
    Ok(Changed::new("Settings saved", rows.collect()))
}
