//! `tidegate privacy`: looking after pseudonyms.

use crate::config::Config;
use crate::control::{Actor, ControlDb};
use crate::model::{Storing, SystemClock};
use crate::pipeline::StoredAs;
use crate::privacy::Privacy;
use crate::scoring::Scorer;
use clap::Subcommand;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with pseudonyms.
#[derive(Debug, Subcommand)]
pub(super) enum PrivacyCommand {
    /// Make a new key: every pseudonym is another from now on, also for a server that runs. What old pseudonyms stood
    /// for can't be found out any more.
    RotateKey {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &PrivacyCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let PrivacyCommand::RotateKey { json } = command;
    let path = config.data_dir.join(ControlDb::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    let control = Arc::new(ControlDb::open(&config.data_dir, Arc::new(SystemClock), config.settings.clone())?);
    let privacy = Privacy::open(&config.data_dir, control)?;
    privacy.rotate_key(&Actor::system("privacy"))?;
    let mut out = std::io::stdout().lock();
    if *json {
        writeln!(out, "{}", serde_json::json!({ "rotated": true }))?;
    } else {
        writeln!(out, "Pseudonyms have a new key; those known before lead to nobody any more.")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How the pipeline stores rows: as the settings say at that moment.
pub(super) fn stored_as(privacy: &Arc<Privacy>, scorer: &Arc<Scorer>) -> StoredAs {
    let (privacy, scorer) = (Arc::clone(privacy), Arc::clone(scorer));
    Arc::new(move || Storing { lens: privacy.stored_as(), scorer: scorer.row_scorer() })
}
