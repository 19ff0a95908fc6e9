//! All checks, asked, and what they add up to.

use super::check::{Judged, Source, Status};
use super::grounds::Grounds;
use super::registry::CHECKS;

/// What came of all checks.
#[derive(Clone, Debug)]
pub struct Report {
    /// 0 to 100: the points earned of a hundred that could be, of the checks that are not unknown; rounded down.
    pub score: u32,
    /// Every check, in the registry's order.
    pub checks: Vec<Judged>,
}

/// A score in a letter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Grade {
    /// 90 and above.
    A,
    /// 80 and above.
    B,
    /// 70 and above.
    C,
    /// 60 and above.
    D,
    /// Below.
    F,
}

impl Grade {
    /// The grade of a score.
    pub fn of(score: u32) -> Grade {
        match score {
            90.. => Grade::A,
            80.. => Grade::B,
            70.. => Grade::C,
            60.. => Grade::D,
            _ => Grade::F,
        }
    }

    /// The letter.
    pub fn name(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
            Grade::F => "F",
        }
    }
}

/// Asks every check.
pub fn judge(grounds: &Grounds<'_>) -> Report {
    let checks: Vec<Judged> = CHECKS.iter().map(|check| check.judge(grounds)).collect();
    let (points, counts) = sums(checks.iter());
    Report { score: (100 * points).checked_div(counts).unwrap_or(0), checks }
}

fn sums<'j>(checks: impl Iterator<Item = &'j Judged>) -> (u32, u32) {
    checks.fold((0, 0), |(points, counts), judged| (points + judged.points, counts + judged.counts()))
}

impl Report {
    /// The score in a letter.
    pub fn grade(&self) -> Grade {
        Grade::of(self.score)
    }

    /// The checks of a source.
    pub fn of(&self, source: Source) -> impl Iterator<Item = &Judged> {
        self.checks.iter().filter(move |judged| judged.check.source == source)
    }

    /// The points that the checks of a source earned, and those they count for.
    pub fn points(&self, source: Source) -> (u32, u32) {
        sums(self.of(source))
    }

    /// The checks that lost points, those that lost most first.
    pub fn losing(&self) -> Vec<&Judged> {
        let mut losing: Vec<&Judged> = self.checks.iter().filter(|judged| judged.lost() > 0).collect();
        losing.sort_by_key(|judged| std::cmp::Reverse(judged.lost()));
        losing
    }

    /// What to do, what earns most first.
    pub fn recommendations(&self) -> impl Iterator<Item = &str> {
        self.losing().into_iter().filter_map(|judged| judged.recommendation.as_deref())
    }

    /// How many checks came out so.
    pub fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|judged| judged.status == status).count()
    }
}
