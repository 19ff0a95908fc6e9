//! How many clients go to a place. What everybody's machine calls by the minute is an update or a mailbox, not a channel
//! of one that was taken over.

use super::Limits;
use super::profile::Profile;
use super::suspicion::{Place, Suspicion};

/// A place is rare up to as many clients, however few there are.
const FEW_CLIENTS: u64 = 3;

/// Clients by destination and domain.
#[derive(Debug, Default)]
pub(super) struct Prevalence {
    clients: u64,
    of_destination: Vec<u32>,
    of_domain: Vec<u32>,
}

impl Prevalence {
    /// Counts a client.
    pub(super) fn add(&mut self, profile: &Profile<'_>) {
        self.clients += 1;
        profile.runs.iter().for_each(|run| count(&mut self.of_destination, run.destination));
        profile.domains().for_each(|runs| count(&mut self.of_domain, runs[0].domain));
    }

    /// Whether few enough clients go where a detector that asks so suspects something.
    pub(super) fn is_rare_enough(&self, suspicion: &Suspicion, limits: &Limits) -> bool {
        let asks = !suspicion.whoever && super::detector(suspicion.detector).is_some_and(|detector| detector.only_rare);
        let of = |counts: &[u32], number: u32| u64::from(counts.get(number as usize).copied().unwrap_or_default());
        let clients = match suspicion.place {
            Place::Destination(number) => of(&self.of_destination, number),
            Place::Domain(number) => of(&self.of_domain, number),
            Place::Service(_) | Place::Anywhere => 0,
        };
        !asks || clients <= FEW_CLIENTS.max(self.clients * limits.rare_clients_pct / 100)
    }
}

fn count(counts: &mut Vec<u32>, number: u32) {
    // No number at all: what its lines named is gone.
    if number == u32::MAX {
        return;
    }
    let at = number as usize;
    if at >= counts.len() {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}
