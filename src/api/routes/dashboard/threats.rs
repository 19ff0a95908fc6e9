//! What makes requests worth a look, counted. Until rows are scored: by tags, and by services that get past the proxy.

use crate::api::error::ApiResult;
use crate::api::statistic::Statistic;
use crate::classify::{Risk, service_named};
use crate::model::{Dimension, EventFilter, Tag, TimeRange};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The tags that are threats.
const THREATS: [Tag; 6] =
    [Tag::IpLiteral, Tag::UnusualPort, Tag::Dga, Tag::LookAlike, Tag::DoubleExtension, Tag::MimeMismatch];

/// Requests of a kind that is worth a look.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreatCount {
    /// A tag, or a category of services.
    #[schema(example = "ip_literal")]
    pub category: &'static str,
    /// Requests.
    pub count: u64,
}

/// The threats of a range, most requests first; a request may count in several.
pub(super) fn threats(statistic: &Statistic<'_>, range: TimeRange, limit: usize) -> ApiResult<Vec<ThreatCount>> {
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for tag in THREATS {
        counts.insert(tag.name(), statistic.store.count(&statistic.tagged(range, &[tag]), &statistic.lens)?);
    }
    // There are not as many services as that.
    for entry in statistic.top(Dimension::Service, &EventFilter::within(range), 10_000, false)? {
        let Some(service) = service_named(&entry.name).filter(|service| service.risk == Risk::High) else { continue };
        let category = service.category.name();
        if !statistic.rows.sanctions.allow(service.name, category) {
            *counts.entry(category).or_default() += entry.measure.outcomes.total();
        }
    }
    let threat = |(category, count)| ThreatCount { category, count };
    let mut threats: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).map(threat).collect();
    threats.sort_by_key(|threat| Reverse(threat.count));
    threats.truncate(limit);
    Ok(threats)
}
