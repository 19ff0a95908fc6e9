-- events.db, layout 7: what behaviour gave away. A finding goes with its rows: with retention, with erasure, with a clear.

CREATE TABLE finding (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out twice: links to it are mailed around
    detector    TEXT NOT NULL,
    severity    INTEGER NOT NULL,          -- syslog's number
    client      BLOB NOT NULL,             -- as logged
    destination BLOB NOT NULL,             -- host:port, domain or service; empty where it is no one place
    first_ms    INTEGER NOT NULL,          -- Unix milliseconds
    last_ms     INTEGER NOT NULL,
    found_ms    INTEGER NOT NULL,
    requests    INTEGER NOT NULL,
    measures    TEXT NOT NULL,             -- JSON: a list of [name, number]
    evidence    TEXT NOT NULL,             -- JSON: a list of row numbers
    status      INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 dismissed
    note        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX finding_last ON finding (last_ms);
