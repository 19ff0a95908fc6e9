//! From rules as they were read to rules that run.

mod actions;
mod flow;
mod test;

use std::collections::HashMap;
use std::sync::Arc;

use flow::{Markers, markers};

use super::program::{Link, Node, NodeAt, Points, RemovedTarget, Rule, RuleAt, Select, Slot, Target, Template};
use super::slots::Slots;
use super::{LeftOut, Options, Unusable, Why};
use crate::waf::Kinds;
use crate::waf::seclang::{self, Phase, RuleSet, Severity};
use crate::waf::transformations::{self, Transformation};
use crate::waf::variables::{Source, Sources, Texts};

/// What compiling comes to.
pub(super) struct Program {
    pub(super) rules: Vec<Rule>,
    /// The first rule of phase 2.
    pub(super) second_phase: RuleAt,
    pub(super) nodes: Vec<Node>,
    pub(super) removed_targets: Vec<RemovedTarget>,
    pub(super) fixed: Texts,
    pub(super) slots: Slots,
    /// The sources that rules look at, by their bits.
    pub(super) wanted: Sources,
    pub(super) separator: u8,
    /// Rules that no line of a log can hit, and why; those of other phases are not among the rules.
    pub(super) left_out: Vec<LeftOut>,
    /// Of the rules, which can be hit.
    pub(super) alive: Vec<bool>,
}

/// Where rules of a phase begin behind a marker, and all that compiling writes.
struct Compiler<'a> {
    options: &'a Options<'a>,
    order: &'a [&'a seclang::Rule],
    program: Program,
    node_of: HashMap<(NodeAt, &'static str), NodeAt>,
    signals: Vec<Slot>,
    unusable: Vec<Unusable>,
}

pub(super) fn compile(rules: &RuleSet, options: &Options<'_>) -> Result<Program, Vec<Unusable>> {
    let (mut order, mut left_out) = (Vec::new(), Vec::new());
    for phase in [Phase::RequestHeaders, Phase::RequestBody] {
        order.extend(rules.rules().filter(|rule| rule.phase == phase));
    }
    for rule in rules.rules().filter(|rule| !matches!(rule.phase, Phase::RequestHeaders | Phase::RequestBody)) {
        left_out.push(LeftOut { id: rule.id, why: Why::Phase(rule.phase.number()) });
    }
    let second_phase = order.iter().take_while(|rule| rule.phase == Phase::RequestHeaders).count();
    let program = Program {
        rules: Vec::new(),
        second_phase,
        nodes: vec![Node { before: 0, last: None, acts_on: Some(Kinds::NONE) }],
        removed_targets: Vec::new(),
        fixed: Texts::new(),
        slots: Slots::new(),
        wanted: 0,
        separator: u8::try_from(rules.argument_separator).unwrap_or(b'&'),
        left_out,
        alive: Vec::new(),
    };
    let mut compiler = Compiler {
        options,
        order: &order,
        program,
        node_of: HashMap::new(),
        signals: Vec::new(),
        unusable: Vec::new(),
    };
    compiler.signals = options.signals.iter().map(|name| compiler.program.slots.slot_of(name)).collect();
    let markers = markers(rules);
    for (at, rule) in order.iter().enumerate() {
        let compiled = compiler.rule(at, rule, &markers);
        compiler.program.rules.push(compiled);
    }
    if compiler.unusable.is_empty() { Ok(compiler.program) } else { Err(compiler.unusable) }
}

impl Compiler<'_> {
    fn rule(&mut self, at: RuleAt, rule: &seclang::Rule, markers: &Markers<'_>) -> Rule {
        let mut dead = None;
        let mut links = Vec::new();
        for (index, link) in rule.links.iter().enumerate() {
            match self.link(rule, link, index) {
                Ok(link) => links.push(link),
                Err(why) => {
                    dead = Some(why);
                    break;
                }
            }
        }
        self.program.alive.push(dead.is_none());
        if let Some(why) = dead {
            self.program.left_out.push(LeftOut { id: rule.id, why });
        }
        let effects = rule.actions.iter().filter_map(|action| self.effect(action)).collect();
        let unconditional = rule.links.iter().all(|link| link.condition.is_none());
        // An action without a message tells nothing, as in libmodsecurity.
        let told = rule.log && (!unconditional || rule.msg.is_some());
        let points = self.points(rule, &links);
        let template = |compiler: &mut Self, template: &Option<seclang::Template>| match template {
            Some(template) => compiler.template(rule, template),
            None => Template::Fixed(Texts::EMPTY),
        };
        let (msg, logdata) = (template(self, &rule.msg), template(self, &rule.logdata));
        Rule {
            read: Arc::new(rule.clone()),
            links,
            effects,
            jump: self.jump(at, rule, markers),
            told,
            points,
            msg,
            logdata,
        }
    }

    fn points(&self, rule: &seclang::Rule, links: &[Link]) -> Points {
        if links.iter().flat_map(|link| &link.setvars).any(|setvar| setvar.is_points) {
            return Points::Added;
        }
        let looks_at_the_request = |target: &Target| match (target.source, &target.select) {
            (Source::Tx, Select::Slot(slot)) => self.signals.contains(slot),
            (Source::Tx | Source::NotLogged | Source::Rule, _) => false,
            (source, _) => (source as u8) < Source::Tx as u8,
        };
        let mut targets = links.iter().filter_map(|link| link.test.as_ref()).flat_map(|test| &test.targets);
        let points = match rule.severity {
            Some(Severity::Emergency | Severity::Alert | Severity::Critical) => 5,
            Some(Severity::Error) => 4,
            Some(Severity::Warning) => 3,
            Some(Severity::Notice) => 2,
            Some(Severity::Informational | Severity::Debug) | None => 0,
        };
        Points::Fixed(if rule.log && targets.any(looks_at_the_request) { points } else { 0 })
    }

    fn link(&mut self, rule: &seclang::Rule, link: &seclang::Link, index: usize) -> Result<Link, Why> {
        let test = match &link.condition {
            Some(condition) => Some(self.test(rule, link, condition, index)?),
            None => None,
        };
        let mut path = vec![0];
        for name in &link.transformations {
            let before = path.last().copied().unwrap_or_default();
            path.push(self.node(before, name));
        }
        let node = path.last().copied().unwrap_or_default();
        let setvars = link.setvars.iter().filter_map(|setvar| self.setvar(rule, setvar)).collect();
        let multi = link.multi_match.then_some(path);
        Ok(Link { test, node, multi, capture: link.capture, setvars })
    }

    fn node(&mut self, before: NodeAt, name: &'static str) -> NodeAt {
        if let Some(known) = self.node_of.get(&(before, name)) {
            return *known;
        }
        let at = self.program.nodes.len();
        let last = transformations::by_name(name);
        let acts_on = match (self.program.nodes[before].acts_on, last.map(Transformation::acts_on)) {
            (Some(before), Some(Some(own))) => Some(before.and(own)),
            _ => None,
        };
        self.program.nodes.push(Node { before, last, acts_on });
        self.node_of.insert((before, name), at);
        at
    }
}
