-- events.db, layout 2: data subjects can be erased, rejected lines are counted by source and reason.

-- Where erased values may still lie in the file: 0 nowhere, 1 in its unused parts, 2 in the write-ahead log.
ALTER TABLE state ADD COLUMN unwiped INTEGER NOT NULL DEFAULT 0;

-- Clients and users being erased: rows up to last_row that have them are gone from every answer; those up to done_row
-- are blank. Ids as in `dictionary`, which no longer has them.
CREATE TABLE erasing (
    id                INTEGER PRIMARY KEY,
    last_row          INTEGER NOT NULL,
    done_row          INTEGER NOT NULL,
    unreadable_blocks INTEGER NOT NULL
) STRICT;

-- Dictionary entries of rows that were blanked: they go when no other row has them.
CREATE TABLE orphan (
    id INTEGER PRIMARY KEY
) STRICT;

-- Hours since the epoch whose rollups are to be put together anew from rows.
CREATE TABLE dirty_hour (
    hour INTEGER PRIMARY KEY
) STRICT;

DROP TABLE reject_count;
CREATE TABLE reject_count (
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    lines  INTEGER NOT NULL,
    PRIMARY KEY (source, reason)
) STRICT;
INSERT INTO reject_count SELECT source, reason, count(*) FROM reject GROUP BY source, reason;
