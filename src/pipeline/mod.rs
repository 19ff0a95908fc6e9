//! The way of a line: bytes to events to batches to the store. Parsing and encoding run in as many threads as there
//! are cores; one committer keeps the order, and the place reached is committed with the rows.

mod follow;
mod forward;
mod import;
mod parse;
mod receive;
mod reimport;
mod resume;

pub use follow::{FollowChanges, FollowState, FollowStatus, Follower, SourceSpec};
pub use forward::{Forward, resume_forward};
pub use import::{Content, FileSummary, ImportError, ImportSummary, Importer, LineCounts, Progress};
pub use parse::{Parsed, StoredAs, parse_chunk, stored_plain};
pub use receive::{Door, ReceiveError, ReceiveSpec, ReceiveState, ReceiveStatus, Receivers, TlsConfigs};
pub use reimport::{Reimport, ReimportError, ReimportSummary};
pub use resume::{Resume, primed, primed_forward, resume};
