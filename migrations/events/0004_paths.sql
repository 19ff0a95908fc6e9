-- events.db, layout 4: blocks have a column of what paths say (14) and one of bytes from clients (15), rollups know paths,
-- sources and agents (dimensions 4, 5 and 6), and it is kept when an origin was seen first. Blocks of earlier layouts get
-- their column when the database is opened.

ALTER TABLE total_5m ADD COLUMN cs_bytes INTEGER NOT NULL DEFAULT 0;          -- bytes from clients
ALTER TABLE total_5m ADD COLUMN cs_bytes_rows INTEGER NOT NULL DEFAULT 0;     -- rows whose log says so
ALTER TABLE total_5m ADD COLUMN entropy_millibits INTEGER NOT NULL DEFAULT 0; -- of paths, summed
ALTER TABLE total_5m ADD COLUMN entropy_rows INTEGER NOT NULL DEFAULT 0;      -- rows with a path to measure
ALTER TABLE total_1h ADD COLUMN cs_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total_1h ADD COLUMN cs_bytes_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total_1h ADD COLUMN entropy_millibits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total_1h ADD COLUMN entropy_rows INTEGER NOT NULL DEFAULT 0;

-- The first hour an origin was seen in, kept as long as its dictionary entry.
CREATE TABLE origin_seen (
    id   INTEGER PRIMARY KEY,          -- as in `dictionary`
    hour INTEGER NOT NULL              -- hours since the epoch
) STRICT;
CREATE INDEX origin_seen_by_hour ON origin_seen (hour);
