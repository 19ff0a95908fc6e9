//! Rows written into an archive, and old rows removed once they are in one.

use super::{Context, JobError, Progress};
use crate::archive::{self, Archive, Folder, Masking, Writing, Written};
use crate::control::Actor;
use crate::control::settings::{ARCHIVE_ENABLED, LOG_RETENTION_DAYS};
use crate::model::{DAY_MS, Timestamp};
use crate::store::StoreError;
use serde_json::{Value, json};

/// How often late rows may come between an archive and the removal of what is in it.
const ATTEMPTS: usize = 3;

/// What was removed.
#[derive(Debug)]
pub struct Cleared {
    /// How many rows.
    pub deleted: u64,
    /// The archives that were written before.
    pub archives: Vec<String>,
}

impl Cleared {
    /// For the record.
    pub fn to_json(&self) -> Value {
        json!({ "deleted": self.deleted, "archives": self.archives })
    }
}

/// Writes the rows older than log_retention_days that are in no archive yet into one.
pub(super) fn write_old(context: &Context, _: &Actor, progress: &Progress) -> Result<Value, JobError> {
    let days = context.control.settings().get(LOG_RETENTION_DAYS);
    let before = Timestamp(context.clock.now().0.saturating_sub(days.saturating_mul(DAY_MS)));
    let written = write(context, before, progress)?;
    let archive = written.archive.as_ref();
    Ok(json!({
        "before": before.to_rfc3339(),
        "archive": archive.map(Archive::name),
        "rows": archive.map_or(0, |archive| archive.manifest.rows),
        "unreadable_rows": written.unreadable_rows,
    }))
}

fn write(context: &Context, before: Timestamp, progress: &Progress) -> Result<Written, JobError> {
    let (name, lens, pseudonym_key) = context.privacy.archived_as();
    let writing = Writing {
        before,
        masking: Masking { name, lens, pseudonym_key },
        rules: context.scorer.book().version(),
        clock: &*context.clock,
    };
    let progress = |done, total| progress.set(done, total);
    Ok(archive::write(&*context.store, &Folder::of(context.control.data_dir()), &writing, &progress, &|| false)?)
}

/// Removes the rows of hours that began before `cutoff`; where the setting `archive_enabled` says so, only once they are
/// in an archive.
///
/// # Errors
/// When the archive can't be written, or rows lie in damaged blocks and can't be archived: nothing is removed then.
pub fn clear_old(context: &Context, cutoff: Timestamp, progress: &Progress) -> Result<Cleared, JobError> {
    if !context.control.settings().get(ARCHIVE_ENABLED) {
        return Ok(Cleared { deleted: context.store.clear_before(cutoff)?, archives: Vec::new() });
    }
    let mut archives = Vec::new();
    for _ in 0..ATTEMPTS {
        let written = write(context, cutoff, progress)?;
        if written.unreadable_rows > 0 {
            return Err(JobError::Unreadable { rows: written.unreadable_rows });
        }
        archives.extend(written.archive.as_ref().map(Archive::name));
        match context.store.clear_archived(cutoff, written.up_to) {
            Ok(deleted) => return Ok(Cleared { deleted, archives }),
            // Old lines came in since: they go into an archive of their own.
            Err(StoreError::Overtaken) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(JobError::Overtaken)
}
