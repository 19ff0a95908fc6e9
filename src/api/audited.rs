//! Changes that span both databases, and answers that must be on record first: nothing is done or answered without an
//! intent in the audit log. The steps are one piece of blocking work, so that a client that goes away doesn't leave them
//! half done.

use super::error::ApiResult;
use super::state::AppState;
use crate::control::{Actor, AuditId};
use serde_json::Value;

/// Intent, act, outcome. `target` and `details` are what the record says before, never personal data; `act` answers what
/// came of it for the record, and the answer.
///
/// # Errors
/// What `act` answers; and when the record can't be written: the intent, then nothing was done, or the outcome, then the
/// intent stays open and says that its end is unknown.
pub fn audited<T>(
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
