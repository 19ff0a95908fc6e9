//! Groups, series and when groups were seen, by whatever and of whatever rows: the same from both stores.

use crate::support::memory::MemoryStore;
use proptest::prelude::*;
use tidegate::model::{
    Dimension, EventFilter, GroupOrder, GroupQuery, Lens, OutcomeSet, Resolution, SeriesQuery, TimeRange,
};
use tidegate::store::EventStore;

const DIMENSIONS: [Dimension; 17] = [
    Dimension::Client,
    Dimension::User,
    Dimension::Destination,
    Dimension::Domain,
    Dimension::Method,
    Dimension::Status,
    Dimension::ResultCode,
    Dimension::Severity,
    Dimension::Verdict,
    Dimension::Source,
    Dimension::Host,
    Dimension::Service,
    Dimension::ServiceCategory,
    Dimension::ServiceType,
    Dimension::Agent,
    Dimension::Extension,
    Dimension::FileCategory,
];

/// Some of the questions there are, others for each `seed`.
pub fn same_answers(
    columnar: &dyn EventStore,
    memory: &MemoryStore,
    filter: &EventFilter,
    lens: &Lens,
    seed: u64,
    limit: usize,
) -> Result<(), TestCaseError> {
    let pick = |step: usize| DIMENSIONS[(seed as usize + limit + step * 4) % DIMENSIONS.len()];
    for (at, by) in [pick(0), pick(1), pick(2), pick(3)].into_iter().enumerate() {
        let order = match (seed as usize + at) % 4 {
            0 => GroupOrder::Bytes,
            1 => GroupOrder::Outcomes(OutcomeSet::blocked(at == 0)),
            _ => GroupOrder::Rows,
        };
        for filter in [filter, &EventFilter::within(filter.range())] {
            let top = GroupQuery { by, filter: filter.clone(), order, limit: limit / 4, count_clients: at % 2 == 0 };
            prop_assert_eq!(columnar.groups(&top, lens).unwrap(), memory.groups(&top, lens).unwrap(), "{:?}", &top);
            let resolution = [Resolution::FiveMinutes, Resolution::Hour, Resolution::Day][(limit + at) % 3];
            let series = SeriesQuery { by: Some(by).filter(|_| at > 0), filter: filter.clone(), resolution };
            let want = memory.series(&series, lens).unwrap();
            prop_assert_eq!(columnar.series(&series, lens).unwrap(), want, "{:?}", &series);
        }
        let names = memory.groups(&GroupQuery::of(by, TimeRange::ALL, limit), lens).unwrap().entries;
        let names: Vec<String> =
            names.into_iter().map(|entry| entry.name).chain(["nobody".to_owned(), "-".to_owned()]).collect();
        for by in [Some(by), None] {
            let want = memory.durations(by, &names, filter, lens).unwrap();
            prop_assert_eq!(columnar.durations(by, &names, filter, lens).unwrap(), want, "{:?} {:?}", by, filter);
        }
        for range in [filter.range(), TimeRange::ALL] {
            let want = memory.seen(by, &names, range, lens).unwrap();
            prop_assert_eq!(columnar.seen(by, &names, range, lens).unwrap(), want, "{:?} {:?} {:?}", by, &names, range);
            let want = memory.max_scores(by, &names, range, lens).unwrap();
            prop_assert_eq!(columnar.max_scores(by, &names, range, lens).unwrap(), want, "{:?} {:?}", by, &names);
        }
    }
    Ok(())
}
