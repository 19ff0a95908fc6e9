-- Accounts, settings and the audit log. Times are Unix milliseconds, UTC.

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    -- A PHC string; the password itself is stored nowhere.
    password_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    password_changed_at_ms INTEGER NOT NULL
) STRICT;

-- Only what somebody set; what is absent has its default.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only. An action that spans both databases has a row in state 'intent' and later a second row that names
-- the first in intent_id and says how it ended.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    intent_id INTEGER UNIQUE REFERENCES audit_log (id),
    at_ms INTEGER NOT NULL,
    username TEXT NOT NULL,
    source_ip TEXT,
    method TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    request_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'failed', 'interrupted'))
) STRICT;

CREATE INDEX audit_log_by_intent ON audit_log (id) WHERE state = 'intent';

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- REPLACE deletes without firing the trigger above.
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
