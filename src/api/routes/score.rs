//! `GET /api/security/score`: what settings, squid.conf and traffic prove, check by check.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::control::PostureScore;
use crate::model::{DAY_MS, Timestamp};
use crate::posture::{Evidence, Judged, Report};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// How far back scores are told.
const HISTORY_MS: i64 = 90 * DAY_MS;

/// The security score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreBody {
    /// Points earned of a hundred that could be, over the checks that are not unknown.
    #[schema(example = 74, maximum = 100)]
    pub score: u32,
    /// 100.
    pub max_score: u32,
    /// `A` from 90, `B` from 80, `C` from 70, `D` from 60 on, else `F`.
    #[schema(example = "C")]
    pub grade: &'static str,
    /// What to do about checks that lost points, those that lost most first.
    pub recommendations: Vec<String>,
    /// Every check.
    pub checks: Vec<CheckRow>,
    /// Scores of the last 90 days, oldest first.
    pub history: Vec<ScoreThen>,
}

/// A check.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckRow {
    /// Its stable name.
    #[schema(example = "squid.connect_ports")]
    pub id: &'static str,
    /// What is so where it passes.
    pub title: &'static str,
    /// The points it earned.
    pub points: u32,
    /// The points it is worth.
    pub max_points: u32,
    /// `passed`, `partial`, `failed`, `contradicted` (what is declared is not what is seen) or `unknown` (nothing to look
    /// at; it doesn't count).
    #[schema(example = "partial")]
    pub status: &'static str,
    /// What was seen, and where.
    pub evidence: Vec<EvidenceRow>,
    /// What to do; null where all points were earned or nothing is known.
    pub recommendation: Option<String>,
    /// `settings`, `squid.conf` or `traffic`.
    pub source: &'static str,
}

/// One thing that was seen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceRow {
    /// What.
    pub text: String,
    /// The file of the line that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The setting that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<&'static str>,
    /// The setting's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// How many rows show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The newest of those rows, at most five.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<u64>>,
    /// The question that lists them, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

/// A score of a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreThen {
    /// When, RFC 3339.
    #[schema(example = "2026-01-01T12:00:00Z")]
    pub time: String,
    /// The score.
    pub score: u32,
}

impl ScoreBody {
    /// A report in the words of the API.
    pub fn of(report: &Report, history: &[PostureScore]) -> ScoreBody {
        ScoreBody {
            score: report.score,
            max_score: 100,
            grade: report.grade().name(),
            recommendations: report.recommendations().map(str::to_owned).collect(),
            checks: report.checks.iter().map(CheckRow::of).collect(),
            history: history.iter().map(|then| ScoreThen { time: then.at.to_rfc3339(), score: then.score }).collect(),
        }
    }
}

impl CheckRow {
    fn of(judged: &Judged) -> CheckRow {
        CheckRow {
            id: judged.check.id,
            title: judged.check.title,
            points: judged.points,
            max_points: judged.check.max_points,
            status: judged.status.name(),
            evidence: judged.evidence.iter().map(EvidenceRow::of).collect(),
            recommendation: judged.recommendation.clone(),
            source: judged.check.source.name(),
        }
    }
}

impl EvidenceRow {
    fn of(evidence: &Evidence) -> EvidenceRow {
        let Evidence { text, place, setting, rows } = evidence.clone();
        let rows = rows.as_ref();
        EvidenceRow {
            text,
            file: place.as_ref().map(|place| place.file.to_string()),
            line: place.map(|place| place.line),
            setting: setting.as_ref().map(|(name, _)| *name),
            value: setting.map(|(_, value)| value),
            count: rows.map(|rows| rows.count),
            rows: rows.map(|rows| rows.newest.clone()),
            href: rows.and_then(|rows| rows.link.clone()),
        }
    }
}

/// The security score: what settings, squid.conf and the traffic of the last seven days prove. A setting alone earns part
/// of its points; what traffic contradicts earns none, and the rows that show it are named.
#[utoipa::path(
    get, path = "/security/score", operation_id = "security_score", tag = "security",
    responses((status = 200, description = "The score", body = Success<ScoreBody>), Failures)
)]
pub async fn score(
    _auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Json<Success<ScoreBody>>> {
    Asked::of(&uri, &[]).finish()?;
    let made = state.work(Lane::Scans, |state| {
        let report = state.posture.report(state)?;
        let since = Timestamp(state.clock.now().0.saturating_sub(HISTORY_MS));
        Ok(ScoreBody::of(&report, &state.control.posture_history(since)?))
    });
    Ok(Json(Success::new(made.await?)))
}
