//! Keeps to the schedules: once a second it looks which jobs are due, by the one clock, so that a changed setting counts
//! from the next second on. A job that was due while the server was down runs a minute after its start, once; one that
//! never ran waits for its time, but for those of [`AT_FIRST`], which run then too.

use super::{JOBS, Job, Jobs, StartError, Wanted};
use crate::control::settings::Settings;
use crate::model::{Schedule, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// When which job is due next.
#[derive(Debug, Default)]
pub struct Keeper {
    due: BTreeMap<&'static str, Due>,
}

#[derive(Debug)]
struct Due {
    pattern: String,
    schedule: Option<Schedule>,
    at: Option<Timestamp>,
}

impl Keeper {
    /// The jobs that are due, each once however often its time has come; `last` says when one was begun last, and is
    /// only asked of jobs seen for the first time.
    pub fn due(
        &mut self,
        settings: &Settings,
        now: Timestamp,
        last: impl Fn(&Job) -> Option<Timestamp>,
    ) -> Vec<&'static Job> {
        let mut due = Vec::new();
        for job in JOBS {
            let Some(setting) = job.schedule else { continue };
            let pattern = settings.get(setting);
            let known = self.due.get(job.name);
            if known.is_none_or(|known| known.pattern != pattern) {
                let schedule = Schedule::parse(pattern).ok();
                // After a change of the schedule it begins with its next time.
                let missed = known.is_none().then(|| last(job)).flatten();
                let from = missed.map_or(now, |last| last.min(now));
                let at = schedule.as_ref().and_then(|schedule| schedule.next_after(from));
                self.due.insert(job.name, Due { pattern: pattern.to_owned(), schedule, at });
            }
            let Some(known) = self.due.get_mut(job.name) else { continue };
            if known.at.is_some_and(|at| at <= now) {
                known.at = known.schedule.as_ref().and_then(|schedule| schedule.next_after(now));
                due.push(job);
            }
        }
        due
    }
}

/// How long after its start a server is left alone, to read on in its sources and answer those who waited for it.
const SETTLED: Duration = Duration::from_secs(60);

/// Jobs that run once when they never did, whatever their schedule: what they find out is looked at from the start.
const AT_FIRST: [&str; 2] = ["score", "findings"];

fn is_wanted_at_first(job: &Job, settings: &Settings) -> bool {
    AT_FIRST.contains(&job.name) && job.schedule.is_some_and(|setting| !settings.get(setting).is_empty())
}

/// Runs jobs by their schedules until the process ends.
pub async fn keep_schedules(jobs: Arc<Jobs>) {
    let (mut keeper, mut is_first) = (Keeper::default(), true);
    let mut seconds = tokio::time::interval_at(Instant::now() + SETTLED, Duration::from_secs(1));
    seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        let jobs = Arc::clone(&jobs);
        let kept = tokio::task::spawn_blocking(move || {
            let context = jobs.context();
            let (settings, now) = (context.control.settings(), context.clock.now());
            let last = |job: &Job| {
                let (last, _) = context.control.last_job_runs(job.name).ok()?;
                last.map(|run| run.started)
            };
            let mut due = keeper.due(&settings, now, last);
            if is_first {
                due.extend(JOBS.iter().filter(|job| is_wanted_at_first(job, &settings) && last(job).is_none()));
                due.dedup_by_key(|job| job.name);
            }
            for job in due {
                match jobs.start(job, Wanted::BySchedule) {
                    Ok(run) => tracing::info!(job = job.name, run = run.id.0, "begun by schedule"),
                    Err(StartError::Busy { .. }) => tracing::warn!(job = job.name, "still runs; this time is left out"),
                    Err(StartError::Control(cause)) => {
                        tracing::error!(job = job.name, %cause, "could not be begun; it is tried at its next time");
                    }
                }
            }
            keeper
        });
        is_first = false;
        match kept.await {
            Ok(back) => keeper = back,
            Err(cause) => {
                tracing::error!(%cause, "keeping the schedules ended early; they begin anew");
                keeper = Keeper::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_due_once_at_its_time_and_once_for_all_it_missed() {
        let settings = Settings::default();
        // 2026-01-01 00:00:00; retention.audit is due at seven past each hour.
        let midnight = 1_767_225_600_000;
        let mut keeper = Keeper::default();
        let mut at = |minute: i64, last: Option<i64>| {
            let now = Timestamp(midnight + minute * 60_000);
            let jobs = keeper.due(&settings, now, |job| {
                last.filter(|_| job.name == "retention.audit").map(|minute| Timestamp(midnight + minute * 60_000))
            });
            jobs.iter().map(|job| job.name).collect::<Vec<_>>()
        };
        assert_eq!(at(0, Some(-600)), ["retention.audit"], "missed while nothing ran");
        assert_eq!(at(0, Some(-600)), Vec::<&str>::new());
        assert_eq!(at(6, None), Vec::<&str>::new());
        assert_eq!(at(7, None), ["retention.audit"]);
        assert_eq!(at(36, None), ["findings"], "at eleven past each hour");
        assert_eq!(at(66, None), ["score"], "at 37 minutes past each sixth hour");
        assert_eq!(
            at(3 * 60 + 20, None),
            ["retention.rows", "retention.audit", "findings"],
            "once, however often it was missed"
        );
    }

    #[test]
    fn a_job_that_never_ran_waits_for_its_time() {
        let mut keeper = Keeper::default();
        assert!(keeper.due(&Settings::default(), Timestamp(1_767_225_600_000), |_| None).is_empty());
    }
}
