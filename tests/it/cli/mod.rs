//! Commands, run as people run them.

pub mod archive;
mod audit;
mod backup;
mod completions;
mod compressed;
mod doctor;
mod identity;
mod import;
mod import_faults;
mod list;
mod privacy;
pub mod rejects;
mod reload;
mod report;
mod score;
mod serve;
mod sql;
mod supervised;
mod waf;
