//! `POST /api/waf/score`: what the rules in force say of a request, and why.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::explained::{MatchedRule, matched};
use crate::api::extract::{Authed, LogsRead};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::control::settings::WAF_BLOCK_THRESHOLD;
use crate::scoring::Asked;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// Most characters of a URL or header.
const MOST_CHARS: usize = 32_768;

/// The body that says whose score is asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoredRequest {
    /// The whole target: `http://host/path?query`, of CONNECT `host:port`.
    pub url: String,
    /// The method [default: GET].
    pub method: Option<String>,
    /// The User-Agent header; without it, what rules say where a log has none. Empty: the request had none.
    pub user_agent: Option<String>,
    /// The Referer header, likewise.
    pub referer: Option<String>,
}

/// What the rules say of a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Scored {
    /// The sum of the points.
    pub score: u32,
    /// The worst severity of a rule that matched.
    #[schema(example = "Critical")]
    pub severity: Option<&'static str>,
    /// Whether the score is not below the threshold.
    pub flagged: bool,
    /// The threshold: the setting `waf_block_threshold`.
    pub threshold: u32,
    /// Categories of the rules that matched.
    pub categories: Vec<String>,
    /// These rules, in the order in which they matched.
    pub matched_rules: Vec<MatchedRule>,
}

/// Scores a request by the rules in force, without storing anything.
#[utoipa::path(
    post, path = "/waf/score", operation_id = "waf_score", tag = "waf", request_body = ScoredRequest,
    responses((status = 200, description = "The verdict", body = Success<Scored>), Failures, BodyFailures)
)]
pub async fn score(
    _auth: Authed<LogsRead>,
    State(state): State<AppState>,
    mut fields: Fields,
) -> ApiResult<Success<Scored>> {
    let url = fields.required_line("url", MOST_CHARS);
    let method = fields.line("method", 100).unwrap_or_else(|| "GET".to_owned());
    let (user_agent, referer) = (fields.line("user_agent", MOST_CHARS), fields.line("referer", MOST_CHARS));
    fields.finish()?;
    let scored = state.work(Lane::Pages, move |state| {
        let asked = Asked {
            method: method.as_bytes(),
            url: url.as_bytes(),
            client: None,
            user_agent: user_agent.as_deref().map(str::as_bytes),
            referer: referer.as_deref().map(str::as_bytes),
        };
        let (book, explanation) = state.scorer.explain(&asked);
        let threshold = u32::try_from(state.control.settings().get(WAF_BLOCK_THRESHOLD)).unwrap_or(u32::MAX);
        let (score, severity) = (explanation.verdict.score, explanation.verdict.severity);
        let matched_rules = matched(&book, explanation);
        let mut categories: Vec<String> = Vec::new();
        for category in matched_rules.iter().filter_map(|rule| rule.category.as_ref()) {
            if !categories.contains(category) {
                categories.push(category.clone());
            }
        }
        let severity = severity.map(|severity| severity.name());
        Ok(Scored { score, severity, flagged: score >= threshold, threshold, categories, matched_rules })
    });
    Ok(Success::new(scored.await?))
}
