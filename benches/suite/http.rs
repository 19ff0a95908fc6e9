//! The real server over HTTP at a constant rate: idle, and while one import after the other runs into the same data
//! directory. Works on a copy of the store.

use crate::data::{self, Log};
use crate::fresh;
use crate::load::{self, Question};
use crate::process::Server;
use crate::report::{Report, quantile, verdict};
use anyhow::{Context, ensure};
use base64::Engine;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tidegate::store::columnar::ColumnarStore;

pub const PER_SECOND: u32 = 100;
const USER: &str = "admin";
const PASSWORD: &str = "bench-only-password";
/// Lines of the log that is imported while the server is driven, at most.
const OTHER_LINES: u64 = 10_000_000;

/// Drives the server over a copy of `store`.
pub fn drive(report: &mut Report, directory: &Path, store: &Path, log: &Log, seconds: u64) -> anyhow::Result<()> {
    let other = data::log(directory, log.lines.min(OTHER_LINES), data::Next)?;
    let data_dir = fresh(directory, "served")?;
    std::fs::copy(store.join(ColumnarStore::FILE), data_dir.join(ColumnarStore::FILE))?;
    let (server, question) = start(&data_dir)?;
    let first: Value = serde_json::from_slice(&load::once(&question)?)?;
    let rows = first["data"].as_array().map_or(0, Vec::len);
    ensure!(rows == 100, "{} answered {rows} rows", question.path);

    report.title(&format!(
        "GET {} over {} lines, {PER_SECOND} requests/s for {seconds} s (ms, from when each was due)",
        question.path, log.lines
    ));
    println!("  {:<16} {:>9} {:>9} {:>9} {:>9} {:>8} {:<5}", "", "requests", "p50", "p99", "max", "target", "");
    let lasting = Duration::from_secs(seconds);
    // Connections, caches and the server's threads are warm before it counts.
    load::drive(&question, PER_SECOND, Duration::from_secs(1))?;
    let idle = load::drive(&question, PER_SECOND, lasting)?;
    let idle = row("idle", &idle, 10.0);

    let stop = AtomicBool::new(false);
    let (busy, imported) = std::thread::scope(|scope| {
        let imports = scope.spawn(|| keep_importing(&data_dir, &other, &stop));
        std::thread::sleep(Duration::from_millis(500));
        let taken_ms = load::drive(&question, PER_SECOND, lasting);
        stop.store(true, Ordering::Relaxed);
        (taken_ms, imports.join())
    });
    let busy = row("during import", &busy?, 40.0);
    let imported = imported.map_err(|_| anyhow::anyhow!("the importing thread ended in a panic"))??;
    println!("  {} lines were imported meanwhile, {:.0} lines/s", imported.lines, imported.lines_per_s);
    drop(server);
    std::fs::remove_dir_all(&data_dir)?;
    report.add(
        "http",
        json!({
            "path": question.path, "per_second": PER_SECOND, "idle": idle, "during_import": busy,
            "imported_lines": imported.lines, "imported_lines_per_s": imported.lines_per_s,
        }),
    );
    Ok(())
}

fn row(name: &str, taken_ms: &[f64], target_ms: f64) -> Value {
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| quantile(taken_ms, share));
    let verdict = verdict(p99, Some(target_ms));
    let count = taken_ms.len();
    println!("  {name:<16} {count:>9} {p50:>9.2} {p99:>9.2} {max:>9.2} {target_ms:>8} {verdict:<5}");
    json!({"requests": count, "p50_ms": p50, "p99_ms": p99, "max_ms": max, "target_p99_ms": target_ms})
}

pub fn start(data_dir: &Path) -> anyhow::Result<(Server, Question)> {
    start_with(data_dir, "")
}

/// As [`start`], with more in the configuration.
pub fn start_with(data_dir: &Path, more: &str) -> anyhow::Result<(Server, Question)> {
    // The load comes from one account.
    std::fs::write(data_dir.join("config.toml"), format!("[settings]\napi_rate_limit_enabled = false\n{more}"))?;
    let mut command = data::tidegate(data_dir)?;
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("TIDEGATE_ADMIN_PASSWORD", PASSWORD);
    let log = File::create(data_dir.join("serve.log"))?;
    let mut server = Server(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?);
    let out = server.0.stdout.take().context("the server has no output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.split_once("http://").and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
    let address = address.with_context(|| format!("the server said {line:?} and no address"))?;
    let token = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
    Ok((server, Question { address, path: "/api/logs?limit=100", authorization: format!("Basic {token}") }))
}

/// What was imported while the server was driven.
struct Imported {
    lines: u64,
    lines_per_s: f64,
}

/// Imports the log again and again until told to stop; the last one is cut short. A first line of its own makes each a
/// content that is not known yet.
fn keep_importing(data_dir: &Path, log: &Log, stop: &AtomicBool) -> anyhow::Result<Imported> {
    let (mut lines, mut seconds) = (0, 0.0);
    let mut round = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        round += 1;
        let mut command = data::tidegate(data_dir)?;
        command.args(["import", "--json", "--host", "proxy.example", "-"]);
        let mut import = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        feed(&mut import, log, round, stop)?;
        let printed = import.wait_with_output()?;
        ensure!(printed.status.success(), "the import failed");
        let summary: Value = serde_json::from_slice(&printed.stdout)?;
        lines += summary["lines"].as_u64().unwrap_or_default();
        seconds += summary["seconds"].as_f64().unwrap_or_default();
    }
    Ok(Imported { lines, lines_per_s: lines as f64 / seconds })
}

fn feed(import: &mut Child, log: &Log, round: u64, stop: &AtomicBool) -> anyhow::Result<()> {
    let mut input = import.stdin.take().context("the import has no input")?;
    writeln!(
        input,
        "1769817600.{:03}      1 10.0.0.1 TCP_MISS/200 1 GET http://example.com/{round} - HIER_NONE/- -",
        round % 1000
    )?;
    let (mut file, mut buffer) = (File::open(&log.path)?, vec![0; 1 << 20]);
    while !stop.load(Ordering::Relaxed) {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        input.write_all(&buffer[..read])?;
    }
    Ok(())
}
