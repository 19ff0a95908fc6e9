//! Commands, run as people run them.

mod audit;
mod import;
mod list;
mod privacy;
mod serve;
