//! `/api/waf/rules`: the rules, each with its text and its hits.

use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::{Statistic, WindowParams, Windowed, statistic};
use crate::api::verdicts::VerdictSums;
use crate::model::{EventFilter, TimeRange};
use crate::scoring::RuleFacts;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

const NO_RULE: ApiError = ApiError::NotFound("there is no rule of that id");

/// A rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleRow {
    /// Its id.
    pub id: u32,
    /// What it says of what it matches, macros as they stand.
    pub message: String,
    /// Its category.
    #[schema(example = "sql")]
    pub category: String,
    /// How bad a match is.
    #[schema(example = "Critical")]
    pub severity: Option<&'static str>,
    /// How eager it is, from 1 to 4; null where it doesn't say.
    pub paranoia_level: Option<u8>,
    /// Techniques of MITRE ATT&CK.
    #[schema(example = json!(["T1190"]))]
    pub techniques: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether new rows are scored by it: its category is switched on, and a log can feed it.
    pub enabled: bool,
    /// Whether a line of a log has what it looks at.
    pub fed: bool,
    /// Why not.
    pub not_fed_because: Option<String>,
    /// Rows of the window that it matched when they were scored.
    pub hits: u64,
    /// The file it stands in.
    pub file: Option<String>,
    /// The line there.
    pub line: Option<u64>,
    /// Its text, in SecLang.
    pub source: String,
}

impl RuleRow {
    fn of(facts: &RuleFacts, sums: &VerdictSums) -> RuleRow {
        RuleRow {
            id: facts.id,
            message: facts.message.clone(),
            category: facts.category.clone(),
            severity: facts.severity.map(|severity| severity.name()),
            paranoia_level: facts.paranoia_level,
            techniques: facts.techniques.clone(),
            tags: facts.tags.clone(),
            enabled: facts.enabled && facts.left_out.is_none(),
            fed: facts.left_out.is_none(),
            not_fed_because: facts.left_out.as_ref().map(ToString::to_string),
            hits: sums.rules.get(&facts.id).copied().unwrap_or_default(),
            file: facts.place.as_ref().map(|place| place.file.to_string()),
            line: facts.place.as_ref().map(|place| place.line as u64),
            source: facts.source.clone(),
        }
    }
}

/// Every rule, by id, with its hits in the window.
#[utoipa::path(
    get, path = "/waf/rules", operation_id = "waf_rules", tag = "waf", params(WindowParams),
    responses(
        (status = 200, description = "Rules by id", body = Success<Vec<RuleRow>>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn list(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("waf rules", |statistic, Extent { range, .. }| {
            let sums = VerdictSums::find(statistic, &EventFilter::within(range))?;
            Ok(statistic.book.rules().map(|facts| RuleRow::of(facts, &sums)).collect::<Vec<_>>())
        })
        .await
}

/// One rule, with its hits in the window.
#[utoipa::path(
    get, path = "/waf/rules/{id}", operation_id = "waf_rule", tag = "waf",
    params(("id" = u32, Path, description = "The rule's id"), WindowParams),
    responses(
        (status = 200, description = "The rule", body = Success<RuleRow>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn detail(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, WindowParams::KNOWN);
    let Extent { range, .. } = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    let id = id.ok().and_then(|Path(id)| id.parse::<u32>().ok().filter(|number| number.to_string() == id));
    let id = id.filter(|id| state.scorer.book().rule(*id).is_some()).ok_or(NO_RULE)?;
    asked.finish()?;
    statistic((&auth, &state, &headers), format!("waf rule {id} {range:?}"), move |statistic| {
        Ok(Success::new(one(statistic, id, range)?))
    })
    .await
}

fn one(statistic: &Statistic<'_>, id: u32, range: TimeRange) -> ApiResult<RuleRow> {
    let sums = VerdictSums::find(statistic, &EventFilter::within(range))?;
    statistic.book.rule(id).map(|facts| RuleRow::of(facts, &sums)).ok_or(NO_RULE)
}
