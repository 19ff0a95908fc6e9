//! Work that goes on after its request was answered: one at a time of each name, with progress, its outcome kept until the
//! process ends. A job that the end of the process cuts off leaves what it has committed.

use crate::model::{Clock, Timestamp};
use parking_lot::Mutex;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs that are remembered.
const REMEMBERED: usize = 200;

/// A run of a job.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number, from 1 on.
    pub id: u64,
    /// What is done: `waf.rescore`.
    pub name: &'static str,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// What became of it.
    pub outcome: Outcome,
    progress: Arc<Progress>,
}

/// What became of a run.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It is under way.
    Running,
    /// It is done, with this result.
    Done(Value),
    /// It failed, for this reason.
    Failed(String),
}

/// How far a run is.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// Tells how much is done, of how much.
    pub fn set(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }
}

impl Run {
    /// How much is done, and of how much; 0 of 0 before that is known.
    pub fn progress(&self) -> (u64, u64) {
        (self.progress.done.load(Ordering::Relaxed), self.progress.total.load(Ordering::Relaxed))
    }
}

/// A job of that name runs already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("it runs already, as job {id}")]
pub struct Busy {
    /// The run.
    pub id: u64,
}

/// The runs of a process.
pub struct Jobs {
    clock: Arc<dyn Clock>,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    last_id: u64,
    /// Oldest first.
    runs: VecDeque<Run>,
}

impl Jobs {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Jobs {
        Jobs { clock, runs: Mutex::default() }
    }

    /// Begins a job in a thread of its own; answers its number.
    ///
    /// # Errors
    /// [`Busy`] when one of that name runs.
    pub fn start(
        self: &Arc<Self>,
        name: &'static str,
        work: impl FnOnce(&Progress) -> Result<Value, String> + Send + 'static,
    ) -> Result<u64, Busy> {
        let progress = Arc::new(Progress::default());
        let id = {
            let mut runs = self.runs.lock();
            let running = runs.runs.iter().find(|run| run.name == name && run.outcome == Outcome::Running);
            if let Some(running) = running {
                return Err(Busy { id: running.id });
            }
            runs.last_id += 1;
            let (id, started) = (runs.last_id, self.clock.now());
            let run =
                Run { id, name, started, finished: None, outcome: Outcome::Running, progress: Arc::clone(&progress) };
            runs.runs.push_back(run);
            if runs.runs.len() > REMEMBERED {
                let oldest = runs.runs.iter().position(|run| run.outcome != Outcome::Running);
                oldest.and_then(|oldest| runs.runs.remove(oldest));
            }
            id
        };
        let jobs = Arc::clone(self);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Whatever happens in it, it comes to an end that is known.
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&progress)));
            jobs.end(
                id,
                match done {
                    Ok(Ok(result)) => Outcome::Done(result),
                    Ok(Err(reason)) => Outcome::Failed(reason),
                    Err(_) => Outcome::Failed("it ended early; see the log".to_owned()),
                },
            );
        });
        if let Err(cause) = thread {
            self.end(id, Outcome::Failed(format!("no thread for it: {cause}")));
        }
        Ok(id)
    }

    fn end(&self, id: u64, outcome: Outcome) {
        let now = self.clock.now();
        let mut runs = self.runs.lock();
        if let Some(run) = runs.runs.iter_mut().find(|run| run.id == id) {
            if let Outcome::Failed(reason) = &outcome {
                tracing::error!(job = run.name, reason, "a job failed");
            }
            (run.finished, run.outcome) = (Some(now), outcome);
        }
    }

    /// Every run that is remembered, newest first.
    pub fn runs(&self) -> Vec<Run> {
        self.runs.lock().runs.iter().rev().cloned().collect()
    }

    /// The run of that number.
    pub fn run(&self, id: u64) -> Option<Run> {
        self.runs.lock().runs.iter().find(|run| run.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FixedClock;
    use serde_json::json;
    use std::sync::mpsc;

    fn ended(jobs: &Jobs, id: u64) -> Run {
        loop {
            match jobs.run(id) {
                Some(run) if run.outcome != Outcome::Running => return run,
                _ => std::thread::yield_now(),
            }
        }
    }

    #[test]
    fn one_runs_at_a_time_and_says_how_far_it_is() {
        let jobs = Arc::new(Jobs::new(Arc::new(FixedClock::at(Timestamp(7)))));
        let (say, told) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let work = move |progress: &Progress| {
            progress.set(3, 9);
            begun.send(()).unwrap();
            told.recv().unwrap();
            Ok(json!({ "rows": 9 }))
        };
        let id = jobs.start("one", work).unwrap();
        has_begun.recv().unwrap();
        assert_eq!(jobs.start("one", |_| Ok(Value::Null)), Err(Busy { id }));
        let other = jobs.start("other", |_| Err("no space".to_owned())).unwrap();
        assert_eq!(ended(&jobs, other).outcome, Outcome::Failed("no space".to_owned()));
        let run = jobs.run(id).unwrap();
        assert_eq!((run.progress(), run.outcome, run.finished), ((3, 9), Outcome::Running, None));
        say.send(()).unwrap();
        let run = ended(&jobs, id);
        assert_eq!((run.outcome, run.finished), (Outcome::Done(json!({ "rows": 9 })), Some(Timestamp(7))));
        assert!(jobs.start("one", |_| Ok(Value::Null)).unwrap() > id);
    }

    #[test]
    fn a_panic_is_an_outcome_and_old_runs_are_forgotten() {
        let jobs = Arc::new(Jobs::new(Arc::new(FixedClock::at(Timestamp(7)))));
        let id = jobs.start("one", |_| panic!("on purpose")).unwrap();
        assert!(matches!(ended(&jobs, id).outcome, Outcome::Failed(_)));
        for _ in 0..REMEMBERED {
            let id = jobs.start("one", |_| Ok(Value::Null)).unwrap();
            ended(&jobs, id);
        }
        assert_eq!((jobs.runs().len(), jobs.run(id).is_none()), (REMEMBERED, true));
        assert!(jobs.runs().is_sorted_by_key(|run| std::cmp::Reverse(run.id)));
    }
}
