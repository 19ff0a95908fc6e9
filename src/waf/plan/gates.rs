//! What a rule needs of a line: the best that one of its links says.

use super::{literals, repeated};
use crate::waf::engine::{Key, Link, Rule, Select, Slot, Target, Test};
use crate::waf::operators::{Gate, expected};
use crate::waf::variables::{Source, Text};

/// A rule is only gated by literals that are to be expected less often in a URL than this.
const WORTH_IT: f64 = 0.4;

/// How a rule is gated.
pub(super) enum Gated {
    Always,
    Never,
    BySignal(Vec<usize>),
    ByName(Vec<Box<[u8]>>),
    ByLiterals { link: usize, literals: Vec<Vec<u8>>, expected: f64 },
}

/// The best gate of a rule's links. All of them must match, so any will do, as long as those before it leave nothing
/// behind when they match. Signals are told for each line, and set by nothing else where they are `only_told`.
pub(super) fn gated(rule: &Rule, signals: &[Slot], only_told: &[bool]) -> Gated {
    let mut best = Gated::Always;
    for (index, link) in rule.links.iter().enumerate() {
        match link_gate(link, signals, only_told) {
            Gated::Never => return Gated::Never,
            Gated::BySignal(of) => return Gated::BySignal(of),
            Gated::ByName(names) => return Gated::ByName(names),
            Gated::ByLiterals { literals, expected, .. } => {
                let better = match &best {
                    Gated::ByLiterals { expected: known, .. } => expected < *known,
                    _ => expected < WORTH_IT,
                };
                if better {
                    best = Gated::ByLiterals { link: index, literals, expected };
                }
            }
            Gated::Always => {}
        }
        if !link.setvars.is_empty() || link.capture {
            break;
        }
    }
    best
}

/// How many URLs of one are to be expected to have a value that passes the guards of a rule's first link.
pub(super) fn expected_to_pass(rule: &Rule) -> f64 {
    let test = rule.links.first().and_then(|link| link.test.as_ref());
    let is_guarded = |test: &&Test| test.is_guarded && !test.targets.iter().any(|target| target.count);
    test.filter(is_guarded).map_or(1.0, |test| test.guard.expected().min(test.guard_before.expected()))
}

fn link_gate(link: &Link, signals: &[Slot], only_told: &[bool]) -> Gated {
    let Some(test) = &link.test else { return Gated::Always };
    if test.targets.iter().any(|target| target.count) {
        return Gated::Always;
    }
    let signal = |select: &Select| match select {
        Select::Slot(slot) => signals.iter().position(|signal| signal == slot).filter(|at| only_told[*at]),
        _ => None,
    };
    let needed =
        test.targets.iter().map(|target| if target.source == Source::Tx { signal(&target.select) } else { None });
    if let Some(needed) = needed.collect::<Option<Vec<usize>>>() {
        return Gated::BySignal(needed);
    }
    if let Some(names) = test.targets.iter().map(name).collect::<Option<Vec<Box<[u8]>>>>() {
        return Gated::ByName(names);
    }
    if test.negated || test.argument.is_some() || !test.targets.iter().all(|target| is_looked_at(target.source)) {
        return Gated::Always;
    }
    match test.operator.gate() {
        Gate::Always => Gated::Always,
        Gate::Never => Gated::Never,
        Gate::AnyOf(found) => {
            let literals = literals::chosen(found);
            let expected = literals.iter().map(|literal| expected(literal)).sum();
            Gated::ByLiterals { link: 0, literals, expected }
        }
    }
}

/// Of each signal, whether no rule sets it, and it isn't there from the first rule on.
pub(super) fn only_told(rules: &[Rule], signals: &[Slot], initial: &[Option<Text>]) -> Vec<bool> {
    let keys = || rules.iter().flat_map(|rule| &rule.links).flat_map(|link| &link.setvars).map(|setvar| &setvar.key);
    let may_set = |signal: &Slot| {
        keys().any(|key| match key {
            Key::Slot(slot) => slot == signal,
            Key::Macros(_) => true,
        })
    };
    signals.iter().map(|signal| initial[*signal].is_none() && !may_set(signal)).collect()
}

/// The name of the one argument that a target is of, lowercased.
fn name(target: &Target) -> Option<Box<[u8]>> {
    match (target.source, &target.select) {
        (Source::Args | Source::ArgNames, Select::Key(name)) => Some(name.to_ascii_lowercase().into()),
        _ => None,
    }
}

/// The names of arguments that a link looks at.
pub(super) fn named(link: &Link) -> impl Iterator<Item = Box<[u8]>> {
    link.test.iter().flat_map(|test| &test.targets).filter_map(name)
}

/// The one source of a rule that depends on nothing else, and leaves nothing behind but its match.
pub(super) fn only_source(rule: &Rule) -> Option<Source> {
    let mut only = None;
    for link in &rule.links {
        let test = link.test.as_ref()?;
        if link.capture || !link.setvars.is_empty() || test.argument.is_some() {
            return None;
        }
        for target in &test.targets {
            if target.count
                || !repeated::SOURCES.contains(&target.source)
                || *only.get_or_insert(target.source) != target.source
            {
                return None;
            }
        }
    }
    only
}

/// Whether the plan looks for literals there.
fn is_looked_at(source: Source) -> bool {
    !matches!(
        source,
        Source::RequestLine
            | Source::RemoteAddr
            | Source::RemoteHost
            | Source::ArgsCombinedSize
            | Source::UrlEncodedError
    ) && !Source::MOMENTS.contains(&source)
        && (source as u8) <= Source::Headers as u8
}

/// The sources of a link, header by header.
pub(super) fn sources(link: &Link) -> Vec<Source> {
    let targets = link.test.iter().flat_map(|test| &test.targets);
    let mut sources: Vec<Source> = targets.map(|target| target.source).collect();
    if sources.contains(&Source::Headers) {
        sources.retain(|source| *source != Source::Headers);
        sources.extend([Source::HostHeader, Source::UserAgent, Source::Referer]);
    }
    sources
}
