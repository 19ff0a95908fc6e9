//! How long it takes from a line being written to its row being in an answer of `GET /api/logs`: a writer appends to a
//! log that the real server follows, and asks until the row is there.

use crate::fresh;
use crate::http::start_with;
use crate::load::{self, Question};
use crate::report::{Report, quantile, verdict};
use anyhow::ensure;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const TARGET_P99_MS: f64 = 250.0;
/// Lines written and waited for.
const LINES: usize = 200;
/// From one line to the next.
const PAUSE: Duration = Duration::from_millis(50);
/// From one question to the next; part of what is measured.
const ASK_EVERY: Duration = Duration::from_millis(2);

/// Writes a line of the year 2026's last days or later to a log that is followed, and asks for the newest row until it
/// is there; answers after how many milliseconds.
pub fn seen_after(question: &Question, log: &mut File, number: usize) -> anyhow::Result<f64> {
    let written = Instant::now();
    writeln!(
        log,
        "{} 5 10.0.0.1 TCP_MISS/200 10 GET http://h.example/{number} - HIER_NONE/- -",
        1_798_700_000 + number
    )?;
    let url = format!("http://h.example/{number}");
    loop {
        let answer: Value = serde_json::from_slice(&load::once(question)?)?;
        if answer["data"][0]["url"] == url.as_str() {
            return Ok(written.elapsed().as_secs_f64() * 1000.0);
        }
        ensure!(written.elapsed() < Duration::from_secs(10), "line {number} was not seen within 10 s");
        std::thread::sleep(ASK_EVERY);
    }
}

/// Writes lines and waits for each.
pub fn wait_for_lines(report: &mut Report, directory: &Path) -> anyhow::Result<()> {
    let data_dir = fresh(directory, "visible")?;
    let path = data_dir.join("access.log");
    let mut log = File::create(&path)?;
    let (server, mut question) = start_with(&data_dir, &format!("[[source]]\npath = \"{}\"\n", path.display()))?;
    question.path = "/api/logs?limit=1";
    let mut taken_ms = Vec::new();
    for number in 0..LINES {
        // At no fixed phase of the follower's.
        std::thread::sleep(PAUSE + Duration::from_micros(number as u64 * 137 % 50_000));
        taken_ms.push(seen_after(&question, &mut log, number)?);
    }
    drop(server);
    std::fs::remove_dir_all(&data_dir)?;
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| quantile(&taken_ms, share));
    report.title("From a written line to its row in GET /api/logs (ms)");
    println!(
        "  {LINES} lines: p50 {p50:.1}, p99 {p99:.1}, max {max:.1}; target {TARGET_P99_MS} {}",
        verdict(p99, Some(TARGET_P99_MS))
    );
    report.add(
        "visible",
        json!({"lines": LINES, "p50_ms": p50, "p99_ms": p99, "max_ms": max, "target_p99_ms": TARGET_P99_MS}),
    );
    Ok(())
}
