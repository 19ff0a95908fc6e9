//! Rules over requests without a database: every category is on, and look-alikes are looked for of well-known names only.
//! What tools that check rules run; what stands in for settings is [`Scorer`](super::Scorer)'s.

use super::book::RuleBook;
use super::scorer::Asked;
use super::signals::{SignalCache, Signals};
use crate::classify::{LookAlikes, split_target};
use crate::waf::engine::{Explanation, Score, Scratch};

/// What says what the rules of a book say of requests; for one thread.
pub struct Judge<'b> {
    book: &'b RuleBook,
    look_alikes: LookAlikes,
    signals: SignalCache,
    scratch: Scratch,
}

impl<'b> Judge<'b> {
    /// By these rules.
    pub fn new(book: &'b RuleBook) -> Judge<'b> {
        let look_alikes = LookAlikes::new(std::iter::empty::<&str>());
        Judge { book, look_alikes, signals: SignalCache::default(), scratch: book.engine().scratch() }
    }

    /// What the rules are told of a request's host.
    pub fn signals(&mut self, asked: &Asked<'_>) -> Signals {
        self.signals.of(&split_target(asked.method, asked.url), &self.look_alikes)
    }

    /// The points of a request; which rules gave them, [`Judge::points`] says.
    pub fn score(&mut self, asked: &Asked<'_>) -> Score {
        let signals = self.signals(asked);
        self.book.engine().score(&asked.request(&signals), &mut self.scratch)
    }

    /// The rules that matched the last request, in the order in which they did, each with its points.
    pub fn points(&self) -> impl Iterator<Item = (u32, u32)> {
        self.scratch.points()
    }

    /// What the rules say of a request, and why.
    pub fn explain(&mut self, asked: &Asked<'_>) -> Explanation {
        let signals = self.signals(asked);
        self.book.engine().explain(&asked.request(&signals), &mut self.scratch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::BUILTIN;

    #[test]
    fn rules_are_told_what_the_classifiers_know() {
        let book = RuleBook::load(&[BUILTIN.to_owned()]).unwrap();
        let mut judge = Judge::new(&book);
        let mut ids = |url: &str| {
            let asked = Asked { method: b"GET", url: url.as_bytes(), ..Asked::default() };
            let score = judge.score(&asked);
            let ids: Vec<u32> = judge.points().map(|(id, _)| id).collect();
            let explained = judge.explain(&asked).verdict;
            assert_eq!(explained.score, score.points);
            assert_eq!(explained.matches.iter().map(|found| found.id).collect::<Vec<_>>(), ids);
            ids
        };
        assert!(ids("http://paypa1.com/").contains(&4_290_020));
        assert!(ids("http://paypal.com/").is_empty());
    }
}
