//! `tidegate db`: looking after the databases.

use crate::classify;
use crate::cli::import::grouped;
use crate::model::SystemClock;
use crate::store::columnar::ColumnarStore;
use clap::Subcommand;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with the databases.
#[derive(Debug, Subcommand)]
pub(super) enum DbCommand {
    /// Read everything, check every checksum, and print row count and checksum over all columns; exit 1 on damage.
    Verify {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Fold and join everything now and move the write-ahead log into the database.
    Settle,
}

pub(super) fn run(command: &DbCommand, data_dir: &Path) -> anyhow::Result<ExitCode> {
    let path = data_dir.join(ColumnarStore::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, Arc::new(SystemClock))?;
    match command {
        DbCommand::Settle => {
            store.settle()?;
            Ok(ExitCode::SUCCESS)
        }
        DbCommand::Verify { json } => {
            let found = store.verify()?;
            let mut out = std::io::stdout().lock();
            if *json {
                let object = serde_json::json!({
                    "rows": found.rows,
                    "checksum": format!("{:016x}", found.checksum),
                    "blocks": found.blocks,
                    "damaged": found.damaged,
                });
                writeln!(out, "{object}")?;
            } else {
                writeln!(
                    out,
                    "{} rows in {} blocks, checksum {:016x}",
                    grouped(found.rows),
                    found.blocks,
                    found.checksum
                )?;
                for damage in &found.damaged {
                    writeln!(out, "damaged: {damage}")?;
                }
            }
            Ok(ExitCode::from(u8::from(!found.damaged.is_empty())))
        }
    }
}
