//! `/api/waf/categories`: rules by what they are about, and which of them rows are scored by.

use crate::api::envelope::{Changed, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, SettingsWrite};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::params::Extent;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::api::statistic::{WindowParams, Windowed};
use crate::api::verdicts::VerdictSums;
use crate::model::EventFilter;
use crate::scoring::{CategoryFacts, title};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

const NO_CATEGORY: ApiError = ApiError::NotFound("there is no category of that name");

/// Rules that are about the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CategoryRow {
    /// Its name.
    #[schema(example = "sql")]
    pub name: String,
    /// What it is about.
    #[schema(example = "SQL injection")]
    pub title: String,
    /// How many rules are in it.
    pub rules: u64,
    /// Whether new rows are scored by them.
    pub enabled: bool,
    /// Rows of the window that one of them matched when they were scored.
    pub hits: u64,
}

/// The body that switches a category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToggleBody {
    /// Its name.
    pub category: String,
    /// Whether new rows are to be scored by its rules.
    pub enabled: bool,
}

/// A category that was switched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Toggled {
    /// Its name.
    pub category: String,
    /// Whether new rows are scored by its rules.
    pub enabled: bool,
}

/// Every category that has rules, with its hits in the window.
#[utoipa::path(
    get, path = "/waf/categories", operation_id = "waf_categories", tag = "waf", params(WindowParams),
    responses(
        (status = 200, description = "Categories by name", body = Success<Vec<CategoryRow>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn list(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("waf categories", |statistic, Extent { range, .. }| {
            let sums = VerdictSums::find(statistic, &EventFilter::within(range))?;
            let row = |CategoryFacts { name, rules, enabled }| CategoryRow {
                title: title(&name).to_owned(),
                rules: rules as u64,
                enabled,
                hits: sums.categories.get(&name).map_or(0, |outcomes| outcomes.total()),
                name,
            };
            Ok(statistic.book.categories().into_iter().map(row).collect::<Vec<_>>())
        })
        .await
}

/// Switches a category on or off, for rows that are scored from then on: keeps its name in the setting
/// `waf_disabled_categories`.
#[utoipa::path(
    post, path = "/waf/categories/toggle", operation_id = "waf_categories_toggle", tag = "waf",
    request_body = ToggleBody,
    responses((status = 200, description = "Switched", body = Changed<Toggled>), Failures, BodyFailures)
)]
pub async fn toggle(
    auth: Authed<SettingsWrite>,
    State(state): State<AppState>,
    mut fields: Fields,
) -> ApiResult<Changed<Toggled>> {
    let category = fields.required_line("category", 200);
    let enabled = fields.required_truth("enabled");
    fields.finish()?;
    let actor = auth.actor();
    let toggled = state.work(Lane::Scans, move |state| {
        let known = state.scorer.book().categories();
        let known = known.into_iter().find(|known| known.name.eq_ignore_ascii_case(&category)).ok_or(NO_CATEGORY)?;
        state.control.switch_waf_category(&known.name, enabled, &actor)?;
        // Compiled now, by whom it concerns, and not by the next line.
        let enabled = state.scorer.book().categories().iter().any(|one| one.name == known.name && one.enabled);
        Ok(Toggled { category: known.name, enabled })
    });
    Ok(Changed::new("Category saved", toggled.await?))
}
