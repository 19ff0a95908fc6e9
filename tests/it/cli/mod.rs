//! Commands, run as people run them.

mod audit;
mod identity;
mod import;
mod list;
mod privacy;
pub mod rejects;
mod serve;
