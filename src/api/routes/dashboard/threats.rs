//! What makes requests worth a look, counted: by categories of rules that matched, by tags, and by services that get past
//! the proxy.

use crate::api::error::ApiResult;
use crate::api::statistic::Statistic;
use crate::api::verdicts::VerdictSums;
use crate::classify::{Risk, service_named};
use crate::model::{Dimension, EventFilter, Tag, TimeRange};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The tags that are threats.
const THREATS: [Tag; 6] =
    [Tag::IpLiteral, Tag::UnusualPort, Tag::Dga, Tag::LookAlike, Tag::DoubleExtension, Tag::MimeMismatch];

/// The category of rules on what classifiers say.
const SIGNAL: &str = "signal";

/// Requests of a kind that is worth a look.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreatCount {
    /// A category of rules, a tag, or a category of services.
    #[schema(example = "ip_literal")]
    pub category: String,
    /// Requests.
    pub count: u64,
}

/// The threats of a range, most requests first; a request may count in several.
pub(super) fn threats(statistic: &Statistic<'_>, range: TimeRange, limit: usize) -> ApiResult<Vec<ThreatCount>> {
    let sums = VerdictSums::find(statistic, &EventFilter::within(range))?;
    // What the classifiers signal to the rules is counted below, by the name of each.
    let categories = sums.categories.into_iter().filter(|(name, _)| name != SIGNAL);
    let mut counts: BTreeMap<String, u64> = categories.map(|(name, outcomes)| (name, outcomes.total())).collect();
    for tag in THREATS {
        counts.insert(tag.name().to_owned(), statistic.store.count(&statistic.tagged(range, &[tag]), &statistic.lens)?);
    }
    // There are not as many services as that.
    for entry in statistic.top(Dimension::Service, &EventFilter::within(range), 10_000, false)? {
        let Some(service) = service_named(&entry.name).filter(|service| service.risk == Risk::High) else { continue };
        let category = service.category.name();
        if !statistic.rows.sanctions.allow(service.name, category) {
            *counts.entry(category.to_owned()).or_default() += entry.measure.outcomes.total();
        }
    }
    let threat = |(category, count)| ThreatCount { category, count };
    let mut threats: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).map(threat).collect();
    threats.sort_by_key(|threat| Reverse(threat.count));
    threats.truncate(limit);
    Ok(threats)
}
