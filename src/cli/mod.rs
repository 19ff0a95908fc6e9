//! The command line: one file per command. The only room that reads the environment, prints, and chooses exit codes:
//! 0 ok, 1 a gate failed, 2 usage or configuration, 3 runtime.

mod archive;
mod audit;
mod check;
mod completions;
mod db;
mod demo;
mod doctor;
mod health;
mod import;
mod list;
mod privacy;
mod rejects;
mod reload;
mod report;
mod score;
mod serve;
mod sources;
mod sql;
mod supervisor;
mod token;
mod user;
mod waf;
mod watchdog;

use crate::backup::finish_interrupted;
use crate::config::{Config, ConfigFaults};
use crate::control::ControlDb;
use crate::model::SystemClock;
use crate::scoring::{RuleBook, RuleFaults, Scorer};
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

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
    /// Follow the configured logs and serve API and dashboard.
    Serve(serve::ServeArguments),
    /// Read whole log files into the store.
    Import(import::ImportArguments),
    /// Say what a log can't show, and which lines of squid.conf mend it.
    Doctor(doctor::DoctorArguments),
    /// Say how safe the proxy is set up, from settings, squid.conf and traffic; a gate for CI.
    Score(score::ScoreArguments),
    /// Serve sample data from a temporary directory, to look around.
    Demo(demo::DemoArguments),
    /// Write a report on log files or on the database: one page with charts, or text, Markdown, JSON, CSV.
    Report(report::ReportArguments),
    /// Ask about the stored rows in SQL.
    Sql(sql::SqlArguments),
    /// Show the lines that could not be read, and read them again.
    Rejects(rejects::RejectsArguments),
    /// Say what is wrong with the configuration, if anything.
    CheckConfig,
    /// Ask a server that runs how it is doing; exit with 1 where it is not well.
    Health(health::HealthArguments),
    /// Show lists that settings hold, and import them from files.
    #[command(subcommand)]
    List(list::ListCommand),
    /// Look after the databases.
    #[command(subcommand)]
    Db(db::DbCommand),
    /// Write rows into archives, and check those; `import` stores them again.
    #[command(subcommand)]
    Archive(archive::ArchiveCommand),
    /// Check the audit log, or remove its oldest entries.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Make, change and remove accounts; `user reset` mends a lost password.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Make and remove API keys.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Look after pseudonyms.
    #[command(subcommand)]
    Privacy(privacy::PrivacyCommand),
    /// Show, check and try the rules that lines are scored by.
    #[command(subcommand)]
    Waf(waf::WafCommand),
    /// Print what a shell needs to complete commands, for instance `tidegate completions bash`.
    Completions(completions::CompletionsArguments),
    /// Write manual pages.
    #[command(hide = true)]
    Man(completions::ManArguments),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let described = match &arguments.command {
        Command::Completions(shell) => Some(completions::completions(shell, Arguments::command())),
        Command::Man(man) => Some(completions::man(man, Arguments::command())),
        _ => None,
    };
    if let Some(done) = described {
        return exit_code(done);
    }
    let config = match configuration(&arguments) {
        Ok(config) => config,
        Err(error) => {
            report(&error.into());
            return ExitCode::from(2);
        }
    };
    // A restore that was cut off is completed before anybody opens a database.
    if let Err(error) = finish_interrupted(&config.data_dir) {
        report(&error.into());
        return ExitCode::from(3);
    }
    let done = match &arguments.command {
        Command::Serve(serve) => serve::run(serve, &config, reading(&arguments)),
        Command::Import(import) => import::run(import, &config),
        Command::Demo(demo) => demo::run(demo, &config.settings),
        Command::Doctor(doctor) => doctor::run(doctor, &config),
        Command::Score(score) => score::run(score, &config),
        Command::Report(report) => report::run(report, &config),
        Command::Sql(sql) => sql::run(sql, &config),
        Command::Rejects(rejects) => rejects::run(rejects, &config),
        Command::CheckConfig => check::run(&config),
        Command::Health(health) => health::run(health, &config),
        Command::List(command) => list::run(command, &config),
        Command::Db(command) => db::run(command, &config),
        Command::Archive(command) => archive::run(command, &config),
        Command::Audit(command) => audit::run(command, &config),
        Command::User(command) => control(&config).and_then(|control| user::run(command, &control)),
        Command::Token(command) => control(&config).and_then(|control| token::run(command, &control)),
        Command::Privacy(command) => privacy::run(command, &config),
        Command::Waf(command) => waf::run(command, &config),
        // They need no configuration.
        Command::Completions(_) | Command::Man(_) => Ok(ExitCode::SUCCESS),
    };
    exit_code(done)
}

/// What a command's end means for the process; says what failed.
fn exit_code(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        // As in `tidegate doctor | head`: whoever reads has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            // Rules are part of the configuration, in files of their own.
            ExitCode::from(if error.is::<RuleFaults>() { 2 } else { 3 })
        }
    }
}

/// The configuration: the file named, else `config.toml` where there is one, else the defaults.
fn configuration(arguments: &Arguments) -> Result<Config, ConfigFaults> {
    reading(arguments)()
}

/// Reads the configuration again as it was read first. A file that was there must be there again.
fn reading(arguments: &Arguments) -> reload::ReadConfig {
    let usual = Path::new(Config::FILE);
    let file = arguments.config.clone().or_else(|| usual.exists().then(|| usual.to_owned()));
    let data_dir = arguments.data_dir.clone();
    Box::new(move || {
        let mut config = match &file {
            Some(file) => Config::load(file)?,
            None if usual.exists() => Config::load(usual)?,
            None => Config::default(),
        };
        if let Some(data_dir) = &data_dir {
            config.data_dir.clone_from(data_dir);
        }
        Ok(config)
    })
}

/// The control database of a data directory that was served before.
fn control(config: &Config) -> anyhow::Result<ControlDb> {
    let path = config.data_dir.join(ControlDb::FILE);
    anyhow::ensure!(
        path.is_file(),
        "{}: no such database; name its directory with --data-dir, or run `tidegate serve` once",
        path.display()
    );
    Ok(ControlDb::open(&config.data_dir, Arc::new(SystemClock), config.settings.clone())?)
}

/// Makes the data directory, readable for this user alone, where there is none.
fn make_data_dir(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("{}: can't make the data directory; choose another with --data-dir", path.display()))
}

/// What scores rows by the configured rules.
fn scorer(config: &Config, control: &Arc<ControlDb>) -> anyhow::Result<Arc<Scorer>> {
    let book = RuleBook::load(&config.waf.rules())?;
    Ok(Arc::new(Scorer::new(Arc::new(book), Arc::clone(control))))
}

/// A variable of the environment; unset and empty are the same.
#[allow(clippy::disallowed_methods)] // the one place that reads the environment
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether nobody reads standard output any more.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let written = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let kind = written.or_else(|| error.downcast_ref::<serde_json::Error>()?.io_error_kind());
    kind == Some(std::io::ErrorKind::BrokenPipe)
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
