//! Takes the rows of some of the clients, and sorts them by client.

use super::call::Call;
use crate::model::{DAY_MS, Outcome, TimeRange, Visit, VisitSink};
use std::collections::HashMap;

/// A request for credentials that a client answered with a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Challenge {
    pub(super) client: u32,
    /// Milliseconds since the window's start.
    pub(super) at_ms: u32,
    pub(super) user: u32,
}

/// What a client sent to a destination on a day of the window.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Sent {
    pub(super) client: u32,
    pub(super) destination: u32,
    /// 0 the window's first.
    pub(super) day: u32,
    pub(super) bytes: u64,
}

/// The rows of one part of the clients.
#[derive(Debug)]
pub(super) struct Gather {
    range: TimeRange,
    /// Which part, of how many.
    part: (u32, u32),
    pub(super) calls: Vec<Call>,
    pub(super) challenges: Vec<Challenge>,
    sent: HashMap<(u32, u32, u32), u64>,
    has_cs_bytes: bool,
}

impl Gather {
    pub(super) fn new(range: TimeRange, part: (u32, u32)) -> Gather {
        let (calls, challenges) = (Vec::new(), Vec::new());
        Gather { range, part, calls, challenges, sent: HashMap::new(), has_cs_bytes: false }
    }

    /// Whether any row of any client says how much was sent.
    pub(super) fn has_cs_bytes(&self) -> bool {
        self.has_cs_bytes
    }

    /// Everything in order: by client, then destination (of calls and bytes), then time.
    pub(super) fn sorted(mut self) -> (Vec<Call>, Vec<Challenge>, Vec<Sent>) {
        self.calls.sort_unstable();
        self.challenges.sort_unstable();
        let sent = self.sent.into_iter();
        let sent = sent.map(|((client, destination, day), bytes)| Sent { client, destination, day, bytes });
        let mut sent: Vec<Sent> = sent.collect();
        sent.sort_unstable();
        (self.calls, self.challenges, sent)
    }
}

impl VisitSink for Gather {
    fn begin(&mut self) {
        *self = Gather::new(self.range, self.part);
    }

    fn visits(&mut self, visits: &[Visit]) {
        let (part, parts) = self.part;
        for visit in visits {
            self.has_cs_bytes |= visit.cs_bytes.is_some();
            if visit.client % parts != part {
                continue;
            }
            let call = Call::of(visit, self.range);
            self.calls.push(call);
            if visit.outcome == Outcome::AuthChallenge {
                self.challenges.push(Challenge { client: visit.client, at_ms: call.at_ms(), user: visit.user });
            }
            if let Some(bytes) = visit.cs_bytes.filter(|bytes| *bytes > 0) {
                let day = u32::try_from(i64::from(call.at_ms()) / DAY_MS).unwrap_or_default();
                let sum = self.sent.entry((visit.client, visit.destination, day)).or_default();
                *sum = sum.saturating_add(bytes);
            }
        }
    }
}
