//! How rows are stored: as a lens shows them, and with what rules say of them.

use super::{AccessEvent, FieldSet, Lens, Target};
use std::fmt;

/// Says of rows, on their way into a store, what rules say of them. One thread's.
pub trait RowScorer: Send {
    /// Appends the text form of the row's [`Verdict`](super::Verdict). `fields` is what the row's log has: of what it
    /// lacks, rules say nothing.
    fn score(&mut self, event: &AccessEvent<'_>, target: &Target<'_>, fields: FieldSet, out: &mut Vec<u8>);
}

/// How rows are stored from now on.
pub struct Storing {
    /// Rows are stored as this shows them; [`Lens::PLAIN`] as they are.
    pub lens: Lens,
    /// What says what rules say of them, before anything is hidden; `None` where they are not scored.
    pub scorer: Option<Box<dyn RowScorer>>,
}

impl Storing {
    /// As rows are, not scored.
    pub fn plain() -> Storing {
        Storing { lens: Lens::PLAIN, scorer: None }
    }
}

impl From<Lens> for Storing {
    fn from(lens: Lens) -> Storing {
        Storing { lens, scorer: None }
    }
}

impl fmt::Debug for Storing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scored = self.scorer.is_some();
        formatter.debug_struct("Storing").field("lens", &self.lens).field("scored", &scored).finish()
    }
}
