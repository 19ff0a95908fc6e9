-- events.db, layout 6: what removed rows summed up to, by the hour. Nothing of people is in it.

CREATE TABLE total_past (
    bucket INTEGER PRIMARY KEY,        -- start, Unix milliseconds / 3,600,000
    allowed INTEGER NOT NULL, denied INTEGER NOT NULL, origin_forbidden INTEGER NOT NULL,
    auth_challenge INTEGER NOT NULL, aborted INTEGER NOT NULL, error INTEGER NOT NULL,
    ip_allowed INTEGER NOT NULL, ip_denied INTEGER NOT NULL, ip_origin_forbidden INTEGER NOT NULL,
    ip_auth_challenge INTEGER NOT NULL, ip_aborted INTEGER NOT NULL, ip_error INTEGER NOT NULL,
    bytes INTEGER NOT NULL, time_taken_ms INTEGER NOT NULL,
    cs_bytes INTEGER NOT NULL, cs_bytes_rows INTEGER NOT NULL,
    entropy_millibits INTEGER NOT NULL, entropy_rows INTEGER NOT NULL
) STRICT;
