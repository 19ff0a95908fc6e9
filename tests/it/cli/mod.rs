//! Commands, run as people run them.

mod audit;
mod doctor;
mod identity;
mod import;
mod list;
mod privacy;
pub mod rejects;
mod serve;
