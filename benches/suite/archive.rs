//! Writing an archive of every row, importing it into an empty store, and backing the store up, beside the import of the
//! log that the rows are from.

use crate::data::{self, Log};
use crate::fresh;
use crate::process::{self, Usage};
use crate::report::{Report, median};
use anyhow::Context;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What is measured, in turn.
const STEPS: [&str; 4] = ["import", "archive", "re-import", "backup"];

/// Measures each step over `log`.
pub fn measure(report: &mut Report, directory: &Path, log: &Log, runs: usize) -> anyhow::Result<()> {
    let mut took: [Vec<Usage>; STEPS.len()] = Default::default();
    let (mut archive_bytes, mut store_bytes) = (0, 0);
    for _ in 0..runs.max(1) {
        let (data_dir, other) = (fresh(directory, "archive")?, fresh(directory, "archive-again")?);
        took[0].push(process::run(data::import(&data_dir, log)?.stdout(Stdio::null()))?);
        let mut write = data::tidegate(&data_dir)?;
        write.args(["archive", "write", "--json", "--before", "9999-12-31"]);
        took[1].push(process::run(write.stdout(Stdio::null()))?);
        let archive = archive_in(&data_dir.join("archives"))?;
        archive_bytes = std::fs::metadata(&archive)?.len();
        let mut import = data::tidegate(&other)?;
        took[2].push(process::run(import.arg("import").arg("--json").arg(&archive).stdout(Stdio::null()))?);
        let mut backup = data::tidegate(&data_dir)?;
        let target = other.join("backup");
        took[3].push(process::run(backup.args(["db", "backup", "--json"]).arg(&target).stdout(Stdio::null()))?);
        store_bytes = data::size_of(&target)?;
    }
    for name in ["archive", "archive-again"] {
        std::fs::remove_dir_all(directory.join(name))?;
    }
    let runs = took[0].len();
    report.title(&format!("Archive and backup of {} lines, medians of {runs} runs", log.lines));
    println!("  {:<12} {:>9} {:>9} {:>9} {:>12}", "", "wall s", "CPU s", "peak MB", "lines/s");
    let mut result = Map::new();
    for (name, runs) in STEPS.iter().zip(&took) {
        let of = |field: fn(&Usage) -> f64| median(&runs.iter().map(field).collect::<Vec<_>>());
        let (wall, cpu, peak) = (of(|run| run.wall_s), of(|run| run.cpu_s), of(|run| run.peak_bytes as f64));
        let speed = log.lines as f64 / wall;
        println!("  {name:<12} {wall:>9.2} {cpu:>9.2} {:>9.0} {speed:>12.0}", peak / 1e6);
        let row = json!({ "wall_s": wall, "cpu_s": cpu, "peak_bytes": peak, "lines_per_s": speed });
        result.insert((*name).to_owned(), row);
    }
    let per_line = |bytes: u64| bytes as f64 / log.lines as f64;
    println!("  bytes a line: archive {:.1}, backup {:.1}", per_line(archive_bytes), per_line(store_bytes));
    result.insert("archive_bytes".to_owned(), Value::from(archive_bytes));
    result.insert("backup_bytes".to_owned(), Value::from(store_bytes));
    report.add(&format!("archive {}", log.lines), Value::Object(result));
    Ok(())
}

fn archive_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut entries = std::fs::read_dir(folder)?;
    Ok(entries.next().context("no archive was written")??.path())
}
