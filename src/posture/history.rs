//! Scores as they were: what [`record`] keeps in the control database.

use super::check::Source;
use super::report::Report;
use crate::control::{ControlDb, ControlResult, PostureScore};
use serde_json::{Map, Value};

/// Keeps a report's score with the points of each source and the status of each check, as of now.
///
/// # Errors
/// When the control database can't be written.
pub fn record(control: &ControlDb, report: &Report) -> ControlResult<PostureScore> {
    let [settings, squid_conf, traffic] = Source::ALL.map(|source| report.points(source));
    let statuses: Map<String, Value> =
        report.checks.iter().map(|judged| (judged.check.id.to_owned(), judged.status.name().into())).collect();
    control.record_posture(report.score, [settings, squid_conf, traffic], &Value::Object(statuses))
}
