//! `tidegate audit`: whether the audit log is what was written, and its retention by hand.

use crate::config::Config;
use crate::control::{Actor, AuditVerdict, ControlDb};
use crate::model::SystemClock;
use crate::model::grouped;
use clap::Subcommand;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check hash and signature of every entry; exit 1 where one was changed, put in or removed.
    Verify {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Remove the oldest entries, behind a signed checkpoint.
    Prune {
        /// Keep this many days.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(30..=3650))]
        days: i64,
    },
}

pub(super) fn run(command: &AuditCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let path = config.data_dir.join(ControlDb::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    let control = ControlDb::open(&config.data_dir, Arc::new(SystemClock), config.settings.clone())?;
    let mut out = std::io::stdout().lock();
    match command {
        AuditCommand::Verify { json } => {
            let verdict = control.verify_audit()?;
            let said = if *json { as_json(&verdict) } else { as_text(&verdict) };
            writeln!(out, "{said}")?;
            Ok(ExitCode::from(u8::from(!verdict.valid())))
        }
        AuditCommand::Prune { days } => {
            let pruned = control.prune_audit(*days, &Actor::system("audit prune"))?;
            match pruned.up_to {
                Some(up_to) => writeln!(out, "removed {} entries, up to entry {}", grouped(pruned.entries), up_to.0)?,
                None => writeln!(out, "nothing to remove")?,
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn as_json(verdict: &AuditVerdict) -> String {
    json!({
        "valid": verdict.valid(),
        "entries": verdict.entries,
        "first_broken_id": verdict.first_broken_id().map(|id| id.0),
        "reason": verdict.first_broken.map(|broken| broken.fault.to_string()),
        "newest_id": verdict.newest.map(|(id, _)| id.0),
        "newest_hash": verdict.newest.map(|(_, hash)| hash.to_string()),
    })
    .to_string()
}

fn as_text(verdict: &AuditVerdict) -> String {
    let entries = grouped(verdict.entries);
    match (verdict.first_broken, verdict.newest) {
        (Some(broken), _) => format!(
            "broken at entry {}: {}\n{entries} entries are there; those before it are as they were written. If every \
             entry is called changed, keys/audit.key was lost or replaced: restore it from a backup",
            broken.id.0, broken.fault
        ),
        (None, Some((id, hash))) => format!(
            "{entries} entries, all as they were written\nnewest: {} {hash}\nNote the newest elsewhere: that finds out \
             a whole older log put back",
            id.0
        ),
        (None, None) => "the audit log is empty".to_owned(),
    }
}
