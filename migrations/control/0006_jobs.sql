-- Runs of jobs. Times are Unix milliseconds, UTC.

CREATE TABLE job_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    -- Who had it run: an account's name, or `schedule`.
    started_by TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    -- running, done, failed, interrupted
    outcome TEXT NOT NULL,
    -- Of a run that is done: what came of it, JSON. Of one that failed: why.
    result TEXT
) STRICT;

CREATE INDEX job_run_by_job ON job_run (job, id);
CREATE INDEX job_run_by_time ON job_run (started_ms);
