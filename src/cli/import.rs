//! `tidegate import`: whole files, globs and standard input into the store.

use crate::archive::is_archive;
use crate::classify;
use crate::config::Config;
use crate::control::ControlDb;
use crate::control::settings::{LOG_RETENTION_DAYS, RETENTION_ROWS_SCHEDULE, Settings};
use crate::doctor::{self, DoctorError};
use crate::format::FormatChoice;
use crate::model::{Clock, DAY_MS, SourceName, SystemClock, Timestamp, grouped};
use crate::pipeline::{Content, ImportSummary, Importer};
use crate::privacy::Privacy;
use crate::source::{Limits, expand};
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// What to import and how.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// Files, globs, or `-` for standard input; plain, or compressed with gzip, zstd, bzip2 or xz. Archives that
    /// `tidegate archive` wrote are known by their content.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format of the lines: a name, a definition as in 'logformat %ts.%03tu %6tr …', or `auto`: found for each file by
    /// its first lines.
    #[arg(long, default_value = FormatChoice::AUTO, value_name = "FORMAT", value_parser = FormatChoice::parse)]
    format: FormatChoice,
    /// The squid.conf that has the log written: it says what its lines look like.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    squid_conf: Option<PathBuf>,
    /// The zone of times that are written without one, as in Europe/Berlin [default: this machine's].
    #[arg(long, value_name = "NAME", value_parser = TimeZone::get)]
    timezone: Option<TimeZone>,
    /// Refuse a compressed file that holds more than so many times its own size.
    #[arg(long, default_value_t = Limits::default().max_ratio, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_ratio: u64,
    /// The machine whose log it is [default: this machine].
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Print one JSON object at the end instead of a summary.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ImportArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let data_dir = &config.data_dir;
    let files = match expand(&arguments.paths) {
        Ok(files) => files,
        Err(faults) => anyhow::bail!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    };
    let formats: Vec<FormatChoice> = files
        .iter()
        .map(|path| chosen(&arguments.format, arguments.squid_conf.as_deref(), path))
        .collect::<Result<_, _>>()?;
    super::make_data_dir(data_dir)?;
    let clock = Arc::new(SystemClock);
    let store = Arc::new(ColumnarStore::open(data_dir, classify::CLASSIFIERS, clock.clone())?);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let control = Arc::new(ControlDb::open(data_dir, clock.clone(), config.settings.clone())?);
    let scorer = super::scorer(config, &control)?;
    let privacy = Arc::new(Privacy::open(data_dir, Arc::clone(&control))?);
    let importer = Importer::new(Arc::clone(&store), clock, threads, data_dir);
    let mut importer = importer
        .stored_as(super::privacy::stored_as(&privacy, &scorer))
        .limits(Limits { max_ratio: arguments.max_ratio, ..Limits::default() })
        .zone(arguments.timezone.clone().unwrap_or_else(TimeZone::system));
    let bar = progress_bar(&files, arguments.json);
    let started = Instant::now();
    let mut before = 0;
    let mut failed: Vec<anyhow::Error> = Vec::new();
    for (path, format) in files.iter().zip(&formats) {
        let source = SourceName {
            name: path.file_name().map_or_else(|| "stdin".into(), |name| name.to_string_lossy().into_owned()),
            host: arguments.host.clone().unwrap_or_else(super::machine_name),
            // What it is read as, the importer finds out.
            format: String::new(),
        };
        let content = Content { path, format, source: &source };
        let progress = |done: crate::pipeline::Progress| {
            bar.set_position(before + done.bytes);
            bar.set_message(format!("{} lines", done.lines));
        };
        let done = if path == Path::new("-") {
            importer.stream(std::io::stdin(), content, progress).map_err(anyhow::Error::from)
        } else if is_archive(path) {
            let length = std::fs::metadata(path).map_or(0, |found| found.len());
            let progress = |done: u64, total: u64| {
                bar.set_position(before + length * done / total.max(1));
                bar.set_message(format!("{done} rows"));
            };
            let imported = super::archive::import(path, &store, (privacy.stored_as(), threads), &progress);
            let counts = imported.map(|(archive, done)| (done.stored, done.skipped_known, archive.bytes()));
            importer.summary.archive(path, counts).map_err(anyhow::Error::from)
        } else {
            importer.file(content, progress).map_err(anyhow::Error::from)
        };
        if let Err(error) = done {
            failed.push(error);
        }
        before += std::fs::metadata(path).map_or(0, |found| found.len());
    }
    bar.finish_and_clear();
    importer.summary.took(started.elapsed());
    let printed = print_summary(&importer.summary, arguments.json).and_then(|()| match arguments.json {
        true => Ok(()),
        false => tell_of_retention(&*store, &control.settings()),
    });
    for error in &failed {
        super::report(error);
    }
    if !failed.is_empty() {
        return Ok(ExitCode::from(3));
    }
    printed.map(|()| ExitCode::SUCCESS)
}

/// How a file's lines are read.
pub(super) fn chosen(given: &FormatChoice, conf: Option<&Path>, path: &Path) -> Result<FormatChoice, DoctorError> {
    let Some(conf) = conf else { return Ok(given.clone()) };
    doctor::log_format(conf, (path != Path::new("-")).then_some(path)).map(FormatChoice::Given)
}

/// A bar for so many bytes on a terminal; none where a program reads along.
pub(super) fn progress_bar(files: &[PathBuf], json: bool) -> ProgressBar {
    let bytes = files.iter().map(|path| std::fs::metadata(path).map_or(0, |found| found.len())).sum();
    let bar = ProgressBar::new(bytes);
    if json || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left, {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn print_summary(summary: &ImportSummary, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    // Of what was known before nothing was looked at.
    let read = summary.files.iter().filter(|file| file.observed.rows > 0);
    let read = read.filter_map(|file| Some((file.format.as_deref()?, &file.observed)));
    let blind_spots = doctor::blind_spots_of_all(read);
    if json {
        let mut summary = serde_json::to_value(summary)?;
        summary["blind_spots"] = serde_json::to_value(&blind_spots)?;
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
        return Ok(());
    }
    let files = match summary.files.len() {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    writeln!(out, "{:>12}  lines in {files}, {} bytes", grouped(summary.lines), grouped(summary.bytes))?;
    writeln!(out, "{:>12}  stored", grouped(summary.stored))?;
    writeln!(out, "{:>12}  skipped, known from an earlier import", grouped(summary.skipped_known))?;
    writeln!(out, "{:>12}  rejected, kept aside", grouped(summary.rejected.values().sum()))?;
    for (reason, lines) in &summary.rejected {
        writeln!(out, "{:>12}    {reason}", grouped(*lines))?;
    }
    // How many files were read as what; most often all as one.
    let mut formats: BTreeMap<&str, u64> = BTreeMap::new();
    for format in summary.files.iter().filter_map(|file| file.format.as_deref()) {
        *formats.entry(format).or_default() += 1;
    }
    for (format, files) in formats {
        writeln!(out, "{:>12}  read as {format}", grouped(files))?;
    }
    writeln!(out, "{:>12}  lines/s ({:.1} s)", grouped(summary.lines_per_second as u64), summary.seconds)?;
    if !blind_spots.is_empty() {
        writeln!(out, "\nWhat these lines can't show:\n")?;
        super::doctor::print_spots(&mut out, &blind_spots.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Says so where a server would soon remove what was just imported.
fn tell_of_retention(store: &dyn EventStore, settings: &Settings) -> anyhow::Result<()> {
    let (days, schedule) = (settings.get(LOG_RETENTION_DAYS), settings.get(RETENTION_ROWS_SCHEDULE));
    let cutoff = Timestamp(SystemClock.now().0.saturating_sub(days.saturating_mul(DAY_MS)));
    let old = store.count_before(cutoff)?;
    if old == 0 || schedule.is_empty() {
        return Ok(());
    }
    writeln!(
        std::io::stdout().lock(),
        "\n{} stored rows are older than {days} days: `tidegate serve` removes them at its next clean-up ({schedule}, UTC).\n\
         To keep them, raise the setting log_retention_days, or set retention_rows_schedule to \"\".",
        grouped(old)
    )?;
    Ok(())
}
