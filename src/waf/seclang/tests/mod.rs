//! What is read, what is refused, and that the normal form reads to the same.

mod directives;
mod faults;
mod files;
mod round_trip;

use super::*;

fn read(text: &str) -> RuleSet {
    RuleSet::parse("t", text.as_bytes()).unwrap_or_else(|faults| panic!("{faults}\nof {text}"))
}

/// The one rule of a text.
fn rule(text: &str) -> Rule {
    let set = read(text);
    let mut rules = set.rules();
    let rule = rules.next().unwrap().clone();
    assert!(rules.next().is_none(), "{text}");
    rule
}

fn ids(set: &RuleSet) -> Vec<u32> {
    set.rules().map(|rule| rule.id).collect()
}
