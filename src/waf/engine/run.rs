//! One line through the rules.

use std::ops::Range;

use super::Engine;
use super::program::{Effect, Key, Link, Operation, Piece, Points, RuleAt, Select, SetVar, Target, Template, Test};
use super::scratch::{Found, Hit, Matched, Scratch, Value};
use crate::waf::libinjection;
use crate::waf::operators::Captures;
use crate::waf::variables::{HEADERS, Request, Source, Text, Texts};

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
    /// and had not matched: nothing is left of what matched before.
    fn next(&self, scratch: &mut Scratch, at: &mut RuleAt, end: RuleAt) -> Option<RuleAt> {
        let first = *at;
        while *at < end {
            let word = scratch.candidates.get(*at / 64)? >> (*at % 64);
            if word == 0 {
                *at = (*at / 64 + 1) * 64;
                continue;
            }
            let rule = *at + word.trailing_zeros() as usize;
            if rule >= end {
                return None;
            }
            if rule > first {
                scratch.matched.clear();
            }
            *at = rule + 1;
            return Some(rule);
        }
        None
    }

    fn rule(&self, scratch: &mut Scratch, at: RuleAt, tell: bool, next: &mut RuleAt, on: &mut bool) {
        if scratch.removed.contains(&at) {
            return;
        }
        let rule = &self.rules[at];
        if rule.links.first().is_some_and(|link| !self.some_pass(scratch, link)) {
            scratch.matched.clear();
            return;
        }
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

    /// Whether some value of a link may match, by what all of them have together.
    fn some_pass(&self, scratch: &mut Scratch, link: &Link) -> bool {
        let Some(test) = link.test.as_ref().filter(|test| test.is_guarded && link.multi.is_none()) else { return true };
        test.targets.iter().any(|target| {
            let Some(summary) = scratch.line.summary(&mut scratch.texts, target.source) else { return true };
            target.count
                || (test.guard_before.lets_some_pass(summary.longest, summary.kinds)
                    && (!self.nodes[link.node].keeps(summary.kinds)
                        || test.guard.lets_some_pass(summary.longest, summary.kinds)))
        })
    }

    /// Whether a text may match a link once it is transformed.
    fn passes(&self, texts: &mut Texts, link: &Link, text: Text) -> bool {
        let Some(test) = link.test.as_ref().filter(|test| test.is_guarded && link.multi.is_none()) else { return true };
        let kinds = texts.kinds(text);
        let value = texts.get(text);
        test.guard_before.lets_pass(value, kinds)
            && (!self.nodes[link.node].keeps(kinds) || test.guard.lets_pass(value, kinds))
    }

    /// Asks a link's operator about a text. `let_pass`: that the guard lets it pass is known.
    fn ask(
        &self,
        scratch: &mut Scratch,
        link: &Link,
        test: &Test,
        text: Text,
        let_pass: bool,
    ) -> Option<Range<usize>> {
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

    fn is_removed(&self, scratch: &Scratch, rule: RuleAt, collection: &str, key: Option<&[u8]>) -> bool {
        scratch.removed_targets.iter().any(|at| {
            let removed = &self.removed_targets[*at];
            removed.collection == collection
                && removed.key.as_deref().map(str::as_bytes) == key
                && removed.rules.binary_search(&rule).is_ok()
        })
    }

    /// The values of a target that may match. `gated` is the rule, where the plan has looked for what it needs.
    fn values(
        &self,
        scratch: &mut Scratch,
        link: &Link,
        target: &Target,
        gated: Option<RuleAt>,
        at: usize,
        out: &mut Vec<Value>,
    ) {
        let before = out.len();
        let value = |key, text| Value { target: at, key, text };
        match target.source {
            Source::Args | Source::ArgNames => {
                let names = target.source == Source::ArgNames;
                let Scratch { line, texts, hits_of, .. } = scratch;
                let by_name = !matches!(target.select, Select::All);
                for (key, argument) in &line.args {
                    let text = if names { *key } else { *argument };
                    // Those that can't match are many, and are left out at once, unless they are counted.
                    if by_name && !self.selects(target, texts.get(*key)) {
                        continue;
                    }
                    if let Some(rule) = gated
                        && link.multi.is_none()
                        && !target.count
                        && self.nodes[link.node].keeps(texts.kinds(text))
                        && !hits_of.any_within(rule, texts.range(text))
                    {
                        continue;
                    }
                    let passes = target.count || self.passes(texts, link, text);
                    if passes && (by_name || self.selects(target, texts.get(*key))) {
                        out.push(value(*key, text));
                    }
                }
            }
            Source::Headers | Source::HeaderNames => {
                for (name, source) in HEADERS {
                    let Some(text) = scratch.line.one(source) else { continue };
                    if self.selects(target, name.as_bytes()) {
                        let key = scratch.texts.push(name.as_bytes());
                        let text = if target.source == Source::HeaderNames { key } else { text };
                        out.push(value(key, text));
                    }
                }
            }
            Source::Tx => match &target.select {
                Select::Slot(slot) => out.extend(scratch.tx[*slot].map(|text| value(Texts::EMPTY, text))),
                _ => self.all_tx(scratch, target, at, out),
            },
            Source::MatchedVar | Source::MatchedVarName => {
                let last = scratch.matched.last().copied();
                let text = last.map_or(Texts::EMPTY, |matched| match target.source {
                    Source::MatchedVar => matched.text,
                    _ => matched.name,
                });
                out.push(value(Texts::EMPTY, text));
            }
            Source::MatchedVars | Source::MatchedVarsNames => {
                for matched in &scratch.matched {
                    if self.selects(target, scratch.texts.get(matched.name)) {
                        let is_name = target.source == Source::MatchedVarsNames;
                        out.push(value(matched.name, if is_name { matched.name } else { matched.text }));
                    }
                }
            }
            source => {
                let text = scratch.line.one(source);
                let text = text.filter(|text| target.count || self.passes(&mut scratch.texts, link, *text));
                out.extend(text.map(|text| value(Texts::EMPTY, text)));
            }
        }
        if target.count {
            let count = (out.len() - before) as i64;
            out.truncate(before);
            if !target.source.is_one() || scratch.line.is_logged(target.source) {
                out.push(value(Texts::EMPTY, scratch.texts.number(count)));
            }
        }
    }

    fn all_tx(&self, scratch: &mut Scratch, target: &Target, at: usize, out: &mut Vec<Value>) {
        for slot in 0..scratch.tx.len() {
            let Some(text) = scratch.tx[slot] else { continue };
            let name = &self.slots.names[slot];
            if self.selects(target, name.as_bytes()) {
                let key = scratch.texts.push(name.as_bytes());
                out.push(Value { target: at, key, text });
            }
        }
        for other in 0..scratch.other_tx.len() {
            let (name, text) = &scratch.other_tx[other];
            if self.selects(target, name.as_bytes()) {
                let (key, text) = (scratch.texts.push(name.as_bytes()), *text);
                out.push(Value { target: at, key, text });
            }
        }
    }

    fn selects(&self, target: &Target, key: &[u8]) -> bool {
        self.is(&target.select, key) && !target.but.iter().any(|but| self.is(but, key))
    }

    fn is(&self, select: &Select, key: &[u8]) -> bool {
        match select {
            Select::All => true,
            Select::Key(own) => own.eq_ignore_ascii_case(key),
            Select::Slot(slot) => self.slots.names[*slot].as_bytes().eq_ignore_ascii_case(key),
            Select::Regex(regex) => regex.matches(key, None).is_some(),
        }
    }

    fn set_all(&self, scratch: &mut Scratch, setvars: &[SetVar]) {
        for setvar in setvars {
            let mut key = None;
            let slot = match &setvar.key {
                Key::Slot(slot) => Some(*slot),
                Key::Macros(template) => {
                    let name = self.told(scratch, template).to_ascii_lowercase();
                    let slot = self.slots.find(&name);
                    key = Some(name);
                    slot
                }
            };
            let key = key.as_deref().unwrap_or_default();
            let before = |scratch: &Scratch| {
                scratch.value_of_tx(key, slot).map_or(0, |text| whole_number(scratch.texts.get(text)))
            };
            let value = match &setvar.operation {
                Operation::Unset => None,
                Operation::Set(template) => Some(self.text(scratch, template)),
                Operation::Add(template) => {
                    let text = self.text(scratch, template);
                    let by = whole_number(scratch.texts.get(text));
                    if setvar.is_points {
                        scratch.points = scratch.points.saturating_add(u32::try_from(by).unwrap_or(0));
                    }
                    Some(scratch.texts.number(before(scratch) + by))
                }
                Operation::Subtract(template) => {
                    let text = self.text(scratch, template);
                    let by = whole_number(scratch.texts.get(text));
                    Some(scratch.texts.number(before(scratch) - by))
                }
            };
            match (slot, value) {
                (Some(slot), value) => scratch.tx[slot] = value,
                (None, value) => {
                    scratch.other_tx.retain(|(own, _)| **own != *key);
                    scratch.other_tx.extend(value.map(|value| (key.into(), value)));
                }
            }
        }
    }

    /// What a template comes to.
    fn text(&self, scratch: &mut Scratch, template: &Template) -> Text {
        match template {
            Template::Fixed(text) => *text,
            Template::Pieces(_) => {
                let mut expanded = std::mem::take(&mut scratch.expanded);
                expanded.clear();
                self.expand(scratch, template, &mut expanded);
                let text = scratch.texts.push(&expanded);
                scratch.expanded = expanded;
                text
            }
        }
    }

    fn told(&self, scratch: &Scratch, template: &Template) -> String {
        let mut expanded = Vec::new();
        self.expand(scratch, template, &mut expanded);
        String::from_utf8_lossy(&expanded).into_owned()
    }

    fn expand(&self, scratch: &Scratch, template: &Template, out: &mut Vec<u8>) {
        let pieces = match template {
            Template::Fixed(text) => return out.extend_from_slice(scratch.texts.get(*text)),
            Template::Pieces(pieces) => pieces,
        };
        for piece in pieces {
            let text = match piece {
                Piece::Fixed(text) => Some(*text),
                Piece::Slot(slot) => scratch.tx[*slot],
                Piece::Value(source, key) => first_of(scratch, *source, key.as_deref()),
            };
            if let Some(text) = text {
                out.extend_from_slice(scratch.texts.get(text));
            }
        }
    }
}

/// What a macro names.
fn first_of(scratch: &Scratch, source: Source, key: Option<&[u8]>) -> Option<Text> {
    let is = |name: Text| key.is_none_or(|key| scratch.texts.get(name).eq_ignore_ascii_case(key));
    match source {
        Source::Args => scratch.line.args.iter().find(|(name, _)| is(*name)).map(|(_, value)| *value),
        Source::ArgNames => scratch.line.args.iter().find(|(name, _)| is(*name)).map(|(name, _)| *name),
        Source::MatchedVar | Source::MatchedVars => scratch.matched.last().map(|matched| matched.text),
        Source::MatchedVarName | Source::MatchedVarsNames => scratch.matched.last().map(|matched| matched.name),
        source => scratch.line.one(source),
    }
}

/// The key of a value: as the request has it, or as the rule names it.
fn key_of<'t>(target: &'t Target, value: &Value) -> Option<Result<Text, &'t str>> {
    if value.key == Texts::EMPTY { target.key.as_deref().map(Err) } else { Some(Ok(value.key)) }
}

/// Keeps captures as `TX:0` to `TX:9`. Those that took no part keep what they had, as in libmodsecurity.
fn keep(scratch: &mut Scratch, captures: &Captures, text: Text) {
    for (group, place) in captures.iter() {
        scratch.tx[group] = Some(scratch.texts.part(text, place));
    }
}

/// What a text begins with, as C's `stoi` has it; 0 where that is no number, or too large a one.
fn whole_number(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let mut number: i64 = 0;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = number * 10 + i64::from(digit - b'0');
        if number > i64::from(i32::MAX) {
            return 0;
        }
    }
    sign * number
}
