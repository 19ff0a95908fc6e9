//! Whether a store gets slower as it fills: the first million lines into an empty store, and a million behind
//! everything else, by a process of its own each; and the millions at both ends of one long import.

use crate::data::{self, Log};
use crate::fresh;
use crate::process;
use crate::report::{Report, median};
use anyhow::ensure;
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Lines of the first and of the last part.
const PART: u64 = 1_000_000;
/// Times either part is imported.
const RUNS: usize = 5;
/// The most that the last part may take of the first one's time.
const TARGET: f64 = 1.15;

/// Measures both around a log of `lines`.
pub fn compare(report: &mut Report, directory: &Path, lines: u64) -> anyhow::Result<()> {
    let opening = data::log(directory, PART, data::Opening)?;
    let closing = data::log(directory, PART, data::Closing)?;
    let all = data::log(directory, lines, data::First)?;
    // A part is imported into a copy, again and again: only the first time would its lines be new.
    let (empty, full) = (fresh(directory, "empty")?, fresh(directory, "full")?);
    let first = times(directory, &empty, &opening)?;
    let within = millions(&full, &all)?;
    let last = times(directory, &full, &closing)?;
    let ratio = median(&last) / median(&first);
    report.title(&format!("Import of {PART} lines, medians of {RUNS} runs (s)"));
    println!("  into an empty store            {:>8.2}", median(&first));
    println!("  behind {lines:>12} others     {:>8.2}", median(&last));
    println!("  ratio                          {ratio:>8.2}  (at most {TARGET})");
    let mut result = json!({"first_s": first, "last_s": last, "ratio": ratio, "target": TARGET});
    if let [_, early @ .., _] = &within[..]
        && early.len() >= 2 * RUNS
    {
        let (early, late) = (median(&early[..RUNS]), median(&early[early.len() - RUNS..]));
        println!("  one import, millions 2 to {}      {early:>8.2}", RUNS + 1);
        println!("  the {RUNS} before its last           {late:>8.2}");
        println!("  ratio                          {:>8.2}  (at most {TARGET})", late / early);
        result["within"] = json!({"early_s": early, "late_s": late, "ratio": late / early});
    }
    report.add(&format!("growth {lines}"), result);
    std::fs::remove_dir_all(empty)?;
    std::fs::remove_dir_all(full)?;
    Ok(())
}

/// Imports a log, and notes how long each million of its lines took to read: by how far the process stands in its file.
fn millions(store: &Path, log: &Log) -> anyhow::Result<Vec<f64>> {
    let part = log.bytes / (log.lines / PART).max(1);
    let mut child = data::import(store, log)?.stdout(Stdio::null()).spawn()?;
    let (started, mut reached) = (Instant::now(), vec![0.0]);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        while position(child.id(), &log.path).is_some_and(|at| at >= part * reached.len() as u64) {
            reached.push(started.elapsed().as_secs_f64());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    ensure!(status.success(), "the import failed");
    Ok(reached.windows(2).map(|pair| pair[1] - pair[0]).collect())
}

/// How far a process has read a file; `None` while it doesn't.
fn position(pid: u32, file: &Path) -> Option<u64> {
    let descriptors = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let mut open =
        descriptors.flatten().filter(|entry| std::fs::read_link(entry.path()).is_ok_and(|link| link == file));
    let info = std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{}", open.next()?.file_name().display())).ok()?;
    info.lines().find_map(|line| line.strip_prefix("pos:")?.trim().parse().ok())
}

fn times(directory: &Path, store: &Path, part: &Log) -> anyhow::Result<Vec<f64>> {
    let mut taken_s = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let copy = fresh(directory, "grown")?;
        for entry in std::fs::read_dir(store)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), copy.join(entry.file_name()))?;
            }
        }
        taken_s.push(process::run(data::import(&copy, part)?.stdout(Stdio::null()))?.wall_s);
        std::fs::remove_dir_all(copy)?;
    }
    Ok(taken_s)
}
