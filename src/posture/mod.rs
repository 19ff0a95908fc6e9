//! The security score: what settings, squid.conf and traffic prove about the proxy and about Tidegate itself. [`CHECKS`]
//! is the registry and the table of weights; [`judge`] asks every check, [`record`] keeps what came of it.
//!
//! A check looks for evidence, and says where it is: a line of squid.conf, rows by number, a setting by name. What is only
//! declared earns part of its points; what traffic contradicts earns none. What can't be looked at is unknown and doesn't
//! count. Evidence never holds an address of a client, a user or a URL.
//!
//! Not here: reading squid.conf from disk (`doctor` does, for whoever asks), and what a log can't show (`doctor`).
//! Sources: Squid's `cf.data.pre` and its wiki's SecurityPitfalls; CIS Controls 8 (9 and 13); NIST SP 800-44.

mod check;
mod evidence;
mod grounds;
mod history;
mod registry;
mod report;
mod settings;
mod squid;
#[cfg(test)]
mod tests;
mod traffic;

pub use check::{Check, Judged, Source, Status};
pub use evidence::{Evidence, RowsSeen};
pub use grounds::{Grounds, Installation};
pub use history::record;
pub use registry::CHECKS;
pub use report::{Grade, Report, judge};
pub use squid::SquidFacts;
pub use traffic::{Signal, Traffic};
