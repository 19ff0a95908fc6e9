//! The rules in force: read, told what category each is in, and compiled.

use super::builtin;
use super::category::category_of;
use super::signals;
use crate::model::Severity;
use crate::waf::engine::{Engine, Options, Unusable, Why};
use crate::waf::seclang::{Faults, Item, Place, Rule, RuleSet, Source};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::Xxh3;

/// Why rules can't be used; every fault has its file and line.
#[derive(Debug, thiserror::Error)]
pub enum RuleFaults {
    /// They can't be read.
    #[error(transparent)]
    Unreadable(#[from] Faults),
    /// Patterns or arguments can't be used.
    #[error("{}", lines(.0))]
    Unusable(Vec<Unusable>),
}

fn lines(all: &[Unusable]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is to be known of a rule without running it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleFacts {
    /// Its id.
    pub id: u32,
    /// What it says, macros as they stand; empty where it says nothing.
    pub message: String,
    /// Its category's name.
    pub category: String,
    /// How bad a match is.
    pub severity: Option<Severity>,
    /// From 1 to 4, by its tag `paranoia-level/N`.
    pub paranoia_level: Option<u8>,
    /// Techniques of MITRE ATT&CK, by its tags `attack/T…`.
    pub techniques: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// Its text.
    pub source: String,
    /// Why no line of any log can hit it, where that is so.
    pub left_out: Option<Why>,
    /// Whether its category is switched on.
    pub enabled: bool,
}

/// What is to be known of a category.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CategoryFacts {
    /// Its name.
    pub name: String,
    /// How many rules are in it.
    pub rules: usize,
    /// Whether these are run.
    pub enabled: bool,
}

/// Rules, read and compiled, those of categories that are switched off left out.
pub struct RuleBook {
    /// All rules, also those that are not run.
    read: RuleSet,
    off: BTreeSet<String>,
    engine: Engine,
    facts: BTreeMap<u32, RuleFacts>,
    digest: u64,
}

impl RuleBook {
    /// Reads and compiles rules: files, directories and globs, [`BUILTIN`](super::BUILTIN) for those of this build, and
    /// `crs-forward-proxy` for what takes out of the Core Rule Set what is about servers.
    ///
    /// # Errors
    /// Every fault.
    pub fn load(rules: &[String]) -> Result<RuleBook, RuleFaults> {
        let sources =
            rules.iter().flat_map(|word| builtin::sources(word).unwrap_or_else(|| vec![Source::Path(word.clone())]));
        RuleBook::compile(RuleSet::load(&sources.collect::<Vec<_>>())?, BTreeSet::new())
    }

    /// The same rules with other categories switched off.
    ///
    /// # Errors
    /// As [`RuleBook::load`].
    pub fn without(&self, off: BTreeSet<String>) -> Result<RuleBook, RuleFaults> {
        RuleBook::compile(self.read.clone(), off)
    }

    fn compile(read: RuleSet, off: BTreeSet<String>) -> Result<RuleBook, RuleFaults> {
        let options = Options { signals: &signals::NAMES, ..Options::default() };
        let engine = if off.is_empty() {
            Engine::compile(&read, &options)
        } else {
            let mut kept = read.clone();
            kept.items.retain(|item| match item {
                Item::Rule(rule) => !off.contains(category_of(&rule.tags)),
                Item::Marker { .. } => true,
            });
            Engine::compile(&kept, &options)
        };
        let engine = engine.map_err(RuleFaults::Unusable)?;
        let mut facts: BTreeMap<u32, RuleFacts> = read.rules().map(|rule| (rule.id, facts(rule, &off))).collect();
        for left_out in engine.left_out() {
            if let Some(facts) = facts.get_mut(&left_out.id) {
                facts.left_out = Some(left_out.why.clone());
            }
        }
        let digest = digest(&facts);
        Ok(RuleBook { read, off, engine, facts, digest })
    }

    /// The same exactly while rules and categories are.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// What runs them.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// As they were read.
    pub fn rule_set(&self) -> &RuleSet {
        &self.read
    }

    /// The categories that are switched off.
    pub fn off(&self) -> &BTreeSet<String> {
        &self.off
    }

    /// Every rule, by rising id.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &RuleFacts> {
        self.facts.values()
    }

    /// A rule.
    pub fn rule(&self, id: u32) -> Option<&RuleFacts> {
        self.facts.get(&id)
    }

    /// How many rules lines are scored by.
    pub fn applied(&self) -> usize {
        self.rules().filter(|rule| rule.enabled && rule.left_out.is_none()).count()
    }

    /// A hash, in hexadecimal, of the rules that lines are scored by: the same for the same rules.
    pub fn version(&self) -> String {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for rule in self.rules().filter(|rule| rule.enabled) {
            hash.update(&rule.id.to_le_bytes());
            hash.update(&(rule.source.len() as u64).to_le_bytes());
            hash.update(rule.source.as_bytes());
        }
        format!("{:016x}", hash.digest())
    }

    /// Every category that has rules, by name.
    pub fn categories(&self) -> Vec<CategoryFacts> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        self.rules().for_each(|rule| *counts.entry(&rule.category).or_default() += 1);
        let facts = |(name, rules): (&str, usize)| CategoryFacts {
            name: name.to_owned(),
            rules,
            enabled: !self.off.contains(name),
        };
        counts.into_iter().map(facts).collect()
    }
}

fn digest(facts: &BTreeMap<u32, RuleFacts>) -> u64 {
    let mut hash = Xxh3::new();
    for rule in facts.values() {
        hash.update(&rule.id.to_le_bytes());
        hash.update(&[u8::from(rule.enabled)]);
        hash.update(rule.source.as_bytes());
    }
    hash.digest()
}

fn facts(rule: &Rule, off: &BTreeSet<String>) -> RuleFacts {
    let tags: Vec<String> = rule.tags.iter().map(ToString::to_string).collect();
    let behind = |prefix: &str| tags.iter().filter_map(|tag| tag.strip_prefix(prefix)).map(str::to_owned).collect();
    let levels: Vec<String> = behind("paranoia-level/");
    let category = category_of(&rule.tags).to_owned();
    RuleFacts {
        id: rule.id,
        message: rule.msg.as_ref().map(ToString::to_string).unwrap_or_default(),
        enabled: !off.contains(&category),
        category,
        severity: rule.severity,
        paranoia_level: levels.first().and_then(|level| level.parse().ok()),
        techniques: behind("attack/"),
        tags,
        place: rule.place().cloned(),
        source: rule.source(),
        left_out: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::BUILTIN;

    #[test]
    fn the_rules_of_this_build_are_in_it() {
        let book = RuleBook::load(&[BUILTIN.to_owned()]).unwrap();
        assert!(book.applied() > 150, "{}", book.applied());
        assert_eq!(book.applied(), book.engine().rules().count());
        let rule = book.rule(4_210_020).unwrap();
        assert_eq!(
            (&rule.category[..], rule.severity, rule.paranoia_level),
            ("sql", Some(Severity::Critical), Some(1))
        );
        assert_eq!((&rule.techniques[..], rule.enabled), (&["T1190".to_owned()][..], true));
        assert!(rule.source.contains("union") && rule.message.contains("UNION"));
        assert_eq!(rule.place.as_ref().map(|place| &*place.file), Some("waf-rules/10-sql.conf"));
        let listed: usize = book.categories().iter().map(|category| category.rules).sum();
        assert_eq!(listed, book.rules().len());
    }

    #[test]
    fn categories_that_are_off_are_known_and_not_run() {
        let all = RuleBook::load(&[BUILTIN.to_owned()]).unwrap();
        let some = all.without(BTreeSet::from(["sql".to_owned()])).unwrap();
        let sql = |book: &RuleBook| book.categories().into_iter().find(|category| category.name == "sql").unwrap();
        assert!(!sql(&some).enabled && sql(&all).enabled);
        assert_eq!(some.applied() + sql(&all).rules, all.applied());
        assert_ne!(some.digest(), all.digest());
        assert_eq!(some.without(BTreeSet::new()).unwrap().digest(), all.digest());
        assert!(!some.rule(4_210_020).unwrap().enabled && some.rule(4_220_010).unwrap().enabled);
        assert_eq!(some.without(BTreeSet::new()).unwrap().applied(), all.applied());
    }

    #[test]
    fn faults_name_file_and_line() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("own.conf");
        let load = |text: &str| {
            std::fs::write(&file, text).unwrap();
            RuleBook::load(&[file.display().to_string()]).err().map(|faults| faults.to_string())
        };
        let place = |line: u32| format!("{}:{line}:", file.display());
        assert!(load("\nSecRule ARGS").unwrap().contains(&place(2)));
        let pattern = load("SecRule ARGS \"@rx (\" \"id:1,phase:2,pass\"").unwrap();
        assert!(pattern.contains(&place(1)) && pattern.contains("rule 1"), "{pattern}");
        assert_eq!(load("SecRule ARGS \"@rx abc\" \"id:1,phase:2,pass\""), None);
    }
}
