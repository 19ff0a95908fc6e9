//! Runs of jobs, as they are remembered: which, when, by whom, and what came of it. What a job does is not known here.

use super::{ControlDb, ControlResult};
use crate::model::{DAY_MS, Timestamp};
use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::Value;

/// The number of a run; rises, never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JobRunId(pub i64);

/// What became of a run.
#[derive(Clone, PartialEq, Debug)]
pub enum JobOutcome {
    /// It is under way.
    Running,
    /// It is done, with this result.
    Done(Value),
    /// It failed, for this reason; what it had committed stays.
    Failed(String),
    /// The process ended before it did; what it had committed stays.
    Interrupted,
}

impl JobOutcome {
    /// The words for outcomes, in the database and in answers.
    pub const NAMES: [&'static str; 4] = ["running", "done", "failed", "interrupted"];

    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            JobOutcome::Running => "running",
            JobOutcome::Done(_) => "done",
            JobOutcome::Failed(_) => "failed",
            JobOutcome::Interrupted => "interrupted",
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            JobOutcome::Done(result) => Some(result.to_string()),
            JobOutcome::Failed(reason) => Some(reason.clone()),
            JobOutcome::Running | JobOutcome::Interrupted => None,
        }
    }

    fn read(name: &str, text: Option<String>) -> JobOutcome {
        match name {
            "running" => JobOutcome::Running,
            "done" => JobOutcome::Done(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()),
            "interrupted" => JobOutcome::Interrupted,
            _ => JobOutcome::Failed(text.unwrap_or_default()),
        }
    }
}

/// A run of a job.
#[derive(Clone, PartialEq, Debug)]
pub struct JobRun {
    /// Its number.
    pub id: JobRunId,
    /// The job's name.
    pub job: String,
    /// Who had it run: an account's name, or `schedule`.
    pub started_by: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// What became of it.
    pub outcome: JobOutcome,
}

const COLUMNS: &str = "id, job, started_by, started_ms, finished_ms, outcome, result";

impl ControlDb {
    /// Notes that a job has begun.
    pub fn begin_job(&self, job: &str, started_by: &str) -> ControlResult<JobRun> {
        let started = self.now();
        let outcome = JobOutcome::Running;
        let id = self.change(|transaction| {
            transaction.execute(
                "INSERT INTO job_run (job, started_by, started_ms, outcome) VALUES (?1, ?2, ?3, ?4)",
                (job, started_by, started.0, outcome.name()),
            )?;
            Ok(JobRunId(transaction.last_insert_rowid()))
        })?;
        let (job, started_by) = (job.to_owned(), started_by.to_owned());
        Ok(JobRun { id, job, started_by, started, finished: None, outcome })
    }

    /// Notes what became of a run.
    pub fn end_job(&self, id: JobRunId, outcome: &JobOutcome) -> ControlResult<()> {
        let now = self.now();
        self.change(|transaction| {
            transaction.execute(
                "UPDATE job_run SET finished_ms = ?2, outcome = ?3, result = ?4 WHERE id = ?1",
                (id.0, now.0, outcome.name(), outcome.text()),
            )?;
            Ok(())
        })
    }

    /// Notes of runs that the end of a process cut off that this was so; answers how many. For the start of a server: no
    /// other one runs then.
    pub fn interrupt_jobs(&self) -> ControlResult<usize> {
        self.change(|transaction| {
            Ok(transaction.execute("UPDATE job_run SET outcome = 'interrupted' WHERE outcome = 'running'", [])?)
        })
    }

    /// A page of runs, newest first, of one job or of all, and how many there are.
    pub fn job_runs(&self, job: Option<&str>, limit: usize, offset: u64) -> ControlResult<(Vec<JobRun>, u64)> {
        self.read_together(|connection| {
            let passes = "(:job IS NULL OR job = :job)";
            let total = connection
                .prepare_cached(&format!("SELECT count(*) FROM job_run WHERE {passes}"))?
                .query_row(named_params! { ":job": job }, |row| row.get(0))?;
            let mut query = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM job_run WHERE {passes} ORDER BY id DESC LIMIT :limit OFFSET :offset"
            ))?;
            let page = query.query_map(named_params! { ":job": job, ":limit": limit, ":offset": offset }, run)?;
            Ok((page.collect::<Result<_, _>>()?, total))
        })
    }

    /// A run by its number.
    pub fn job_run(&self, id: JobRunId) -> ControlResult<Option<JobRun>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM job_run WHERE id = ?1"))?;
            Ok(query.query_row([id.0], run).optional()?)
        })
    }

    /// The newest run of a job, and the newest that was done.
    pub fn last_job_runs(&self, job: &str) -> ControlResult<(Option<JobRun>, Option<JobRun>)> {
        self.read_together(|connection| {
            let newest = |which: &str| {
                let sql = format!("SELECT {COLUMNS} FROM job_run WHERE job = ?1 AND {which} ORDER BY id DESC LIMIT 1");
                connection.prepare_cached(&sql)?.query_row([job], run).optional()
            };
            Ok((newest("true")?, newest("outcome = 'done'")?))
        })
    }

    /// Forgets runs that began more than `days` ago; answers how many. The newest of each job stays.
    pub fn prune_job_runs(&self, days: i64) -> ControlResult<usize> {
        let cutoff = self.now().0.saturating_sub(days.saturating_mul(DAY_MS));
        self.change(|transaction| {
            Ok(transaction.execute(
                "DELETE FROM job_run WHERE started_ms < ?1 AND outcome <> 'running'
                 AND id NOT IN (SELECT max(id) FROM job_run GROUP BY job)",
                [cutoff],
            )?)
        })
    }
}

fn run(row: &Row<'_>) -> rusqlite::Result<JobRun> {
    let outcome: String = row.get(5)?;
    Ok(JobRun {
        id: JobRunId(row.get(0)?),
        job: row.get(1)?,
        started_by: row.get(2)?,
        started: Timestamp(row.get(3)?),
        finished: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        outcome: JobOutcome::read(&outcome, row.get(6)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::db::tests::scratch;
    use crate::model::Clock;
    use serde_json::json;

    #[test]
    fn runs_are_kept_with_what_came_of_them() {
        let (_dir, db, clock) = scratch();
        let first = db.begin_job("vacuum", "schedule").unwrap();
        clock.set(Timestamp(clock.now().0 + 1500));
        db.end_job(first.id, &JobOutcome::Done(json!({ "reclaimed_mb": 3 }))).unwrap();
        let second = db.begin_job("vacuum", "admin").unwrap();
        db.end_job(second.id, &JobOutcome::Failed("no space".to_owned())).unwrap();
        let third = db.begin_job("analyze", "admin").unwrap();
        assert_eq!(db.job_run(third.id).unwrap().unwrap(), third);
        assert_eq!((db.interrupt_jobs().unwrap(), db.interrupt_jobs().unwrap()), (1, 0));
        assert_eq!(db.job_run(third.id).unwrap().unwrap().outcome, JobOutcome::Interrupted);

        let (page, total) = db.job_runs(Some("vacuum"), 1, 0).unwrap();
        assert_eq!((page[0].id, &page[0].outcome, total), (second.id, &JobOutcome::Failed("no space".to_owned()), 2));
        let (last, done) = db.last_job_runs("vacuum").unwrap();
        let done = done.unwrap();
        assert_eq!((last.unwrap().id, done.id, done.finished), (second.id, first.id, Some(clock.now())));
        assert_eq!(done.outcome, JobOutcome::Done(json!({ "reclaimed_mb": 3 })));
        assert_eq!(db.job_runs(None, 10, 1).unwrap().0.len(), 2);
    }

    #[test]
    fn old_runs_are_forgotten_but_for_the_newest_of_each_job() {
        let (_dir, db, clock) = scratch();
        for job in ["a", "a", "b"] {
            let run = db.begin_job(job, "schedule").unwrap();
            db.end_job(run.id, &JobOutcome::Done(Value::Null)).unwrap();
        }
        assert_eq!(db.prune_job_runs(30).unwrap(), 0);
        clock.set(Timestamp(clock.now().0 + 31 * DAY_MS));
        assert_eq!(db.prune_job_runs(30).unwrap(), 1);
        let left: Vec<_> = db.job_runs(None, 10, 0).unwrap().0.into_iter().map(|run| run.id.0).collect();
        assert_eq!(left, [3, 2]);
    }
}
