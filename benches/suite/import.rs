//! `tidegate import`, the same without rules, and GoAccess over the same file in turn: A B C A B C. Every import goes into a
//! fresh data directory.
//! GoAccess writes its HTML report, which is what it is run for; a run aside says how many lines it understood.

use crate::data::{self, Log};
use crate::process::{self, Usage};
use crate::report::{Report, median};
use crate::{Options, fresh};
use anyhow::Context;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

/// Squid's native format in GoAccess's words.
const GOACCESS_NATIVE: [&str; 2] = ["--log-format=%x.%^ %~%L %h %^/%s %b %m %U %e %^ %^", "--datetime-format=%s"];
const GOACCESS_COMBINED: [&str; 1] = ["--log-format=COMBINED"];

/// Measures both over `log`, in turn.
pub fn compare(report: &mut Report, directory: &Path, log: &Log, runs: usize, options: &Options) -> anyhow::Result<()> {
    let with_goaccess = !options.no_goaccess && goaccess_version().is_some();
    let (mut ours, mut unscored, mut theirs): (Vec<Usage>, Vec<Usage>, Vec<Usage>) = Default::default();
    let mut summary = Value::Null;
    // Both read from the page cache: the first run is not the one that pays for the disk.
    std::io::copy(&mut std::fs::File::open(&log.path)?, &mut std::io::sink())?;
    for _ in 0..runs.max(1) {
        let data_dir = fresh(directory, "import")?;
        let printed = directory.join("import.json");
        let mut command = data::import(&data_dir, log)?;
        ours.push(process::run(command.stdout(std::fs::File::create(&printed)?))?);
        summary = serde_json::from_slice(&std::fs::read(&printed)?).context("the summary of the import")?;
        let data_dir = fresh(directory, "import")?;
        let mut command = data::import(&data_dir, log)?;
        unscored.push(process::run(without_rules(&mut command, &data_dir)?.stdout(Stdio::null()))?);
        if with_goaccess {
            theirs.push(process::run(&mut goaccess(log, &directory.join("goaccess.html")))?);
        }
    }
    std::fs::remove_dir_all(directory.join("import"))?;
    let name = if log.format == "squid" {
        format!("import {}", log.lines)
    } else {
        format!("import {} {}", log.format, log.lines)
    };
    report.title(&format!(
        "Import of {} lines of {} ({} MB), medians of {} runs",
        log.lines,
        log.format,
        log.bytes / 1_000_000,
        ours.len()
    ));
    println!(
        "  stored {}, rejected {}",
        summary["stored"],
        summary["rejected"].as_object().map_or(0, |all| all.values().filter_map(Value::as_u64).sum())
    );
    println!("  {:<12} {:>9} {:>9} {:>12} {:>12}", "", "wall s", "CPU s", "peak MB", "lines/s");
    let a = row("tidegate", log, &ours);
    let unscored = row("  no rules", log, &unscored);
    let mut result = json!({
        "lines": log.lines, "bytes": log.bytes, "runs": ours.len(), "summary": summary, "tidegate": a, "no_rules": unscored,
    });
    if with_goaccess {
        let b = row("goaccess", log, &theirs);
        let shown = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}x"));
        for (name, a, key) in [("ratio", &a, "ratio"), ("  no rules", &unscored, "ratio_no_rules")] {
            let ratio = |field: &str| b[field].as_f64().zip(a[field].as_f64()).map(|(b, a)| b / a);
            let (wall, cpu, peak) = (ratio("wall_s"), ratio("cpu_s"), ratio("peak_bytes"));
            println!("  {name:<12} {:>9} {:>9} {:>12}", shown(wall), shown(cpu), shown(peak));
            result[key] = json!({"wall": wall, "cpu": cpu, "peak": peak});
        }
        result["goaccess"] = b;
        if log.lines <= options.small {
            result["goaccess_lines"] = understood(directory, log)?;
        }
    } else {
        println!("  goaccess is not installed (apt-get install goaccess) or left out");
    }
    report.add(&name, result);
    Ok(())
}

/// Has an import score nothing.
fn without_rules<'c>(command: &'c mut Command, data_dir: &Path) -> anyhow::Result<&'c mut Command> {
    let config = data_dir.join("no-rules.toml");
    std::fs::write(&config, "[settings]\nwaf_enabled = false\n")?;
    Ok(command.arg("--config").arg(config))
}

fn row(name: &str, log: &Log, runs: &[Usage]) -> Value {
    let of = |field: fn(&Usage) -> f64| median(&runs.iter().map(field).collect::<Vec<_>>());
    let (wall, cpu, peak) = (of(|run| run.wall_s), of(|run| run.cpu_s), of(|run| run.peak_bytes as f64));
    println!("  {name:<12} {wall:>9.2} {cpu:>9.2} {:>12.0} {:>12.0}", peak / 1e6, log.lines as f64 / wall);
    json!({
        "wall_s": wall, "cpu_s": cpu, "peak_bytes": peak, "lines_per_s": log.lines as f64 / wall,
        "all_wall_s": runs.iter().map(|run| run.wall_s).collect::<Vec<_>>(),
    })
}

/// GoAccess over a log, writing its report.
pub fn goaccess(log: &Log, report: &Path) -> Command {
    let mut command = Command::new("goaccess");
    let format = if log.format == "squid" { &GOACCESS_NATIVE[..] } else { &GOACCESS_COMBINED };
    command.arg(&log.path).arg("--no-global-config").args(format).arg("--no-progress").arg("-o").arg(report);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Which GoAccess is installed, if any.
pub fn goaccess_version() -> Option<String> {
    let printed = Command::new("goaccess").arg("--version").stdin(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&printed.stdout).lines().next()?.to_owned())
}

/// How many of the lines GoAccess took for valid, by its own report.
fn understood(directory: &Path, log: &Log) -> anyhow::Result<Value> {
    let path = directory.join("goaccess.json");
    process::run(&mut goaccess(log, &path))?;
    let printed: Value = serde_json::from_slice(&std::fs::read(&path)?).context("GoAccess's report")?;
    let general = &printed["general"];
    let (valid, failed) = (&general["valid_requests"], &general["failed_requests"]);
    println!("  {} counts {valid} lines as valid, {failed} as failed", goaccess_version().unwrap_or_default());
    Ok(json!({"valid": valid, "failed": failed, "version": goaccess_version()}))
}
