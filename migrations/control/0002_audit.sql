-- The audit log is chained, signed and retained. What each hash and mac covers: src/control/audit/chain.rs. The rows
-- of schema 1 wait in audit_log_unchained; the program chains them within this migration and drops that table.

DROP INDEX audit_log_by_intent;
DROP TRIGGER audit_log_no_update;
DROP TRIGGER audit_log_no_delete;
DROP TRIGGER audit_log_no_replace;
ALTER TABLE audit_log RENAME TO audit_log_unchained;

-- Append-only; numbers rise by one and come from audit_head. An action that spans both databases has a row in state
-- 'intent' and later a second row that names the first in intent_id and says how it ended.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    intent_id INTEGER UNIQUE REFERENCES audit_log (id),
    at_ms INTEGER NOT NULL,
    username TEXT NOT NULL,
    source_ip TEXT,
    -- What the request was made with: 'password', 'API key 3'. NULL for the machine itself.
    credential TEXT,
    method TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    request_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'failed', 'interrupted')),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    mac BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE INDEX audit_log_by_intent ON audit_log (id) WHERE state = 'intent';

-- The newest entry, so that cutting off the end is seen. broken_id is the first entry that can't be vouched for, where
-- an append found that this row or the end of the log had been changed by someone else.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    broken_id INTEGER,
    mac BLOB NOT NULL
) STRICT;

-- Every removal of the oldest entries: up to which one, and its hash, from which the chain goes on.
CREATE TABLE audit_checkpoint (
    up_to_id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    at_ms INTEGER NOT NULL,
    mac BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
WHEN OLD.id > (SELECT coalesce(max(up_to_id), 0) FROM audit_checkpoint)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- REPLACE deletes without firing the trigger above.
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id OR intent_id = NEW.intent_id)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'checkpoints of the audit log are kept');
END;

CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'checkpoints of the audit log are kept');
END;

CREATE TRIGGER audit_checkpoint_no_replace BEFORE INSERT ON audit_checkpoint
WHEN NEW.up_to_id <= (SELECT coalesce(max(up_to_id), 0) FROM audit_checkpoint)
BEGIN
    SELECT RAISE(ABORT, 'checkpoints of the audit log are kept');
END;
