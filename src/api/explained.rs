//! Verdicts with their reasons, in the words of the API: which rule, on which value, decoded how, matched which part.

use crate::model::{EventView, Verdict};
use crate::scoring::{Asked, RuleBook, Scorer};
use crate::waf::engine::{Explanation, RuleMatch, Step};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A rule that matched a request.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct MatchedRule {
    /// The rule's id.
    pub id: u32,
    /// What it says; null where the rule is not there any more.
    pub message: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// How bad a match is.
    #[schema(example = "Critical")]
    pub severity: Option<&'static str>,
    /// Techniques of MITRE ATT&CK.
    pub techniques: Vec<String>,
    /// What it adds to the score.
    pub points: u32,
    /// Where it matched, as SecLang calls it; null where what it matched is not shown, or today's rule doesn't match.
    #[serde(rename = "where")]
    #[schema(example = "ARGS:id")]
    pub location: Option<String>,
    /// What it matched, after decoding.
    pub fragment: Option<String>,
    /// The value on its way there: as it was sent, and what each transformation that changed it made of it.
    pub steps: Vec<DecodedStep>,
    /// The file the rule stands in.
    pub file: Option<String>,
    /// The line there.
    pub line: Option<u64>,
}

/// A value on its way to a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecodedStep {
    /// What made it; null of the value as it was sent.
    #[schema(example = "urlDecodeUni")]
    pub transformation: Option<&'static str>,
    /// The value.
    pub value: String,
}

impl MatchedRule {
    /// What the rule book knows of a rule that gave points.
    fn known(book: &RuleBook, id: u32, points: u32) -> MatchedRule {
        let Some(facts) = book.rule(id) else { return MatchedRule { id, points, ..MatchedRule::default() } };
        MatchedRule {
            id,
            points,
            message: Some(facts.message.clone()),
            category: Some(facts.category.clone()),
            severity: facts.severity.map(|severity| severity.name()),
            techniques: facts.techniques.clone(),
            file: facts.place.as_ref().map(|place| place.file.to_string()),
            line: facts.place.as_ref().map(|place| place.line as u64),
            ..MatchedRule::default()
        }
    }

    fn with(self, found: RuleMatch, steps: Vec<Step>) -> MatchedRule {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let fragment = found.value.get(found.fragment).unwrap_or_default();
        MatchedRule {
            message: Some(found.msg),
            fragment: Some(text(fragment)),
            location: Some(found.variable).filter(|variable| !variable.is_empty()),
            steps: steps
                .iter()
                .map(|step| DecodedStep { transformation: step.transformation, value: text(&step.value) })
                .collect(),
            ..self
        }
    }
}

/// The rules that give points to a request, with their reasons.
pub fn matched(book: &RuleBook, explanation: Explanation) -> Vec<MatchedRule> {
    let Explanation { verdict, steps } = explanation;
    let found = verdict.matches.into_iter().zip(steps).filter(|(found, _)| found.points > 0);
    found.map(|(found, steps)| MatchedRule::known(book, found.id, found.points).with(found, steps)).collect()
}

/// The rules that matched a row when it was scored, with the reasons that today's rules have, as far as the lens shows
/// what they look at; and whether today's rules say the same.
pub fn of_row(scorer: &Scorer, view: &EventView) -> (Vec<MatchedRule>, bool) {
    let Some(Verdict { rules, .. }) = &view.verdict else { return (Vec::new(), true) };
    let header = |value: &'_ Option<String>| value.clone().map(String::into_bytes);
    let (agent, referer) = (header(&view.user_agent), header(&view.referer));
    let (method, client) = (header(&view.method).unwrap_or_default(), header(&view.client_ip));
    let asked = Asked {
        method: &method,
        url: view.url.as_bytes(),
        client: client.as_deref(),
        user_agent: agent.as_deref(),
        referer: referer.as_deref(),
    };
    let (book, Explanation { verdict, steps }) = scorer.explain(&asked);
    let mut today: BTreeMap<u32, (RuleMatch, Vec<Step>)> = verdict
        .matches
        .into_iter()
        .zip(steps)
        .filter(|(found, _)| found.points > 0)
        .map(|(found, steps)| (found.id, (found, steps)))
        .collect();
    let is_same = today.iter().map(|(id, (found, _))| (*id, found.points)).eq({
        let mut stored = rules.clone();
        stored.sort_unstable();
        stored
    });
    let matched = rules.iter().map(|(id, points)| {
        let rule = MatchedRule::known(&book, *id, *points);
        match today.remove(id) {
            Some((found, steps)) => rule.with(found, steps),
            None => rule,
        }
    });
    (matched.collect(), is_same)
}
