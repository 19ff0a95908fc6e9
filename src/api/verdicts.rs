//! What rules said of many rows: hits by rule and category, rows by score. All from the sums by verdict, of which there
//! are few, however many rows there are.

use super::error::ApiResult;
use super::statistic::Statistic;
use crate::model::{Dimension, EventFilter, GroupOrder, OutcomeCounts, SeriesQuery, Timestamp, Verdict};
use std::collections::BTreeMap;

/// Distinct verdicts that are looked at; there are never as many.
const MOST_VERDICTS: usize = 1_000_000;

/// What rules said of the rows that a filter lets through.
#[derive(Clone, Debug, Default)]
pub struct VerdictSums {
    /// Rows that were scored.
    pub scored: u64,
    /// Of them, those from the threshold on.
    pub flagged: u64,
    /// Rows by score.
    pub scores: BTreeMap<u32, u64>,
    /// Rows that a rule matched, by id.
    pub rules: BTreeMap<u32, u64>,
    /// Rows that a rule of a category matched, by outcome.
    pub categories: BTreeMap<String, OutcomeCounts>,
}

impl VerdictSums {
    /// Of the rows that pass.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn find(statistic: &Statistic<'_>, filter: &EventFilter) -> ApiResult<VerdictSums> {
        let mut sums = VerdictSums::default();
        let groups = statistic.groups(Dimension::Verdict, filter, GroupOrder::Rows, MOST_VERDICTS, false)?;
        for entry in groups.entries {
            let Some(verdict) = Verdict::read(entry.name.as_bytes()) else { continue };
            let rows = entry.measure.outcomes.total();
            sums.scored += rows;
            *sums.scores.entry(verdict.score).or_default() += rows;
            if verdict.score >= statistic.rows.flagged_from {
                sums.flagged += rows;
            }
            verdict.rules.iter().for_each(|(id, _)| *sums.rules.entry(*id).or_default() += rows);
            for category in verdict.categories {
                sums.categories.entry(category).or_default().add(&entry.measure.outcomes);
            }
        }
        Ok(sums)
    }
}

/// What rules said of a bucket's rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Threats {
    /// The highest score.
    pub max_score: u32,
    /// Rows from the threshold on.
    pub flagged: u64,
    /// Rows that a rule of a category matched.
    pub categories: BTreeMap<String, u64>,
}

/// What rules said of rows by verdict, by rising time; buckets without a row that was scored are left out.
///
/// # Errors
/// When the store can't be read.
pub fn threat_series(statistic: &Statistic<'_>, query: &SeriesQuery) -> ApiResult<BTreeMap<Timestamp, Threats>> {
    let mut buckets: BTreeMap<Timestamp, Threats> = BTreeMap::new();
    for point in statistic.store.series(query, &statistic.lens)? {
        let Some(verdict) = Verdict::read(point.name.as_bytes()) else { continue };
        let (threats, rows) = (buckets.entry(point.time).or_default(), point.measure.outcomes.total());
        threats.max_score = verdict.score.max(threats.max_score);
        if verdict.score >= statistic.rows.flagged_from {
            threats.flagged += rows;
        }
        for category in verdict.categories {
            *threats.categories.entry(category).or_default() += rows;
        }
    }
    Ok(buckets)
}
