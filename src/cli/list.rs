//! `tidegate list`: the lists of settings, shown and imported from files. A running server sees the change by itself.

use crate::config::Config;
use crate::control::settings::{ImportMode, ListImport, SettingSpec, SettingValue, lists};
use crate::control::{Actor, ControlDb};
use crate::model::SystemClock;
use crate::model::grouped;
use anyhow::Context;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with lists.
#[derive(Debug, Subcommand)]
pub(super) enum ListCommand {
    /// Print a list, one entry a line.
    Show {
        /// The list.
        #[arg(value_name = "NAME", value_parser = list_names())]
        name: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Take entries from a file: one a line, or in the format of /etc/hosts.
    Import(ListImportArguments),
}

/// What to import and how.
#[derive(Debug, Args)]
pub(super) struct ListImportArguments {
    /// The list.
    #[arg(value_name = "NAME", value_parser = list_names())]
    name: String,
    /// The file, or `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Remove the entries that the file doesn't have.
    #[arg(long)]
    replace: bool,
    /// Leave the list as it is, and exit 1, when a line is bad.
    #[arg(long)]
    strict: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn list_names() -> PossibleValuesParser {
    lists().map(|spec| spec.name).collect::<Vec<_>>().into()
}

pub(super) fn run(command: &ListCommand, config: &Config) -> anyhow::Result<ExitCode> {
    super::make_data_dir(&config.data_dir)?;
    let control = ControlDb::open(&config.data_dir, Arc::new(SystemClock), config.settings.clone())?;
    match command {
        ListCommand::Show { name, json } => show(&control, name, *json),
        ListCommand::Import(arguments) => import(&control, arguments),
    }
}

fn spec(name: &str) -> anyhow::Result<&'static SettingSpec> {
    lists().find(|spec| spec.name == name).context("the arguments were checked against the known lists")
}

fn show(control: &ControlDb, name: &str, json: bool) -> anyhow::Result<ExitCode> {
    let (spec, settings) = (spec(name)?, control.settings());
    let SettingValue::List(list) = settings.value(spec) else { anyhow::bail!("{name} is no list") };
    let mut out = std::io::stdout().lock();
    if json {
        let source = settings.source(spec).name();
        let entries: Vec<_> = list.texts().collect();
        writeln!(out, "{}", serde_json::json!({ "name": name, "source": source, "entries": entries }))?;
    } else {
        for entry in list.texts() {
            writeln!(out, "{entry}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn import(control: &ControlDb, arguments: &ListImportArguments) -> anyhow::Result<ExitCode> {
    let bytes = read(&arguments.file)?;
    let mode = if arguments.replace { ImportMode::Replace } else { ImportMode::Append };
    let actor = Actor::system("list import");
    let report = control.import_list(&arguments.name, &bytes, mode, arguments.strict, &actor)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
    } else {
        print(&mut out, &report)?;
    }
    Ok(ExitCode::from(u8::from(!report.imported)))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("standard input can't be read")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("{}: can't be read; name a readable file", path.display()))
}

fn print(out: &mut impl Write, report: &ListImport) -> std::io::Result<()> {
    for bad in &report.bad {
        writeln!(out, "line {}: '{}' {}", bad.line, bad.text, bad.reason)?;
    }
    for (count, what) in [
        (report.bad_count, "bad lines"),
        (report.added, "added"),
        (report.renamed, "renamed"),
        (report.already_there, "already there"),
        (report.removed, "removed"),
        (report.total, "in the list now"),
    ] {
        writeln!(out, "{:>12}  {what}", grouped(count as u64))?;
    }
    if !report.imported {
        writeln!(out, "nothing was imported, since lines are bad")?;
    }
    Ok(())
}
