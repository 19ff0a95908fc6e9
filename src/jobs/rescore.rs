//! Stored rows, scored anew.

use super::{Context, JobError, Progress};
use crate::control::Actor;
use crate::scoring::rescore;
use serde_json::{Value, json};

/// Scores every stored row by the rules in force.
pub(super) fn rescore_all(context: &Context, _: &Actor, progress: &Progress) -> Result<Value, JobError> {
    let done = rescore(&*context.store, &context.scorer, |done, total| progress.set(done, total))?;
    Ok(json!({ "rows": done.rows, "changed": done.changed }))
}
