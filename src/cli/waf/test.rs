//! `tidegate waf test`: whether rules hit what they are for, and nothing near it. A case runs through all rules, as a line
//! does.

use super::cases::{self, Case, Cases};
use super::{Ended, Rules};
use crate::cli::rejects::printable;
use crate::config::Config;
use crate::scoring::{Judge, RuleBook};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// What to test.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArguments {
    #[command(flatten)]
    rules: Rules,
    /// The directory of the cases: ID.yaml for each rule.
    #[arg(long, value_name = "DIR", default_value = cases::DIRECTORY)]
    tests: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A case that came out otherwise.
struct Failure {
    rule: u32,
    file: PathBuf,
    /// What was expected, and didn't come.
    what: &'static str,
    /// The request; nothing where there is none.
    url: Option<String>,
}

#[derive(Default)]
struct Outcome {
    rules: usize,
    hits: usize,
    near_misses: usize,
    /// Rules with cases that are not loaded.
    not_loaded: Vec<u32>,
    failures: Vec<Failure>,
}

pub(super) fn run(arguments: &TestArguments, config: &Config) -> Result<ExitCode, Ended> {
    let book = arguments.rules.load(config)?;
    let outcome = test(&book, cases::read(&arguments.tests)?);
    if outcome.rules == 0 {
        let shown = arguments.tests.display();
        return Err(anyhow::anyhow!("{shown}: has no cases of the rules; name their directory with --tests").into());
    }
    let mut out = std::io::stdout().lock();
    let untested = book.rules().len() - outcome.rules;
    let Outcome { rules, hits, near_misses, not_loaded, failures } = &outcome;
    if arguments.json {
        let failures: Vec<_> = failures
            .iter()
            .map(|failure| json!({ "rule": failure.rule, "file": failure.file, "what": failure.what, "url": failure.url }))
            .collect();
        let said = json!({
            "rules": rules, "hits": hits, "near_misses": near_misses, "untested": untested, "not_loaded": not_loaded,
            "failures": failures,
        });
        writeln!(out, "{said}")?;
    } else {
        for Failure { rule, file, what, url } in failures {
            let url = url.as_deref().map(|url| format!(": {}", printable(url))).unwrap_or_default();
            writeln!(out, "{}: rule {rule} {what}{url}", printable(&file.display().to_string()))?;
        }
        for (count, what) in [
            (*rules, "rules"),
            (*hits, "hits"),
            (*near_misses, "near-misses"),
            (failures.len(), "failed"),
            (untested, "rules without cases"),
            (not_loaded.len(), "rules with cases that are not loaded"),
        ] {
            if count > 0 || what == "failed" {
                writeln!(out, "{:>12}  {what}", crate::model::grouped(count as u64))?;
            }
        }
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}

fn test(book: &RuleBook, all: Vec<(PathBuf, Cases)>) -> Outcome {
    let (mut judge, mut outcome) = (Judge::new(book), Outcome::default());
    for (file, Cases { id, hits, near_misses }) in all {
        if book.rule(id).is_none() {
            outcome.not_loaded.push(id);
            continue;
        }
        outcome.rules += 1;
        outcome.hits += hits.len();
        outcome.near_misses += near_misses.len();
        let failed =
            |what, case: Option<Case>| Failure { rule: id, file: file.clone(), what, url: case.map(|case| case.url) };
        for (is_empty, what) in [(hits.is_empty(), "has no hit"), (near_misses.is_empty(), "has no near-miss")] {
            if is_empty {
                outcome.failures.push(failed(what, None));
            }
        }
        let mut is_hit = |case: &Case| {
            judge.score(&case.asked());
            judge.points().any(|(matched, _)| matched == id)
        };
        for case in hits {
            if !is_hit(&case) {
                outcome.failures.push(failed("misses its hit", Some(case)));
            }
        }
        for case in near_misses {
            if is_hit(&case) {
                outcome.failures.push(failed("hits its near-miss", Some(case)));
            }
        }
    }
    outcome
}
