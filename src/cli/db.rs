//! `tidegate db`: looking after the databases.

use crate::backup::{self, Manifest, Restoring, Writing};
use crate::classify;
use crate::config::Config;
use crate::control::{Actor, AuditEntry, ControlDb};
use crate::model::grouped;
use crate::model::{Clock, SystemClock};
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with the databases.
#[derive(Debug, Subcommand)]
pub(super) enum DbCommand {
    /// Read everything, check every checksum, and print row count and checksum over all columns; exit 1 on damage.
    Verify {
        /// A backup to check instead.
        #[arg(value_name = "DIR")]
        backup: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Fold and join everything now and move the write-ahead log into the database.
    Settle,
    /// Copy both databases as they are at one moment, while others write, and check the copy; exit 1 where there is damage
    /// that was there before.
    Backup {
        /// A directory that is empty or not there yet.
        #[arg(value_name = "DIR")]
        target: PathBuf,
        /// With keys and certificates: whoever has the backup can then sign in as anybody and undo pseudonyms.
        #[arg(long)]
        with_keys: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Put a backup in the place of the databases; the server must be stopped.
    Restore {
        /// The directory of the backup.
        #[arg(value_name = "DIR")]
        from: PathBuf,
        /// Replace the databases that are there.
        #[arg(long)]
        force: bool,
        /// Leave what is replaced beside it, under names that end in .before-restore.
        #[arg(long)]
        keep_old: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Say what takes the space.
    Stats {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &DbCommand, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        DbCommand::Settle => {
            open(&config.data_dir)?.settle()?;
            Ok(ExitCode::SUCCESS)
        }
        DbCommand::Verify { backup: None, json } => verify(&config.data_dir, *json),
        DbCommand::Verify { backup: Some(backup), json } => verify_backup(backup, *json),
        DbCommand::Backup { target, with_keys, json } => back_up(target, *with_keys, config, *json),
        DbCommand::Restore { from, force, keep_old, json } => restore(from, (*force, *keep_old), config, *json),
        DbCommand::Stats { json } => stats(&config.data_dir, *json),
    }
}

fn open(data_dir: &Path) -> anyhow::Result<ColumnarStore> {
    let path = data_dir.join(ColumnarStore::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    Ok(ColumnarStore::open(data_dir, classify::CLASSIFIERS, Arc::new(SystemClock))?)
}

fn verify(data_dir: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let found = open(data_dir)?.verify()?;
    let mut out = std::io::stdout().lock();
    if as_json {
        let object = json!({
            "rows": found.rows,
            "checksum": format!("{:016x}", found.checksum),
            "blocks": found.blocks,
            "damaged": found.damaged,
        });
        writeln!(out, "{object}")?;
    } else {
        let (rows, checksum) = (grouped(found.rows), found.checksum);
        writeln!(out, "{rows} rows in {} blocks, checksum {checksum:016x}", found.blocks)?;
        for damage in &found.damaged {
            writeln!(out, "damaged: {damage}")?;
        }
    }
    Ok(ExitCode::from(u8::from(!found.damaged.is_empty())))
}

fn verify_backup(dir: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let bar = bar(as_json);
    let found = backup::verify(dir, &|done, total| set(&bar, done, total), &|| false);
    bar.finish_and_clear();
    match found {
        Ok(manifest) => {
            say(&manifest, "whole", as_json)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(fault @ backup::BackupError::Damaged { .. }) => {
            super::report(&fault.into());
            Ok(ExitCode::from(1))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn back_up(target: &Path, with_keys: bool, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let writing = Writing { data_dir: &config.data_dir, target, with_keys, clock: &clock };
    let bar = bar(as_json);
    let written = backup::write(&writing, &|done, total| set(&bar, done, total), &|| false);
    bar.finish_and_clear();
    let manifest = written?;
    // On record where that changes nothing else: a database that an older version still serves is left as it is.
    if manifest.control.schema == ControlDb::SCHEMA {
        let entry = AuditEntry::new("db.backup", "databases").after(on_record(&manifest));
        super::control(config)?.record(&Actor::system("db backup"), &entry)?;
    }
    say(&manifest, "backed up", as_json)?;
    for damage in &manifest.events.damaged {
        super::report(&anyhow::anyhow!("damaged before it was copied: {damage}"));
    }
    Ok(ExitCode::from(u8::from(!manifest.events.damaged.is_empty())))
}

fn restore(from: &Path, (replace, keep_old): (bool, bool), config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    super::make_data_dir(&config.data_dir)?;
    let restoring = Restoring { from, data_dir: &config.data_dir, replace, keep_old };
    let bar = bar(as_json);
    let restored = backup::restore(&restoring, &|done, total| set(&bar, done, total), &|| false);
    bar.finish_and_clear();
    let manifest = restored?;
    let entry = AuditEntry::new("db.restore", "databases").after(on_record(&manifest));
    super::control(config)?.record(&Actor::system("db restore"), &entry)?;
    say(&manifest, "restored", as_json)?;
    Ok(ExitCode::SUCCESS)
}

fn on_record(manifest: &Manifest) -> Value {
    json!({ "of": manifest.created, "rows": manifest.events.rows, "keys": manifest.keys })
}

/// Says what a backup holds, and what was done with it.
fn say(manifest: &Manifest, done: &str, as_json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
        let object = json!({
            "done": done, "of": manifest.created, "bytes": bytes, "keys": manifest.keys, "events": manifest.events,
            "control": manifest.control,
        });
        writeln!(out, "{object}")?;
        return Ok(());
    }
    let rows = manifest.events.rows.map_or_else(|| "rows not counted".to_owned(), |rows| grouped(rows) + " rows");
    let keys = if manifest.keys { "with keys" } else { "without keys" };
    writeln!(
        out,
        "{done}: {rows}, {} accounts, {} audit entries, {keys}, as of {}",
        manifest.control.accounts, manifest.control.audit_entries, manifest.created
    )?;
    Ok(())
}

fn stats(data_dir: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let store = open(data_dir)?;
    let (space, living) = (store.space()?, store.stats()?.totals.measure.outcomes.total());
    let control_bytes = std::fs::metadata(data_dir.join(ControlDb::FILE)).map_or(0, |found| found.len());
    let mut out = std::io::stdout().lock();
    if as_json {
        let dictionaries: serde_json::Map<String, Value> =
            space.dictionaries.iter().map(|(name, entries)| ((*name).to_owned(), json!(entries))).collect();
        let object = json!({
            "rows": living, "stored_rows": space.rows, "blocks": space.blocks, "unfolded_blocks": space.unfolded_blocks,
            "rejects": space.rejects, "checkpoints": space.checkpoints, "dictionaries": dictionaries,
            "bytes": {
                "events": space.file_bytes, "wal": space.wal_bytes, "free": space.free_bytes,
                "columns": space.column_bytes, "rollups": space.rollup_bytes, "control": control_bytes,
            },
        });
        writeln!(out, "{object}")?;
        return Ok(ExitCode::SUCCESS);
    }
    for (number, what) in [
        (living, "rows"),
        (space.rows, "rows in blocks, those included whose space is not given back yet"),
        (space.blocks, "blocks"),
        (space.unfolded_blocks, "blocks whose sums are not folded yet"),
        (space.rejects, "rejected lines kept"),
        (space.checkpoints, "places in contents that were read"),
        (space.file_bytes, "bytes in events.db"),
        (space.column_bytes, "bytes of columns"),
        (space.rollup_bytes, "bytes of sums"),
        (space.free_bytes, "bytes free in it"),
        (space.wal_bytes, "bytes in its write-ahead log"),
        (control_bytes, "bytes in control.db"),
    ] {
        writeln!(out, "{:>16}  {what}", grouped(number))?;
    }
    for (name, entries) in &space.dictionaries {
        writeln!(out, "{:>16}  entries in the dictionary {name}", grouped(*entries))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn bar(hidden: bool) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if hidden || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent}%, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn set(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total);
    bar.set_position(done);
}
