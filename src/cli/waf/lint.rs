//! `tidegate waf lint`: rules that can't work as they are meant to, or cost much. Faults that keep rules from being loaded
//! (a pattern that isn't one, an id that is there twice) come before it.
//!
//! What a rule costs is not timed, so that two runs say the same: it is estimated by how often a URL is to be expected to
//! have its literals and the bytes and lengths that it needs, by whether its pattern can be run in linear time, and by
//! its size once compiled.

use super::{Ended, Rules, cases};
use crate::config::Config;
use crate::model::grouped;
use crate::scoring::{OTHER, RuleBook, RuleFacts};
use crate::waf::operators::rx::Pattern;
use crate::waf::seclang::{Condition, Link, Modifier, Place, RemarkKind, Rule};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A rule that is asked about more than one URL of so many is asked too often.
const RARE_ENOUGH: f64 = 8.0;
/// A compiled pattern that takes more than this, in bytes, is large.
const LARGE_BYTES: usize = 1 << 20;

/// What to look for.
#[derive(Debug, Args)]
pub(in crate::cli) struct LintArguments {
    #[command(flatten)]
    rules: Rules,
    /// The directory of the rules' cases [default: tests/waf-rules where there is one].
    #[arg(long, value_name = "DIR")]
    tests: Option<PathBuf>,
    /// Look for this alone; may be given again.
    #[arg(long, value_name = "KIND", value_enum)]
    only: Vec<Kind>,
    /// Exit 1 where something is found.
    #[arg(long)]
    strict: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What may be found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, ValueEnum)]
enum Kind {
    /// Rules that ask what an earlier one asks.
    Shadowed,
    /// Directives about rules that are not there.
    Unmet,
    /// Rules that no line of a log can hit.
    Unfed,
    /// Rules that are asked about every line.
    Ungated,
    /// Rules that cost much.
    Slow,
    /// Rules without a severity, a category or a paranoia level.
    Untagged,
    /// Rules without hits and near-misses, in folders where others have some.
    Untested,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Shadowed => "shadowed",
            Kind::Unmet => "unmet",
            Kind::Unfed => "unfed",
            Kind::Ungated => "ungated",
            Kind::Slow => "slow",
            Kind::Untagged => "untagged",
            Kind::Untested => "untested",
        }
    }

    fn mend(self) -> &'static str {
        match self {
            Kind::Shadowed => "remove one of the two",
            Kind::Unmet => "correct the id, tag or message, or remove the directive",
            Kind::Unfed => "leave them out, or don't mind",
            Kind::Ungated => "give a pattern a text that it needs, or put a link with one first",
            Kind::Slow => "have patterns need a longer or rarer text, without look-around or large repetitions",
            Kind::Untagged => "add severity:…, tag:'category/…', tag:'paranoia-level/…'",
            Kind::Untested => "write ID.yaml for each",
        }
    }
}

struct Finding {
    kind: Kind,
    place: Place,
    /// The rule; nothing of a directive about others.
    rule: Option<u32>,
    what: String,
}

pub(super) fn run(arguments: &LintArguments, config: &Config) -> Result<ExitCode, Ended> {
    let book = arguments.rules.load(config)?;
    let tests = match &arguments.tests {
        Some(directory) => Some(cases::read(directory)?),
        None if Path::new(cases::DIRECTORY).is_dir() => Some(cases::read(Path::new(cases::DIRECTORY))?),
        None => None,
    };
    let tested = tests.map(|tests| tests.into_iter().map(|(_, cases)| cases.id).collect::<BTreeSet<u32>>());
    let mut findings = find(&book, tested.as_ref());
    findings.retain(|finding| arguments.only.is_empty() || arguments.only.contains(&finding.kind));
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    findings.iter().for_each(|finding| *counts.entry(finding.kind).or_default() += 1);
    let removed = book.rule_set().removed.len();
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let as_json = |finding: &Finding| {
            json!({
                "kind": finding.kind.name(), "rule": finding.rule, "file": &*finding.place.file,
                "line": finding.place.line, "what": finding.what, "mend": finding.kind.mend(),
            })
        };
        let findings: Vec<_> = findings.iter().map(as_json).collect();
        let counts: BTreeMap<_, _> = counts.iter().map(|(kind, count)| (kind.name(), count)).collect();
        let said = json!({
            "rules": book.rules().len(), "removed": removed, "tests_looked_at": tested.is_some(), "counts": counts,
            "findings": findings,
        });
        writeln!(out, "{said}")?;
    } else {
        for Finding { kind, place, rule, what } in &findings {
            let rule = rule.map(|id| format!("rule {id} ")).unwrap_or_default();
            writeln!(out, "{place}: {}: {rule}{what}", kind.name())?;
        }
        let mut row = |count, what: &str| writeln!(out, "{:>12}  {what}", grouped(count as u64));
        row(book.rules().len(), "rules")?;
        if removed > 0 {
            row(removed, "rules removed by directives")?;
        }
        row(findings.len(), "findings")?;
        for (kind, count) in counts {
            row(count, &format!("  {:<8}  {}", kind.name(), kind.mend()))?;
        }
        if tested.is_none() {
            writeln!(out, "cases were not looked for; name their directory with --tests")?;
        }
    }
    Ok(ExitCode::from(u8::from(arguments.strict && !findings.is_empty())))
}

/// Everything, in the order of [`Kind`], and of a kind by rising id.
fn find(book: &RuleBook, tested: Option<&BTreeSet<u32>>) -> Vec<Finding> {
    let read: BTreeMap<u32, &Rule> = book.rule_set().rules().map(|rule| (rule.id, rule)).collect();
    let mut findings = Vec::new();
    let mut found = |kind, id: u32, what: String| {
        if let Some(place) = read.get(&id).and_then(|rule| rule.place()) {
            findings.push(Finding { kind, place: place.clone(), rule: Some(id), what });
        }
    };
    for (id, earlier) in shadowed(book) {
        found(Kind::Shadowed, id, format!("asks what rule {earlier} asks"));
    }
    for (id, expected) in book.engine().plan().expected() {
        let Some(condition) = read.get(&id).and_then(|rule| asking(rule)) else { continue };
        if expected >= 1.0 {
            found(Kind::Ungated, id, format!("is asked about every line: {}", why_ungated(condition)));
        } else if expected * RARE_ENOUGH > 1.0 {
            found(Kind::Slow, id, format!("is asked about one URL in {:.1}", 1.0 / expected));
        }
    }
    for (id, pattern) in book.engine().patterns() {
        dear(pattern).into_iter().for_each(|what| found(Kind::Slow, id, what));
    }
    let fed: Vec<&RuleFacts> = book.rules().filter(|facts| facts.left_out.is_none()).collect();
    let folder = |id: u32| read.get(&id)?.place().and_then(|place| Path::new(&*place.file).parent());
    let tested_folders: BTreeSet<_> = tested.into_iter().flatten().filter_map(|id| folder(*id)).collect();
    for facts in &fed {
        let is_told = read.get(&facts.id).is_some_and(|rule| rule.log && rule.msg.is_some());
        let lacks: Vec<&str> = [
            (facts.severity.is_none(), "severity"),
            (facts.category == OTHER, "category"),
            (facts.paranoia_level.is_none(), "paranoia level"),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect();
        if is_told && !lacks.is_empty() {
            found(Kind::Untagged, facts.id, format!("has no {}", lacks.join(", no ")));
        }
        let wants_cases = folder(facts.id).is_some_and(|folder| tested_folders.contains(folder));
        if wants_cases && tested.is_some_and(|tested| !tested.contains(&facts.id)) {
            found(Kind::Untested, facts.id, "has no cases".to_owned());
        }
    }
    for facts in book.rules() {
        if let Some(why) = &facts.left_out {
            found(Kind::Unfed, facts.id, format!("is hit by no line: {why}"));
        }
    }
    let unmet = book.rule_set().remarks.iter().filter(|remark| remark.kind == RemarkKind::MeetsNoRule);
    findings.extend(unmet.map(|remark| {
        let what = format!("{} meets no rule", remark.directive);
        Finding { kind: Kind::Unmet, place: remark.place.clone(), rule: None, what }
    }));
    findings.sort_by_key(|finding| (finding.kind, finding.rule));
    findings
}

/// Rules that a line may hit and that tell something, each with an earlier one that asks the same of the same.
fn shadowed(book: &RuleBook) -> Vec<(u32, u32)> {
    let mut first = HashMap::new();
    let mut shadowed = Vec::new();
    let fed = |rule: &&Rule| book.rule(rule.id).is_some_and(|facts| facts.left_out.is_none());
    let told = |rule: &&Rule| rule.log && rule.links.iter().all(|link| link.condition.is_some());
    for rule in book.engine().rules().filter(fed).filter(told) {
        let asked = |link: &'_ Link| link.condition.clone().map(|asked| (asked.variables, asked.operator));
        let asks: Vec<_> =
            rule.links.iter().map(|link| (asked(link), &link.transformations, link.multi_match)).collect();
        match first.entry(asks) {
            Entry::Occupied(earlier) => shadowed.push((rule.id, *earlier.get())),
            Entry::Vacant(entry) => {
                entry.insert(rule.id);
            }
        }
    }
    shadowed.sort_unstable();
    shadowed
}

/// What a rule asks of the request, if anything: rules that only look at what others set cost next to nothing.
fn asking(rule: &Rule) -> Option<&Condition> {
    let first = rule.links.iter().find_map(|link| link.condition.as_ref());
    first.filter(|condition| condition.variables.iter().all(|variable| variable.collection != "TX"))
}

fn why_ungated(condition: &Condition) -> String {
    let operator = &condition.operator;
    if condition.variables.iter().any(|variable| variable.modifier == Modifier::Count) {
        "it counts".to_owned()
    } else if operator.negated {
        format!("@{} is negated", operator.name)
    } else if operator.argument.text().is_none() {
        format!("the argument of @{} has macros", operator.name)
    } else if operator.name == "rx" {
        "its pattern needs no literal, or only common ones".to_owned()
    } else {
        format!("@{} needs no literal, or only common ones", operator.name)
    }
}

/// What makes a pattern dear.
fn dear(pattern: &Pattern) -> Vec<String> {
    let mut found = Vec::new();
    if pattern.is_verified() {
        found.push(
            "has look-around, back references, atomic groups or possessive repetitions: up to 256 steps a byte"
                .to_owned(),
        );
    }
    if pattern.memory() > LARGE_BYTES {
        found.push(format!("has a pattern of {} KiB once compiled", grouped(pattern.memory() as u64 / 1024)));
    }
    found
}
