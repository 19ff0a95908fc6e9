//! The command line: one file per command. The only room that reads the environment, prints, and chooses exit codes:
//! 0 ok, 1 a gate failed, 2 usage or configuration, 3 runtime.

mod db;
mod import;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Reads forward-proxy access logs, stores every line, says what each line is and answers questions about it.
#[derive(Debug, Parser)]
#[command(name = "tidegate", version, max_term_width = 100)]
struct Arguments {
    /// Configuration file [default: config.toml where there is one].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where databases and keys are kept; wins over the configuration's `data_dir`.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read whole log files into the store.
    Import(import::ImportArguments),
    /// Look after the databases.
    #[command(subcommand)]
    Db(db::DbCommand),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let data_dir = arguments.data_dir.clone().unwrap_or_else(|| "tidegate-data".into());
    let done = match &arguments.command {
        Command::Import(import) => import::run(import, &data_dir),
        Command::Db(command) => db::run(command, &data_dir),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            ExitCode::from(3)
        }
    }
}

#[allow(clippy::print_stderr)]
fn report(error: &anyhow::Error) {
    eprintln!("tidegate: {error:#}");
}

/// This machine's name, for rows whose source names none.
fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "localhost".to_owned() } else { name.trim().to_owned() }
}
