//! One request of a client in sixteen bytes, so that millions are sorted at once: by client, destination and time.

use crate::model::{Outcome, TimeRange, Visit};

/// A reply of fewer bytes says little: an acknowledgement.
const SMALL_REPLY_BYTES: u64 = 4_096;

/// A request. From the highest bit: client (32), destination (32), milliseconds since the window's start (32), outcome
/// (3), whether it sends, whether its path is random, whether its reply is small, milliseconds taken (26).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Call(u128);

const TAKEN_BITS: u32 = 26;

impl Call {
    /// Of a visit within the range, whose length in milliseconds fits into 32 bits.
    pub(super) fn of(visit: &Visit, range: TimeRange) -> Call {
        let at = u32::try_from(visit.time.0 - range.from.0).unwrap_or(u32::MAX);
        let most = (1_u32 << TAKEN_BITS) - 1;
        let taken = u32::try_from(visit.time_taken_ms.max(0)).unwrap_or(most).min(most);
        let small = u32::from(visit.sc_bytes < SMALL_REPLY_BYTES);
        let facts = (visit.outcome as u32) << 29
            | u32::from(visit.sends) << 28
            | u32::from(visit.random_path) << 27
            | small << 26
            | taken;
        Call(
            u128::from(visit.client) << 96
                | u128::from(visit.destination) << 64
                | u128::from(at) << 32
                | u128::from(facts),
        )
    }

    pub(super) fn client(self) -> u32 {
        (self.0 >> 96) as u32
    }

    pub(super) fn destination(self) -> u32 {
        (self.0 >> 64) as u32
    }

    /// Milliseconds since the window's start.
    pub(super) fn at_ms(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) fn is(self, outcome: Outcome) -> bool {
        (self.0 as u32) >> 29 == outcome as u32
    }

    pub(super) fn sends(self) -> bool {
        self.0 as u32 & 1 << 28 != 0
    }

    pub(super) fn has_random_path(self) -> bool {
        self.0 as u32 & 1 << 27 != 0
    }

    pub(super) fn has_small_reply(self) -> bool {
        self.0 as u32 & 1 << 26 != 0
    }

    /// Up to 18 hours.
    pub(super) fn taken_ms(self) -> u32 {
        self.0 as u32 & ((1 << TAKEN_BITS) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_call_says_what_the_visit_did(
            (client, destination, at, taken) in (any::<u32>(), any::<u32>(), any::<u32>(), -5_i64..200_000_000),
            outcome in 0..6_usize,
            (sends, random_path, sc_bytes) in (any::<bool>(), any::<bool>(), 0..10_000_u64),
        ) {
            let range = TimeRange { from: Timestamp(1_700_000_000_000), until: Timestamp(i64::MAX) };
            let outcome = Outcome::ALL[outcome];
            let time = Timestamp(range.from.0 + i64::from(at));
            let visit = Visit {
                row: 1, time, client, user: 0, destination, outcome, sends, random_path, time_taken_ms: taken, sc_bytes,
                cs_bytes: None,
            };
            let call = Call::of(&visit, range);
            prop_assert_eq!((call.client(), call.destination(), call.at_ms()), (client, destination, at));
            prop_assert_eq!((call.sends(), call.has_random_path()), (sends, random_path));
            prop_assert_eq!(call.has_small_reply(), sc_bytes < SMALL_REPLY_BYTES);
            prop_assert_eq!(i64::from(call.taken_ms()), taken.clamp(0, (1 << 26) - 1));
            prop_assert!(Outcome::ALL.iter().all(|other| call.is(*other) == (*other == outcome)));
        }
    }
}
