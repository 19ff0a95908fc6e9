-- events.db, layout 1. Every BLOB begins with a version byte and carries checksums: docs/STORAGE.md.

-- One row: what a writer must know before it writes and a reader before it trusts what it has cached.
CREATE TABLE state (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    version        INTEGER NOT NULL,   -- rises with every change of an answer
    epoch          INTEGER NOT NULL,   -- rises when blocks or floors change other than by appending
    generation     INTEGER NOT NULL,   -- rises when rows or dictionary entries go
    next_block     INTEGER NOT NULL,
    next_row       INTEGER NOT NULL,   -- never falls
    last_import_ms INTEGER,            -- wall clock, null before the first import
    identity       BLOB NOT NULL       -- random: versions of different stores are not to be compared
) STRICT;
INSERT INTO state VALUES (1, 0, 0, 0, 1, 1, NULL, randomblob(16));

-- Rows first_row .. first_row + rows - 1.
CREATE TABLE block (
    id        INTEGER PRIMARY KEY,
    first_row INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    folded    INTEGER NOT NULL,        -- whether the rollups know it
    text_bytes INTEGER NOT NULL,       -- of its texts, before compression
    hours     BLOB NOT NULL            -- zone map: hour -> rows
) STRICT;

-- id = block * 64 + column number.
CREATE TABLE block_column (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- id = dictionary << 40 | number; numbers are never given out twice.
CREATE TABLE dictionary (
    id    INTEGER PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
CREATE TABLE dictionary_hash (
    hash INTEGER NOT NULL,             -- 32 bits; several entries may share one
    id   INTEGER NOT NULL,
    PRIMARY KEY (hash, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE dictionary_next (
    dictionary INTEGER PRIMARY KEY,
    next       INTEGER NOT NULL
) STRICT;

-- Sums per five minutes and per hour; ip_*: of them, rows whose destination is an IP literal.
CREATE TABLE total_5m (
    bucket INTEGER PRIMARY KEY,        -- start, Unix milliseconds / 300,000
    allowed INTEGER NOT NULL, denied INTEGER NOT NULL, origin_forbidden INTEGER NOT NULL,
    auth_challenge INTEGER NOT NULL, aborted INTEGER NOT NULL, error INTEGER NOT NULL,
    ip_allowed INTEGER NOT NULL, ip_denied INTEGER NOT NULL, ip_origin_forbidden INTEGER NOT NULL,
    ip_auth_challenge INTEGER NOT NULL, ip_aborted INTEGER NOT NULL, ip_error INTEGER NOT NULL,
    bytes INTEGER NOT NULL, time_taken_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE total_1h (
    bucket INTEGER PRIMARY KEY,        -- start, Unix milliseconds / 3,600,000
    allowed INTEGER NOT NULL, denied INTEGER NOT NULL, origin_forbidden INTEGER NOT NULL,
    auth_challenge INTEGER NOT NULL, aborted INTEGER NOT NULL, error INTEGER NOT NULL,
    ip_allowed INTEGER NOT NULL, ip_denied INTEGER NOT NULL, ip_origin_forbidden INTEGER NOT NULL,
    ip_auth_challenge INTEGER NOT NULL, ip_aborted INTEGER NOT NULL, ip_error INTEGER NOT NULL,
    bytes INTEGER NOT NULL, time_taken_ms INTEGER NOT NULL
) STRICT;

-- Rebuildable sums per group: id = (dimension * 2 + level) << 40 | bucket + 2^39; level 0 hours, 1 days.
CREATE TABLE rollup (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- A row is gone when its hour is before `hour` and its number at most `row`.
CREATE TABLE retention_floor (
    hour INTEGER NOT NULL,
    row  INTEGER NOT NULL,
    PRIMARY KEY (hour, row)
) STRICT;

CREATE TABLE checkpoint (
    fingerprint BLOB PRIMARY KEY,
    offset      INTEGER NOT NULL,
    lines       INTEGER NOT NULL,
    tail        INTEGER NOT NULL,
    followed    INTEGER NOT NULL,
    seen_as     TEXT NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;
CREATE TABLE checkpoint_mark (
    fingerprint BLOB NOT NULL,
    offset      INTEGER NOT NULL,
    lines       INTEGER NOT NULL,
    tail        INTEGER NOT NULL,
    PRIMARY KEY (fingerprint, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE reject (
    id     INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    offset INTEGER NOT NULL,
    line   BLOB NOT NULL
) STRICT;
CREATE TABLE reject_count (
    reason TEXT PRIMARY KEY,
    lines  INTEGER NOT NULL
) STRICT;
