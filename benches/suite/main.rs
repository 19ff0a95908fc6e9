//! The benchmark: `make bench`, or `cargo bench --bench suite -- --help`.
//!
//! Generates logs, imports them side by side with GoAccess, scores requests beside libmodsecurity, weighs the store, asks the dashboard's questions and an
//! analyst's, the latter beside DuckDB, and drives the HTTP server at a constant rate while another import runs. Prints tables and writes
//! `bench-data/results.json`. All data are synthetic: `tidegate::sample`, the same bytes on every machine.

#![allow(clippy::print_stdout)] // a report is what it is for

mod archive;
mod data;
mod duckdb;
mod endpoints;
mod findings;
mod growth;
mod gz;
mod http;
mod import;
mod load;
mod logins;
mod orders;
mod process;
mod questions;
mod report;
mod reports;
mod retention;
mod scorer;
mod slow;
mod space;
mod stages;
mod visible;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use report::Report;
use std::path::{Path, PathBuf};

/// Measures Tidegate over generated logs.
#[derive(Debug, Parser)]
#[command(name = "suite")]
pub struct Options {
    /// Lines of the large log.
    #[arg(long, default_value_t = 10_000_000)]
    lines: u64,
    /// Lines of the small log.
    #[arg(long, default_value_t = 1_000_000)]
    small: u64,
    /// Imports of the large log, each followed by one of GoAccess.
    #[arg(long, default_value_t = 1)]
    runs: usize,
    /// Imports of the small log, each followed by one of GoAccess.
    #[arg(long, default_value_t = 3)]
    small_runs: usize,
    /// How often a question is asked, at least.
    #[arg(long, default_value_t = 51)]
    asks: usize,
    /// How long the server is driven, each time.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Measure only this part; may be given again.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Labelled requests for the scorer, as `tidegate waf eval` reads them, in place of generated ones.
    #[arg(long, value_name = "FILE")]
    requests: Option<PathBuf>,
    /// Leave GoAccess out.
    #[arg(long)]
    no_goaccess: bool,
    /// Leave DuckDB out.
    #[arg(long)]
    no_duckdb: bool,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Import against GoAccess, at both sizes.
    Import,
    /// Import from gzip against `gzip -dc`, at both sizes.
    Gz,
    /// CPU time of an import by stage, in one thread.
    Stages,
    /// Bytes a line, by column and table.
    Space,
    /// Latency of questions, in process.
    Questions,
    /// The same questions of Tidegate and DuckDB.
    Duckdb,
    /// Latency over HTTP, idle and during an import.
    Http,
    /// Latency of every statistics endpoint, and of lists with filters, over HTTP, one client.
    Endpoints,
    /// Import of the first and of the last million lines.
    Growth,
    /// Requests scored a second, beside libmodsecurity.
    Scorer,
    /// Time of refused logins, of known and unknown names.
    Logins,
    /// Latency and memory beside 10,000 slow clients.
    Slow,
    /// From a written line to its row in an answer.
    Visible,
    /// Removal of half of two logs while the server is asked and lines come in.
    Retention,
    /// The report of the small log as a page, against GoAccess.
    Report,
    /// Archives written and imported again, and a backup, beside the import of their log.
    Archive,
    /// Regular calls hidden in the large log: which are found, what else is, and how long a look takes.
    Findings,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// The program under test.
pub const TIDEGATE: &str = env!("CARGO_BIN_EXE_tidegate");

fn main() -> anyhow::Result<()> {
    // Test runners start every target; only `cargo bench` says so.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("this is a benchmark: cargo bench --bench suite");
        return Ok(());
    }
    let options = Options::parse();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench-data");
    std::fs::create_dir_all(&directory).with_context(|| directory.display().to_string())?;
    let mut report = Report::new(&options);
    report.facts();
    if options.wants(Part::Logins) {
        logins::time(&mut report, &directory)?;
        if options.only == [Part::Logins] {
            return report.write(&directory.join("results.json"));
        }
    }
    if options.wants(Part::Visible) {
        visible::wait_for_lines(&mut report, &directory)?;
        if options.only == [Part::Visible] {
            return report.write(&directory.join("results.json"));
        }
    }
    if options.wants(Part::Retention) {
        retention::clear_old(&mut report, &directory, options.lines, options.seconds)?;
        if options.only == [Part::Retention] {
            return report.write(&directory.join("results.json"));
        }
    }
    let small = data::log(&directory, options.small, data::First)?;
    if options.wants(Part::Slow) {
        slow::drive(&mut report, &directory, &small, options.seconds)?;
        if options.only == [Part::Slow] {
            return report.write(&directory.join("results.json"));
        }
    }
    if options.wants(Part::Scorer) {
        scorer::measure(&mut report, &small, &options)?;
        if options.only == [Part::Scorer] {
            return report.write(&directory.join("results.json"));
        }
    }
    if options.wants(Part::Archive) {
        archive::measure(&mut report, &directory, &small, options.small_runs)?;
        if options.only == [Part::Archive] {
            return report.write(&directory.join("results.json"));
        }
    }
    if options.wants(Part::Report) {
        reports::compare(&mut report, &directory, &small, options.small_runs, &options)?;
        if options.only == [Part::Report] {
            return report.write(&directory.join("results.json"));
        }
    }
    let large = data::log(&directory, options.lines, data::First)?;
    if options.wants(Part::Import) {
        import::compare(&mut report, &directory, &small, options.small_runs, &options)?;
        if options.lines != options.small {
            import::compare(&mut report, &directory, &large, options.runs, &options)?;
        }
        let combined = data::combined(&directory, &large)?;
        import::compare(&mut report, &directory, &combined, options.runs, &options)?;
    }
    if options.wants(Part::Gz) {
        gz::compare(&mut report, &directory, &small, options.small_runs)?;
        if options.lines != options.small {
            gz::compare(&mut report, &directory, &large, options.runs)?;
        }
    }
    if options.wants(Part::Stages) {
        let data_dir = fresh(&directory, "stages")?;
        stages::measure(&mut report, &data_dir, &small)?;
        std::fs::remove_dir_all(data_dir)?;
    }
    if options.wants(Part::Growth) {
        growth::compare(&mut report, &directory, options.lines)?;
    }
    if options.wants(Part::Findings) {
        findings::measure(&mut report, &directory, &large)?;
    }
    if options.wants(Part::Endpoints) {
        endpoints::drive(&mut report, &directory, options.lines, options.asks)?;
    }
    if [Part::Space, Part::Http, Part::Questions, Part::Duckdb].iter().all(|part| !options.wants(*part)) {
        return report.write(&directory.join("results.json"));
    }
    // One settled store for all the rest. Processes are measured before this one grows.
    let store = data::store(&directory, &large)?;
    if options.wants(Part::Space) {
        space::weigh(&mut report, &store, &large)?;
    }
    if options.wants(Part::Http) {
        http::drive(&mut report, &directory, &store, &large, options.seconds)?;
    }
    if options.wants(Part::Duckdb) {
        duckdb::compare(&mut report, &directory, &store, &large, options.asks, !options.no_duckdb)?;
    }
    if options.wants(Part::Questions) {
        questions::ask(&mut report, &store, &large, options.asks)?;
    }
    report.write(&directory.join("results.json"))
}

/// A directory of that name in `directory`, empty.
fn fresh(directory: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let path = directory.join(name);
    if path.exists() {
        std::fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
    }
    std::fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
    Ok(path)
}
