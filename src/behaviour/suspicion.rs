//! What a detector says of a client, before names and rows are put to it.

use crate::model::{TimeRange, Timestamp, VisitNames};

/// Where it happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Place {
    /// At no one place.
    Anywhere,
    /// At `host:port`.
    Destination(u32),
    /// Below a domain.
    Domain(u32),
    /// At the service that this destination belongs to.
    Service(u32),
}

impl Place {
    /// What it is called; empty for no one place.
    pub(super) fn name(self, names: &dyn VisitNames) -> &[u8] {
        match self {
            Place::Anywhere => b"",
            Place::Destination(number) => names.destination(number),
            Place::Domain(number) => names.domain(number),
            Place::Service(number) => names.service_of(number),
        }
    }
}

/// Something that a client did.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Suspicion {
    /// The detector's name.
    pub(super) detector: &'static str,
    /// The part of the clients that it was found in, whose names its numbers have.
    pub(super) part: usize,
    pub(super) client: u32,
    pub(super) place: Place,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    pub(super) requests: u64,
    pub(super) measures: Vec<(&'static str, f64)>,
    /// Whether it counts however many clients go there.
    pub(super) whoever: bool,
    /// How far beyond its limit it is: what is kept where there are too many.
    pub(super) strength: f64,
}

impl Suspicion {
    /// Times are in milliseconds since the window's start.
    pub(super) fn of(
        detector: &'static str,
        (client, place): (u32, Place),
        range: TimeRange,
        (first_ms, last_ms): (u32, u32),
        requests: u64,
    ) -> Suspicion {
        let time = |ms: u32| Timestamp(range.from.0 + i64::from(ms));
        Suspicion {
            detector,
            part: 0,
            client,
            place,
            first: time(first_ms),
            last: time(last_ms),
            requests,
            measures: Vec::new(),
            whoever: false,
            strength: requests as f64,
        }
    }

    pub(super) fn measured(mut self, name: &'static str, value: f64) -> Suspicion {
        self.measures.push((name, value));
        self
    }

    pub(super) fn whoever_goes_there(mut self, whoever: bool) -> Suspicion {
        self.whoever = whoever;
        self
    }

    pub(super) fn strong(mut self, strength: f64) -> Suspicion {
        self.strength = strength;
        self
    }
}

/// Leaves the strongest of each detector, at most `most`, and puts them in order: by detector, time and client. Answers
/// how many are left out.
pub(super) fn keep_strongest(suspicions: &mut Vec<Suspicion>, most: usize) -> u64 {
    let place = |name: &str| super::DETECTORS.iter().position(|detector| detector.name == name);
    suspicions.sort_by(|a, b| place(a.detector).cmp(&place(b.detector)).then(b.strength.total_cmp(&a.strength)));
    let (mut left_out, mut of_detector, mut detector) = (0, 0, "");
    suspicions.retain(|suspicion| {
        if suspicion.detector != detector {
            (detector, of_detector) = (suspicion.detector, 0);
        }
        of_detector += 1;
        left_out += u64::from(of_detector > most);
        of_detector <= most
    });
    suspicions.sort_by_key(|suspicion| (place(suspicion.detector), suspicion.first, suspicion.client));
    left_out
}
