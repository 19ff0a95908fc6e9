//! What all statistics share: windows, limits, tags, and answers that equal a count over the log itself.

use crate::store::{append, columnar};
use crate::support::api::{Api, as_admin};
use crate::support::lines::{NOON, SAMPLE, batch, office};
use axum::body::Body;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tidegate::classify::{split_target, without_userinfo};
use tidegate::format::Squid;
use tidegate::model::{Batch, HOUR_MS, SourceName, Timestamp};

/// Each with what it takes beside window and limit.
const STATISTICS: &[&str] = &[
    "/api/dashboard/summary",
    "/api/clients/statistics",
    "/api/clients/10.0.0.1/details",
    "/api/domains/statistics",
    "/api/domains/example.com/details",
    "/api/analytics/shadow-it",
    "/api/analytics/user-agents",
    "/api/analytics/file-extensions",
    "/api/analytics/top-domains",
    "/api/analytics/domain-risk",
    "/api/stats",
    "/api/charts/top-hosts",
    "/api/waf/timeline",
];
const SERIES: &[&str] = &["/api/traffic/statistics", "/api/charts/volume", "/api/charts/severity-timeline"];

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::sample();
    for path in STATISTICS {
        for (query, fields) in [
            ("hour=1", vec!["hour"]),
            ("limit=0", vec!["limit"]),
            ("limit=1001", vec!["limit"]),
            ("hours=1&from=2h", vec!["hours"]),
            ("days=1&hours=2", vec!["days"]),
            ("from=soon", vec!["from"]),
            ("from=1h&to=2h", vec!["from"]),
        ] {
            let answer = api.get(&format!("{path}?{query}")).await;
            assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields), "{path}?{query}");
        }
    }
    for path in SERIES {
        for (query, fields) in [("from=1h", vec!["from"]), ("limit=x", vec!["limit"]), ("hours=169", vec!["hours"])] {
            let answer = api.get(&format!("{path}?{query}")).await;
            assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields), "{path}?{query}");
        }
    }
    for (path, field) in [
        ("/api/traffic/statistics?period=year", "period"),
        ("/api/charts/top-hosts?limit=21", "limit"),
        ("/api/status?hours=1", "hours"),
    ] {
        let answer = api.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec![field]), "{path}");
    }
}

#[tokio::test]
async fn known_answers_are_304_until_something_changes() {
    let api = Api::sample();
    api.add_account("viewer", "viewer");
    for path in STATISTICS.iter().chain(SERIES) {
        let first = api.get(path).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text);
        assert_eq!(first.header("cache-control"), "private, no-cache", "{path}");
        assert_eq!(first.header("vary"), "Authorization, Cookie", "{path}");
        let tag = first.header("etag").to_owned();
        let again = || as_admin("GET", path).header("if-none-match", &tag).body(Body::empty()).unwrap();
        api.later(9_999);
        assert_eq!(api.send(again()).await.status, 304, "{path}: a moment later");
        let other = api.get_as("viewer", path).await;
        assert_ne!(other.header("etag"), tag, "{path}: other scopes");
        api.set("log_retention_days", "31");
        assert_eq!(api.send(again()).await.status, 200, "{path}: other settings");
        api.set("log_retention_days", "30");
        api.store.push(vec![batch(&SAMPLE[..1])]);
        assert_eq!(api.send(again()).await.status, 200, "{path}: another row");
        api.clock.set(NOON);
    }
}

#[tokio::test]
async fn every_array_is_as_long_as_asked() {
    fn longest(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.len().max(items.iter().map(longest).max().unwrap_or(0)),
            Value::Object(fields) => fields.values().map(longest).max().unwrap_or(0),
            _ => 0,
        }
    }
    let api = Api::sample();
    api.store.push(vec![office()]);
    for path in STATISTICS.iter().filter(|path| !path.ends_with("details")).chain(SERIES) {
        let answer = api.get(&format!("{path}?limit=1")).await;
        let most = longest(&answer.body["data"]);
        assert!(most <= 1, "{path}: {most}: {}", answer.text);
    }
}

/// A line of the log, read by other means than Tidegate's.
pub(in crate::api) struct Line<'l> {
    pub(in crate::api) time_ms: i64,
    pub(in crate::api) client: &'l str,
    pub(in crate::api) status: u16,
    pub(in crate::api) result: &'l str,
    pub(in crate::api) bytes: u64,
    pub(in crate::api) method: &'l str,
    pub(in crate::api) url: &'l str,
    pub(in crate::api) user: &'l str,
    pub(in crate::api) destination: String,
}

pub(in crate::api) fn lines(log: &str) -> Vec<Line<'_>> {
    let lines = log.lines().map(|line| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [time, _, client, code, bytes, method, url, ..] = fields[..] else { panic!("{line}") };
        // Blanks in a user's name are written as they are.
        let user = line.split_once(&format!(" {url} ")).unwrap().1.rsplitn(3, ' ').nth(2).unwrap();
        // A name of blanks alone is none.
        let user = if user.trim().is_empty() { "-" } else { user };
        let (result, status) = code.split_once('/').unwrap();
        let (seconds, ms) = time.split_once('.').unwrap();
        Line {
            time_ms: seconds.parse::<i64>().unwrap() * 1000 + ms.parse::<i64>().unwrap(),
            client,
            status: status.parse().unwrap(),
            result,
            bytes: bytes.parse().unwrap(),
            method,
            url,
            user,
            destination: destination(method, url),
        }
    });
    lines.collect()
}

fn destination(method: &str, url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some(found) => found,
        None if method == "CONNECT" => ("", url),
        None => return "-".to_owned(),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap().rsplit('@').next().unwrap().to_ascii_lowercase();
    let behind = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority[behind..].find(':') {
        Some(at) => (&authority[..behind + at], &authority[behind + at + 1..]),
        None => (&authority[..], ""),
    };
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => "80",
        "https" | "wss" => "443",
        "ftp" => "21",
        "gopher" => "70",
        "wais" => "210",
        "whois" => "43",
        _ => "",
    };
    let port = if port.is_empty() { usual } else { port };
    // No host, no port that there is, or an IPv6 address without brackets, of which nobody can tell where it ends.
    match port.bytes().all(|byte| byte.is_ascii_digit()).then(|| port.parse::<u16>()) {
        Some(Ok(port)) if !host.is_empty() => format!("{host}:{port}"),
        _ => "-".to_owned(),
    }
}

impl Line<'_> {
    pub(in crate::api) fn is_blocked(&self) -> bool {
        self.status != 407 && (self.result.contains("DENIED") || self.result.contains("BLOCKED") || self.status == 403)
    }
}

/// By name: requests, blocked, bytes, last.
type Sums = BTreeMap<String, (u64, u64, u64, i64)>;

fn sums<'l>(lines: impl Iterator<Item = &'l Line<'l>>, name: impl Fn(&Line<'_>) -> String) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        let (requests, blocked, bytes, last) = sums.entry(name(line)).or_default();
        *requests += 1;
        *blocked += u64::from(line.is_blocked());
        *bytes += line.bytes;
        *last = line.time_ms.max(*last);
    }
    sums
}

/// Numbers that look random and are the same each time.
pub(in crate::api) fn numbers(seed: u64) -> impl FnMut(i64) -> i64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % below
    }
}

pub(in crate::api) const LOG: &[u8] = include_bytes!("../../fixtures/formats/squid/basic/access.log");

pub(in crate::api) fn batch_of(log: &[u8]) -> Batch {
    let mut batch = Batch::new(SourceName { name: "squid".into(), host: "h".into(), format: "squid".into() });
    for line in log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let event = Squid::read(line).unwrap();
        let mut target = split_target(event.cs_method, event.cs_uri);
        let origin = without_userinfo(target.origin);
        target.origin = &origin;
        batch.push(&event, &target, line);
    }
    batch
}

#[tokio::test]
async fn answers_equal_a_count_over_the_raw_log() {
    let api = Api::empty();
    api.store.push(vec![batch_of(LOG)]);
    compare(&api).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_from_the_columnar_store_equal_a_count_over_the_raw_log() {
    let temporary = columnar();
    append(&*temporary.store, &[batch_of(LOG)]);
    compare(&Api::over(temporary.store.clone())).await;
    temporary.store.settle().unwrap();
    compare(&Api::over(temporary.store.clone())).await;
}

/// Any window: answers equal a count over the log as it was recorded.
async fn compare(api: &Api) {
    let text = String::from_utf8_lossy(LOG);
    let lines = lines(&text);
    let (first, last) =
        (lines.iter().map(|line| line.time_ms).min().unwrap(), lines.iter().map(|line| line.time_ms).max().unwrap());
    api.clock.set(Timestamp(last + 1));
    let mut number = numbers(4711);
    let mut counted = 0;
    for _ in 0..24 {
        let (one, other) = (first + number(last - first + 2), first + number(last - first + 2));
        let (from, until) = (one.min(other), one.max(other));
        let window = format!("from={}&to={}", Timestamp(from).to_rfc3339(), Timestamp(until).to_rfc3339());
        let within = || lines.iter().filter(|line| (from..until).contains(&line.time_ms));
        let data = async |path: &str| api.get(&format!("{path}?limit=1000&{window}")).await.body["data"].clone();

        let clients = sums(within(), |line| line.client.to_owned());
        let answer = data("/api/clients/statistics").await;
        assert_eq!(answer["total_clients"], clients.len(), "{window}");
        let told = answer["clients"].as_array().unwrap().iter().map(|row| {
            let text = |field: &str| row[field].as_str().unwrap().to_owned();
            let count = |field: &str| row[field].as_u64().unwrap();
            (text("ip_address"), count("requests"), count("blocked"), count("bytes"), text("last_seen"))
        });
        let want = clients.iter().map(|(name, (requests, blocked, bytes, last))| {
            (name.clone(), *requests, *blocked, *bytes, Timestamp(*last).to_sql())
        });
        assert_eq!(told.collect::<BTreeSet<_>>(), want.collect(), "{window}");

        let methods = sums(within(), |line| line.method.to_owned());
        let answer = data("/api/analytics/user-agents").await;
        let told = answer["methods"].as_array().unwrap().iter();
        let told = told.map(|row| (row["name"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()));
        let want = methods.iter().filter(|(name, _)| *name != "-").map(|(name, sums)| (name.clone(), sums.0));
        assert_eq!(told.collect::<BTreeMap<_, _>>(), want.collect(), "{window}");

        let destinations = sums(within().filter(|line| line.is_blocked()), |line| line.destination.clone());
        let answer = data("/api/dashboard/summary").await;
        let told = answer["top_blocked"].as_array().unwrap().iter();
        let told = told.map(|row| (row["dest"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()));
        let want = destinations.iter().filter(|(name, _)| *name != "-").map(|(name, sums)| (name.clone(), sums.0));
        assert_eq!(told.collect::<BTreeMap<_, _>>(), want.collect(), "{window}");
        let total = within().count() as u64;
        assert_eq!(answer["waf"]["total_requests"], total, "{window}");
        assert_eq!(answer["waf"]["total_blocked"], within().filter(|line| line.is_blocked()).count(), "{window}");
        assert_eq!(answer["total_requests"], lines.len());
        counted += total;

        let client = &lines[number(lines.len() as i64) as usize];
        let answer = data(&format!("/api/clients/{}/details", client.client)).await;
        let own = || lines.iter().filter(|line| line.client == client.client);
        assert_eq!(answer["total_requests"], own().count(), "{}", client.client);
        let want = sums(within().filter(|line| line.client == client.client), |line| line.destination.clone());
        let told = answer["top_domains"].as_array().unwrap().iter();
        let told = told.map(|row| {
            let count = |field: &str| row[field].as_u64().unwrap();
            (row["destination"].as_str().unwrap().to_owned(), (count("requests"), count("blocked")))
        });
        let want = want.iter().filter(|(name, _)| *name != "-").map(|(name, sums)| (name.clone(), (sums.0, sums.1)));
        assert_eq!(told.collect::<BTreeMap<_, _>>(), want.collect(), "{window} {}", client.client);
    }
    assert!(counted > 1000, "{counted} rows looked at");

    for (path, field) in [("/api/charts/volume?hours=24", "count"), ("/api/logs/timeline?hours=24", "total")] {
        let told = api.get(path).await.body["data"].clone();
        let told: u64 = told.as_array().unwrap().iter().map(|bucket| bucket[field].as_u64().unwrap()).sum();
        let from = Timestamp(last + 1).floor_to(HOUR_MS).0 - 23 * HOUR_MS;
        assert_eq!(told, lines.iter().filter(|line| line.time_ms >= from).count() as u64, "{path}");
    }
    let traffic = api.get("/api/traffic/statistics?period=month").await.body["data"].clone();
    let sum = |field: &str| traffic[field].as_array().unwrap().iter().map(|value| value.as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("requests"), lines.len() as u64);
    assert_eq!(sum("inbound"), lines.iter().map(|line| line.bytes).sum::<u64>());
    assert_eq!(sum("blocked"), lines.iter().filter(|line| line.is_blocked()).count() as u64);
    assert!(traffic["outbound"].as_array().unwrap().iter().all(|value| *value == json!(null)));
}
