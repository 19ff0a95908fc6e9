//! A verdict with the way there: what each value was before it was decoded, and what each step made of it.

use super::Engine;
use super::scratch::Scratch;
use super::verdict::{self, Verdict};

/// What the rules say of a line, and why.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Explanation {
    /// The verdict.
    pub verdict: Verdict,
    /// For each match of the verdict, in the same order: the value as the request has it, then what each transformation
    /// that changed it came to.
    pub steps: Vec<Vec<Step>>,
}

/// A value on its way to an operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What made it, by SecLang's name without `t:`; nothing of the first step.
    pub transformation: Option<&'static str>,
    /// The value.
    pub value: Vec<u8>,
}

pub(super) fn explanation(engine: &Engine, scratch: &mut Scratch) -> Explanation {
    let verdict = verdict::verdict(engine, scratch);
    let steps = scratch.hits.iter().map(|hit| {
        let Some(found) = &hit.found else { return Vec::new() };
        let mut way = Vec::new();
        let mut node = found.node;
        while let Some(transformation) = engine.nodes[node].last {
            way.push(transformation);
            node = engine.nodes[node].before;
        }
        let first = scratch.texts.get(found.value.text).to_vec();
        let mut steps = vec![Step { transformation: None, value: first }];
        let mut value = Vec::new();
        for transformation in way.into_iter().rev() {
            let last = steps.last().map_or(&[][..], |step| &step.value);
            if transformation.apply(last, &mut value) {
                steps.push(Step { transformation: Some(transformation.name), value: value.clone() });
            }
        }
        steps
    });
    Explanation { steps: steps.collect(), verdict }
}
