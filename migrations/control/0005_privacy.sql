-- Requests to be told what a pseudonym stands for. Times are Unix milliseconds, UTC. What it stands for is not here.

CREATE TABLE reveal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pseudonym TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Account numbers are never reused; the names are those of the time, so that they outlast the accounts.
    account INTEGER NOT NULL,
    requester TEXT NOT NULL,
    requested_at_ms INTEGER NOT NULL,
    approver TEXT,
    approved_at_ms INTEGER,
    -- An approval is good for one answer.
    used_at_ms INTEGER
) STRICT;

CREATE INDEX reveal_by_account ON reveal (account, pseudonym);
