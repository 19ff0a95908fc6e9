//! SecLang, read: the rule language of ModSecurity, Coraza and the OWASP Core Rule Set, from files to a [`RuleSet`](crate::waf::seclang::RuleSet).
//!
//! Not here: what variables, operators and transformations do; they are names and texts, checked against lists.
//! Source: ModSecurity's reference manual, and libmodsecurity 3.0.9 where that says nothing or does otherwise; the
//! comments tell. Stricter than both: what they would pass over in silence (an operator that doesn't exist, a chain
//! without an end, a marker that is nowhere) is a fault.

mod action;
mod fault;
mod lines;
mod load;
mod names;
mod operator;
mod print;
mod reader;
mod resolve;
mod rule;
mod template;
mod variable;
mod words;

pub use crate::model::Severity;
pub use fault::{Fault, Faults, Place};
pub use load::Source;
pub use operator::Operator;
pub use rule::{
    Action, Allowed, Condition, Ctl, Disruptive, IdRange, Link, Operation, Phase, Rule, RuleEngine, SetVar,
};
pub use template::{Piece, Template};
pub use variable::{Modifier, Selector, Variable};

/// Rules, in the order in which they run within their phases. Its [`Display`](std::fmt::Display) is the normal form:
/// SecLang that reads to the same rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleSet {
    /// Rules and markers; rules that a directive removed are not among them.
    pub items: Vec<Item>,
    /// `SecRuleEngine`, the last one.
    pub engine: Option<RuleEngine>,
    /// `SecArgumentSeparator`: what stands between the arguments of a query; `&` unless one says otherwise.
    pub argument_separator: char,
    /// `SecComponentSignature`: which rule sets these are, by their own word.
    pub components: Vec<Box<str>>,
    /// Directives that change nothing here.
    pub remarks: Vec<Remark>,
    /// Rules that `SecRuleRemoveById`, `ByTag` and `ByMsg` took out.
    pub removed: Vec<Removed>,
}

/// What stands in a rule set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// A rule; `SecAction` is one that always matches.
    Rule(Box<Rule>),
    /// `SecMarker`: where a `skipAfter` goes on, in every phase.
    Marker {
        /// Its name.
        label: Box<str>,
        /// Where it stands.
        place: Place,
    },
}

/// A directive that changes nothing here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// Where it stands.
    pub place: Place,
    /// Its name, as the manual writes it.
    pub directive: &'static str,
    /// Why it changes nothing.
    pub kind: RemarkKind,
}

/// Why a directive changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RemarkKind {
    /// It is about a server, bodies, or ModSecurity's own logs.
    NotApplicable,
    /// It is about rules that are not there. Tags and messages are compared as they stand, not as patterns.
    MeetsNoRule,
}

/// A rule that was taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removed {
    /// Its id.
    pub id: u32,
    /// Where it stands.
    pub place: Place,
    /// Where the directive stands that removed it.
    pub by: Place,
}

impl RuleSet {
    /// Reads sources, in order, as one configuration.
    ///
    /// As in libmodsecurity, directives about other rules (`SecRuleUpdate…`, `SecRuleRemove…`, `SecDefaultAction`) hold
    /// for all of them, wherever they stand.
    ///
    /// # Errors
    /// Every fault of the sources, up to a thousand, each with its place and its mend.
    pub fn load(sources: &[Source]) -> Result<RuleSet, Faults> {
        load::load(sources)
    }

    /// Reads one text. `name` is what its places are called. `Include` is a fault: the text may come from afar.
    ///
    /// # Errors
    /// As [`RuleSet::load`].
    pub fn parse(name: &str, text: &[u8]) -> Result<RuleSet, Faults> {
        RuleSet::load(&[Source::Text { name: name.to_owned(), text: text.to_vec() }])
    }

    /// The rules, without the markers.
    pub fn rules(&self) -> impl DoubleEndedIterator<Item = &Rule> {
        self.items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(&**rule),
            Item::Marker { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests;
