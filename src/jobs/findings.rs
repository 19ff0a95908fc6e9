//! What behaviour gives away, looked for and kept.

use super::{Context, JobError, Progress};
use crate::behaviour::{detect, window};
use crate::control::settings::FINDINGS_WINDOW_DAYS;
use crate::control::{Actor, ControlDb};
use crate::model::Timestamp;
use crate::store::{EventStore, StoreError};
use serde_json::{Value, json};

/// How often it looks anew because rows were removed meanwhile.
const TRIES: u32 = 4;

/// Looks through the window that the settings name, up to the newest row that is not after `now`, and keeps what it finds.
/// Found again, a finding is renewed, and stays dismissed if it was. Answers what came of it.
///
/// # Errors
/// When a database can't be read or written.
pub fn look_now(store: &dyn EventStore, control: &ControlDb, now: Timestamp) -> Result<Value, JobError> {
    let settings = control.settings();
    let mut tries = 0;
    loop {
        let removals = store.removals()?;
        let range = window(store, settings.get(FINDINGS_WINDOW_DAYS), now)?;
        let found = detect(store, &settings, range, now)?;
        tries += 1;
        match store.keep_findings(&found.findings, removals) {
            // Somebody was erased, or rows were removed, while it looked.
            Err(StoreError::Overtaken) if tries < TRIES => {}
            kept => {
                return Ok(json!({
                    "from": range.from.to_rfc3339(), "to": range.until.to_rfc3339(), "rows": found.rows,
                    "findings": found.findings.len(), "new": kept?, "left_out": found.left_out, "blind": found.blind,
                }));
            }
        }
    }
}

/// As [`look_now`], as a job.
pub(super) fn look(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    look_now(&*context.store, &context.control, context.clock.now())
}
