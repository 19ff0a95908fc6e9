"""Times questions in DuckDB over a log in Squid's native format.

Reads a job as JSON from standard input and writes what was measured as JSON:
  {"log": path, "database": path, "threads": n, "asks": n, "questions": {name: sql}}
  {"version": text, "import_s": s, "bytes": n, "rows": n, "questions": {name: {"median_ms": ms, "rows": n}}}

The table `log` has one row a well-formed line: ts (TIMESTAMP), elapsed, client, result, status, bytes, method, url,
usr, hierarchy, peer, mime, host (of the URL) and blocked. Every question is asked warm, its rows are fetched.
"""

import json
import os
import statistics
import sys
import time

import duckdb

LOAD = r"""
CREATE TABLE log AS
WITH lines AS (
    SELECT list_filter(string_split(line, ' '), lambda field: field <> '') AS f
    FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = '\0', quote = '', escape = '', header = false,
                  ignore_errors = true, strict_mode = false, max_line_size = 4194304)
), fields AS (
    SELECT make_timestamp_ms(CAST(TRY_CAST(f[1] AS DOUBLE) * 1000 AS BIGINT)) AS ts,
           TRY_CAST(f[2] AS INTEGER) AS elapsed,
           f[3] AS client,
           split_part(f[4], '/', 1) AS result,
           TRY_CAST(split_part(f[4], '/', 2) AS SMALLINT) AS status,
           TRY_CAST(f[5] AS BIGINT) AS bytes,
           f[6] AS method,
           f[7] AS url,
           f[8] AS usr,
           split_part(f[9], '/', 1) AS hierarchy,
           split_part(f[9], '/', 2) AS peer,
           f[10] AS mime
    FROM lines WHERE len(f) = 10
)
SELECT *,
       CASE WHEN contains(url, '://') THEN split_part(split_part(split_part(url, '://', 2), '/', 1), ':', 1)
            ELSE split_part(url, ':', 1) END AS host,
       contains(result, 'DENIED') OR contains(result, 'BLOCKED') OR status = 403 AS blocked
FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL AND bytes IS NOT NULL
"""


def main():
    job = json.load(sys.stdin)
    if os.path.exists(job["database"]):
        os.remove(job["database"])
    db = duckdb.connect(job["database"])
    db.execute(f"SET threads = {int(job['threads'])}")
    started = time.monotonic()
    db.execute(LOAD, [job["log"]])
    db.execute("CHECKPOINT")
    loaded = time.monotonic() - started
    rows = db.execute("SELECT count(*) FROM log").fetchone()[0]
    timed = {}
    for name, sql in job["questions"].items():
        taken, answer = [], []
        for ask in range(-2, int(job["asks"])):
            started = time.monotonic()
            answer = db.execute(sql).fetchall()
            if ask >= 0:
                taken.append((time.monotonic() - started) * 1000)
        timed[name] = {"median_ms": statistics.median(taken), "rows": len(answer), "first": str(answer[:1])}
    print(json.dumps({
        "version": duckdb.__version__,
        "import_s": loaded,
        "bytes": os.path.getsize(job["database"]),
        "rows": rows,
        "questions": timed,
    }))


main()
