//! What is wrong with rules, where, and how it is mended.

use std::fmt;

pub use crate::squidconf::Place;

/// One thing that keeps rules from being loaded.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {problem}; {mend}")]
pub struct Fault {
    /// Where. A file that can't be read is named with line 1.
    pub place: Place,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub mend: String,
}

/// The faults of the sources, in the order in which they were read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    /// One line each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            write!(out, "{}{fault}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// A fault by its place in a line: what the parsers of the parts give.
#[derive(Debug)]
pub(super) struct Wrong {
    /// The byte of the line's text.
    pub(super) at: usize,
    pub(super) problem: String,
    pub(super) mend: String,
}

impl Wrong {
    pub(super) fn new(at: usize, problem: impl Into<String>, mend: impl Into<String>) -> Wrong {
        Wrong { at, problem: problem.into(), mend: mend.into() }
    }
}
