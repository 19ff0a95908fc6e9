//! The rows that suspicions rest on: a second look at the window, in which each takes its first rows and its last.

use super::suspicion::{Place, Suspicion};
use crate::model::{Finding, RowId, Visit, VisitNames, VisitSink};
use std::collections::{HashMap, VecDeque};

/// Of the first rows, and of the last, so many each.
const EACH: usize = Finding::MOST_EVIDENCE / 2;

/// Rows of one suspicion.
#[derive(Clone, Debug, Default)]
struct Rows {
    first: Vec<RowId>,
    last: VecDeque<RowId>,
}

impl Rows {
    fn take(&mut self, row: RowId) {
        if self.first.len() < EACH {
            self.first.push(row);
        } else {
            self.last.push_back(row);
            if self.last.len() > EACH {
                self.last.pop_front();
            }
        }
    }
}

/// Takes the rows.
pub(super) struct Collect<'s> {
    suspicions: &'s [Suspicion],
    /// By part: what the numbers of its suspicions stand for.
    names: &'s [Box<dyn VisitNames>],
    /// Places of the suspicions of each client.
    of_client: HashMap<u32, Vec<usize>>,
    taken: Vec<Rows>,
}

impl<'s> Collect<'s> {
    pub(super) fn of(suspicions: &'s [Suspicion], names: &'s [Box<dyn VisitNames>]) -> Collect<'s> {
        let mut of_client: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, suspicion) in suspicions.iter().enumerate() {
            of_client.entry(suspicion.client).or_default().push(at);
        }
        Collect { suspicions, names, of_client, taken: vec![Rows::default(); suspicions.len()] }
    }

    /// The rows of each suspicion, rising; none where the numbers stand for something else by now.
    pub(super) fn rows(self, now: &dyn VisitNames) -> Vec<Vec<RowId>> {
        let rows = self.suspicions.iter().zip(self.taken).map(|(suspicion, taken)| {
            let then = &*self.names[suspicion.part];
            let same = then.client(suspicion.client) == now.client(suspicion.client)
                && suspicion.place.name(then) == suspicion.place.name(now);
            let mut rows: Vec<RowId> =
                if same { taken.first.into_iter().chain(taken.last).collect() } else { Vec::new() };
            rows.sort_unstable();
            rows
        });
        rows.collect()
    }

    fn is_of(&self, suspicion: &Suspicion, visit: &Visit) -> bool {
        let names = &*self.names[suspicion.part];
        let there = match suspicion.place {
            Place::Anywhere => true,
            Place::Destination(number) => visit.destination == number,
            Place::Domain(number) => names.domain_of(visit.destination) == number,
            Place::Service(number) => names.service_of(visit.destination) == names.service_of(number),
        };
        there
            && (suspicion.first..=suspicion.last).contains(&visit.time)
            && super::detector(suspicion.detector).is_some_and(|detector| (detector.shows)(visit))
    }
}

impl VisitSink for Collect<'_> {
    fn begin(&mut self) {
        self.taken.iter_mut().for_each(|rows| *rows = Rows::default());
    }

    fn visits(&mut self, visits: &[Visit]) {
        for visit in visits {
            let Some(places) = self.of_client.get(&visit.client) else { continue };
            for at in places {
                if self.is_of(&self.suspicions[*at], visit) {
                    self.taken[*at].take(visit.row);
                }
            }
        }
    }
}
