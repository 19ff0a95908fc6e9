//! What one client did in a window, as detectors look at it.

use super::Limits;
use super::call::Call;
use super::gather::{Challenge, Gather, Sent};
use crate::model::{Outcome, TimeRange, VisitNames};
use std::collections::HashSet;

/// Days that must lie before something for it to be called new, or unusual.
pub(super) const BASELINE_DAYS: i64 = 3;

/// What all clients' profiles are looked at with.
pub(super) struct Ground<'g> {
    pub(super) range: TimeRange,
    pub(super) limits: &'g Limits,
    pub(super) names: &'g dyn VisitNames,
    /// Domains that nobody had asked for before.
    pub(super) new_domains: &'g HashSet<Vec<u8>>,
}

/// The requests of a client to one destination, in order of time; never empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'p> {
    pub(super) destination: u32,
    pub(super) domain: u32,
    pub(super) calls: &'p [Call],
}

/// What one client did.
#[derive(Debug)]
pub(super) struct Profile<'p> {
    pub(super) client: u32,
    /// All of its requests, by destination and time; never empty.
    pub(super) calls: &'p [Call],
    /// The same, a destination each.
    pub(super) runs: Vec<Run<'p>>,
    /// The same by domain and destination.
    by_domain: Vec<Run<'p>>,
    /// By time.
    pub(super) challenges: &'p [Challenge],
    /// By destination and day.
    pub(super) sent: &'p [Sent],
}

impl<'p> Profile<'p> {
    /// The runs of each domain.
    pub(super) fn domains(&self) -> impl Iterator<Item = &[Run<'p>]> {
        self.by_domain.chunk_by(|run, next| run.domain == next.domain)
    }

    /// When requests with an outcome were made, rising, in milliseconds since the window's start.
    pub(super) fn times_of(&self, outcome: Outcome) -> Vec<u32> {
        let with = self.calls.iter().filter(|call| call.is(outcome));
        let mut times: Vec<u32> = with.map(|call| call.at_ms()).collect();
        times.sort_unstable();
        times
    }

    /// When the first request was made, in milliseconds since the window's start.
    pub(super) fn first_ms(&self) -> u32 {
        self.runs.iter().map(|run| run.calls[0].at_ms()).min().unwrap_or_default()
    }

    /// What was sent to a destination, by day.
    pub(super) fn sent_to(&self, destination: u32) -> &'p [Sent] {
        let from = self.sent.partition_point(|sent| sent.destination < destination);
        let until = self.sent.partition_point(|sent| sent.destination <= destination);
        &self.sent[from..until]
    }
}

/// Profiles of some clients.
pub(super) struct Profiles<'n> {
    names: &'n dyn VisitNames,
    calls: Vec<Call>,
    challenges: Vec<Challenge>,
    sent: Vec<Sent>,
}

impl<'n> Profiles<'n> {
    pub(super) fn of(gather: Gather, names: &'n dyn VisitNames) -> Profiles<'n> {
        let (calls, challenges, sent) = gather.sorted();
        Profiles { names, calls, challenges, sent }
    }

    /// One after the other, by rising client.
    pub(super) fn iter(&self) -> impl Iterator<Item = Profile<'_>> {
        self.calls.chunk_by(|call, next| call.client() == next.client()).map(|calls| self.profile(calls))
    }

    fn profile<'p>(&'p self, calls: &'p [Call]) -> Profile<'p> {
        let client = calls[0].client();
        let run = |calls: &'p [Call]| {
            let destination = calls[0].destination();
            Run { destination, domain: self.names.domain_of(destination), calls }
        };
        let same = |call: &Call, next: &Call| call.destination() == next.destination();
        // What names no destination is no place to go to.
        let is_place = |run: &Run<'p>| self.names.destination(run.destination) != b"-";
        let runs: Vec<Run<'p>> = calls.chunk_by(same).map(run).filter(is_place).collect();
        let mut by_domain = runs.clone();
        by_domain.sort_by_key(|run| run.domain);
        let own = |from: usize, until: usize| from..until;
        let challenges = own(
            self.challenges.partition_point(|challenge| challenge.client < client),
            self.challenges.partition_point(|challenge| challenge.client <= client),
        );
        let sent = own(
            self.sent.partition_point(|sent| sent.client < client),
            self.sent.partition_point(|sent| sent.client <= client),
        );
        Profile { client, calls, runs, by_domain, challenges: &self.challenges[challenges], sent: &self.sent[sent] }
    }
}
