//! The normal form: SecLang that reads to the same rules, whatever stands around it. Every link begins its
//! transformations with `t:none`, so that no default comes to them; what the last links do is written at the first.
//! libmodsecurity reads it, too.

use super::rule::{Action, Allowed, Ctl, Disruptive, IdRange, Link, Operation, Rule, RuleEngine, SEVERITIES, SetVar};
use super::{Item, RuleSet};
use std::fmt;

impl fmt::Display for RuleSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(engine) = self.engine {
            writeln!(out, "SecRuleEngine {}", engine.name())?;
        }
        if self.argument_separator != '&' {
            writeln!(out, "SecArgumentSeparator {}", word(&self.argument_separator.to_string()))?;
        }
        for component in &self.components {
            writeln!(out, "SecComponentSignature {}", word(component))?;
        }
        for item in &self.items {
            match item {
                Item::Rule(rule) => write!(out, "{rule}")?,
                Item::Marker { label, .. } => writeln!(out, "SecMarker {}", word(label))?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Rule {
    /// All of its links, an action a line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, link) in self.links.iter().enumerate() {
            let mut actions = if at == 0 { heading(self) } else { Vec::new() };
            actions.extend(of_link(link));
            if at == 0 {
                actions.extend(closing(self));
            }
            if at + 1 < self.links.len() {
                actions.push("chain".to_owned());
            }
            match &link.condition {
                None => out.write_str("SecAction")?,
                Some(condition) => {
                    let variables: Vec<String> = condition.variables.iter().map(ToString::to_string).collect();
                    let variables = variables.join("|");
                    let plain = !variables.contains([' ', '\t', '"']);
                    let variables = if plain { variables } else { word(&variables) };
                    write!(out, "SecRule {variables} {}", word(&condition.operator.to_string()))?;
                }
            }
            writeln!(out, " \\\n    \"{}\"", actions.join(",\\\n    "))?;
        }
        Ok(())
    }
}

/// What is said of a rule before its first link.
fn heading(rule: &Rule) -> Vec<String> {
    let disruptive = match &rule.disruptive {
        Disruptive::Pass => "pass".to_owned(),
        Disruptive::Deny => "deny".to_owned(),
        Disruptive::Drop => "drop".to_owned(),
        Disruptive::Allow(Allowed::Everything) => "allow".to_owned(),
        Disruptive::Allow(Allowed::Phase) => "allow:phase".to_owned(),
        Disruptive::Allow(Allowed::Request) => "allow:request".to_owned(),
        Disruptive::Redirect(to) => action("redirect", to),
        Disruptive::Proxy(None) => "proxy".to_owned(),
        Disruptive::Proxy(Some(to)) => action("proxy", to),
    };
    let mut actions = vec![format!("id:{}", rule.id), format!("phase:{}", rule.phase.number()), disruptive];
    actions.extend(rule.status.map(|status| format!("status:{status}")));
    actions.push(if rule.log { "log" } else { "nolog" }.to_owned());
    actions
}

fn of_link(link: &Link) -> Vec<String> {
    let mut actions = vec!["t:none".to_owned()];
    actions.extend(link.transformations.iter().map(|name| format!("t:{name}")));
    actions.extend(link.capture.then(|| "capture".to_owned()));
    actions.extend(link.multi_match.then(|| "multiMatch".to_owned()));
    actions.extend(link.setvars.iter().map(setvar));
    actions
}

/// What is said of a rule behind its first link.
fn closing(rule: &Rule) -> Vec<String> {
    let mut actions = Vec::new();
    actions.extend(rule.msg.as_ref().map(|msg| action("msg", msg)));
    actions.extend(rule.logdata.as_ref().map(|logdata| action("logdata", logdata)));
    actions.extend(rule.severity.map(|severity| format!("severity:{}", SEVERITIES[severity as usize])));
    actions.extend(rule.tags.iter().map(|tag| action("tag", tag)));
    let texts = [("ver", &rule.ver), ("rev", &rule.rev), ("maturity", &rule.maturity), ("accuracy", &rule.accuracy)];
    actions.extend(texts.iter().filter_map(|(name, text)| text.as_ref().map(|text| action(name, text))));
    actions.extend(rule.actions.iter().map(besides));
    actions.extend(rule.skip.map(|skip| format!("skip:{skip}")));
    actions.extend(rule.skip_after.as_ref().map(|label| bare("skipAfter", label)));
    actions
}

fn setvar(SetVar { collection, key, operation }: &SetVar) -> String {
    let value = match operation {
        Operation::Set(value) => format!("{collection}.{key}={value}"),
        Operation::Add(value) => format!("{collection}.{key}=+{value}"),
        Operation::Subtract(value) => format!("{collection}.{key}=-{value}"),
        Operation::Unset => format!("!{collection}.{key}"),
    };
    action("setvar", value)
}

fn besides(besides: &Action) -> String {
    match besides {
        Action::Ctl(set) => bare("ctl", &ctl(set)),
        Action::ExpireVar { collection, key, seconds } => action("expirevar", format!("{collection}.{key}={seconds}")),
        Action::Other { name, value: None } => (*name).to_owned(),
        Action::Other { name, value: Some(value) } => bare(name, value),
    }
}

fn ctl(ctl: &Ctl) -> String {
    match ctl {
        Ctl::RuleEngine(engine) => format!("ruleEngine={}", RuleEngine::name(*engine)),
        Ctl::RemoveById(ranges) => format!("ruleRemoveById={}", ids(ranges)),
        Ctl::RemoveByTag(tag) => format!("ruleRemoveByTag={tag}"),
        Ctl::RemoveByMsg(msg) => format!("ruleRemoveByMsg={msg}"),
        Ctl::RemoveTargetById(ranges, target) => format!("ruleRemoveTargetById={};{target}", ids(ranges)),
        Ctl::RemoveTargetByTag(tag, target) => format!("ruleRemoveTargetByTag={tag};{target}"),
        Ctl::RemoveTargetByMsg(msg, target) => format!("ruleRemoveTargetByMsg={msg};{target}"),
        Ctl::Other { name, value } => format!("{name}={value}"),
    }
}

fn ids(ranges: &[IdRange]) -> String {
    let ranges = ranges.iter().map(|IdRange { first, last }| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    ranges.collect::<Vec<_>>().join(" ")
}

/// A word in double quotes.
fn word(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// An action with its value, in single quotes.
fn action(name: &str, value: impl fmt::Display) -> String {
    let escaped = value.to_string().replace('\'', "\\'").replace('"', "\\\"");
    format!("{name}:'{escaped}'")
}

/// An action with its value as it is, for the actions that libmodsecurity reads without quotes only; in quotes where it
/// has to be.
fn bare(name: &str, value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"',\\".contains(&byte);
    if value.is_empty() || !value.bytes().all(is_plain) { action(name, value) } else { format!("{name}:{value}") }
}
