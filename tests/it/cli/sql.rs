//! `tidegate sql`: what it answers is what stands in the log, and it does nothing but answer.

use super::import::import;
use crate::support::process::{run, sample_log};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Output;
use std::time::Instant;

/// A line of Squid's native format, read by splitting it at blanks.
#[derive(Clone, Debug)]
struct Line {
    time_ms: i64,
    client: String,
    result: String,
    status: i64,
    bytes: i64,
    method: String,
    url: String,
    user: String,
}

fn line(text: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(text).ok()?;
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let [time, _, client, result, bytes, method, url, user, _, _] = fields[..] else { return None };
    let (seconds, millis) = time.split_once('.')?;
    let (result, status) = result.split_once('/')?;
    Some(Line {
        time_ms: seconds.parse::<i64>().ok()? * 1000 + millis.parse::<i64>().ok()?,
        client: client.to_owned(),
        result: result.to_owned(),
        status: status.parse().ok()?,
        bytes: bytes.parse().ok()?,
        method: method.to_owned(),
        url: url.to_owned(),
        user: user.to_owned(),
    })
}

/// A store with a generated log, and its lines. Those that are hard to read are left out.
fn stored(directory: &Path, lines: u64) -> Vec<Line> {
    let log = sample_log(lines, 5);
    let parsed: Vec<(&[u8], Line)> =
        log.split(|byte| *byte == b'\n').filter_map(|text| Some((text, line(text)?))).collect();
    let simple = parsed.iter().map(|(text, _)| [text, &b"\n"[..]].concat()).collect::<Vec<_>>().concat();
    std::fs::write(directory.join("access.log"), simple).unwrap();
    assert_eq!(import(directory, &["access.log"])["stored"], parsed.len() as u64);
    parsed.into_iter().map(|(_, line)| line).collect()
}

fn sql(directory: &Path, statement: &str) -> Vec<Value> {
    let output = run(directory, &["sql", "--json", statement]);
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(directory: &Path, statement: &str) -> i64 {
    let rows = sql(directory, statement);
    rows[0].as_object().unwrap().values().next().unwrap().as_i64().unwrap()
}

fn refused(output: &Output, code: i32, text: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(text), "{text}: {said}");
}

#[test]
fn answers_are_what_stands_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let lines = stored(directory, 20_000);
    let many = |passes: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| passes(line)).count() as i64;
    assert_eq!(number(directory, "SELECT count(*) FROM proxy_logs"), many(&|_| true));

    let mut by_status: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for line in &lines {
        let sums = by_status.entry(line.status).or_default();
        *sums = (sums.0 + 1, sums.1 + line.bytes);
    }
    let grouped = sql(
        directory,
        "SELECT status_code AS code, count(*) AS n, sum(bytes) AS b FROM proxy_logs GROUP BY code ORDER BY code",
    );
    let wanted: Vec<Value> =
        by_status.iter().map(|(code, (count, bytes))| json!({ "code": code, "n": count, "b": bytes })).collect();
    assert_eq!(grouped, wanted);

    let middle = &lines[lines.len() / 2];
    let text = sql(directory, &format!("SELECT timestamp FROM proxy_logs WHERE time_ms = {} LIMIT 1", middle.time_ms));
    let at = text[0]["timestamp"].as_str().unwrap();
    let second = middle.time_ms.div_euclid(1000) * 1000;
    for (condition, passes) in [
        (format!("timestamp >= '{at}'"), &(|line: &Line| line.time_ms >= second) as &dyn Fn(&Line) -> bool),
        (format!("timestamp > '{at}'"), &|line: &Line| line.time_ms >= second + 1000),
        (format!("timestamp < '{at}'"), &|line: &Line| line.time_ms < second),
        (format!("timestamp <= '{at}'"), &|line: &Line| line.time_ms < second + 1000),
        (format!("timestamp = '{at}'"), &|line: &Line| line.time_ms.div_euclid(1000) * 1000 == second),
        (format!("timestamp BETWEEN '{}' AND '{at}'", &at[..10]), &|line: &Line| {
            (second - second.rem_euclid(86_400_000)..second + 1000).contains(&line.time_ms)
        }),
        (format!("client_ip = '{}' AND method = 'CONNECT'", middle.client), &|line: &Line| {
            line.client == middle.client && line.method == "CONNECT"
        }),
        ("status_code IN (403, 404) OR result = 'TCP_DENIED'".to_owned(), &|line: &Line| {
            [403, 404].contains(&line.status) || line.result == "TCP_DENIED"
        }),
        ("url LIKE '%login%' AND bytes > 1000".to_owned(), &|line: &Line| {
            line.url.to_lowercase().contains("login") && line.bytes > 1000
        }),
        ("user IS NOT NULL".to_owned(), &|line: &Line| line.user != "-"),
        ("id > 1000 AND id <= 3000 AND 500 < id".to_owned(), &|_| false),
    ] {
        let wanted = if condition.starts_with("id") { 2000 } else { many(passes) };
        assert_eq!(
            number(directory, &format!("SELECT count(*) FROM proxy_logs WHERE {condition}")),
            wanted,
            "{condition}"
        );
        assert!(wanted > 0, "{condition}");
    }

    let mut times: Vec<i64> = lines.iter().map(|line| line.time_ms).collect();
    times.sort_unstable();
    for (order, wanted) in [
        ("timestamp DESC", times.iter().rev().take(300).copied().collect::<Vec<_>>()),
        ("timestamp", times.iter().take(300).copied().collect()),
    ] {
        let rows = sql(directory, &format!("SELECT time_ms FROM proxy_logs ORDER BY {order} LIMIT 300"));
        let found: Vec<i64> = rows.iter().map(|row| row["time_ms"].as_i64().unwrap()).collect();
        assert_eq!(found, wanted, "{order}");
    }
}

/// A plus makes SQLite compare by itself: whatever the store was asked for, the answer is the same.
#[test]
fn what_the_store_is_asked_for_leaves_no_row_out() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    stored(directory, 3_000);
    for masked in [false, true] {
        std::fs::write(directory.join("config.toml"), format!("[settings]\ngdpr_mode = {masked}\n")).unwrap();
        let columns =
            "id, timestamp, client_ip, user, method, status_code, outcome, severity, source, host, domain, destination";
        let rows = sql(directory, &format!("SELECT {columns} FROM proxy_logs WHERE id % 997 = 5"));
        assert!(rows.len() >= 2);
        let mut asked = BTreeSet::new();
        for row in &rows {
            for (column, value) in row.as_object().unwrap() {
                let literal = match value {
                    Value::Null => continue,
                    Value::String(text) => format!("'{}'", text.replace('\'', "''")),
                    other => other.to_string(),
                };
                let comparisons: &[&str] =
                    if ["id", "timestamp"].contains(&&**column) { &["=", "<", "<=", ">", ">="] } else { &["="] };
                for comparison in comparisons {
                    asked.insert(format!(
                        "(SELECT count(*) FROM proxy_logs WHERE {column} {comparison} {literal})
                         - (SELECT count(*) FROM proxy_logs WHERE +{column} {comparison} {literal})"
                    ));
                }
            }
        }
        // Compared in other ways than byte by byte.
        for (column, value) in [("method", "'get' COLLATE NOCASE"), ("method", "'GET  ' COLLATE RTRIM")] {
            asked.insert(format!(
                "(SELECT count(*) FROM proxy_logs WHERE {column} = {value})
                 - (SELECT count(*) FROM proxy_logs WHERE +{column} = {value})"
            ));
        }
        let differences: Vec<&str> = asked.iter().map(String::as_str).collect();
        let rows = sql(directory, &format!("SELECT {}", differences.join(", ")));
        for (asked, difference) in rows[0].as_object().unwrap() {
            assert_eq!(difference, 0, "{asked}");
        }
        assert!(asked.len() > 25, "{}", asked.len());
    }
}

#[test]
fn rows_are_only_read() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    refused(&run(directory, &["sql", "SELECT 1"]), 3, "no such database");
    stored(directory, 100);
    let before = std::fs::read(directory.join("data/control.db")).unwrap();
    for (statement, text) in [
        ("DELETE FROM proxy_logs", "must begin with SELECT"),
        ("ATTACH 'data/control.db' AS c", "must begin with SELECT"),
        ("PRAGMA query_only = 0", "must begin with SELECT"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("SELECT 1; CREATE TABLE a (b)", "only read"),
        ("WITH a AS (SELECT 1) DELETE FROM proxy_logs", "only read"),
        ("WITH a AS (SELECT 1) INSERT INTO proxy_logs SELECT * FROM proxy_logs", "only read"),
        ("SELECT load_extension('x')", "load_extension"),
        ("SELECT * FROM account", "one table, proxy_logs"),
        ("SELECT client FROM proxy_logs", "proxy_logs has id, timestamp, client_ip"),
        ("SELECT FROM", "syntax error"),
    ] {
        refused(&run(directory, &["sql", statement]), 2, text);
    }
    assert_eq!(std::fs::read(directory.join("data/control.db")).unwrap(), before);
    assert_eq!(run(directory, &["sql"]).status.code(), Some(2));
    assert!(run(directory, &["sql", "EXPLAIN QUERY PLAN SELECT * FROM proxy_logs WHERE id = 5"]).status.success());
    assert!(run(directory, &["sql", "/* of nothing */ VALUES (1)"]).status.success());
}

#[test]
fn a_question_has_an_end() {
    let directory = tempfile::tempdir().unwrap();
    stored(directory.path(), 100);
    let endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t, proxy_logs";
    let begun = Instant::now();
    refused(&run(directory.path(), &["sql", "--timeout", "1", endless]), 3, "stopped after 1 s");
    assert!(begun.elapsed().as_secs() < 20);
    // A write-ahead log that is too large ends one at once.
    let wal = std::fs::File::options().create(true).append(true).open(directory.path().join("data/events.db-wal"));
    wal.unwrap().set_len((1 << 30) + 1).unwrap();
    refused(&run(directory.path(), &["sql", endless]), 3, "grown beyond 1 GiB");
}

#[test]
fn answers_are_tables_csv_or_json() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let log = "1767225600.123 5 10.0.0.7 TCP_MISS/200 900 GET http://www.example.com/a/report.pdf?q=1 ada HIER_DIRECT/192.0.2.1 application/pdf\n\
               1767225601.000 0 10.0.0.8 TCP_DENIED/403 0 CONNECT 192.0.2.9:8443 - HIER_NONE/- -\n\
               1767225602.500 7 10.0.0.9 NONE_NONE/000 0 =1+1 error:x\u{1b}[31m - HIER_NONE/- -\n";
    std::fs::write(directory.join("access.log"), log).unwrap();
    import(directory, &["access.log"]);
    let statement = "SELECT id, timestamp, client_ip, user, method, domain, port, tags, extension, bytes / 7.0 AS part, \
                     url, x'00ff' AS bytes FROM proxy_logs ORDER BY timestamp DESC";
    let text = |arguments: &[&str]| {
        let output = run(directory, arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    insta::assert_snapshot!("table", text(&["sql", statement]));
    insta::assert_snapshot!("csv", text(&["sql", "--csv", statement]).replace("\r\n", "␍\n"));
    insta::assert_snapshot!("json", text(&["sql", "--json", statement]));
    assert_eq!(text(&["sql", "--json", "SELECT id FROM proxy_logs WHERE id > 9"]), "[\n]\n");
    let raw = sql(directory, "SELECT raw FROM proxy_logs ORDER BY id");
    let lines: Vec<&str> = raw.iter().map(|row| row["raw"].as_str().unwrap()).collect();
    assert_eq!(lines.join("\n") + "\n", log);
    // Every column can be asked for, and says what the API says.
    let row = &sql(directory, "SELECT * FROM proxy_logs WHERE id = 1")[0];
    insta::assert_json_snapshot!("row", row, { ".host" => "[host]" });

    std::fs::write(directory.join("config.toml"), "[settings]\ngdpr_mode = true\n").unwrap();
    let masked = text(&["sql", "--json", "SELECT * FROM proxy_logs"]);
    assert!(!masked.contains("10.0.0.") && !masked.contains("\"ada\""), "{masked}");
    assert!(masked.contains("\"client_ip\":\"c-") && masked.contains("\"raw\":null"), "{masked}");
    assert_eq!(
        sql(directory, "SELECT id FROM proxy_logs WHERE client_ip = '10.0.0.7' OR user = 'ada'"),
        [Value::Null; 0]
    );
}

/// What is worked out from a path says no more than the URL shown.
#[test]
fn what_a_lens_hides_is_in_no_other_column() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let line = |path: &str| {
        let target = format!("http://a.example/reports/of/the/whole/year/{path}");
        format!("1767268800.000 1 10.0.0.7 TCP_MISS/200 10 GET {target} ada HIER_DIRECT/192.0.2.1 text/html\n")
    };
    std::fs::write(directory.join("access.log"), line("letter.ada") + &line("letter.html")).unwrap();
    assert_eq!(import(directory, &["access.log"])["stored"], 2);
    let told = "SELECT extension, url_entropy > 0 AS entropy FROM proxy_logs ORDER BY id";
    let html = json!({ "extension": "html", "entropy": 1 });
    assert_eq!(sql(directory, told), [json!({ "extension": "ada", "entropy": 1 }), html.clone()]);
    std::fs::write(directory.join("config.toml"), "[settings]\ngdpr_mode = true\n").unwrap();
    assert_eq!(sql(directory, told), [json!({ "extension": null, "entropy": null }), html]);
}
