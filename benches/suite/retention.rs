//! `POST /api/logs/clear-old` of half of what two interleaved sources stored: how long it takes, and how questions and
//! live lines fare while it is done and while its space is given back.

use crate::data::{self, Another, Recent};
use crate::fresh;
use crate::http::start_with;
use crate::load::{self, Question};
use crate::report::{Report, quantile, verdict};
use crate::visible::seen_after;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const TARGET_S: f64 = 2.0;
const TARGET_API_P99_MS: f64 = 100.0;
const TARGET_VISIBLE_MS: f64 = 250.0;
/// What is kept: of two logs of the 30 days up to now, half.
const DAYS: u32 = 15;
const PER_SECOND: u32 = 50;
/// How long it is watched before.
const BEFORE: Duration = Duration::from_secs(2);

/// Two logs of `lines` each, of the same 30 days.
pub fn clear_old(report: &mut Report, directory: &Path, lines: u64, seconds: u64) -> anyhow::Result<()> {
    let data_dir = fresh(directory, "retention")?;
    for which in [Recent, Another] {
        let log = data::log(directory, lines, which)?;
        let imported = data::import(&data_dir, &log)?.stdout(Stdio::null()).status()?;
        ensure!(imported.success(), "the import failed");
    }
    data::settle(&data_dir)?;
    let database = data_dir.join("events.db");
    let size_mb = || Ok::<_, std::io::Error>(std::fs::metadata(&database)?.len() as f64 / 1e6);
    let before_mb = size_mb()?;
    let path = data_dir.join("access.log");
    let mut log = File::create(&path)?;
    let (server, question) = start_with(&data_dir, &format!("[[source]]\npath = \"{}\"\n", path.display()))?;
    let wanted: Value = serde_json::from_slice(load::Asking::open(&question)?.ask("/api/retention-preview?days=15")?)?;
    let (wanted, total) = (wanted["delete_count"].as_u64(), wanted["total_count"].as_u64().unwrap_or_default());
    let watched = BEFORE + Duration::from_secs(seconds);
    let summary = Question { path: "/api/dashboard/summary", ..question.clone() };
    let newest = Question { path: "/api/logs?limit=1", ..question.clone() };
    // A server that has just started puts names together first.
    let started = Instant::now();
    load::Asking::open(&summary)?.ask(summary.path)?;
    let first_s = started.elapsed().as_secs_f64();
    let (cleared, pages, summaries, seen) = std::thread::scope(|scope| {
        let pages = scope.spawn(|| load::drive(&question, PER_SECOND, watched));
        let summaries = scope.spawn(|| load::drive(&summary, PER_SECOND / 5, watched));
        let seen = scope.spawn(|| {
            let (end, mut taken_ms) = (Instant::now() + watched, Vec::new());
            while Instant::now() < end {
                std::thread::sleep(Duration::from_millis(40));
                taken_ms.push(seen_after(&newest, &mut log, taken_ms.len())?);
            }
            Ok::<_, anyhow::Error>(taken_ms)
        });
        std::thread::sleep(BEFORE);
        let cleared = clear(&question);
        let panicked = |_| anyhow::anyhow!("a client ended in a panic");
        Ok::<_, anyhow::Error>((
            cleared?,
            pages.join().map_err(panicked)??,
            summaries.join().map_err(panicked)??,
            seen.join().map_err(panicked)??,
        ))
    })?;
    let (deleted, took_s) = cleared;
    ensure!(deleted == wanted && deleted.is_some(), "{deleted:?} were deleted, {wanted:?} were to be");
    let left: Value = serde_json::from_slice(load::Asking::open(&question)?.ask("/api/logs/stats")?)?;
    let left = left["data"]["total_count"].as_u64().unwrap_or_default();
    ensure!(left == total - deleted.unwrap_or_default() + seen.len() as u64, "{left} rows are left of {total}");
    drop(server);
    let after_mb = size_mb()?;
    let [pages, summaries, seen] = [&pages, &summaries, &seen].map(|taken| quantile(taken, 0.99));
    report.title(&format!("clear-old of {} of {total} rows from two interleaved sources", deleted.unwrap_or_default()));
    println!("  answered after {took_s:.2} s; target {TARGET_S} {}", verdict(took_s, Some(TARGET_S)));
    println!("  the first summary of the server, before: after {first_s:.2} s");
    println!(
        "  GET /api/logs?limit=100, p99 (ms)        {pages:>8.1}  target {TARGET_API_P99_MS} {}",
        verdict(pages, Some(TARGET_API_P99_MS))
    );
    println!(
        "  GET /api/dashboard/summary, p99 (ms)     {summaries:>8.1}  target {TARGET_API_P99_MS} {}",
        verdict(summaries, Some(TARGET_API_P99_MS))
    );
    println!(
        "  a live line until it is seen, p99 (ms)   {seen:>8.1}  target {TARGET_VISIBLE_MS} {}",
        verdict(seen, Some(TARGET_VISIBLE_MS))
    );
    println!("  events.db {before_mb:.0} MB before, {after_mb:.0} MB {seconds} s after");
    report.add(
        "retention",
        json!({
            "rows": total, "deleted": deleted, "first_summary_s": first_s, "took_s": took_s, "target_s": TARGET_S,
            "logs_p99_ms": pages, "summary_p99_ms": summaries, "target_api_p99_ms": TARGET_API_P99_MS, "visible_p99_ms": seen,
            "target_visible_p99_ms": TARGET_VISIBLE_MS, "before_mb": before_mb, "after_mb": after_mb,
        }),
    );
    std::fs::remove_dir_all(&data_dir)?;
    Ok(())
}

/// Has old rows removed; answers how many went, and after how many seconds.
fn clear(question: &Question) -> anyhow::Result<(Option<u64>, f64)> {
    let started = Instant::now();
    let mut stream = TcpStream::connect(question.address)?;
    write!(
        stream,
        "POST /api/logs/clear-old?days={DAYS} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nConnection: close\r\n\r\n",
        question.address, question.authorization
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let took_s = started.elapsed().as_secs_f64();
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer without a body")?;
    let body: Value = serde_json::from_str(body).with_context(|| answer.clone())?;
    Ok((body["deleted"].as_u64(), took_s))
}
