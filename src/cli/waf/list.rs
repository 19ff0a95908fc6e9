//! `tidegate waf list`: the rules, one a line, or the text of some.

use super::{Ended, Rules};
use crate::cli::rejects::printable;
use crate::config::Config;
use crate::scoring::{RuleBook, RuleFacts};
use clap::Args;
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// Which rules to print, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    #[command(flatten)]
    rules: Rules,
    /// Only those of the category.
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// The rules of these ids, with all there is to know of them; may be given again.
    #[arg(long, value_name = "ID")]
    id: Vec<u32>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ListArguments, config: &Config) -> Result<ExitCode, Ended> {
    let book = arguments.rules.load(config)?;
    let rules = chosen(arguments, &book)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", json!({ "rules": rules.iter().map(|rule| as_json(rule)).collect::<Vec<_>>() }))?;
    } else if arguments.id.is_empty() {
        print_table(&mut out, &rules)?;
    } else {
        for (at, rule) in rules.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            print_whole(&mut out, rule)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn chosen<'b>(arguments: &ListArguments, book: &'b RuleBook) -> anyhow::Result<Vec<&'b RuleFacts>> {
    if let Some(name) = &arguments.category {
        let known: Vec<String> = book.categories().into_iter().map(|category| category.name).collect();
        anyhow::ensure!(known.contains(name), "no rule is in the category '{name}'; there are {}", known.join(", "));
    }
    if let Some(id) = arguments.id.iter().find(|id| book.rule(**id).is_none()) {
        anyhow::bail!("there is no rule {id}; tidegate waf list prints all of them");
    }
    let is_asked = |rule: &&RuleFacts| {
        arguments.category.as_ref().is_none_or(|name| *name == rule.category)
            && (arguments.id.is_empty() || arguments.id.contains(&rule.id))
    };
    Ok(book.rules().filter(is_asked).collect())
}

fn as_json(rule: &RuleFacts) -> Value {
    json!({
        "id": rule.id, "message": rule.message, "category": rule.category,
        "severity": rule.severity.map(|severity| severity.name()), "paranoia_level": rule.paranoia_level,
        "techniques": rule.techniques, "tags": rule.tags,
        "file": rule.place.as_ref().map(|place| &*place.file), "line": rule.place.as_ref().map(|place| place.line),
        "fed": rule.left_out.is_none(), "not_fed_because": rule.left_out.as_ref().map(ToString::to_string),
        "source": rule.source,
    })
}

fn severity(rule: &RuleFacts) -> &'static str {
    rule.severity.map_or("-", |severity| severity.name())
}

fn level(rule: &RuleFacts) -> String {
    rule.paranoia_level.map_or_else(|| "-".to_owned(), |level| level.to_string())
}

fn print_table(out: &mut impl Write, rules: &[&RuleFacts]) -> std::io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["id", "severity", "level", "category", "message"]);
    for rule in rules {
        let message = match &rule.left_out {
            None => printable(&rule.message),
            Some(_) => format!("{} (no log feeds it)", printable(&rule.message)).trim_start().to_owned(),
        };
        table.add_row([rule.id.to_string(), severity(rule).to_owned(), level(rule), rule.category.clone(), message]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    writeln!(out, "{}\n", table.trim_fmt())?;
    let unfed = rules.iter().filter(|rule| rule.left_out.is_some()).count();
    let unfed = if unfed == 0 { String::new() } else { format!(", {unfed} of them fed by no log") };
    writeln!(out, "{} rule{}{unfed}", rules.len(), if rules.len() == 1 { "" } else { "s" })
}

fn print_whole(out: &mut impl Write, rule: &RuleFacts) -> std::io::Result<()> {
    writeln!(out, "rule       {}", rule.id)?;
    if !rule.message.is_empty() {
        writeln!(out, "message    {}", printable(&rule.message))?;
    }
    writeln!(out, "category   {}", rule.category)?;
    writeln!(out, "severity   {}", severity(rule))?;
    writeln!(out, "level      {}", level(rule))?;
    if !rule.techniques.is_empty() {
        writeln!(out, "ATT&CK     {}", rule.techniques.join(" "))?;
    }
    if let Some(place) = &rule.place {
        writeln!(out, "stands in  {place}")?;
    }
    if let Some(why) = &rule.left_out {
        writeln!(out, "left out   {why}")?;
    }
    writeln!(out)?;
    rule.source.lines().try_for_each(|line| writeln!(out, "{line}"))
}
