//! The plan: which rules are worth running on a line.
//!
//! Most rules can only match a value that has one of a few literals in it ([`Gate`](crate::waf::operators::Gate)). The
//! literals of all rules are looked for at once, in each text of a line but only once where transformations change
//! nothing. What was found makes candidates; the rest of the rules need not be asked. Rules whose gate is not known are
//! candidates always.
//!
//! Not here: running them. A candidate may still not match; a rule that matches is always a candidate.

mod finder;
mod gates;
mod hits;
mod literals;
mod look;
mod repeated;

use std::collections::{BTreeMap, HashMap};

use finder::Finder;
use gates::{Gated, expected_to_pass, gated, named, only_source, only_told, sources};
pub(in crate::waf) use hits::{Arguments, Hits};
pub(in crate::waf) use repeated::Repeated;

use super::Kinds;
use super::engine::{Node, NodeAt, Rule, Scratch, Slot};
use super::variables::{Source, Sources, Text};

/// Which rules are worth running; made by [`Engine::compile`](super::engine::Engine::compile).
pub struct Plan {
    /// The rules that always are, one bit each.
    always: Vec<u64>,
    /// Finds literals.
    finder: Finder,
    /// Of each literal, its rules.
    rules_of: Vec<Vec<u32>>,
    /// Of each rule, the sources that its literals count in, by their bits.
    sources_of: Vec<Sources>,
    /// Whether the literals of some rule count in `REQUEST_URI`.
    looks_at_uri: bool,
    /// Of each rule, the link that its literals are of; none where a value is asked before and behind transformations.
    literal_link: Vec<Option<usize>>,
    /// Of each source, the lists of transformations whose outcome is to be looked at.
    nodes_of: Vec<Lists>,
    /// Of each signal, the rules that need it.
    needs_signal: Vec<Vec<u32>>,
    /// Of each name of an argument that some rule has, lowercased, the rules that look at no other.
    by_name: HashMap<Box<[u8]>, Vec<u32>>,
    /// A bit for each [shape](look::shape) of such names.
    name_shapes: Vec<u64>,
    /// Of each rule, the one source that it looks at, if that is all it depends on and it is one whose values are
    /// [remembered](repeated): whether it matches is remembered with them.
    only_source: Vec<Option<Source>>,
    /// The rules among these without a gate.
    ungated_of: Vec<(Source, u32)>,
    /// Ids of the rules that always run.
    ungated: Vec<u32>,
    /// See [`Plan::expected`].
    expected: Vec<(u32, f64)>,
}

/// The lists of transformations that the rules of a source look behind.
struct Lists {
    source: Source,
    nodes: Vec<NodeAt>,
    /// A text with none of these stays as it is in all of them, but for case.
    acts_on: Option<Kinds>,
}

impl Plan {
    pub(in crate::waf) fn new(
        rules: &[Rule],
        alive: &[bool],
        nodes: &[Node],
        signals: &[Slot],
        initial: &[Option<Text>],
    ) -> Self {
        let words = rules.len().div_ceil(64);
        let mut plan = Plan {
            always: vec![0; words],
            finder: Finder::new(Vec::new()),
            rules_of: Vec::new(),
            sources_of: vec![0; rules.len()],
            looks_at_uri: false,
            literal_link: vec![None; rules.len()],
            nodes_of: Vec::new(),
            needs_signal: vec![Vec::new(); signals.len()],
            by_name: HashMap::new(),
            name_shapes: vec![0; look::SHAPES / 64],
            only_source: rules.iter().map(only_source).collect(),
            ungated_of: Vec::new(),
            ungated: Vec::new(),
            expected: Vec::new(),
        };
        let mut rules_of: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
        let mut nodes_of: BTreeMap<u8, (Source, Vec<NodeAt>)> = BTreeMap::new();
        for name in rules.iter().flat_map(|rule| &rule.links).flat_map(named) {
            let shape = look::shape(&name);
            plan.name_shapes[shape / 64] |= 1 << (shape % 64);
            plan.by_name.entry(name).or_default();
        }
        let only_told = only_told(rules, signals, initial);
        for (at, rule) in rules.iter().enumerate().filter(|(at, _)| alive[*at]) {
            match gated(rule, signals, &only_told) {
                Gated::Never => {}
                Gated::Always if plan.only_source[at].is_some() => {
                    plan.ungated_of.extend(plan.only_source[at].map(|source| (source, at as u32)));
                }
                Gated::Always => {
                    plan.always[at / 64] |= 1 << (at % 64);
                    plan.ungated.push(rule.read.id);
                    plan.expected.push((rule.read.id, expected_to_pass(rule)));
                }
                Gated::BySignal(of) => of.into_iter().for_each(|signal| plan.needs_signal[signal].push(at as u32)),
                Gated::ByName(names) => {
                    names.into_iter().for_each(|name| plan.by_name.entry(name).or_default().push(at as u32));
                }
                Gated::ByLiterals { link, literals, expected } => {
                    plan.literal_link[at] = rule.links[link].multi.is_none().then_some(link);
                    let link = &rule.links[link];
                    for source in sources(link) {
                        plan.sources_of[at] |= source.bit();
                        let of_source = &mut nodes_of.entry(source as u8).or_insert((source, Vec::new())).1;
                        of_source.extend(link.multi.as_deref().unwrap_or(&[link.node]));
                    }
                    for literal in literals {
                        rules_of.entry(literal).or_default().push(at as u32);
                    }
                    plan.expected.push((rule.read.id, expected.min(expected_to_pass(rule))));
                }
            }
        }
        for (_, (source, mut of)) in nodes_of {
            of.iter_mut().for_each(|node| *node = before_case(nodes, *node));
            of.sort_unstable();
            of.dedup();
            let acts_on = of.iter().try_fold(Kinds::NONE, |all, node| Some(all.and(nodes[*node].acts_on?)));
            let acts_on = acts_on.map(|kinds| kinds.without(Kinds::UPPER_CASE));
            plan.nodes_of.push(Lists { source, nodes: of, acts_on });
        }
        plan.looks_at_uri = plan.sources_of.iter().any(|sources| sources & Source::Uri.bit() != 0);
        plan.finder = Finder::new(rules_of.keys().map(Vec::as_slice).collect());
        plan.rules_of = rules_of.into_values().collect();
        plan
    }

    /// Makes these rules candidates always.
    pub(in crate::waf) fn open(&mut self, rules: impl Iterator<Item = usize>) {
        rules.for_each(|rule| self.always[rule / 64] |= 1 << (rule % 64));
        self.literal_link.fill(None);
    }

    /// The ids of the rules that are candidates on every line, whatever keeps them from being asked about values.
    pub fn ungated(&self) -> &[u32] {
        &self.ungated
    }

    /// How many URLs of one are to be expected, at most, to have a value that a rule is asked about, by the rule's id:
    /// less than all where it needs literals, or where lengths and kinds of bytes keep most values from it. Rules that
    /// look at signals, or at arguments by their names, are not among these.
    pub fn expected(&self) -> impl Iterator<Item = (u32, f64)> {
        self.expected.iter().copied()
    }

    /// How much memory the literals take, in bytes.
    pub fn memory(&self) -> usize {
        self.finder.memory()
    }
}

/// The list without the case changes at its end: literals are found in any case.
fn before_case(nodes: &[Node], mut node: NodeAt) -> NodeAt {
    while nodes[node].last.is_some_and(|last| matches!(last.name, "lowercase" | "uppercase")) {
        node = nodes[node].before;
    }
    node
}
