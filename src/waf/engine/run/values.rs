//! The values that a link looks at, and which of them are worth asking about.

use crate::waf::engine::Engine;
use crate::waf::engine::program::{Link, RuleAt, Select, Target, Test};
use crate::waf::engine::scratch::{Scratch, Value};
use crate::waf::plan::Arguments;
use crate::waf::variables::{HEADERS, Source, Text, Texts};

impl Engine {
    /// Whether some value of a target may match, by what all of them have together.
    pub(super) fn some_pass(&self, scratch: &mut Scratch, link: &Link, test: &Test, target: &Target) -> bool {
        if !test.is_guarded || link.multi.is_some() || target.count {
            return true;
        }
        let Some(summary) = scratch.line.summary(&mut scratch.texts, target.source, test.guard_before.shortest) else {
            return true;
        };
        test.guard_before.lets_some_pass(summary.longest, summary.kinds)
            && (!self.nodes[link.node].keeps(summary.kinds)
                || test.guard.lets_some_pass(summary.longest, summary.kinds))
    }

    /// Whether a text may match a link once it is transformed.
    fn passes(&self, texts: &mut Texts, link: &Link, text: Text) -> bool {
        let Some(test) = link.test.as_ref().filter(|test| test.is_guarded && link.multi.is_none()) else { return true };
        let kinds = texts.kinds(text);
        let value = texts.get(text);
        test.guard_before.lets_pass(value, kinds)
            && (!self.nodes[link.node].keeps(kinds) || test.guard.lets_pass(value, kinds))
    }

    pub(super) fn is_removed(&self, scratch: &Scratch, rule: RuleAt, collection: &str, key: Option<&[u8]>) -> bool {
        scratch.removed_targets.iter().any(|at| {
            let removed = &self.removed_targets[*at];
            removed.collection == collection
                && removed.key.as_deref().map(str::as_bytes) == key
                && removed.rules.binary_search(&rule).is_ok()
        })
    }

    /// The values of a target that may match. `gated` is the rule, where the plan has looked for what it needs.
    pub(super) fn values(
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
                let Scratch { line, texts, hits_of, named, .. } = scratch;
                let by_name = !matches!(target.select, Select::All);
                let places = match (&target.select, gated.filter(|_| link.multi.is_none() && !target.count)) {
                    (Select::Key(_), _) => *named,
                    (_, Some(rule)) if names => hits_of.names(rule),
                    (_, Some(rule)) => hits_of.values(rule),
                    _ => Arguments::ALL,
                };
                for place in places.places(line.args.len()) {
                    let (key, argument) = &line.args[place];
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
}

/// The key of a value: as the request has it, or as the rule names it.
pub(super) fn key_of<'t>(target: &'t Target, value: &Value) -> Option<Result<Text, &'t str>> {
    if value.key == Texts::EMPTY { target.key.as_deref().map(Err) } else { Some(Ok(value.key)) }
}
