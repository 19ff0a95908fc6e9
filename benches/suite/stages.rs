//! Where an import's CPU time goes, stage by stage, in one thread and without a disk: nanoseconds a line.

use crate::data::Log;
use crate::report::{Report, median};
use bumpalo::Bump;
use serde_json::json;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tidegate::classify;
use tidegate::format::{Clf, Format, Squid, resolve};
use tidegate::model::{AccessEvent, Batch, SourceName, SystemClock, Target};
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// As much of the log as a block holds, about.
const BYTES: u64 = 8 << 20;
const ROUNDS: usize = 31;

/// Squid's native fields, and two headers behind them.
const LOGFORMAT: &str =
    "logformat %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt \"%{Referer}>h\" \"%{User-Agent}>h\"";

/// The events as lines of another format, with the headers it has.
fn in_format(format: &dyn Format, events: &[(AccessEvent<'_>, &[u8])]) -> Vec<Vec<u8>> {
    const AGENT: &[u8] =
        b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
    let line = |(event, _): &(AccessEvent<'_>, &[u8])| {
        let mut line = Vec::new();
        format.render(&AccessEvent { user_agent: AGENT, referer: b"http://www.example.com/", ..*event }, &mut line);
        line
    };
    events.iter().map(line).collect()
}

/// Measures each stage over the first lines of `log`; `data_dir` is only there to open a store that encodes.
pub fn measure(report: &mut Report, data_dir: &Path, log: &Log) -> anyhow::Result<()> {
    let mut text = Vec::new();
    std::fs::File::open(&log.path)?.take(BYTES).read_to_end(&mut text)?;
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, Arc::new(SystemClock))?;
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
        middle
    };
    stage("parse", &mut || parse().map(|(event, _)| event.cs_uri.len()).sum());
    let mut other = |name: &str, format: &dyn Format| -> f64 {
        let texts = in_format(format, &events);
        let mut arena = Bump::new();
        let mut read = |line: &Vec<u8>| {
            arena.reset();
            format.parse(line, &arena).map_or(0, |event| event.cs_uri.len())
        };
        stage(name, &mut || texts.iter().map(&mut read).sum())
    };
    let combined = other("parse combined", &Clf::COMBINED);
    let compiled = other("parse a logformat", &*resolve(LOGFORMAT)?);
    println!("  lines/s: combined {:.0}, logformat {:.0}", 1e9 / combined, 1e9 / compiled);
    stage("split the target", &mut || events.iter().map(|(event, _)| split(event)).sum());
    stage("collect into columns", &mut || fill(&mut batch));
    stage("encode", &mut || usize::from(store.prepare(&batch).is_ok()));
    report.add("stages", results.into());
    Ok(())
}
