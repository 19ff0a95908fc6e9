//! The engine: rules, compiled, over what a log has of requests.
//!
//! Rules run in the order of libmodsecurity: phase 1, then phase 2, and as with its `SecRuleEngine DetectionOnly`:
//! nothing stops a request, so `allow` and `deny` do nothing. Which rules run at all on a line is the
//! [plan's](crate::waf::plan) matter; the outcome is the same as if all did.
//!
//! Not here: what rules mean ([`seclang`](crate::waf::seclang)), where values come from ([`variables`](crate::waf::variables)).

mod compile;
mod explain;
mod program;
mod run;
mod scratch;
mod slots;
mod verdict;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use explain::{Explanation, Step};
pub(in crate::waf) use program::{Key, Link, Node, NodeAt, Rule, Select, Slot, Target, Test};
pub use scratch::Scratch;
pub use verdict::{RuleMatch, Score, Verdict};

use super::operators::rx::Pattern;
use super::operators::{Guard, OperatorError};
use super::plan::Plan;
use super::seclang::{self, Place, RuleSet};
use super::variables::{Request, Source, Sources, Text, Texts};
use crate::model::FieldSet;

/// Reads a file that an operator names.
pub type Files<'f> = &'f dyn Fn(&Path) -> std::io::Result<Vec<u8>>;

/// What an engine is made with, besides the rules.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Keys of `TX` that are set before the first rule, with their values: `("paranoia_level", "1")`.
    pub presets: &'a [(&'a str, &'a str)],
    /// Keys of `TX` that [`Request::signals`] sets for each line. A rule that looks at one looks at the request, and
    /// has points; other rules on `TX` alone have none.
    pub signals: &'a [&'a str],
    /// Reads the files of `@pmFromFile` and its like. Relative names start where the rule's file is.
    pub files: Files<'a>,
}

impl Default for Options<'_> {
    /// No presets, no signals, and files from the disk.
    fn default() -> Self {
        Options { presets: &[], signals: &[], files: &|path| std::fs::read(path) }
    }
}

/// A rule that can't be compiled.
#[derive(Debug, thiserror::Error)]
#[error("{place}: rule {id}: {error}")]
pub struct Unusable {
    /// The rule.
    pub id: u32,
    /// The link that is the reason.
    pub place: Place,
    /// The reason.
    #[source]
    pub error: OperatorError,
}

/// A rule that no line of a log can hit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// The rule.
    pub id: u32,
    /// The reason.
    pub why: Why,
}

/// Why no line of a log can hit a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// It runs in another phase than 1 and 2.
    Phase(u8),
    /// A link looks only at what no log has.
    NotLogged {
        /// The link, from 0 on.
        link: usize,
    },
    /// Its operator needs what no log has.
    Operator {
        /// The operator.
        name: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// It can't be compiled; such a rule keeps the engine from being made.
    Unusable,
}

impl std::fmt::Display for Why {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Why::Phase(phase) => write!(out, "it runs in phase {phase}, when a response is there"),
            Why::NotLogged { .. } => out.write_str("it looks only at what no log has"),
            Why::Operator { name, needs } => write!(out, "its operator @{name} needs {needs}"),
            Why::Unusable => out.write_str("it can't be compiled"),
        }
    }
}

/// Rules, ready to run. Threads may share it; each has its own [`Scratch`].
pub struct Engine {
    rules: Vec<Rule>,
    second_phase: usize,
    nodes: Vec<Node>,
    removed_targets: Vec<program::RemovedTarget>,
    slots: slots::Slots,
    fixed: Texts,
    /// What `TX` holds before the first rule.
    initial: Vec<Option<Text>>,
    signals: Vec<Slot>,
    wanted: Sources,
    separator: u8,
    left_out: Vec<LeftOut>,
    /// `SecRuleEngine Off`.
    off: bool,
    plan: Plan,
}

impl Engine {
    /// Compiles rules.
    ///
    /// # Errors
    /// Every rule with a pattern or an argument that can't be used.
    pub fn compile(rules: &RuleSet, options: &Options<'_>) -> Result<Self, Vec<Unusable>> {
        let mut program = compile::compile(rules, options)?;
        let mut initial = vec![None; program.slots.names.len()];
        for (name, value) in options.presets {
            // What no rule names, no rule sees; but a pattern may.
            let slot = program.slots.slot_of(name);
            initial.resize(program.slots.names.len(), None);
            initial[slot] = Some(program.fixed.push(value.as_bytes()));
        }
        let signals: Vec<Slot> = options.signals.iter().map(|name| program.slots.slot_of(name)).collect();
        initial.resize(program.slots.names.len(), None);
        let plan = Plan::new(&program.rules, &program.alive, &program.nodes, &signals, &initial);
        Ok(Engine {
            rules: program.rules,
            second_phase: program.second_phase,
            nodes: program.nodes,
            removed_targets: program.removed_targets,
            slots: program.slots,
            fixed: program.fixed,
            initial,
            signals,
            wanted: program.wanted,
            separator: program.separator,
            left_out: program.left_out,
            off: rules.engine == Some(seclang::RuleEngine::Off),
            plan,
        })
    }

    /// The same rules, each asked about every value of every line, as if there were neither a plan nor
    /// [guards](super::operators::Guard): slow, and what the fast way is compared with.
    pub fn without_plan(mut self) -> Self {
        let is_left_out = |id: u32| self.left_out.iter().any(|left_out| left_out.id == id);
        let run: Vec<usize> = (0..self.rules.len()).filter(|at| !is_left_out(self.rules[*at].read.id)).collect();
        self.plan.open(run.into_iter());
        for test in self.rules.iter_mut().flat_map(|rule| &mut rule.links).filter_map(|link| link.test.as_mut()) {
            test.guard = Guard::open();
            test.guard_before = Guard::open();
            test.is_guarded = false;
        }
        self
    }

    /// Room for one thread's work.
    pub fn scratch(&self) -> Scratch {
        Scratch::new(self)
    }

    /// What the rules say of a request, in short: the points, and the ids in the scratch's [`Scratch::ids`].
    pub fn score(&self, request: &Request<'_>, scratch: &mut Scratch) -> Score {
        self.run(request, scratch, false);
        verdict::score(self, scratch)
    }

    /// What the rules say of a request, in full.
    pub fn judge(&self, request: &Request<'_>, scratch: &mut Scratch) -> Verdict {
        self.run(request, scratch, true);
        verdict::verdict(self, scratch)
    }

    /// What the rules say of a request, and how each value was decoded before it was matched.
    pub fn explain(&self, request: &Request<'_>, scratch: &mut Scratch) -> Explanation {
        self.run(request, scratch, true);
        explain::explanation(self, scratch)
    }

    /// The rules that run on lines, in order: all but those of other phases.
    pub fn rules(&self) -> impl Iterator<Item = &seclang::Rule> {
        self.rules.iter().map(|rule| &*rule.read)
    }

    /// The fields of logs that these rules look at, link by link: a line hits a rule only where it holds one of each
    /// link's. Links that may match without any are left out.
    pub fn fields(&self) -> impl Iterator<Item = (u32, Vec<FieldSet>)> {
        let of_link = |link: &Link| {
            let mut targets = link.test.iter().flat_map(|test| &test.targets).map(|target| target.source.fields());
            let all = targets.try_fold(FieldSet::default(), |all, of| (of != FieldSet::default()).then(|| all.and(of)));
            all.unwrap_or_default()
        };
        self.rules.iter().map(move |rule| {
            let links = rule.links.iter().map(of_link).filter(|fields| *fields != FieldSet::default());
            (rule.read.id, links.collect())
        })
    }

    /// The patterns of these rules, each with its rule's id.
    pub fn patterns(&self) -> impl Iterator<Item = (u32, &Pattern)> {
        self.rules.iter().flat_map(|rule| {
            let tests = rule.links.iter().filter_map(|link| link.test.as_ref());
            tests.filter_map(|test| Some((rule.read.id, test.operator.pattern()?)))
        })
    }

    /// Rules that no line of a log can hit.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Whether a rule looks at the client's address, so that two requests which differ in nothing else may differ in what
    /// rules say.
    pub fn looks_at_client(&self) -> bool {
        [Source::RemoteAddr, Source::RemoteHost].iter().any(|source| self.wanted & source.bit() != 0)
    }

    /// Whether a rule looks at when a request came or how long it took: likewise.
    pub fn looks_at_time(&self) -> bool {
        Source::MOMENTS.iter().any(|source| self.wanted & source.bit() != 0)
    }

    /// What decides which rules run on a line.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}
