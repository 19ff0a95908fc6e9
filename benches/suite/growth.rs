//! Whether a store gets slower as it fills: the first million lines into an empty store, and a million behind
//! everything else.

use crate::data::{self, Log};
use crate::fresh;
use crate::process;
use crate::report::{Report, median};
use serde_json::json;
use std::path::Path;
use std::process::Stdio;

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
    process::run(data::import(&full, &all)?.stdout(Stdio::null()))?;
    let last = times(directory, &full, &closing)?;
    let ratio = median(&last) / median(&first);
    report.title(&format!("Import of {PART} lines, medians of {RUNS} runs (s)"));
    println!("  into an empty store            {:>8.2}", median(&first));
    println!("  behind {lines:>12} others     {:>8.2}", median(&last));
    println!("  ratio                          {ratio:>8.2}  (at most {TARGET})");
    report.add(&format!("growth {lines}"), json!({"first_s": first, "last_s": last, "ratio": ratio, "target": TARGET}));
    std::fs::remove_dir_all(empty)?;
    std::fs::remove_dir_all(full)?;
    Ok(())
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
