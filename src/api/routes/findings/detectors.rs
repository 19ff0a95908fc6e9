//! `GET /api/findings/detectors`: what is looked for.

use super::counts;
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{AlertsRead, Authed};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::behaviour::{DETECTORS, Detector, Limits};
use crate::control::{JobOutcome, JobRun};
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use utoipa::ToSchema;

/// What looks for something that clients do over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DetectorRow {
    /// Its name.
    #[schema(example = "beacon")]
    pub name: &'static str,
    /// What its findings are headed.
    pub title: &'static str,
    /// What it looks for, in one sentence.
    pub help: &'static str,
    /// The MITRE ATT&CK technique that its findings hint at.
    #[schema(example = "T1071.001")]
    pub technique: &'static str,
    /// How bad its findings are.
    #[schema(example = "Warning")]
    pub severity: &'static str,
    /// Whether it looks: it is not among `findings_disabled`.
    pub enabled: bool,
    /// `ok`, `no_data` where the log has not what it needs, `waiting` where nobody has looked yet.
    #[schema(example = "ok")]
    pub state: &'static str,
    /// Why it sees nothing.
    pub reason: Option<&'static str>,
    /// Its open findings.
    pub findings: u64,
    /// The settings that say from where on something counts.
    pub settings: &'static [&'static str],
}

const NO_CS_BYTES: &str = "The log does not say how many bytes clients send; add %>st to the logformat in squid.conf.";

/// What is looked for, and whether the log lets it be seen.
#[utoipa::path(
    get, path = "/findings/detectors", operation_id = "findings_detectors", tag = "findings",
    responses((status = 200, description = "Every detector", body = Success<Vec<DetectorRow>>), Failures)
)]
pub async fn detectors(
    _: Authed<AlertsRead>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Success<Vec<DetectorRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let (findings, last) = state
        .work(Lane::Pages, |state| Ok((state.store.findings()?, state.control.last_job_runs("findings")?.1)))
        .await?;
    let counts = counts(&findings);
    let limits = Limits::of(&state.control.settings());
    let row = |detector: &Detector| {
        let is_blind = last.as_ref().is_some_and(|run| is_blind(run, detector.name));
        DetectorRow {
            name: detector.name,
            title: detector.title,
            help: detector.help,
            technique: detector.technique,
            severity: detector.severity.name(),
            enabled: limits.wants(detector.name),
            state: match &last {
                None => "waiting",
                Some(_) if is_blind => "no_data",
                Some(_) => "ok",
            },
            reason: is_blind.then_some(NO_CS_BYTES),
            findings: counts.by_detector.iter().find(|of| of.detector == detector.name).map_or(0, |of| of.count),
            settings: detector.settings,
        }
    };
    Ok(Success::new(DETECTORS.iter().map(row).collect()))
}

/// Whether a run says that a detector saw nothing for want of data.
fn is_blind(run: &JobRun, name: &str) -> bool {
    let JobOutcome::Done(outcome) = &run.outcome else { return false };
    outcome["blind"].as_array().is_some_and(|blind| blind.iter().any(|detector| detector == name))
}
