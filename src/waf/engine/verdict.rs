//! What the rules say of a line.

use std::ops::Range;

use super::Engine;
use super::scratch::{Hit, Scratch};
use crate::waf::seclang::{Place, Severity};
use crate::waf::variables::Texts;

/// A verdict in short.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// The sum of the points of all rules that matched. By severity a rule has 5 (critical and worse), 4 (error), 3
    /// (warning) or 2 (notice), once a line; a rule of CRS has what it adds to its anomaly score.
    pub points: u32,
    /// The worst severity of those rules.
    pub severity: Option<Severity>,
}

/// What the rules say of a line, in full.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdict {
    /// As [`Score::points`].
    pub score: u32,
    /// As [`Score::severity`].
    pub severity: Option<Severity>,
    /// The rules that matched, in the order in which they did.
    pub matches: Vec<RuleMatch>,
}

/// A rule that matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleMatch {
    /// The rule.
    pub id: u32,
    /// What it says, with macros filled in.
    pub msg: String,
    /// What it reports of the request, likewise.
    pub logdata: String,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Its part of the score; 0 of rules that only look at what others found.
    pub points: u32,
    /// Its tags.
    pub tags: Vec<Box<str>>,
    /// What it matched: `ARGS:id`, `REQUEST_URI`. Of a chain, that of the last link. Empty of rules that look at
    /// nothing.
    pub variable: String,
    /// The value as it was matched, after decoding.
    pub value: Vec<u8>,
    /// The bytes of [`value`](Self::value) that matched; all where the operator judges it as a whole.
    pub fragment: Range<usize>,
    /// Where the rule stands.
    pub place: Option<Place>,
}

pub(super) fn score(engine: &Engine, scratch: &mut Scratch) -> Score {
    let mut score = Score::default();
    let Scratch { hits, ids, .. } = scratch;
    for hit in hits.iter() {
        let rule = &engine.rules[hit.rule].read;
        ids.push(rule.id);
        score.points = score.points.saturating_add(hit.points);
        score.severity = score.severity.into_iter().chain(rule.severity).min();
    }
    score
}

pub(super) fn verdict(engine: &Engine, scratch: &mut Scratch) -> Verdict {
    let Score { points, severity } = score(engine, scratch);
    let matches = scratch.hits.iter().map(|hit| rule_match(engine, scratch, hit)).collect();
    Verdict { score: points, severity, matches }
}

pub(super) fn rule_match(engine: &Engine, scratch: &Scratch, hit: &Hit) -> RuleMatch {
    let rule = &engine.rules[hit.rule].read;
    let (mut variable, mut value, mut fragment) = (String::new(), Vec::new(), 0..0);
    if let Some(found) = &hit.found {
        let test = engine.rules[hit.rule].links[found.link].test.as_ref();
        if let Some(target) = test.and_then(|test| test.targets.get(found.value.target)) {
            variable = target.collection.to_owned();
            let key = match found.value.key {
                Texts::EMPTY => target.key.as_deref().map(Into::into),
                key => Some(String::from_utf8_lossy(scratch.texts.get(key))),
            };
            if let Some(key) = key {
                variable = format!("{variable}:{key}");
            }
            if target.count {
                variable.insert(0, '&');
            }
        }
        value = scratch.texts.get(found.decoded).to_vec();
        fragment = found.fragment.clone();
    }
    RuleMatch {
        id: rule.id,
        msg: hit.msg.clone(),
        logdata: hit.logdata.clone(),
        severity: rule.severity,
        points: hit.points,
        tags: rule.tags.clone(),
        variable,
        value,
        fragment,
        place: rule.place().cloned(),
    }
}
