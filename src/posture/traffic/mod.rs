//! What traffic shows: [`Traffic::observe`] puts the questions to the store once, the checks read the answers.

mod checks;
mod observe;

pub(super) use checks::{direct_ip, flagged_allowed, plaintext, unauthenticated, unsanctioned, unusual_ports};
pub use observe::{Signal, Traffic};
