//! Import of a log compressed with gzip against `gzip -dc` of the same file: A B A B.

use crate::data::{self, Log};
use crate::fresh;
use crate::process::{self, Usage};
use crate::report::{Report, median};
use anyhow::{Context, ensure};
use serde_json::json;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// Measures both over `log`, in turn.
pub fn compare(report: &mut Report, directory: &Path, log: &Log, runs: usize) -> anyhow::Result<()> {
    let path = directory.join(format!("{}.log.gz", log.lines));
    // By the size of the log that it was made of.
    let sidecar = path.with_extension("gz.of");
    if !path.exists() || std::fs::read_to_string(&sidecar).ok() != Some(log.bytes.to_string()) {
        let made = Command::new("gzip").arg("-c").arg(&log.path).stdout(File::create(&path)?).status();
        ensure!(made.context("gzip")?.success(), "gzip failed");
        std::fs::write(&sidecar, log.bytes.to_string())?;
    }
    std::io::copy(&mut File::open(&path)?, &mut std::io::sink())?;
    let archive = Log { path, ..*log };
    let (mut ours, mut theirs): (Vec<Usage>, Vec<Usage>) = Default::default();
    for _ in 0..runs.max(1) {
        let data_dir = fresh(directory, "import")?;
        ours.push(process::run(data::import(&data_dir, &archive)?.stdout(Stdio::null()))?);
        theirs.push(process::run(Command::new("gzip").arg("-dc").arg(&archive.path).stdout(Stdio::null()))?);
    }
    std::fs::remove_dir_all(directory.join("import"))?;
    report.title(&format!("Import of {} lines from gzip, medians of {} runs", log.lines, ours.len()));
    println!("  {:<12} {:>9} {:>9} {:>9} {:>12}", "", "wall s", "CPU s", "peak MB", "MB out/s");
    let row = |name: &str, runs: &[Usage]| {
        let of = |field: fn(&Usage) -> f64| median(&runs.iter().map(field).collect::<Vec<_>>());
        let (wall, cpu, peak) = (of(|run| run.wall_s), of(|run| run.cpu_s), of(|run| run.peak_bytes as f64));
        let speed = log.bytes as f64 / wall;
        println!("  {name:<12} {wall:>9.2} {cpu:>9.2} {:>9.0} {:>12.0}", peak / 1e6, speed / 1e6);
        (speed, json!({"wall_s": wall, "cpu_s": cpu, "peak_bytes": peak, "bytes_out_per_s": speed}))
    };
    let ((a, tidegate), (b, gzip)) = (row("tidegate", &ours), row("gzip -dc", &theirs));
    println!("  {:<12} {:>9.2} of the speed of gzip -dc", "ratio", a / b);
    let result = json!({"lines": log.lines, "bytes": log.bytes, "tidegate": tidegate, "gzip": gzip, "ratio": a / b});
    report.add(&format!("gz {}", log.lines), result);
    Ok(())
}
