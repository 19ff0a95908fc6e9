//! `tidegate report`: what is worth knowing of logs, or of a window of the database, on one page. Logs are imported into a
//! temporary directory and asked what a database is asked; nothing of them stays.

use super::doctor::sources;
use super::import::{chosen, progress_bar};
use crate::archive::is_archive;
use crate::classify;
use crate::config::Config;
use crate::control::ControlDb;
use crate::control::settings::{GDPR_MODE, GDPR_STORE_PSEUDONYMISED};
use crate::doctor;
use crate::format::FormatChoice;
use crate::jobs::{Surveyed, distinct, survey};
use crate::model::{Clock, Lens, RejectReason, SourceName, Storing, SystemClock, TimeRange, Timestamp};
use crate::pipeline::{Content, FileSummary, ImportSummary, Importer};
use crate::privacy::Privacy;
use crate::report::{FORMATS, FileRead, Format, Read, Rejected, Report, Shown, format, format_of_ending};
use crate::scoring::Scorer;
use crate::source::{Limits, expand};
use crate::store::columnar::ColumnarStore;
use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tempfile::TempDir;

/// What to report on, and how.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct ReportArguments {
    /// Files, globs, or `-` for standard input; plain, or compressed with gzip, zstd, bzip2 or xz; archives too.
    #[arg(value_name = "PATH", required_unless_present = "from_db", conflicts_with = "from_db")]
    paths: Vec<PathBuf>,
    /// Report on the database in the data directory instead, also beside a server that runs.
    #[arg(long)]
    from_db: bool,
    /// Where to write the report; its ending says in which format [default: standard output, as text].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format of the report, whatever FILE ends with.
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    format: Option<String>,
    /// The start of the window: `2026-01-31`, `2026-01-31 12:00:00` (UTC), RFC 3339, or a span back from now as in 24h.
    /// Windows are widened to whole hours.
    #[arg(long, value_name = "TIME", conflicts_with = "last", value_parser = instant)]
    from: Option<Timestamp>,
    /// The end of the window, not included.
    #[arg(long, value_name = "TIME", conflicts_with = "last", value_parser = instant)]
    to: Option<Timestamp>,
    /// The last hours or days, up to now, as in 24h or 7d.
    #[arg(long, value_name = "SPAN", value_parser = instant)]
    last: Option<Timestamp>,
    /// How many rows tables have at most.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// Hide people, by the levels that the settings have: pseudonyms unless told otherwise.
    #[arg(long, conflicts_with = "no_mask")]
    mask: bool,
    /// Show people though gdpr_mode is on; of files only, which whoever reads them sees anyway.
    #[arg(long, conflicts_with = "from_db")]
    no_mask: bool,
    /// The format of the files' lines, as `tidegate import --format` takes it.
    #[arg(long, default_value = FormatChoice::AUTO, value_name = "FORMAT", value_parser = FormatChoice::parse)]
    format_in: FormatChoice,
    /// The squid.conf that has the log written: it says what its lines look like.
    #[arg(long, value_name = "FILE", conflicts_with = "format_in")]
    squid_conf: Option<PathBuf>,
    /// The zone of times in the files that are written without one, as in Europe/Berlin [default: this machine's].
    #[arg(long, value_name = "NAME", value_parser = TimeZone::get)]
    timezone: Option<TimeZone>,
    /// Refuse a compressed file that holds more than so many times its own size.
    #[arg(long, default_value_t = Limits::default().max_ratio, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_ratio: u64,
}

const EXAMPLES: &str = "Examples:
  tidegate report /var/log/squid/access.log* -o report.html
  zcat access.log.gz | tidegate report - --format md
  tidegate report --from-db --last 7d -o week.html
  tidegate report access.log --mask -o to-show-around.html";

fn instant(text: &str) -> Result<Timestamp, crate::model::TimeError> {
    Timestamp::parse(text, SystemClock.now())
}

pub(super) fn run(arguments: &ReportArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let format = match output_format(arguments) {
        Ok(format) => format,
        Err(fault) => {
            super::report(&fault);
            return Ok(ExitCode::from(2));
        }
    };
    let (report, failed) = match arguments.from_db {
        true => (of_database(arguments, config)?, Vec::new()),
        false => of_files(arguments, config)?,
    };
    match &arguments.output {
        Some(path) => {
            let mut out = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
            (format.write)(&report, &mut out).and_then(|()| out.flush()).with_context(|| path.display().to_string())?;
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            (format.write)(&report, &mut out)?;
            out.flush()?;
        }
    }
    failed.iter().for_each(super::report);
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// The format that is named, else that of the file's ending, else text.
fn output_format(arguments: &ReportArguments) -> anyhow::Result<&'static Format> {
    let names = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let named = match (&arguments.format, &arguments.output) {
        (Some(name), _) => format(name),
        (None, Some(path)) => path.extension().and_then(|ending| format_of_ending(ending.to_str()?)),
        (None, None) => format("text"),
    };
    named.with_context(|| {
        let path = arguments.output.as_deref().unwrap_or(Path::new("-")).display();
        format!("{path}: its ending names no format of reports; name one with --format: {}", names())
    })
}

fn range(arguments: &ReportArguments) -> anyhow::Result<TimeRange> {
    let from = arguments.from.or(arguments.last).unwrap_or(TimeRange::ALL.from);
    let until = match arguments.last {
        Some(_) => SystemClock.now(),
        None => arguments.to.unwrap_or(TimeRange::ALL.until),
    };
    anyhow::ensure!(from < until, "the window is empty: its start must be before its end");
    Ok(TimeRange { from, until })
}

fn of_database(arguments: &ReportArguments, config: &Config) -> anyhow::Result<Report> {
    let data_dir = &config.data_dir;
    let path = data_dir.join(ColumnarStore::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    let clock = Arc::new(SystemClock);
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, clock.clone())?;
    let control = Arc::new(ControlDb::open(data_dir, clock.clone(), config.settings.clone())?);
    let scorer = super::scorer(config, &control)?;
    let privacy = Privacy::open(data_dir, Arc::clone(&control))?;
    let diagnoses = match config.sources.is_empty() {
        false => sources(config).ok(),
        true => config.squid_conf().and_then(|conf| doctor::diagnose(conf, None).ok()),
    };
    let settings = control.settings();
    let is_masked = arguments.mask || settings.get(GDPR_MODE) || settings.get(GDPR_STORE_PSEUDONYMISED);
    let surveyed = Surveyed {
        settings: &settings,
        lens: if is_masked { privacy.masked() } else { Lens::PLAIN },
        range: range(arguments)?,
        top: arguments.top.into(),
        now: clock.now(),
        read: Read { from: "database", ..Read::default() },
        look: false,
        blind_spots: diagnoses.map(distinct),
    };
    Ok(survey(&store, &scorer, surveyed)?)
}

/// The report, and what could not be read.
fn of_files(arguments: &ReportArguments, config: &Config) -> anyhow::Result<(Report, Vec<anyhow::Error>)> {
    let range = range(arguments)?;
    let files = match expand(&arguments.paths) {
        Ok(files) => files,
        Err(faults) => anyhow::bail!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    };
    if let Some(output) = arguments.output.as_deref().filter(|output| files.iter().any(|file| is_same(file, output))) {
        anyhow::bail!("{}: it is read, and so is not where the report can be written", output.display());
    }
    let conf = arguments.squid_conf.as_deref();
    let formats: Vec<FormatChoice> =
        files.iter().map(|path| chosen(&arguments.format_in, conf, path)).collect::<Result<_, _>>()?;
    let scratch = Scratch::new()?;
    let directory = scratch.path();
    let clock = Arc::new(SystemClock);
    // The settings and the key of an installation, where there is one that this user may read.
    let home = if config.data_dir.join(ControlDb::FILE).is_file() { config.data_dir.as_path() } else { directory };
    let control = Arc::new(ControlDb::open(home, clock.clone(), config.settings.clone())?);
    let privacy = Privacy::open(home, Arc::clone(&control))?;
    let scorer = super::scorer(config, &control)?;
    let settings = control.settings();
    let by_settings = settings.get(GDPR_MODE) || settings.get(GDPR_STORE_PSEUDONYMISED);
    let masked = arguments.mask || by_settings && !arguments.no_mask;
    let store = Arc::new(ColumnarStore::open(directory, classify::CLASSIFIERS, clock.clone())?);
    let (summary, failed) = import(arguments, (&files, &formats), &store, &scorer, directory)?;
    // Of what was known before nothing was looked at.
    let observed = summary.files.iter().filter(|file| file.observed.rows > 0);
    let observed = observed.filter_map(|file| Some((file.format.as_deref()?, &file.observed)));
    let surveyed = Surveyed {
        settings: &settings,
        lens: if masked { privacy.masked() } else { Lens::PLAIN },
        range,
        top: arguments.top.into(),
        now: clock.now(),
        blind_spots: Some(doctor::blind_spots_of_all(observed)),
        look: true,
        read: what_was_read(&summary),
    };
    let report = survey(&*store, &scorer, surveyed)?;
    drop(store);
    scratch.close()?;
    Ok((report, failed))
}

/// Whether two names mean the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| std::fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    let found = file(one);
    found.is_some() && found == file(other)
}

/// Reads the files into the store, as they are: the report alone is masked, and the store goes when it is made.
fn import(
    arguments: &ReportArguments,
    (files, formats): (&[PathBuf], &[FormatChoice]),
    store: &Arc<ColumnarStore>,
    scorer: &Arc<Scorer>,
    directory: &Path,
) -> anyhow::Result<(ImportSummary, Vec<anyhow::Error>)> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let scoring = Arc::clone(scorer);
    let mut importer = Importer::new(Arc::clone(store), Arc::new(SystemClock), threads, directory)
        .stored_as(Arc::new(move || Storing { lens: Lens::PLAIN, scorer: scoring.row_scorer() }))
        .limits(Limits { max_ratio: arguments.max_ratio, ..Limits::default() })
        .zone(arguments.timezone.clone().unwrap_or_else(TimeZone::system));
    let bar = progress_bar(files, false);
    let (mut before, mut failed) = (0, Vec::new());
    for (path, format) in files.iter().zip(formats) {
        let name = path.file_name().map_or_else(|| "stdin".into(), |name| name.to_string_lossy().into_owned());
        let source = SourceName { name, host: super::machine_name(), format: String::new() };
        let content = Content { path, format, source: &source };
        let progress = |done: crate::pipeline::Progress| {
            bar.set_position(before + done.bytes);
            bar.set_message(format!("{} lines", done.lines));
        };
        let done = if path == Path::new("-") {
            importer.stream(std::io::stdin(), content, progress).map_err(anyhow::Error::from)
        } else if is_archive(path) {
            let imported = super::archive::import(path, store, (Lens::PLAIN, threads), &|_, _| ());
            let counts = imported.map(|(archive, done)| (done.stored, done.skipped_known, archive.bytes()));
            importer.summary.archive(path, counts).map_err(anyhow::Error::from)
        } else {
            importer.file(content, progress).map_err(anyhow::Error::from)
        };
        failed.extend(done.err());
        before += std::fs::metadata(path).map_or(0, |found| found.len());
    }
    bar.finish_and_clear();
    Ok((importer.summary, failed))
}

fn what_was_read(summary: &ImportSummary) -> Read {
    let rejected = |(name, lines): (&String, &u64)| {
        let reason = RejectReason::parse(name)?;
        Some(Rejected { reason: reason.name(), lines: *lines })
    };
    let file = |file: &FileSummary| FileRead {
        path: Shown::of(&file.path),
        format: file.format.as_deref().map(Shown::of),
        compression: file.compression,
        lines: file.counts.lines,
        stored: file.counts.stored,
        rejected: file.counts.rejected.values().sum(),
        error: file.error.as_deref().map(Shown::of),
    };
    Read {
        from: "files",
        lines: Some(summary.lines),
        stored: summary.stored,
        rejected: summary.rejected.iter().filter_map(rejected).collect(),
        repeated: Some(summary.skipped_known),
        files: summary.files.iter().map(file).collect(),
        sources: Vec::new(),
    }
}

/// A temporary directory for this user alone, which also goes when the process is told to end.
struct Scratch(TempDir);

impl Scratch {
    fn new() -> anyhow::Result<Scratch> {
        let directory = tempfile::Builder::new().prefix("tidegate-report-").tempdir()?;
        let path = directory.path().to_owned();
        let told = super::serve::told_to_end;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                match told() {
                    Ok(told) => told.await,
                    // It then ends at once, and leaves the directory.
                    Err(_) => std::future::pending().await,
                }
            });
            // What is written meanwhile may come in between.
            let _ = (0..10).find(|_| std::fs::remove_dir_all(&path).is_ok());
            std::process::exit(130);
        })?;
        Ok(Scratch(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn close(self) -> anyhow::Result<()> {
        self.0.close().context("the temporary directory could not be removed")
    }
}
