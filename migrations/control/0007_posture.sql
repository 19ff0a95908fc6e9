-- The security score as it was. Times are Unix milliseconds, UTC. Nothing personal is here: checks by name, and points.

CREATE TABLE posture (
    at_ms INTEGER PRIMARY KEY,
    -- 0 to 100.
    score INTEGER NOT NULL,
    -- Points earned, and those that count, by source.
    settings_points INTEGER NOT NULL,
    settings_max INTEGER NOT NULL,
    squid_conf_points INTEGER NOT NULL,
    squid_conf_max INTEGER NOT NULL,
    traffic_points INTEGER NOT NULL,
    traffic_max INTEGER NOT NULL,
    -- {"settings.waf": "passed", …}
    statuses_json TEXT NOT NULL
) STRICT;
