//! What became of a request, by one table; and counts of it.

use super::OutcomeSet;
use serde::Serialize;

/// What became of a request. First match wins: 407 is a challenge; a result code with `DENIED` or `BLOCKED` is the
/// proxy's denial; 403 is the origin's; `ABORTED` is the client's doing; 000 and 500 upwards are errors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Outcome {
    /// A reply was sent and nobody objected.
    Allowed = 0,
    /// The proxy refused.
    Denied = 1,
    /// The origin answered 403.
    OriginForbidden = 2,
    /// The proxy asked for credentials (407).
    AuthChallenge = 3,
    /// The client went away first.
    Aborted = 4,
    /// No reply, or one of 500 and above.
    Error = 5,
}

impl Outcome {
    /// Every outcome, in the order of its number.
    pub const ALL: [Outcome; 6] = [
        Outcome::Allowed,
        Outcome::Denied,
        Outcome::OriginForbidden,
        Outcome::AuthChallenge,
        Outcome::Aborted,
        Outcome::Error,
    ];

    /// The outcome of a status code (0 where no reply was sent) and Squid's result code.
    pub fn of(sc_status: u16, result: &[u8]) -> Outcome {
        let says = |word: &[u8]| memchr::memmem::find(result, word).is_some();
        match sc_status {
            407 => Outcome::AuthChallenge,
            _ if says(b"DENIED") || says(b"BLOCKED") => Outcome::Denied,
            403 => Outcome::OriginForbidden,
            _ if says(b"ABORTED") => Outcome::Aborted,
            0 | 500.. => Outcome::Error,
            _ => Outcome::Allowed,
        }
    }

    /// The word used in filters and answers.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Allowed => "allowed",
            Outcome::Denied => "denied",
            Outcome::OriginForbidden => "origin_forbidden",
            Outcome::AuthChallenge => "auth_challenge",
            Outcome::Aborted => "aborted",
            Outcome::Error => "error",
        }
    }

    /// The outcome of that name, without regard to case.
    pub fn parse(name: &str) -> Option<Outcome> {
        Self::ALL.into_iter().find(|outcome| outcome.name().eq_ignore_ascii_case(name))
    }
}

/// Rows per outcome, indexed by the outcome's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OutcomeCounts(pub [u64; 6]);

impl OutcomeCounts {
    /// Rows of one outcome.
    pub fn get(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    /// Rows in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Rows that count as blocked: denied and forbidden, and challenges where the setting says so.
    pub fn blocked(&self, count_auth_challenges: bool) -> u64 {
        let challenges = if count_auth_challenges { self.get(Outcome::AuthChallenge) } else { 0 };
        self.get(Outcome::Denied) + self.get(Outcome::OriginForbidden) + challenges
    }

    /// Rows of those outcomes.
    pub fn of(&self, set: OutcomeSet) -> u64 {
        Outcome::ALL.into_iter().filter(|outcome| set.has(*outcome)).map(|outcome| self.get(outcome)).sum()
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &OutcomeCounts) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// Takes away the counts of `other`, which are part of these.
    pub fn subtract(&mut self, other: &OutcomeCounts) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_sub(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_match_wins() {
        for (status, result, want) in [
            (200, "TCP_MISS", Outcome::Allowed),
            (407, "TCP_DENIED", Outcome::AuthChallenge),
            (403, "TCP_DENIED", Outcome::Denied),
            (200, "TCP_DENIED_REPLY", Outcome::Denied),
            (200, "BLOCKED", Outcome::Denied),
            (403, "TCP_MISS", Outcome::OriginForbidden),
            (403, "TCP_MISS_ABORTED", Outcome::OriginForbidden),
            (0, "TCP_MISS_ABORTED", Outcome::Aborted),
            (200, "TCP_TUNNEL_ABORTED", Outcome::Aborted),
            (0, "NONE_NONE", Outcome::Error),
            (503, "TCP_MISS", Outcome::Error),
            (404, "TCP_MISS", Outcome::Allowed),
        ] {
            assert_eq!(Outcome::of(status, result.as_bytes()), want, "{status} {result}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(&outcome.name().to_uppercase()), Some(outcome));
        }
        assert_eq!(Outcome::parse("blocked"), None);
    }
}
