//! Work that goes on by itself: on a schedule, or after the request that asked for it was answered. One run of a job at a
//! time; what came of it is kept in `control.db` and counted for Prometheus. A run that the end of the process cuts off
//! leaves what it has committed.
//!
//! A new job is a function in a file of its own and one entry of [`JOBS`].

mod archive;
mod findings;
mod keeper;
mod maintenance;
mod progress;
mod report;
mod rescore;
mod retention;
mod runner;
mod score;

pub use archive::{Cleared, clear_old};
pub use findings::look_now;
pub use keeper::{Keeper, keep_schedules};
pub use progress::Progress;
pub use report::{Surveyed, distinct, survey};
pub use runner::{Jobs, StartError, Wanted};
pub use score::{judge_now, judge_settings};

use crate::control::settings::{
    ANALYZE_SCHEDULE, ARCHIVE_SCHEDULE, FINDINGS_SCHEDULE, REPORT_SCHEDULE, RETENTION_AUDIT_SCHEDULE,
    RETENTION_ROLLUPS_SCHEDULE, RETENTION_ROWS_SCHEDULE, SCORE_SCHEDULE, Setting, VACUUM_SCHEDULE,
};
use crate::control::{Actor, ControlDb};
use crate::model::Clock;
use crate::privacy::Privacy;
use crate::scoring::Scorer;
use crate::store::EventStore;
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A job.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its name, `noun.verb` or like the setting it follows; also the audited action.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// The setting that says when it runs by itself; none for those that somebody has to ask for.
    pub schedule: Option<Setting<&'static str>>,
    /// Whether runs by schedule are in the audit log too; those that somebody asked for always are.
    pub always_audited: bool,
    /// What it does; answers what came of it.
    pub work: fn(&Context, &Actor, &Progress) -> Result<Value, JobError>,
}

/// Every job.
pub const JOBS: &[Job] = &[
    Job {
        name: "retention.rows",
        help: "Removes events older than log_retention_days; what they summed up to by the hour is kept.",
        schedule: Some(RETENTION_ROWS_SCHEDULE),
        always_audited: true,
        work: retention::rows,
    },
    Job {
        name: "retention.rollups",
        help: "Removes hourly sums of removed events that are older than rollup_retention_days.",
        schedule: Some(RETENTION_ROLLUPS_SCHEDULE),
        always_audited: true,
        work: retention::rollups,
    },
    Job {
        name: "retention.audit",
        help: "Removes audit entries and records of jobs older than audit_retention_days.",
        schedule: Some(RETENTION_AUDIT_SCHEDULE),
        // What it removes it records itself.
        always_audited: false,
        work: retention::audit,
    },
    Job {
        name: "archive",
        help: "Writes events older than log_retention_days that are in no archive yet into one; they stay.",
        schedule: Some(ARCHIVE_SCHEDULE),
        always_audited: true,
        work: archive::write_old,
    },
    Job {
        name: "score",
        help: "Keeps the security score for its history.",
        schedule: Some(SCORE_SCHEDULE),
        always_audited: false,
        work: score::keep,
    },
    Job {
        name: "findings",
        help: "Looks for what behaviour gives away, and keeps what it finds.",
        schedule: Some(FINDINGS_SCHEDULE),
        always_audited: false,
        work: findings::look,
    },
    Job {
        name: "report",
        help: "Writes a report of the last report_days days into report_folder, and removes the oldest there.",
        schedule: Some(REPORT_SCHEDULE),
        always_audited: true,
        work: report::write_report,
    },
    Job {
        name: "waf.rescore",
        help: "Scores every stored row by the rules in force; nothing but scores changes.",
        schedule: None,
        always_audited: true,
        work: rescore::rescore_all,
    },
    Job {
        name: "maintenance.vacuum",
        help: "Writes the database of events anew to give back its free space; lines wait meanwhile.",
        schedule: Some(VACUUM_SCHEDULE),
        always_audited: true,
        work: maintenance::vacuum,
    },
    Job {
        name: "maintenance.analyze",
        help: "Renews the statistics that the database plans its look-ups by.",
        schedule: Some(ANALYZE_SCHEDULE),
        always_audited: false,
        work: maintenance::analyze,
    },
    Job {
        name: "maintenance.rebuild-stats",
        help: "Puts all sums per group together anew from the rows; answers stay right meanwhile.",
        schedule: None,
        always_audited: true,
        work: maintenance::rebuild_stats,
    },
];

/// The job of that name.
pub fn job(name: &str) -> Option<&'static Job> {
    JOBS.iter().find(|job| job.name == name)
}

/// What jobs work on.
#[derive(Clone)]
pub struct Context {
    /// The events.
    pub store: Arc<dyn EventStore>,
    /// Settings, audit log, records of runs.
    pub control: Arc<ControlDb>,
    /// What of a person archives show.
    pub privacy: Arc<Privacy>,
    /// What rules say of requests.
    pub scorer: Arc<Scorer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The proxy's configuration, where it is known.
    pub squid_conf: Option<PathBuf>,
}

impl fmt::Debug for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Context").finish_non_exhaustive()
    }
}

/// Why a job failed; what it had committed stays.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The events could not be read or written.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// Settings or records could not be read or written.
    #[error(transparent)]
    Control(#[from] crate::control::ControlError),
    /// An archive could not be written.
    #[error(transparent)]
    Archive(#[from] crate::archive::ArchiveError),
    /// A report could not be written.
    #[error(transparent)]
    Report(#[from] crate::report::FolderError),
    /// Rows can't be archived, and so are not removed.
    #[error(
        "{rows} rows lie in damaged blocks and can't be archived, so nothing was removed; `tidegate db verify` names the \
         blocks, and with archive_enabled off they are removed all the same"
    )]
    Unreadable {
        /// How many.
        rows: u64,
    },
    /// Old lines came in all the while.
    #[error("old lines came in while older ones were archived, again and again; nothing was removed, try again later")]
    Overtaken,
    /// It ended in a panic.
    #[error("it ended early; the log says where")]
    Panicked,
    /// No thread could be had for it.
    #[error("no thread for it: {0}")]
    NoThread(std::io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::settings::SETTINGS;

    #[test]
    fn jobs_have_names_sentences_and_registered_schedules() {
        for (at, job) in JOBS.iter().enumerate() {
            assert!(JOBS[..at].iter().all(|other| other.name != job.name), "{} is there twice", job.name);
            assert!(job.help.ends_with('.') && job.help.len() < 120, "{}", job.help);
            assert!(job.schedule.is_none_or(|setting| SETTINGS.contains(&setting.spec)), "{}", job.name);
        }
    }
}
