//! `GET /api/config`: what is in force and where it comes from.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Admin, Authed};
use crate::api::params::Asked;
use crate::api::responses::Failures;
use crate::api::routes::settings::SettingRow;
use crate::api::state::AppState;
use crate::control::settings::SETTINGS;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Effective {
    /// What is fixed at start, table by table as in config.toml, with defaults filled in.
    pub config: Value,
    /// What can be changed while the server runs, by name.
    pub settings: BTreeMap<&'static str, EffectiveSetting>,
}

/// A setting's value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EffectiveSetting {
    /// The value; of a list the first 100 entries, null where it is secret or names clients to a masked reader.
    pub value: Value,
    /// Where it comes from: `default`, `file` or `database`.
    pub source: &'static str,
}

/// The configuration in force, without secrets.
#[utoipa::path(
    get, path = "/config", operation_id = "config_effective", tag = "settings",
    responses((status = 200, description = "What is in force", body = Success<Effective>), Failures)
)]
pub async fn effective(auth: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<Effective>> {
    Asked::of(&uri, &[]).finish()?;
    let settings = state.control.settings();
    let rows = SETTINGS.iter().map(|spec| SettingRow::of(spec, &settings, &auth.lens));
    let settings =
        rows.map(|row| (row.setting_name, EffectiveSetting { value: row.setting_value, source: row.source }));
    Ok(Success::new(Effective { config: state.operator.config(), settings: settings.collect() }))
}
