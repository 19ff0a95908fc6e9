//! A check, and what it finds.

use super::evidence::Evidence;
use super::grounds::Grounds;

/// Where a check looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// Settings, accounts and audit log.
    Settings,
    /// The proxy's configuration.
    SquidConf,
    /// The rows of the window.
    Traffic,
}

impl Source {
    /// Every source, in the order they are shown.
    pub const ALL: [Source; 3] = [Source::Settings, Source::SquidConf, Source::Traffic];

    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            Source::Settings => "settings",
            Source::SquidConf => "squid.conf",
            Source::Traffic => "traffic",
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Status {
    /// It earned all its points.
    Passed,
    /// It earned some of them.
    Partial,
    /// It earned none.
    Failed,
    /// It earned none, since what is declared is not what is seen.
    Contradicted,
    /// There is nothing to look at, so that it doesn't count.
    Unknown,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 5] =
        [Status::Passed, Status::Partial, Status::Failed, Status::Contradicted, Status::Unknown];

    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Partial => "partial",
            Status::Failed => "failed",
            Status::Contradicted => "contradicted",
            Status::Unknown => "unknown",
        }
    }
}

/// A check of the registry.
#[derive(Debug)]
pub struct Check {
    /// Its stable name: the source, a point, a word.
    pub id: &'static str,
    /// Where it looks.
    pub source: Source,
    /// What is so where it passes, as a sentence without its point.
    pub title: &'static str,
    /// The points it is worth.
    pub max_points: u32,
    /// What it looks at, for the documentation.
    pub looks_at: &'static str,
    /// What earns some of the points, for the documentation.
    pub partial: &'static str,
    /// What to do where it doesn't pass.
    pub recommendation: &'static str,
    pub(super) look: fn(&Grounds<'_>) -> Finding,
}

impl Check {
    /// What comes of it.
    pub fn judge(&'static self, grounds: &Grounds<'_>) -> Judged {
        let Finding { earned, evidence, advice } = (self.look)(grounds);
        let (status, points) = match earned {
            Earned::Unknown => (Status::Unknown, 0),
            Earned::Contradicted => (Status::Contradicted, 0),
            Earned::Share(part, whole) => {
                let points = self.max_points * part.min(whole) / whole.max(1);
                let status = match points {
                    0 => Status::Failed,
                    points if points == self.max_points => Status::Passed,
                    _ => Status::Partial,
                };
                (status, points)
            }
        };
        let loses = !matches!(status, Status::Passed | Status::Unknown);
        let recommendation = loses.then(|| advice.unwrap_or_else(|| self.recommendation.to_owned()));
        Judged { check: self, status, points, evidence, recommendation }
    }
}

/// A check that was asked.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The check.
    pub check: &'static Check,
    /// What came of it.
    pub status: Status,
    /// The points it earned, 0 where it is unknown.
    pub points: u32,
    /// What was seen, and where.
    pub evidence: Vec<Evidence>,
    /// What to do; none where all points were earned or nothing is known.
    pub recommendation: Option<String>,
}

impl Judged {
    /// The points that it counts for: none where it is unknown.
    pub fn counts(&self) -> u32 {
        if self.status == Status::Unknown { 0 } else { self.check.max_points }
    }

    /// The points it did not earn.
    pub fn lost(&self) -> u32 {
        self.counts() - self.points
    }
}

/// What a check's look found.
#[derive(Debug)]
pub(super) struct Finding {
    earned: Earned,
    evidence: Vec<Evidence>,
    advice: Option<String>,
}

#[derive(Debug)]
enum Earned {
    /// That part of the whole.
    Share(u32, u32),
    Contradicted,
    Unknown,
}

impl Finding {
    /// All points.
    pub(super) fn all(evidence: Vec<Evidence>) -> Finding {
        Finding::share(1, 1, evidence)
    }

    /// No points.
    pub(super) fn none(evidence: Vec<Evidence>) -> Finding {
        Finding::share(0, 1, evidence)
    }

    /// `part` of `whole`, rounded down to whole points.
    pub(super) fn share(part: u32, whole: u32, evidence: Vec<Evidence>) -> Finding {
        Finding { earned: Earned::Share(part, whole), evidence, advice: None }
    }

    /// What is declared is not what is seen.
    pub(super) fn contradicted(evidence: Vec<Evidence>, advice: &str) -> Finding {
        Finding { earned: Earned::Contradicted, evidence, advice: Some(advice.to_owned()) }
    }

    /// Nothing to look at, and why.
    pub(super) fn unknown(why: impl Into<String>) -> Finding {
        Finding::unknown_at(Evidence::text(why))
    }

    /// What is there does not tell.
    pub(super) fn unknown_at(evidence: Evidence) -> Finding {
        Finding { earned: Earned::Unknown, evidence: vec![evidence], advice: None }
    }

    /// With other words of what to do.
    pub(super) fn advice(self, advice: impl Into<String>) -> Finding {
        Finding { advice: Some(advice.into()), ..self }
    }
}
