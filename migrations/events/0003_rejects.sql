-- events.db, layout 3: rejected lines have the host and the format of their source, and say how much of them is kept;
-- those beyond what is kept of a source are counted.

CREATE TABLE reject_source (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    host   TEXT NOT NULL,              -- empty: rejected before layout 3
    format TEXT NOT NULL,              -- the spec of the format that the line is not in
    UNIQUE (name, host, format)
) STRICT;
INSERT INTO reject_source (name, host, format) SELECT DISTINCT source, '', '' FROM reject ORDER BY source;

ALTER TABLE reject RENAME TO reject_of_layout_2;
CREATE TABLE reject (
    id     INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out twice: by it a line is read again once
    source INTEGER NOT NULL,           -- reject_source.id
    reason TEXT NOT NULL,
    offset INTEGER NOT NULL,
    kept   INTEGER NOT NULL,           -- 0 the whole line, 1 its head, 2 its shape
    line   BLOB NOT NULL
) STRICT;
-- What was not said before is told from the line: one without any letter but a and A and any digit but 9 is a shape.
INSERT INTO reject
    SELECT old.id, reject_source.id, old.reason, old.offset,
           CASE WHEN cast(old.line AS TEXT) NOT GLOB '*[0-8b-zB-Z]*' THEN 2
                WHEN old.reason = 'too_long' OR length(old.line) >= 65536 THEN 1
                ELSE 0 END,
           old.line
    FROM reject_of_layout_2 AS old JOIN reject_source ON reject_source.name = old.source;
DROP TABLE reject_of_layout_2;

ALTER TABLE reject_count ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;       -- lines in `reject`
ALTER TABLE reject_count ADD COLUMN kept_bytes INTEGER NOT NULL DEFAULT 0; -- what they take there
UPDATE reject_count SET (kept, kept_bytes) = (
    SELECT count(*), coalesce(sum(length(line)), 0) FROM reject JOIN reject_source ON reject_source.id = reject.source
    WHERE reject_source.name = reject_count.source AND reject.reason = reject_count.reason
);
