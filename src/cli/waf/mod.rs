//! `tidegate waf`: the rules that lines are scored by, shown, checked and tried, without a database: every category is
//! on, and look-alikes are looked for of well-known names only.

mod cases;
mod eval;
mod explain;
mod lint;
mod list;
mod tally;
mod test;

use crate::config::Config;
use crate::control::settings::{SettingValue, WAF_BLOCK_THRESHOLD};
use crate::scoring::RuleBook;
use anyhow::Context;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub(super) enum WafCommand {
    /// Print the rules, or the text of some.
    List(list::ListArguments),
    /// Look for rules that can't work as they are meant to, or cost much.
    Lint(lint::LintArguments),
    /// Run the hits and near-misses of rules.
    Test(test::TestArguments),
    /// Say what the rules say of a request, and why.
    Explain(explain::ExplainArguments),
    /// Measure how many attacks are detected, and how much else is flagged, on labelled requests.
    Eval(eval::EvalArguments),
}

/// Which rules.
#[derive(Debug, Args)]
struct Rules {
    /// Files, folders or globs of rules, `waf-rules` for those built in; may be given again [default: those configured].
    #[arg(long = "rules", value_name = "PATH")]
    paths: Vec<String>,
}

impl Rules {
    fn load(&self, config: &Config) -> anyhow::Result<RuleBook> {
        let paths = if self.paths.is_empty() { config.waf.rules() } else { self.paths.clone() };
        Ok(RuleBook::load(&paths)?)
    }
}

/// What ended a command.
enum Ended {
    /// Rules, files or arguments can't be used.
    Unusable(anyhow::Error),
    /// Something failed on the way.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Ended {
    fn from(error: anyhow::Error) -> Ended {
        Ended::Unusable(error)
    }
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Ended {
        Ended::Failed(error.into())
    }
}

impl From<serde_json::Error> for Ended {
    fn from(error: serde_json::Error) -> Ended {
        Ended::Failed(error.into())
    }
}

pub(super) fn run(command: &WafCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let done = match command {
        WafCommand::List(arguments) => list::run(arguments, config),
        WafCommand::Lint(arguments) => lint::run(arguments, config),
        WafCommand::Test(arguments) => test::run(arguments, config),
        WafCommand::Explain(arguments) => explain::run(arguments, config),
        WafCommand::Eval(arguments) => eval::run(arguments, config),
    };
    match done {
        Ok(code) => Ok(code),
        Err(Ended::Unusable(error)) => {
            super::report(&error);
            Ok(ExitCode::from(2))
        }
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// The score from which on a request is flagged: as given, else by the configuration.
fn threshold(given: Option<u32>, config: &Config) -> anyhow::Result<u32> {
    let spec = &WAF_BLOCK_THRESHOLD.spec;
    let configured = config.settings.get(spec.name).cloned().unwrap_or_else(|| spec.default());
    let SettingValue::Int(configured) = configured else { anyhow::bail!("{} is no number", spec.name) };
    given.map_or_else(|| u32::try_from(configured).context("the threshold is out of range"), Ok)
}
