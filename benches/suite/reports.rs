//! `tidegate report` to HTML and GoAccess's HTML report of the same file, in turn: A B A B.

use crate::data::{self, Log};
use crate::import::{goaccess, goaccess_version};
use crate::process::{self, Usage};
use crate::report::{Report, median};
use crate::{Options, fresh};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;

/// Measures both over `log`, in turn.
pub fn compare(report: &mut Report, directory: &Path, log: &Log, runs: usize, options: &Options) -> anyhow::Result<()> {
    let with_goaccess = !options.no_goaccess && goaccess_version().is_some();
    let (mut ours, mut theirs): (Vec<Usage>, Vec<Usage>) = Default::default();
    let data_dir = fresh(directory, "report")?;
    let (page, their_page) = (directory.join("report.html"), directory.join("goaccess.html"));
    // Both read from the page cache: the first run is not the one that pays for the disk.
    std::io::copy(&mut std::fs::File::open(&log.path)?, &mut std::io::sink())?;
    for _ in 0..runs.max(1) {
        let mut command = data::tidegate(&data_dir)?;
        command.arg("report").arg(&log.path).args(["--format-in", log.format]).arg("-o").arg(&page);
        ours.push(process::run(command.stdout(Stdio::null()))?);
        if with_goaccess {
            theirs.push(process::run(&mut goaccess(log, &their_page))?);
        }
    }
    std::fs::remove_dir_all(&data_dir)?;
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
    report.title(&format!("HTML report of {} lines of {}, medians of {} runs", log.lines, log.format, ours.len()));
    println!("  {:<12} {:>9} {:>9} {:>9} {:>9}", "", "wall s", "CPU s", "peak MB", "page kB");
    let row = |name: &str, runs: &[Usage], page_bytes: u64| {
        let of = |field: fn(&Usage) -> f64| median(&runs.iter().map(field).collect::<Vec<_>>());
        let (wall, cpu, peak) = (of(|run| run.wall_s), of(|run| run.cpu_s), of(|run| run.peak_bytes as f64));
        println!("  {name:<12} {wall:>9.2} {cpu:>9.2} {:>9.0} {:>9}", peak / 1e6, page_bytes / 1000);
        json!({
            "wall_s": wall, "cpu_s": cpu, "peak_bytes": peak, "page_bytes": page_bytes,
            "all_wall_s": runs.iter().map(|run| run.wall_s).collect::<Vec<_>>(),
        })
    };
    let a = row("tidegate", &ours, size(&page));
    let mut result = json!({ "lines": log.lines, "bytes": log.bytes, "runs": ours.len(), "tidegate": a });
    if with_goaccess {
        let b = row("goaccess", &theirs, size(&their_page));
        let ratio = |field: &str| Some(b[field].as_f64()? / a[field].as_f64()?);
        let (wall, cpu, peak) = (ratio("wall_s"), ratio("cpu_s"), ratio("peak_bytes"));
        let shown = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}x"));
        println!("  {:<12} {:>9} {:>9} {:>9}", "ratio", shown(wall), shown(cpu), shown(peak));
        result["ratio"] = json!({ "wall": wall, "cpu": cpu, "peak": peak });
        result["goaccess"] = b;
        result["goaccess_version"] = Value::from(goaccess_version());
    } else {
        println!("  goaccess is not installed (apt-get install goaccess) or left out");
    }
    report.add(&format!("report {}", log.lines), result);
    Ok(())
}
