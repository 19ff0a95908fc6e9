//! Upkeep of the database of events.

use super::{Context, JobError, Progress};
use crate::control::Actor;
use serde_json::{Value, json};

const MIB: f64 = 1_048_576.0;

/// Gives back free space.
pub(super) fn vacuum(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    let done = context.store.vacuum()?;
    let reclaimed = done.bytes_before.saturating_sub(done.bytes_after) as f64 / MIB;
    Ok(json!({
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
        "reclaimed_mb": (reclaimed * 10.0).round() / 10.0,
    }))
}

/// Renews the planner's statistics.
pub(super) fn analyze(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    context.store.analyze()?;
    Ok(json!({}))
}

/// Rebuilds all sums per group.
pub(super) fn rebuild_stats(context: &Context, _: &Actor, progress: &Progress) -> Result<Value, JobError> {
    let hours = context.store.rebuild_sums(&mut |done, total| progress.set(done, total))?;
    Ok(json!({ "hours": hours }))
}
