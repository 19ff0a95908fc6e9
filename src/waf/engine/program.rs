//! Rules, compiled: names are numbers, and what needs no line is worked out.

use std::sync::Arc;

use crate::waf::Kinds;
use crate::waf::operators::{Guard, Operator};
use crate::waf::seclang;
use crate::waf::transformations::Transformation;
use crate::waf::variables::{Source, Text};

/// A number of a rule: rules are numbered in the order in which they run.
pub(in crate::waf) type RuleAt = usize;
/// A number of a key of `TX`; 0 to 9 are the captures.
pub(in crate::waf) type Slot = usize;
/// A number of a [`Node`].
pub(in crate::waf) type NodeAt = usize;

/// A list of transformations, as the last one and the list before it. Lists share their beginnings, so that each value
/// goes through each beginning once. Node 0 is the empty list.
#[derive(Clone, Copy, Debug)]
pub(in crate::waf) struct Node {
    pub(in crate::waf) before: NodeAt,
    pub(in crate::waf) last: Option<&'static Transformation>,
    /// A text with none of these stays as it is; nothing where any text may change.
    pub(in crate::waf) acts_on: Option<Kinds>,
}

/// A rule.
#[derive(Debug)]
pub(in crate::waf) struct Rule {
    /// As it was read.
    pub(in crate::waf) read: Arc<seclang::Rule>,
    pub(in crate::waf) links: Vec<Link>,
    pub(in crate::waf) effects: Vec<Effect>,
    /// The rule to go on with on a match, instead of the next one.
    pub(in crate::waf) jump: Option<RuleAt>,
    /// Whether a match is told.
    pub(in crate::waf) told: bool,
    pub(in crate::waf) points: Points,
    pub(in crate::waf) msg: Template,
    pub(in crate::waf) logdata: Template,
}

/// What a rule adds to the score.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::waf) enum Points {
    /// So many, once a line.
    Fixed(u32),
    /// What its `setvar`s add to the anomaly score of a request.
    Added,
}

/// One `SecRule` of a chain.
#[derive(Debug)]
pub(in crate::waf) struct Link {
    /// Nothing: always matches.
    pub(in crate::waf) test: Option<Test>,
    pub(in crate::waf) node: NodeAt,
    /// The lists to ask behind, in order; only of `multiMatch`.
    pub(in crate::waf) multi: Option<Vec<NodeAt>>,
    pub(in crate::waf) capture: bool,
    pub(in crate::waf) setvars: Vec<SetVar>,
}

#[derive(Debug)]
pub(in crate::waf) struct Test {
    pub(in crate::waf) targets: Vec<Target>,
    pub(in crate::waf) operator: Operator,
    /// Whether the operator captures something that isn't a part of the value.
    pub(in crate::waf) fingerprint: bool,
    /// The argument, where it has macros.
    pub(in crate::waf) argument: Option<Template>,
    pub(in crate::waf) negated: bool,
    /// What a value must be for the operator to match it.
    pub(in crate::waf) guard: Guard,
    /// What it must be before it is transformed.
    pub(in crate::waf) guard_before: Guard,
    /// Whether no value matches that the guards don't let pass: the operator isn't negated, and its argument is known.
    pub(in crate::waf) is_guarded: bool,
}

impl Node {
    /// Whether a text of these kinds stays as it is, but for case.
    pub(in crate::waf) fn keeps(&self, kinds: Kinds) -> bool {
        self.acts_on.is_some_and(|acts_on| !acts_on.meet(kinds.without(Kinds::UPPER_CASE)))
    }
}

/// What a link looks at.
#[derive(Debug)]
pub(in crate::waf) struct Target {
    pub(in crate::waf) source: Source,
    pub(in crate::waf) select: Select,
    pub(in crate::waf) count: bool,
    pub(in crate::waf) but: Vec<Select>,
    /// The variable's name, as reports have it.
    pub(in crate::waf) collection: &'static str,
    /// Its key, lowercased by nobody.
    pub(in crate::waf) key: Option<Box<str>>,
}

#[derive(Debug)]
pub(in crate::waf) enum Select {
    All,
    /// Whatever the case.
    Key(Box<[u8]>),
    Slot(Slot),
    Regex(Operator),
}

#[derive(Debug)]
pub(in crate::waf) struct SetVar {
    pub(in crate::waf) key: Key,
    pub(in crate::waf) operation: Operation,
    /// Whether what it adds is the points of its rule.
    pub(in crate::waf) is_points: bool,
}

#[derive(Debug)]
pub(in crate::waf) enum Key {
    Slot(Slot),
    Macros(Template),
}

#[derive(Debug)]
pub(in crate::waf) enum Operation {
    Set(Template),
    Add(Template),
    Subtract(Template),
    Unset,
}

/// A text with macros.
#[derive(Clone, Debug)]
pub(in crate::waf) enum Template {
    /// Without; a fixed text.
    Fixed(Text),
    Pieces(Vec<Piece>),
}

#[derive(Clone, Debug)]
pub(in crate::waf) enum Piece {
    Fixed(Text),
    Slot(Slot),
    /// The first value of a source, of a key where one is named.
    Value(Source, Option<Box<[u8]>>),
}

/// What a match does to the rules behind.
#[derive(Debug)]
pub(in crate::waf) enum Effect {
    /// `ctl:ruleEngine`: whether the next phases run.
    Engine(bool),
    /// These don't run.
    Remove(Vec<RuleAt>),
    /// These don't look at a variable.
    RemoveTarget(usize),
}

/// `ctl:ruleRemoveTarget…`.
#[derive(Debug)]
pub(in crate::waf) struct RemovedTarget {
    /// In order.
    pub(in crate::waf) rules: Vec<RuleAt>,
    pub(in crate::waf) collection: &'static str,
    pub(in crate::waf) key: Option<Box<str>>,
}
