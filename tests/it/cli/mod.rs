//! Commands, run as people run them.

mod audit;
mod compressed;
mod doctor;
mod identity;
mod import;
mod import_faults;
mod list;
mod privacy;
pub mod rejects;
mod score;
mod serve;
mod sql;
mod waf;
