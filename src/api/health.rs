//! How the parts of the process that feed the store are doing, as their owner reports it.

use super::sources::Source;
use serde::Serialize;
use utoipa::ToSchema;

/// How a part is doing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Working.
    #[default]
    Ok,
    /// Working, but not as it should.
    Degraded,
    /// Not working.
    Down,
}

/// What the owner of the sources reports.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ingest {
    /// Each source.
    pub sources: Vec<Source>,
    /// Threads that parse and store.
    pub workers: usize,
    /// Lines stored a second, of late.
    pub lines_per_second: f64,
    /// Lines received that are not stored yet.
    pub waiting: u64,
    /// Blocks of the store that are left out of answers for being damaged.
    pub damaged_blocks: usize,
    /// Lines of followed files stored or rejected since the start.
    pub lines_followed: u64,
    /// Whether whoever follows the sources has stopped looking.
    pub stalled: bool,
}

impl Ingest {
    /// How long the line has waited that waits longest, in seconds.
    pub fn lag_seconds(&self) -> f64 {
        self.sources.iter().map(|source| source.lag_seconds).fold(0.0, f64::max)
    }

    /// The worst state of any source; without sources all is well.
    pub fn condition(&self) -> Condition {
        if self.stalled {
            return Condition::Down;
        }
        self.sources.iter().map(|source| source.state.condition()).max().unwrap_or_default()
    }
}

/// Who knows how the sources are doing. Asked on every health check: answers from memory.
pub trait HealthSource: Send + Sync {
    /// How they are doing now.
    fn ingest(&self) -> Ingest;
}

impl<F: Fn() -> Ingest + Send + Sync> HealthSource for F {
    fn ingest(&self) -> Ingest {
        self()
    }
}
