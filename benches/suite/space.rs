//! Bytes a line in a settled store, against `gzip -6` of the log; by table, column and rollup.

use crate::data::{self, Log};
use crate::report::Report;
use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use tidegate::store::columnar::ColumnarStore;

/// The columns of a block by number, and the groups of the rollups: docs/STORAGE.md.
const COLUMNS: [&str; 13] = [
    "time",
    "time_taken",
    "bytes",
    "client",
    "user",
    "origin",
    "peer",
    "agent",
    "kind",
    "source",
    "rest",
    "referer",
    "raw",
];
const ROLLUPS: [&str; 4] = ["kind", "client", "origin", "user"];

/// Weighs the settled store that holds `log` alone.
pub fn weigh(report: &mut Report, store: &Path, log: &Log) -> anyhow::Result<()> {
    let bytes = data::size_of(store)?;
    let gzip = gzip_bytes(&log.path)?;
    let per_line = |bytes: u64| bytes as f64 / log.lines as f64;
    report.title(&format!("Space of {} lines, settled", log.lines));
    println!("  {:<28} {:>14} {:>12}", "", "bytes", "bytes/line");
    let line = |name: &str, bytes: u64| println!("  {name:<28} {bytes:>14} {:>12.2}", per_line(bytes));
    line("log", log.bytes);
    line("gzip -6", gzip);
    line("data directory", bytes);
    println!("  {:<28} {:>27.3}", "data directory / gzip -6", bytes as f64 / gzip as f64);
    let mut parts = Map::new();
    for (name, bytes) in breakdown(store)? {
        line(&name, bytes);
        parts.insert(name, Value::from(bytes));
    }
    report.add(
        "space",
        json!({
            "log_bytes": log.bytes, "gzip_bytes": gzip, "store_bytes": bytes, "bytes_per_line": per_line(bytes),
            "gzip_bytes_per_line": per_line(gzip), "ratio": bytes as f64 / gzip as f64, "parts": parts,
        }),
    );
    Ok(())
}

fn gzip_bytes(path: &Path) -> anyhow::Result<u64> {
    let mut gzip =
        Command::new("gzip").args(["-6", "-c"]).arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut out = gzip.stdout.take().context("gzip has no output")?;
    let bytes = io::copy(&mut out, &mut io::sink())?;
    anyhow::ensure!(gzip.wait()?.success(), "gzip failed");
    Ok(bytes)
}

fn breakdown(store: &Path) -> anyhow::Result<Vec<(String, u64)>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(store.join(ColumnarStore::FILE), flags)?;
    let mut parts = Vec::new();
    let mut sums = |sql: &str, name: &dyn Fn(u64) -> String| -> rusqlite::Result<()> {
        let mut query = db.prepare(sql)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (number, bytes) = row?;
            parts.push((name(number.unsigned_abs()), bytes.unsigned_abs()));
        }
        Ok(())
    };
    sums("SELECT id % 64, sum(length(data)) FROM block_column GROUP BY 1", &|number| {
        let name = COLUMNS.get(number as usize).map_or_else(|| number.to_string(), ToString::to_string);
        format!("  column {name}")
    })?;
    sums("SELECT id >> 40, sum(length(data)) FROM rollup GROUP BY 1", &|number| {
        let name = ROLLUPS.get(number as usize / 2).map_or_else(|| number.to_string(), ToString::to_string);
        format!("  rollup {name}, {}", if number.is_multiple_of(2) { "hours" } else { "days" })
    })?;
    sums("SELECT id >> 40, sum(length(value)) FROM dictionary GROUP BY 1", &|number| {
        format!("  dictionary {number}, values")
    })?;
    // Whole pages, where this SQLite can tell.
    let mut table = |sql: &str| -> rusqlite::Result<()> {
        let mut query = db.prepare(sql)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (name, bytes) = row?;
            parts.push((format!("  pages of {name}"), bytes.unsigned_abs()));
        }
        Ok(())
    };
    let _ = table("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 HAVING sum(pgsize) > 65536 ORDER BY 2 DESC");
    let page = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let free = page("freelist_count")? * page("page_size")?;
    parts.push(("  free pages".to_owned(), free));
    Ok(parts)
}
