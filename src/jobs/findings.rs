//! What behaviour gives away, looked for and kept.

use super::{Context, JobError, Progress};
use crate::behaviour::{detect, window};
use crate::control::Actor;
use crate::control::settings::FINDINGS_WINDOW_DAYS;
use serde_json::{Value, json};

/// Looks through the window that the settings name. Found again, a finding is renewed, and stays dismissed if it was.
pub(super) fn look(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    let (settings, now) = (context.control.settings(), context.clock.now());
    let range = window(&*context.store, settings.get(FINDINGS_WINDOW_DAYS), now)?;
    let found = detect(&*context.store, &settings, range, now)?;
    let new = context.store.keep_findings(&found.findings)?;
    Ok(json!({
        "from": range.from.to_rfc3339(), "to": range.until.to_rfc3339(), "rows": found.rows,
        "findings": found.findings.len(), "new": new, "left_out": found.left_out, "blind": found.blind,
    }))
}
