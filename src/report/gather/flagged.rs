//! What rules say: from the sums by verdict, of which there are few, and a few rows as examples.

use super::asker::Asker;
use crate::model::{Dimension, EventFilter, EventView, GroupOrder, Order, PageQuery, RowId, Sort, Terms, Verdict};
use crate::report::Shown;
use crate::report::contents::{CategoryHits, Example, Flagged, Reason, Rule, RuleHits, Top};
use crate::store::StoreResult;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Rules of which examples are shown.
const RULES_WITH_EXAMPLES: usize = 12;
/// Examples of each.
const EXAMPLES_OF_RULE: usize = 2;

/// Requests that a rule matched, in all and flagged.
#[derive(Clone, Copy, Default)]
struct Hits {
    requests: u64,
    flagged: u64,
}

pub(super) fn flagged(
    ask: &Asker<'_>,
    rule: &dyn Fn(u32) -> Rule,
    reasons: &dyn Fn(&EventView) -> Vec<Reason>,
) -> StoreResult<Option<Flagged>> {
    let mut found = Flagged { threshold: ask.flagged_from, ..Flagged::default() };
    let (mut rules, mut categories): (BTreeMap<u32, Hits>, BTreeMap<String, u64>) = Default::default();
    for entry in ask.groups(Dimension::Verdict, &ask.all(), GroupOrder::Rows, usize::MAX, false)?.0 {
        let Some(verdict) = Verdict::read(entry.name.as_bytes()) else { continue };
        let requests = entry.measure.outcomes.total();
        let flagged = if verdict.score >= ask.flagged_from { requests } else { 0 };
        found.scored += requests;
        found.flagged += flagged;
        for (id, _) in &verdict.rules {
            let hits = rules.entry(*id).or_default();
            hits.requests += requests;
            hits.flagged += flagged;
        }
        verdict.categories.into_iter().for_each(|name| *categories.entry(name).or_default() += requests);
    }
    if found.scored == 0 {
        return Ok(None);
    }
    let mut order: Vec<(u32, Hits)> = rules.into_iter().collect();
    order.sort_by_key(|(id, hits)| (Reverse((hits.flagged, hits.requests)), *id));
    let of_flagged = order.iter().filter(|(_, hits)| hits.flagged > 0).map(|(id, _)| *id);
    found.examples = examples(ask, of_flagged.take(RULES_WITH_EXAMPLES), reasons)?;
    found.rules.total = order.len() as u64;
    let hits = |(id, Hits { requests, flagged }): (u32, Hits)| RuleHits { rule: rule(id), requests, flagged };
    found.rules = Top { rows: order.into_iter().take(ask.top).map(hits).collect(), ..found.rules };
    found.categories =
        categories.iter().map(|(name, requests)| CategoryHits { name: Shown::of(name), requests: *requests }).collect();
    found.categories.sort_by_key(|category| Reverse(category.requests));
    Ok(Some(found))
}

/// The newest flagged requests of each rule, once each, the highest score first.
fn examples(
    ask: &Asker<'_>,
    rules: impl Iterator<Item = u32>,
    reasons: &dyn Fn(&EventView) -> Vec<Reason>,
) -> StoreResult<Vec<Example>> {
    let (mut known, mut found): (BTreeSet<RowId>, Vec<Example>) = Default::default();
    for id in rules {
        let rule = Terms { any: vec![id], none: Vec::new() };
        let filter = EventFilter { rule, min_score: Some(ask.flagged_from), ..ask.all() };
        let query =
            PageQuery { filter, sort: Sort::Time, order: Order::Descending, ..PageQuery::newest(EXAMPLES_OF_RULE) };
        for event in ask.store.page(&query, &ask.lens)?.rows {
            if known.insert(event.id) {
                found.push(example(EventView::of(&event, &ask.lens), reasons));
            }
        }
    }
    found.sort_by_key(|example| Reverse((example.score, example.time)));
    Ok(found)
}

fn example(view: EventView, reasons: &dyn Fn(&EventView) -> Vec<Reason>) -> Example {
    let text = |text: &Option<String>| text.as_deref().map(Shown::of);
    Example {
        time: view.time,
        client: text(&view.client_ip),
        user: text(&view.user),
        method: text(&view.method),
        url: Shown::of(&view.url),
        status: view.status_code,
        score: view.verdict.as_ref().map_or(0, |verdict| verdict.score),
        reasons: reasons(&view),
    }
}
