//! How bad a row is, in the words of syslog (RFC 5424).
//!
//! A row is as bad as the worse of its outcome and its score:
//!
//! | outcome | severity |
//! |---|---|
//! | error | Error |
//! | denied | Warning |
//! | origin_forbidden, auth_challenge, aborted | Notice |
//! | allowed | Informational |
//!
//! | score | severity |
//! |---|---|
//! | none, 0 | by outcome alone |
//! | 1 to 4 | Notice |
//! | 5 and more | that of the worst rule that matched, Warning at least |

use super::{Outcome, Verdict};

/// How bad a row is; the numbers are syslog's, 0 the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Severity {
    /// The system is unusable.
    Emergency = 0,
    /// Action must be taken at once.
    Alert = 1,
    /// Critical conditions.
    Critical = 2,
    /// Errors.
    Error = 3,
    /// Warnings.
    Warning = 4,
    /// Normal, but worth a look.
    Notice = 5,
    /// Informational.
    Informational = 6,
    /// For finding faults.
    Debug = 7,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Severity; 8] = [
        Severity::Emergency,
        Severity::Alert,
        Severity::Critical,
        Severity::Error,
        Severity::Warning,
        Severity::Notice,
        Severity::Informational,
        Severity::Debug,
    ];

    /// The severity of a row of that outcome, of which rules said this.
    pub fn of_row(outcome: Outcome, verdict: Option<&Verdict>) -> Severity {
        let by_rules = verdict.and_then(Verdict::row_severity);
        by_rules.into_iter().fold(Severity::of(outcome), Severity::min)
    }

    /// The severity of a row of that outcome, of which no rule says anything.
    pub fn of(outcome: Outcome) -> Severity {
        match outcome {
            Outcome::Error => Severity::Error,
            Outcome::Denied => Severity::Warning,
            Outcome::OriginForbidden | Outcome::AuthChallenge | Outcome::Aborted => Severity::Notice,
            Outcome::Allowed => Severity::Informational,
        }
    }

    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Emergency => "Emergency",
            Severity::Alert => "Alert",
            Severity::Critical => "Critical",
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Notice => "Notice",
            Severity::Informational => "Informational",
            Severity::Debug => "Debug",
        }
    }

    /// The severity of that name, without regard to case, or number.
    pub fn parse(text: &str) -> Option<Severity> {
        Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(text) || (*one as u8).to_string() == text)
    }
}
