//! `tidegate demo`: a fortnight of an invented company's proxy log, with something to find in it, imported into a
//! temporary directory and served.

use super::serve::{Service, start_log};
use crate::config::Config;
use crate::control::settings::SettingDefaults;
use crate::format::{self, FormatChoice};
use crate::model::grouped;
use crate::model::{Clock, SourceName, SystemClock};
use crate::pipeline::{Content, Importer};
use crate::sample;
use anyhow::Context;
use clap::Args;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Where to listen.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Address and port [default: 127.0.0.1:8080, or a free port where that is taken].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

/// Serves sample data; of the configuration only the settings hold.
pub(super) fn run(arguments: &DemoArguments, settings: &SettingDefaults) -> anyhow::Result<ExitCode> {
    let directory = tempfile::Builder::new().prefix("tidegate-demo-").tempdir()?;
    let mut config =
        Config { data_dir: directory.path().join("data"), settings: settings.clone(), ..Config::default() };
    config.log.level = crate::config::LogLevel::Warn;
    let log_levels = start_log(&config);
    let listener = match arguments.listen {
        Some(listen) => TcpListener::bind(listen).with_context(|| format!("can't listen on {listen}"))?,
        None => TcpListener::bind(config.server.listen).or_else(|_| TcpListener::bind("127.0.0.1:0"))?,
    };
    let again = config.clone();
    let service = Service::open(&config, Box::new(move || Ok(again.clone())), log_levels)?;
    let log = directory.path().join("access.log");
    let options = sample::Options::demo(SystemClock.now().0);
    let mut out = BufWriter::new(File::create(&log)?);
    let written = sample::write(&options, &mut out)?;
    out.flush()?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let importer = Importer::new(Arc::clone(&service.store), Arc::new(SystemClock), threads, &config.data_dir);
    let mut importer = importer.stored_as(super::privacy::stored_as(&service.privacy, &service.scorer));
    let source = SourceName { name: "demo".into(), host: "proxy.example".into(), format: "squid".into() };
    let started = Instant::now();
    let format = FormatChoice::Given(format::resolve("squid")?);
    importer.file(Content { path: &log, format: &format, source: &source }, |_| ())?;
    importer.summary.took(started.elapsed());
    service.look_for_findings()?;
    describe(&importer.summary, &options, &written, &log)?;
    let code = service.run(listener)?;
    directory.close().context("the temporary directory could not be removed")?;
    Ok(code)
}

fn describe(
    summary: &crate::pipeline::ImportSummary,
    options: &sample::Options,
    written: &sample::Counts,
    log: &std::path::Path,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let rejected: u64 = summary.rejected.values().sum();
    writeln!(
        out,
        "{} lines of sample log ({} bytes): {} stored, {} rejected, {} blank, {} lines/s",
        grouped(written.lines),
        grouped(written.output_bytes),
        grouped(summary.stored),
        grouped(rejected),
        grouped(written.lines.saturating_sub(summary.lines)),
        grouped(summary.lines_per_second as u64),
    )?;
    writeln!(out, "  log       {}", log.display())?;
    writeln!(out, "What is hidden in it:")?;
    for finding in sample::findings(options) {
        writeln!(out, "  {:<15} {} ({} lines)", finding.name, finding.summary, grouped(finding.lines))?;
    }
    writeln!(out)?;
    Ok(())
}
