//! Every statistics endpoint, and the log with filters, sorts and words, over HTTP: one client, one request after the
//! other, no answer known before. The log covers the 30 days up to now, so that windows that end now are full.

use crate::data;
use crate::http::start;
use crate::load::{Asking, Question};
use crate::report::{Report, quantile, verdict};
use anyhow::Context;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Milliseconds at the 99th percentile.
const STATISTICS_MS: f64 = 50.0;
const SUMMARY_MS: f64 = 30.0;
const LIST_MS: f64 = 400.0;
/// No more is asked of one endpoint when this is spent, at least [`FEWEST`] times though.
const PATIENCE: Duration = Duration::from_secs(20);
const FEWEST: usize = 5;
const WARM_UP: usize = 3;

const STATISTICS: &[&str] = &[
    "/api/logs/stats",
    "/api/logs/timeline?hours=720",
    "/api/traffic/statistics?period=hour",
    "/api/traffic/statistics?period=day",
    "/api/traffic/statistics?period=week",
    "/api/traffic/statistics?period=month",
    "/api/clients/statistics",
    "/api/domains/statistics",
    "/api/analytics/shadow-it",
    "/api/analytics/user-agents",
    "/api/analytics/file-extensions",
    "/api/analytics/top-domains",
    "/api/analytics/domain-risk",
    "/api/stats",
    "/api/status",
    "/api/charts/volume?hours=168",
    "/api/charts/volume?hours=168&host=proxy.example",
    "/api/charts/top-hosts",
    "/api/charts/severity-timeline?hours=168",
];

/// Asked with another keyword or bound each time: totals are remembered by filter.
const LISTS: &[&str] = &[
    "/api/logs?keyword=login",
    "/api/logs?keyword=qqzzxx",
    "/api/logs?keyword=static",
    "/api/logs?tag=blocked&method=GET&client_ip=10.0.1.0/24",
    "/api/logs?status=2xx&domain=celgenx.ch&keyword=account",
    "/api/logs?outcome=denied&keyword=.exe&sort=bytes",
    "/api/logs?destination=celgenx&min_severity=Warning",
    "/api/logs?category=storage&sort=destination&order=asc",
    "/api/logs?tag=double_extension&tag=ip_literal&client_ip=!10.0.1.0/24",
    "/api/logs?sort=bytes",
    "/api/logs?sort=source_ip",
    "/api/logs?sort=destination",
    "/api/logs?sort=status",
    "/api/logs?sort=method",
    "/api/logs?sort=host",
    "/api/logs?sort=severity",
    "/api/logs?sort=message",
];

/// Drives the server over a log of that many lines.
pub fn drive(report: &mut Report, directory: &Path, lines: u64, asks: usize) -> anyhow::Result<()> {
    let log = data::log(directory, lines, data::Recent)?;
    let data_dir = data::store(directory, &log)?;
    let (server, question) = start(&data_dir)?;
    let mut asking = Asking::open(&question)?;
    report.title(&format!("Endpoints over {lines} lines, one client (ms)"));
    println!("  {:<72} {:>9} {:>9} {:>9} {:>7}", "", "p50", "p99", "bytes", "target");
    let clients: Value = serde_json::from_slice(asking.ask("/api/clients/statistics?limit=3")?)?;
    let client = clients["data"]["clients"][1]["ip_address"].as_str().context("no client")?;
    let details = format!("/api/clients/{client}/details");
    let mut all = serde_json::Map::new();
    let summary = [("/api/dashboard/summary", SUMMARY_MS), (&details[..], STATISTICS_MS)];
    let statistics = STATISTICS.iter().map(|path| (*path, STATISTICS_MS));
    let lists = LISTS.iter().map(|path| (*path, LIST_MS));
    for (path, target_ms) in summary.into_iter().chain(statistics).chain(lists) {
        let measured = time(&question, path, target_ms, asks)?;
        all.insert(path.to_owned(), measured);
    }
    drop(server);
    std::fs::remove_dir_all(&data_dir)?;
    report.add(&format!("endpoints {lines}"), Value::Object(all));
    Ok(())
}

fn time(question: &Question, path: &str, target_ms: f64, asks: usize) -> anyhow::Result<Value> {
    // A connection is closed after so many requests.
    let mut asking = Asking::open(question)?;
    let (mut taken_ms, mut bytes) = (Vec::with_capacity(asks), 0);
    let until = Instant::now() + PATIENCE;
    for number in 0..asks + WARM_UP {
        // A window of its own each time, all of it and a little more.
        let filtered = path.starts_with("/api/logs?");
        let asked = if filtered {
            format!("{path}&from=2000-01-0{}T00:00:0{}Z", number % 9 + 1, number / 9 % 10)
        } else {
            path.to_owned()
        };
        let started = Instant::now();
        bytes = asking.ask(&asked).with_context(|| format!("{} at {}", asked, question.address))?.len();
        if number >= WARM_UP {
            taken_ms.push(started.elapsed().as_secs_f64() * 1e3);
        }
        if Instant::now() > until && taken_ms.len() >= FEWEST {
            break;
        }
    }
    let (p50, p99) = (quantile(&taken_ms, 0.5), quantile(&taken_ms, 0.99));
    println!("  {path:<72} {p50:>9.2} {p99:>9.2} {bytes:>9} {target_ms:>7} {}", verdict(p99, Some(target_ms)));
    Ok(json!({"p50_ms": p50, "p99_ms": p99, "asks": taken_ms.len(), "bytes": bytes, "target_p99_ms": target_ms}))
}
