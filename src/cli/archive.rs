//! `tidegate archive`: rows as files that stand for themselves. They are stored again with `tidegate import`.

use crate::archive::{self, Archive, ArchiveError, Folder, Imported, Manifest, Masking, Storing, Writing};
use crate::classify;
use crate::config::Config;
use crate::control::Actor;
use crate::control::settings::LOG_RETENTION_DAYS;
use crate::model::grouped;
use crate::model::{Clock, DAY_MS, Lens, SystemClock, Timestamp};
use crate::privacy::Privacy;
use crate::store::columnar::ColumnarStore;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with archives.
#[derive(Debug, Subcommand)]
pub(super) enum ArchiveCommand {
    /// Show the archives of the data directory; exit 1 where one can't be read.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Read archives to their end, check every sum and every row; exit 1 on damage.
    Verify {
        /// Names of archives of the data directory, or paths of others [default: all of the data directory].
        archives: Vec<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Write the rows before an instant that are in no archive yet into a new one. Rows stay in the store.
    Write {
        /// The instant: a span before now as in 30d, or a time [default: as long ago as the setting `log_retention_days`].
        #[arg(long, value_name = "WHEN")]
        before: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &ArchiveCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let folder = Folder::of(&config.data_dir);
    match command {
        ArchiveCommand::List { json } => list(&folder, *json),
        ArchiveCommand::Verify { archives, json } => verify(&folder, archives, *json),
        ArchiveCommand::Write { before, json } => write(&folder, before.as_deref(), config, *json),
    }
}

fn list(folder: &Folder, as_json: bool) -> anyhow::Result<ExitCode> {
    let listed = folder.list()?;
    let mut out = std::io::stdout().lock();
    let is_whole = listed.iter().all(|archive| archive.manifest.is_ok());
    if as_json {
        let archives = listed.iter().map(|archive| match &archive.manifest {
            Ok(manifest) => facts(&archive.name, archive.bytes, manifest),
            Err(fault) => json!({ "name": archive.name, "bytes": archive.bytes, "error": fault }),
        });
        writeln!(out, "{}", json!({ "archives": archives.collect::<Vec<_>>() }))?;
        return Ok(ExitCode::from(u8::from(!is_whole)));
    }
    if listed.is_empty() {
        writeln!(out, "no archives in {}", folder.path().display())?;
    }
    for archive in &listed {
        match &archive.manifest {
            Ok(manifest) => writeln!(
                out,
                "{}  {} rows, {} to {}, masking {}, {} bytes",
                archive.name,
                grouped(manifest.rows),
                manifest.first_event,
                manifest.last_event,
                manifest.masking.applied,
                grouped(archive.bytes)
            )?,
            Err(fault) => writeln!(out, "{}  {fault}", archive.name)?,
        }
    }
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// What is to be known of an archive, without its parts.
fn facts(name: &str, bytes: u64, manifest: &Manifest) -> Value {
    json!({
        "name": name, "bytes": bytes, "id": manifest.id, "created": manifest.created, "rows": manifest.rows,
        "first_event": manifest.first_event, "last_event": manifest.last_event, "before": manifest.before,
        "masking": manifest.masking.applied, "unreadable_rows": manifest.unreadable_rows,
        "erased_rows": manifest.erased_rows,
    })
}

fn verify(folder: &Folder, archives: &[PathBuf], as_json: bool) -> anyhow::Result<ExitCode> {
    let paths = match archives {
        [] => folder.list()?.iter().map(|archive| folder.path_of(&archive.name)).collect::<Result<_, _>>()?,
        given => given.iter().map(|path| path_of(folder, path)).collect::<Vec<_>>(),
    };
    let mut out = std::io::stdout().lock();
    let mut found = Vec::new();
    let mut is_whole = true;
    for path in &paths {
        let name = path.display().to_string();
        let read = Archive::open(path).and_then(|archive| {
            let bar = bar(as_json);
            archive.verify(&|done, total| set(&bar, done, total), &|| false)
        });
        is_whole &= read.is_ok();
        found.push(match &read {
            Ok(rows) => json!({ "path": name, "rows": rows }),
            Err(fault) => json!({ "path": name, "error": fault.to_string() }),
        });
        if !as_json {
            match &read {
                Ok(rows) => writeln!(out, "{name}: {} rows, all as they were written", grouped(*rows))?,
                Err(fault) => writeln!(out, "{fault}")?,
            }
        }
    }
    if as_json {
        writeln!(out, "{}", json!({ "valid": is_whole, "archives": found }))?;
    }
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// An archive by its name in the data directory, or by its path.
fn path_of(folder: &Folder, given: &Path) -> PathBuf {
    let named = given.to_str().and_then(|name| folder.path_of(name).ok());
    named.unwrap_or_else(|| given.to_owned())
}

fn write(folder: &Folder, before: Option<&str>, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let control = Arc::new(super::control(config)?);
    let clock = SystemClock;
    let now = clock.now();
    let before = match before {
        Some(text) => Timestamp::parse(text, now)?,
        None => Timestamp(now.0.saturating_sub(control.settings().get(LOG_RETENTION_DAYS) * DAY_MS)),
    };
    let store = ColumnarStore::open(&config.data_dir, classify::CLASSIFIERS, Arc::new(clock))?;
    let rules = super::scorer(config, &control)?.book().version();
    let (name, lens, pseudonym_key) = Privacy::open(&config.data_dir, Arc::clone(&control))?.archived_as();
    let writing = Writing { before, masking: Masking { name, lens, pseudonym_key }, rules, clock: &clock };
    let actor = Actor::system("archive write");
    let details = json!({ "before": before.to_rfc3339(), "masking": name });
    let intent = control.intent(&actor, "archive.write", "events", Some(details))?;
    let bar = bar(as_json);
    let written = archive::write(&store, folder, &writing, &|done, total| set(&bar, done, total), &|| false);
    bar.finish_and_clear();
    let written = match written {
        Ok(written) => written,
        Err(fault) => {
            control.fail(intent, "the archive could not be written")?;
            return Err(fault.into());
        }
    };
    let archive = written.archive.as_ref();
    let rows = archive.map_or(0, |archive| archive.manifest.rows);
    let file = archive.map(Archive::name);
    control.complete(intent, Some(json!({ "archive": file, "rows": rows })))?;
    let mut out = std::io::stdout().lock();
    if as_json {
        let facts = archive.map(|archive| facts(&archive.name(), archive.bytes(), &archive.manifest));
        let unreadable = written.unreadable_rows;
        writeln!(out, "{}", json!({ "archive": facts, "rows": rows, "unreadable_rows": unreadable }))?;
    } else if let Some(archive) = archive {
        writeln!(out, "{}: {} rows", archive.path().display(), grouped(rows))?;
    } else {
        writeln!(out, "no rows before {} that are in no archive", before.to_rfc3339())?;
    }
    if written.unreadable_rows > 0 {
        super::report(&anyhow::anyhow!(
            "{} rows lie in damaged blocks and are in no archive; `tidegate db verify` names them",
            grouped(written.unreadable_rows)
        ));
    }
    Ok(ExitCode::from(u8::from(written.unreadable_rows > 0)))
}

/// Stores the rows of an archive again; answers its format for people, and what became of the rows.
pub(super) fn import(
    path: &Path,
    store: &ColumnarStore,
    (lens, threads): (Lens, usize),
    progress: &dyn Fn(u64, u64),
) -> Result<(Archive, Imported), ArchiveError> {
    let archive = Archive::open(path)?;
    let storing = Storing { lens, threads, clock: &SystemClock };
    let done = archive::import(&archive, store, storing, progress, &|| false)?;
    Ok((archive, done))
}

fn bar(hidden: bool) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if hidden || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} rows, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn set(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total);
    bar.set_position(done);
}
