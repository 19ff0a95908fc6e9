//! Runs jobs, each in a thread of its own and one run of a job at a time, and remembers what came of them.

use super::{Context, Job, JobError, Progress};
use crate::control::{Actor, AuditId, ControlError, ControlResult, JobOutcome, JobRun, JobRunId};
use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The jobs of a process.
#[derive(Debug)]
pub struct Jobs {
    context: Context,
    running: Mutex<BTreeMap<&'static str, Running>>,
    /// A run has ended.
    ended: Condvar,
}

#[derive(Clone, Debug)]
struct Running {
    id: JobRunId,
    progress: Arc<Progress>,
}

/// By whom a run is wanted.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// It is due.
    BySchedule,
    /// By somebody, who is named in the audit log.
    By(Actor),
}

/// Why a job was not begun.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It runs already.
    #[error("{job} runs already, as run {}; wait for its end", id.0)]
    Busy {
        /// The job.
        job: &'static str,
        /// The run.
        id: JobRunId,
    },
    /// That it begins could not be recorded.
    #[error(transparent)]
    Control(#[from] ControlError),
}

impl Jobs {
    /// None runs yet. Runs that the last process left under way are noted as interrupted.
    ///
    /// # Errors
    /// When `control.db` can't be written.
    pub fn new(context: Context) -> ControlResult<Jobs> {
        let interrupted = context.control.interrupt_jobs()?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "jobs were cut off by the last stop");
        }
        Ok(Jobs { context, running: Mutex::default(), ended: Condvar::new() })
    }

    /// What the jobs work on.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Begins a job; answers its run.
    ///
    /// # Errors
    /// [`StartError::Busy`] when it runs already.
    pub fn start(self: &Arc<Self>, job: &'static Job, wanted: Wanted) -> Result<JobRun, StartError> {
        let (actor, audited) = match wanted {
            Wanted::BySchedule => (Actor::system("schedule"), job.always_audited),
            Wanted::By(actor) => (actor, true),
        };
        let by = if actor.credential.is_none() { actor.method.clone() } else { actor.username.clone() };
        let progress = Arc::new(Progress::default());
        let (run, intent) = {
            let mut running = self.running.lock();
            if let Some(Running { id, .. }) = running.get(job.name) {
                return Err(StartError::Busy { job: job.name, id: *id });
            }
            let control = &self.context.control;
            let run = control.begin_job(job.name, &by)?;
            let details = json!({ "run": run.id.0 });
            let intent = audited.then(|| control.intent(&actor, job.name, "events", Some(details))).transpose()?;
            running.insert(job.name, Running { id: run.id, progress: Arc::clone(&progress) });
            (run, intent)
        };
        let jobs = Arc::clone(self);
        let id = run.id;
        let thread = std::thread::Builder::new().name(job.name.to_owned()).spawn(move || {
            let begun = Instant::now();
            // Whatever happens in it, it comes to an end that is known.
            let done = catch_unwind(AssertUnwindSafe(|| (job.work)(&jobs.context, &actor, &progress)));
            jobs.end(job, id, intent, done.unwrap_or_else(|_| Err(JobError::Panicked)), begun.elapsed());
        });
        if let Err(cause) = thread {
            self.end(job, id, intent, Err(JobError::NoThread(cause)), Duration::ZERO);
        }
        Ok(run)
    }

    fn end(
        &self,
        job: &'static Job,
        id: JobRunId,
        intent: Option<AuditId>,
        done: Result<Value, JobError>,
        took: Duration,
    ) {
        let control = &self.context.control;
        let recorded = match (&done, intent) {
            (Ok(result), Some(intent)) => control.complete(intent, Some(result.clone())),
            (Err(_), Some(intent)) => control.fail(intent, "failed"),
            (_, None) => Ok(()),
        };
        let outcome = match done {
            Ok(result) => JobOutcome::Done(result),
            Err(cause) => {
                tracing::error!(job = job.name, run = id.0, %cause, "a job failed");
                JobOutcome::Failed(cause.to_string())
            }
        };
        if let Err(cause) = recorded.and_then(|()| control.end_job(id, &outcome)) {
            tracing::error!(job = job.name, run = id.0, %cause, "the end of a job was not recorded");
        }
        count(job, &outcome, took, self.context.clock.now().0);
        self.running.lock().remove(job.name);
        self.ended.notify_all();
    }

    /// How far a run is: how much is done, of how much; `None` when it does not run.
    pub fn progress(&self, id: JobRunId) -> Option<(u64, u64)> {
        self.running.lock().values().find(|running| running.id == id).map(|running| running.progress.get())
    }

    /// Waits until a run has ended, at most so long; answers whether it has.
    pub fn wait(&self, id: JobRunId, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut running = self.running.lock();
        while running.values().any(|running| running.id == id) {
            if self.ended.wait_until(&mut running, until).timed_out() {
                return false;
            }
        }
        true
    }
}

/// Counts a run for Prometheus.
fn count(job: &'static Job, outcome: &JobOutcome, took: Duration, now_ms: i64) {
    metrics::counter!("tidegate_job_runs_total", "job" => job.name, "outcome" => outcome.name()).increment(1);
    metrics::gauge!("tidegate_job_duration_seconds", "job" => job.name).set(took.as_secs_f64());
    if matches!(outcome, JobOutcome::Done(_)) {
        metrics::gauge!("tidegate_job_last_success_timestamp_seconds", "job" => job.name).set(now_ms as f64 / 1000.0);
    }
}
