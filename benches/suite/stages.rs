//! Where an import's CPU time goes, stage by stage, in one thread and without a disk: nanoseconds a line.

use crate::data::Log;
use crate::report::{Report, median};
use serde_json::json;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tidegate::classify;
use tidegate::format::Squid;
use tidegate::model::{AccessEvent, Batch, SourceName, SystemClock, Target};
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// As much of the log as a block holds, about.
const BYTES: u64 = 8 << 20;
const ROUNDS: usize = 31;

/// Measures each stage over the first lines of `log`; `data_dir` is only there to open a store that encodes.
pub fn measure(report: &mut Report, data_dir: &Path, log: &Log) -> anyhow::Result<()> {
    let mut text = Vec::new();
    std::fs::File::open(&log.path)?.take(BYTES).read_to_end(&mut text)?;
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let store = ColumnarStore::open(data_dir, classify::ORIGINS, Arc::new(SystemClock))?;
    let parse = || lines.iter().filter_map(|line| Some((Squid::read(line).ok()?, *line)));
    let events: Vec<(AccessEvent<'_>, &[u8])> = parse().collect();
    let split = |event: &AccessEvent<'_>| classify::split_target(event.cs_method, event.cs_uri).origin.len();
    let targets: Vec<Target<'_>> =
        events.iter().map(|(event, _)| classify::split_target(event.cs_method, event.cs_uri)).collect();
    let mut batch = Batch::default();
    let fill = |batch: &mut Batch| {
        batch.reset(SourceName::default());
        for ((event, line), target) in events.iter().zip(&targets) {
            batch.push(event, target, line);
        }
        batch.len()
    };
    report.title(&format!("Stages over {} lines, one thread (ns a line, median of {ROUNDS})", lines.len()));
    let mut results = serde_json::Map::new();
    let mut stage = |name: &str, work: &mut dyn FnMut() -> usize| {
        let mut taken_ns = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let started = Instant::now();
            black_box(work());
            taken_ns.push(started.elapsed().as_nanos() as f64 / lines.len() as f64);
        }
        let middle = median(&taken_ns);
        println!("  {name:<28} {middle:>9.1}");
        results.insert(name.to_owned(), json!(middle));
    };
    stage("parse", &mut || parse().map(|(event, _)| event.cs_uri.len()).sum());
    stage("split the target", &mut || events.iter().map(|(event, _)| split(event)).sum());
    stage("collect into columns", &mut || fill(&mut batch));
    stage("encode", &mut || usize::from(store.prepare(&batch).is_ok()));
    report.add("stages", results.into());
    Ok(())
}
