//! `tidegate waf explain`: what the rules say of a request, and how they come to it.

use super::cases::usual_method;
use super::{Ended, Rules};
use crate::api::{MatchedRule, matched};
use crate::cli::rejects::printable;
use crate::config::Config;
use crate::scoring::{Asked, Judge};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;

/// Whose verdict to explain.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArguments {
    #[command(flatten)]
    rules: Rules,
    /// The whole target: 'http://host/path?query', of CONNECT host:port.
    #[arg(value_name = "URL")]
    url: String,
    /// The method [default: GET, for host:port CONNECT].
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// The User-Agent header; empty: the request had none [default: as in a log that doesn't have it].
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
    /// The Referer header, likewise.
    #[arg(long, value_name = "TEXT")]
    referer: Option<String>,
    /// The score from which on a request is flagged [default: as configured].
    #[arg(long, value_name = "N")]
    threshold: Option<u32>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ExplainArguments, config: &Config) -> Result<ExitCode, Ended> {
    let book = arguments.rules.load(config)?;
    let threshold = super::threshold(arguments.threshold, config)?;
    let asked = Asked {
        method: arguments.method.as_deref().unwrap_or_else(|| usual_method(&arguments.url)).as_bytes(),
        url: arguments.url.as_bytes(),
        client: None,
        user_agent: arguments.user_agent.as_deref().map(str::as_bytes),
        referer: arguments.referer.as_deref().map(str::as_bytes),
    };
    let explanation = Judge::new(&book).explain(&asked);
    let (score, severity) = (explanation.verdict.score, explanation.verdict.severity);
    let (rules, flagged) = (matched(&book, explanation), score >= threshold);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let said = json!({
            "score": score, "severity": severity.map(|severity| severity.name()), "flagged": flagged,
            "threshold": threshold, "rules_run": book.applied(), "matched_rules": rules,
        });
        writeln!(out, "{said}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let flagged = if flagged { "flagged" } else { "not flagged" };
    writeln!(out, "score      {score}, {flagged}: the threshold is {threshold}")?;
    match rules.len() {
        0 => writeln!(out, "matched    none of {} rules", book.applied())?,
        count => writeln!(out, "matched    {count} of {} rules", book.applied())?,
    }
    for rule in &rules {
        writeln!(out)?;
        print(&mut out, rule)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, rule: &MatchedRule) -> std::io::Result<()> {
    writeln!(out, "{:<11}{}", rule.id, printable(rule.message.as_deref().unwrap_or_default()))?;
    let points = format!("{} point{}", rule.points, if rule.points == 1 { "" } else { "s" });
    let words = [rule.severity.unwrap_or("no severity").to_lowercase(), rule.category.clone().unwrap_or_default()];
    let words: Vec<_> = words.into_iter().chain(rule.techniques.iter().cloned()).collect();
    writeln!(out, "  scores   {points}: {}", printable(&words.join(", ")))?;
    if let Some(location) = &rule.location {
        writeln!(out, "  in       {}", printable(location))?;
    }
    if let Some(fragment) = rule.fragment.as_ref().filter(|fragment| !fragment.is_empty()) {
        writeln!(out, "  found    {}", printable(fragment))?;
    }
    let width = rule.steps.iter().filter_map(|step| step.transformation).map(str::len).max().unwrap_or(0);
    for (at, step) in rule.steps.iter().enumerate() {
        let label = if at == 0 { "value" } else { "" };
        let by = step.transformation.unwrap_or_default();
        let gap = if width == 0 { "" } else { "  " };
        writeln!(out, "  {label:<7}  {by:<width$}{gap}{}", printable(&step.value))?;
    }
    if let (Some(file), Some(line)) = (&rule.file, rule.line) {
        writeln!(out, "  rule     {}:{line}", printable(file))?;
    }
    Ok(())
}
