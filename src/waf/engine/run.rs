//! One line through the rules.

mod setvars;
mod values;

use std::ops::Range;

use values::key_of;

use super::Engine;
use super::program::{Effect, Link, Points, RuleAt, Test};
use super::scratch::{Found, Hit, Matched, Scratch};
use crate::waf::libinjection;
use crate::waf::operators::Captures;
use crate::waf::variables::{Request, Text};

impl Engine {
    /// Leaves what matched in the scratch; with messages if `tell`.
    pub(super) fn run(&self, request: &Request<'_>, scratch: &mut Scratch, tell: bool) {
        scratch.clear(self);
        if self.off {
            return;
        }
        let Scratch { line, texts, .. } = scratch;
        line.read(texts, request, self.wanted, self.separator);
        scratch.line_is_read();
        for (slot, signal) in self.signals.iter().zip(request.signals) {
            if let Some(signal) = signal {
                scratch.tx[*slot] = Some(scratch.texts.push(signal));
            }
        }
        self.plan.candidates(&self.nodes, &self.signals, scratch, |scratch, rule| {
            let rule = rule as RuleAt;
            let mut links = self.rules[rule].links.iter().enumerate();
            let matched = links.all(|(index, link)| self.link(scratch, rule, index, link).is_some());
            scratch.matched.clear();
            matched
        });
        let mut on = true;
        for (mut at, end) in [(0, self.second_phase), (self.second_phase, self.rules.len())] {
            if !on {
                break;
            }
            while let Some(rule) = self.next(scratch, &mut at, end) {
                self.rule(scratch, rule, tell, &mut at, &mut on);
            }
        }
    }

    /// The next rule that may hit, from `at` on. Where one is passed over that can't, it is as if it had been asked
    /// and had not matched: nothing is left of what matched before. One that was taken out is not even asked.
    fn next(&self, scratch: &mut Scratch, at: &mut RuleAt, end: RuleAt) -> Option<RuleAt> {
        let next = candidate(&scratch.candidates, *at..end);
        let mut passed = *at..next.unwrap_or(end);
        if !passed.is_empty() && (scratch.removed.is_empty() || passed.any(|rule| !scratch.removed.contains(&rule))) {
            scratch.matched.clear();
        }
        *at = next.map_or(end, |rule| rule + 1);
        next
    }

    fn rule(&self, scratch: &mut Scratch, at: RuleAt, tell: bool, next: &mut RuleAt, on: &mut bool) {
        if scratch.removed.contains(&at) {
            return;
        }
        let rule = &self.rules[at];
        scratch.points = 0;
        let mut found = None;
        for (index, link) in rule.links.iter().enumerate() {
            match self.link(scratch, at, index, link) {
                None => {
                    scratch.matched.clear();
                    return;
                }
                Some(Some(of_link)) => found = Some(of_link),
                Some(None) => {}
            }
        }
        if rule.told {
            let points = match rule.points {
                Points::Fixed(points) => points,
                Points::Added => scratch.points,
            };
            let (mut msg, mut logdata) = (String::new(), String::new());
            if tell {
                msg = self.told(scratch, &rule.msg);
                logdata = self.told(scratch, &rule.logdata);
            }
            scratch.hits.push(Hit { rule: at, points, found, msg, logdata });
        }
        for effect in &rule.effects {
            match effect {
                Effect::Engine(running) => *on = *running,
                Effect::Remove(rules) => scratch.removed.extend(rules),
                Effect::RemoveTarget(target) => scratch.removed_targets.push(*target),
            }
        }
        if let Some(jump) = rule.jump {
            *next = jump;
        }
    }

    /// Whether a link matches, and the first of its values that does, where it has a test.
    fn link(&self, scratch: &mut Scratch, rule: RuleAt, index: usize, link: &Link) -> Option<Option<Found>> {
        let Some(test) = &link.test else {
            self.set_all(scratch, &link.setvars);
            return Some(None);
        };
        let mut values = std::mem::take(&mut scratch.values);
        values.clear();
        for (at, target) in test.targets.iter().enumerate() {
            if !self.some_pass(scratch, link, test, target) {
                continue;
            }
            if index > 0 || !self.is_removed(scratch, rule, target.collection, target.key.as_deref().map(str::as_bytes))
            {
                let gated = self.plan.is_gated(rule, index, target.source).then_some(rule);
                self.values(scratch, link, target, gated, at, &mut values);
            }
        }
        let mut first = None;
        for value in &values {
            let target = &test.targets[value.target];
            let key = scratch.texts.get(value.key);
            if index == 0 && !key.is_empty() && self.is_removed(scratch, rule, target.collection, Some(key)) {
                continue;
            }
            let mut asked = None;
            for node in link.multi.as_deref().unwrap_or(std::slice::from_ref(&link.node)) {
                let decoded = scratch.transformed(&self.nodes, value.text, *node);
                if asked == Some(decoded) {
                    continue;
                }
                asked = Some(decoded);
                if !test.negated && !self.plan.may_match(scratch, rule, index, target.source, decoded) {
                    continue;
                }
                let kinds = scratch.texts.kinds(value.text);
                let let_pass = test.is_guarded && link.multi.is_none() && self.nodes[*node].keeps(kinds);
                let Some(fragment) = self.ask(scratch, link, test, decoded, let_pass) else { continue };
                let name = match key_of(target, value) {
                    None => scratch.texts.push(target.collection.as_bytes()),
                    Some(Ok(key)) => {
                        let key = scratch.texts.get(key).to_vec();
                        scratch.texts.push_all(&[target.collection.as_bytes(), b":", &key])
                    }
                    Some(Err(key)) => scratch.texts.push_all(&[target.collection.as_bytes(), b":", key.as_bytes()]),
                };
                scratch.matched.push(Matched { name, text: decoded });
                first.get_or_insert(Found { link: index, value: *value, node: *node, decoded, fragment });
                self.set_all(scratch, &link.setvars);
            }
        }
        scratch.values = values;
        first.map(Some)
    }

    /// Asks a link's operator about a text. `let_pass`: that the guard lets it pass is known.
    fn ask(&self, scratch: &mut Scratch, link: &Link, test: &Test, text: Text, let_pass: bool) -> Option<Range<usize>> {
        if test.argument.is_none() && !let_pass {
            let kinds = scratch.texts.kinds(text);
            let value = scratch.texts.get(text);
            if !test.guard.lets_pass(value, kinds) {
                return test.negated.then_some(0..value.len());
            }
        }
        let mut captures = std::mem::take(&mut scratch.captures);
        captures.clear();
        let wanted = (link.capture && test.operator.captures()).then_some(&mut captures);
        let found = match &test.argument {
            None => test.operator.matches(scratch.texts.get(text), wanted),
            Some(argument) => {
                let mut expanded = std::mem::take(&mut scratch.expanded);
                expanded.clear();
                self.expand(scratch, argument, &mut expanded);
                let found = test.operator.matches_expanded(&expanded, scratch.texts.get(text), wanted);
                scratch.expanded = expanded;
                found
            }
        };
        if link.capture && found.is_some() {
            if test.fingerprint {
                let fingerprint = libinjection::sqli(scratch.texts.get(text));
                scratch.tx[0] = fingerprint.map(|fingerprint| scratch.texts.push(fingerprint.as_bytes()));
            } else {
                keep(scratch, &captures, text);
            }
        }
        scratch.captures = captures;
        match (found, test.negated) {
            (found, false) => found,
            (Some(_), true) => None,
            (None, true) => Some(0..scratch.texts.get(text).len()),
        }
    }
}

/// The first candidate of a range of rules.
fn candidate(candidates: &[u64], rules: Range<RuleAt>) -> Option<RuleAt> {
    let mut at = rules.start;
    while at < rules.end {
        let word = candidates.get(at / 64)? >> (at % 64);
        if word != 0 {
            return Some(at + word.trailing_zeros() as usize).filter(|rule| *rule < rules.end);
        }
        at = (at / 64 + 1) * 64;
    }
    None
}

/// Keeps captures as `TX:0` to `TX:9`. Those that took no part keep what they had, as in libmodsecurity.
fn keep(scratch: &mut Scratch, captures: &Captures, text: Text) {
    for (group, place) in captures.iter() {
        scratch.tx[group] = Some(scratch.texts.part(text, place));
    }
}
