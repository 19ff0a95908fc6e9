//! `/api/privacy`: what pseudonyms stand for, and the rights of the people behind them.

pub mod reveal;
pub mod subject;

use crate::api::error::{ApiError, ApiResult};
use crate::api::params::Asked;
use crate::api::state::AppState;
use crate::control::{Actor, AuditId};
use crate::model::{PseudonymKind, SubjectKind};
use serde_json::Value;

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// The reason, which must be there and say something.
fn reason(asked: &mut Asked) -> ApiResult<String> {
    let text = required(asked, "reason")?;
    if !REASON.contains(&text.chars().count()) {
        asked.faults.add("reason", format!("must have {} to {} characters", REASON.start(), REASON.end()));
    }
    Ok(text)
}

/// A parameter that must be there.
fn required(asked: &mut Asked, name: &str) -> ApiResult<String> {
    asked.text(name).ok_or_else(|| ApiError::Malformed(format!("{name} is missing")))
}

/// What a text stands for when it is the pseudonym of a client or a user.
fn subject_kind(text: &str) -> Option<SubjectKind> {
    match PseudonymKind::of(text.as_bytes())? {
        PseudonymKind::Client => Some(SubjectKind::Client),
        PseudonymKind::User => Some(SubjectKind::User),
        PseudonymKind::Part => None,
    }
}

/// Intent, act, outcome: nothing is done or answered that is not on record. `target` is a pseudonym, never what it
/// stands for. `act` answers what came of it for the record, and the answer.
fn audited<T>(
    state: &AppState,
    actor: &Actor,
    action: &'static str,
    target: &str,
    details: Value,
    act: impl FnOnce() -> ApiResult<(Value, T)>,
) -> ApiResult<T> {
    let intent: AuditId = state.control.intent(actor, action, target, Some(details))?;
    match act() {
        Ok((outcome, answer)) => {
            state.control.complete(intent, Some(outcome))?;
            Ok(answer)
        }
        Err(failure) => {
            if let Err(cause) = state.control.fail(intent, failure.kind().1) {
                tracing::error!(%cause, "the outcome of {action} was not recorded; its intent stays open");
            }
            Err(failure)
        }
    }
}
