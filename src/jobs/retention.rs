//! What is kept no longer: events, what they summed up to, audit entries with records of jobs.

use super::archive::clear_old;
use super::{Context, JobError, Progress};
use crate::control::Actor;
use crate::control::settings::{AUDIT_RETENTION_DAYS, LOG_RETENTION_DAYS, ROLLUP_RETENTION_DAYS};
use crate::model::{DAY_MS, Timestamp};
use serde_json::{Value, json};

fn cutoff(context: &Context, days: i64) -> Timestamp {
    Timestamp(context.clock.now().0.saturating_sub(days.saturating_mul(DAY_MS)))
}

/// Removes events of hours that began before the cutoff.
pub(super) fn rows(context: &Context, _: &Actor, progress: &Progress) -> Result<Value, JobError> {
    let days = context.control.settings().get(LOG_RETENTION_DAYS);
    let cutoff = cutoff(context, days);
    let cleared = clear_old(context, cutoff, progress)?;
    Ok(json!({
        "days": days, "cutoff": cutoff.to_rfc3339(), "deleted": cleared.deleted, "archives": cleared.archives,
    }))
}

/// Removes sums of hours that began before the cutoff and whose events are gone.
pub(super) fn rollups(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    let days = context.control.settings().get(ROLLUP_RETENTION_DAYS);
    let cutoff = cutoff(context, days);
    let hours = context.store.forget_past(cutoff)?;
    Ok(json!({ "days": days, "cutoff": cutoff.to_rfc3339(), "deleted_hours": hours }))
}

/// Removes audit entries, which is recorded by itself, and records of runs.
pub(super) fn audit(context: &Context, actor: &Actor, _: &Progress) -> Result<Value, JobError> {
    let days = context.control.settings().get(AUDIT_RETENTION_DAYS);
    let pruned = context.control.prune_audit(days, actor)?;
    let runs = context.control.prune_job_runs(days)?;
    Ok(json!({ "days": days, "deleted": pruned.entries, "deleted_runs": runs }))
}
