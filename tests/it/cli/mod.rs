//! Commands, run as people run them.

mod import;
mod privacy;
mod serve;
