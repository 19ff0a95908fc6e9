//! Regular calls hidden in a large log that has none: which are found, what else is called out, and how long a look takes.

use crate::data::{self, Log};
use crate::fresh;
use crate::process;
use crate::report::{Report, median, verdict};
use anyhow::Context;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;
use tidegate::behaviour::{Found, detect, tell, window};
use tidegate::classify::CLASSIFIERS;
use tidegate::control::ControlDb;
use tidegate::control::settings::SettingDefaults;
use tidegate::model::{DAY_MS, Lens, PageQuery, People, SystemClock, Timestamp};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

const PERIODS_S: [i64; 8] = [10, 30, 60, 300, 1_800, 3_600, 10_800, 21_600];
const JITTERS_PCT: [i64; 5] = [0, 5, 10, 20, 30];
/// Each period and jitter is hidden so often, each time with other chances.
const TIMES: u64 = 5;
const WINDOWS_DAYS: [i64; 3] = [1, 7, 30];
const LOOKS: usize = 3;
/// What a look at the last day may take.
const TARGET_S: f64 = 5.0;

/// How pauses vary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Jitter {
    /// Each is up to so much off, as most implants sleep.
    Sleep,
    /// Each call is up to so much off a fixed timetable, so that pauses vary twice as much.
    Timetable,
}

/// Measures over `log`, which no behaviour is planted in.
pub fn measure(report: &mut Report, directory: &Path, log: &Log) -> anyhow::Result<()> {
    let data_dir = fresh(directory, "findings")?;
    process::run(data::import(&data_dir, log)?.stdout(Stdio::null()))?;
    let end = {
        let store = ColumnarStore::open(&data_dir, CLASSIFIERS, Arc::new(SystemClock))?;
        store.page(&PageQuery::newest(1), &Lens::PLAIN)?.rows.first().context("the store is empty")?.time
    };
    let path = directory.join("findings.log");
    let text = planted(end);
    std::fs::write(&path, &text)?;
    let lines = text.lines().count() as u64;
    let planted = Log { path, lines, bytes: text.len() as u64, format: "squid" };
    process::run(data::import(&data_dir, &planted)?.stdout(Stdio::null()))?;
    data::settle(&data_dir)?;
    let store = ColumnarStore::open(&data_dir, CLASSIFIERS, Arc::new(SystemClock))?;
    let control = ControlDb::open(&data_dir, Arc::new(SystemClock), SettingDefaults::default())?;
    report.title(&format!("Findings in {} lines, {lines} of them regular calls", log.lines + lines));
    let mut of_window = BTreeMap::new();
    for days in WINDOWS_DAYS {
        let range = window(&store, days, end)?;
        let mut took = Vec::new();
        let mut found = Found::default();
        for _ in 0..LOOKS {
            let started = Instant::now();
            found = detect(&store, &control.settings(), range, end)?;
            took.push(started.elapsed().as_secs_f64());
        }
        let (took, target) = (median(&took), (days == 1).then_some(TARGET_S));
        let false_alarms = false_alarms(&found);
        let alarms: u64 = false_alarms.values().sum();
        println!(
            "  last {days:>2} days, {:>9} rows: {took:>6.2} s {:<5} false alarms: {alarms} {false_alarms:?}",
            found.rows,
            verdict(took, target)
        );
        let result = json!({ "rows": found.rows, "seconds": took, "target_s": target, "false_alarms": false_alarms });
        report.add(&format!("findings: last {days} days"), result);
        of_window.insert(days, found);
    }
    for days in [7, 30] {
        for (jitter, name) in
            [(Jitter::Sleep, "each pause off by"), (Jitter::Timetable, "each call off a timetable by")]
        {
            table(report, &of_window[&days], days, jitter, name);
        }
    }
    std::fs::remove_dir_all(data_dir)?;
    Ok(())
}

/// What was found of each period and jitter, of how many.
fn table(report: &mut Report, found: &Found, days: i64, jitter: Jitter, name: &str) {
    let told = found.findings.iter().filter(|finding| finding.detector == "beacon");
    let hosts: BTreeSet<String> =
        told.filter_map(|finding| tell(finding, &Lens::PLAIN, &People::default()).destination).collect();
    print!("  found in the last {days} days, of {TIMES}; {name}");
    JITTERS_PCT.iter().for_each(|percent| print!(" {percent:>4}%"));
    println!();
    for period_s in PERIODS_S {
        let count = |percent: &i64| {
            (0..TIMES).filter(|nth| hosts.contains(&format!("{}:443", host(jitter, period_s, *percent, *nth)))).count()
        };
        let counts: Vec<usize> = JITTERS_PCT.iter().map(count).collect();
        print!("    every {period_s:>6} s {:width$}", "", width = name.len() + 20);
        counts.iter().for_each(|count| print!(" {count:>5}"));
        println!();
        report.add(&format!("beacons: {days} days, {name}, {period_s} s"), json!({ "of": TIMES, "found": counts }));
    }
}

/// Findings about what nobody planted, by detector.
fn false_alarms(found: &Found) -> BTreeMap<String, u64> {
    let mut alarms = BTreeMap::new();
    for finding in &found.findings {
        let destination = tell(finding, &Lens::PLAIN, &People::default()).destination.unwrap_or_default();
        if !(finding.detector == "beacon" && destination.contains(".planted.example:")) {
            *alarms.entry(finding.detector.clone()).or_default() += 1;
        }
    }
    alarms
}

fn host(jitter: Jitter, period_s: i64, percent: i64, nth: u64) -> String {
    let kind = if jitter == Jitter::Sleep { "s" } else { "t" };
    format!("{kind}{period_s}-{percent}-{nth}.planted.example")
}

/// Calls in the last 30 days before `end`, of clients that have ordinary traffic as well; those of less than five
/// minutes in the last day alone.
fn planted(end: Timestamp) -> String {
    let (mut text, mut state, mut client) = (String::new(), 0x9e37_79b9_7f4a_7c15_u64, 0_u32);
    let mut chance = |spread: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if spread == 0 { 0 } else { (state >> 33) as i64 % (2 * spread + 1) - spread }
    };
    for jitter in [Jitter::Sleep, Jitter::Timetable] {
        for period_s in PERIODS_S {
            for percent in JITTERS_PCT {
                for nth in 0..TIMES {
                    client += 1;
                    let host = host(jitter, period_s, percent, nth);
                    let days = if period_s < 300 { 1 } else { 30 };
                    let (period, swing) = (period_s * 1_000, period_s * 10 * percent);
                    let (mut at, mut due) = (end.0 - days * DAY_MS + period / 2, 0);
                    while at < end.0 {
                        let address = format!("10.77.{}.{}", client / 250, client % 250);
                        let (seconds, ms) = (at / 1_000, at % 1_000);
                        // Writing to a string can't fail.
                        let _ = writeln!(
                            text,
                            "{seconds}.{ms:03} {:>6} {address} TCP_TUNNEL/200 {} CONNECT {host}:443 - HIER_DIRECT/203.0.113.9 -",
                            300 + chance(100),
                            1_320 + chance(16),
                        );
                        due += period;
                        at = match jitter {
                            Jitter::Sleep => at + period + chance(swing),
                            Jitter::Timetable => end.0 - days * DAY_MS + period / 2 + due + chance(swing),
                        };
                    }
                }
            }
        }
    }
    text
}
